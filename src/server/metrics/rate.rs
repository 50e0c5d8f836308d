//! How often may something be told? So often a second; what was left out is told with the next.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Lines a second.
const A_SECOND: u64 = 5;

/// A bound on how much is told.
#[derive(Debug)]
pub struct RateBound {
    began: Instant,
    second: AtomicU64,
    told: AtomicU64,
    left_out: AtomicU64,
}

impl Default for RateBound {
    fn default() -> Self {
        let zero = AtomicU64::default;
        Self { began: Instant::now(), second: zero(), told: zero(), left_out: zero() }
    }
}

impl RateBound {
    /// May a line be told now? Then how many were left out since the last one.
    pub fn may_tell(&self) -> Option<u64> {
        self.may_tell_in(self.began.elapsed().as_secs())
    }

    fn may_tell_in(&self, second: u64) -> Option<u64> {
        if self.second.swap(second, Ordering::Relaxed) != second {
            self.told.store(0, Ordering::Relaxed);
        }
        if self.told.fetch_add(1, Ordering::Relaxed) < A_SECOND {
            return Some(self.left_out.swap(0, Ordering::Relaxed));
        }
        self.left_out.fetch_add(1, Ordering::Relaxed);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::RateBound;

    #[test]
    fn so_many_a_second_and_the_rest_is_counted() {
        let bound = RateBound::default();
        let told: Vec<_> = (0..8).map(|_| bound.may_tell_in(0)).collect();
        assert_eq!(told, [Some(0), Some(0), Some(0), Some(0), Some(0), None, None, None]);
        assert_eq!([bound.may_tell_in(9), bound.may_tell_in(9)], [Some(3), Some(0)]);
    }
}
