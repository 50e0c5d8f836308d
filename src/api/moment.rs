//! How do instants and windows go over the wire? Timestamps, and civil time as text.

use prost_types::Timestamp;

use crate::domain::time::{Instant, Window};

use super::v1;

/// An instant; windows are to the second, so that fractions of one do not matter.
///
/// # Errors
/// What is wrong with the timestamp.
pub fn instant_of(seconds: i64, nanos: i32) -> Result<Instant, &'static str> {
    // 0001-01-01 and the end of 9999, as google.protobuf.Timestamp has it.
    if !(-62_135_596_800..=253_402_300_799).contains(&seconds) {
        return Err("is outside the years 1 to 9999");
    }
    if !(0..1_000_000_000).contains(&nanos) {
        return Err("has nanos outside 0 to 999,999,999");
    }
    Ok(Instant(seconds))
}

/// The timestamp of an instant.
#[must_use]
pub fn timestamp(at: Instant) -> Timestamp {
    Timestamp { seconds: at.0, nanos: 0 }
}

/// A window; none where it is open at both ends.
#[must_use]
pub fn window(window: Window) -> Option<v1::Window> {
    if window == Window::ALWAYS {
        return None;
    }
    let text = |end: Option<crate::domain::time::CivilSecond>| end.map_or(String::new(), |at| at.to_string());
    Some(v1::Window { valid_from: text(window.from), valid_to: text(window.to) })
}
