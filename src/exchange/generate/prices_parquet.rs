//! How are price rows written as Parquet? With the same columns as CSV, decimals and timestamps as such.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Decimal128Builder, Int64Builder, RecordBatch, StringBuilder, TimestampMillisecondBuilder,
};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use crate::domain::cell::Value;
use crate::domain::decimal::Micros;
use crate::domain::ladder::{Over, TierMode};
use crate::domain::time::CivilSecond;

use super::options::Mode;
use super::price_rows::{PriceRow, PriceSink, push_formula};

/// Rows handed over at once.
const BATCH_ROWS: usize = 8_192;
const DECIMAL: DataType = DataType::Decimal128(18, 6);

/// The columns of a batch while they grow.
struct Columns {
    list: StringBuilder,
    sku: StringBuilder,
    /// category, brand, unit, tier_mode, over, formula, percent_of, flags
    texts: [StringBuilder; 8],
    per: Int64Builder,
    /// from, above, percent
    decimals: [Decimal128Builder; 3],
    price: Decimal128Builder,
    /// valid_from, valid_to
    moments: [TimestampMillisecondBuilder; 2],
    rows: usize,
}

impl Columns {
    fn new() -> Self {
        let decimal = || Decimal128Builder::new().with_data_type(DECIMAL);
        Self {
            list: StringBuilder::new(),
            sku: StringBuilder::new(),
            texts: Default::default(),
            per: Int64Builder::new(),
            decimals: [decimal(), decimal(), decimal()],
            price: decimal(),
            moments: Default::default(),
            rows: 0,
        }
    }

    fn take(&mut self, mode: Mode) -> Vec<ArrayRef> {
        self.rows = 0;
        let mut arrays: Vec<ArrayRef> =
            vec![Arc::new(self.list.finish()), Arc::new(self.sku.finish()), Arc::new(self.price.finish())];
        if mode == Mode::Structured {
            arrays.extend(self.texts.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef));
            arrays.push(Arc::new(self.per.finish()));
            arrays.extend(self.decimals.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef));
            arrays.extend(self.moments.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef));
        }
        arrays
    }

    /// In the order of [`Columns::take`].
    fn schema(mode: Mode) -> Schema {
        let field = |name: &str, of: DataType| Field::new(name, of, true);
        let mut fields =
            vec![field("price_list", DataType::Utf8), field("sku", DataType::Utf8), field("price", DECIMAL)];
        if mode == Mode::Structured {
            let texts = ["category", "brand", "unit", "tier_mode", "over", "formula", "percent_of", "flags"];
            fields.extend(texts.map(|name| field(name, DataType::Utf8)));
            fields.push(field("per", DataType::Int64));
            fields.extend(["from", "above", "percent"].map(|name| field(name, DECIMAL)));
            let moment = || DataType::Timestamp(TimeUnit::Millisecond, None);
            fields.extend(["valid_from", "valid_to"].map(|name| field(name, moment())));
        }
        Schema::new(fields)
    }

    fn put(&mut self, row: &PriceRow<'_>, mode: Mode) {
        self.rows += 1;
        self.list.append_value(row.list);
        self.sku.append_option(some(row.sku));
        let value = |found: Option<Micros>| found.map(|found| i128::from(found.0));
        let (mut price, mut percent, mut formula) = (None, None, Vec::new());
        match row.value {
            Value::Price(found) => price = Some(found),
            Value::Percent { percent: found, .. } => percent = Some(found),
            Value::Formula { coefficient, premium, .. } => push_formula(&mut formula, coefficient, premium),
        }
        self.price.append_option(value(price));
        if mode == Mode::Random {
            return;
        }
        let graduated = row.mode == TierMode::Graduated;
        let flags = if row.flags.0 == 0 { String::new() } else { row.flags.to_text() };
        let texts = [
            row.category,
            row.brand,
            row.unit,
            if graduated { "graduated" } else { "" },
            if row.over == Over::Sku { "sku" } else { "" },
            std::str::from_utf8(&formula).unwrap_or_default(),
            row.percent_of,
            &flags,
        ];
        for (column, text) in self.texts.iter_mut().zip(texts) {
            column.append_option(some(text));
        }
        self.per.append_option((row.per != 1).then_some(i64::from(row.per)));
        let lower = (row.lower != Micros::ZERO).then_some(row.lower);
        let decimals = [lower.filter(|_| !graduated), lower.filter(|_| graduated), percent];
        for (column, found) in self.decimals.iter_mut().zip(decimals) {
            column.append_option(value(found));
        }
        for (column, at) in self.moments.iter_mut().zip([row.window.from, row.window.to]) {
            column.append_option(at.map(|CivilSecond(second)| second.saturating_mul(1_000)));
        }
    }
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// Writes price rows as Parquet.
pub(super) struct ParquetPrices<W: Write + Send> {
    out: ArrowWriter<W>,
    schema: Arc<Schema>,
    columns: Columns,
    mode: Mode,
}

impl<W: Write + Send> ParquetPrices<W> {
    pub(super) fn new(out: W, mode: Mode) -> Result<Self, ParquetError> {
        let schema = Arc::new(Columns::schema(mode));
        let compression = Compression::ZSTD(ZstdLevel::try_new(1)?);
        let properties = WriterProperties::builder().set_compression(compression).build();
        let out = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties))?;
        Ok(Self { out, schema, columns: Columns::new(), mode })
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), self.columns.take(self.mode))?;
        self.out.write(&batch)
    }

    pub(super) fn finish(mut self) -> Result<(), ParquetError> {
        self.flush()?;
        self.out.close().map(|_| ())
    }
}

impl<W: Write + Send> PriceSink for ParquetPrices<W> {
    type Error = ParquetError;

    fn put(&mut self, row: &PriceRow<'_>) -> Result<(), ParquetError> {
        self.columns.put(row, self.mode);
        if self.columns.rows >= BATCH_ROWS { self.flush() } else { Ok(()) }
    }
}
