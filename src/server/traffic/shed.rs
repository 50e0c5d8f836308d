//! What was turned away for being too much, and how often? Counted by reason, over all workers.

use std::sync::atomic::{AtomicU64, Ordering};

/// Why something was turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shed {
    /// A call that had waited too long for its worker.
    Overloaded,
    /// A call, as many being in flight as may be.
    CallsInFlight,
    /// A call of a caller that has as many in flight as it may have.
    CallerInFlight,
    /// A call of a caller whose lines of this second are used up.
    CallerLines,
    /// A call on a connection whose client does not take its answers.
    AnswersNotTaken,
    /// A call on a connection on which too many bytes of requests wait for their rest.
    RequestsNotWhole,
    /// A connection, as many being open as may be.
    Connections,
}

impl Shed {
    /// All of them, by their number.
    const ALL: [Self; 7] = [
        Self::Overloaded,
        Self::CallsInFlight,
        Self::CallerInFlight,
        Self::CallerLines,
        Self::AnswersNotTaken,
        Self::RequestsNotWhole,
        Self::Connections,
    ];

    /// As clients read it in `google.rpc.ErrorInfo`; a connection that is closed is told nothing.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Overloaded => "OVERLOADED",
            Self::CallsInFlight => "CALLS_IN_FLIGHT",
            Self::CallerInFlight => "CALLER_IN_FLIGHT",
            Self::CallerLines => "CALLER_LINES",
            Self::AnswersNotTaken => "ANSWERS_NOT_TAKEN",
            Self::RequestsNotWhole => "REQUESTS_NOT_WHOLE",
            Self::Connections => "CONNECTIONS",
        }
    }
}

/// How often.
#[derive(Debug, Default)]
pub struct Sheds([AtomicU64; Shed::ALL.len()]);

impl Sheds {
    /// Counts one.
    pub fn count(&self, shed: Shed) {
        if let Some(count) = self.0.get(shed as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Each reason with its count.
    pub fn counts(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        Shed::ALL.iter().zip(&self.0).map(|(shed, count)| (shed.reason(), count.load(Ordering::Relaxed)))
    }

    /// Of all reasons together.
    pub fn total(&self) -> u64 {
        self.counts().map(|(_, count)| count).fold(0, u64::wrapping_add)
    }
}

#[cfg(test)]
mod tests {
    use super::{Shed, Sheds};

    #[test]
    fn every_reason_has_a_count_of_its_own() {
        let sheds = Sheds::default();
        for (times, shed) in (1..).zip(Shed::ALL) {
            (0..times).for_each(|_| sheds.count(shed));
        }
        let counts: Vec<_> = sheds.counts().collect();
        let expected: Vec<_> = Shed::ALL.iter().map(|shed| shed.reason()).zip(1..).collect();
        assert_eq!(counts, expected);
        assert_eq!(sheds.total(), 28);
    }
}
