//! How does the report open a data folder? With a block cache that holds everything.

use std::path::Path;

use quoin::engine::{Engine, EngineOptions};

/// So that the whole matrix stays in it.
const BLOCK_CACHE_BYTES: usize = 4 << 30;

/// An engine with a block cache that holds everything.
pub fn open(data: &Path) -> Engine {
    let options = EngineOptions { create: false, ..EngineOptions::new(data) };
    Engine::open(&EngineOptions { block_cache_bytes: BLOCK_CACHE_BYTES, ..options }).unwrap()
}
