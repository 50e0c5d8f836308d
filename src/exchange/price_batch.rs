//! How are price lines written as Parquet? Gathered column by column, written in batches of one row group's part.

use std::fs::File;
use std::io::BufWriter;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Builder, Decimal128Builder, Int64Builder, RecordBatch, StringDictionaryBuilder,
    TimestampMillisecondBuilder,
};
use arrow::datatypes::{DataType, Field, Int32Type, Schema, SchemaRef, TimeUnit};
use arrow::error::ArrowError;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use crate::domain::decimal::Micros;
use crate::domain::time::{CivilSecond, Window};

use super::kind::{Holds, Kind};
use super::moments::{END_OF_DATES, LAST_DAY};
use super::price_fields::{bounds, formula_text, mode_text, op_text, over_text};
use super::price_line::{LineValue, PriceLine, TargetName};

/// Digits of a decimal, six of them after the point.
const PRECISION: u8 = 19;
const SCALE: i8 = 6;
/// Rows that are gathered before they are encoded.
const BATCH_ROWS: usize = 64 << 10;
/// Rows of a row group.
const GROUP_ROWS: usize = 1 << 20;
/// Bytes of distinct ids up to which a column is written by dictionary.
const DICTIONARY_BYTES: usize = 8 << 20;

type Text = StringDictionaryBuilder<Int32Type>;

/// Writes the rows of a prices file.
pub(super) struct PriceBatch {
    out: ArrowWriter<BufWriter<File>>,
    schema: SchemaRef,
    rows: usize,
    /// price_list, sku, category, brand, unit, tier_mode, over, formula, percent_of, currency, flags, op.
    texts: [Text; 12],
    per: Int64Builder,
    /// from, above, to, price, percent.
    decimals: [Decimal128Builder; 5],
    from: TimestampMillisecondBuilder,
    to: TimestampMillisecondBuilder,
    through: Date32Builder,
}

fn schema() -> SchemaRef {
    let field = |(name, holds): (&'static str, Holds)| {
        let of = match (name, holds) {
            (_, Holds::Text) => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            (_, Holds::Decimal) => DataType::Decimal128(PRECISION, SCALE),
            (_, Holds::Whole) => DataType::Int64,
            ("valid_through", Holds::Moment) => DataType::Date32,
            (_, Holds::Moment) => DataType::Timestamp(TimeUnit::Millisecond, None),
        };
        Field::new(name, of, true)
    };
    let columns = Kind::Prices.columns().iter().map(|column| (column.name, column.holds));
    Arc::new(Schema::new(columns.map(field).collect::<Vec<_>>()))
}

fn decimals() -> Decimal128Builder {
    Decimal128Builder::new().with_data_type(DataType::Decimal128(PRECISION, SCALE))
}

fn put(column: &mut Text, text: &str) -> Result<(), ArrowError> {
    if text.is_empty() {
        column.append_null();
        return Ok(());
    }
    column.append(text).map(|_| ())
}

impl PriceBatch {
    pub(super) fn new(out: BufWriter<File>) -> Result<Self, ParquetError> {
        let schema = schema();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_dictionary_page_size_limit(DICTIONARY_BYTES)
            .build();
        Ok(Self {
            out: ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties))?,
            schema,
            rows: 0,
            texts: std::array::from_fn(|_| Text::new()),
            per: Int64Builder::new(),
            decimals: std::array::from_fn(|_| decimals()),
            from: TimestampMillisecondBuilder::new(),
            to: TimestampMillisecondBuilder::new(),
            through: Date32Builder::new(),
        })
    }

    pub(super) fn write(&mut self, line: &PriceLine<'_>) -> Result<(), ParquetError> {
        let (sku, category, brand) = match line.target {
            TargetName::Sku(sku) => (sku, "", ""),
            TargetName::Category(path) => ("", path, ""),
            TargetName::Brand(brand) => ("", "", brand),
        };
        let (price, percent, of) = match line.value {
            LineValue::Price(price) => (Some(price), None, ""),
            LineValue::Percent { percent, of } => (None, Some(percent), of),
            LineValue::Formula { .. } | LineValue::Remove => (None, None, ""),
        };
        let formula = formula_text(&line.value).unwrap_or_default();
        let flags = line.flags.to_text();
        let texts = [
            line.list,
            sku,
            category,
            brand,
            line.unit.unwrap_or_default(),
            mode_text(line.mode),
            over_text(line.over),
            &formula,
            of,
            line.currency.unwrap_or_default(),
            &flags,
            op_text(&line.value),
        ];
        for (column, text) in self.texts.iter_mut().zip(texts) {
            put(column, text)?;
        }
        self.per.append_option((line.per != 1).then_some(i64::from(line.per)));
        let (from, above) = bounds(line);
        for (column, value) in self.decimals.iter_mut().zip([from, above, line.upper, price, percent]) {
            column.append_option(value.map(|Micros(value)| i128::from(value)));
        }
        self.put_window(line.window);
        self.rows += 1;
        if self.rows == BATCH_ROWS { self.flush() } else { Ok(()) }
    }

    fn put_window(&mut self, window: Window) {
        let millis = |at: Option<CivilSecond>| at.map(|at| at.0.saturating_mul(1_000));
        let last = window.to == Some(END_OF_DATES);
        self.from.append_option(millis(window.from));
        self.to.append_option(millis(window.to.filter(|_| !last)));
        self.through.append_option(i32::try_from(LAST_DAY).ok().filter(|_| last));
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        let mut texts = self.texts.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef);
        let mut decimals = self.decimals.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef);
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        for column in Kind::Prices.columns() {
            let next = match (column.holds, column.name) {
                (Holds::Text, _) => texts.next(),
                (Holds::Decimal, _) => decimals.next(),
                (Holds::Whole, _) => Some(Arc::new(self.per.finish()) as ArrayRef),
                (Holds::Moment, "valid_from") => Some(Arc::new(self.from.finish()) as ArrayRef),
                (Holds::Moment, "valid_to") => Some(Arc::new(self.to.finish()) as ArrayRef),
                (Holds::Moment, _) => Some(Arc::new(self.through.finish()) as ArrayRef),
            };
            columns.extend(next);
        }
        self.rows = 0;
        self.out.write(&RecordBatch::try_new(Arc::clone(&self.schema), columns)?)
    }

    pub(super) fn finish(mut self) -> Result<(), ParquetError> {
        if self.rows > 0 {
            self.flush()?;
        }
        self.out.close().map(|_| ())
    }
}
