//! What does the sender of a document write, and what can be wrong with it?

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;

use super::document::{Allocation, DocumentKind, Plan, RuleUse};

/// A line as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LineDraft {
    /// External id of the goods.
    pub sku: String,
    /// External id of the unit; empty for the SKU's base unit.
    pub unit: String,
    /// How much.
    pub quantity: Micros,
    /// At list price, without tax; the contract amount where absent.
    pub list_amount: Option<Micros>,
    /// At the contract's price, without tax; the net amount where absent.
    pub contract_amount: Option<Micros>,
    /// What it did cost, without tax.
    pub net_amount: Micros,
    /// The tax on top of that.
    pub tax_amount: Micros,
    /// What it cost us.
    pub cost: Option<Micros>,
    /// What it weighed, and the external id of the unit of that.
    pub weight: Option<(Micros, String)>,
}

/// A document as it was sent; empty texts were not stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentDraft {
    /// The sender's id.
    pub id: String,
    /// What it does.
    pub kind: DocumentKind,
    /// External id of the contract.
    pub contract: String,
    /// The day on it.
    pub day: CivilDay,
    /// ISO 4217; the contract's where empty.
    pub currency: String,
    /// The shipment that it is for, by its id.
    pub reference: String,
    /// External id of the counterparty that pays.
    pub payer: String,
    /// External id of the counterparty that received the goods.
    pub ship_to: String,
    /// The quote that it follows.
    pub quote: String,
    /// Where it was ordered.
    pub channel: String,
    /// The day by which it is to be paid.
    pub due: Option<CivilDay>,
    /// Its lines.
    pub lines: Vec<LineDraft>,
    /// What it pays.
    pub allocations: Vec<Allocation>,
    /// What it plans.
    pub plan: Option<Plan>,
    /// What it used of limited benefits.
    pub uses: Vec<RuleUse>,
}

/// What is wrong with a document, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentFault {
    /// Its place among those that were sent together, from zero.
    pub place: u32,
    /// Its id as sent.
    pub document: String,
    /// The line, from zero, where it is of one; or, of the fields `rule` and `used`, which of its uses.
    pub line: Option<u32>,
    /// The field.
    pub field: &'static str,
    /// What stands there.
    pub value: String,
    /// What is wrong and what to mend.
    pub reason: String,
    /// Might what it names be known later?
    pub unknown: bool,
}

impl DocumentFault {
    /// A measure that no policy in force states over a period.
    #[must_use]
    pub fn unknown_measure(draft: &DocumentDraft, place: u32, measure: &str) -> Self {
        let reason =
            "is no measure over a period that the policy in force names: publish it first, or mend the id";
        let reason = reason.to_owned();
        Self { reason, ..Self::unknown(draft, place, None, ("measure", measure), "") }
    }

    /// A name that the store does not know.
    #[must_use]
    pub(super) fn unknown(
        draft: &DocumentDraft,
        place: u32,
        line: Option<u32>,
        (field, value): (&'static str, &str),
        what: &str,
    ) -> Self {
        let reason = format!("is no {what} that this store knows: import it first, or mend the id");
        let (document, value) = (draft.id.clone(), value.to_owned());
        Self { place, document, line, field, value, reason, unknown: true }
    }
}

/// Is a field one of what a document used of a limit?
#[must_use]
pub fn is_of_use(field: &str) -> bool {
    matches!(field, "rule" | "used")
}

impl fmt::Display for DocumentFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "document \"{}\"", self.document)?;
        if let Some(line) = self.line {
            let of = if is_of_use(self.field) { "use" } else { "line" };
            write!(f, ", {of} {}", line.saturating_add(1))?;
        }
        write!(f, ": {} \"{}\" {}", self.field, self.value, self.reason)
    }
}
