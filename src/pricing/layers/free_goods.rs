//! How many goods are free? (Rule L7.)

use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::domain::ids::{SkuId, UnitId};
use crate::domain::rounding::RoundingMode;
use crate::policy::compiled::{CompiledRule, PercentBase, UnitRef};
use crate::policy::syntax::{FreeGoods, FreeMode, FreePer};
use crate::pricing::losers::RuleLoss;

use super::cart::{Cart, Line, Miss};
use super::gain::{Gain, base};
use super::running::Running;

/// Goods that are added to an order without charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pricing) struct OnTop {
    pub(in crate::pricing) sku: SkuId,
    pub(in crate::pricing) unit: UnitId,
    pub(in crate::pricing) quantity: Micros,
}

/// What free goods give a line: inside the order an amount, on top of it goods.
pub(in crate::pricing) fn gain(
    cart: &Cart<'_>,
    line: &Line<'_>,
    rule: &CompiledRule,
    (free, other): (&FreeGoods, Option<SkuId>),
) -> Result<Gain, Miss> {
    let units = line.units_of(cart, rule.unit).ok_or(Miss::Lost(RuleLoss::NotMeasurable))?;
    let ordered = line.quantity.times(&units);
    let count = count(free, &ordered)?;
    if !count.is_positive() {
        return Err(Miss::Lost(RuleLoss::Nothing));
    }
    let mut gain = Gain {
        by: Running::Amount(Exact::ZERO),
        lost: None,
        taken_of: None,
        rate: Micros::ZERO,
        on_top: None,
    };
    match free.mode {
        FreeMode::Inside => {
            let running = base(cart, line, PercentBase::Running, false)?;
            gain.by = Running::Amount(running.times(&count.over(&ordered)?));
            gain.taken_of = Some(running);
        }
        FreeMode::OnTop => gain.on_top = Some(on_top(cart, line, rule, &count, (free, other))?),
    }
    Ok(gain)
}

fn on_top(
    cart: &Cart<'_>,
    line: &Line<'_>,
    rule: &CompiledRule,
    count: &Exact,
    (free, other): (&FreeGoods, Option<SkuId>),
) -> Result<OnTop, Miss> {
    let quantity = count.round(Micros(1), RoundingMode::Down)?;
    if free.sku.is_some() {
        let sku = other.ok_or(Miss::Lost(RuleLoss::NoValue))?;
        let facts = cart.terms.catalogue.facts(sku).ok_or(Miss::Lost(RuleLoss::NoValue))?;
        return Ok(OnTop { sku, unit: facts.base_unit, quantity });
    }
    let unit = match rule.unit {
        UnitRef::Unit(unit) => unit,
        UnitRef::Base | UnitRef::Unknown => line.order.facts.base_unit,
    };
    Ok(OnTop { sku: line.order.sku, unit, quantity })
}

/// How many of `ordered` units, or for them, are free.
fn count(free: &FreeGoods, ordered: &Exact) -> Result<Exact, Miss> {
    let times = ordered.over(&Exact::from(free.every))?;
    let give = Exact::from(free.give);
    let whole = Exact::from(times.round(Micros::ONE, RoundingMode::Down)?);
    Ok(match free.per {
        FreePer::Proportional => Exact::from(times.times(&give).round(Micros::ONE, free.rounding)?),
        FreePer::Unit => whole.times(&give),
        FreePer::Whole if times == whole => whole.times(&give),
        FreePer::Whole => Exact::ZERO,
    })
}
