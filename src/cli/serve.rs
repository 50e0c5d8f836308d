//! `quoin serve`: a data folder over gRPC, until a signal.

use std::time::Duration;

use crate::engine::retention::Retention;
use crate::engine::{Engine, EngineOptions};
use crate::server::{ServeOptions, log, serve_until_signal};

use super::Outcome;
use super::arguments::{Common, Serve};
use super::failure::{Failure, UNAVAILABLE};

/// Runs it.
pub fn run(common: &Common, asked: &Serve) -> Outcome {
    log::start(asked.log, "info");
    let engine = Engine::open(&EngineOptions {
        block_cache_bytes: asked.block_cache,
        shared_rows_bytes: u64::try_from(asked.shared_rows).unwrap_or(u64::MAX),
        cart_lines_max: asked.cart_lines_max,
        create: true,
        backups: asked.backups.backups.clone(),
        retention: Some(Retention { publications: asked.retain_publications, days: asked.retain_days }),
        ..EngineOptions::new(&common.data)
    })?;
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let options = ServeOptions {
        listen: asked.listen,
        workers: asked.workers.unwrap_or(processors),
        access: asked.access.options(&common.data),
        drain: Duration::from_secs(asked.drain_seconds),
    };
    let view = engine.view();
    tracing::info!(
        data = %common.data.display(),
        publication = view.publication.0,
        contracts = view.catalogue.contracts.len(),
        skus = view.catalogue.skus.len(),
        "opened"
    );
    drop(view);
    serve_until_signal(engine, &options).map_err(|error| Failure::new(UNAVAILABLE, error))
}
