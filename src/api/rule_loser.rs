//! How do the rules cross the wire that gave a line nothing?

use crate::domain::decimal::Micros;
use crate::policy::syntax::Rule;
use crate::pricing::cart::PricedCart;
use crate::pricing::losers::{RuleLoser, RuleLoss};

use super::telling::{Named, Telling};
use super::v1;
use super::words::measure::figure;
use super::words::rule_loss::{first_order, phrase};

/// The rules that gave one line of a cart nothing, which stand together.
#[must_use]
pub fn rule_losers_of(cart: &PricedCart, line: usize, telling: &Telling<'_>) -> Vec<v1::RuleLoser> {
    let line = u32::try_from(line).unwrap_or(u32::MAX);
    let from = cart.rule_losers.partition_point(|loser| loser.line < line);
    let rest = cart.rule_losers.get(from..).unwrap_or_default();
    rest.iter().take_while(|loser| loser.line == line).map(|loser| rule_loser_of(loser, telling)).collect()
}

fn rule_loser_of(loser: &RuleLoser, telling: &Telling<'_>) -> v1::RuleLoser {
    let named = telling.rule(loser.rule);
    let by = match loser.reason {
        RuleLoss::Beaten { by } | RuleLoss::Stopped { by } | RuleLoss::EarlierRule { by } => telling.rule(by),
        RuleLoss::TakenBack { by } => telling.guard(by),
        _ => Named::default(),
    };
    let rule = telling.policy.rule(loser.rule);
    let group = match loser.reason {
        RuleLoss::Beaten { .. } => rule.and_then(|rule| rule.best_of.clone()).unwrap_or_default(),
        _ => String::new(),
    };
    let (threshold, has) = match loser.reason {
        RuleLoss::Threshold { threshold, has } => (threshold, has),
        RuleLoss::PastLadder { end } => (end, Micros::ZERO),
        _ => (Micros::ZERO, Micros::ZERO),
    };
    let explanation =
        rule.map_or_else(String::new, |rule| words_of(loser.reason, rule, (by, &group), telling));
    v1::RuleLoser {
        rule: named.id.to_owned(),
        name: named.name.to_owned(),
        reason: reason_of(loser.reason).into(),
        explanation,
        threshold_micros: threshold.0,
        has_micros: has.0,
        by: by.id.to_owned(),
        by_name: by.name.to_owned(),
        group,
    }
}

fn words_of(reason: RuleLoss, rule: &Rule, (by, group): (Named<'_>, &str), telling: &Telling<'_>) -> String {
    let language = telling.language();
    let measured = |micros: Micros| match telling.measure(rule) {
        Some(measure) => figure(micros.0.into(), measure, telling.currency_measured(measure), language),
        None => micros.to_string(),
    };
    let tell = |parts: &[&str]| phrase(reason).told(language, parts);
    match reason {
        RuleLoss::FirstOrder => match rule.when.first_order {
            Some(asked) => first_order(asked).told(language, &[]),
            None => tell(&[]),
        },
        RuleLoss::Characteristic => {
            let asked: Vec<&str> = rule.when.line.iter().map(|asked| asked.attribute.as_str()).collect();
            tell(&[&asked.join(", ")])
        }
        RuleLoss::Level => tell(&[&rule.when.level.join(", ")]),
        RuleLoss::OtherCurrency => tell(&[telling.currency_of(rule).code(), telling.currency.code()]),
        RuleLoss::Threshold { threshold, has } => tell(&[&measured(threshold), &measured(has)]),
        RuleLoss::PastLadder { end } => tell(&[&measured(end)]),
        RuleLoss::Beaten { .. } => tell(&[group, by.name]),
        RuleLoss::Stopped { .. } | RuleLoss::EarlierRule { .. } | RuleLoss::TakenBack { .. } => {
            tell(&[by.name])
        }
        _ => tell(&[]),
    }
}

fn reason_of(reason: RuleLoss) -> v1::RuleLossReason {
    use v1::RuleLossReason as Wire;
    match reason {
        RuleLoss::Channel => Wire::Channel,
        RuleLoss::Warehouse => Wire::Warehouse,
        RuleLoss::DeliveryBasis => Wire::DeliveryBasis,
        RuleLoss::Fulfilment => Wire::Fulfilment,
        RuleLoss::PaymentTerms => Wire::PaymentTerms,
        RuleLoss::Coupon => Wire::Coupon,
        RuleLoss::Level => Wire::Level,
        RuleLoss::Held => Wire::Held,
        RuleLoss::NotHeld => Wire::NotHeld,
        RuleLoss::FirstOrder => Wire::FirstOrder,
        RuleLoss::OutsideDates => Wire::OutsideDates,
        RuleLoss::Characteristic => Wire::Characteristic,
        RuleLoss::NotTogether => Wire::NotTogether,
        RuleLoss::OtherCurrency => Wire::OtherCurrency,
        RuleLoss::Threshold { .. } => Wire::Threshold,
        RuleLoss::PastLadder { .. } => Wire::PastLadder,
        RuleLoss::NoDiscount => Wire::NoDiscount,
        RuleLoss::NoListPrice => Wire::NoListPrice,
        RuleLoss::NotMeasurable => Wire::NotMeasurable,
        RuleLoss::NoValue => Wire::NoValue,
        RuleLoss::NoPriceInList => Wire::NoPriceInList,
        RuleLoss::NotLower => Wire::NotLower,
        RuleLoss::Beaten { .. } => Wire::Beaten,
        RuleLoss::Stopped { .. } => Wire::Stopped,
        RuleLoss::LimitUsedUp => Wire::LimitUsedUp,
        RuleLoss::Nothing => Wire::Nothing,
        RuleLoss::TakenBack { .. } => Wire::Guard,
        RuleLoss::EarlierRule { .. } => Wire::EarlierRule,
    }
}
