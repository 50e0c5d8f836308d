//! How are price rows written as CSV? With the columns that their mode needs.

use std::io::Write;

use crate::domain::cell::Value;
use crate::domain::decimal::Micros;
use crate::domain::ladder::{Over, TierMode};
use crate::domain::time::CivilSecond;

use super::options::Mode;
use super::price_rows::{PriceRow, PriceSink, push_decimal, push_formula, push_whole};

const STRUCTURED: &[&str] = &[
    "price_list",
    "sku",
    "category",
    "brand",
    "unit",
    "per",
    "tier_mode",
    "over",
    "from",
    "above",
    "price",
    "percent",
    "formula",
    "percent_of",
    "valid_from",
    "valid_to",
    "flags",
];
const RANDOM: &[&str] = &["price_list", "sku", "price"];

/// Writes price rows as CSV.
pub(super) struct CsvPrices<W: Write> {
    out: csv::Writer<W>,
    mode: Mode,
    text: Vec<u8>,
    /// The window written last, as promotions share a few.
    moment: (Option<CivilSecond>, String),
}

impl<W: Write> CsvPrices<W> {
    pub(super) fn new(out: W, mode: Mode) -> Result<Self, csv::Error> {
        let mut out = csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(out);
        out.write_record(match mode {
            Mode::Structured => STRUCTURED,
            Mode::Random => RANDOM,
        })?;
        Ok(Self { out, mode, text: Vec::with_capacity(64), moment: (None, String::new()) })
    }

    pub(super) fn finish(mut self) -> Result<(), csv::Error> {
        self.out.flush().map_err(csv::Error::from)
    }

    fn decimal(&mut self, value: Option<Micros>, least: u32) -> Result<(), csv::Error> {
        self.text.clear();
        if let Some(value) = value {
            push_decimal(&mut self.text, value, least);
        }
        self.out.write_field(&self.text)
    }

    fn moment(&mut self, at: Option<CivilSecond>) -> Result<(), csv::Error> {
        if at.is_none() {
            return self.out.write_field("");
        }
        if self.moment.0 != at {
            self.moment = (at, at.map(|at| at.to_string()).unwrap_or_default());
        }
        self.out.write_field(&self.moment.1)
    }

    fn value(&mut self, row: &PriceRow<'_>) -> Result<(), csv::Error> {
        match row.value {
            Value::Price(price) => {
                self.decimal(Some(price), 2)?;
                self.out.write_field("")?;
                self.out.write_field("")?;
            }
            Value::Percent { percent, .. } => {
                self.out.write_field("")?;
                self.decimal(Some(percent), 0)?;
                self.out.write_field("")?;
            }
            Value::Formula { coefficient, premium, .. } => {
                self.out.write_field("")?;
                self.out.write_field("")?;
                self.text.clear();
                push_formula(&mut self.text, coefficient, premium);
                self.out.write_field(&self.text)?;
            }
        }
        self.out.write_field(row.percent_of)
    }
}

impl<W: Write> PriceSink for CsvPrices<W> {
    type Error = csv::Error;

    fn put(&mut self, row: &PriceRow<'_>) -> Result<(), csv::Error> {
        self.out.write_field(row.list)?;
        self.out.write_field(row.sku)?;
        if self.mode == Mode::Random {
            let Value::Price(price) = row.value else { return Ok(()) };
            self.decimal(Some(price), 2)?;
            return self.out.write_record(None::<&[u8]>);
        }
        self.out.write_field(row.category)?;
        self.out.write_field(row.brand)?;
        self.out.write_field(row.unit)?;
        self.text.clear();
        if row.per != 1 {
            push_whole(&mut self.text, u64::from(row.per));
        }
        self.out.write_field(&self.text)?;
        let graduated = row.mode == TierMode::Graduated;
        self.out.write_field(if graduated { "graduated" } else { "" })?;
        self.out.write_field(if row.over == Over::Sku { "sku" } else { "" })?;
        let lower = (row.lower != Micros::ZERO).then_some(row.lower);
        self.decimal(lower.filter(|_| !graduated), 0)?;
        self.decimal(lower.filter(|_| graduated), 0)?;
        self.value(row)?;
        self.moment(row.window.from)?;
        self.moment(row.window.to)?;
        if row.flags.0 == 0 {
            self.out.write_field("")?;
        } else {
            self.out.write_field(row.flags.to_text())?;
        }
        self.out.write_record(None::<&[u8]>)
    }
}
