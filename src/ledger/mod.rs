//! What has been bought, and what is owed for it? Documents, and what they come to over periods.
//!
//! Knows nothing of storage or of the wire, and reads no clock: days and sequence numbers are arguments.

pub mod document;
pub mod draft;
pub mod metered;
pub mod net_quantities;
mod resolve;
pub mod retro;
pub mod series;
pub mod window;

pub use resolve::resolve;
