//! How is each part of a policy written, key by key, in one way whatever the file looked like?
//!
//! Places are left out, defaults that nobody stated are too, and alternatives are sets: two parts that mean the same by the
//! same words are written the same.

mod agreement;
mod condition;
mod loyalty;
mod measure;
mod rule;
mod selection;
mod terms;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::domain::currency::Currency;

use super::syntax::{Eligibility, Policy, RuleLayer, Stack, Text};

/// Where in the file a part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// What holds for the whole policy.
    Policy,
    /// A group of SKUs.
    SkuGroup,
    /// A group of contracts.
    ContractGroup,
    /// A named measure.
    Measure,
    /// An assortment.
    Assortment,
    /// An inclusion.
    Inclusion,
    /// An exclusion.
    Exclusion,
    /// A licence.
    Licence,
    /// A rule.
    Rule,
    /// A service.
    Service,
    /// A guard.
    Guard,
    /// A tax.
    Tax,
    /// A price that is shown beside the buyer's own.
    ShownPrice,
    /// A retro-bonus agreement.
    Agreement,
    /// A cap over several agreements.
    BonusCap,
    /// A hold while debts are overdue.
    Hold,
    /// A programme of levels.
    Levels,
    /// A programme of points.
    Points,
    /// What a role may concede in quotes; its id is the role.
    Authority,
}

/// What stands under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// One value, in the policy's own words.
    One(String),
    /// Alternatives.
    Members(BTreeSet<String>),
}

impl Value {
    /// In the policy's own words.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::One(text) => text,
            Self::Members(members) => list(members),
        }
    }
}

/// A part's keys; those of a mapping within have names such as `when.channel`.
pub type Keys = BTreeMap<String, Value>;

/// Every part of a policy, by section and id.
#[must_use]
pub fn parts(policy: &Policy) -> BTreeMap<(Section, String), Keys> {
    // Named one by one, so that what is added to the syntax is not forgotten here.
    let Policy {
        currency,
        sku_groups,
        contract_groups,
        measures,
        eligibility,
        stacks,
        rules,
        services,
        taxes,
        guards,
        shown_prices,
        agreements,
        bonus_caps,
        holds,
        levels,
        points,
        authority,
    } = policy;
    let Eligibility { assortments, inclusions, exclusions, licences } = eligibility;
    let mut found = BTreeMap::new();
    let mut add = |section: Section, id: &str, keys: Keys| {
        found.insert((section, id.to_owned()), keys);
    };
    let whole = whole(*currency, stacks);
    if !whole.is_empty() {
        add(Section::Policy, "", whole);
    }
    sku_groups.iter().for_each(|(id, one)| add(Section::SkuGroup, id, selection::group(id, one)));
    contract_groups.iter().for_each(|(id, one)| add(Section::ContractGroup, id, selection::group(id, one)));
    measures.iter().for_each(|(id, one)| add(Section::Measure, id, measure::named(id, one)));
    assortments.iter().for_each(|one| add(Section::Assortment, &one.id, terms::assortment(one)));
    inclusions.iter().for_each(|one| add(Section::Inclusion, &one.id, terms::inclusion(one)));
    exclusions.iter().for_each(|one| add(Section::Exclusion, &one.id, terms::exclusion(one)));
    licences.iter().for_each(|one| add(Section::Licence, &one.id, terms::licence(one)));
    rules.iter().for_each(|one| add(Section::Rule, &one.id, rule::keys(one)));
    services.iter().for_each(|one| add(Section::Service, &one.id, terms::service(one)));
    guards.iter().for_each(|one| add(Section::Guard, &one.id, terms::guard(one)));
    taxes.iter().for_each(|one| add(Section::Tax, &one.id, terms::tax(one)));
    shown_prices.iter().for_each(|one| add(Section::ShownPrice, &one.id, terms::shown_price(one)));
    agreements.iter().for_each(|one| add(Section::Agreement, &one.id, agreement::keys(one)));
    bonus_caps.iter().for_each(|one| add(Section::BonusCap, &one.id, agreement::cap(one)));
    holds.iter().for_each(|one| add(Section::Hold, &one.id, terms::hold(one)));
    levels.iter().for_each(|one| add(Section::Levels, &one.id, loyalty::levels(one)));
    points.iter().for_each(|one| add(Section::Points, &one.id, loyalty::points(one)));
    authority.iter().for_each(|one| add(Section::Authority, one.role.word(), terms::authority(one)));
    found
}

fn whole(currency: Option<Currency>, stacks: &BTreeMap<RuleLayer, Stack>) -> Keys {
    let mut keys = Writing::default();
    keys.maybe("currency", currency);
    for (layer, stack) in stacks {
        keys.one(&format!("layers.{}.stack", layer_word(*layer)), stack_word(*stack));
    }
    keys.0
}

/// Keys that are being written.
#[derive(Default)]
struct Writing(Keys);

impl Writing {
    fn one(&mut self, key: &str, value: impl fmt::Display) {
        self.0.insert(key.to_owned(), Value::One(value.to_string()));
    }

    fn maybe(&mut self, key: &str, value: Option<impl fmt::Display>) {
        if let Some(value) = value {
            self.one(key, value);
        }
    }

    /// Nothing where there are none.
    fn members(&mut self, key: &str, values: impl IntoIterator<Item = String>) {
        let members: BTreeSet<String> = values.into_iter().collect();
        if !members.is_empty() {
            self.0.insert(key.to_owned(), Value::Members(members));
        }
    }

    fn words(&mut self, key: &str, values: &[String]) {
        self.members(key, values.iter().map(|value| word(value)));
    }

    /// A text for people, which defaults to `default`.
    fn text(&mut self, key: &str, text: &Text, default: &str) {
        if text.en != default {
            self.one(key, word(&text.en));
        }
        self.maybe(&format!("{key}.ru"), text.ru.as_deref().map(word));
    }
}

/// A scalar as it would be written in a list or mapping: quoted where it would not be read as what it is.
fn word(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_alphanumeric() || " ._-/%+²³°".contains(c))
        && text.trim() == text
        && !text.starts_with(['-', '%'])
        && !text.is_empty();
    if plain { text.to_owned() } else { format!("{text:?}") }
}

/// One value as itself, several as a list.
fn list(values: impl IntoIterator<Item = String>) -> String {
    let values: Vec<String> = values.into_iter().collect();
    match values.as_slice() {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    }
}

/// A mapping on one line.
fn mapping<'k>(pairs: impl IntoIterator<Item = (&'k str, String)>) -> String {
    let pairs: Vec<String> = pairs.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
    format!("{{ {} }}", pairs.join(", "))
}

fn layer_word(layer: RuleLayer) -> &'static str {
    match layer {
        RuleLayer::Contract => "contract",
        RuleLayer::Volume => "volume",
        RuleLayer::Order => "order",
        RuleLayer::Loyalty => "loyalty",
        RuleLayer::Surcharge => "surcharge",
    }
}

fn stack_word(stack: Stack) -> &'static str {
    match stack {
        Stack::Compound => "compound",
        Stack::Additive => "additive",
    }
}
