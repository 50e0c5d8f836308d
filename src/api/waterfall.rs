//! How do the steps, sources and losers of a waterfall cross the wire?

use crate::domain::catalogue::Catalogue;
use crate::domain::cell::Target;
use crate::domain::decimal::Micros;
use crate::domain::ids::{ListId, SkuId, UnitId};
use crate::domain::ladder::TierMode;
use crate::policy::syntax::Presentation;
use crate::pricing::cart::PriceSource;
use crate::pricing::losers::{Loser, LossReason};
use crate::pricing::waterfall::{Cause, Layer, Step};

use super::benefit::{
    guard_told, kind_of, negotiated_told, points_told, proposed_told, rate_told, service_told,
};
use super::moment::window;
use super::telling::Telling;
use super::v1;
use super::v1::price_source::Target as WireTarget;
use super::words::list_loss::phrase;

fn list_code(catalogue: &Catalogue, list: ListId) -> String {
    catalogue.list(list).map_or(String::new(), |list| list.code.clone())
}

/// The external id of a unit, which may stand for the base unit of `sku`.
#[must_use]
pub fn unit_code(catalogue: &Catalogue, unit: UnitId, sku: Option<SkuId>) -> String {
    let base = || sku.and_then(|id| catalogue.sku(id)).map(|sku| sku.base_unit);
    let unit = if unit == UnitId::BASE { base() } else { Some(unit) };
    unit.and_then(|id| catalogue.unit(id)).map_or(String::new(), |unit| unit.code.clone())
}

/// A tier mode.
#[must_use]
pub fn tier_mode(mode: TierMode) -> v1::TierMode {
    match mode {
        TierMode::Volume => v1::TierMode::Volume,
        TierMode::Graduated => v1::TierMode::Graduated,
    }
}

/// The cell that gave a price.
#[must_use]
pub fn source_of(source: &PriceSource, sku: Option<SkuId>, catalogue: &Catalogue) -> v1::PriceSource {
    let target = match source.target {
        Target::Sku(id) => WireTarget::Sku(catalogue.sku(id).map_or(String::new(), |sku| sku.code.clone())),
        Target::Category(id) => WireTarget::Category(
            catalogue.categories.get(id.0).map_or(String::new(), |category| category.path.clone()),
        ),
        Target::Brand(id) => {
            WireTarget::Brand(catalogue.brands.get(id.0).map_or(String::new(), |brand| brand.code.clone()))
        }
    };
    v1::PriceSource {
        price_list: list_code(catalogue, source.list),
        target: Some(target),
        unit: unit_code(catalogue, source.unit, sku),
        per: source.per,
        window: window(source.window),
        flags: source.flags.to_text(),
        tier_mode: tier_mode(source.mode).into(),
        tier: u32::from(source.tier) + 1,
        percent_of: source.percent_of.map_or(String::new(), |list| list_code(catalogue, list)),
    }
}

