//! What is a client told whose call is refused for being too much? RESOURCE_EXHAUSTED, why, and when to come back.
//!
//! The answer of a worker that is behind is made beforehand: it must cost little just when there is much to do.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tonic::codegen::http::{HeaderMap, Response};
use tonic::metadata::MetadataMap;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::api::status::DOMAIN;

use super::super::answer::{Answer, refused, without_message};
use super::clock::now;
use super::options::TrafficOptions;
use super::shed::{Shed, Sheds};

/// Milliseconds after which a call may be tried again, as clients read it who retry by themselves.
const PUSHBACK: &str = "grpc-retry-pushback-ms";
/// Refused clients are told to come back at so many different times, or they would come back together.
const TIMES: u32 = 4;
const SECOND_NS: u64 = 1_000_000_000;

/// Why a call is not begun.
#[derive(Debug)]
pub enum Refusal {
    /// It waited longer for its worker than calls may wait now.
    Overloaded,
    /// So many calls are in flight.
    CallsInFlight(usize),
    /// The caller has so many calls in flight.
    CallerInFlight(usize),
    /// The caller had more lines priced than this a second, and may come back after so long.
    CallerLines(u64, Duration),
    /// The client has not taken so many bytes of answers on this connection.
    Unsent(usize),
    /// Something else.
    Status(Status),
}

impl Refusal {
    /// As what it is counted; a call that is refused for another reason was not too much.
    fn shed(&self) -> Option<Shed> {
        Some(match self {
            Self::Overloaded => Shed::Overloaded,
            Self::CallsInFlight(_) => Shed::CallsInFlight,
            Self::CallerInFlight(_) => Shed::CallerInFlight,
            Self::CallerLines(..) => Shed::CallerLines,
            Self::Unsent(_) => Shed::AnswersNotTaken,
            Self::Status(_) => return None,
        })
    }
}

/// Answers made beforehand, and how often each kind was given.
#[derive(Debug)]
pub struct Refusals {
    overloaded: Vec<HeaderMap>,
    next: AtomicUsize,
    retry_after: Duration,
    /// What was turned away.
    pub sheds: Sheds,
    told_at: AtomicU64,
}

fn status(shed: Shed, message: &str, retry_after: Duration) -> Status {
    let mut details = ErrorDetails::new();
    details.set_error_info(shed.reason(), DOMAIN, []);
    details.set_retry_info(Some(retry_after));
    let mut metadata = MetadataMap::new();
    let millis = u64::try_from(retry_after.as_millis()).unwrap_or(u64::MAX).max(1);
    metadata.insert(PUSHBACK, millis.into());
    Status::with_error_details_and_metadata(Code::ResourceExhausted, message, details, metadata)
}

impl Refusals {
    /// None was given yet.
    pub fn new(options: &TrafficOptions) -> Self {
        let overloaded = |time| {
            let retry_after = options.retry_after + options.retry_after * time / TIMES;
            let message = "the service has more to do than it can: not begun, try again later";
            refused(&status(Shed::Overloaded, message, retry_after)).into_parts().0.headers
        };
        Self {
            overloaded: (0..TIMES).map(overloaded).collect(),
            next: AtomicUsize::new(0),
            retry_after: options.retry_after,
            sheds: Sheds::default(),
            told_at: AtomicU64::new(0),
        }
    }

    /// The answer to a call that is refused.
    #[cold]
    pub fn answer(&self, refusal: Refusal) -> Response<Answer> {
        if let Some(shed) = refusal.shed() {
            self.sheds.count(shed);
        }
        if self.may_tell() {
            tracing::warn!(refused = self.sheds.total(), "refused, and so many before: {refusal:?}");
        }
        let status = match refusal {
            Refusal::Overloaded => return self.overloaded(),
            Refusal::Status(status) => status,
            Refusal::CallsInFlight(most) => status(
                Shed::CallsInFlight,
                &format!("{most} calls are in flight, which is as many as are served at once"),
                self.retry_after,
            ),
            Refusal::CallerInFlight(most) => status(
                Shed::CallerInFlight,
                &format!("the caller has {most} calls in flight, which is as many as it may have"),
                self.retry_after,
            ),
            Refusal::CallerLines(rate, wait) => status(
                Shed::CallerLines,
                &format!("the caller had more lines priced than {rate} a second"),
                wait,
            ),
            Refusal::Unsent(most) => status(
                Shed::AnswersNotTaken,
                &format!("{most} bytes of answers wait on this connection for the client to take them"),
                self.retry_after,
            ),
        };
        refused(&status)
    }

    fn overloaded(&self) -> Response<Answer> {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        let headers = self.overloaded.get(next % self.overloaded.len().max(1)).cloned();
        without_message(headers.unwrap_or_default())
    }

    /// Is it a second since this was asked last? A flood of refusals is not to become one of log lines.
    pub fn may_tell(&self) -> bool {
        let (at, last) = (now(), self.told_at.load(Ordering::Relaxed));
        let due = last == 0 || at >= last.saturating_add(SECOND_NS);
        due && self.told_at.compare_exchange(last, at.max(1), Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}
