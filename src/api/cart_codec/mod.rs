//! How do a cart's bytes become lines, and priced lines bytes, without a message in between?
//!
//! `PriceCart` is the call that portals make on every change of a quantity, so that its request is read in place and
//! its answer written once. A property test holds both against what prost reads and writes.

pub mod columns;
pub mod encode;
pub mod particulars;
pub mod read;
pub mod request;
mod writer;
