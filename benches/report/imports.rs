//! How fast are canonical files on disk imported, and in how much memory? Each import is a process of its own.

use std::path::Path;
use std::time::Instant;

use quoin::engine::caller::Caller;
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::engine::{Engine, EngineOptions};
use quoin::exchange::source::Source;
use serde_json::{Map, Value, json};

use super::children;
use super::figures::Figures;
use super::files::Files;
use super::load::cpu;
use super::machine::peak_bytes;
use super::pages::{drop_pages, files_in};

/// The argument that makes this binary import: `--import FILES DATA`.
pub const ARGUMENT: &str = "--import";

/// Imports files into an empty data folder, and prints how it went.
pub fn child(files: &Path, data: &Path) {
    let engine = Engine::open(&EngineOptions::new(data)).unwrap();
    let job = ImportJob { sources: Source::of_paths([files], None).unwrap(), ..ImportJob::default() };
    let begun = Instant::now();
    let report = engine.import(&Caller::operator(), &job, &Silent).unwrap();
    let nanos = u64::try_from(begun.elapsed().as_nanos()).unwrap();
    assert_eq!(report.verdict, Verdict::Published, "{:?}", report.refused);
    drop(engine);
    let this = std::process::id();
    let cpu_ms = u64::try_from(cpu(this).as_millis()).unwrap();
    let points = report.points.added;
    println!("{}", json!({"points": points, "nanos": nanos, "peak": peak_bytes(this), "cpu_ms": cpu_ms}));
}

/// Imports in a process of its own; the pages of the files are dropped first, so that they come from disk.
pub fn plain(files: &Files, data: &Path) -> Map<String, Value> {
    drop_pages(&files_in(&files.folder));
    let found = children::run(&[ARGUMENT.as_ref(), files.folder.as_os_str(), data.as_os_str()], None);
    assert_eq!(children::number(&found, "points"), files.points, "price points imported and generated");
    found
}

/// Imports files of a format, and says how fast.
pub fn measure(files: &Files, data: &Path, format: &str, figures: &mut Figures) {
    let found = plain(files, data);
    let (points, nanos) = (children::number(&found, "points"), children::number(&found, "nanos"));
    figures.decimal(&format!("import_s_{format}"), nanos / 1_000_000, 3);
    figures.integer(&format!("import_cells_per_s_{format}"), points * 1_000_000 / (nanos / 1_000));
    figures.decimal(&format!("import_cpu_s_{format}"), children::number(&found, "cpu_ms"), 3);
    let peak = children::number(&found, "peak");
    figures.text(&format!("import_peak_mb_{format}"), &super::megabytes(peak));
    let bytes: u64 = files_in(&files.folder).iter().map(|file| file.metadata().unwrap().len()).sum();
    figures.text(&format!("import_files_mb_{format}"), &super::megabytes(bytes));
}

/// The lower rate of both formats.
pub fn put_lower(figures: &mut Figures) {
    let rates = ["csv", "parquet"].map(|format| figures.get(&format!("import_cells_per_s_{format}")));
    figures.integer("import_cells_per_s", rates[0].min(rates[1]));
}
