//! What may be done with a quote, and what is it then?

use serde::{Deserialize, Serialize};

use crate::domain::decimal::Micros;

/// The state of a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum State {
    /// Not promised yet: the customer does not see it.
    Draft = 1,
    /// Not promised yet: somebody with more authority has to approve it.
    WaitingForApproval = 2,
    /// Promised.
    Issued = 3,
    /// Taken, all of it.
    Accepted = 4,
    /// The customer does not want it.
    Declined = 5,
    /// Its last valid day is over.
    Expired = 6,
    /// The seller no longer offers it.
    Withdrawn = 7,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::WaitingForApproval,
        Self::Issued,
        Self::Accepted,
        Self::Declined,
        Self::Expired,
        Self::Withdrawn,
    ];

    /// The words for people and for commands.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::WaitingForApproval => "waiting",
            Self::Issued => "issued",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state with this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Can it still become a promise that is kept?
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::WaitingForApproval | Self::Issued)
    }
}

/// A line that is to be accepted, or so much of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartAsked {
    /// The line's id.
    pub line: String,
    /// How much of it, in the ordered unit; all that is left where absent.
    pub quantity: Option<Micros>,
}

/// Something to be done with a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// A draft becomes a promise.
    Issue,
    /// What exceeds its maker's authority is approved.
    Approve,
    /// It is not approved.
    Reject,
    /// The customer takes it.
    Accept {
        /// Which lines; all that is left where empty.
        lines: Vec<PartAsked>,
        /// Even after its last valid day?
        allow_late: bool,
    },
    /// The customer does not want it.
    Decline,
    /// The seller no longer offers it.
    Withdraw,
}

impl Act {
    /// What is to be done, as a verb.
    #[must_use]
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Issue => "issued",
            Self::Approve => "approved",
            Self::Reject => "rejected",
            Self::Accept { .. } => "accepted",
            Self::Decline => "declined",
            Self::Withdraw => "withdrawn",
        }
    }

    /// The states in which that may be done.
    #[must_use]
    pub fn allowed_in(&self) -> &'static [State] {
        match self {
            Self::Issue => &[State::Draft],
            Self::Approve | Self::Reject => &[State::WaitingForApproval],
            Self::Accept { .. } | Self::Decline => &[State::Issued],
            Self::Withdraw => &[State::Draft, State::WaitingForApproval, State::Issued],
        }
    }
}

/// For whose approval does a quote wait?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Waits {
    /// A guard of the policy asks for it.
    pub for_guard: bool,
    /// More was conceded than whoever made or issued it has authority for.
    pub for_concession: bool,
}

impl Waits {
    /// For anybody's?
    #[must_use]
    pub fn is_some(self) -> bool {
        self.for_guard || self.for_concession
    }
}

/// The state of a revision that was just made or issued, and for what it waits.
#[must_use]
pub fn begins(is_draft: bool, waits: Waits) -> (State, Waits) {
    match (is_draft, waits.is_some()) {
        (true, _) => (State::Draft, Waits::default()),
        (false, true) => (State::WaitingForApproval, waits),
        (false, false) => (State::Issued, waits),
    }
}
