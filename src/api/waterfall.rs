//! How do the steps, sources and losers of a waterfall cross the wire?

use crate::domain::catalogue::Catalogue;
use crate::domain::cell::Target;
use crate::domain::ids::{ListId, SkuId, UnitId};
use crate::domain::ladder::TierMode;
use crate::pricing::cart::{Cause, Layer, Loser, LossReason, PriceSource, Step};

use super::moment::window;
use super::v1;
use super::v1::price_source::Target as WireTarget;

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

/// A step.
#[must_use]
pub fn step_of(step: &Step, catalogue: &Catalogue) -> v1::Step {
    let layer = match step.layer {
        Layer::List => v1::Layer::List,
        Layer::Contract => v1::Layer::Contract,
        Layer::Volume => v1::Layer::Volume,
        Layer::Order => v1::Layer::Order,
        Layer::Loyalty => v1::Layer::Loyalty,
        Layer::Surcharge => v1::Layer::Surcharge,
        Layer::Guard => v1::Layer::Guard,
        Layer::Rounding => v1::Layer::Rounding,
    };
    v1::Step {
        layer: layer.into(),
        price_list: match step.cause {
            Cause::List(list) => list_code(catalogue, list),
            Cause::Rounding | Cause::Rule(_) | Cause::Service(_) | Cause::Guard(_) => String::new(),
        },
        base_micros: step.base.0,
        amount_micros: step.amount.0,
    }
}

/// A loser, with its reason in words.
#[must_use]
pub fn loser_of(loser: &Loser, catalogue: &Catalogue) -> v1::Loser {
    use v1::LossReason as Wire;
    let mut wire = v1::Loser { price_list: list_code(catalogue, loser.list), ..v1::Loser::default() };
    let (reason, explanation) = match loser.reason {
        LossReason::ConditionNotMet => {
            (Wire::ConditionNotMet, "its conditions are not met by the cart".to_owned())
        }
        LossReason::NotInList => {
            (Wire::NotInList, "says nothing of the SKU, its categories or its brand".to_owned())
        }
        LossReason::OutsideWindow => (Wire::OutsideWindow, "has a price, but not at this instant".to_owned()),
        LossReason::NoConversion => {
            (Wire::NoConversion, "has a price in a unit that the SKU does not convert to".to_owned())
        }
        LossReason::BelowFirstTier { threshold } => {
            wire.threshold_micros = threshold.0;
            (Wire::BelowFirstTier, format!("begins at a quantity of {threshold}"))
        }
        LossReason::PastLadder { end } => {
            wire.threshold_micros = end.0;
            (Wire::PastLadder, format!("its tier ends at a quantity of {end}"))
        }
        LossReason::NoBasePrice => {
            (Wire::NoBasePrice, "the list that its percentage is taken off has no price".to_owned())
        }
        LossReason::NoExchangeRate => {
            (Wire::NoExchangeRate, "no exchange rate holds at this instant".to_owned())
        }
        LossReason::NoTaxRate => (
            Wire::NoTaxRate,
            "its prices include tax, and no rate of the SKU's tax class is known".to_owned(),
        ),
        LossReason::NoIndexValue => (Wire::NoIndexValue, "its index has no value at this instant".to_owned()),
        LossReason::PriceNotPositive => {
            (Wire::PriceNotPositive, "its price comes out at zero or below".to_owned())
        }
        LossReason::EarlierListTaken => (Wire::EarlierListTaken, "an earlier list has the price".to_owned()),
        LossReason::HigherThan { winner, amount } => {
            wire.winner_micros = winner.0;
            wire.amount_micros = amount.0;
            (
                Wire::HigherThan,
                format!("gives {}, which is not below {}", amount.to_text(2), winner.to_text(2)),
            )
        }
        LossReason::EndedByFinal => {
            (Wire::EndedByFinal, "a final price of an earlier list ended the search".to_owned())
        }
    };
    wire.reason = reason.into();
    wire.explanation = explanation;
    wire
}
