//! What time is it? The only place that asks the machine.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::domain::time::Instant;

/// Tells the time: the machine's clock, or another one, as where a past day is played again.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Instant + Send + Sync>);

impl Clock {
    /// A clock of one's own.
    #[must_use]
    pub fn new(tells: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        Self(Arc::new(tells))
    }

    /// What it tells.
    #[must_use]
    pub fn now(&self) -> Instant {
        (self.0)()
    }
}

/// The machine's.
impl Default for Clock {
    fn default() -> Self {
        Self::new(now)
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Clock({})", self.now())
    }
}

fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Instant(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
