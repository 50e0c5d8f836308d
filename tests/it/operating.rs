//! Can the service be run: configured, watched, probed, drained and deployed as the documentation says?

pub mod asking;
mod configuration;
mod deployment;
mod draining;
mod metrics;
mod readiness;
mod settings;
