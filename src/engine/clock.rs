//! What time is it? The only place that asks the machine.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::domain::time::Instant;

/// The machine's clock.
#[must_use]
pub fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Instant(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
