//! What has been promised? Quotes: what was asked and priced, what may be done with them, and what a part of one costs.
//!
//! Knows nothing of storage or of the wire, and reads no clock: instants are arguments.

pub mod asked;
pub mod content;
mod differs;
pub mod event;
pub mod life;
pub mod number;
pub mod part;
