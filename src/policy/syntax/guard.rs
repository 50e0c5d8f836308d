//! Below what must no price fall? (Rules G1 to G5.)

use crate::domain::decimal::Micros;

use super::{At, ContractCriterion, Selection, SkuCriterion, Text};

/// A guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// Its id.
    pub id: String,
    /// What a person reads.
    pub name: Text,
    /// On which goods.
    pub goods: Selection<SkuCriterion>,
    /// For which contracts.
    pub contracts: Selection<ContractCriterion>,
    /// Only on lines that one of these rules gives something; all lines where empty.
    pub rules: Vec<String>,
    /// What is tested.
    pub test: GuardTest,
    /// What happens where it bites.
    pub action: GuardAction,
    /// Where it stands.
    pub at: At,
}

/// What a guard tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuardTest {
    /// The price less the cost is at least so many percent of the price: price >= cost / (1 - percent / 100).
    Margin {
        /// Percent, below 100.
        percent: Micros,
        /// The list whose prices are the costs, by date; the SKU's unit cost where absent.
        cost_list: Option<String>,
    },
    /// The price is at least the cost and so many percent of the cost: price >= cost * (1 + percent / 100).
    Markup {
        /// Percent.
        percent: Micros,
        /// The list whose prices are the costs, by date; the SKU's unit cost where absent.
        cost_list: Option<String>,
    },
    /// The price is at least that of this list, at the same instant and quantity.
    FloorList(String),
    /// All discounts together are at most so many percent of an amount.
    Discount {
        /// Percent.
        percent: Micros,
        /// Of which amount (rule G4).
        of: OfAmount,
    },
}

/// Of which amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum OfAmount {
    /// The contract amount.
    #[default]
    Contract,
    /// The list amount.
    List,
}

/// What happens where a guard bites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum GuardAction {
    /// Discounts are trimmed, never above the contract price.
    #[default]
    Clamp,
    /// The price stays, and a quote of it needs approval.
    Approve,
}
