//! Where are the files that are imported? Generated once and kept, under a name that holds everything that shapes them.

use std::path::PathBuf;
use std::time::Instant;

use quoin::exchange::generate::folder::write_folder;
use quoin::exchange::generate::{GenerateOptions, Mode};
use quoin::exchange::source::Format;

use crate::plan::bench_data;

/// Written last: how many price points the files hold.
const MARK: &str = "points";

/// A folder of canonical files.
pub struct Files {
    /// Where.
    pub folder: PathBuf,
    /// Rows of its prices.
    pub points: u64,
}

/// The files that the options stand for.
pub fn of(options: &GenerateOptions, format: Format) -> Files {
    let mode = match options.mode {
        Mode::Structured => "structured",
        Mode::Random => "random",
    };
    let GenerateOptions { seed, skus, contracts, .. } = options;
    let cells = options.cells.unwrap();
    let name = format!("{mode}-{seed}-{skus}-{contracts}-{cells}-{}", format.extension());
    let folder = bench_data().join(&name);
    let mark = folder.join(MARK);
    if let Ok(points) = std::fs::read_to_string(&mark) {
        return Files { folder, points: points.parse().unwrap() };
    }
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    let begun = Instant::now();
    let written = write_folder(&folder, format, options, &mut |_| {}).unwrap();
    let points = written.last().unwrap().rows;
    std::fs::write(mark, points.to_string()).unwrap();
    eprintln!("   {name}: {points} price points written in {} s", begun.elapsed().as_secs());
    Files { folder, points }
}
