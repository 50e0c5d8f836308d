//! How does a statement read to a script?

use serde_json::{Value, json};

use crate::api::v1;
use crate::cli::json::{decimal, object, word};
use crate::cli::ledger::json::condition;
use crate::cli::report::instant;

fn numbered(number: u64) -> Value {
    if number == 0 { Value::Null } else { json!(number) }
}

fn document(document: &v1::StatementDocument) -> Value {
    object([
        ("document", json!(document.id)),
        ("contract", json!(document.contract)),
        ("kind", word(document.kind().as_str_name(), "DOCUMENT_KIND_")),
        ("day", json!(document.day)),
        ("counts_on", json!(document.counts_on)),
        ("sequence", json!(document.sequence)),
        ("to_measure", json!(document.to_measure)),
        ("to_basis", json!(document.to_basis)),
        ("late", if document.late { json!(true) } else { Value::Null }),
    ])
}

fn entry(entry: &v1::StatementEntry, documents: Vec<Value>) -> Value {
    object([
        ("agreement", json!(entry.agreement)),
        ("name", json!(entry.name)),
        ("kind", word(entry.kind().as_str_name(), "ENTRY_KIND_")),
        ("corrects", numbered(entry.corrects)),
        ("first_day", json!(entry.first_day)),
        ("last_day", json!(entry.last_day)),
        ("through", json!(entry.through)),
        ("policy_version", json!(entry.policy_version)),
        ("measure", json!(entry.measure)),
        ("basis", json!(entry.basis)),
        ("tier", json!(entry.tier)),
        ("conditions", Value::Array(entry.conditions.iter().map(condition).collect())),
        ("entitlement", decimal(entry.entitlement_micros)),
        ("capped", decimal(entry.capped_micros)),
        ("cap", json!(entry.cap)),
        ("earlier", decimal(entry.earlier_micros)),
        ("to_pay", decimal(entry.to_pay_micros)),
        ("settled_as", word(entry.settled_as().as_str_name(), "SETTLED_AS_")),
        ("supplier_to_pay", decimal(entry.supplier_to_pay_micros)),
        ("document_count", json!(entry.documents)),
        ("documents", Value::Array(documents)),
    ])
}

/// A statement, its documents below their entries.
#[must_use]
pub fn statement(of: &v1::Statement, documents: &[v1::StatementDocument]) -> Value {
    let entries = (0_u32..).zip(&of.entries).map(|(place, told)| {
        let below = documents.iter().filter(|document| document.entry == place).map(document);
        entry(told, below.collect())
    });
    object([
        ("statement", numbered(of.number)),
        ("id", json!(of.id)),
        ("contract", json!(of.contract)),
        ("kind", word(of.kind().as_str_name(), "STATEMENT_KIND_")),
        ("through", json!(of.through)),
        ("reopens", numbered(of.reopens)),
        ("settled_at", json!(instant(of.settled_at.as_ref()))),
        ("sequence", json!(of.sequence)),
        ("policy_version", json!(of.policy_version)),
        ("currency", json!(of.currency)),
        ("entries", Value::Array(entries.collect())),
        ("total", json!(of.total)),
    ])
}

/// What became of a request.
#[must_use]
pub fn settled(answer: &v1::SettleResponse) -> Value {
    let of = answer.statement.clone().unwrap_or_default();
    json!({ "repeated": answer.repeated_request, "statement": statement(&of, &answer.documents) })
}

/// A contract's statements, without documents.
#[must_use]
pub fn statements(all: &[v1::Statement]) -> Value {
    json!({ "statements": all.iter().map(|of| statement(of, &[])).collect::<Vec<_>>() })
}
