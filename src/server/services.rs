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
use crate::domain::limits;
use crate::engine::Engine;

use super::serve::ServeError;

/// Every service but the quick way of `PriceCart`.
///
/// # Errors
/// Where the descriptors of the protocol do not read.
pub(super) fn routes(
    engine: &Engine,
    reflection: bool,
    health: &HealthReporter,
    stopped: &Receiver<bool>,
) -> Result<Routes, ServeError> {
    let health_service = HealthServer::new(HealthService::from_health_reporter(health.clone()));
    let spool = engine.store().staging_dir();
    let pricing = v1::pricing_service_server::PricingServiceServer::new(Pricing { engine: engine.clone() })
        .max_decoding_message_size(limits::GRPC_MESSAGE_BYTES)
        .accept_compressed(CompressionEncoding::Gzip);
    let catalogues =
        v1::catalogue_service_server::CatalogueServiceServer::new(Catalogues { engine: engine.clone() })
            .max_decoding_message_size(limits::GRPC_MESSAGE_BYTES)
            .accept_compressed(CompressionEncoding::Gzip);
    let publications = v1::publication_service_server::PublicationServiceServer::new(Publications::new(
        engine.clone(),
        spool,
    ))
    .max_decoding_message_size(limits::GRPC_MESSAGE_BYTES)
    .accept_compressed(CompressionEncoding::Gzip);
    let policies = v1::policy_service_server::PolicyServiceServer::new(Policies { engine: engine.clone() })
        .max_decoding_message_size(limits::GRPC_MESSAGE_BYTES)
        .accept_compressed(CompressionEncoding::Gzip);
    let loyalty = v1::loyalty_service_server::LoyaltyServiceServer::new(Loyalty { engine: engine.clone() })
        .max_decoding_message_size(limits::GRPC_MESSAGE_BYTES)
        .accept_compressed(CompressionEncoding::Gzip);
    let ledgers = v1::ledger_service_server::LedgerServiceServer::new(Ledgers { engine: engine.clone() })
        .max_decoding_message_size(limits::GRPC_MESSAGE_BYTES)
        .accept_compressed(CompressionEncoding::Gzip);
    let quotes = v1::quote_service_server::QuoteServiceServer::new(Quotes {
        engine: engine.clone(),
        stopped: stopped.clone(),
    })
    .max_decoding_message_size(limits::GRPC_MESSAGE_BYTES)
    .accept_compressed(CompressionEncoding::Gzip);
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
        .add_service(pricing)
        .add_service(catalogues)
        .add_service(publications)
        .add_service(policies)
        .add_service(ledgers)
        .add_service(loyalty)
        .add_service(quotes)
        .add_service(v1::backup_service_server::BackupServiceServer::new(Backups { engine: engine.clone() }))
        .prepare())
}
