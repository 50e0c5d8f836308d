//! Which rules stand beside each other and cannot: exclusive groups across layers or levels, stops that contradict?

use std::collections::BTreeMap;

use crate::policy::syntax::{ContractCriterion, Policy, Rule, RuleLayer, RuleMeasure, Scope};

use super::reading::{Reading, show};

pub(super) fn check_rivals(policy: &Policy, r: &mut Reading<'_>) {
    exclusive_groups(policy, r);
    stops(policy, r);
}

/// What the rule's ladder measures over, wherever that is stated.
pub(super) fn scope_of(rule: &Rule, policy: &Policy) -> Option<Scope> {
    match rule.measure.as_ref()? {
        RuleMeasure::Own(measure) => Some(measure.over),
        RuleMeasure::Named(name, _) => policy.measures.get(name).map(|named| named.measure.over),
    }
}

/// Rule L4: one layer, and all of the line or all of the cart.
fn exclusive_groups(policy: &Policy, r: &mut Reading<'_>) {
    let mut first: BTreeMap<&str, &Rule> = BTreeMap::new();
    for rule in &policy.rules {
        let Some(name) = &rule.best_of else { continue };
        let other = *first.entry(name).or_insert(rule);
        let (code, fault) = if other.layer != rule.layer {
            ("best-of-layers", "in another layer")
        } else if other.is_of_cart(scope_of(other, policy)) != rule.is_of_cart(scope_of(rule, policy)) {
            (
                "best-of-levels",
                "worked out for each line where this is worked out over the cart, or the reverse",
            )
        } else {
            continue;
        };
        let place = r.place(other.at);
        let message = format!(
            "rule {}: the rule {} of its exclusive group {}, at {place}, is {fault}",
            show(&rule.id),
            show(&other.id),
            show(name)
        );
        r.hinted(rule.at, code, message, "make a group of each kind");
    }
}

/// The stops of one layer and priority so far.
#[derive(Default)]
struct Stops<'p> {
    /// One for contracts that are not named one by one.
    of_many: Option<&'p Rule>,
    /// Those for named contracts, by contract.
    of_one: BTreeMap<&'p str, &'p Rule>,
    any: Option<&'p Rule>,
}

/// Two rules of equal priority, each of which ends the layer before the other: which of them does, would hang on their
/// ids. Rules for different contracts that are named one by one, or of one exclusive group, never meet.
fn stops(policy: &Policy, r: &mut Reading<'_>) {
    let mut seen: BTreeMap<(RuleLayer, i32), Stops<'_>> = BTreeMap::new();
    for rule in policy.rules.iter().filter(|rule| rule.stop) {
        let stops = seen.entry((rule.layer, rule.priority)).or_default();
        let contracts = named_contracts(rule);
        let meets = |other: &&Rule| rule.best_of.is_none() || rule.best_of != other.best_of;
        let rival = match &contracts {
            Some(contracts) => stops
                .of_many
                .filter(meets)
                .or_else(|| contracts.iter().filter_map(|id| stops.of_one.get(id).copied()).find(meets)),
            None => stops.any.filter(meets),
        };
        if let Some(other) = rival {
            let place = r.place(other.at);
            let message = format!(
                "rule {}: it stops its layer, as does the rule {} of the same priority {} at {place}",
                show(&rule.id),
                show(&other.id),
                rule.priority
            );
            r.hinted(rule.at, "contradictory-stops", message, "give one of them another priority");
        }
        stops.any.get_or_insert(rule);
        match contracts {
            Some(contracts) => {
                for id in contracts {
                    stops.of_one.entry(id).or_insert(rule);
                }
            }
            None => {
                stops.of_many.get_or_insert(rule);
            }
        }
    }
}

/// The contracts that a rule is for, where each description names some.
fn named_contracts(rule: &Rule) -> Option<Vec<&str>> {
    if rule.contracts.any.is_empty() {
        return None;
    }
    let mut named = Vec::new();
    for description in &rule.contracts.any {
        let ids = description.criteria.iter().find_map(|criterion| match criterion {
            ContractCriterion::Contract(ids) => Some(ids),
            _ => None,
        })?;
        named.extend(ids.iter().map(String::as_str));
    }
    Some(named)
}
