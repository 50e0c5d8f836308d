//! How does the service start, listen, answer and stop? Never what a price is.

pub mod access;
mod answer;
pub mod audit;
mod call;
mod carts;
pub mod config;
mod connection;
mod defer_flush;
mod expiry;
pub mod listen;
pub mod log;
pub mod metrics;
pub mod ops;
pub mod peer;
mod quick;
mod request_id;
mod routed;
mod serve;
mod services;
mod signals;
#[cfg(feature = "otlp")]
mod spans;
pub mod standing;
pub mod traffic;
mod worker;
mod yaml;

pub use serve::{Opening, ServeError, ServeOptions, Server};
pub use signals::serve_until_signal;
pub use traffic::options::TrafficOptions;
