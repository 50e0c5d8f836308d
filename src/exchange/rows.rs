//! How is every row of a file visited, whatever its format?

use super::cells::Cells;
use super::csv_rows::CsvRows;
use super::fault::{Faults, FileFault, FileProblem, Refusal};
use super::parquet_rows::ParquetRows;
use super::source::{Format, Source};

/// Rows between two reports of progress.
const PROGRESS_ROWS: u64 = 16_384;

/// How many rows were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadCounts {
    /// Rows of the file, without header and blank lines.
    pub rows: u64,
    /// Those of them that have a fault.
    pub refused: u64,
}

impl ReadCounts {
    /// Rows that were taken.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.rows - self.refused
    }
}

/// What is done with each row.
pub(super) trait Visitor {
    fn row<C: Cells>(&mut self, row: u64, cells: &C, faults: &mut RowFaults<'_>) -> Result<(), Refusal>;
}

/// Takes the faults of the rows of one file.
pub(super) struct RowFaults<'a> {
    file: &'a str,
    all: &'a mut Faults,
}

impl RowFaults<'_> {
    pub(super) fn add(&mut self, row: u64, refusal: Refusal) {
        self.all.add(self.file, row, refusal);
    }

    fn count(&self) -> u64 {
        self.all.count()
    }
}

/// Visits every row; rows with faults are recorded, and reading goes on. `progress` hears how many bytes of the file
/// are done.
pub(super) fn visit(
    source: &Source,
    faults: &mut Faults,
    progress: &mut dyn FnMut(u64),
    visitor: &mut impl Visitor,
) -> Result<ReadCounts, FileFault> {
    let mut faults = RowFaults { file: &source.name, all: faults };
    let visited = match source.format {
        Format::Csv => visit_csv(source, &mut faults, progress, visitor),
        Format::Parquet => visit_parquet(source, &mut faults, progress, visitor),
    };
    visited.map_err(|problem| FileFault { file: source.name.clone(), problem })
}

fn visit_csv(
    source: &Source,
    faults: &mut RowFaults<'_>,
    progress: &mut dyn FnMut(u64),
    visitor: &mut impl Visitor,
) -> Result<ReadCounts, FileProblem> {
    let mut rows = CsvRows::open(source)?;
    let mut counts = ReadCounts::default();
    loop {
        if counts.rows.is_multiple_of(PROGRESS_ROWS) {
            progress(rows.bytes_done());
        }
        let Some((row, cells)) = rows.next()? else { break };
        counts.rows += 1;
        let before = faults.count();
        if let Err(refusal) = cells.and_then(|cells| visitor.row(row, &cells, faults)) {
            faults.add(row, refusal);
        }
        counts.refused += u64::from(faults.count() > before);
    }
    progress(rows.bytes_done());
    Ok(counts)
}

fn visit_parquet(
    source: &Source,
    faults: &mut RowFaults<'_>,
    progress: &mut dyn FnMut(u64),
    visitor: &mut impl Visitor,
) -> Result<ReadCounts, FileProblem> {
    let mut rows = ParquetRows::open(source)?;
    let mut counts = ReadCounts::default();
    progress(0);
    while let Some(batch) = rows.next_batch()? {
        for cells in batch.rows() {
            counts.rows += 1;
            let before = faults.count();
            if let Err(refusal) = visitor.row(counts.rows, &cells, faults) {
                faults.add(counts.rows, refusal);
            }
            counts.refused += u64::from(faults.count() > before);
        }
        progress(rows.bytes_done(counts.rows));
    }
    Ok(counts)
}
