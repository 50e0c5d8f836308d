//! `quoin serve`: a data folder over gRPC, until a signal.

use crate::engine::{Engine, EngineOptions};
use crate::server::config::Config;
use crate::server::{Opening, ServeOptions, log, serve_until_signal};

use super::Outcome;
use super::check_config::{failure, loaded};
use super::failure::{Failure, UNAVAILABLE};
use super::serve_arguments::Settings;

/// Runs it.
pub fn run(asked: &Settings) -> Outcome {
    let loaded = loaded(asked).map_err(|faults| failure(&faults))?;
    let config = &loaded.config;
    log::start(config.log.format, &config.log.filter);
    for warning in &loaded.warnings {
        tracing::warn!(place = warning.place, "{}", warning.what);
    }
    let stopped = |error| Failure::new(UNAVAILABLE, error);
    let opening = Opening::start(&options(config)).map_err(stopped)?;
    let engine = Engine::open(&EngineOptions {
        cart_lines_max: config.serve.cart_lines_max,
        backups: config.backups.place.clone(),
        ..config.store.engine_options()
    })?;
    let view = engine.view();
    tracing::info!(
        data = %config.store.data.display(),
        publication = view.publication.0,
        contracts = view.catalogue.contracts.len(),
        skus = view.catalogue.skus.len(),
        "opened"
    );
    drop(view);
    serve_until_signal(opening, engine).map_err(stopped)
}

fn options(config: &Config) -> ServeOptions {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    ServeOptions {
        listen: config.serve.listen,
        workers: config.serve.workers.unwrap_or(processors),
        traffic: config.limits.clone(),
        access: config.access_options(),
        drain: config.serve.drain_timeout,
        drain_pause: config.serve.drain_pause,
        ops_listen: config.ops.listen,
        slow: config.log.slow,
    }
}
