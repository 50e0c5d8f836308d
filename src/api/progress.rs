//! How does it cross the wire how far the next tier is, and what it is worth?

use crate::policy::syntax::{Measure, PeriodLength, PeriodWindow, Rule, Scope, What};
use crate::pricing::cart::{PricedCart, Progress};

use super::benefit::{kind_of, tier_told};
use super::decimal::total_text;
use super::telling::Telling;
use super::v1;
use super::waterfall::tier_mode;
use super::words::measure::figure;
use super::words::progress::{LAST, MISSED, WORTH, way};
use crate::domain::decimal::Micros;
use crate::pricing::request::CartLine;

/// All progress of a cart. `lines` are the request's.
#[must_use]
pub fn progress_of(cart: &PricedCart, lines: &[CartLine<'_>], telling: &Telling<'_>) -> Vec<v1::Progress> {
    cart.progress.iter().map(|progress| one(progress, lines, telling)).collect()
}

fn one(progress: &Progress, lines: &[CartLine<'_>], telling: &Telling<'_>) -> v1::Progress {
    let named = telling.rule(progress.rule);
    let line = progress.line.and_then(|line| lines.get(usize::try_from(line).ok()?));
    let mut wire = v1::Progress {
        rule: named.id.to_owned(),
        name: named.name.to_owned(),
        line: progress.line,
        line_id: line.map_or(String::new(), |line| line.id.to_owned()),
        tier: progress.tier.map_or(0, |tier| u32::from(tier) + 1),
        next_micros: progress.next.map(|next| next.0),
        distance_amount_micros: progress.distance_amount.map(|amount| amount.0),
        worth_micros: progress.worth.0,
        ..v1::Progress::default()
    };
    let Some(rule) = telling.policy.rule(progress.rule) else { return wire };
    wire.tier_mode = tier_mode(rule.mode).into();
    if progress.whole_ladder {
        wire.ladder = ladder_of(rule, telling);
    }
    let Some(measure) = telling.measure(rule) else { return wire };
    measured(&mut wire, measure, telling);
    let digits = match measure.what {
        What::Amount { .. } => telling.currency_measured(measure).digits(),
        _ => 0,
    };
    let step = step_of(measure, telling);
    wire.position = total_text(steps_down(progress.position, step), digits);
    wire.before = total_text(steps_down(progress.before, step), digits);
    if progress.next.is_some() {
        wire.distance = total_text(steps_up(progress.distance, step), digits);
    }
    wire.explanation = told(progress, rule, measure, telling);
    wire
}

fn ladder_of(rule: &Rule, telling: &Telling<'_>) -> Vec<v1::LadderTier> {
    let tier = |tier: &crate::policy::syntax::RuleTier| {
        let (rate, price_list, explanation) = tier_told(&tier.benefit, rule, telling);
        v1::LadderTier {
            lower_micros: tier.lower.0,
            upper_micros: tier.upper.map(|upper| upper.0),
            benefit: kind_of(tier.benefit.kind()).into(),
            rate_micros: rate.0,
            price_list,
            explanation,
        }
    };
    rule.tiers.iter().map(tier).collect()
}

fn measured(wire: &mut v1::Progress, measure: &Measure, telling: &Telling<'_>) {
    use v1::MeasureKind as Kind;
    let (what, unit) = match &measure.what {
        What::Quantity { unit } => (Kind::Quantity, unit.as_deref().unwrap_or_default()),
        What::Weight { unit } => (Kind::Weight, unit.as_str()),
        What::Volume { unit } => (Kind::Volume, unit.as_str()),
        What::Amount { .. } => (Kind::Amount, ""),
        What::Skus => (Kind::Skus, ""),
        What::Categories { .. } => (Kind::Categories, ""),
        What::Attribute { .. } => (Kind::Attribute, ""),
    };
    wire.what = what.into();
    unit.clone_into(&mut wire.unit);
    match &measure.what {
        What::Amount { .. } => telling.currency_measured(measure).code().clone_into(&mut wire.currency),
        What::Attribute { name } => name.clone_into(&mut wire.attribute),
        _ => {}
    }
    wire.over = scope_of(measure.over).into();
    wire.previous_period = is_over(measure);
}

fn is_over(measure: &Measure) -> bool {
    matches!(measure.over, Scope::Period(period) if period.window == PeriodWindow::Previous)
}

fn scope_of(scope: Scope) -> v1::MeasureScope {
    use v1::MeasureScope as Wire;
    match scope {
        Scope::Line => Wire::Line,
        Scope::Sku => Wire::Sku,
        Scope::Group => Wire::Group,
        Scope::Cart => Wire::Cart,
        Scope::Period(period) => match (period.window, period.length) {
            (PeriodWindow::Rolling(_), _) => Wire::Rolling,
            (_, PeriodLength::Month) => Wire::Month,
            (_, PeriodLength::Quarter) => Wire::Quarter,
            (_, PeriodLength::Half) => Wire::Half,
            (_, PeriodLength::Year) => Wire::Year,
        },
    }
}

/// In what a measure is told: amounts in whole coins.
fn step_of(measure: &Measure, telling: &Telling<'_>) -> i128 {
    match measure.what {
        What::Amount { .. } => i128::from(telling.currency_measured(measure).minor_unit().0.max(1)),
        _ => 1,
    }
}

fn steps_down(micros: i128, step: i128) -> i128 {
    micros.saturating_sub(micros.rem_euclid(step))
}

fn steps_up(micros: i128, step: i128) -> i128 {
    let short = micros.rem_euclid(step);
    if short == 0 { micros } else { micros.saturating_add(step - short) }
}

/// `1.2 t to the next discount, worth 120.00 EUR`.
fn told(progress: &Progress, rule: &Rule, measure: &Measure, telling: &Telling<'_>) -> String {
    let language = telling.language();
    if progress.next.is_none() {
        return LAST.told(language, &[]);
    }
    let currency = telling.currency_measured(measure);
    let distance = steps_up(progress.distance, step_of(measure, telling));
    let distance = figure(distance, measure, currency, language);
    if is_over(measure) {
        return MISSED.told(language, &[&distance]);
    }
    let way = way(rule.layer).told(language, &[&distance]);
    if progress.worth <= Micros::ZERO {
        return way;
    }
    let worth = format!("{} {}", telling.amount(progress.worth), telling.currency.code());
    WORTH.told(language, &[&way, &worth])
}
