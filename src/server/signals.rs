//! When does the service stop? On SIGTERM or SIGINT it drains; on a second one it ends at once, which loses nothing that was
//! acknowledged.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::engine::Engine;

use super::serve::{Opening, ServeError, runtime};

struct Signals {
    term: Signal,
    int: Signal,
}

impl Signals {
    fn new() -> Result<Self, ServeError> {
        let heard = |kind| signal(kind).map_err(ServeError::Worker);
        Ok(Self { term: heard(SignalKind::terminate())?, int: heard(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.term.recv() => {}
            _ = self.int.recv() => {}
        }
    }
}

/// Serves until SIGTERM or SIGINT, then drains.
///
/// # Errors
/// As [`Opening::serve`].
pub fn serve_until_signal(opening: Opening, engine: Engine) -> Result<(), ServeError> {
    let waiting = runtime()?;
    let mut signals = {
        let _inside = waiting.enter();
        Signals::new()?
    };
    let server = opening.serve(engine)?;
    waiting.block_on(signals.next());
    tracing::info!(pause_ms = server.drain_pause().as_millis(), "draining");
    let again = std::thread::Builder::new().name("quoin-signals".to_owned());
    let listening = again.spawn(move || {
        waiting.block_on(signals.next());
        tracing::warn!("told to stop a second time: ending at once");
        // Nothing of this process is to run on: neither destructors nor what they wait for.
        let process = rustix::process::getpid();
        let _ended = rustix::process::kill_process(process, rustix::process::Signal::KILL);
    });
    drop(listening.map_err(ServeError::Worker)?);
    server.stop();
    Ok(())
}
