//! What has happened to a quote? Events, from which its head is folded.

use serde::{Deserialize, Serialize};

use crate::domain::decimal::Micros;
use crate::domain::ids::{ContractId, SequenceNo};
use crate::domain::time::Instant;

use super::life::{State, Waits};
use super::number::QuoteNo;

/// A part of a line that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Position of the line, from zero.
    pub line: u32,
    /// Its id.
    pub id: String,
    /// How much of it, in the ordered unit.
    pub quantity: Micros,
    /// Net amount, without tax.
    pub amount: Micros,
    /// Tax on it.
    pub tax: Micros,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// It was made.
    Created,
    /// A new revision took the place of the one before.
    Revised,
    /// A draft was issued, or sent for approval.
    Issued,
    /// What exceeds its maker's authority was approved.
    Approved,
    /// It was not approved: a draft again.
    Rejected,
    /// The customer took it, or some of it.
    Accepted {
        /// What was taken.
        parts: Vec<Part>,
        /// Was that after its last valid day?
        is_late: bool,
    },
    /// The customer does not want it.
    Declined,
    /// The seller no longer offers it.
    Withdrawn,
    /// Its last valid day is over.
    Expired,
}

impl Change {
    /// The word that answers use.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Revised => "revised",
            Self::Issued => "issued",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Accepted { .. } => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }
}

/// Something that happened to a quote: who, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Which quote.
    pub quote: QuoteNo,
    /// Its number among the quote's events, from one.
    pub number: u32,
    /// Its place in the command log.
    pub position: SequenceNo,
    /// Command time.
    pub at: Instant,
    /// Who did it; empty of what time did.
    pub by: String,
    /// Why, as they said.
    pub reason: String,
    /// What was done.
    pub change: Change,
    /// Of which revision.
    pub revision: u32,
    /// The state since.
    pub state: State,
    /// For what it waits since.
    pub waits: Waits,
    /// What the quote keeps for itself since, where that has changed.
    pub held: Option<Held>,
}

/// Points that are held for a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldPoints {
    /// The id of the hold, by which they are spent.
    pub hold: String,
    /// Of which programme, by id.
    pub programme: String,
    /// How many.
    pub points: Micros,
}

/// What is held of a limited benefit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldUse {
    /// The rule, by id.
    pub rule: String,
    /// How much: of the limit's unit, in the quote's currency, or how often.
    pub used: Micros,
}

/// What a quote keeps for itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Held {
    /// For which revision; zero where for none.
    pub revision: u32,
    /// Points that it takes.
    pub points: Vec<HeldPoints>,
    /// What it uses of limited benefits, under the quote's number as the id of the hold.
    pub uses: Vec<HeldUse>,
}

impl Held {
    /// Is anything kept?
    #[must_use]
    pub fn keeps_something(&self) -> bool {
        !self.points.is_empty() || !self.uses.is_empty()
    }
}

/// Where a quote stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its number.
    pub number: QuoteNo,
    /// Whose it is.
    pub contract: ContractId,
    /// The customer's own reference, of its newest revision.
    pub customer_reference: String,
    /// The state.
    pub state: State,
    /// For what it waits.
    pub waits: Waits,
    /// Its newest revision, from one.
    pub revision: u32,
    /// When it was made.
    pub created_at: Instant,
    /// The first instant at which its newest revision is no longer valid.
    pub expires_at: Instant,
    /// How many events it has.
    pub events: u32,
    /// What it was when it expired, once that is written down.
    pub expired_as: Option<State>,
    /// What it keeps for itself.
    pub held: Held,
    /// What was accepted so far, in order.
    pub accepted: Vec<Part>,
}

impl Head {
    /// The state at an instant: what has expired is so whether or not anybody has said it yet.
    #[must_use]
    pub fn state_at(&self, now: Instant) -> State {
        if self.state.is_open() && now >= self.expires_at { State::Expired } else { self.state }
    }

    /// Could it have been accepted before it expired, at an instant at which it has?
    #[must_use]
    pub fn was_issued(&self, now: Instant) -> bool {
        let was = if self.state == State::Expired { self.expired_as } else { Some(self.state) };
        self.state_at(now) == State::Expired && was == Some(State::Issued)
    }

    /// The same after an event.
    #[must_use]
    pub fn after(&self, event: &Event) -> Self {
        let mut head = self.clone();
        (head.state, head.waits) = (event.state, event.waits);
        (head.revision, head.events) = (event.revision, event.number);
        if event.state == State::Expired && self.state != State::Expired {
            head.expired_as = Some(self.state);
        }
        if let Some(held) = &event.held {
            head.held.clone_from(held);
        }
        if let Change::Accepted { parts, .. } = &event.change {
            head.accepted.extend_from_slice(parts);
        }
        head
    }
}
