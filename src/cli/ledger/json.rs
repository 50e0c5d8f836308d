//! How do documents and purchases read to a script?

use serde_json::{Value, json};

use crate::api::v1;
use crate::cli::json::{decimal, object, word};
use crate::cli::report::instant;
use crate::exchange::fault::{Faults, RowFault};

fn verdict(outcome: &v1::DocumentOutcome) -> Value {
    word(outcome.verdict().as_str_name(), "DOCUMENT_VERDICT_")
}

fn posting(posted: &v1::DocumentPosted) -> Value {
    object([
        ("sequence", json!(posted.sequence)),
        ("posted_at", json!(instant(posted.posted_at.as_ref()))),
        ("counts_on", json!(posted.counts_on)),
        ("waits", if posted.waits { json!(true) } else { Value::Null }),
        ("lines_beyond_shipped", json!(posted.lines_beyond_shipped)),
        ("rules_without_limit", json!(posted.rules_without_limit)),
    ])
}

fn faults(faults: &[v1::DocumentFault]) -> Value {
    let one = |fault: &v1::DocumentFault| {
        object([
            ("line", fault.line.map_or(Value::Null, |line| json!(line))),
            ("field", json!(fault.field)),
            ("value", json!(fault.value)),
            ("reason", json!(fault.reason)),
        ])
    };
    Value::Array(faults.iter().map(one).collect())
}

/// What became of files.
#[must_use]
pub fn posted(report: &v1::PostReport, rows: &Faults, dry_run: bool) -> Value {
    let row = |fault: &RowFault| {
        object([
            ("file", json!(fault.file)),
            ("row", json!(fault.row)),
            ("column", json!(fault.column)),
            ("value", json!(fault.value)),
            ("reason", json!(fault.reason)),
        ])
    };
    let outcome = |outcome: &v1::DocumentOutcome| {
        object([
            ("document", json!(outcome.document)),
            ("verdict", verdict(outcome)),
            ("posted", outcome.posted.as_ref().map_or(Value::Null, posting)),
            ("unknown", faults(&outcome.unknown)),
        ])
    };
    object([
        ("refused", json!(rows.count() > 0)),
        ("dry_run", json!(dry_run)),
        ("rejected", json!(rows.count() + report.faults_untold)),
        ("rejected_rows", Value::Array(rows.kept().iter().map(row).collect())),
        ("documents", Value::Array(report.outcomes.iter().map(outcome).collect())),
    ])
}

fn content(document: &v1::Document) -> Value {
    let line = |line: &v1::DocumentLine| {
        let amount = |amount: Option<i64>| amount.map_or(Value::Null, decimal);
        object([
            ("sku", json!(line.sku)),
            ("unit", json!(line.unit)),
            ("quantity", decimal(line.quantity_micros)),
            ("list_amount", amount(line.list_amount_micros)),
            ("contract_amount", amount(line.contract_amount_micros)),
            ("net_amount", decimal(line.net_amount_micros)),
            ("tax_amount", decimal(line.tax_amount_micros)),
            ("cost", amount(line.cost_micros)),
            ("weight", amount(line.weight_micros)),
            ("weight_unit", json!(line.weight_unit)),
        ])
    };
    object([
        ("document", json!(document.id)),
        ("kind", word(document.kind().as_str_name(), "DOCUMENT_KIND_")),
        ("contract", json!(document.contract)),
        ("day", json!(document.day)),
        ("currency", json!(document.currency)),
        ("reference", json!(document.reference)),
        ("payer", json!(document.payer)),
        ("ship_to", json!(document.ship_to)),
        ("quote", json!(document.quote)),
        ("channel", json!(document.channel)),
        ("due_day", json!(document.due_day)),
        ("lines", Value::Array(document.lines.iter().map(line).collect())),
        ("allocations", Value::Array(document.allocations.iter().map(allocation).collect())),
        ("plan", document.plan.as_ref().map_or(Value::Null, plan)),
        ("uses", Value::Array(document.uses.iter().map(limit_use).collect())),
    ])
}

fn limit_use(of: &v1::LimitUse) -> Value {
    object([("rule", json!(of.rule)), ("used", decimal(of.used_micros))])
}

fn allocation(of: &v1::Allocation) -> Value {
    object([("document", json!(of.document)), ("amount", decimal(of.amount_micros))])
}

fn plan(of: &v1::Plan) -> Value {
    object([
        ("measure", json!(of.measure)),
        ("last_day", json!(of.last_day)),
        ("target", decimal(of.target_micros)),
    ])
}

