//! What does a worker count? Calls by method and outcome, how long they took, connections. Nobody else writes here, so that
//! counting never waits; whoever scrapes adds up all workers.

mod exposition;
pub mod methods;
mod of_engine;
mod of_process;
mod page;
mod rate;

pub use page::{CONTENT_TYPE, Scraped, page};
pub use rate::RateBound;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tonic::Code;

use crate::engine::counts::{DurationCounts, Durations};

use methods::Methods;

/// gRPC's codes, by number.
pub const CODES: [(Code, &str); 17] = [
    (Code::Ok, "OK"),
    (Code::Cancelled, "CANCELLED"),
    (Code::Unknown, "UNKNOWN"),
    (Code::InvalidArgument, "INVALID_ARGUMENT"),
    (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"),
    (Code::NotFound, "NOT_FOUND"),
    (Code::AlreadyExists, "ALREADY_EXISTS"),
    (Code::PermissionDenied, "PERMISSION_DENIED"),
    (Code::ResourceExhausted, "RESOURCE_EXHAUSTED"),
    (Code::FailedPrecondition, "FAILED_PRECONDITION"),
    (Code::Aborted, "ABORTED"),
    (Code::OutOfRange, "OUT_OF_RANGE"),
    (Code::Unimplemented, "UNIMPLEMENTED"),
    (Code::Internal, "INTERNAL"),
    (Code::Unavailable, "UNAVAILABLE"),
    (Code::DataLoss, "DATA_LOSS"),
    (Code::Unauthenticated, "UNAUTHENTICATED"),
];

/// The name of a code.
#[must_use]
pub fn code_name(code: Code) -> &'static str {
    CODES.iter().find(|(of, _)| *of == code).map_or("UNKNOWN", |(_, name)| name)
}

/// What is counted of one call.
#[derive(Debug, Default)]
struct OfMethod {
    outcomes: [AtomicU64; CODES.len()],
    durations: Durations,
}

/// The counters of one worker.
#[derive(Debug)]
pub struct Recorder {
    /// The calls by number, the same for all workers.
    pub methods: Arc<Methods>,
    of_methods: Box<[OfMethod]>,
    /// Carts for which a row had to come from disk.
    pub carts_cold: AtomicU64,
    /// Connections that were accepted.
    pub connections_accepted: AtomicU64,
    /// Connections that are open.
    pub connections_open: AtomicI64,
    /// Calls that are being answered.
    pub in_flight: AtomicI64,
    /// How many lines about calls may be logged.
    pub told: RateBound,
    /// A call that takes longer is logged.
    pub slow: Duration,
    began: Instant,
    /// When the worker last turned, in milliseconds since it began.
    turned_ms: AtomicU64,
}

impl Recorder {
    /// Counters at zero.
    #[must_use]
    pub fn new(methods: &Arc<Methods>, slow: Duration) -> Self {
        Self {
            methods: Arc::clone(methods),
            of_methods: (0..methods.count()).map(|_| OfMethod::default()).collect(),
            carts_cold: AtomicU64::default(),
            connections_accepted: AtomicU64::default(),
            connections_open: AtomicI64::default(),
            in_flight: AtomicI64::default(),
            told: RateBound::default(),
            slow,
            began: Instant::now(),
            turned_ms: AtomicU64::default(),
        }
    }

    /// Counts a call that has ended.
    #[inline]
    pub fn ended(&self, method: usize, code: Code, took: Duration) {
        let Some(of) = self.of_methods.get(method) else { return };
        let outcome = usize::try_from(i32::from(code)).ok().and_then(|number| of.outcomes.get(number));
        if let Some(outcome) = outcome {
            outcome.fetch_add(1, Ordering::Relaxed);
        }
        of.durations.record(took);
    }

    /// How often a call came out in each way, by the code's number, and how long it took.
    #[must_use]
    pub fn of_method(&self, method: usize) -> ([u64; CODES.len()], DurationCounts) {
        let mut outcomes = [0; CODES.len()];
        let Some(of) = self.of_methods.get(method) else { return (outcomes, DurationCounts::default()) };
        for (count, outcome) in outcomes.iter_mut().zip(&of.outcomes) {
            *count = outcome.load(Ordering::Relaxed);
        }
        (outcomes, of.durations.counted())
    }

    /// Notes that the worker's runtime turns.
    pub fn turned(&self) {
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.turned_ms.store(now, Ordering::Relaxed);
    }

    /// For how long the worker's runtime has not turned.
    #[must_use]
    pub fn still_for(&self) -> Duration {
        self.began.elapsed().saturating_sub(Duration::from_millis(self.turned_ms.load(Ordering::Relaxed)))
    }
}
