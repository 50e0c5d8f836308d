//! What does a row of `exchange_rates` or `index_values` say?

use std::borrow::Cow;

use super::reader::MasterRow;
use super::row::Row;
use super::written::{number, text};
use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;
use crate::domain::market::ExchangeRate;
use crate::domain::time::{CivilSecond, DAY_SECONDS};
use crate::exchange::fault::Refusal;
use crate::exchange::formula::check_index_id;
use crate::exchange::kind::Kind;
use crate::exchange::moments::moment_text;

/// Most units that a rate may be for.
const PER_MAX: u64 = 1_000_000_000;

/// An exchange rate from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExchangeRateRow {
    /// The currency that is changed.
    pub from: Currency,
    /// The currency it is changed into.
    pub to: Currency,
    /// The midnight from which on it holds.
    pub valid_from: CivilSecond,
    /// The rate.
    pub rate: ExchangeRate,
}

impl MasterRow for ExchangeRateRow {
    const KIND: Kind = Kind::ExchangeRates;

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let from = row.currency("from");
        let to = row.currency("to");
        let valid_from = row.moment("valid_from");
        let rate = row.required_decimal("rate", Micros(1), "is not above zero");
        let per = row.whole("per", 1, 1..=PER_MAX);
        if from.is_some() && from == to {
            row.refuse("to", "is the currency of from");
        }
        if valid_from.is_some_and(|at| at.0.rem_euclid(DAY_SECONDS) != 0) {
            row.refuse("valid_from", "has a time: rates hold from a date on");
        }
        let rate = ExchangeRate { rate: rate?, per: u32::try_from(per?).ok()? };
        Some(Self { from: from?, to: to?, valid_from: valid_from?, rate })
    }

    fn key(&self) -> Vec<Cow<'_, str>> {
        vec![number(self.from), number(self.to), Cow::Owned(moment_text(self.valid_from))]
    }

    fn fields(&self) -> Result<Vec<Cow<'_, str>>, Refusal> {
        let mut fields = self.key();
        fields.extend([number(self.rate.rate), number(self.rate.per)]);
        Ok(fields)
    }
}

/// A value of an index from an instant on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexValueRow {
    /// The index.
    pub index: String,
    /// From when on it holds.
    pub valid_from: CivilSecond,
    /// The value.
    pub value: Micros,
}

impl MasterRow for IndexValueRow {
    const KIND: Kind = Kind::IndexValues;

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let index = row.id("index");
        if index.is_some() {
            row.checked("index", check_index_id);
        }
        let valid_from = row.moment("valid_from");
        let value = row.required_decimal("value", Micros(i64::MIN), "");
        Some(Self { index: index?, valid_from: valid_from?, value: value? })
    }

    fn key(&self) -> Vec<Cow<'_, str>> {
        vec![text(&self.index), Cow::Owned(moment_text(self.valid_from))]
    }

    fn fields(&self) -> Result<Vec<Cow<'_, str>>, Refusal> {
        let mut fields = self.key();
        fields.push(number(self.value));
        Ok(fields)
    }
}
