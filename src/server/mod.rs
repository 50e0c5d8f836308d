//! How does the service start, listen, answer and stop? Never what a price is.

mod answer;
mod carts;
mod connection;
mod defer_flush;
mod expiry;
pub mod listen;
pub mod log;
mod peer;
mod quick;
mod serve;
pub mod traffic;
mod worker;

pub use serve::{ServeError, ServeOptions, Server, serve_until_signal};
pub use traffic::options::TrafficOptions;
