//! Under what does a counterparty buy? Its contract: lists in the order asked, currency, zone, validity, rounding.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::currency::Currency;
use super::ids::{ContractId, CounterpartyId, ListId};
use super::rounding::{Rounding, TaxRounding};
use super::time::Window;

/// A legal entity that buys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counterparty {
    /// Its number in this store.
    pub id: CounterpartyId,
    /// Its external id.
    pub code: String,
    /// What a person reads.
    pub name: String,
    /// The holding it belongs to, by the holding's external id.
    pub holding: Option<String>,
}

/// Which list of the access sequence wins (rule C3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum AccessMode {
    /// The first list that has a price.
    #[default]
    First,
    /// The list whose amount is lowest; ties go to the earlier.
    Lowest,
}

/// What a cart or line must be like for an entry of the access sequence to be asked; `None` asks nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Conditions {
    /// The warehouse the goods leave from.
    pub warehouse: Option<String>,
    /// The delivery basis, as in `EXW`.
    pub delivery_basis: Option<String>,
    /// Portal, ERP, manager, or what else the seller calls its channels.
    pub channel: Option<String>,
    /// From stock or made to order.
    pub fulfilment: Option<String>,
}

/// The circumstances of a cart that conditions are held against; empty texts were not stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Circumstances<'a> {
    /// The warehouse the goods leave from.
    pub warehouse: &'a str,
    /// The delivery basis.
    pub delivery_basis: &'a str,
    /// The channel.
    pub channel: &'a str,
    /// From stock or made to order.
    pub fulfilment: &'a str,
    /// The payment terms of this cart, where others than the contract's.
    pub payment_terms: &'a str,
}

impl Conditions {
    /// Nothing is asked?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.warehouse.is_none()
            && self.delivery_basis.is_none()
            && self.channel.is_none()
            && self.fulfilment.is_none()
    }

    /// Are all conditions met?
    #[must_use]
    pub fn met_by(&self, cart: &Circumstances<'_>) -> bool {
        let met = |asked: &Option<String>, stated: &str| asked.as_deref().is_none_or(|asked| asked == stated);
        met(&self.warehouse, cart.warehouse)
            && met(&self.delivery_basis, cart.delivery_basis)
            && met(&self.channel, cart.channel)
            && met(&self.fulfilment, cart.fulfilment)
    }
}

/// One entry of an access sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessEntry {
    /// The list asked.
    pub list: ListId,
    /// When it is asked.
    pub conditions: Conditions,
}

/// A contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// Its number in this store.
    pub id: ContractId,
    /// Its external id.
    pub code: String,
    /// Who buys.
    pub counterparty: CounterpartyId,
    /// The currency of every figure in an answer.
    pub currency: Currency,
    /// IANA name of the zone whose civil time windows are held against.
    pub zone: String,
    /// When it holds.
    pub validity: Window,
    /// First or lowest.
    pub access_mode: AccessMode,
    /// The lists, in the order asked.
    pub access: Vec<AccessEntry>,
    /// The list shown as list price.
    pub reference_list: Option<ListId>,
    /// Rounding.
    pub rounding: Rounding,
    /// Who pays, where another.
    pub payer: Option<CounterpartyId>,
    /// Who receives the goods, where another.
    pub ship_to: Option<CounterpartyId>,
    /// Payment terms, as the ERP names them.
    pub payment_terms: Option<String>,
    /// How tax is rounded (rule X1).
    pub tax_rounding: TaxRounding,
    /// Text of the notice that blocks orders, where the contract is on hold.
    pub hold: Option<String>,
    /// Free attributes.
    pub attributes: BTreeMap<String, String>,
}
