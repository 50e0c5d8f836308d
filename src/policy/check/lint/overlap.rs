//! Do two rules that look like variants of one give the same goods and contracts twice?
//!
//! Variants are of one layer, give the same kind of benefit by the same measure under the same circumstances, and stack.
//! They are told where they are for the very same goods and contracts, and where groups that were likely meant to stand
//! apart share members. A rule for everything and one for a part of it is common and not told.

use std::collections::{BTreeMap, BTreeSet};

use roaring::RoaringBitmap;

use crate::policy::syntax::{RuleLayer, When};

use super::super::ground::{Extent, Ground, Held};
use super::super::report::{Report, several, show};
use super::super::sets::{Index, SetNo, Sets, only_groups};

/// Among more sets than this, of rules alike in everything else, none are compared.
const SETS_MOST: usize = 1_000;

const HINT: &str = "put both into one `best_of` group, or keep them apart";

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    let mut variants: BTreeMap<String, Vec<&Held<'_>>> = BTreeMap::new();
    for held in ground.rules.iter().filter(|held| stacks(held) && !ground.is_nothing(held.extent)) {
        variants.entry(likeness(held)).or_default().push(held);
    }
    for rules in variants.values_mut().filter(|rules| rules.len() > 1) {
        rules.sort_by_key(|held| held.rule.at);
        twice(report, rules);
        let grouped = rules.iter().filter(|held| only_groups(&held.rule.goods).is_some());
        let goods = grouped.map(|held| (held.extent.contracts, held.extent.goods, *held));
        shared(&ground.goods, report, goods, &|common| {
            format!("SKU {}", several(ground.goods.index.codes(common), common.len()))
        });
        let grouped = rules.iter().filter(|held| only_groups(&held.rule.contracts).is_some());
        let contracts = grouped.map(|held| (held.extent.goods, held.extent.contracts, *held));
        shared(&ground.contracts, report, contracts, &|common| {
            format!("contract {}", several(ground.contracts.index.codes(common), common.len()))
        });
    }
}

/// Surcharges are meant to add up; of contract prices one is taken.
fn stacks(held: &Held<'_>) -> bool {
    let rule = held.rule;
    let discounts = matches!(rule.layer, RuleLayer::Volume | RuleLayer::Order | RuleLayer::Loyalty);
    discounts && rule.best_of.is_none() && !rule.stop
}

/// Everything that variants have in common, as a text to sort by.
fn likeness(held: &Held<'_>) -> String {
    let rule = held.rule;
    let mut bare = When { together: Vec::new(), ..rule.when.clone() };
    for list in [
        &mut bare.channel,
        &mut bare.warehouse,
        &mut bare.delivery_basis,
        &mut bare.fulfilment,
        &mut bare.payment_terms,
        &mut bare.coupon,
        &mut bare.level,
        &mut bare.held_by,
        &mut bare.not_held_by,
    ] {
        list.sort();
    }
    // Places in the file do not tell bundles and measures apart: the goods do.
    let parts = rule.when.together.iter().zip(&held.parts);
    let bundle: Vec<_> = parts.map(|(part, goods)| (goods, part.quantity, &part.unit)).collect();
    let counts = (held.measured != held.extent.goods).then_some(held.measured);
    let measure = held.measure.map(|measure| (&measure.what, measure.over, counts));
    format!(
        "{:?}",
        (rule.layer, rule.kind(), &rule.service, rule.mode, &held.currency, measure, bundle, bare)
    )
}

/// Rules for the very same goods and contracts: each is told with the first.
fn twice(report: &mut Report, rules: &[&Held<'_>]) {
    let mut first: BTreeMap<Extent, &str> = BTreeMap::new();
    for held in rules {
        let id = held.rule.id.as_str();
        match first.get(&held.extent) {
            Some(before) => {
                let message = format!(
                    "rules {} and {} are for the same goods and contracts, and both give",
                    show(before),
                    show(id)
                );
                report.warn(held.rule.at, "given-twice", message, HINT);
            }
            None => {
                first.insert(held.extent, id);
            }
        }
    }
}

/// Rules that agree in one half of what they are for and whose groups, the other half, overlap in part.
fn shared<'h, 'a: 'h, I: Index>(
    sets: &Sets<'_, I>,
    report: &mut Report,
    rules: impl Iterator<Item = (SetNo, SetNo, &'h Held<'a>)>,
    told: &dyn Fn(&RoaringBitmap) -> String,
) {
    let mut known = BTreeSet::new();
    let mut by_other: BTreeMap<SetNo, Vec<(SetNo, &Held<'_>)>> = BTreeMap::new();
    for (other, own, held) in rules {
        if known.insert((other, own)) {
            by_other.entry(other).or_default().push((own, held));
        }
    }
    for rules in by_other.values().filter(|rules| rules.len() <= SETS_MOST) {
        let mut seen = RoaringBitmap::new();
        for (position, (own, held)) in rules.iter().enumerate() {
            let set = sets.get(*own);
            let before = if set.is_disjoint(&seen) { &[] } else { rules.get(..position).unwrap_or(&[]) };
            let partner = before.iter().find_map(|(other, before)| {
                let common = set & sets.get(*other);
                let partly = !common.is_empty() && common.len() < set.len().min(sets.get(*other).len());
                partly.then_some((before, common))
            });
            if let Some((before, common)) = partner {
                let message = format!(
                    "rules {} and {} both give: {} is in groups of both",
                    show(&before.rule.id),
                    show(&held.rule.id),
                    told(&common)
                );
                report.warn(held.rule.at, "overlapping-groups", message, HINT);
            }
            seen |= set;
        }
    }
}
