//! How do limited benefits read, to a person and to a script?

use serde_json::{Value, json};

use crate::api::v1;
use crate::cli::json::{decimal, object, word};
use crate::cli::report::digits;
use crate::cli::table::{Side, Table};
use crate::domain::decimal::Micros;

/// A figure of a limit with what it is of; the base unit of whichever SKU has no name.
pub(in crate::cli) fn figure(micros: i64, kind: v1::LimitKind, (unit, currency): (&str, &str)) -> String {
    let text = Micros(micros).to_text(if kind == v1::LimitKind::Amount { digits(currency) } else { 0 });
    match kind {
        v1::LimitKind::Quantity if !unit.is_empty() => format!("{text} {unit}"),
        v1::LimitKind::Amount => format!("{text} {currency}"),
        v1::LimitKind::Quantity | v1::LimitKind::Uses | v1::LimitKind::Unspecified => text,
    }
}

fn most(of: &v1::LimitStands, currency: &str) -> String {
    let most = figure(of.most_micros, of.kind(), (&of.unit, currency));
    if of.kind() == v1::LimitKind::Uses { format!("{most} uses") } else { most }
}

/// Where the limits of a contract stand.
pub(super) fn text(found: &v1::GetLimitsResponse) -> String {
    if found.limits.is_empty() {
        return "no limited benefit is for this contract\n".to_owned();
    }
    let mut table = Table::new(&[
        ("rule", Side::Left),
        ("name", Side::Left),
        ("for", Side::Left),
        ("limit", Side::Right),
        ("used", Side::Right),
        ("held", Side::Right),
        ("left", Side::Right),
        ("own used", Side::Right),
        ("own held", Side::Right),
    ]);
    for of in &found.limits {
        table.row([
            of.rule.clone(),
            of.name.clone(),
            if of.overall { "all contracts" } else { "the contract" }.to_owned(),
            most(of, &found.currency),
            of.used.clone(),
            of.held.clone(),
            Micros(of.left_micros).to_string(),
            of.own_used.clone(),
            of.own_held.clone(),
        ]);
    }
    table.text()
}

/// The same to a script.
pub(super) fn json(found: &v1::GetLimitsResponse) -> Value {
    let one = |of: &v1::LimitStands| {
        object([
            ("rule", json!(of.rule)),
            ("name", json!(of.name)),
            ("kind", word(of.kind().as_str_name(), "LIMIT_KIND_")),
            ("unit", json!(of.unit)),
            ("overall", json!(of.overall)),
            ("most", decimal(of.most_micros)),
            ("used", json!(of.used)),
            ("held", json!(of.held)),
            ("left", decimal(of.left_micros)),
            ("own_used", json!(of.own_used)),
            ("own_held", json!(of.own_held)),
        ])
    };
    object([
        ("currency", json!(found.currency)),
        ("limits", Value::Array(found.limits.iter().map(one).collect())),
        ("sequence", json!(found.sequence)),
    ])
}
