//! How do answers read to a script? As JSON with the protocol's names; every decimal is a string.

use serde_json::{Map, Value, json};

use crate::api::v1;
use crate::api::v1::price_source::Target;
use crate::domain::decimal::Micros;
use crate::engine::check::CheckReport;

use super::report::instant;

fn decimal(micros: i64) -> Value {
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

/// A priced cart.
#[must_use]
pub fn cart(cart: &v1::PriceCartResponse) -> Value {
    object([
        ("contract", json!(cart.contract)),
        ("publication", json!(cart.publication)),
        ("position", json!(cart.position)),
        ("currency", json!(cart.currency)),
        ("pricing_at", json!(instant(cart.pricing_at.as_ref()))),
        ("local_time", json!(cart.local_time)),
        ("total", json!(cart.total)),
        ("list_total", json!(cart.list_total)),
        ("hold", json!(cart.hold)),
        ("lines", Value::Array(cart.lines.iter().map(line).collect())),
    ])
}

fn line(line: &v1::PricedLine) -> Value {
    let priced = line.status() == v1::LineStatus::Priced;
    let figure = |micros: i64| if priced { decimal(micros) } else { Value::Null };
    object([
        ("id", json!(line.id)),
        ("sku", json!(line.sku)),
        ("sku_handle", json!(line.sku_handle)),
        ("name", json!(line.name)),
        ("quantity", decimal(line.quantity_micros)),
        ("unit", json!(line.unit)),
        ("status", word(line.status().as_str_name(), "LINE_STATUS_")),
        ("problem", line.problem.as_ref().map_or(Value::Null, problem)),
        ("list_unit_price", figure(line.list_unit_price_micros)),
        ("unit_price", figure(line.unit_price_micros)),
        ("list_amount", figure(line.list_amount_micros)),
        ("amount", figure(line.amount_micros)),
        ("source", line.source.as_ref().map_or(Value::Null, source)),
        ("steps", Value::Array(line.steps.iter().map(step).collect())),
        ("losers", Value::Array(line.losers.iter().map(loser).collect())),
    ])
}

fn problem(problem: &v1::LineProblem) -> Value {
    let stated = |micros: i64| if micros == 0 { Value::Null } else { decimal(micros) };
    object([
        ("reason", json!(problem.reason)),
        ("price_list", json!(problem.price_list)),
        ("minimum", stated(problem.minimum_micros)),
        ("below", stated(problem.below_micros)),
        ("above", stated(problem.above_micros)),
    ])
}

fn source(source: &v1::PriceSource) -> Value {
    let (sku, category, brand) = match &source.target {
        Some(Target::Sku(sku)) => (json!(sku), Value::Null, Value::Null),
        Some(Target::Category(category)) => (Value::Null, json!(category), Value::Null),
        Some(Target::Brand(brand)) => (Value::Null, Value::Null, json!(brand)),
        None => (Value::Null, Value::Null, Value::Null),
    };
    let window = source.window.as_ref();
    object([
        ("price_list", json!(source.price_list)),
        ("sku", sku),
        ("category", category),
        ("brand", brand),
        ("unit", json!(source.unit)),
        ("per", json!(source.per)),
        ("valid_from", json!(window.map(|window| &window.valid_from))),
        ("valid_to", json!(window.map(|window| &window.valid_to))),
        ("flags", json!(source.flags)),
        ("tier_mode", word(source.tier_mode().as_str_name(), "TIER_MODE_")),
        ("tier", json!(source.tier)),
        ("percent_of", json!(source.percent_of)),
    ])
}

fn step(step: &v1::Step) -> Value {
    object([
        ("layer", word(step.layer().as_str_name(), "LAYER_")),
        ("price_list", json!(step.price_list)),
        ("base", decimal(step.base_micros)),
        ("amount", decimal(step.amount_micros)),
    ])
}

fn loser(loser: &v1::Loser) -> Value {
    object([
        ("price_list", json!(loser.price_list)),
        ("reason", word(loser.reason().as_str_name(), "LOSS_REASON_")),
        ("explanation", json!(loser.explanation)),
    ])
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
        "policies": report.policies,
        "faults": report.faults,
    })
}
