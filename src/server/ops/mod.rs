//! Where do operators and their machines look? At a listener of its own, over HTTP/1: metrics, and whether the service lives
//! and is ready. It is there before the data folder is open, and goes last.

mod listener;
mod pages;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::watch;

use super::standing::Standing;
use pages::Pages;

/// How often gRPC's health service is told how the service stands.
const TOLD_EVERY: Duration = Duration::from_millis(250);

/// The thread that tells how the service stands.
pub struct Ops {
    address: Option<SocketAddr>,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
    /// Needs the thread's runtime.
    #[cfg(feature = "otlp")]
    exporting: Option<super::spans::Exporting>,
}

impl Ops {
    /// Begins, with a listener where an address is given.
    ///
    /// # Errors
    /// The system's words, where the address is taken or the thread does not start.
    pub fn start(listen: Option<SocketAddr>, standing: Arc<Standing>) -> io::Result<Self> {
        let listener = listen.map(std::net::TcpListener::bind).transpose()?;
        let address = listener.as_ref().map(std::net::TcpListener::local_addr).transpose()?;
        if let Some(listener) = &listener {
            listener.set_nonblocking(true)?;
        }
        let runtime = Builder::new_current_thread().enable_all().max_blocking_threads(2).build()?;
        let listener = {
            let _inside = runtime.enter();
            listener.map(TcpListener::from_std).transpose()?
        };
        #[cfg(feature = "otlp")]
        let exporting = {
            let _inside = runtime.enter();
            super::spans::start()
        };
        let (stop, stopped) = watch::channel(false);
        let pages = Arc::new(Pages::new(Arc::clone(&standing)));
        let thread = std::thread::Builder::new().name("quoin-ops".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = telling(&standing) => {}
                    () = listener::run(listener, pages) => {}
                    () = until(stopped) => {}
                }
            });
            runtime.shutdown_timeout(Duration::from_secs(1));
        })?;
        Ok(Self {
            address,
            stop,
            thread: Some(thread),
            #[cfg(feature = "otlp")]
            exporting,
        })
    }

    /// Where it listens, if it does.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.address
    }
}

impl Drop for Ops {
    fn drop(&mut self) {
        #[cfg(feature = "otlp")]
        drop(self.exporting.take());
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread for operators panicked");
        }
    }
}

async fn until(mut stopped: watch::Receiver<bool>) {
    drop(stopped.wait_for(|stopped| *stopped).await);
}

async fn telling(standing: &Standing) {
    let mut told = None;
    loop {
        let readiness = Some(standing.readiness());
        if told != readiness {
            standing.tell().await;
            told = readiness;
        }
        tokio::time::sleep(TOLD_EVERY).await;
    }
}
