//! How late is it? In nanoseconds since the process first asked, which fit into an atomic.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Nanoseconds of a duration; those of centuries are cut.
pub fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// Now.
pub fn now() -> u64 {
    nanos(BEGUN.elapsed())
}

/// The instant that this many nanoseconds stand for.
pub fn instant(at: u64) -> Instant {
    *BEGUN + Duration::from_nanos(at)
}

/// The nanoseconds of an instant.
pub fn of(instant: Instant) -> u64 {
    nanos(instant.saturating_duration_since(*BEGUN))
}
