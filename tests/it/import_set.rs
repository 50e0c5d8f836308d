//! How does a test put rows into an engine? As canonical CSV files of one import set, like everybody else.

use std::collections::BTreeMap;
use std::path::Path;

use quoin::engine::caller::Caller;
use quoin::engine::import::{ImportJob, ImportReport, Silent};
use quoin::engine::publication::ImportMode;
use quoin::engine::{Engine, EngineOptions};
use quoin::exchange::kind::Kind;
use quoin::exchange::source::Source;

/// Rows by kind, each with the columns that it states.
#[derive(Debug, Clone, Default)]
pub struct ImportSet {
    rows: BTreeMap<Kind, Vec<Vec<String>>>,
}

impl ImportSet {
    /// Adds a row; a column that is not of the kind is a mistake of the test.
    pub fn add(&mut self, kind: Kind, fields: &[(&str, &str)]) {
        let columns = kind.columns();
        let mut row = vec![String::new(); columns.len()];
        for (name, value) in fields {
            let at = columns.iter().position(|column| column.name == *name);
            row[at.unwrap_or_else(|| panic!("{kind} has no column {name:?}"))] = (*value).to_owned();
        }
        self.rows.entry(kind).or_default().push(row);
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Writes a file a kind into a new folder and imports it.
    pub fn import(&self, engine: &Engine, mode: ImportMode, dry_run: bool) -> ImportReport {
        let folder = tempfile::tempdir().unwrap();
        let sources = self.write(folder.path());
        let job = ImportJob { sources, mode, dry_run, confirm: true, ..ImportJob::default() };
        engine.import(&Caller::operator(), &job, &Silent).unwrap()
    }

    fn write(&self, folder: &Path) -> Vec<Source> {
        let file = |(kind, rows): (&Kind, &Vec<Vec<String>>)| {
            let path = folder.join(format!("{kind}.csv"));
            let mut out = csv::Writer::from_path(&path).unwrap();
            out.write_record(kind.columns().iter().map(|column| column.name)).unwrap();
            for row in rows {
                out.write_record(row).unwrap();
            }
            out.flush().unwrap();
            Source::of_path(&path).unwrap()
        };
        self.rows.iter().map(file).collect()
    }
}

/// An engine over an empty folder with a small cache.
pub fn engine(folder: &Path) -> Engine {
    let options = EngineOptions { block_cache_bytes: 8 << 20, ..EngineOptions::new(folder.join("data")) };
    Engine::open(&options).unwrap()
}
