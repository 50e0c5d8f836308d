//! How is a price line written as CSV? Field by field, in the order of the kind's columns; defaults are left empty.

use std::io::Write;

use crate::domain::decimal::{MILLION, Micros};
use crate::domain::ladder::{Over, TierMode};
use crate::domain::time::Window;

use super::formula::Formula;
use super::moments::window_fields;
use super::price_line::{LineValue, PriceLine, TargetName};

/// Writes the rows of a prices file.
pub(super) struct PriceFields<W: Write> {
    out: csv::Writer<W>,
    digits: Vec<u8>,
    window: (Window, [String; 3]),
}

/// The formula of a line, where it has one.
pub(super) fn formula_text(value: &LineValue<'_>) -> Option<String> {
    match *value {
        LineValue::Formula { index, coefficient, premium } => {
            Some(Formula { index, coefficient, premium }.to_string())
        }
        _ => None,
    }
}

/// Digits of a decimal, without an allocation.
fn write_decimal(out: &mut Vec<u8>, value: Micros) {
    let size = value.0.unsigned_abs();
    let million = MILLION.unsigned_abs();
    let sign = if value.is_negative() { "-" } else { "" };
    let (whole, fraction) = (size / million, size % million);
    // Writing to a vector can't fail.
    let _written = write!(out, "{sign}{whole}");
    if fraction != 0 {
        let _written = write!(out, ".{fraction:06}");
        while out.last() == Some(&b'0') {
            out.pop();
        }
    }
}

impl<W: Write> PriceFields<W> {
    pub(super) fn new(out: W, header: impl Iterator<Item = &'static str>) -> csv::Result<Self> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(header.map(str::as_bytes))?;
        Ok(Self { out, digits: Vec::new(), window: (Window::ALWAYS, Default::default()) })
    }

    fn decimal(&mut self, value: Option<Micros>) -> csv::Result<()> {
        self.digits.clear();
        if let Some(value) = value {
            write_decimal(&mut self.digits, value);
        }
        self.out.write_field(&self.digits)
    }

    pub(super) fn write(&mut self, line: &PriceLine<'_>) -> csv::Result<()> {
        let (sku, category, brand) = match line.target {
            TargetName::Sku(sku) => (sku, "", ""),
            TargetName::Category(path) => ("", path, ""),
            TargetName::Brand(brand) => ("", "", brand),
        };
        for text in [line.list, sku, category, brand, line.unit.unwrap_or_default()] {
            self.out.write_field(text)?;
        }
        self.digits.clear();
        if line.per != 1 {
            let _written = write!(self.digits, "{}", line.per);
        }
        self.out.write_field(&self.digits)?;
        self.out.write_field(mode_text(line.mode))?;
        self.out.write_field(over_text(line.over))?;
        let (from, above) = bounds(line);
        self.decimal(from)?;
        self.decimal(above)?;
        self.decimal(line.upper)?;
        let (price, percent, of) = match line.value {
            LineValue::Price(price) => (Some(price), None, ""),
            LineValue::Percent { percent, of } => (None, Some(percent), of),
            LineValue::Formula { .. } | LineValue::Remove => (None, None, ""),
        };
        self.decimal(price)?;
        self.decimal(percent)?;
        self.out.write_field(formula_text(&line.value).unwrap_or_default())?;
        self.out.write_field(of)?;
        self.out.write_field(line.currency.unwrap_or_default())?;
        if self.window.0 != line.window {
            self.window = (line.window, window_fields(line.window));
        }
        for text in &self.window.1 {
            self.out.write_field(text)?;
        }
        self.out.write_field(line.flags.to_text())?;
        self.out.write_field(op_text(&line.value))?;
        self.out.write_record(None::<&[u8]>)
    }

    pub(super) fn finish(mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// `from` and `above`; empty for a tier that begins at zero.
pub(super) fn bounds(line: &PriceLine<'_>) -> (Option<Micros>, Option<Micros>) {
    let lower = Some(line.lower).filter(|lower| *lower != Micros::ZERO);
    match line.mode {
        TierMode::Volume => (lower, None),
        TierMode::Graduated => (None, lower),
    }
}

pub(super) fn mode_text(mode: TierMode) -> &'static str {
    match mode {
        TierMode::Volume => "",
        TierMode::Graduated => "graduated",
    }
}

pub(super) fn over_text(over: Over) -> &'static str {
    match over {
        Over::Line => "",
        Over::Sku => "sku",
    }
}

pub(super) fn op_text(value: &LineValue<'_>) -> &'static str {
    if *value == LineValue::Remove { "remove" } else { "" }
}