/// A step. What a guard rests on is for those who may see costs.
#[must_use]
pub fn step_of(step: &Step, telling: &Telling<'_>) -> v1::Step {
    let wire = v1::Step {
        layer: layer_of(step.layer).into(),
        base_micros: step.base.0,
        amount_micros: step.amount.0,
        presentation: match step.shown_as {
            Presentation::Discount => v1::Presentation::Discount,
            Presentation::Price => v1::Presentation::Price,
        }
        .into(),
        ..v1::Step::default()
    };
    let rated = || v1::Step { taken_of_micros: step.taken_of.0, rate_micros: step.rate.0, ..wire.clone() };
    match step.cause {
        Cause::Rounding => wire,
        Cause::List(list) => v1::Step { price_list: telling.list(list).to_owned(), ..wire },
        Cause::Rule(number) => {
            let (named, rule) = (telling.rule(number), telling.policy.rule(number));
            v1::Step {
                rule: named.id.to_owned(),
                name: named.name.to_owned(),
                benefit: rule.map_or(v1::BenefitKind::Unspecified, |rule| kind_of(rule.kind())).into(),
                explanation: rule
                    .map_or(String::new(), |rule| rate_told(step.rate, step.taken_of, rule, telling)),
                ..rated()
            }
        }
        Cause::Service(number) => {
            let (named, service) = (telling.service(number), telling.policy.service(number));
            v1::Step {
                service: named.id.to_owned(),
                name: named.name.to_owned(),
                benefit: v1::BenefitKind::ServicePrice.into(),
                explanation: service
                    .map_or(String::new(), |service| service_told(step.rate, service, telling)),
                ..rated()
            }
        }
        Cause::Guard(number) => {
            let named = telling.guard(number);
            let wire = if telling.audience.sees_costs { rated() } else { wire };
            let guard = telling.policy.guard(number).filter(|_| telling.audience.sees_costs);
            v1::Step {
                guard: named.id.to_owned(),
                name: named.name.to_owned(),
                explanation: guard.map_or(String::new(), |guard| guard_told(guard, telling)),
                ..wire
            }
        }
        Cause::Points(number) => {
            let named = telling.points(number);
            v1::Step {
                programme: named.id.to_owned(),
                name: named.name.to_owned(),
                explanation: points_told(step.rate, telling),
                ..rated()
            }
        }
        Cause::Negotiated => v1::Step {
            is_negotiated: true,
            name: negotiated_told(telling),
            explanation: proposed_told(step.rate, telling),
            ..rated()
        },
    }
}

fn layer_of(layer: Layer) -> v1::Layer {
    match layer {
        Layer::List => v1::Layer::List,
        Layer::Contract => v1::Layer::Contract,
        Layer::Volume => v1::Layer::Volume,
        Layer::Order => v1::Layer::Order,
        Layer::Loyalty => v1::Layer::Loyalty,
        Layer::Surcharge => v1::Layer::Surcharge,
        Layer::Guard => v1::Layer::Guard,
        Layer::Rounding => v1::Layer::Rounding,
    }
}

/// A list that lost, with its reason in words.
#[must_use]
pub fn loser_of(loser: &Loser, telling: &Telling<'_>) -> v1::Loser {
    use v1::LossReason as Wire;
    let (mut threshold, mut amount, mut winner) = (Micros::ZERO, Micros::ZERO, Micros::ZERO);
    let reason = match loser.reason {
        LossReason::ConditionNotMet => Wire::ConditionNotMet,
        LossReason::NotInList => Wire::NotInList,
        LossReason::OutsideWindow => Wire::OutsideWindow,
        LossReason::NoConversion => Wire::NoConversion,
        LossReason::BelowFirstTier { threshold: begins } => {
            threshold = begins;
            Wire::BelowFirstTier
        }
        LossReason::PastLadder { end } => {
            threshold = end;
            Wire::PastLadder
        }
        LossReason::NoBasePrice => Wire::NoBasePrice,
        LossReason::NoExchangeRate => Wire::NoExchangeRate,
        LossReason::NoIndexValue => Wire::NoIndexValue,
        LossReason::NoTaxRate => Wire::NoTaxRate,
        LossReason::PriceNotPositive => Wire::PriceNotPositive,
        LossReason::EarlierListTaken => Wire::EarlierListTaken,
        LossReason::HigherThan { winner: won, amount: lost } => {
            (amount, winner) = (lost, won);
            Wire::HigherThan
        }
        LossReason::EndedByFinal => Wire::EndedByFinal,
    };
    let first = match reason {
        Wire::HigherThan => telling.amount(amount),
        _ => threshold.to_string(),
    };
    v1::Loser {
        price_list: telling.list(loser.list).to_owned(),
        reason: reason.into(),
        explanation: phrase(loser.reason).told(telling.language(), &[&first, &telling.amount(winner)]),
        threshold_micros: threshold.0,
        amount_micros: amount.0,
        winner_micros: winner.0,
    }
}
