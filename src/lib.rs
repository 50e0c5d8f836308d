//! quoin: what this customer pays for these goods, and why, in microseconds.

pub mod api;
pub mod backup;
pub mod cli;
pub mod domain;
pub mod eligibility;
pub mod engine;
pub mod exchange;
pub mod ledger;
pub mod matrix;
pub mod policy;
pub mod pricing;
pub mod quotes;
pub mod server;
pub mod store;
