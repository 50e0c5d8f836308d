//! How much of limited benefits is gone? Counted from documents and holds, and asked by pricing, by callers and by who holds more.
//!
//! Figures go by the text of a rule's id, so that a policy may go and come back without one of them being lost.

pub(in crate::engine) mod desk;
mod holds;
pub(in crate::engine) mod records;
mod refusal;
mod standing;
mod uses;

pub use holds::HoldLimits;
pub use records::{LimitAct, LimitMove};
pub use refusal::{LimitRefusal, NotHeld, WhyNot};
pub use standing::LimitStanding;
pub(in crate::engine) use standing::tell_gone;
pub use uses::Gone;
pub(in crate::engine) use uses::Uses;
