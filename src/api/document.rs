//! How does a document of the ledger cross the wire, and what became of it?

use crate::domain::catalogue::Catalogue;
use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::engine::ledger::{Became, KnownDocument, PostOutcome, PostReport, Posted};
use crate::ledger::document::{Allocation, Document, DocumentKind, DocumentLine, Plan};
use crate::ledger::draft::{DocumentDraft, DocumentFault, LineDraft};

use super::limit::{use_draft, use_of};
use super::moment::timestamp;
use super::status::Violation;
use super::v1;

/// Documents as they were sent.
///
/// # Errors
/// Everything that is no day, no kind, or half a weight.
pub fn drafts_of(documents: Vec<v1::Document>) -> Result<Vec<DocumentDraft>, Vec<Violation>> {
    let mut violations = Vec::new();
    let drafts: Vec<DocumentDraft> = documents
        .into_iter()
        .enumerate()
        .filter_map(|(place, document)| draft_of(place, document, &mut violations))
        .collect();
    if violations.is_empty() { Ok(drafts) } else { Err(violations) }
}

fn draft_of(place: usize, document: v1::Document, violations: &mut Vec<Violation>) -> Option<DocumentDraft> {
    let at = |field: &str| format!("documents[{place}].{field}");
    let kind = match v1::DocumentKind::try_from(document.kind) {
        Ok(v1::DocumentKind::Unspecified | v1::DocumentKind::Shipment) => Some(DocumentKind::Shipment),
        Ok(v1::DocumentKind::Return) => Some(DocumentKind::Return),
        Ok(v1::DocumentKind::Correction) => Some(DocumentKind::Correction),
        Ok(v1::DocumentKind::Payment) => Some(DocumentKind::Payment),
        Ok(v1::DocumentKind::Plan) => Some(DocumentKind::Plan),
        Err(_) => {
            violations.push(Violation::new(at("kind"), format!("{} is no kind of document", document.kind)));
            None
        }
    };
    let mut read_day = |field: &str, text: &str| {
        let day = CivilDay::parse(text);
        if let Err(error) = &day {
            violations.push(Violation::new(at(field), format!("\"{text}\" {error}")));
        }
        day.ok()
    };
    let day = read_day("day", &document.day);
    let due = match document.due_day.as_str() {
        "" => Some(None),
        text => read_day("due_day", text).map(Some),
    };
    let plan = match document.plan {
        None => Some(None),
        Some(plan) => read_day("plan.last_day", &plan.last_day).map(|last_day| {
            Some(Plan { measure: plan.measure, last_day, target: Micros(plan.target_micros) })
        }),
    };
    let mut lines = Vec::with_capacity(document.lines.len());
    for (number, line) in document.lines.into_iter().enumerate() {
        if line.weight_micros.is_some() == line.weight_unit.is_empty() {
            let field = at(&format!("lines[{number}].weight_unit"));
            violations.push(Violation::new(field, "and weight_micros stand together or not at all"));
        }
        lines.push(line_draft(line));
    }
    Some(DocumentDraft {
        id: document.id,
        kind: kind?,
        contract: document.contract,
        day: day?,
        currency: document.currency,
        reference: document.reference,
        payer: document.payer,
        ship_to: document.ship_to,
        quote: document.quote,
        channel: document.channel,
        due: due?,
        lines,
        allocations: document.allocations.into_iter().map(allocation_draft).collect(),
        plan: plan?,
        uses: document.uses.into_iter().map(use_draft).collect(),
    })
}

fn allocation_draft(allocation: v1::Allocation) -> Allocation {
    Allocation { document: allocation.document, amount: Micros(allocation.amount_micros) }
}

fn allocations_of(allocations: &[Allocation]) -> Vec<v1::Allocation> {
    let one = |of: &Allocation| v1::Allocation { document: of.document.clone(), amount_micros: of.amount.0 };
    allocations.iter().map(one).collect()
}

fn plan_of(plan: Option<&Plan>) -> Option<v1::Plan> {
    plan.map(|plan| v1::Plan {
        measure: plan.measure.clone(),
        last_day: plan.last_day.to_string(),
        target_micros: plan.target.0,
    })
}

fn line_draft(line: v1::DocumentLine) -> LineDraft {
    LineDraft {
        sku: line.sku,
        unit: line.unit,
        quantity: Micros(line.quantity_micros),
        list_amount: line.list_amount_micros.map(Micros),
        contract_amount: line.contract_amount_micros.map(Micros),
        net_amount: Micros(line.net_amount_micros),
        tax_amount: Micros(line.tax_amount_micros),
        cost: line.cost_micros.map(Micros),
        weight: line.weight_micros.map(|weight| (Micros(weight), line.weight_unit)),
    }
}

pub(super) fn kind_of(kind: DocumentKind) -> v1::DocumentKind {
    match kind {
        DocumentKind::Shipment => v1::DocumentKind::Shipment,
        DocumentKind::Return => v1::DocumentKind::Return,
        DocumentKind::Correction => v1::DocumentKind::Correction,
        DocumentKind::Payment => v1::DocumentKind::Payment,
        DocumentKind::Plan => v1::DocumentKind::Plan,
    }
}

