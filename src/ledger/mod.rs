//! What has been bought, and what is owed for it? Documents, and what they come to over periods.
//!
//! Knows nothing of storage or of the wire, and reads no clock: days and sequence numbers are arguments.

pub mod by_document;
pub mod condition;
mod content;
mod digest;
pub mod document;
pub mod draft;
pub mod levels;
pub mod metered;
pub mod net_quantities;
pub mod owed;
pub mod points;
mod resolve;
pub mod retro;
pub mod series;
pub mod statement;
pub mod whose;
pub mod window;

pub use digest::digest;
pub use resolve::resolve;
