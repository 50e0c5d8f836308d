//! Is there a tier that no cart can reach?

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::decimal::{MILLION, Micros};
use crate::domain::ids::SkuId;
use crate::domain::ladder::TierMode;
use crate::policy::syntax::{LineTest, RuleTier, Scope, What};

use super::super::ground::{Ground, Held};
use super::super::report::{Report, show};
use super::super::sets::SetNo;

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    let mut counts = BTreeMap::new();
    for held in &ground.rules {
        let (least, most) = bounds(ground, held, &mut counts);
        let past = |tier: &RuleTier| {
            most.is_some_and(|most| match held.rule.mode {
                TierMode::Volume => tier.lower > most,
                TierMode::Graduated => tier.lower >= most,
            })
        };
        for tier in &held.rule.tiers {
            let short = held.rule.mode == TierMode::Volume
                && least.zip(tier.upper).is_some_and(|(least, upper)| upper < least);
            if past(tier) {
                let most = most.unwrap_or_default();
                let message = format!(
                    "rule {}: {} is never reached, there are {most} at most",
                    show(&held.rule.id),
                    tier.lower
                );
                report.warn(tier.at, "unreachable-tier", message, "mend the bound, or leave the tier out");
                break;
            }
            if short {
                let message = format!(
                    "rule {}: the tier ends below {}, the least that the rule holds for",
                    show(&held.rule.id),
                    least.unwrap_or_default()
                );
                report.warn(tier.at, "unreachable-tier", message, "mend the bound, or leave the tier out");
            }
        }
        between_steps(ground, report, held);
    }
}

/// A tier that begins and ends between two whole numbers, of what is counted in whole numbers.
fn between_steps(ground: &Ground<'_>, report: &mut Report, held: &Held<'_>) {
    if held.rule.mode != TierMode::Volume {
        return;
    }
    let step = ground.step(held);
    let following = held.rule.tiers.iter().skip(1).map(|tier| Some(Micros(tier.lower.0.saturating_sub(1))));
    for (tier, next) in held.rule.tiers.iter().zip(following.chain([None])) {
        let Some(last) = [tier.upper, next].into_iter().flatten().min() else { continue };
        if last.0 - last.0.rem_euclid(step.0) < tier.lower.0 {
            let message =
                format!("rule {}: the tier from {} holds no whole number", show(&held.rule.id), tier.lower);
            report.warn(tier.at, "unreachable-tier", message, "mend its bounds, or leave the tier out");
        }
    }
}

/// How many categories goods stand in, by goods and level: many rules ask the same.
type Counts = BTreeMap<(SetNo, Option<u8>), u64>;

/// The least and the most that the measure can be, where either is known.
fn bounds(ground: &Ground<'_>, held: &Held<'_>, counts: &mut Counts) -> (Option<Micros>, Option<Micros>) {
    let Some(measure) = held.measure else { return (None, None) };
    let one_line = matches!(measure.over, Scope::Line | Scope::Sku);
    let most = match &measure.what {
        What::Skus | What::Categories { .. } if one_line => Some(1),
        What::Skus => Some(ground.goods.get(held.measured).len()),
        What::Categories { level } => {
            let count = counts.entry((held.measured, *level));
            Some(*count.or_insert_with(|| categories(ground, held, *level)))
        }
        What::Attribute { name } => {
            let line = &held.rule.when.line;
            let bounds = line.iter().find(|one| one.attribute == *name).map(|one| &one.test);
            return match bounds {
                Some(LineTest::Between { from, to }) => (*from, *to),
                _ => (None, None),
            };
        }
        _ => None,
    };
    let most = most.filter(|most| *most > 0).and_then(|most| i64::try_from(most).ok());
    (None, most.and_then(|most| most.checked_mul(MILLION)).map(Micros))
}

/// How many categories the counted goods stand in, at a level of the path or each in its own.
fn categories(ground: &Ground<'_>, held: &Held<'_>, level: Option<u8>) -> u64 {
    let catalogue = ground.catalogue;
    let goods = ground.goods.get(held.measured).iter();
    let own = goods.filter_map(|number| catalogue.sku(SkuId(number)).and_then(|sku| sku.category));
    let own: BTreeSet<_> = own.collect();
    let Some(level) = level.map(usize::from) else { return u64::try_from(own.len()).unwrap_or(u64::MAX) };
    let at_level = own.into_iter().map(|category| {
        let chain: Vec<_> = catalogue.category_chain(Some(category)).collect();
        chain.len().checked_sub(level).and_then(|deep| chain.get(deep).copied()).unwrap_or(category)
    });
    u64::try_from(at_level.collect::<BTreeSet<_>>().len()).unwrap_or(u64::MAX)
}
