//! How does a priced cart read to a script?

use serde_json::{Value, json};

use crate::api::v1;
use crate::api::v1::price_source::Target;

use super::json::{decimal, object, word};
use super::report::instant;

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
        ("tax_total", json!(cart.tax_total)),
        ("gross_total", json!(cart.gross_total)),
        ("hold", json!(cart.hold)),
        ("overdue_holds", Value::Array(cart.overdue_holds.iter().map(overdue_hold).collect())),
        ("is_blocked", json!(cart.is_blocked)),
        ("needs_approval", json!(cart.needs_approval)),
        ("what_if", json!(cart.what_if)),
        ("policy_version", json!(cart.policy_version)),
        ("retro_bonus", cart.retro_bonus_micros.map_or(Value::Null, decimal)),
        ("retro_bonuses", Value::Array(cart.retro_bonuses.iter().map(retro_bonus).collect())),
        ("points", Value::Array(cart.points.iter().map(points).collect())),
        ("left_to_pay", json!(cart.left_to_pay)),
        ("progress", Value::Array(cart.progress.iter().map(progress).collect())),
        ("limit_uses", Value::Array(cart.limit_uses.iter().map(limit_use).collect())),
        ("lines", Value::Array(cart.lines.iter().map(line).collect())),
    ])
}

/// What holds a contract because debts are overdue.
pub(super) fn overdue_hold(hold: &v1::OverdueHold) -> Value {
    object([
        ("hold", json!(hold.hold)),
        ("name", json!(hold.name)),
        ("blocks", json!(hold.blocks)),
        ("overdue_amount", json!(hold.overdue_amount)),
        ("overdue_days", json!(hold.overdue_days)),
    ])
}

fn limit_use(of: &v1::CartUse) -> Value {
    object([
        ("rule", json!(of.rule)),
        ("name", json!(of.name)),
        ("kind", said(of.kind().as_str_name(), "LIMIT_KIND_")),
        ("unit", json!(of.unit)),
        ("used", decimal(of.used_micros)),
        ("left", decimal(of.left_micros)),
    ])
}

fn retro_bonus(bonus: &v1::LineRetroBonus) -> Value {
    object([
        ("line", json!(bonus.line)),
        ("line_id", json!(bonus.line_id)),
        ("bonus", decimal(bonus.bonus_micros)),
        ("pocket_amount", decimal(bonus.pocket_amount_micros)),
        ("pocket_price", decimal(bonus.pocket_price_micros)),
    ])
}

fn points(points: &v1::CartPoints) -> Value {
    let optional = |micros: Option<i64>| micros.map_or(Value::Null, decimal);
    let left = |left: &v1::PointsLeft| {
        object([
            ("reason", word(left.reason().as_str_name(), "POINTS_LOSS_REASON_")),
            ("points", decimal(left.points_micros)),
            ("explanation", json!(left.explanation)),
        ])
    };
    object([
        ("programme", json!(points.programme)),
        ("name", json!(points.name)),
        ("used_as", word(points.used_as().as_str_name(), "POINTS_USE_")),
        ("earns", decimal(points.earns_micros)),
        ("spendable", json!(points.spendable)),
        ("payable", decimal(points.payable_micros)),
        ("payable_amount", decimal(points.payable_amount_micros)),
        ("asked", optional(points.asked_micros)),
        ("taken", optional(points.taken_micros)),
        ("taken_amount", optional(points.taken_amount_micros)),
        ("left", Value::Array(points.left.iter().map(left).collect())),
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
        ("tax", stated(line.tax_micros)),
        ("notices", Value::Array(line.notices.iter().map(notice).collect())),
        ("source", line.source.as_ref().map_or(Value::Null, source)),
        ("steps", Value::Array(line.steps.iter().map(step).collect())),
        ("losers", Value::Array(line.losers.iter().map(loser).collect())),
        ("shown_prices", Value::Array(line.shown_prices.iter().map(shown_price).collect())),
        ("rule_losers", Value::Array(line.rule_losers.iter().map(rule_loser).collect())),
    ])
}

/// A figure; nothing where it is zero, which says that there is none.
fn stated(micros: i64) -> Value {
    if micros == 0 { Value::Null } else { decimal(micros) }
}

