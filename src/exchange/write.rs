//! How do rows go out? Streaming, into files that read back as what was written.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::fault::Refusal;
use super::formula::check_index_id;
use super::kind::Column;
use super::master::MasterRow;
use super::price_batch::PriceBatch;
use super::price_fields::PriceFields;
use super::price_line::{LineValue, PriceLine};
use super::source::Format;

/// Bytes gathered before they go to the system.
const BUFFER_BYTES: usize = 1 << 20;

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteFault {
    /// The system would not take it.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// CSV would not.
    #[error("{0}")]
    Csv(#[from] csv::Error),
    /// Parquet would not.
    #[error("{0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// A value that would not read back as it is.
    #[error("{}: \"{}\" {}", .0.column, .0.value, .0.reason)]
    Value(Refusal),
}

enum Output {
    Csv(Box<PriceFields<Box<dyn Write + Send>>>),
    Parquet(Box<PriceBatch>),
}

/// Writes price lines; [`PriceLine::row`] is not written.
pub struct PriceWriter {
    output: Output,
    rows: u64,
}

fn names(columns: &'static [Column]) -> impl Iterator<Item = &'static str> {
    columns.iter().map(|column| column.name)
}

impl PriceWriter {
    /// A new file at `path`, in place of what is there.
    ///
    /// # Errors
    /// What the system says.
    pub fn create(path: &Path, format: Format) -> Result<Self, WriteFault> {
        let file = BufWriter::with_capacity(BUFFER_BYTES, File::create(path)?);
        match format {
            Format::Csv => Self::csv(Box::new(file)),
            Format::Parquet => {
                Ok(Self { output: Output::Parquet(Box::new(PriceBatch::new(file)?)), rows: 0 })
            }
        }
    }

    /// CSV into anything, a terminal's output for one.
    ///
    /// # Errors
    /// What the system says.
    pub fn csv(out: Box<dyn Write + Send>) -> Result<Self, WriteFault> {
        let fields = PriceFields::new(out, names(super::kind::Kind::Prices.columns()))?;
        Ok(Self { output: Output::Csv(Box::new(fields)), rows: 0 })
    }

    /// Writes one line.
    ///
    /// # Errors
    /// An index that could not be told from its formula, and what the system says.
    pub fn write(&mut self, line: &PriceLine<'_>) -> Result<(), WriteFault> {
        if let LineValue::Formula { index, .. } = line.value {
            check_index_id(index)
                .map_err(|error| WriteFault::Value(Refusal::new("formula", index, error)))?;
        }
        match &mut self.output {
            Output::Csv(fields) => fields.write(line)?,
            Output::Parquet(batch) => batch.write(line)?,
        }
        self.rows += 1;
        Ok(())
    }

    /// Completes the file and answers with the number of rows. A file that is not finished is no whole file.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(self) -> Result<u64, WriteFault> {
        match self.output {
            Output::Csv(fields) => fields.finish()?,
            Output::Parquet(batch) => batch.finish()?,
        }
        Ok(self.rows)
    }
}

/// Writes master data of one kind as CSV.
pub struct MasterWriter<T> {
    out: csv::Writer<Box<dyn Write + Send>>,
    rows: u64,
    kind: std::marker::PhantomData<fn(&T)>,
}

impl<T: MasterRow> MasterWriter<T> {
    /// A new file at `path`, in place of what is there.
    ///
    /// # Errors
    /// What the system says.
    pub fn create(path: &Path) -> Result<Self, WriteFault> {
        Self::new(Box::new(BufWriter::with_capacity(BUFFER_BYTES, File::create(path)?)))
    }

    /// Into anything.
    ///
    /// # Errors
    /// What the system says.
    pub fn new(out: Box<dyn Write + Send>) -> Result<Self, WriteFault> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(names(T::KIND.columns()))?;
        Ok(Self { out, rows: 0, kind: std::marker::PhantomData })
    }

    /// Writes one row.
    ///
    /// # Errors
    /// A value that would not read back as it is, and what the system says.
    pub fn write(&mut self, row: &T) -> Result<(), WriteFault> {
        let fields = row.fields().map_err(WriteFault::Value)?;
        self.out.write_record(fields.iter().map(|field| field.as_bytes()))?;
        self.rows += 1;
        Ok(())
    }

    /// Completes the file and answers with the number of rows.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(mut self) -> Result<u64, WriteFault> {
        self.out.flush()?;
        Ok(self.rows)
    }
}
