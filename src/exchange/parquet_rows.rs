//! What do the rows of a Parquet file say? Batches of the columns that the kind knows.
//!
//! Strings are read as views into the pages, so that a repeated value costs no copy.

use std::fs::File;
use std::sync::Arc;

use arrow::array::{Array, Decimal128Array, Int64Array, RecordBatch, StringViewArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::arrow::parquet_to_arrow_schema;

use crate::domain::decimal::{DecimalError, MAX_WHOLE, MILLION, Micros};
use crate::domain::time::DAY_SECONDS;

use super::cells::{Cells, NOT_WHOLE, Stamp, parse_whole};
use super::columns::{ABSENT, Layout};
use super::fault::{ColumnFault, FileProblem, Refusal};
use super::kind::{Column, Holds};
use super::source::Source;

/// Rows of a batch.
const BATCH_ROWS: usize = 8_192;

/// The rows of a Parquet file.
pub(super) struct ParquetRows {
    reader: ParquetRecordBatchReader,
    layout: Layout,
    bytes: u64,
    rows: u64,
}

/// Some rows.
pub(super) struct Batch<'a> {
    columns: &'static [Column],
    values: Vec<Values>,
    len: usize,
    _file: &'a ParquetRows,
}

/// One row.
pub(super) struct ParquetRow<'a> {
    columns: &'static [Column],
    values: &'a [Values],
    at: usize,
}

/// The values of one column, in one of the shapes that everything accepted is brought to.
enum Values {
    Absent,
    Text(StringViewArray),
    Decimal { unscaled: Decimal128Array, scale: i8 },
    Whole(Int64Array),
    Days(Int64Array),
    Moments { ticks: Int64Array, per_second: i64 },
}

fn broken(error: impl std::fmt::Display) -> FileProblem {
    FileProblem::Parquet(error.to_string())
}

impl ParquetRows {
    pub(super) fn open(source: &Source) -> Result<Self, FileProblem> {
        let io = |error: std::io::Error| FileProblem::Io(error.to_string());
        let file = File::open(&source.path).map_err(io)?;
        let bytes = file.metadata().map_err(io)?.len();
        if bytes == 0 {
            return Err(broken("it is empty"));
        }
        let plain = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let metadata = ArrowReaderMetadata::load(&file, plain).map_err(broken)?;
        let file_schema = metadata.metadata().file_metadata().schema_descr();
        let schema = parquet_to_arrow_schema(file_schema, None).map_err(broken)?;
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let layout = Layout::resolve(source.kind, &names).map_err(FileProblem::Columns)?;
        check_types(&layout, &schema)?;
        let options = ArrowReaderOptions::new().with_schema(Arc::new(with_views(&schema)));
        let metadata =
            ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), options).map_err(broken)?;
        let rows = u64::try_from(metadata.metadata().file_metadata().num_rows()).unwrap_or_default();
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
            .with_batch_size(BATCH_ROWS)
            .build()
            .map_err(broken)?;
        Ok(Self { reader, layout, bytes, rows })
    }

    /// Bytes of the file that `rows` rows stand for.
    pub(super) fn bytes_done(&self, rows: u64) -> u64 {
        let share = u128::from(self.bytes) * u128::from(rows) / u128::from(self.rows.max(1));
        u64::try_from(share).unwrap_or(self.bytes)
    }

    pub(super) fn next_batch(&mut self) -> Result<Option<Batch<'_>>, FileProblem> {
        let Some(batch) = self.reader.next() else { return Ok(None) };
        let batch = batch.map_err(broken)?;
        let values = self
            .layout
            .positions
            .iter()
            .map(|position| values_of(&batch, *position))
            .collect::<Result<_, _>>()?;
        Ok(Some(Batch { columns: self.layout.columns, values, len: batch.num_rows(), _file: self }))
    }
}

/// The schema in which every string is a view.
fn with_views(schema: &Schema) -> Schema {
    let as_view = |field: &Arc<Field>| match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 => {
            Arc::new(field.as_ref().clone().with_data_type(DataType::Utf8View))
        }
        _ => Arc::clone(field),
    };
    Schema::new(schema.fields().iter().map(as_view).collect::<Vec<_>>())
}

