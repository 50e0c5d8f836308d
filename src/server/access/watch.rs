//! When are changed files and new keys taken? Looked for once a second on a thread of its own; calls never wait for it.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::watch;

use super::gate::Access;
use super::watched::Watched;

const EVERY: Duration = Duration::from_secs(1);

/// Starts the thread that looks until the service stops.
pub fn start(
    access: Arc<Access>,
    runtime: Runtime,
    mut stopped: watch::Receiver<bool>,
) -> io::Result<JoinHandle<()>> {
    let mut tls = Watched::new(access.tls().into_iter().flat_map(|tls| tls.files()));
    let mut callers = Watched::new(access.callers_file());
    let mut keys = Watched::new(access.tokens().and_then(|tokens| tokens.source.file()));
    Builder::new().name("quoin-access".to_owned()).spawn(move || {
        runtime.block_on(async {
            loop {
                access.look((tls.changed(), callers.changed(), keys.changed())).await;
                tokio::select! {
                    _ = stopped.changed() => return,
                    () = access.hurried() => {}
                    () = tokio::time::sleep(EVERY) => {}
                }
            }
        });
    })
}

/// Says that a file was taken, or that the old one stays.
pub fn tell(path: &Path, outcome: Result<String, super::AccessError>) {
    match outcome {
        Ok(what) => tracing::info!(file = %path.display(), "read anew: {what}"),
        Err(error) => tracing::error!("not taken, what was read before stays: {error}"),
    }
}
