//! How do plans and progress read to a program?

use serde_json::{Value, json};

use crate::api::v1;
use crate::cli::json::object;
use crate::cli::json_cart::overdue_hold;

use super::json::{accruals_of, measure};

/// Plans against what was bought.
#[must_use]
pub fn plans(found: &v1::GetProgressResponse) -> Value {
    json!({ "plans": found.plans.iter().map(plan).collect::<Vec<_>>() })
}

fn plan(of: &v1::PlanStands) -> Value {
    object([
        ("measure", json!(of.measure)),
        ("name", json!(of.name)),
        ("first_day", json!(of.first_day)),
        ("last_day", json!(of.last_day)),
        ("target", json!(of.target)),
        ("fact", json!(of.fact)),
        ("percent", json!(of.percent)),
        ("forecast", json!(of.forecast)),
        ("with_accepted", json!(of.with_accepted)),
        ("currency", json!(of.currency)),
    ])
}

fn ladder(of: &v1::LadderStands) -> Value {
    object([
        ("rule", json!(of.rule)),
        ("name", json!(of.name)),
        ("stands", of.stands.as_ref().map_or(Value::Null, measure)),
        ("tier", json!(of.tier)),
        ("next_tier", json!(of.next_tier)),
        ("distance", json!(of.distance)),
    ])
}

fn accepted(of: &v1::AcceptedQuote) -> Value {
    object([
        ("number", json!(of.number)),
        ("accepted", json!(of.accepted)),
        ("shipped", json!(of.shipped)),
        ("open", json!(of.open)),
        ("currency", json!(of.currency)),
    ])
}

/// What a dashboard shows.
#[must_use]
pub fn progress(found: &v1::GetProgressResponse) -> Value {
    object([
        ("currency", json!(found.currency)),
        ("plans", Value::Array(found.plans.iter().map(plan).collect())),
        ("ladders", Value::Array(found.ladders.iter().map(ladder).collect())),
        ("accruals", Value::Array(accruals_of(&found.accruals))),
        ("overdue_holds", Value::Array(found.overdue_holds.iter().map(overdue_hold).collect())),
        ("accepted_quotes", Value::Array(found.accepted_quotes.iter().map(accepted).collect())),
        ("untold_accepted_quotes", json!(found.untold_accepted_quotes)),
        ("accepted_open", json!(found.accepted_open)),
        ("sequence", json!(found.sequence)),
    ])
}
