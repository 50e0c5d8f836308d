//! What do the rows of a CSV file say? Header, then cells by column.

use std::fs::File;
use std::io::Read;

use crate::domain::decimal::Micros;
use crate::domain::limits;

use super::cells::{Cells, NOT_WHOLE, Stamp, parse_whole};
use super::columns::{ABSENT, Layout};
use super::csv_records::{Record, Records};
use super::fault::{ColumnFault, FileProblem, Refusal, shorten};
use super::kind::Kind;
use super::source::Source;

/// The rows of a CSV file.
pub(super) struct CsvRows<R> {
    records: Records<R>,
    layout: Layout,
    width: usize,
}

/// One row.
pub(super) struct CsvRow<'a> {
    record: Record<'a>,
    layout: &'a Layout,
}

/// A row's number, and the row unless it is refused as a whole.
pub(super) type Numbered<'a> = (u64, Result<CsvRow<'a>, Refusal>);

impl CsvRows<File> {
    pub(super) fn open(source: &Source) -> Result<Self, FileProblem> {
        let file = File::open(&source.path).map_err(|error| FileProblem::Io(error.to_string()))?;
        Self::new(file, source.kind, limits::CSV_LINE_BYTES)
    }
}

impl<R: Read> CsvRows<R> {
    pub(super) fn new(input: R, kind: Kind, limit: usize) -> Result<Self, FileProblem> {
        let mut records = Records::new(input, limit);
        records.begin()?;
        let Some(header) = records.next()? else { return Err(FileProblem::Empty) };
        let names: Vec<&str> = (0..header.len()).map(|position| header.field(position)).collect();
        let layout = Layout::resolve(kind, &names).map_err(|faults| {
            let unknown = faults.iter().filter(|fault| matches!(fault, ColumnFault::Unknown { .. })).count();
            if unknown == names.len() && faults.iter().all(|fault| !fault.has_hint()) {
                let line = shorten(&names.join(","));
                FileProblem::NoHeader { kind: kind.name(), line }
            } else {
                FileProblem::Columns(faults)
            }
        })?;
        let width = names.len();
        Ok(Self { records, layout, width })
    }

    pub(super) fn bytes_done(&self) -> u64 {
        self.records.bytes_done()
    }

    /// The next row; blank lines are numbered and passed over. A row of another width than the header's is a refusal.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<Numbered<'_>>, FileProblem> {
        while self.records.pass_blank_line()? {}
        let row = self.records.row() + 1;
        let (layout, width) = (&self.layout, self.width);
        let Some(record) = self.records.next()? else { return Ok(None) };
        if record.len() == width {
            return Ok(Some((row, Ok(CsvRow { record, layout }))));
        }
        let reason = format!("has {} fields, the header {width}", record.len());
        Ok(Some((row, Err(Refusal::new("", "", reason)))))
    }
}

impl CsvRow<'_> {
    #[cold]
    fn refuse(&self, column: usize, reason: impl std::fmt::Display) -> Refusal {
        let name = self.layout.columns.get(column).map_or("", |column| column.name);
        Refusal::new(name, self.text(column), reason)
    }
}

impl Cells for CsvRow<'_> {
    #[inline]
    fn has(&self, column: usize) -> bool {
        self.layout.positions.get(column).is_some_and(|position| *position != ABSENT)
    }

    #[inline]
    fn text(&self, column: usize) -> &str {
        match self.layout.positions.get(column) {
            Some(&position) if position != ABSENT => self.record.field(position),
            _ => "",
        }
    }

    #[inline]
    fn decimal(&self, column: usize) -> Result<Option<Micros>, Refusal> {
        match self.text(column) {
            "" => Ok(None),
            text => Micros::parse(text).map(Some).map_err(|error| self.refuse(column, error)),
        }
    }

    #[inline]
    fn whole(&self, column: usize) -> Result<Option<u64>, Refusal> {
        match self.text(column) {
            "" => Ok(None),
            text => parse_whole(text).map(Some).ok_or_else(|| self.refuse(column, NOT_WHOLE)),
        }
    }

    #[inline]
    fn stamp(&self, column: usize) -> Result<Stamp<'_>, Refusal> {
        Ok(Stamp::Text(self.text(column)))
    }

    fn shown(&self, column: usize) -> String {
        self.text(column).to_owned()
    }
}
