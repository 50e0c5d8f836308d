//! How does the service start, listen, answer and stop? Never what a price is.

pub mod access;
mod answer;
pub mod audit;
mod connection;
mod defer_flush;
mod expiry;
pub mod listen;
pub mod log;
pub mod peer;
mod quick;
mod serve;
mod worker;

pub use serve::{ServeError, ServeOptions, Server, serve_until_signal};