fn check_types(layout: &Layout, schema: &Schema) -> Result<(), FileProblem> {
    let mut faults = Vec::new();
    for (column, position) in layout.columns.iter().zip(&layout.positions) {
        let Some(field) = schema.fields().get(*position) else { continue };
        let found = field.data_type();
        let string =
            matches!(found, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null);
        let fits = match column.holds {
            Holds::Text => false,
            Holds::Decimal => is_whole(found) || is_decimal(found),
            Holds::Whole => is_whole(found),
            Holds::Moment => matches!(found, DataType::Date32 | DataType::Timestamp(_, None)),
        };
        if !string && !fits {
            let found = found.to_string();
            faults.push(ColumnFault::WrongType { name: column.name, found, wanted: wanted(column.holds) });
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(FileProblem::Columns(faults)) }
}

fn is_whole(found: &DataType) -> bool {
    found.is_integer() && *found != DataType::UInt64
}

fn is_decimal(found: &DataType) -> bool {
    matches!(found, DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..))
}

fn wanted(holds: Holds) -> &'static str {
    match holds {
        Holds::Text => "a string",
        Holds::Decimal => "a decimal, an integer or a string",
        Holds::Whole => "an integer or a string",
        Holds::Moment => "a date, a timestamp without zone or a string",
    }
}

fn values_of(batch: &RecordBatch, position: usize) -> Result<Values, FileProblem> {
    if position == ABSENT {
        return Ok(Values::Absent);
    }
    let Some(array) = batch.columns().get(position) else { return Ok(Values::Absent) };
    if array.null_count() == array.len() {
        return Ok(Values::Absent);
    }
    let whole = |array: &dyn Array| -> Result<Int64Array, FileProblem> {
        let array = cast(array, &DataType::Int64).map_err(broken)?;
        array.as_any().downcast_ref().cloned().ok_or_else(|| broken("unexpected integers"))
    };
    match array.data_type() {
        DataType::Decimal32(_, scale) | DataType::Decimal64(_, scale) | DataType::Decimal128(_, scale) => {
            let array = cast(array, &DataType::Decimal128(38, *scale)).map_err(broken)?;
            let unscaled = array.as_any().downcast_ref().cloned();
            Ok(Values::Decimal {
                unscaled: unscaled.ok_or_else(|| broken("unexpected decimals"))?,
                scale: *scale,
            })
        }
        DataType::Date32 => {
            let days = cast(array, &DataType::Int32).map_err(broken)?;
            whole(&days).map(Values::Days)
        }
        DataType::Timestamp(unit, None) => {
            let per_second = match unit {
                TimeUnit::Second => 1,
                TimeUnit::Millisecond => 1_000,
                TimeUnit::Microsecond => 1_000_000,
                TimeUnit::Nanosecond => 1_000_000_000,
            };
            whole(array).map(|ticks| Values::Moments { ticks, per_second })
        }
        found if found.is_integer() => whole(array).map(Values::Whole),
        _ => {
            let array = cast(array, &DataType::Utf8View).map_err(broken)?;
            let text = array.as_any().downcast_ref().cloned();
            text.map(Values::Text).ok_or_else(|| broken("unexpected strings"))
        }
    }
}

impl Batch<'_> {
    pub(super) fn rows(&self) -> impl Iterator<Item = ParquetRow<'_>> {
        (0..self.len).map(|at| ParquetRow { columns: self.columns, values: &self.values, at })
    }
}

impl ParquetRow<'_> {
    #[cold]
    fn refuse(&self, column: usize, reason: impl std::fmt::Display) -> Refusal {
        let name = self.columns.get(column).map_or("", |column| column.name);
        Refusal::new(name, &self.shown(column), reason)
    }

    #[inline]
    fn present<'b, A: Array>(&self, array: &'b A) -> Option<&'b A> {
        array.is_valid(self.at).then_some(array)
    }
}

