//! Are there groups or measures that nothing uses?

use std::collections::{BTreeMap, BTreeSet};

use crate::policy::syntax::{ConditionOf, Group, RuleMeasure, Scope};

use super::super::criterion::Criterion;
use super::super::ground::Ground;
use super::super::places::Place;
use super::super::report::{Report, show};
use super::super::sets::groups_named;

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    groups(&ground.policy.sku_groups, &ground.goods_places, report);
    groups(&ground.policy.contract_groups, &ground.contract_places, report);
    let named = ground.policy.rules.iter().filter_map(|rule| match &rule.measure {
        Some(RuleMeasure::Named(id, _)) => Some(id.as_str()),
        _ => None,
    });
    let of_agreements = ground.policy.agreements.iter().flat_map(|agreement| &agreement.conditions);
    let levels = ground.policy.levels.iter().flat_map(|levels| &levels.levels);
    let conditions = of_agreements.chain(levels.flat_map(|level| &level.conditions));
    let planned = conditions.filter_map(|condition| match &condition.of {
        ConditionOf::PlanPercent(id) => Some(id.as_str()),
        _ => None,
    });
    let used: BTreeSet<&str> = named.chain(planned).collect();
    for (id, measure) in &ground.policy.measures {
        let hint = match measure.measure.over {
            Scope::Period(_) => "leave it out, unless plans are of it",
            _ => "leave it out",
        };
        if !used.contains(id.as_str()) {
            report.warn(measure.at, "unused-measure", format!("no rule uses measure {}", show(id)), hint);
        }
    }
}

/// A group that only unused groups name is unused as well.
fn groups<C: Criterion>(groups: &BTreeMap<String, Group<C>>, places: &[Place<'_, C>], report: &mut Report) {
    let outside = places.iter().filter(|(owner, _)| owner.group().is_none());
    let mut waiting: Vec<&str> = outside.flat_map(|(_, selection)| groups_named(*selection)).collect();
    let mut used = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        if used.insert(name)
            && let Some(group) = groups.get(name)
        {
            waiting.extend(groups_named(&group.selection));
        }
    }
    for (name, group) in groups {
        if !used.contains(name.as_str()) {
            report.warn(
                group.at,
                "unused-group",
                format!("nothing uses group {}", show(name)),
                "leave it out, or name it",
            );
        }
    }
}
