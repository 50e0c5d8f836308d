//! What does one file add to the policy? Its keys, each of which may stand in every file.

use std::collections::BTreeMap;

use crate::domain::limits;
use crate::policy::syntax::{At, Group, Policy};

use super::agreement::agreement;
use super::authority::authority;
use super::bonus_cap::bonus_cap;
use super::eligibility::eligibility;
use super::fields::Fields;
use super::guard::guard;
use super::hold::hold;
use super::levels::level_programme;
use super::measure::named_measure;
use super::points::points_programme;
use super::reading::{Named, Reading, show};
use super::rule::{LAYERS, rule, stack};
use super::selection::{Criterion, group};
use super::service::service;
use super::shown::shown_price;
use super::tax::tax;
use super::tree::{Child, Entry, Value};
use super::values;

const KEYS: &[&str] = &[
    "quoin_policy",
    "currency",
    "sku_groups",
    "contract_groups",
    "measures",
    "eligibility",
    "layers",
    "rules",
    "services",
    "taxes",
    "guards",
    "shown_prices",
    "agreements",
    "bonus_caps",
    "holds",
    "levels",
    "points",
    "authority",
];

/// The one format that there is.
const FORMAT: &str = "1";

pub(super) fn add_file(root: &Child, policy: &mut Policy, r: &mut Reading<'_>) {
    if matches!(root.value(), Value::Nothing) {
        no_policy(root.at, r);
        return;
    }
    let Some(fields) = Fields::read(root, "policy", KEYS, r) else { return };
    format(&fields, r);
    currency(&fields, policy, r);
    groups(&fields, "sku_groups", &mut policy.sku_groups, r);
    groups(&fields, "contract_groups", &mut policy.contract_groups, r);
    for entry in entries(&fields, "measures", r) {
        if has_id(entry, r)
            && let Some(measure) = named_measure(entry, r)
        {
            policy.measures.entry(entry.key.clone()).or_insert(measure);
        }
    }
    if let Some(child) = fields.get("eligibility") {
        eligibility(child, &mut policy.eligibility, r);
    }
    stacks(&fields, policy, r);
    rules(&fields, policy, r);
    let items = |key: &str| fields.get(key).map_or(&[][..], |child| values::items(child));
    policy.services.extend(items("services").iter().filter_map(|item| service(item, r)));
    policy.taxes.extend(items("taxes").iter().filter_map(|item| tax(item, r)));
    policy.guards.extend(items("guards").iter().filter_map(|item| guard(item, r)));
    policy.agreements.extend(items("agreements").iter().filter_map(|item| agreement(item, r)));
    policy.bonus_caps.extend(items("bonus_caps").iter().filter_map(|item| bonus_cap(item, r)));
    policy.holds.extend(items("holds").iter().filter_map(|item| hold(item, r)));
    policy.levels.extend(items("levels").iter().filter_map(|item| level_programme(item, r)));
    policy.points.extend(items("points").iter().filter_map(|item| points_programme(item, r)));
    policy.authority.extend(items("authority").iter().filter_map(|item| authority(item, r)));
    policy.shown_prices.extend(items("shown_prices").iter().filter_map(|item| shown_price(item, r)));
}

fn no_policy(at: At, r: &mut Reading<'_>) {
    let message = "the file does not say that it is a policy";
    r.hinted(at, "missing-key", message, "write quoin_policy: 1");
}

fn format(fields: &Fields<'_>, r: &mut Reading<'_>) {
    let Some(child) = fields.get("quoin_policy") else {
        no_policy(fields.at, r);
        return;
    };
    match child.value() {
        Value::Text(text) if text == FORMAT => {}
        Value::Text(text) => {
            let message = format!("quoin_policy: {} is no format that is known", show(text));
            r.hinted(child.at, "unknown-format", message, "write quoin_policy: 1");
        }
        _ => values::wrong_kind("quoin_policy", child, "the number 1", r),
    }
}

