//! When is it written down that quotes have expired? Every second; answers tell so with or without it, events come of it.

use std::io;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::engine::Engine;

const EVERY: Duration = Duration::from_secs(1);

/// Starts the thread that does it until the service stops.
pub(super) fn start(
    engine: Engine,
    runtime: Runtime,
    mut stopped: watch::Receiver<bool>,
) -> io::Result<JoinHandle<()>> {
    Builder::new().name("quoin-expiry".to_owned()).spawn(move || {
        let mut failing = false;
        loop {
            let ended = runtime.block_on(async {
                tokio::select! {
                    _ = stopped.changed() => true,
                    () = tokio::time::sleep(EVERY) => false,
                }
            });
            if ended {
                return;
            }
            match engine.expire_quotes() {
                Ok(_) => failing = false,
                // Said once: a disk that is full stays so for a while.
                Err(error) if !failing => {
                    tracing::warn!(%error, "it could not be written down that quotes have expired");
                    failing = true;
                }
                Err(_) => {}
            }
        }
    })
}
