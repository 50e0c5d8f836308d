//! How do answers read to a script? As JSON with the protocol's names; every decimal is a string.

use serde_json::{Map, Value, json};

use crate::api::v1;
use crate::domain::decimal::Micros;
use crate::engine::check::CheckReport;

use super::report::instant;

pub(super) fn decimal(micros: i64) -> Value {
    Value::String(Micros(micros).to_string())
}

/// Leaves out what is empty.
pub(super) fn object(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let said = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    };
    let kept = fields.into_iter().filter(|(_, value)| said(value));
    Value::Object(kept.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}

/// An enum's name without its prefix, in small letters.
pub(super) fn word(name: &str, prefix: &str) -> Value {
    Value::String(name.strip_prefix(prefix).unwrap_or(name).to_lowercase())
}

/// The report of an import.
#[must_use]
pub fn import(report: &v1::ImportReport) -> Value {
    let files =
        report.files.iter().map(|file| json!({"name": file.name, "kind": file.kind, "rows": file.rows}));
    let rows = report.rejected_rows.iter().map(|row| {
        object([
            ("file", json!(row.file)),
            ("row", json!(row.row)),
            ("column", json!(row.column)),
            ("value", json!(row.value)),
            ("reason", json!(row.reason)),
        ])
    });
    object([
        ("verdict", word(report.verdict().as_str_name(), "IMPORT_VERDICT_")),
        ("publication", json!(report.publication)),
        ("mode", word(report.mode().as_str_name(), "IMPORT_MODE_")),
        ("files", Value::Array(files.collect())),
        ("added", json!(report.added)),
        ("changed", json!(report.changed)),
        ("removed", json!(report.removed)),
        ("unchanged", json!(report.unchanged)),
        ("greatest_rise", report.greatest_rise.as_ref().map_or(Value::Null, price_move)),
        ("greatest_fall", report.greatest_fall.as_ref().map_or(Value::Null, price_move)),
        ("implausible", json!(report.implausible)),
        ("implausible_of", json!(report.implausible_of)),
        ("rejected", json!(report.rejected)),
        ("rejected_rows", Value::Array(rows.collect())),
        ("rejected_by_reason", json!(report.rejected_by_reason)),
        ("repeated_request", json!(report.repeated_request)),
    ])
}

fn price_move(moved: &v1::PriceMove) -> Value {
    object([
        ("price_list", json!(moved.price_list)),
        ("target", json!(moved.target)),
        ("before", decimal(moved.before_micros)),
        ("after", decimal(moved.after_micros)),
        ("percent", decimal(moved.basis_points.saturating_mul(10_000))),
    ])
}

/// Publications.
#[must_use]
pub fn publications(publications: &[v1::Publication]) -> Value {
    let one = |one: &v1::Publication| {
        object([
            ("number", json!(one.number)),
            ("sequence", json!(one.sequence)),
            ("committed_at", json!(instant(one.committed_at.as_ref()))),
            ("points", json!(one.points)),
            ("added", json!(one.added)),
            ("changed", json!(one.changed)),
            ("removed", json!(one.removed)),
            ("price_lists", json!(one.price_lists)),
            ("policy_version", if one.policy_version == 0 { Value::Null } else { json!(one.policy_version) }),
        ])
    };
    json!({ "publications": publications.iter().map(one).collect::<Vec<_>>() })
}

/// The report of a check.
#[must_use]
pub fn check(report: &CheckReport) -> Value {
    json!({
        "publications": report.publications,
        "files": report.files,
        "bytes": report.bytes,
        "rows": report.rows,
        "points": report.points,
        "records": report.records,
        "policies": report.policies,
        "notes": report.notes,
        "faults": report.faults,
    })
}
