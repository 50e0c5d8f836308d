//! How is a server killed while several clients work with it? What they were answered must be there after, as it was answered.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use quoin::engine::{Engine, EngineOptions};

use crate::effort::Draws;
use crate::process::Serving;

/// Who works with it at once.
const CLIENTS: u32 = 4;

/// Numbers from zero on, each handed out once, whichever client asks.
#[derive(Clone, Default)]
pub struct Numbers(Arc<AtomicU32>);

impl Numbers {
    pub fn next(&self) -> u32 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }

    /// How many were handed out.
    pub fn given(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Serves a folder to several clients, each of which works until the server is gone, and kills it after a while.
pub fn kill_while<F>(data: &Path, after: Duration, client: impl Fn(String) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let serving = Serving::start(data, &[]);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let clients: Vec<_> = (0..CLIENTS).map(|_| runtime.spawn(client(serving.address.clone()))).collect();
    std::thread::sleep(after);
    // Dropped, it is killed.
    drop(serving);
    for client in clients {
        runtime.block_on(client).unwrap();
    }
}

/// A while, below that.
pub fn some_time(draws: &mut Draws, below: Duration) -> Duration {
    let most = usize::try_from(below.as_millis()).unwrap();
    Duration::from_millis(u64::try_from(draws.below(most)).unwrap())
}

/// Kills it so many times, each within `below`; `check` holds what is there against what was answered.
pub fn kill_often<F>(
    data: &Path,
    (kills, below, mut draws): (u32, Duration, Draws),
    client: impl Fn(String) -> F,
    mut check: impl FnMut(Engine),
) where
    F: Future<Output = ()> + Send + 'static,
{
    for kill in 0..kills {
        kill_while(data, some_time(&mut draws, below), &client);
        println!("kill {kill}");
        check(Engine::open(&EngineOptions::new(data)).unwrap());
    }
}
