//! What becomes of many refusals at once? So many of a second are told one by one; the others are counted by reason.

use std::collections::BTreeMap;

use crate::domain::time::Instant;

use super::line::Line;

/// Refusals of one second that are told one by one.
const TOLD: u32 = 20;
/// Reasons that are told apart.
const REASONS: usize = 32;

/// The refusals of a second.
#[derive(Debug, Default)]
pub struct Flood {
    second: i64,
    told: u32,
    untold: BTreeMap<String, u64>,
}

impl Flood {
    /// Is this one to be told by itself?
    pub fn is_told(&mut self, now: Instant, reason: &str) -> bool {
        if now.0 != self.second {
            (self.second, self.told) = (now.0, 0);
        }
        if self.told < TOLD {
            self.told += 1;
            return true;
        }
        let is_known = self.untold.contains_key(reason) || self.untold.len() < REASONS;
        *self.untold.entry(if is_known { reason } else { "OTHER" }.to_owned()).or_default() += 1;
        false
    }

    /// A line for those that were counted; none where there were none.
    pub fn take(&mut self, now: Instant) -> Option<Line> {
        let untold = std::mem::take(&mut self.untold);
        if untold.is_empty() {
            return None;
        }
        let all: u64 = untold.values().sum();
        let by_reason: Vec<String> =
            untold.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
        Some(Line::new("refusals", now).number("count", all).text("reasons", &by_reason.join(", ")))
    }
}
