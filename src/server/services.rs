//! Which services answer calls? One of each noun, and those of gRPC itself: health, and reflection where it is asked for.

use tokio::sync::watch::Receiver;
use tonic::codec::CompressionEncoding;
use tonic::service::Routes;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};

use crate::api::backup_service::Backups;
use crate::api::catalogue_service::Catalogues;
use crate::api::ledger_service::Ledgers;
use crate::api::loyalty_service::Loyalty;
use crate::api::policy_service::Policies;
use crate::api::pricing_service::Pricing;
use crate::api::publication_service::Publications;
use crate::api::quote_service::Quotes;
use crate::api::{DESCRIPTORS, v1};
use crate::engine::Engine;

use super::serve::ServeError;
use super::traffic::options::TrafficOptions;

/// A service that takes and gives messages up to the sizes that are allowed.
macro_rules! bounded {
    ($service:expr, $traffic:expr) => {
        $service
            .max_decoding_message_size($traffic.message_in)
            .max_encoding_message_size($traffic.message_out)
            .accept_compressed(CompressionEncoding::Gzip)
    };
}

/// Every service but the quick way of `PriceCart`.
///
/// # Errors
/// Where the descriptors of the protocol do not read.
pub(super) fn routes(
    engine: &Engine,
    (reflection, traffic): (bool, &TrafficOptions),
    health: &HealthReporter,
    stopped: &Receiver<bool>,
) -> Result<Routes, ServeError> {
    let health_service = HealthServer::new(HealthService::from_health_reporter(health.clone()));
    let spool = engine.store().staging_dir();
    let pricing = v1::pricing_service_server::PricingServiceServer::new(Pricing { engine: engine.clone() });
    let catalogues =
        v1::catalogue_service_server::CatalogueServiceServer::new(Catalogues { engine: engine.clone() });
    let publications = v1::publication_service_server::PublicationServiceServer::new(Publications::new(
        engine.clone(),
        spool,
    ));
    let policies = v1::policy_service_server::PolicyServiceServer::new(Policies { engine: engine.clone() });
    let loyalty = v1::loyalty_service_server::LoyaltyServiceServer::new(Loyalty { engine: engine.clone() });
    let ledgers = v1::ledger_service_server::LedgerServiceServer::new(Ledgers { engine: engine.clone() });
    let quotes = v1::quote_service_server::QuoteServiceServer::new(Quotes {
        engine: engine.clone(),
        stopped: stopped.clone(),
    });
    let mut routes = Routes::new(health_service);
    if reflection {
        let reflection = tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            .build_v1()
            .map_err(|error| ServeError::Reflection(error.to_string()))?;
        routes = routes.add_service(reflection);
    }
    Ok(routes
        .add_service(bounded!(pricing, traffic))
        .add_service(bounded!(catalogues, traffic))
        .add_service(bounded!(publications, traffic))
        .add_service(bounded!(policies, traffic))
        .add_service(bounded!(ledgers, traffic))
        .add_service(bounded!(loyalty, traffic))
        .add_service(bounded!(quotes, traffic))
        .add_service(v1::backup_service_server::BackupServiceServer::new(Backups { engine: engine.clone() }))
        .prepare())
}
