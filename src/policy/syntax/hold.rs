//! Who may not order while debts are overdue?

use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;

use super::{At, ContractCriterion, PeriodOf, Selection, Text};

/// A hold on contracts while something is overdue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Its id.
    pub id: String,
    /// What a person reads.
    pub name: Text,
    /// Which contracts it holds.
    pub contracts: Selection<ContractCriterion>,
    /// Whose debts it looks at.
    pub of: PeriodOf,
    /// The oldest debt is overdue for more days than that.
    pub overdue_days: u32,
    /// More than that is overdue.
    pub overdue_amount: Micros,
    /// Does it block orders, or is it only told?
    pub blocks: bool,
    /// The currency of the amount; the policy's where absent.
    pub currency: Option<Currency>,
    /// Where it stands.
    pub at: At,
}