/// The word of an enum; nothing where it says nothing.
fn said(name: &str, prefix: &str) -> Value {
    match word(name, prefix) {
        Value::String(text) if text == "unspecified" => Value::Null,
        word => word,
    }
}

fn problem(problem: &v1::LineProblem) -> Value {
    object([
        ("reason", json!(problem.reason)),
        ("barrier", json!(problem.barrier)),
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
        ("rule", json!(step.rule)),
        ("service", json!(step.service)),
        ("guard", json!(step.guard)),
        ("programme", json!(step.programme)),
        ("is_negotiated", json!(step.is_negotiated)),
        ("name", json!(step.name)),
        ("taken_of", stated(step.taken_of_micros)),
        ("rate", stated(step.rate_micros)),
        ("benefit", said(step.benefit().as_str_name(), "BENEFIT_KIND_")),
        ("presentation", said(step.presentation().as_str_name(), "PRESENTATION_")),
        ("explanation", json!(step.explanation)),
    ])
}

fn loser(loser: &v1::Loser) -> Value {
    object([
        ("price_list", json!(loser.price_list)),
        ("reason", word(loser.reason().as_str_name(), "LOSS_REASON_")),
        ("explanation", json!(loser.explanation)),
    ])
}

fn rule_loser(loser: &v1::RuleLoser) -> Value {
    object([
        ("rule", json!(loser.rule)),
        ("name", json!(loser.name)),
        ("reason", word(loser.reason().as_str_name(), "RULE_LOSS_REASON_")),
        ("explanation", json!(loser.explanation)),
        ("threshold", stated(loser.threshold_micros)),
        ("has", if loser.threshold_micros == 0 { Value::Null } else { decimal(loser.has_micros) }),
        ("by", json!(loser.by)),
        ("by_name", json!(loser.by_name)),
        ("group", json!(loser.group)),
    ])
}

fn shown_price(shown: &v1::ShownPrice) -> Value {
    object([
        ("id", json!(shown.id)),
        ("name", json!(shown.name)),
        ("unit_price", decimal(shown.unit_price_micros)),
    ])
}

fn notice(notice: &v1::Notice) -> Value {
    object([
        ("kind", word(notice.kind().as_str_name(), "NOTICE_KIND_")),
        ("explanation", json!(notice.explanation)),
        ("rule", json!(notice.rule)),
        ("guard", json!(notice.guard)),
        ("name", json!(notice.name)),
        ("sku", json!(notice.sku)),
        ("unit", json!(notice.unit)),
        ("quantity", stated(notice.quantity_micros)),
        ("amount", stated(notice.amount_micros)),
    ])
}

fn progress(progress: &v1::Progress) -> Value {
    let optional = |micros: Option<i64>| micros.map_or(Value::Null, decimal);
    object([
        ("rule", json!(progress.rule)),
        ("name", json!(progress.name)),
        ("line", json!(progress.line)),
        ("line_id", json!(progress.line_id)),
        ("what", said(progress.what().as_str_name(), "MEASURE_KIND_")),
        ("unit", json!(progress.unit)),
        ("currency", json!(progress.currency)),
        ("attribute", json!(progress.attribute)),
        ("over", said(progress.over().as_str_name(), "MEASURE_SCOPE_")),
        ("previous_period", json!(progress.previous_period)),
        ("tier_mode", said(progress.tier_mode().as_str_name(), "TIER_MODE_")),
        ("position", json!(progress.position)),
        ("before", json!(progress.before)),
        ("tier", json!(progress.tier)),
        ("next", optional(progress.next_micros)),
        ("distance", json!(progress.distance)),
        ("distance_amount", optional(progress.distance_amount_micros)),
        ("worth", decimal(progress.worth_micros)),
        ("explanation", json!(progress.explanation)),
        ("ladder", Value::Array(progress.ladder.iter().map(tier).collect())),
    ])
}

fn tier(tier: &v1::LadderTier) -> Value {
    object([
        ("lower", decimal(tier.lower_micros)),
        ("upper", tier.upper_micros.map_or(Value::Null, decimal)),
        ("benefit", said(tier.benefit().as_str_name(), "BENEFIT_KIND_")),
        ("rate", stated(tier.rate_micros)),
        ("price_list", json!(tier.price_list)),
        ("explanation", json!(tier.explanation)),
    ])
}
