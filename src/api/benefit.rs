//! How do benefits, services and guards cross the wire: kinds, rates, and what they come to in words?

use crate::domain::decimal::Micros;
use crate::policy::syntax::{Benefit, BenefitKind, Guard, GuardTest, Rule, Service, ServicePer};

use super::telling::Telling;
use super::v1;
use super::words::benefit as words;

/// A kind.
#[must_use]
pub fn kind_of(kind: BenefitKind) -> v1::BenefitKind {
    match kind {
        BenefitKind::Percent => v1::BenefitKind::Percent,
        BenefitKind::PerUnit => v1::BenefitKind::PerUnit,
        BenefitKind::PerLine => v1::BenefitKind::PerLine,
        BenefitKind::PerCart => v1::BenefitKind::PerCart,
        BenefitKind::Price => v1::BenefitKind::Price,
        BenefitKind::PriceOf => v1::BenefitKind::PriceOf,
        BenefitKind::Formula => v1::BenefitKind::Formula,
        BenefitKind::Free => v1::BenefitKind::Free,
        BenefitKind::ServicePrice => v1::BenefitKind::ServicePrice,
        BenefitKind::ServicePercent => v1::BenefitKind::ServicePercent,
    }
}

/// The rate that a step of `rule` was worked out with, in words; nothing where there is none.
#[must_use]
pub fn rate_told(rate: Micros, taken_of: Micros, rule: &Rule, telling: &Telling<'_>) -> String {
    if rate == Micros::ZERO {
        return String::new();
    }
    match rule.kind() {
        BenefitKind::Percent => words::rate(BenefitKind::Percent)
            .told(telling.language(), &[&rate.to_string(), &telling.amount(taken_of)]),
        kind => plain(kind, rate, rule, telling),
    }
}

/// A benefit of one figure.
fn plain(kind: BenefitKind, rate: Micros, rule: &Rule, telling: &Telling<'_>) -> String {
    let language = telling.language();
    let money = || {
        let currency = telling.currency_of(rule);
        format!("{} {}", rate.to_text(currency.digits()), currency.code())
    };
    let service = || {
        let id = rule.service.as_deref().unwrap_or_default();
        let services = &telling.policy.policy().services;
        let found = services.iter().find(|service| service.id == id);
        found.map_or(id, |service| telling.text(&service.name)).to_owned()
    };
    let (figure, of) = match kind {
        BenefitKind::Percent => return words::PERCENT.told(language, &[&rate.to_string()]),
        BenefitKind::Free => (rate.to_string(), String::new()),
        BenefitKind::ServicePercent => (rate.to_string(), service()),
        BenefitKind::ServicePrice => (money(), service()),
        BenefitKind::PerUnit
        | BenefitKind::PerLine
        | BenefitKind::PerCart
        | BenefitKind::Price
        | BenefitKind::PriceOf
        | BenefitKind::Formula => (money(), units(rule, kind, telling)),
    };
    let told = words::rate(kind).told(language, &[&figure, &of]);
    match &rule.times {
        Some(characteristic) if kind == BenefitKind::PerUnit => {
            words::TIMES.told(language, &[&told, characteristic])
        }
        _ => told,
    }
}

/// The units that a figure is for: `t`, `100 piece`.
fn units(rule: &Rule, kind: BenefitKind, telling: &Telling<'_>) -> String {
    let base = words::BASE_UNIT.told(telling.language(), &[]);
    let unit = rule.unit.clone().unwrap_or(base);
    match kind {
        BenefitKind::Price | BenefitKind::Formula if rule.per > 1 => format!("{} {unit}", rule.per),
        _ => unit,
    }
}

/// What a tier of `rule` gives: the figure, the list, and all of it in words.
#[must_use]
pub fn tier_told(benefit: &Benefit, rule: &Rule, telling: &Telling<'_>) -> (Micros, String, String) {
    let language = telling.language();
    match benefit {
        Benefit::Percent(rate)
        | Benefit::PerUnit(rate)
        | Benefit::PerLine(rate)
        | Benefit::PerCart(rate)
        | Benefit::Price(rate)
        | Benefit::ServicePrice(rate)
        | Benefit::ServicePercent(rate) => {
            (*rate, String::new(), plain(benefit.kind(), *rate, rule, telling))
        }
        Benefit::PriceOf(list) => (Micros::ZERO, list.clone(), words::PRICE_OF.told(language, &[list])),
        Benefit::Formula { .. } => (Micros::ZERO, String::new(), words::FORMULA.told(language, &[])),
        Benefit::Free(goods) => {
            let parts: [&str; 2] = [&goods.give.to_string(), &goods.every.to_string()];
            (Micros::ZERO, String::new(), words::free(goods.mode).told(language, &parts))
        }
    }
}

/// The price of a service, in words.
#[must_use]
pub fn service_told(rate: Micros, service: &Service, telling: &Telling<'_>) -> String {
    if rate == Micros::ZERO {
        return String::new();
    }
    let language = telling.language();
    let currency = service.currency.or(telling.policy.policy().currency).unwrap_or(telling.currency);
    let figure = format!("{} {}", rate.to_text(currency.digits()), currency.code());
    let unit = match &service.per {
        ServicePer::Unit(Some(unit)) => unit.clone(),
        ServicePer::Unit(None) => words::BASE_UNIT.told(language, &[]),
        ServicePer::Each | ServicePer::Line => String::new(),
    };
    words::service(&service.per).told(language, &[&figure, &unit])
}

/// What a point of a discount is worth, in words.
#[must_use]
pub fn points_told(worth: Micros, telling: &Telling<'_>) -> String {
    let figure = format!("{} {}", telling.amount(worth), telling.currency.code());
    words::POINTS.told(telling.language(), &[&figure])
}

/// What a step is called that a negotiated price made.
#[must_use]
pub fn negotiated_told(telling: &Telling<'_>) -> String {
    words::NEGOTIATED.told(telling.language(), &[])
}

/// What was proposed for a line, in words; where the rate is zero, a total was proposed.
#[must_use]
pub fn proposed_told(rate: Micros, telling: &Telling<'_>) -> String {
    if rate == Micros::ZERO {
        return words::OF_TOTAL.told(telling.language(), &[]);
    }
    let figure = format!("{} {}", telling.amount(rate), telling.currency.code());
    words::PROPOSED.told(telling.language(), &[&figure])
}

/// What a guard demands, in words: only for those who may see costs.
#[must_use]
pub fn guard_told(guard: &Guard, telling: &Telling<'_>) -> String {
    let part = match &guard.test {
        GuardTest::Margin { percent, .. }
        | GuardTest::Markup { percent, .. }
        | GuardTest::Discount { percent, .. } => percent.to_string(),
        GuardTest::FloorList(list) => list.clone(),
    };
    words::guard(&guard.test).told(telling.language(), &[&part])
}
