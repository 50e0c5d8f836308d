//! Which prices are shown beside the buyer's own? The lowest and the recommended price of resale, say (rule G5).

use super::{At, ContractCriterion, Selection, Text};

/// A list whose prices are shown to buyers; it sets no price and is no floor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownPrice {
    /// Its id.
    pub id: String,
    /// What a person reads.
    pub name: Text,
    /// The price list.
    pub list: String,
    /// To which contracts.
    pub contracts: Selection<ContractCriterion>,
    /// Where it stands.
    pub at: At,
}
