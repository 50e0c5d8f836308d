//! How do levels and points read, to a person and to a script?

use serde_json::{Value, json};

use crate::api::v1;
use crate::cli::json::{decimal, object, word};
use crate::cli::report::instant;
use crate::cli::table::{Side, Table};

use super::json::condition;

/// Where a contract stands in its programmes of levels.
pub(super) fn levels(found: &v1::GetLevelsResponse) -> String {
    if found.programmes.is_empty() {
        return "no programme of levels is for this contract\n".to_owned();
    }
    let mut text = String::new();
    for of in &found.programmes {
        let named = |id: &str| {
            let level = of.levels.iter().find(|level| level.level == id);
            level.map_or("none", |level| level.name.as_str())
        };
        text.push_str(&format!("{}, {} through {}: {}", of.name, of.first_day, of.last_day, named(&of.held)));
        if !of.held_until.is_empty() {
            text.push_str(&format!(", by grace through {}; reached: {}", of.held_until, named(&of.reached)));
        }
        text.push('\n');
        let mut table = Table::new(&[
            ("level", Side::Left),
            ("condition", Side::Left),
            ("stands at", Side::Right),
            ("at least", Side::Right),
            ("missing", Side::Right),
        ]);
        for level in &of.levels {
            for condition in &level.conditions {
                table.row([
                    level.name.clone(),
                    condition.of.clone(),
                    condition.stands.clone(),
                    match condition.at_most.as_str() {
                        "" => condition.at_least.clone(),
                        most => format!("at most {most}"),
                    },
                    condition.missing.clone(),
                ]);
            }
        }
        text.push_str(&table.text());
    }
    text
}

/// The same to a script.
pub(super) fn levels_json(found: &v1::GetLevelsResponse) -> Value {
    let level = |of: &v1::Level| {
        object([
            ("level", json!(of.level)),
            ("name", json!(of.name)),
            ("reached", json!(of.reached)),
            ("multiplier", decimal(of.multiplier_micros)),
            ("conditions", Value::Array(of.conditions.iter().map(condition).collect())),
        ])
    };
    let one = |of: &v1::LevelProgramme| {
        object([
            ("programme", json!(of.programme)),
            ("name", json!(of.name)),
            ("first_day", json!(of.first_day)),
            ("last_day", json!(of.last_day)),
            ("held", json!(of.held)),
            ("reached", json!(of.reached)),
            ("held_until", json!(of.held_until)),
            ("next", json!(of.next)),
            ("levels", Value::Array(of.levels.iter().map(level).collect())),
        ])
    };
    let programmes = found.programmes.iter().map(one).collect();
    object([("programmes", Value::Array(programmes)), ("sequence", json!(found.sequence))])
}

fn kind_of(movement: &v1::PointsMovement) -> &'static str {
    match movement.kind() {
        v1::PointsMovementKind::Unspecified => "",
        v1::PointsMovementKind::Earned => "earned",
        v1::PointsMovementKind::Held => "held",
        v1::PointsMovementKind::Spent => "spent",
        v1::PointsMovementKind::Restored => "given back",
        v1::PointsMovementKind::Expired => "expired",
    }
}

/// How points stand, and what moved them.
pub(super) fn points(found: &v1::GetPointsResponse) -> String {
    if found.balances.is_empty() {
        return "no programme of points is for this contract\n".to_owned();
    }
    let mut table = Table::new(&[
        ("programme", Side::Left),
        ("current", Side::Right),
        ("pending", Side::Right),
        ("held", Side::Right),
        ("owed", Side::Right),
        ("spent", Side::Right),
        ("expired", Side::Right),
        ("next to expire", Side::Left),
    ]);
    for of in &found.balances {
        let next = of.expiring.first().map(|next| format!("{} on {}", next.points, next.day));
        table.row([
            of.name.clone(),
            of.current.clone(),
            of.pending.clone(),
            of.held.clone(),
            of.owed.clone(),
            of.spent.clone(),
            of.expired.clone(),
            next.unwrap_or_default(),
        ]);
    }
    let mut text = table.text();
    let mut table = Table::new(&[
        ("day", Side::Left),
        ("programme", Side::Left),
        ("what", Side::Left),
        ("points", Side::Right),
        ("of", Side::Left),
    ]);
    for of in &found.movements {
        let kind = kind_of(of).to_owned();
        table.row([of.day.clone(), of.programme.clone(), kind, of.points.clone(), of.id.clone()]);
    }
    if !found.movements.is_empty() {
        text.push_str(&table.text());
    }
    text
}

/// The same to a script.
pub(super) fn points_json(found: &v1::GetPointsResponse) -> Value {
    let of_day = |of: &v1::PointsOfDay| object([("day", json!(of.day)), ("points", json!(of.points))]);
    let balance = |of: &v1::PointsBalance| {
        object([
            ("programme", json!(of.programme)),
            ("name", json!(of.name)),
            ("current", json!(of.current)),
            ("spendable", json!(of.spendable)),
            ("pending", json!(of.pending)),
            ("held", json!(of.held)),
            ("owed", json!(of.owed)),
            ("spent", json!(of.spent)),
            ("expired", json!(of.expired)),
            ("earned", json!(of.earned)),
            ("expiring", Value::Array(of.expiring.iter().map(of_day).collect())),
            ("worth", decimal(of.worth_micros)),
        ])
    };
    let movement = |of: &v1::PointsMovement| {
        object([
            ("programme", json!(of.programme)),
            ("day", json!(of.day)),
            ("kind", word(of.kind().as_str_name(), "POINTS_MOVEMENT_KIND_")),
            ("id", json!(of.id)),
            ("points", json!(of.points)),
        ])
    };
    object([
        ("currency", json!(found.currency)),
        ("balances", Value::Array(found.balances.iter().map(balance).collect())),
        ("movements", Value::Array(found.movements.iter().map(movement).collect())),
        ("sequence", json!(found.sequence)),
    ])
}

/// What was done with points or limits.
pub(super) fn moved(done: &str, (sequence, at): (u64, Option<&prost_types::Timestamp>)) -> String {
    format!("{done} at {} as {sequence}\n", instant(at))
}

/// The same to a script.
pub(super) fn moved_json(done: &str, (sequence, at): (u64, Option<&prost_types::Timestamp>)) -> Value {
    object([("done", json!(done)), ("sequence", json!(sequence)), ("moved_at", json!(instant(at)))])
}
