//! `quoin serve`: a data folder over gRPC, until a signal.

use crate::engine::{Engine, EngineOptions};
use crate::server::config::Config;
use crate::server::{Opening, ServeOptions, log, serve_until_signal};

use super::Outcome;
use super::arguments::Serve;
use super::check_config::{failure, loaded};
use super::failure::{Failure, UNAVAILABLE};

/// Runs it.
pub fn run(asked: &Serve) -> Outcome {
    let loaded = loaded(&asked.settings).map_err(|faults| failure(&faults))?;
    let config = &loaded.config;
    log::start(config.log.format, &config.log.filter);
    for warning in &loaded.warnings {
        tracing::warn!(place = warning.place, "{}", warning.what);
    }
    let stopped = |error| Failure::new(UNAVAILABLE, error);
    let opening = Opening::start(&options(config, asked)).map_err(stopped)?;
    let engine = Engine::open(&EngineOptions {
        cart_lines_max: config.serve.cart_lines_max,
        backups: asked.backups.backups.clone(),
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

fn options(config: &Config, asked: &Serve) -> ServeOptions {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    ServeOptions {
        listen: config.serve.listen,
        workers: config.serve.workers.unwrap_or(processors),
        traffic: asked.traffic.options(),
        access: asked.access.options(&config.store.data, config.serve.insecure_any_peer),
        drain: config.serve.drain_timeout,
        drain_pause: config.serve.drain_pause,
        ops_listen: config.ops.listen,
        slow: config.log.slow,
    }
}
