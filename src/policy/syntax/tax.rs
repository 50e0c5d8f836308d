//! Which tax is on what, since when? (Rule X1.)

use crate::domain::decimal::Micros;
use crate::domain::time::CivilSecond;

use super::{At, ContractCriterion, Selection};

/// The tax of a class of goods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tax {
    /// Its id.
    pub id: String,
    /// The tax class.
    pub class: String,
    /// For which contracts.
    pub contracts: Selection<ContractCriterion>,
    /// Of several that fit a contract, the highest is taken; then the lowest id.
    pub priority: i32,
    /// Its rates, ascending; at least one.
    pub rates: Vec<TaxRate>,
    /// Where it stands.
    pub at: At,
}

/// A rate of tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaxRate {
    /// Since when, on the wall of the contract's zone; always where absent.
    pub from: Option<CivilSecond>,
    /// Percent of the amount without tax.
    pub percent: Micros,
}
