//! What of a rule's ladder holds, given where its measure stands? (Rules T1 to T3, M4 and M5.)

use crate::domain::decimal::Micros;
use crate::domain::exact::{Exact, NumberError};
use crate::domain::ladder::TierMode;
use crate::policy::compiled::{CompiledRule, CompiledTier};
use crate::policy::syntax::BenefitKind;
use crate::pricing::losers::RuleLoss;

use super::measured::Stand;
use super::running::shown_down;

/// What holds of a ladder.
#[derive(Debug, Clone)]
pub(in crate::pricing) enum Held {
    /// One tier for everything.
    Whole(usize),
    /// Shares of what the cart adds, each with its tier; together at most one.
    Shares(Vec<(Exact, usize)>),
}

/// What of the ladder holds.
pub(in crate::pricing) fn held(
    rule: &CompiledRule,
    stand: &Stand,
) -> Result<Result<Held, RuleLoss>, NumberError> {
    match rule.mode {
        TierMode::Volume => Ok(reached(rule, &stand.after()).map(Held::Whole)),
        TierMode::Graduated => shares(rule, stand),
    }
}

/// The tier of a `volume` ladder that a position reaches.
pub(in crate::pricing) fn reached(rule: &CompiledRule, position: &Exact) -> Result<usize, RuleLoss> {
    let count = rule.tiers.partition_point(|tier| Exact::from(tier.lower).compare(position).is_le());
    let Some((number, tier)) = count.checked_sub(1).and_then(|at| Some((at, rule.tiers.get(at)?))) else {
        return Err(below(rule, position));
    };
    match tier.upper {
        Some(end) if position.compare(&Exact::from(end)).is_gt() => Err(RuleLoss::PastLadder { end }),
        _ => Ok(number),
    }
}

fn below(rule: &CompiledRule, position: &Exact) -> RuleLoss {
    let threshold = rule.tiers.first().map_or(Micros::ZERO, |tier| tier.lower);
    RuleLoss::Threshold { threshold, has: shown_down(position) }
}

fn shares(rule: &CompiledRule, stand: &Stand) -> Result<Result<Held, RuleLoss>, NumberError> {
    let after = stand.after();
    let last = rule.tiers.last().and_then(|tier| tier.upper);
    if matches!(rule.kind, BenefitKind::Price | BenefitKind::PriceOf | BenefitKind::Formula) {
        // A price ladder gives a price for all of it, or none (rule T3).
        let first = rule.tiers.first().map_or(Micros::ZERO, |tier| tier.lower);
        if Exact::from(first).compare(&stand.before).is_gt() {
            return Ok(Err(below(rule, &after)));
        }
        if let Some(end) = last.filter(|end| after.compare(&Exact::from(*end)).is_gt()) {
            return Ok(Err(RuleLoss::PastLadder { end }));
        }
    }
    if stand.added.compare(&Exact::ZERO).is_eq() {
        let count = rule.tiers.partition_point(|tier| Exact::from(tier.lower).compare(&after).is_lt());
        let Some(number) = count.checked_sub(1) else { return Ok(Err(below(rule, &after))) };
        let end = rule.tiers.get(number).and_then(|tier| tier.upper);
        if let Some(end) = end.filter(|end| after.compare(&Exact::from(*end)).is_gt()) {
            return Ok(Err(RuleLoss::PastLadder { end }));
        }
        return Ok(Ok(Held::Whole(number)));
    }
    let mut shares = Vec::new();
    for (number, tier) in rule.tiers.iter().enumerate() {
        let part = part_within(tier, rule.tiers.get(number + 1), stand, &after);
        if part.is_positive() {
            shares.push((part.over(&stand.added)?, number));
        }
    }
    if shares.is_empty() {
        return Ok(Err(match last {
            Some(end) if stand.before.compare(&Exact::from(end)).is_ge() => RuleLoss::PastLadder { end },
            _ => below(rule, &after),
        }));
    }
    Ok(Ok(Held::Shares(shares)))
}

/// How much of [T, T + x] lies in a tier.
fn part_within(tier: &CompiledTier, next: Option<&CompiledTier>, stand: &Stand, after: &Exact) -> Exact {
    let lower = Exact::from(tier.lower);
    let from = if lower.compare(&stand.before).is_gt() { lower } else { stand.before.clone() };
    let end = tier.upper.or_else(|| next.map(|next| next.lower)).map(Exact::from);
    let to = match end {
        Some(end) if end.compare(after).is_lt() => end,
        _ => after.clone(),
    };
    to.minus(&from)
}
