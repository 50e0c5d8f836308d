//! What would a rule give a line, as it runs now? Exactly, with the line's own caps, and never more than is there.

use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::domain::ladder::TierMode;
use crate::matrix::cells::CellBuffer;
use crate::policy::compiled::{CompiledBenefit, CompiledRule, PercentBase};
use crate::policy::syntax::RuleLayer;
use crate::pricing::losers::RuleLoss;

use super::cart::{Cart, Line, Miss};
use super::free_goods;
use super::ladder::Held;
use super::prices::{at_price, formula, price_of};
use super::running::{Running, round_unit};

/// What a rule would give, or in the surcharge layer take.
#[derive(Debug, Clone)]
pub(in crate::pricing) struct Gain {
    /// How much: of one ordered unit, or of the line.
    pub(in crate::pricing) by: Running,
    /// What of it is lost, because nothing more is there to take it off.
    pub(in crate::pricing) lost: Option<Exact>,
    /// The base that percentages were taken of.
    pub(in crate::pricing) taken_of: Option<Exact>,
    /// The rate, for people.
    pub(in crate::pricing) rate: Micros,
    /// Free goods on top of the order.
    pub(in crate::pricing) on_top: Option<free_goods::OnTop>,
}

impl Gain {
    fn of(by: Running, rate: Micros) -> Self {
        Self { by, lost: None, taken_of: None, rate, on_top: None }
    }
}

/// What a rule would give a line before limits and caps, cut to what is there.
pub(in crate::pricing) fn gain(
    cart: &Cart<'_>,
    line: &Line<'_>,
    rule: &CompiledRule,
    held: &Held,
    cells: &mut CellBuffer,
) -> Result<Gain, Miss> {
    if rule.base == PercentBase::List && line.list.is_none() {
        return Err(Miss::Lost(RuleLoss::NoListPrice));
    }
    let by_unit = is_by_unit(line, rule);
    let mut gain = raw(cart, line, rule, held, by_unit, cells)?;
    if rule.layer != RuleLayer::Surcharge {
        let there = base(cart, line, PercentBase::Running, by_unit)?;
        if figure(&gain.by).compare(&there).is_gt() {
            let lost = figure(&gain.by).minus(&there);
            gain.lost = Some(if by_unit { lost.times(&line.quantity) } else { lost });
            gain.by = at_most(gain.by, &there);
        }
    }
    if !figure(&gain.by).is_positive() && gain.on_top.is_none() {
        return Err(Miss::Lost(RuleLoss::Nothing));
    }
    Ok(gain)
}

/// Is the rule's gain one of the line's unit price, rather than of its amount?
fn is_by_unit(line: &Line<'_>, rule: &CompiledRule) -> bool {
    rule.keeps_unit_price && matches!(line.running, Running::Unit(_))
}

/// A gain within the rule's caps of the line.
pub(in crate::pricing) fn capped(
    cart: &Cart<'_>,
    line: &Line<'_>,
    rule: &CompiledRule,
    mut by: Running,
) -> Result<Running, Miss> {
    if let Some(percent) = rule.cap.percent {
        let by_unit = matches!(by, Running::Unit(_));
        by = at_most(by, &base(cart, line, rule.base, by_unit)?.times(&Exact::percent(percent)));
    }
    // Its benefit is one of the amount then, see `keeps_unit_price`.
    if let Some(most) = rule.cap.line {
        by = at_most(by, &Exact::from(most));
    }
    if !figure(&by).is_positive() {
        return Err(Miss::Lost(RuleLoss::Nothing));
    }
    Ok(by)
}

fn figure(running: &Running) -> &Exact {
    match running {
        Running::Unit(figure) | Running::Amount(figure) => figure,
    }
}

fn at_most(by: Running, most: &Exact) -> Running {
    if figure(&by).compare(most).is_le() {
        return by;
    }
    match by {
        Running::Unit(_) => Running::Unit(most.clone()),
        Running::Amount(_) => Running::Amount(most.clone()),
    }
}

/// What percentages are taken of: of one ordered unit, or of the line.
pub(in crate::pricing) fn base(
    cart: &Cart<'_>,
    line: &Line<'_>,
    of: PercentBase,
    by_unit: bool,
) -> Result<Exact, Miss> {
    let of = match of {
        PercentBase::Running if by_unit => return Ok(line.running.unit(&line.quantity)?),
        PercentBase::Running => return Ok(line.rounded_amount(cart.coins)?),
        PercentBase::Entering => &line.entering,
        PercentBase::Contract => &line.contract,
        PercentBase::List => {
            line.list.as_ref().map(|(_, list)| list).ok_or(Miss::Lost(RuleLoss::NoListPrice))?
        }
    };
    Ok(if by_unit { of.unit(&line.quantity)? } else { of.amount(&line.quantity) })
}

/// What holds of a ladder, share by share.
fn parts(held: &Held) -> Vec<(Exact, usize)> {
    match held {
        Held::Whole(number) => vec![(Exact::ONE, *number)],
        Held::Shares(shares) => shares.clone(),
    }
}

