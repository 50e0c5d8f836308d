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

use crate::api::caller::Gate;
use crate::api::catalogue_service::Catalogues;
use crate::api::ledger_service::Ledgers;
use crate::api::loyalty_service::Loyalty;
use crate::api::policy_service::Policies;
use crate::api::pricing_service::Pricing;
use crate::api::publication_service::Publications;
use crate::api::quote_service::Quotes;
use crate::api::{DESCRIPTORS, v1};
use crate::engine::Engine;

use super::connection::Shared;
use super::peer::is_loopback;
use super::traffic::Traffic;
use super::traffic::options::TrafficOptions;
use super::traffic::queue::Queue;
use super::{expiry, listen, worker};

/// How the service runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeOptions {
    /// Where it listens; port zero finds a free one.
    pub listen: SocketAddr,
    /// Threads with a listener and runtime of their own.
    pub workers: usize,
    /// Serve peers on other machines, without tokens.
    pub insecure_any_peer: bool,
    /// How long calls in flight may take after the signal to stop.
    pub drain: Duration,
    /// How much may be asked.
    pub traffic: TrafficOptions,
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
    /// The descriptors of the protocol do not read, which is a fault of the build.
    #[error("reflection: {0}")]
    Reflection(String),
}

/// A running service.
pub struct Server {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    workers: Vec<JoinHandle<()>>,
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
        if options.insecure_any_peer {
            tracing::warn!(
                "every peer may do and see everything: --insecure-any-peer is for closed networks"
            );
        } else if !is_loopback(address) {
            tracing::warn!("peers on other machines are refused: tokens are not yet supported");
        }
        let (stop, stopped) = watch::channel(false);
        let expiry =
            expiry::start(engine.clone(), runtime()?, stopped.clone()).map_err(ServeError::Worker)?;
        let shared = Shared {
            gate: Arc::new(Gate::new(options.insecure_any_peer)),
            routes: routes(&engine, &options.traffic, &stopped)?,
            traffic: Arc::new(Traffic::new(options.traffic.clone())),
            engine,
        };
        let mut server = Self { address, stop, workers: vec![expiry], _claim: claim };
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
        tracing::info!("stopped");
    }
}

fn runtime() -> Result<Runtime, ServeError> {
    Builder::new_current_thread().enable_all().build().map_err(ServeError::Worker)
}

/// A worker's runtime, which says when it had nothing to do.
fn runtime_of_worker(queue: &Arc<Queue>) -> io::Result<Runtime> {
    let queue = Arc::clone(queue);
    Builder::new_current_thread().enable_all().on_thread_unpark(move || queue.woke()).build()
}

fn work(
    address: SocketAddr,
    shared: Shared,
    stopped: watch::Receiver<bool>,
    drain: Duration,
    ready: oneshot::Sender<io::Result<()>>,
) {
    let queue = Arc::new(Queue::new(&shared.traffic.options));
    let Ok(runtime) = runtime_of_worker(&queue) else { return };
    let listener = {
        let _inside = runtime.enter();
        listen::shared(address)
    };
    match listener {
        Ok(listener) => {
            if ready.send(Ok(())).is_ok() {
                runtime.block_on(worker::run(listener, (shared, queue), stopped, drain));
            }
        }
        Err(error) => drop(ready.send(Err(error))),
    }
    runtime.shutdown_timeout(drain);
}

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
fn routes(
    engine: &Engine,
    traffic: &TrafficOptions,
    stopped: &watch::Receiver<bool>,
) -> Result<Routes, ServeError> {
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
    ];
    let filled = runtime()?;
    for name in names {
        filled.block_on(health.set_service_status(name, tonic_health::ServingStatus::Serving));
    }
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .build_v1()
        .map_err(|error| ServeError::Reflection(error.to_string()))?;
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
    Ok(Routes::new(health_service)
        .add_service(reflection)
        .add_service(bounded!(pricing, traffic))
        .add_service(bounded!(catalogues, traffic))
        .add_service(bounded!(publications, traffic))
        .add_service(bounded!(policies, traffic))
        .add_service(bounded!(ledgers, traffic))
        .add_service(bounded!(loyalty, traffic))
        .add_service(bounded!(quotes, traffic))
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
