//! What is a document of the ledger? What an ERP says was shipped, brought back or corrected, once its names are known.

use serde::{Deserialize, Serialize};

use crate::domain::currency::Currency;
use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::domain::ids::{ContractId, CounterpartyId, SkuId, UnitId};

/// What a document does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum DocumentKind {
    /// Goods went to the buyer: a shipment or an invoice.
    #[default]
    Shipment,
    /// Goods came back, or money was credited for them: a return or a credit note. Its lines are written as positive figures.
    Return,
    /// Figures are put right: its lines are added as they are, with their signs.
    Correction,
}

impl DocumentKind {
    /// All of them, by the words that files write.
    pub const WORDS: [(&'static str, Self); 3] =
        [("shipment", Self::Shipment), ("return", Self::Return), ("correction", Self::Correction)];

    /// The word that files write.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }

    /// Do its lines take from what was bought?
    #[must_use]
    pub fn takes_back(self) -> bool {
        self == Self::Return
    }
}

/// A line, all amounts in the document's currency and, but for `tax`, without tax.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentLine {
    /// The goods.
    pub sku: SkuId,
    /// In which unit the quantity is.
    pub unit: UnitId,
    /// How much.
    pub quantity: Micros,
    /// What it would have cost at list price.
    pub list_amount: Micros,
    /// What it would have cost at the contract's price.
    pub contract_amount: Micros,
    /// What it did cost.
    pub net_amount: Micros,
    /// The tax on top of that.
    pub tax_amount: Micros,
    /// What it cost us, where that is known.
    pub cost: Option<Micros>,
    /// What it weighed, and in which unit, where that was stated.
    pub weight: Option<(Micros, UnitId)>,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The sender's id: no two documents have the same.
    pub id: String,
    /// What it does.
    pub kind: DocumentKind,
    /// Under which contract.
    pub contract: ContractId,
    /// The day on it.
    pub day: CivilDay,
    /// In which currency its amounts are: its contract's when it was posted.
    pub currency: Currency,
    /// Of a return or correction: the id of the shipment that it is for.
    pub reference: Option<String>,
    /// Who pays, where another than the contract says.
    pub payer: Option<CounterpartyId>,
    /// Who received the goods, where another than the contract says.
    pub ship_to: Option<CounterpartyId>,
    /// The quote that it follows.
    pub quote: Option<String>,
    /// Where it was ordered, as in `portal`; as the seller calls its channels.
    pub channel: Option<String>,
    /// Its lines.
    pub lines: Vec<DocumentLine>,
}
