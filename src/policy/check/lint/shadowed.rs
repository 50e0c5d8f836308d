//! Does a rule never give, since another one of its exclusive group, or of the contract layer, always goes before it?

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::policy::syntax::{Benefit, Rule, RuleLayer};

use super::super::ground::{Ground, Held, Turn};
use super::super::implied::holds_wherever;
use super::super::report::{Report, show};
use super::super::stronger::{gives_at_least, gives_wherever};
use super::super::wider::Wider;

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    let mut groups: BTreeMap<(RuleLayer, Option<&str>), Vec<usize>> = BTreeMap::new();
    for (number, held) in ground.rules.iter().enumerate() {
        let (layer, group) = (held.rule.layer, held.rule.best_of.as_deref());
        if layer == RuleLayer::Contract || group.is_some() {
            groups.entry((layer, group)).or_default().push(number);
        }
    }
    for ((_, group), numbers) in &groups {
        let extents =
            || numbers.iter().filter_map(|number| Some((*number, ground.rules.get(*number)?.extent)));
        let wider = Wider::new(ground, extents(), extents().map(|(_, extent)| extent));
        for held in numbers.iter().filter_map(|number| ground.rules.get(*number)) {
            let others = wider.of(held.extent).filter_map(|number| ground.rules.get(number));
            let mut others = others.filter(|other| other.rule.id != held.rule.id);
            let id = show(&held.rule.id);
            if let Some(group) = group {
                let Some(other) = others.find(|other| outdoes(ground, other, held)) else { continue };
                let message = format!(
                    "rule {id} never gives: rule {} of exclusive group {} always gives as much or more",
                    show(&other.rule.id),
                    show(group)
                );
                report.warn(held.rule.at, "shadowed", message, "leave it out, or narrow the other rule");
            } else {
                let Some(other) = others.find(|other| takes_its_place(ground, other, held)) else { continue };
                let other = show(&other.rule.id);
                let message =
                    format!("rule {id} never gives the contract price: rule {other} goes before it");
                report.warn(held.rule.at, "shadowed", message, "give it a higher priority, or leave it out");
            }
        }
    }
}

fn turn(rule: &Rule) -> Turn<'_> {
    (rule.layer, Reverse(rule.priority), rule.id.as_str())
}

/// Wherever `held` holds, `other` does, and gives more, or as much with the better claim.
fn outdoes(ground: &Ground<'_>, other: &Held<'_>, held: &Held<'_>) -> bool {
    holds_wherever(ground, other, held)
        && gives_at_least(ground, other, held)
            .is_some_and(|order| order.is_gt() || turn(other.rule) < turn(held.rule))
}

/// A stated price is always there; one of a list or formula may be wanting.
fn takes_its_place(ground: &Ground<'_>, other: &Held<'_>, held: &Held<'_>) -> bool {
    let sure = |benefit: &Benefit| matches!(benefit, Benefit::Price(price) if price.0 > 0);
    turn(other.rule) < turn(held.rule)
        && gives_wherever(other, held, &sure)
        && holds_wherever(ground, other, held)
        && ground.without_unit(held.extent.goods, other.rule.unit.as_deref()).is_empty()
}
