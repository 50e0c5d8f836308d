//! quoin: what this customer pays for these goods, and why, in microseconds.

pub mod store;
