//! How much may several retro-bonus agreements give together?

use crate::domain::decimal::Micros;

use super::{At, Text};

/// A cap over agreements that have the same periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BonusCap {
    /// Its id.
    pub id: String,
    /// What a person reads.
    pub name: Text,
    /// The ids of the agreements; at least one.
    pub agreements: Vec<(String, At)>,
    /// How much.
    pub most: MostOf,
    /// Where it stands.
    pub at: At,
}

/// How much is the most of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MostOf {
    /// An amount, in the agreements' currency.
    Amount(Micros),
    /// Percent of the contract's net amounts of all goods in the period.
    Percent(Micros),
}
