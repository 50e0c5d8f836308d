//! Does one rule give at least what another does, wherever both hold?

use std::cmp::Ordering;

use crate::domain::decimal::Micros;
use crate::domain::ladder::TierMode;
use crate::policy::syntax::{Benefit, BenefitKind, RuleTier};

use super::ground::{Ground, Held};
use super::implied::same_measure;

/// How much more one benefit gives than another, where that can be told from the two alone.
pub(super) fn compare(one: &Benefit, other: &Benefit) -> Option<Ordering> {
    match (one, other) {
        (Benefit::Percent(a), Benefit::Percent(b))
        | (Benefit::PerUnit(a), Benefit::PerUnit(b))
        | (Benefit::PerLine(a), Benefit::PerLine(b))
        | (Benefit::PerCart(a), Benefit::PerCart(b))
        | (Benefit::ServicePercent(a), Benefit::ServicePercent(b)) => Some(a.cmp(b)),
        (Benefit::Price(a), Benefit::Price(b)) | (Benefit::ServicePrice(a), Benefit::ServicePrice(b)) => {
            Some(b.cmp(a))
        }
        (Benefit::Free(a), Benefit::Free(b)) => {
            let same = (a.mode, a.per, a.rounding, &a.sku) == (b.mode, b.per, b.rounding, &b.sku);
            let crossed = |give: Micros, every: Micros| i128::from(give.0) * i128::from(every.0);
            same.then(|| crossed(a.give, b.every).cmp(&crossed(b.give, a.every)))
        }
        _ => (one == other).then_some(Ordering::Equal),
    }
}

/// Does `one` always give at least what `other` gives? `Greater` where always more, `Equal` where it may be as much.
pub(super) fn gives_at_least(ground: &Ground<'_>, one: &Held<'_>, other: &Held<'_>) -> Option<Ordering> {
    let (first, second) = (one.rule, other.rule);
    let same_terms = first.kind() == second.kind()
        && (&first.unit, first.per, &first.times, &first.service, first.on)
            == (&second.unit, second.per, &second.times, &second.service, second.on)
        && (first.kind() != BenefitKind::Percent || ground.stack(first) == ground.stack(second));
    let uncapped = first.cap == Default::default();
    if !same_terms || first.limit.is_some() || !(uncapped || first.cap == second.cap) {
        return None;
    }
    let least = match (first.tiers.as_slice(), one.measure) {
        ([only], None) => least_of(second.tiers.iter().map(|tier| (Some(&only.benefit), &tier.benefit))),
        _ if same_measure(one, other) => {
            let places = positions(&first.tiers, &second.tiers);
            least_of(places.iter().filter_map(|position| {
                let narrow = tier_at(&second.tiers, second.mode, *position)?;
                let wide = tier_at(&first.tiers, first.mode, *position);
                Some((wide.map(|tier| &tier.benefit), &narrow.benefit))
            }))
        }
        _ => None,
    }?;
    Some(if uncapped { least } else { Ordering::Equal })
}

/// The least favourable of comparisons; none where one of them is lost or cannot be made.
fn least_of<'b>(pairs: impl Iterator<Item = (Option<&'b Benefit>, &'b Benefit)>) -> Option<Ordering> {
    pairs
        .map(|(one, other)| compare(one?, other).filter(|order| order.is_ge()))
        .try_fold(Ordering::Greater, |least, order| {
            order.map(|order| if order.is_eq() { Ordering::Equal } else { least })
        })
}

/// Where either ladder may change.
fn positions(one: &[RuleTier], other: &[RuleTier]) -> Vec<Micros> {
    let next = |bound: Micros| [bound, Micros(bound.0.saturating_add(1))];
    one.iter()
        .chain(other)
        .flat_map(|tier| next(tier.lower).into_iter().chain(tier.upper.into_iter().flat_map(next)))
        .collect()
}

/// The tier in which a position lies.
fn tier_at(tiers: &[RuleTier], mode: TierMode, position: Micros) -> Option<&RuleTier> {
    let reached = |tier: &&RuleTier| match mode {
        TierMode::Volume => tier.lower <= position,
        TierMode::Graduated => tier.lower < position,
    };
    tiers.iter().rev().find(reached).filter(|tier| tier.upper.is_none_or(|upper| position <= upper))
}

/// Does `one` give something sure wherever the ladder of `other` gives anything?
pub(super) fn gives_wherever(one: &Held<'_>, other: &Held<'_>, sure: &dyn Fn(&Benefit) -> bool) -> bool {
    let (first, second) = (one.rule, other.rule);
    if one.measure.is_none() {
        return first.tiers.iter().all(|tier| sure(&tier.benefit));
    }
    same_measure(one, other)
        && positions(&first.tiers, &second.tiers).iter().all(|position| {
            tier_at(&second.tiers, second.mode, *position).is_none()
                || tier_at(&first.tiers, first.mode, *position).is_some_and(|tier| sure(&tier.benefit))
        })
}
