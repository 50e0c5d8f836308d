//! Does a document have what its kind has, and nothing of another's?

use std::collections::BTreeSet;

use crate::domain::decimal::{MAX_WHOLE, MILLION, Micros};
use crate::domain::ids::check_external_id;
use crate::domain::limits;

use super::document::{Allocation, DocumentKind, RuleUse};
use super::draft::DocumentDraft;
use super::resolve::Faults;

/// Why an amount or quantity is not taken.
pub(super) const TOO_LARGE: &str = "is beyond ±9,000,000,000,000";

/// Lines of goods, allocations of a payment, what a plan says: each kind of document has its own and no other.
pub(super) fn check_content(draft: &DocumentDraft, faults: &mut Faults<'_>) {
    let (pays, plans) = (draft.kind == DocumentKind::Payment, draft.kind == DocumentKind::Plan);
    let word = draft.kind.word();
    match draft.lines.len() {
        0 if pays || plans || puts_right_uses(draft) => {}
        0 => faults.add(None, "lines", &"", "are none: a document has at least one"),
        lines if pays || plans => {
            faults.add(None, "lines", &lines, format!("stand on a {word}: goods are of other kinds"));
        }
        lines if lines > limits::DOCUMENT_LINES => {
            faults.add(None, "lines", &lines, format!("are more than {}", limits::DOCUMENT_LINES));
        }
        _ => {}
    }
    match draft.allocations.len() {
        0 if pays => {
            let reason =
                "are none: say for which documents it is, or leave their ids empty for what is on account";
            faults.add(None, "allocations", &"", reason);
        }
        0 => {}
        many if !pays => {
            faults.add(None, "allocations", &many, format!("stand on a {word}: they are a payment's"));
        }
        many if many > limits::DOCUMENT_LINES => {
            faults.add(None, "allocations", &many, format!("are more than {}", limits::DOCUMENT_LINES));
        }
        _ => {}
    }
    for (number, allocation) in (0..).zip(&draft.allocations) {
        check_allocation(number, allocation, draft, faults);
    }
    check_uses(draft, faults);
    match &draft.plan {
        None if plans => {
            faults.add(None, "plan", &"", "is not there: say of which measure, to which day, how much")
        }
        Some(_) if !plans => {
            faults.add(None, "plan", &"", format!("stands on a {word}: it is of kind plan"));
        }
        None => {}
        Some(plan) => {
            faults.id("measure", &plan.measure);
            if plan.last_day < draft.day {
                faults.add(None, "last_day", &plan.last_day, "is before the first");
            }
            check_amount(None, "target", plan.target, faults);
        }
    }
}

fn check_allocation(number: u32, allocation: &Allocation, draft: &DocumentDraft, faults: &mut Faults<'_>) {
    let at = Some(number);
    if !allocation.document.is_empty()
        && let Err(error) = check_external_id(&allocation.document)
    {
        faults.add(at, "pays", &allocation.document, error);
    }
    if allocation.document == draft.id {
        faults.add(at, "pays", &allocation.document, "is the payment itself");
    }
    check_amount(at, "amount", allocation.amount, faults);
}

/// A correction may put right what was used of limits and nothing else.
fn puts_right_uses(draft: &DocumentDraft) -> bool {
    draft.kind == DocumentKind::Correction && !draft.uses.is_empty()
}

/// What was used of limits: of goods' documents alone, each rule once, with the sign of the document's kind.
fn check_uses(draft: &DocumentDraft, faults: &mut Faults<'_>) {
    let word = draft.kind.word();
    match draft.uses.len() {
        0 => return,
        uses if matches!(draft.kind, DocumentKind::Payment | DocumentKind::Plan) => {
            let reason = format!("stand on a {word}: limits are used by shipments, returns and corrections");
            faults.add(None, "uses", &uses, reason);
            return;
        }
        uses if uses > limits::DOCUMENT_USES => {
            faults.add(None, "uses", &uses, format!("are more than {}", limits::DOCUMENT_USES));
            return;
        }
        _ => {}
    }
    let mut named = BTreeSet::new();
    for (number, RuleUse { rule, used }) in (0..).zip(&draft.uses) {
        let at = Some(number);
        if let Err(error) = check_external_id(rule) {
            faults.add(at, "rule", rule, error);
        } else if !named.insert(rule) {
            faults.add(
                at,
                "rule",
                rule,
                "is there already: name each rule once, with all that was used of it",
            );
        }
        check_amount(at, "used", *used, faults);
        if used.is_negative() && draft.kind != DocumentKind::Correction {
            let reason = match draft.kind.takes_back() {
                true => "is below zero in a return: what it gives back is written above zero".to_owned(),
                false => format!("is below zero in a {word}: what is given back is in a return, above zero"),
            };
            faults.add(at, "used", used, reason);
        }
    }
}

/// An amount that says something.
fn check_amount(line: Option<u32>, field: &'static str, amount: Micros, faults: &mut Faults<'_>) {
    if is_too_large(amount) {
        faults.add(line, field, &amount, TOO_LARGE);
    } else if amount == Micros::ZERO {
        faults.add(line, field, &amount, "is zero: leave it out");
    }
}

/// Is a figure beyond what documents may have?
pub(super) fn is_too_large(figure: Micros) -> bool {
    figure.0.unsigned_abs() > (MAX_WHOLE * MILLION).unsigned_abs()
}
