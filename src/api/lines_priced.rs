//! How many lines has a call priced so far? Counted where carts are priced, for whoever bounds what a caller may ask.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tonic::Request;

/// A call's count. Copies count together.
#[derive(Debug, Clone, Default)]
pub struct LinesPriced(Arc<AtomicU64>);

impl LinesPriced {
    /// The count that the server put with a request, or one that nobody reads.
    #[must_use]
    pub fn of_request<T>(request: &Request<T>) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_default()
    }

    /// These as well.
    pub fn add(&self, lines: usize) {
        self.0.fetch_add(u64::try_from(lines).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// What was counted since it was last taken.
    #[must_use]
    pub fn take(&self) -> u64 {
        self.0.swap(0, Ordering::Relaxed)
    }
}
