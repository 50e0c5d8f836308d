//! Which calls may be begun? Those whose client takes its answers, whose caller has not asked too much, which have not
//! waited too long for their worker, and which can be answered by their deadline.

use tonic::codegen::http::HeaderMap;

use crate::api::deadline::{Deadline, passed};

use super::callers::Asked;
use super::clock;
use super::link::Call;
use super::refusal::Refusal;

/// A call that may be begun.
#[derive(Debug)]
pub struct Admitted {
    /// The call.
    pub call: Call,
    /// The same among its caller's.
    pub asked: Asked,
    /// When its answer must be there.
    pub deadline: Deadline,
}

impl Admitted {
    /// Asks whether a call with these headers, by a caller of this name, may be begun.
    pub fn admit(call: Call, caller: &str, headers: &HeaderMap) -> Result<Self, Refusal> {
        let (link, now) = (&call.link, clock::now());
        let traffic = &link.traffic;
        if link.answers().0 > traffic.options.unsent {
            return Err(Refusal::Unsent(traffic.options.unsent));
        }
        let deadline = Deadline::stated(headers, clock::instant(call.since.came)).map_err(Refusal::Status)?;
        if deadline.instant().is_some_and(|deadline| now >= clock::of(deadline)) {
            return Err(Refusal::Status(passed()));
        }
        let asked = traffic.callers.ask(link.account(&traffic.callers, caller), now)?;
        link.queue.admit(now, call.since, asked.in_flight)?;
        Ok(Self { call, asked, deadline })
    }

    /// May a cart whose message is there now be priced? It may have come long after its head, and have waited since.
    pub fn admit_message(&self, now: u64, bytes: usize) -> Result<(), Refusal> {
        let link = &self.call.link;
        let since = self.call.since.or_later(link.since());
        link.queue.admit(now, since, self.asked.in_flight)?;
        match self.deadline.instant() {
            Some(deadline) => link.queue.in_time(now, since.came, bytes, clock::of(deadline)),
            None => Ok(()),
        }
    }

    /// So many lines were priced for it.
    pub fn charge(&self, lines: impl FnOnce() -> u64) {
        let callers = &self.call.link.traffic.callers;
        if callers.count_lines() {
            callers.charge(&self.asked, lines(), clock::now());
        }
    }
}
