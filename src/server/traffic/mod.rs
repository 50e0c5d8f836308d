//! How much may be asked, by one peer, by one caller, and by all together? And what is refused when it is too much?
//!
//! `options` has every limit. Those of one connection are HTTP/2's own, and how long it lives (`life`). Of a request, its
//! body must come (`paced`) and its deadline be met. What a caller asks is counted (`callers`), and what all ask together
//! is bounded by how long calls wait for a worker (`queue`).

pub(super) mod admitted;
pub(super) mod callers;
pub(super) mod clock;
pub(super) mod connections;
pub(super) mod life;
pub(super) mod link;
pub mod options;
pub(super) mod paced;
pub(super) mod queue;
pub(super) mod refusal;
pub(super) mod rest;
pub(super) mod shed;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Semaphore;

use callers::Callers;
use connections::Connections;
use options::TrafficOptions;
use refusal::{Refusal, Refusals};

/// What all workers count together.
#[derive(Debug)]
pub struct Traffic {
    /// The limits.
    pub(super) options: TrafficOptions,
    /// Connections that are open.
    pub(super) connections: Arc<Connections>,
    /// What each caller has in flight, and how fast it may ask.
    pub(super) callers: Callers,
    /// What was refused, and in which words.
    pub(super) refusals: Refusals,
    calls: Arc<AtomicUsize>,
    /// Places of carts that wait for the disk.
    pub(super) cold: Arc<Semaphore>,
}

/// Carts that wait for the disk at once: as many as a disk reads for side by side.
const COLD_AT_ONCE: usize = 8;

impl Traffic {
    /// Nothing is open yet.
    pub(super) fn new(options: TrafficOptions) -> Self {
        Self {
            connections: Arc::new(Connections::new(options.connections, options.connections_per_peer)),
            callers: Callers::new(&options),
            refusals: Refusals::new(&options),
            calls: Arc::default(),
            cold: Arc::new(Semaphore::new(COLD_AT_ONCE)),
            options,
        }
    }

    /// Takes a place among the calls that are not carts priced on their worker.
    pub(super) fn call(&self) -> Result<Place, Refusal> {
        Place::take(&self.calls, self.options.calls_in_flight)
            .ok_or(Refusal::CallsInFlight(self.options.calls_in_flight))
    }
}

/// A place among so many, given back when dropped.
#[derive(Debug)]
pub struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(taken: &Arc<AtomicUsize>, most: usize) -> Option<Self> {
        if taken.fetch_add(1, Ordering::Relaxed) >= most {
            taken.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        Some(Self(Arc::clone(taken)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
