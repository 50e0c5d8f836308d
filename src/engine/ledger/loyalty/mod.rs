//! How does a buyer's loyalty stand: which levels does it hold, and how many points? Both are worked out of documents when
//! they are asked for; what is kept beside those are holds, and what became of them.

pub(in crate::engine) mod book;
pub(in crate::engine) mod cart;
pub(in crate::engine) mod desk;
pub mod holds;
pub mod levels;
pub mod points;
pub(in crate::engine) mod reckoned;
pub mod refusal;

pub use book::{Moved, PointsAct, PointsMove};
pub use holds::{HoldPoints, RestorePoints};
pub use levels::LevelStanding;
pub use points::{Movement, MovementKind, PointsStanding};
pub use refusal::PointsRefusal;
