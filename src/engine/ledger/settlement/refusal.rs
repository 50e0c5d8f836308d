//! Why is a period not settled, and what is the asker to do about it?

use crate::domain::day::CivilDay;

/// Why a request for a statement is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettleRefusal {
    /// The request's id is no id.
    #[error("id \"{id}\" {reason}")]
    BadId {
        /// As asked.
        id: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The same id came with another request before.
    #[error("id \"{id}\" was used before for another request: take a new one for a new statement")]
    IdReused {
        /// As asked.
        id: String,
    },
    /// Documents of the day may still come in the ordinary course of things.
    #[error("{through} is not over yet: it is {today} where contract \"{contract}\" is")]
    NotOver {
        /// As asked.
        through: CivilDay,
        /// On the contract's wall clock.
        today: CivilDay,
        /// The contract.
        contract: String,
    },
    /// Nothing to settle on that day.
    #[error("no retro-bonus is agreed with contract \"{contract}\" for a period that holds {through}")]
    NoAgreement {
        /// The contract.
        contract: String,
        /// As asked.
        through: CivilDay,
    },
    /// No period ends on the day of a final statement.
    #[error("no period ends on {through}; the periods that hold it end: {}", told(ends))]
    NothingEnds {
        /// As asked.
        through: CivilDay,
        /// When they do, and of which agreements.
        ends: Vec<(CivilDay, Vec<String>)>,
    },
    /// The periods are closed, and come to what was said of them.
    #[error("statement {by} has closed what ends on or holds {through}, and nothing has changed since")]
    Closed {
        /// As asked.
        through: CivilDay,
        /// The statement.
        by: u64,
    },
    /// A statement of the period has told more of it already.
    #[error(
        "statement {by} has told of agreement \"{agreement}\" through {told} already: settle through that day or a later one"
    )]
    Behind {
        /// The agreement.
        agreement: String,
        /// Through which day.
        told: CivilDay,
        /// The statement.
        by: u64,
    },
    /// No such agreement is, or was, for the contract.
    #[error("agreement \"{agreement}\" is none of contract \"{contract}\"")]
    UnknownAgreement {
        /// As asked.
        agreement: String,
        /// The contract.
        contract: String,
    },
    /// No statement has this number, or the caller may not know of it, or it is another contract's.
    #[error("statement {number} is unknown")]
    UnknownStatement {
        /// As asked.
        number: u64,
    },
    /// A statement that closed no period has none to be worked out anew.
    #[error("statement {number} closed no period: there is nothing to reopen")]
    ClosedNothing {
        /// As asked.
        number: u64,
    },
}

fn told(ends: &[(CivilDay, Vec<String>)]) -> String {
    let one = |(day, agreements): &(CivilDay, Vec<String>)| format!("{day} ({})", agreements.join(", "));
    ends.iter().map(one).collect::<Vec<_>>().join("; ")
}
