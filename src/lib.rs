//! quoin: what this customer pays for these goods, and why, in microseconds.

pub mod domain;
pub mod exchange;
