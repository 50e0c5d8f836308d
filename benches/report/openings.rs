//! How long does it take to open a data folder? In a fresh process, the folder's pages in the page cache.

use std::path::Path;
use std::time::Instant;

use quoin::engine::{Engine, EngineOptions};
use serde_json::json;

use super::children;
use super::figures::{Figures, median};
use super::machine::resident_bytes;

/// The argument that makes this binary open a folder: `--open DATA`.
pub const ARGUMENT: &str = "--open";
const TIMES: usize = 5;

/// Opens the folder, and prints how long that took.
pub fn child(data: &Path) {
    let options = EngineOptions { create: false, ..EngineOptions::new(data) };
    let begun = Instant::now();
    let engine = Engine::open(&options).unwrap();
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap();
    let (points, resident) = (engine.view().points(), resident_bytes(std::process::id()));
    println!("{}", json!({"points": points, "micros": micros, "resident": resident}));
}

/// The median of some openings.
pub fn measure(data: &Path, points: u64, figures: &mut Figures) {
    let open = |_| children::run(&[ARGUMENT.as_ref(), data.as_os_str()], None);
    let found: Vec<_> = (0..TIMES).map(open).collect();
    for opened in &found {
        assert_eq!(children::number(opened, "points"), points, "price points of the folder opened");
    }
    let of = |key| median(found.iter().map(|opened| children::number(opened, key)));
    figures.decimal("open_ms", of("micros"), 3);
    figures.text("open_rss_mb", &super::megabytes(of("resident")));
}
