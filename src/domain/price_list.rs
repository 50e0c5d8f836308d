//! What is a price list? A named set of SKU prices in one currency: one row of the matrix.

use serde::{Deserialize, Serialize};

use super::currency::Currency;
use super::ids::{ContractId, ListId};

/// A price list without its prices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceList {
    /// Its number in this store.
    pub id: ListId,
    /// Its external id.
    pub code: String,
    /// What a person reads.
    pub name: String,
    /// The currency of all its prices.
    pub currency: Currency,
    /// Do its prices include tax?
    pub gross: bool,
    /// Whose individual list it is: no other contract may name it.
    pub owner: Option<ContractId>,
}
