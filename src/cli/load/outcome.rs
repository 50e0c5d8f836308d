//! What became of the calls of a run? Counts by status, and how long they took from when they were to be made.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;
use tonic::Code;

/// A call that was not made, for too many were in flight.
pub const NOT_MADE: &str = "NOT_MADE";
/// A call without an answer when the run was over.
pub const NOT_ANSWERED: &str = "NOT_ANSWERED";
/// Times are told apart to a thousandth.
const DIGITS: u8 = 3;
/// Longer times count as this: an hour.
const LONGEST_NS: u64 = 3_600_000_000_000;
const WHOLE: u64 = 1_000_000;

/// How often which time was taken, in nanoseconds.
#[derive(Debug, Clone)]
pub struct Times(Histogram<u64>);

impl Times {
    /// None yet.
    ///
    /// # Errors
    /// Never, with bounds as they are.
    pub fn new() -> Result<Self, String> {
        Histogram::new_with_bounds(1, LONGEST_NS, DIGITS).map(Self).map_err(|error| error.to_string())
    }

    /// One more.
    pub fn add(&mut self, time: Duration) {
        self.0.saturating_record(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX).min(LONGEST_NS));
    }

    fn merge(&mut self, others: &Self) {
        // Both have the same bounds.
        let _fits = self.0.add(&others.0);
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// The time which so many of a million exceed; none where nothing was counted.
    pub fn exceeded_by(&self, parts: u64) -> Option<u64> {
        let all = u128::from(self.0.len());
        let within = all - all * u128::from(parts.min(WHOLE)) / u128::from(WHOLE);
        let mut sum = 0_u128;
        for step in self.0.iter_recorded() {
            sum += u128::from(step.count_at_value());
            if sum >= within.max(1) {
                return Some(step.value_iterated_to());
            }
        }
        None
    }
}

/// What became of calls.
#[derive(Debug, Clone)]
pub struct Outcomes {
    /// By status.
    pub counts: BTreeMap<&'static str, u64>,
    /// Answered well and within the deadline.
    pub good: u64,
    /// Of all that were not refused for too much, made or not: what a user waited.
    pub waited: Times,
    /// Of those that were refused for too much.
    pub refused: Times,
    /// From when a call was to be made until it was: the generator's own delay.
    pub late: Times,
}

/// The name of a status.
pub fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

impl Outcomes {
    /// Nothing yet.
    ///
    /// # Errors
    /// As [`Times::new`].
    pub fn new() -> Result<Self, String> {
        let (waited, refused, late) = (Times::new()?, Times::new()?, Times::new()?);
        Ok(Self { counts: BTreeMap::new(), good: 0, waited, refused, late })
    }

    /// A call ended so, that long after it was to be made.
    pub fn ended(&mut self, outcome: &'static str, after: Duration, deadline: Option<Duration>) {
        *self.counts.entry(outcome).or_default() += 1;
        if outcome == name(Code::ResourceExhausted) {
            self.refused.add(after);
        } else {
            self.waited.add(after);
        }
        if outcome == name(Code::Ok) && deadline.is_none_or(|deadline| after <= deadline) {
            self.good += 1;
        }
    }

    /// Those of another thread as well.
    pub fn merge(&mut self, others: &Self) {
        for (outcome, count) in &others.counts {
            *self.counts.entry(outcome).or_default() += count;
        }
        self.good += others.good;
        self.waited.merge(&others.waited);
        self.refused.merge(&others.refused);
        self.late.merge(&others.late);
    }

    /// All calls.
    pub fn calls(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Calls with this outcome.
    pub fn count(&self, outcome: &str) -> u64 {
        self.counts.get(outcome).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::{NOT_MADE, Outcomes, Times};
    use std::time::Duration;

    #[test]
    fn times_are_told_by_how_many_exceed_them() {
        let mut times = Times::new().unwrap();
        assert_eq!(times.exceeded_by(500_000), None);
        for millis in 1..=1_000 {
            times.add(Duration::from_millis(millis));
        }
        for (parts, millis) in [(500_000, 500), (100_000, 900), (10_000, 990), (1_000, 999), (0, 1_000)] {
            let found = times.exceeded_by(parts).unwrap();
            assert!(found.abs_diff(millis * 1_000_000) <= millis * 1_000, "{parts}: {found}");
        }
    }

    #[test]
    fn who_waits_counts_and_who_is_refused_counts_apart() {
        let (ms, mut outcomes) = (Duration::from_millis, Outcomes::new().unwrap());
        let deadline = Some(ms(50));
        outcomes.ended("OK", ms(40), deadline);
        outcomes.ended("OK", ms(60), deadline);
        outcomes.ended("DEADLINE_EXCEEDED", ms(50), deadline);
        outcomes.ended(NOT_MADE, ms(0), deadline);
        outcomes.ended("RESOURCE_EXHAUSTED", ms(1), deadline);
        let mut others = Outcomes::new().unwrap();
        others.ended("OK", ms(10), None);
        outcomes.merge(&others);
        assert_eq!((outcomes.calls(), outcomes.good, outcomes.count("OK")), (6, 2, 3));
        assert_eq!((outcomes.waited.count(), outcomes.refused.count()), (5, 1));
    }
}
