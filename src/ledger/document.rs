//! What is a document of the ledger? What an ERP says was shipped, brought back, corrected, paid or planned, once its names are
//! known.

use serde::{Deserialize, Serialize};

use crate::domain::currency::Currency;
use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::domain::ids::{ContractId, CounterpartyId, SkuId, UnitId};

use super::whose::Part;

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
    /// Money came in: its allocations say for which documents.
    Payment,
    /// It was agreed how much is to be bought in days to come.
    Plan,
}

impl DocumentKind {
    /// All of them, by the words that files write.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("shipment", Self::Shipment),
        ("return", Self::Return),
        ("correction", Self::Correction),
        ("payment", Self::Payment),
        ("plan", Self::Plan),
    ];

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

/// A part of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// The id of the document that it pays; empty for what is on account.
    pub document: String,
    /// How much, with tax; below zero where an earlier allocation is taken back.
    pub amount: Micros,
}

/// How much of the limit of a rule a document used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleUse {
    /// The rule's id. The policy may have it no longer, or not yet.
    pub rule: String,
    /// How much: of the limit's unit, in the contract's currency, or how often; of a return what it gives back.
    pub used: Micros,
}

/// What is to be bought from the day of the document on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The id of the measure of the policy that it is of.
    pub measure: String,
    /// Its last day.
    pub last_day: CivilDay,
    /// How much, in the measure's unit or currency. Plans of the same days add up, so that one is changed by the difference.
    pub target: Micros,
}

/// Who pays, and who received the goods, as far as it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Parties {
    /// Who pays.
    pub payer: Option<CounterpartyId>,
    /// Who received the goods.
    pub ship_to: Option<CounterpartyId>,
}

impl Parties {
    /// Who has a part.
    #[must_use]
    pub fn of(self, part: Part) -> Option<CounterpartyId> {
        match part {
            Part::Payer => self.payer,
            Part::ShipTo => self.ship_to,
        }
    }
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
    /// Of a return or correction: the parties of the shipment that it names, once that has come. They are its own where it says
    /// nothing else.
    pub of_shipment: Parties,
    /// The quote that it follows.
    pub quote: Option<String>,
    /// Where it was ordered, as in `portal`; as the seller calls its channels.
    pub channel: Option<String>,
    /// Of a shipment: the day by which it is to be paid.
    pub due: Option<CivilDay>,
    /// Its lines; none of a payment or plan.
    pub lines: Vec<DocumentLine>,
    /// Of a payment: what it is for.
    pub allocations: Vec<Allocation>,
    /// Of a plan: what is planned.
    pub plan: Option<Plan>,
    /// What it used of limited benefits, each rule once.
    pub uses: Vec<RuleUse>,
}

impl Document {
    /// The parties that it names.
    #[must_use]
    pub fn named(&self) -> Parties {
        Parties { payer: self.payer, ship_to: self.ship_to }
    }

    /// Who has a part in it, as it says, or else as its shipment does; none where that is whoever the contract says.
    #[must_use]
    pub fn parties(&self) -> Parties {
        let Parties { payer, ship_to } = self.of_shipment;
        Parties { payer: self.payer.or(payer), ship_to: self.ship_to.or(ship_to) }
    }

    /// What the buyer owes for its lines: net amounts and tax.
    #[must_use]
    pub fn gross(&self) -> i128 {
        self.lines.iter().map(|line| i128::from(line.net_amount.0) + i128::from(line.tax_amount.0)).sum()
    }

    /// What it adds to what was used, by rule, in millionths: below zero where it gives back.
    pub fn adds_to_uses(&self) -> impl Iterator<Item = (&str, i128)> {
        let sign = if self.kind.takes_back() { -1 } else { 1 };
        self.uses.iter().map(move |of| (of.rule.as_str(), sign * i128::from(of.used.0)))
    }
}
