//! How are generated prices written as CSV? With the columns that their mode needs and no more: random ones need three
//! of the twenty-one, and files of a hundred million rows are read and written over and over.

use std::io::Write;

use crate::domain::decimal::Micros;
use crate::domain::ladder::{Over, TierMode};
use crate::domain::time::CivilSecond;

use crate::exchange::formula::Formula;
use crate::exchange::price_line::{LineValue, PriceLine, TargetName};

use super::options::Mode;
use super::price_rows::PriceSink;

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

    fn value(&mut self, value: &LineValue<'_>) -> Result<(), csv::Error> {
        let (mut price, mut percent, mut formula, mut percent_of) = (None, None, String::new(), "");
        match *value {
            LineValue::Price(found) => price = Some(found),
            LineValue::Percent { percent: found, of } => (percent, percent_of) = (Some(found), of),
            LineValue::Formula { index, coefficient, premium } => {
                formula = Formula { index, coefficient, premium }.to_string();
            }
            LineValue::Remove => {}
        }
        self.decimal(price, 2)?;
        self.decimal(percent, 0)?;
        self.out.write_field(formula)?;
        self.out.write_field(percent_of)
    }
}

impl<W: Write> PriceSink for CsvPrices<W> {
    type Error = csv::Error;

    fn put(&mut self, row: &PriceLine<'_>) -> Result<(), csv::Error> {
        let (sku, category, brand) = match row.target {
            TargetName::Sku(sku) => (sku, "", ""),
            TargetName::Category(path) => ("", path, ""),
            TargetName::Brand(brand) => ("", "", brand),
        };
        self.out.write_field(row.list)?;
        self.out.write_field(sku)?;
        if self.mode == Mode::Random {
            let LineValue::Price(price) = row.value else { return Ok(()) };
            self.decimal(Some(price), 2)?;
            return self.out.write_record(None::<&[u8]>);
        }
        self.out.write_field(category)?;
        self.out.write_field(brand)?;
        self.out.write_field(row.unit.unwrap_or_default())?;
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
        self.value(&row.value)?;
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

/// Appends a decimal that is not negative: at least `least` (0 or 2) digits after the point, and as many as it needs.
fn push_decimal(out: &mut Vec<u8>, value: Micros, least: u32) {
    if value.is_negative() || least > 2 || value.0 % 10_000 != 0 {
        out.extend_from_slice(value.to_text(least).as_bytes());
        return;
    }
    let cents = value.0.unsigned_abs() / 10_000;
    push_whole(out, cents / 100);
    if least == 2 || cents % 100 != 0 {
        let digit = |value: u64| u8::try_from(value % 10).map_or(b'0', |digit| b'0' + digit);
        out.push(b'.');
        out.push(digit(cents / 10));
        if least == 2 || cents % 10 != 0 {
            out.push(digit(cents));
        }
    }
}

/// Appends a whole number.
fn push_whole(out: &mut Vec<u8>, value: u64) {
    let mut digits = [0_u8; 20];
    let mut rest = value;
    let mut used = 0;
    for slot in digits.iter_mut().rev() {
        *slot = u8::try_from(rest % 10).map_or(b'0', |digit| b'0' + digit);
        rest /= 10;
        used += 1;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(digits.len() - used..).unwrap_or_default());
}