impl Cells for ParquetRow<'_> {
    #[inline]
    fn has(&self, column: usize) -> bool {
        !matches!(self.values.get(column), None | Some(Values::Absent))
    }

    #[inline]
    fn text(&self, column: usize) -> &str {
        match self.values.get(column) {
            Some(Values::Text(array)) => self.present(array).map_or("", |array| array.value(self.at)),
            _ => "",
        }
    }

    #[inline]
    fn decimal(&self, column: usize) -> Result<Option<Micros>, Refusal> {
        let read = match self.values.get(column) {
            Some(Values::Text(_)) => match self.text(column) {
                "" => return Ok(None),
                text => Micros::parse(text),
            },
            Some(Values::Decimal { unscaled, scale }) => match self.present(unscaled) {
                Some(array) => micros_of(array.value(self.at), *scale),
                None => return Ok(None),
            },
            Some(Values::Whole(array)) => match self.present(array) {
                Some(array) => micros_of(i128::from(array.value(self.at)), 0),
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        read.map(Some).map_err(|error| self.refuse(column, error))
    }

    #[inline]
    fn whole(&self, column: usize) -> Result<Option<u64>, Refusal> {
        let read = match self.values.get(column) {
            Some(Values::Text(_)) => match self.text(column) {
                "" => return Ok(None),
                text => parse_whole(text),
            },
            Some(Values::Whole(array)) => match self.present(array) {
                Some(array) => u64::try_from(array.value(self.at)).ok(),
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        read.map(Some).ok_or_else(|| self.refuse(column, NOT_WHOLE))
    }

    #[inline]
    fn stamp(&self, column: usize) -> Result<Stamp<'_>, Refusal> {
        match self.values.get(column) {
            Some(Values::Text(_)) => Ok(Stamp::Text(self.text(column))),
            Some(Values::Days(days)) => Ok(match self.present(days) {
                Some(days) => {
                    Stamp::At { second: days.value(self.at).saturating_mul(DAY_SECONDS), bare: true }
                }
                None => Stamp::Text(""),
            }),
            Some(Values::Moments { ticks, per_second }) => {
                match self.present(ticks).map(|ticks| ticks.value(self.at)) {
                    None => Ok(Stamp::Text("")),
                    Some(ticks) if ticks % per_second == 0 => {
                        Ok(Stamp::At { second: ticks / per_second, bare: false })
                    }
                    Some(_) => Err(self.refuse(column, "has parts of a second")),
                }
            }
            _ => Ok(Stamp::Text("")),
        }
    }

    fn shown(&self, column: usize) -> String {
        let array: &dyn Array = match self.values.get(column) {
            None | Some(Values::Absent) => return String::new(),
            Some(Values::Text(array)) => array,
            Some(Values::Decimal { unscaled, .. }) => unscaled,
            Some(Values::Whole(array) | Values::Days(array) | Values::Moments { ticks: array, .. }) => array,
        };
        if array.is_null(self.at) {
            return String::new();
        }
        match self.values.get(column) {
            Some(Values::Text(_)) => self.text(column).to_owned(),
            Some(Values::Decimal { unscaled, .. }) => unscaled.value_as_string(self.at),
            Some(Values::Whole(array)) => array.value(self.at).to_string(),
            Some(Values::Moments { ticks, per_second }) => {
                let ticks = ticks.value(self.at);
                let rest = ticks.rem_euclid(*per_second);
                let at = Stamp::At { second: ticks.div_euclid(*per_second), bare: false }.text().into_owned();
                if rest == 0 { at } else { format!("{at} and {rest}/{per_second} s") }
            }
            _ => self.stamp(column).map(|stamp| stamp.text().into_owned()).unwrap_or_default(),
        }
    }
}

/// `unscaled` / 10^scale in millionths.
#[inline]
fn micros_of(unscaled: i128, scale: i8) -> Result<Micros, DecimalError> {
    let shift = 6 - i32::from(scale);
    let power = 10_i128.checked_pow(shift.unsigned_abs()).ok_or(DecimalError::OutOfRange)?;
    let micros = if shift >= 0 {
        unscaled.checked_mul(power).ok_or(DecimalError::OutOfRange)?
    } else if unscaled % power == 0 {
        unscaled / power
    } else {
        return Err(DecimalError::TooPrecise);
    };
    let micros = i64::try_from(micros).map_err(|_| DecimalError::OutOfRange)?;
    if micros.unsigned_abs() > (MAX_WHOLE * MILLION).unsigned_abs() {
        return Err(DecimalError::OutOfRange);
    }
    Ok(Micros(micros))
}
