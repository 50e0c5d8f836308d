//! Why are points not held, released, spent or given back?

use crate::domain::decimal::Micros;

/// Why nothing was done with points.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PointsRefusal {
    /// The id does not do.
    #[error("id \"{id}\" {why}")]
    BadId {
        /// As sent.
        id: String,
        /// What is wrong with it.
        why: String,
    },
    /// Nothing, or less.
    #[error("points \"{points}\" are not above zero")]
    NotPositive {
        /// As sent.
        points: Micros,
    },
    /// No such amount of points is ever there.
    #[error("points \"{points}\" are beyond 9,000,000,000,000")]
    TooLarge {
        /// As sent.
        points: Micros,
    },
    /// It has not come yet.
    #[error("day \"{day}\" is in the future: the latest day taken is {latest}")]
    InTheFuture {
        /// As sent.
        day: String,
        /// The latest that is taken.
        latest: String,
    },
    /// The contract has no such programme of points.
    #[error("programme of points \"{programme}\" is not for this contract: it earns none there")]
    UnknownProgramme {
        /// As sent.
        programme: String,
    },
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
    /// More than can be spent.
    #[error("{points} points are more than the {there} that can be held")]
    TooMany {
        /// As sent.
        points: Micros,
        /// How many there are.
        there: Micros,
    },
    /// The hold was released.
    #[error("hold \"{id}\" was released")]
    Released {
        /// The hold.
        id: String,
    },
    /// The hold was spent.
    #[error("hold \"{id}\" was spent: give points back with restore")]
    Spent {
        /// The hold.
        id: String,
    },
    /// The hold was not spent.
    #[error("hold \"{id}\" was not spent: release it")]
    NotSpent {
        /// The hold.
        id: String,
    },
    /// More is given back than was spent.
    #[error("{points} points are more than the {left} that are left of hold \"{id}\"")]
    MoreThanSpent {
        /// The hold.
        id: String,
        /// As sent.
        points: Micros,
        /// Spent, and not given back yet.
        left: Micros,
    },
}
