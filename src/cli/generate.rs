//! `quoin generate`: sample data of any size.

use serde_json::json;

use crate::engine::import::ImportProgress;
use crate::exchange::generate::folder::{WriteError, write_folder};
use crate::exchange::generate::{GenerateOptions, Mode};
use crate::exchange::source::Format;

use super::arguments::{Common, FileFormat, Generate, GenerateMode};
use super::failure::{Failure, REFUSED, UNAVAILABLE, USAGE};
use super::progress::Shown;
use super::table::{Side, Table, grouped};
use super::{Outcome, output};

/// Runs it.
pub fn run(common: &Common, asked: &Generate) -> Outcome {
    let standard = GenerateOptions::standard().map_err(|error| Failure::new(USAGE, error))?;
    let options = GenerateOptions {
        seed: asked.seed,
        mode: match asked.mode {
            GenerateMode::Structured => Mode::Structured,
            GenerateMode::Random => Mode::Random,
        },
        skus: asked.skus,
        contracts: asked.contracts,
        cells: asked.cells,
        ..standard
    };
    let format = match asked.format {
        FileFormat::Csv => Format::Csv,
        FileFormat::Parquet => Format::Parquet,
    };
    let shown = Shown::new(common.json);
    let mut begun = false;
    let written = write_folder(&asked.out, format, &options, &mut |progress| {
        if !begun {
            shown.begin("writing price lists", u64::from(progress.lists_total));
            begun = true;
        }
        shown.advance(u64::from(progress.lists));
    })
    .map_err(|error| match error {
        WriteError::Options(error) => Failure::new(USAGE, error),
        WriteError::Exists(_) => Failure::new(REFUSED, error),
        WriteError::Io { .. } => Failure::new(UNAVAILABLE, error),
    })?;
    shown.end();
    if common.json {
        let files =
            written.iter().map(|file| json!({"path": file.path.display().to_string(), "rows": file.rows}));
        return output::json(&json!({ "files": files.collect::<Vec<_>>() }));
    }
    let mut table = Table::new(&[("file", Side::Left), ("rows", Side::Right)]);
    for file in &written {
        table.row([file.path.display().to_string(), grouped(file.rows)]);
    }
    output::text(&table.text())
}
