//! What is wrong with a file or a row of it, in words that say what to mend?

use std::collections::BTreeMap;
use std::fmt;

use crate::domain::limits;

/// Characters of a bad value that a report repeats.
const VALUE_CHARS: usize = 64;

/// A value and why it is refused. What the reader finds, and what a sink answers where a name is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The column; empty where the row as a whole is meant.
    pub column: &'static str,
    /// What stands there.
    pub value: String,
    /// Why it will not do.
    pub reason: String,
}

impl Refusal {
    /// A refusal of `value`, which is shortened.
    #[must_use]
    #[cold]
    pub fn new(column: &'static str, value: &str, reason: impl fmt::Display) -> Self {
        Self { column, value: shorten(value), reason: reason.to_string() }
    }
}

/// A row that is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The file.
    pub file: String,
    /// The row. In CSV the header is row 1, blank lines count, and a record with line ends inside quotes is one row, as
    /// a spreadsheet shows it. In Parquet the first row is 1.
    pub row: u64,
    /// The column; empty where the row as a whole is meant.
    pub column: String,
    /// What stands there, at most 64 characters of it.
    pub value: String,
    /// Why it will not do.
    pub reason: String,
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: row {}", self.file, self.row)?;
        if !self.column.is_empty() {
            write!(f, ", {}", self.column)?;
        }
        if self.value.is_empty() {
            write!(f, ": {}", self.reason)
        } else {
            write!(f, ": \"{}\" {}", self.value, self.reason)
        }
    }
}

/// Collects row faults: keeps the first [`limits::REPORTED_ROW_ERRORS`], counts all.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    kept: Vec<RowFault>,
    count: u64,
    by_reason: BTreeMap<String, u64>,
}

impl Faults {
    /// Adds a refusal of a row of `file`.
    #[cold]
    pub fn add(&mut self, file: &str, row: u64, refusal: Refusal) {
        self.count += 1;
        let reason = match self.by_reason.len() < limits::REPORTED_ROW_ERRORS {
            true => refusal.reason.as_str(),
            false if self.by_reason.contains_key(&refusal.reason) => refusal.reason.as_str(),
            false => "(other reasons)",
        };
        match self.by_reason.get_mut(reason) {
            Some(count) => *count += 1,
            None => {
                self.by_reason.insert(reason.to_owned(), 1);
            }
        }
        if self.kept.len() < limits::REPORTED_ROW_ERRORS {
            let Refusal { column, value, reason } = refusal;
            self.kept.push(RowFault { file: file.to_owned(), row, column: column.to_owned(), value, reason });
        }
    }

    /// The first of them, in the order found.
    #[must_use]
    pub fn kept(&self) -> &[RowFault] {
        &self.kept
    }

    /// How many there were, kept or not.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// None?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many there were of each reason; reasons past the thousandth are counted together.
    #[must_use]
    pub fn by_reason(&self) -> &BTreeMap<String, u64> {
        &self.by_reason
    }
}

/// A file that can't be read to its end. What was read of it before does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {problem}")]
pub struct FileFault {
    /// The file.
    pub file: String,
    /// What is wrong with it.
    pub problem: FileProblem,
}

/// What is wrong with a file as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// The system would not give or take it.
    #[error("{0}")]
    Io(String),
    /// Not one byte.
    #[error("is empty: a header line is needed")]
    Empty,
    /// The first line names no column of the kind.
    #[error("has no header line of {kind}: its first line is \"{line}\"")]
    NoHeader {
        /// The kind expected.
        kind: &'static str,
        /// The first line, shortened.
        line: String,
    },
    /// The header names unknown columns, or some twice, or lacks some.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Columns(Vec<ColumnFault>),
    /// A byte-order mark.
    #[error("begins with a byte-order mark: save it as UTF-8 without one")]
    ByteOrderMark,
    /// Not UTF-8.
    #[error("row {row}, byte {offset}: is not UTF-8{}", .likely.map(|name| format!("; it looks like {name}: convert it to UTF-8")).unwrap_or_default())]
    NotUtf8 {
        /// The row.
        row: u64,
        /// Offset of the byte at fault from the file's begin.
        offset: u64,
        /// What it seems to be encoded in.
        likely: Option<&'static str>,
    },
    /// A line without end.
    #[error("row {row}: is longer than {limit} bytes: is a closing quote missing?")]
    LineTooLong {
        /// The row.
        row: u64,
        /// What is accepted.
        limit: usize,
    },
    /// A quote that is opened and never closed.
    #[error("row {row}: a quote is opened and never closed")]
    OpenQuote {
        /// The row.
        row: u64,
    },
    /// Text between a closing quote and the next delimiter.
    #[error("row {row}: text follows a closing quote: write a quote inside a quoted field twice")]
    AfterQuote {
        /// The row.
        row: u64,
    },
    /// Not a whole Parquet file.
    #[error("is no whole Parquet file: {0}")]
    Parquet(String),
}

/// What is wrong with a column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ColumnFault {
    /// Not a column of the kind.
    #[error("unknown column \"{name}\"{}", .nearest.map(|known| format!(" (is \"{known}\" meant?)")).unwrap_or_default())]
    Unknown {
        /// As written.
        name: String,
        /// What is likely meant.
        nearest: Option<&'static str>,
    },
    /// Required, and not there.
    #[error("column \"{name}\" is missing")]
    Missing {
        /// Its name.
        name: &'static str,
    },
    /// There twice.
    #[error("column \"{name}\" is there twice")]
    Duplicate {
        /// Its name.
        name: String,
    },
    /// Of a Parquet type that can't hold it.
    #[error("column \"{name}\" is {found}: {wanted} is needed")]
    WrongType {
        /// Its name.
        name: &'static str,
        /// The type it has.
        found: String,
        /// The types it may have.
        wanted: &'static str,
    },
}

impl ColumnFault {
    /// Is it an unknown name with a known one near it?
    pub(super) fn has_hint(&self) -> bool {
        matches!(self, Self::Unknown { nearest: Some(_), .. })
    }
}

/// At most 64 characters of a value; the last is an ellipsis where more was there.
pub(super) fn shorten(value: &str) -> String {
    if value.chars().nth(VALUE_CHARS).is_none() {
        return value.to_owned();
    }
    value.chars().take(VALUE_CHARS - 1).chain(['…']).collect()
}
