//! How does the whole service start and stop? Workers over one engine, until a signal says otherwise.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::TcpSocket;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{oneshot, watch};
use tonic::codec::CompressionEncoding;
use tonic::service::Routes;

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

use super::access::{self, Access, AccessError, AccessOptions};
use super::audit::{Audit, AuditError};
use super::connection::Shared;
use super::peer::is_loopback;
use super::{expiry, listen, worker};

/// How the service runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeOptions {
    /// Where it listens; port zero finds a free one.
    pub listen: SocketAddr,
    /// Threads with a listener and runtime of their own.
    pub workers: usize,
    /// Who may call.
    pub access: AccessOptions,
    /// How long calls in flight may take after the signal to stop.
    pub drain: Duration,
}

/// Why the service does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is taken or not ours.
    #[error("can't listen on {address}: {error}")]
    Listen {
        /// As asked.
        address: SocketAddr,
        /// The system's words.
        error: io::Error,
    },
    /// A thread or runtime did not start.
    #[error("a worker did not start: {0}")]
    Worker(io::Error),
    /// What access rests on does not do.
    #[error("{0}")]
    Access(#[from] AccessError),
    /// The audit log cannot be written.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// The descriptors of the protocol do not read, which is a fault of the build.
    #[error("reflection: {0}")]
    Reflection(String),
}

/// A running service.
pub struct Server {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    workers: Vec<JoinHandle<()>>,
    /// Ends when nobody writes to it any more.
    audit: Option<JoinHandle<()>>,
    /// Holds the address while workers come and go.
    _claim: TcpSocket,
}

impl Server {
    /// Starts the service; it answers when this returns.
    ///
    /// # Errors
    /// Where the address is taken or a worker does not start.
    pub fn start(engine: Engine, options: &ServeOptions) -> Result<Self, ServeError> {
        let refused = |error| ServeError::Listen { address: options.listen, error };
        let claiming = runtime()?;
        let (claim, address) = {
            let _inside = claiming.enter();
            listen::claim(options.listen).map_err(refused)?
        };
        let access = Access::open(&options.access, engine.clock())?;
        access.tell(is_loopback(address));
        let audit = options.access.audit.as_ref().map(|audit| {
            let opened = Audit::open(audit, engine.clock(), runtime()?)?;
            Ok::<_, ServeError>(opened)
        });
        let (audit, audit_thread) = audit.transpose()?.unzip();
        let (stop, stopped) = watch::channel(false);
        let expiry =
            expiry::start(engine.clone(), runtime()?, stopped.clone()).map_err(ServeError::Worker)?;
        let looks = access::watch(Arc::clone(&access), runtime()?, stopped.clone());
        let looks = looks.map_err(ServeError::Worker)?;
        let routes = routes(&engine, options.access.reflection, &stopped)?;
        let shared = Shared { access, audit, routes, engine };
        let workers = vec![expiry, looks];
        let mut server = Self { address, stop, workers, audit: audit_thread, _claim: claim };
        for number in 0..options.workers.max(1) {
            let (ready, started) = oneshot::channel();
            let (shared, stopped, drain) = (shared.clone(), stopped.clone(), options.drain);
            let thread = std::thread::Builder::new().name(format!("quoin-{number}"));
            let spawned = thread.spawn(move || work(address, shared, stopped, drain, ready));
            server.workers.push(spawned.map_err(ServeError::Worker)?);
            let gone = || ServeError::Worker(io::Error::other("the worker ended"));
            started.blocking_recv().map_err(|_| gone())?.map_err(refused)?;
        }
        tracing::info!(%address, workers = options.workers.max(1), "serving");
        Ok(server)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no new calls, finishes those in flight and ends.
    pub fn stop(mut self) {
        self.stop.send_replace(true);
        for worker in self.workers.drain(..) {
            if worker.join().is_err() {
                tracing::error!("a worker panicked");
            }
        }
        if self.audit.take().is_some_and(|audit| audit.join().is_err()) {
            tracing::error!("the audit log's thread panicked");
        }
        tracing::info!("stopped");
    }
}

fn runtime() -> Result<Runtime, ServeError> {
    Builder::new_current_thread().enable_all().build().map_err(ServeError::Worker)
}

fn work(
    address: SocketAddr,
    shared: Shared,
    stopped: watch::Receiver<bool>,
    drain: Duration,
    ready: oneshot::Sender<io::Result<()>>,
) {
    let Ok(runtime) = runtime() else { return };
    let listener = {
        let _inside = runtime.enter();
        listen::shared(address)
    };
    match listener {
        Ok(listener) => {
            if ready.send(Ok(())).is_ok() {
                runtime.block_on(worker::run(listener, shared, stopped, drain));
            }
        }
        Err(error) => drop(ready.send(Err(error))),
    }
    runtime.shutdown_timeout(drain);
}

/// Every service but the quick way of `PriceCart`.
fn routes(engine: &Engine, reflection: bool, stopped: &watch::Receiver<bool>) -> Result<Routes, ServeError> {
    let (health, health_service) = tonic_health::server::health_reporter();
    let names = [
        "",
        v1::pricing_service_server::SERVICE_NAME,
        v1::catalogue_service_server::SERVICE_NAME,
        v1::publication_service_server::SERVICE_NAME,
        v1::policy_service_server::SERVICE_NAME,
        v1::ledger_service_server::SERVICE_NAME,
        v1::loyalty_service_server::SERVICE_NAME,
        v1::quote_service_server::SERVICE_NAME,
        v1::backup_service_server::SERVICE_NAME,
    ];
    let filled = runtime()?;
    for name in names {
        filled.block_on(health.set_service_status(name, tonic_health::ServingStatus::Serving));
    }
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

/// Serves until SIGTERM or SIGINT, then drains.
///
/// # Errors
/// As [`Server::start`].
pub fn serve_until_signal(engine: Engine, options: &ServeOptions) -> Result<(), ServeError> {
    use tokio::signal::unix::{SignalKind, signal};
    let waiting = runtime()?;
    let (mut term, mut int) = {
        let _inside = waiting.enter();
        let heard = |kind| signal(kind).map_err(ServeError::Worker);
        (heard(SignalKind::terminate())?, heard(SignalKind::interrupt())?)
    };
    let server = Server::start(engine, options)?;
    waiting.block_on(async {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    });
    tracing::info!("draining");
    server.stop();
    Ok(())
}
