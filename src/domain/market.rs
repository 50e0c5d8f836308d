//! What do currencies and price indices stand at, and since when?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::currency::Currency;
use super::decimal::Micros;
use super::exact::{Exact, NumberError};
use super::ids::IndexId;
use super::time::CivilSecond;

/// An exchange rate: `per` units of one currency are `rate` units of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeRate {
    /// Units of the second currency, millionths.
    pub rate: Micros,
    /// Units of the first currency.
    pub per: u32,
}

impl ExchangeRate {
    /// As a fraction, unrounded (rule C6).
    ///
    /// # Errors
    /// [`NumberError::DivisionByZero`] where `per` is zero.
    pub fn exact(&self) -> Result<Exact, NumberError> {
        Exact::from(self.rate).over(&Exact::ratio(i128::from(self.per), 1)?)
    }
}

/// Effective-dated exchange rates and index values.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Market {
    /// By currencies (from, to) and the first second they hold.
    pub rates: BTreeMap<(Currency, Currency), BTreeMap<CivilSecond, ExchangeRate>>,
    /// External ids of the indices; an [`IndexId`] is a position here.
    pub indices: Vec<String>,
    /// By index and the first second they hold.
    pub index_values: BTreeMap<IndexId, BTreeMap<CivilSecond, Micros>>,
}

impl Market {
    /// The rate in force at `at`; the same currency is one to one. Only the stated direction counts: a rate back is
    /// a rate of its own, as banks state it.
    #[must_use]
    pub fn rate(&self, from: Currency, to: Currency, at: CivilSecond) -> Option<ExchangeRate> {
        if from == to {
            return Some(ExchangeRate { rate: Micros::ONE, per: 1 });
        }
        self.rates.get(&(from, to))?.range(..=at).next_back().map(|(_, rate)| *rate)
    }

    /// The value of an index in force at `at`.
    #[must_use]
    pub fn index_value(&self, index: IndexId, at: CivilSecond) -> Option<Micros> {
        self.index_values.get(&index)?.range(..=at).next_back().map(|(_, value)| *value)
    }

    /// The index with this external id.
    #[must_use]
    pub fn index(&self, code: &str) -> Option<IndexId> {
        let position = self.indices.iter().position(|known| known == code)?;
        u32::try_from(position).ok().map(IndexId)
    }
}
