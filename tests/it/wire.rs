//! Does the wire say what the engine says? The cart codec against prost, and calls over gRPC against a small store.

mod calls;
mod codec;
pub mod server;
mod statuses;
