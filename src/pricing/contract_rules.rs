//! Does the policy itself give the contract price, in place of the contract's lists?

use crate::domain::exact::Exact;
use crate::domain::rounding::{DiscountOn, RoundingUnit};
use crate::matrix::cells::CellBuffer;
use crate::policy::RuleNo;
use crate::policy::compiled::{CompiledBenefit, CompiledRule};
use crate::policy::syntax::RuleLayer;

use super::asking::Trouble;
use super::layers::cart::{Cart, Line, Miss};
use super::layers::conditions::{Verdicts, tell_dismissed, unmet};
use super::layers::ladder::{Held, held};
use super::layers::measured::{Stand, counts, of_line};
use super::layers::prices::{formula, price_of};
use super::layers::running::{Running, round_unit};
use super::layers::trace::Trace;
use super::losers::RuleLoss;

/// The price that the first rule of the contract layer gives which holds and covers; none where none does.
pub(super) fn price<T: Trace>(
    cart: &Cart<'_>,
    line: &Line<'_>,
    verdicts: &mut Verdicts,
    cells: &mut CellBuffer,
    trace: &mut T,
) -> Result<Option<(RuleNo, Running, Option<Exact>)>, Trouble> {
    let Some(applicable) = line.applicable else { return Ok(None) };
    tell_dismissed(cart, line, RuleLayer::Contract, verdicts, trace);
    let mut won: Option<(RuleNo, Running, Option<Exact>)> = None;
    for number in applicable.layer(RuleLayer::Contract).rules.iter() {
        let Some(rule) = cart.policy.compiled(*number) else { continue };
        if let Some((by, _, _)) = &won {
            line.lose(*number, RuleLoss::EarlierRule { by: *by }, trace);
            continue;
        }
        // Other lines have no price yet: what must be together with them cannot be asked here.
        if let Some(reason) = unmet(cart, &[], line, *number, verdicts) {
            line.lose(*number, reason, trace);
            continue;
        }
        match ladder(cart, line, rule).and_then(|held| running(cart, line, rule, &held, cells)) {
            Ok((running, rounded_in)) => {
                won = Some((*number, running, rounded_in));
                if !T::LISTENS {
                    break;
                }
            }
            Err(Miss::Lost(reason)) => line.lose(*number, reason, trace),
            Err(Miss::Trouble(trouble)) => return Err(trouble),
        }
    }
    Ok(won)
}

fn ladder(cart: &Cart<'_>, line: &Line<'_>, rule: &CompiledRule) -> Result<Held, Miss> {
    let Some(measure) = rule.measure.and_then(|number| cart.policy.measure(number)) else {
        return Ok(Held::Whole(0));
    };
    let added = if counts(cart, line, measure) {
        of_line(cart, line, measure).ok_or(Miss::Lost(RuleLoss::NotMeasurable))?
    } else {
        Exact::ZERO
    };
    held(rule, &Stand { before: Exact::ZERO, added })?.map_err(Miss::Lost)
}

fn running(
    cart: &Cart<'_>,
    line: &Line<'_>,
    rule: &CompiledRule,
    held: &Held,
    cells: &mut CellBuffer,
) -> Result<(Running, Option<Exact>), Miss> {
    let coins = cart.coins;
    let by_unit = coins.discount_on == DiscountOn::Unit;
    let shares = match held {
        Held::Whole(tier) => {
            let tier = rule.tiers.get(*tier).ok_or(Miss::Lost(RuleLoss::Nothing))?;
            if let CompiledBenefit::PriceOf(list) = tier.benefit {
                return price_of(cart, line, list, cells);
            }
            let (unit, scale) = unit_price(cart, line, rule, &tier.benefit)?;
            let running =
                if by_unit { Running::Unit(unit) } else { Running::Amount(unit.times(&line.quantity)) };
            return Ok((running, scale));
        }
        Held::Shares(shares) => shares,
    };
    let mut sum = Exact::ZERO;
    for (share, tier) in shares {
        let Some(tier) = rule.tiers.get(*tier) else { continue };
        let amount = if let CompiledBenefit::PriceOf(list) = tier.benefit {
            let (running, scale) = price_of(cart, line, list, cells)?;
            super::layers::running::as_amount(coins, &running, scale.as_ref(), &line.quantity)?
        } else {
            let (unit, scale) = unit_price(cart, line, rule, &tier.benefit)?;
            let unit = if by_unit { round_unit(coins, &unit, scale.as_ref())? } else { unit };
            unit.times(&line.quantity)
        };
        sum = sum.plus(&share.times(&amount));
    }
    Ok((Running::Amount(sum), None))
}

/// A price for one ordered unit, and what it is rounded in.
fn unit_price(
    cart: &Cart<'_>,
    line: &Line<'_>,
    rule: &CompiledRule,
    benefit: &CompiledBenefit,
) -> Result<(Exact, Option<Exact>), Miss> {
    let one = match benefit {
        CompiledBenefit::Price(one) => one.clone(),
        CompiledBenefit::Formula { constant, terms } => formula(cart, line, rule, *constant, terms)?,
        _ => return Err(Miss::Lost(RuleLoss::Nothing)),
    };
    if !one.is_positive() {
        return Err(Miss::Lost(RuleLoss::Nothing));
    }
    let units = line.units_of(cart, rule.unit).ok_or(Miss::Lost(RuleLoss::NotMeasurable))?;
    let unit = one.times(&units);
    let scale = (cart.coins.rounding_unit == RoundingUnit::Price).then_some(units);
    Ok((unit, scale))
}
