//! Was this very document sent before? A digest of what was sent, in a form of its own: it stays the same whatever the fields of
//! a later release, so that a sender may repeat what it sent to an earlier one.
//!
//! ```text
//! field: tag u8 | bytes u32 | the bytes        what was not stated is left out
//! ```
//! Numbers are little-endian. Tags are never used again; those of lines, allocations, plans and uses begin a new one each.

use xxhash_rust::xxh3::xxh3_128;

use crate::domain::decimal::Micros;

use super::document::{Allocation, DocumentKind, Plan, RuleUse};
use super::draft::{DocumentDraft, LineDraft};

/// The digest of a document as it was sent.
#[must_use]
pub fn digest(draft: &DocumentDraft) -> u128 {
    let DocumentDraft {
        id,
        kind,
        contract,
        day,
        currency,
        reference,
        payer,
        ship_to,
        quote,
        channel,
        due,
        lines,
        allocations,
        plan,
        uses,
    } = draft;
    let mut fields = Fields(Vec::with_capacity(64 + lines.len() * 64));
    fields.text(1, id);
    let kind = match kind {
        DocumentKind::Shipment => 1,
        DocumentKind::Return => 2,
        DocumentKind::Correction => 3,
        DocumentKind::Payment => 4,
        DocumentKind::Plan => 5,
    };
    fields.bytes(2, &[kind]);
    fields.text(3, contract);
    fields.bytes(4, &day.0.to_le_bytes());
    for (tag, text) in (5..).zip([currency, reference, payer, ship_to, quote, channel]) {
        fields.text(tag, text);
    }
    if let Some(due) = due {
        fields.bytes(11, &due.0.to_le_bytes());
    }
    lines.iter().for_each(|line| fields.line(line));
    for Allocation { document, amount } in allocations {
        fields.bytes(40, &[]);
        fields.text(41, document);
        fields.amount(42, Some(*amount));
    }
    if let Some(Plan { measure, last_day, target }) = plan {
        fields.text(50, measure);
        fields.bytes(51, &last_day.0.to_le_bytes());
        fields.amount(52, Some(*target));
    }
    for RuleUse { rule, used } in uses {
        fields.bytes(60, &[]);
        fields.text(61, rule);
        fields.amount(62, Some(*used));
    }
    xxh3_128(&fields.0)
}

struct Fields(Vec<u8>);

impl Fields {
    fn bytes(&mut self, tag: u8, bytes: &[u8]) {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.0.push(tag);
        self.0.extend(length.to_le_bytes());
        self.0.extend(bytes);
    }

    fn text(&mut self, tag: u8, text: &str) {
        if !text.is_empty() {
            self.bytes(tag, text.as_bytes());
        }
    }

    fn amount(&mut self, tag: u8, amount: Option<Micros>) {
        if let Some(amount) = amount {
            self.bytes(tag, &amount.0.to_le_bytes());
        }
    }

    fn line(&mut self, line: &LineDraft) {
        let LineDraft {
            sku,
            unit,
            quantity,
            list_amount,
            contract_amount,
            net_amount,
            tax_amount,
            cost,
            weight,
        } = line;
        self.bytes(20, &[]);
        self.text(21, sku);
        self.text(22, unit);
        self.amount(23, Some(*quantity));
        self.amount(24, *list_amount);
        self.amount(25, *contract_amount);
        self.amount(26, Some(*net_amount));
        self.amount(27, Some(*tax_amount));
        self.amount(28, *cost);
        if let Some((weight, unit)) = weight {
            self.amount(29, Some(*weight));
            self.text(30, unit);
        }
    }
}