/// A document as it was sent.
#[must_use]
pub fn sent(draft: &DocumentDraft, sees_costs: bool) -> v1::Document {
    let line = |line: &LineDraft| v1::DocumentLine {
        sku: line.sku.clone(),
        unit: line.unit.clone(),
        quantity_micros: line.quantity.0,
        list_amount_micros: line.list_amount.map(|amount| amount.0),
        contract_amount_micros: line.contract_amount.map(|amount| amount.0),
        net_amount_micros: line.net_amount.0,
        tax_amount_micros: line.tax_amount.0,
        cost_micros: line.cost.filter(|_| sees_costs).map(|cost| cost.0),
        weight_micros: line.weight.as_ref().map(|(weight, _)| weight.0),
        weight_unit: line.weight.as_ref().map_or(String::new(), |(_, unit)| unit.clone()),
    };
    v1::Document {
        id: draft.id.clone(),
        kind: kind_of(draft.kind).into(),
        contract: draft.contract.clone(),
        day: draft.day.to_string(),
        currency: draft.currency.clone(),
        reference: draft.reference.clone(),
        payer: draft.payer.clone(),
        ship_to: draft.ship_to.clone(),
        quote: draft.quote.clone(),
        channel: draft.channel.clone(),
        due_day: draft.due.map_or(String::new(), |due| due.to_string()),
        lines: draft.lines.iter().map(line).collect(),
        allocations: allocations_of(&draft.allocations),
        plan: plan_of(draft.plan.as_ref()),
        uses: draft.uses.iter().map(use_of).collect(),
    }
}

/// A document as it stands, by external ids.
#[must_use]
pub fn document_of(document: &Document, catalogue: &Catalogue, sees_costs: bool) -> v1::Document {
    let unit = |id| catalogue.unit(id).map_or(String::new(), |unit| unit.code.clone());
    let party = |id| catalogue.counterparty(id).map_or(String::new(), |party| party.code.clone());
    let line = |line: &DocumentLine| v1::DocumentLine {
        sku: catalogue.sku(line.sku).map_or(String::new(), |sku| sku.code.clone()),
        unit: unit(line.unit),
        quantity_micros: line.quantity.0,
        list_amount_micros: Some(line.list_amount.0),
        contract_amount_micros: Some(line.contract_amount.0),
        net_amount_micros: line.net_amount.0,
        tax_amount_micros: line.tax_amount.0,
        cost_micros: line.cost.filter(|_| sees_costs).map(|cost| cost.0),
        weight_micros: line.weight.map(|(weight, _)| weight.0),
        weight_unit: line.weight.map_or(String::new(), |(_, id)| unit(id)),
    };
    v1::Document {
        id: document.id.clone(),
        kind: kind_of(document.kind).into(),
        contract: catalogue
            .contract(document.contract)
            .map_or(String::new(), |contract| contract.code.clone()),
        day: document.day.to_string(),
        currency: document.currency.to_string(),
        reference: document.reference.clone().unwrap_or_default(),
        payer: document.payer.map_or(String::new(), party),
        ship_to: document.ship_to.map_or(String::new(), party),
        quote: document.quote.clone().unwrap_or_default(),
        channel: document.channel.clone().unwrap_or_default(),
        due_day: document.due.map_or(String::new(), |due| due.to_string()),
        lines: document.lines.iter().map(line).collect(),
        allocations: allocations_of(&document.allocations),
        plan: plan_of(document.plan.as_ref()),
        uses: document.uses.iter().map(use_of).collect(),
    }
}

/// A document that was posted, as it stands.
#[must_use]
pub fn known_of(known: &KnownDocument, catalogue: &Catalogue, sees_costs: bool) -> v1::GetDocumentResponse {
    let party = |id| catalogue.counterparty(id).map_or(String::new(), |party| party.code.clone());
    v1::GetDocumentResponse {
        document: Some(document_of(&known.document, catalogue, sees_costs)),
        posted: Some(posted_of(&known.posted)),
        counts_on: known.counts_on.to_string(),
        payer: known.parties.payer.map_or(String::new(), party),
        ship_to: known.parties.ship_to.map_or(String::new(), party),
    }
}

/// What was answered when a document was posted.
#[must_use]
pub fn posted_of(posted: &Posted) -> v1::DocumentPosted {
    v1::DocumentPosted {
        sequence: posted.position.0,
        posted_at: Some(timestamp(posted.at)),
        counts_on: posted.counts_on.to_string(),
        waits: posted.waits,
        lines_beyond_shipped: posted.beyond.clone(),
        rules_without_limit: posted.unlimited.clone(),
    }
}

/// What is wrong with a document.
#[must_use]
pub fn fault_of(fault: &DocumentFault) -> v1::DocumentFault {
    v1::DocumentFault {
        place: fault.place,
        document: fault.document.clone(),
        line: fault.line,
        field: fault.field.to_owned(),
        value: fault.value.clone(),
        reason: fault.reason.clone(),
        unknown: fault.unknown,
    }
}

fn outcome_of(outcome: &PostOutcome) -> v1::DocumentOutcome {
    let (verdict, unknown) = match &outcome.became {
        Became::Posted => (v1::DocumentVerdict::Posted, Vec::new()),
        Became::Repeated => (v1::DocumentVerdict::Repeated, Vec::new()),
        Became::Parked(unknown) => (v1::DocumentVerdict::Parked, unknown.iter().map(fault_of).collect()),
    };
    v1::DocumentOutcome {
        document: outcome.id.clone(),
        verdict: verdict.into(),
        posted: outcome.posted.as_ref().map(posted_of),
        unknown,
    }
}

/// What became of documents that were sent together.
#[must_use]
pub fn report_of(report: &PostReport) -> v1::PostReport {
    v1::PostReport {
        outcomes: report.outcomes.iter().map(outcome_of).collect(),
        faults: report.faults.iter().map(fault_of).collect(),
        faults_untold: report.untold,
    }
}
