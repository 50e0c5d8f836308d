//! How does the whole service start and stop? Workers over one engine, until a signal says otherwise.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::TcpSocket;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{oneshot, watch};

use crate::engine::Engine;

use super::access::{self, Access, AccessError, AccessOptions};
use super::audit::{Audit, AuditError};
use super::connection::Shared;
use super::metrics::Recorder;
use super::metrics::methods::Methods;
use super::ops::Ops;
use super::peer::is_loopback;
use super::services::routes;
use super::standing::{Served, Standing};
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
    /// Who may call.
    pub access: AccessOptions,
    /// How much may be asked.
    pub traffic: TrafficOptions,
    /// How long calls in flight may take after the signal to stop.
    pub drain: Duration,
    /// How long the service goes on taking calls once it is told to stop and says that it is not ready.
    pub drain_pause: Duration,
    /// Where operators find metrics and whether the service is ready; nowhere where absent.
    pub ops_listen: Option<SocketAddr>,
    /// A call that takes longer is logged.
    pub slow: Duration,
}

/// A free port of this machine, one worker, no pages for operators.
impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            workers: 1,
            access: AccessOptions::default(),
            traffic: TrafficOptions::default(),
            drain: Duration::from_secs(5),
            drain_pause: Duration::ZERO,
            ops_listen: None,
            slow: Duration::from_millis(500),
        }
    }
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

/// A service whose data folder is being opened: operators can ask already how it stands.
pub struct Opening {
    options: ServeOptions,
    standing: Arc<Standing>,
    ops: Ops,
}

impl Opening {
    /// Begins to tell how the service stands.
    ///
    /// # Errors
    /// Where the address for operators is taken or the thread does not start.
    pub fn start(options: &ServeOptions) -> Result<Self, ServeError> {
        let standing = Arc::new(Standing::default());
        let ops = Ops::start(options.ops_listen, Arc::clone(&standing)).map_err(|error| {
            match options.ops_listen {
                Some(address) => ServeError::Listen { address, error },
                None => ServeError::Worker(error),
            }
        })?;
        if let Some(address) = ops.address() {
            tracing::info!(%address, "telling operators how the service stands");
        }
        Ok(Self { options: options.clone(), standing, ops })
    }

    /// Where operators ask, if they can.
    #[must_use]
    pub fn ops_address(&self) -> Option<SocketAddr> {
        self.ops.address()
    }

    /// Starts the service; it answers when this returns.
    ///
    /// # Errors
    /// Where the address is taken or a worker does not start.
    pub fn serve(self, engine: Engine) -> Result<Server, ServeError> {
        Server::serve(self, engine)
    }
}

/// A running service.
pub struct Server {
    address: SocketAddr,
    drain_pause: Duration,
    standing: Arc<Standing>,
    stop: watch::Sender<bool>,
    workers: Vec<JoinHandle<()>>,
    /// Ends after the workers; there until then.
    ops: Option<Ops>,
    /// Ends when nobody writes to it any more.
    audit: Option<JoinHandle<()>>,
    /// Holds the address while workers come and go.
    _claim: TcpSocket,
}

impl Server {
    /// Starts the service; it answers when this returns.
    ///
    /// # Errors
    /// Where an address is taken or a worker does not start.
    pub fn start(engine: Engine, options: &ServeOptions) -> Result<Self, ServeError> {
        Opening::start(options)?.serve(engine)
    }

    fn serve(opening: Opening, engine: Engine) -> Result<Self, ServeError> {
        let Opening { options, standing, ops } = opening;
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
        let methods = Arc::new(Methods::of_protocol());
        let recorders: Vec<Arc<Recorder>> =
            (0..options.workers.max(1)).map(|_| Arc::new(Recorder::new(&methods, options.slow))).collect();
        let routes =
            routes(&engine, (options.access.reflection, &options.traffic), &standing.reporter, &stopped)?;
        let traffic = Arc::new(Traffic::new(options.traffic.clone()));
        let mut server = Self {
            address,
            drain_pause: options.drain_pause,
            standing,
            stop,
            workers: vec![expiry, looks],
            ops: Some(ops),
            audit: audit_thread,
            _claim: claim,
        };
        for (number, recorder) in recorders.iter().enumerate() {
            let shared = Shared {
                engine: engine.clone(),
                access: Arc::clone(&access),
                audit: audit.clone(),
                routes: routes.clone(),
                traffic: Arc::clone(&traffic),
                recorder: Arc::clone(recorder),
            };
            let (ready, started) = oneshot::channel();
            let (stopped, drain) = (stopped.clone(), options.drain);
            let thread = std::thread::Builder::new().name(format!("quoin-{number}"));
            let spawned = thread.spawn(move || work(address, shared, stopped, drain, ready));
            server.workers.push(spawned.map_err(ServeError::Worker)?);
            let gone = || ServeError::Worker(io::Error::other("the worker ended"));
            started.blocking_recv().map_err(|_| gone())?.map_err(refused)?;
        }
        let workers = recorders.len();
        server.standing.serving(Served { engine, recorders, traffic });
        claiming.block_on(server.standing.tell());
        // Whoever reads this may rely on it: ready, wherever that is asked.
        tracing::info!(%address, workers, "serving");
        Ok(server)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where operators ask, if they can.
    #[must_use]
    pub fn ops_address(&self) -> Option<SocketAddr> {
        self.ops.as_ref().and_then(Ops::address)
    }

    /// How long it goes on taking calls once it is told to stop.
    #[must_use]
    pub fn drain_pause(&self) -> Duration {
        self.drain_pause
    }

    /// Says that it is not ready, pauses so that this is noticed, then takes no new calls, finishes those in flight and ends.
    pub fn stop(mut self) {
        self.standing.draining();
        if let Ok(telling) = runtime() {
            telling.block_on(self.standing.tell());
        }
        std::thread::sleep(self.drain_pause);
        self.stop.send_replace(true);
        for worker in self.workers.drain(..) {
            if worker.join().is_err() {
                tracing::error!("a worker panicked");
            }
        }
        if self.audit.take().is_some_and(|audit| audit.join().is_err()) {
            tracing::error!("the audit log's thread panicked");
        }
        drop(self.ops.take());
        tracing::info!("stopped");
    }
}

pub(super) fn runtime() -> Result<Runtime, ServeError> {
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