/// A document.
#[must_use]
pub fn document(found: &v1::GetDocumentResponse) -> Value {
    object([
        ("document", found.document.as_ref().map_or(Value::Null, content)),
        ("counts_on", json!(found.counts_on)),
        ("payer", json!(found.payer)),
        ("ship_to", json!(found.ship_to)),
        ("posted", found.posted.as_ref().map_or(Value::Null, posting)),
    ])
}

/// Documents that are put aside.
#[must_use]
pub fn parked(found: &[v1::ParkedDocument]) -> Value {
    let one = |parked: &v1::ParkedDocument| {
        object([
            ("document", parked.document.as_ref().map_or(Value::Null, content)),
            ("unknown", faults(&parked.unknown)),
        ])
    };
    json!({ "parked": found.iter().map(one).collect::<Vec<_>>() })
}

fn figures(figures: &v1::PurchaseFigures) -> Vec<(&'static str, Value)> {
    vec![
        ("list_amount", json!(figures.list_amount)),
        ("contract_amount", json!(figures.contract_amount)),
        ("net_amount", json!(figures.net_amount)),
        ("tax_amount", json!(figures.tax_amount)),
        ("shipments", json!(figures.shipments)),
        ("other_documents", json!(figures.other_documents)),
        ("skus", json!(figures.skus)),
    ]
}

/// Purchases.
#[must_use]
pub fn purchases(found: &[v1::Purchases]) -> Value {
    let month = |month: &v1::PurchaseMonth| {
        let of = month.figures.clone().unwrap_or_default();
        object([("month", json!(month.month))].into_iter().chain(figures(&of)))
    };
    let one = |of: &v1::Purchases| {
        object([
            ("currency", json!(of.currency)),
            ("months", Value::Array(of.months.iter().map(month).collect())),
            ("total", object(figures(&of.total.clone().unwrap_or_default()))),
        ])
    };
    json!({ "purchases": found.iter().map(one).collect::<Vec<_>>() })
}

/// Where measures stand.
#[must_use]
pub fn measures(found: &[v1::MeasureStands]) -> Value {
    json!({ "measures": found.iter().map(measure).collect::<Vec<_>>() })
}

/// Where one stands.
#[must_use]
pub fn measure(stands: &v1::MeasureStands) -> Value {
    object([
        ("measure", json!(stands.measure)),
        ("of", word(stands.of().as_str_name(), "PURCHASES_OF_")),
        ("first_day", json!(stands.first_day)),
        ("last_day", json!(stands.last_day)),
        ("value", json!(stands.value)),
        ("currency", json!(stands.currency)),
    ])
}

/// What a contract is entitled to.
#[must_use]
pub fn accruals(found: &v1::GetAccrualsResponse) -> Value {
    object([
        ("currency", json!(found.currency)),
        ("accruals", Value::Array(accruals_of(&found.accruals))),
        ("sequence", json!(found.sequence)),
    ])
}

/// The same, agreement by agreement.
#[must_use]
pub fn accruals_of(found: &[v1::Accrual]) -> Vec<Value> {
    let one = |of: &v1::Accrual| {
        object([
            ("agreement", json!(of.agreement)),
            ("name", json!(of.name)),
            ("first_day", json!(of.first_day)),
            ("last_day", json!(of.last_day)),
            ("measure", json!(of.measure)),
            ("tier", json!(of.tier)),
            ("next_tier", json!(of.next_tier)),
            ("distance", json!(of.distance)),
            ("worth", decimal(of.worth_micros)),
            ("basis", json!(of.basis)),
            ("conditions", Value::Array(of.conditions.iter().map(condition).collect())),
            ("entitlement", decimal(of.entitlement_micros)),
            ("capped", decimal(of.capped_micros)),
            ("cap", json!(of.cap)),
            ("forecast_measure", json!(of.forecast_measure)),
            ("forecast_entitlement", decimal(of.forecast_entitlement_micros)),
            ("supplier_share", decimal(of.supplier_share_micros)),
        ])
    };
    found.iter().map(one).collect()
}

/// A condition, and where it stands.
pub(super) fn condition(of: &v1::ConditionStands) -> Value {
    object([
        ("of", json!(of.of)),
        ("stands", json!(of.stands)),
        ("at_least", json!(of.at_least)),
        ("at_most", json!(of.at_most)),
        ("met", json!(of.met)),
        ("missing", json!(of.missing)),
    ])
}