fn raw(
    cart: &Cart<'_>,
    line: &Line<'_>,
    rule: &CompiledRule,
    held: &Held,
    by_unit: bool,
    cells: &mut CellBuffer,
) -> Result<Gain, Miss> {
    let (mut sum, mut price, mut rate): (Exact, Option<Exact>, Option<Micros>) = (Exact::ZERO, None, None);
    // Portions of a unit price are each at their own rounded price (rule R2).
    let in_coins = rule.mode == TierMode::Graduated && matches!(line.running, Running::Unit(_));
    let parts = parts(held);
    for (share, number) in &parts {
        let Some(tier) = rule.tiers.get(*number) else { continue };
        let whole = matches!(held, Held::Whole(_));
        rate = Some(if whole { tier.rate } else { Micros::ZERO });
        match &tier.benefit {
            CompiledBenefit::Percent(percent) => sum = sum.plus(&share.times(percent)),
            CompiledBenefit::PerUnit(amount) => sum = sum.plus(&share.times(&Exact::from(*amount))),
            CompiledBenefit::PerLine(amount) => return Ok(Gain::of(amount_of(*amount), *amount)),
            // A lump for the cart is spread by running amounts: a line's own share of it is worked out there.
            CompiledBenefit::PerCart(amount) => return Ok(Gain::of(amount_of(*amount), *amount)),
            CompiledBenefit::Free(free, sku) => return free_goods::gain(cart, line, rule, (free, *sku)),
            CompiledBenefit::Price(one) => {
                let part = at_price(cart, line, rule, one, (by_unit, in_coins))?;
                price = Some(price.unwrap_or(Exact::ZERO).plus(&share.times(&part)));
            }
            CompiledBenefit::Formula { constant, terms } => {
                let one = formula(cart, line, rule, *constant, terms)?;
                if rule.layer == RuleLayer::Surcharge {
                    sum = sum.plus(&share.times(&one));
                } else {
                    let part = at_price(cart, line, rule, &one, (by_unit, in_coins))?;
                    price = Some(price.unwrap_or(Exact::ZERO).plus(&share.times(&part)));
                }
            }
            CompiledBenefit::PriceOf(list) => {
                let (running, scale) = price_of(cart, line, *list, cells)?;
                let part = match (&running, by_unit) {
                    (_, true) => running.unit(&line.quantity)?,
                    (Running::Unit(unit), false) if in_coins => {
                        round_unit(cart.coins, unit, scale.as_ref())?.times(&line.quantity)
                    }
                    (running, false) => running.amount(&line.quantity),
                };
                price = Some(price.unwrap_or(Exact::ZERO).plus(&share.times(&part)));
            }
            CompiledBenefit::ServicePrice(_) | CompiledBenefit::ServicePercent(_) => {
                return Err(Miss::Lost(RuleLoss::Nothing));
            }
        }
    }
    let rate = rate.unwrap_or_default();
    if let Some(price) = price {
        let gain = base(cart, line, PercentBase::Running, by_unit)?.minus(&price);
        if !gain.is_positive() {
            return Err(Miss::Lost(RuleLoss::NotLower));
        }
        return Ok(Gain::of(running_of(gain, by_unit), rate));
    }
    if in_coins && !rule.of_cart {
        return portions(cart, line, rule, (&parts, rate));
    }
    match rule.tiers.first().map(|tier| &tier.benefit) {
        Some(CompiledBenefit::Percent(_)) => {
            let base = base(cart, line, rule.base, by_unit)?;
            let gain = base.times(&sum);
            let taken_of = if by_unit { base.times(&line.quantity) } else { base };
            Ok(Gain { taken_of: Some(taken_of), ..Gain::of(running_of(gain, by_unit), rate) })
        }
        _ => {
            let unit = sum.times(&per_unit(cart, line, rule)?);
            let gain = if by_unit { unit } else { unit.times(&line.quantity) };
            Ok(Gain::of(running_of(gain, by_unit), rate))
        }
    }
}

/// What an amount per unit is multiplied by for one ordered unit.
fn per_unit(cart: &Cart<'_>, line: &Line<'_>, rule: &CompiledRule) -> Result<Exact, Miss> {
    let units = line.units_of(cart, rule.unit).ok_or(Miss::Lost(RuleLoss::NotMeasurable))?;
    Ok(match &rule.times {
        None => units,
        Some(name) => {
            let times = line.number(cart, name).ok_or(Miss::Lost(RuleLoss::NoValue))?;
            Exact::from(times).times(&units)
        }
    })
}

/// Portions of a line whose unit price runs, each at its own rounded price (rule R2); what lies in no tier as well.
fn portions(
    cart: &Cart<'_>,
    line: &Line<'_>,
    rule: &CompiledRule,
    (parts, rate): (&[(Exact, usize)], Micros),
) -> Result<Gain, Miss> {
    let unit = line.running.unit(&line.quantity)?;
    let rounded = |unit: &Exact| round_unit(cart.coins, unit, line.rounded_in.as_ref());
    let whole = rounded(&unit)?;
    let (mut moved, mut taken_of) = (Exact::ZERO, None);
    for (share, number) in parts {
        let by = match rule.tiers.get(*number).map(|tier| &tier.benefit) {
            Some(CompiledBenefit::Percent(percent)) => {
                taken_of = Some(base(cart, line, rule.base, false)?);
                base(cart, line, rule.base, true)?.times(percent)
            }
            Some(CompiledBenefit::PerUnit(amount)) => {
                Exact::from(*amount).times(&per_unit(cart, line, rule)?)
            }
            Some(CompiledBenefit::Formula { constant, terms }) => {
                formula(cart, line, rule, *constant, terms)?.times(&per_unit(cart, line, rule)?)
            }
            _ => continue,
        };
        let by = if rule.layer == RuleLayer::Surcharge {
            rounded(&unit.plus(&by))?.minus(&whole)
        } else {
            whole.minus(&rounded(&unit.minus(&by))?)
        };
        moved = moved.plus(&share.times(&by));
    }
    let by = Running::Amount(moved.times(&line.quantity));
    Ok(Gain { taken_of, ..Gain::of(by, rate) })
}

fn running_of(figure: Exact, by_unit: bool) -> Running {
    if by_unit { Running::Unit(figure) } else { Running::Amount(figure) }
}

fn amount_of(amount: Micros) -> Running {
    Running::Amount(Exact::from(amount))
}
