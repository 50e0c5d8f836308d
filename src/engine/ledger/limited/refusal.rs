//! Why is a limit not held, or a hold not released? All rules that stand in the way are named at once.

use crate::domain::decimal::Micros;

/// A rule of which nothing is held.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{asked} of rule \"{rule}\": {why}")]
pub struct NotHeld {
    /// Its place among those that were asked for, from zero.
    pub place: usize,
    /// As sent.
    pub rule: String,
    /// How much was asked for.
    pub asked: Micros,
    /// Why not.
    pub why: WhyNot,
}

/// Why nothing is held of a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhyNot {
    /// The id does not do.
    #[error("the id {0}")]
    BadId(String),
    /// The rule is there already.
    #[error("the rule is named above: name each once, with all that is held of it")]
    Twice,
    /// Nothing, or less.
    #[error("is not above zero")]
    NotPositive,
    /// No such amount is ever there.
    #[error("is beyond 9,000,000,000,000")]
    TooLarge,
    /// The policy in force has no such rule.
    #[error("the policy in force has no such rule")]
    UnknownRule,
    /// The rule has no limit.
    #[error("the rule has no limit: nothing of it need be held")]
    NoLimit,
    /// The rule is for others.
    #[error("the rule is not for this contract")]
    NotForContract,
    /// More than is left.
    #[error("{left} are left")]
    Left {
        /// What was neither used nor is held by others.
        left: Micros,
    },
}

/// Why nothing was done with a hold of limits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitRefusal {
    /// The id does not do.
    #[error("id \"{id}\" {why}")]
    BadId {
        /// As sent.
        id: String,
        /// What is wrong with it.
        why: String,
    },
    /// No rule at all, or too many.
    #[error("{found} rules: a hold is of 1 to {most}")]
    Count {
        /// As sent.
        found: usize,
        /// The limit.
        most: usize,
    },
    /// What is asked for is not well written.
    #[error("{}", all_of(.0))]
    Bad(Vec<NotHeld>),
    /// It is not there to be held.
    #[error("{}", all_of(.0))]
    NotLeft(Vec<NotHeld>),
    /// No hold has this id, or the caller may not know of it.
    #[error("hold \"{id}\" is unknown")]
    UnknownHold {
        /// As sent.
        id: String,
    },
    /// The id stands for something else.
    #[error("id \"{id}\" was used before for other content: use a new one")]
    Reused {
        /// As sent.
        id: String,
    },
}

fn all_of(rules: &[NotHeld]) -> String {
    rules.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
