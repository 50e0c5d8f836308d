//! Does the wire say what the engine says? The cart codec against prost, and calls over gRPC against a small store.

mod accepted;
mod answers;
mod calls;
mod codec;
mod columns;
mod dashboard;
mod explained;
mod health;
mod hidden;
mod imports;
mod languages;
mod ledger;
mod limits;
mod loyalty;
mod particulars;
mod policy;
mod quotes;
mod quotes_at_terminal;
mod quotes_negotiated;
mod quotes_refused;
pub mod server;
mod statements;
mod statuses;
mod steps;
mod take_points;
mod under_policy;