fn currency(fields: &Fields<'_>, policy: &mut Policy, r: &mut Reading<'_>) {
    let Some(child) = fields.get("currency") else { return };
    let there = *r.currency_at.get_or_insert(child.at);
    let Some(currency) = values::currency("currency", child, r) else { return };
    match policy.currency {
        Some(other) if other != currency => {
            let place = r.place(there);
            let message = format!("currency: \"{currency}\" stands beside \"{other}\" at {place}");
            r.hinted(child.at, "two-currencies", message, "name the other where its amounts are");
        }
        _ => policy.currency = Some(currency),
    }
}

/// The entries of a mapping from ids.
fn entries<'t>(fields: &Fields<'t>, key: &str, r: &mut Reading<'_>) -> &'t [Entry] {
    match fields.get(key).map(|child| (child, child.value())) {
        Some((_, Value::Mapping(mapping))) => &mapping.entries,
        Some((child, _)) => {
            values::wrong_kind(key, child, "a mapping from ids", r);
            &[]
        }
        None => &[],
    }
}

fn has_id(entry: &Entry, r: &mut Reading<'_>) -> bool {
    match crate::domain::ids::check_external_id(&entry.key) {
        Ok(()) => true,
        Err(error) => {
            r.error(entry.key_at, "bad-id", format!("the id {} {error}", show(&entry.key)));
            false
        }
    }
}

fn groups<C: Criterion>(
    fields: &Fields<'_>,
    key: &str,
    into: &mut BTreeMap<String, Group<C>>,
    r: &mut Reading<'_>,
) {
    for entry in entries(fields, key, r) {
        if !has_id(entry, r) {
            continue;
        }
        if let Some(there) = take_group(C::GROUPS, entry, r) {
            let message =
                format!("the group {} stands twice: before at {}", show(&entry.key), r.place(there));
            r.hinted(entry.key_at, "duplicate-id", message, "give one of them another id, or join them");
        }
        if let Some(group) = group(entry, r) {
            into.entry(entry.key.clone()).or_insert(group);
        }
    }
}

/// Notes where a group stands, and where one of its name does already.
fn take_group(of: Named, entry: &Entry, r: &mut Reading<'_>) -> Option<At> {
    let groups = if of == Named::SkuGroup { &mut r.sku_groups } else { &mut r.contract_groups };
    match groups.get(&entry.key) {
        Some(there) => Some(*there),
        None => groups.insert(entry.key.clone(), entry.key_at),
    }
}

fn stacks(fields: &Fields<'_>, policy: &mut Policy, r: &mut Reading<'_>) {
    let Some(child) = fields.get("layers") else { return };
    // the contract layer has no percentages
    let words: Vec<&str> = LAYERS.iter().map(|(word, _)| *word).filter(|word| *word != "contract").collect();
    let Some(layers) = Fields::read(child, "layers", &words, r) else { return };
    for (word, layer) in LAYERS.iter().filter(|(word, _)| *word != "contract") {
        let Some(child) = layers.get(word) else { continue };
        let Some(fields) = Fields::read(child, word, &["stack"], r) else { continue };
        let Some(stack) = fields.needed("stack", r, stack) else { continue };
        let there = *r.stacks_at.entry(word).or_insert(fields.at);
        if *policy.stacks.entry(*layer).or_insert(stack) != stack {
            let message = format!("the {word} layer stacks otherwise at {}", r.place(there));
            r.hinted(fields.at, "two-stacks", message, "write it once");
        }
    }
}

fn rules(fields: &Fields<'_>, policy: &mut Policy, r: &mut Reading<'_>) {
    let Some(child) = fields.get("rules") else { return };
    let items = values::items(child);
    if policy.rules.len() + items.len() > limits::POLICY_RULES {
        let message = format!("rules: there are more than {}", limits::POLICY_RULES);
        r.error(child.at, "too-many-rules", message);
        return;
    }
    policy.rules.extend(items.iter().filter_map(|item| rule(item, r)));
}
