//! How is a selection written? As its criteria where it has one description, else as a set of descriptions.

use crate::policy::syntax::{AllOf, ContractCriterion, Group, Selection, SkuCriterion};

use super::{Keys, Writing, list, mapping, word};

/// A criterion of either kind, as key and values.
pub(super) trait Criterion {
    /// `category`, or `attribute.grade`; and its alternatives.
    fn key_and_values(&self) -> (String, Vec<String>);
}

fn attribute(name: &str, values: &[String]) -> (String, Vec<String>) {
    let values = if values.is_empty() { vec!["any".to_owned()] } else { values.to_vec() };
    (format!("attribute.{}", word(name)), values)
}

impl Criterion for SkuCriterion {
    fn key_and_values(&self) -> (String, Vec<String>) {
        let (key, values) = match self {
            Self::Attribute { name, values } => return attribute(name, values),
            Self::Category(values) => ("category", values),
            Self::Brand(values) => ("brand", values),
            Self::Sku(values) => ("sku", values),
            Self::List(values) => ("list", values),
            Self::TaxClass(values) => ("tax_class", values),
            Self::Group(values) => ("group", values),
        };
        (key.to_owned(), values.clone())
    }
}

impl Criterion for ContractCriterion {
    fn key_and_values(&self) -> (String, Vec<String>) {
        let (key, values) = match self {
            Self::Attribute { name, values } => return attribute(name, values),
            Self::Contract(values) => ("contract", values),
            Self::Counterparty(values) => ("counterparty", values),
            Self::Holding(values) => ("holding", values),
            Self::Group(values) => ("group", values),
        };
        (key.to_owned(), values.clone())
    }
}

/// A description on one line.
fn description<C: Criterion>(all: &AllOf<C>) -> String {
    let mut pairs: Vec<(String, String)> = all
        .criteria
        .iter()
        .map(|criterion| {
            let (key, values) = criterion.key_and_values();
            let mut values: Vec<String> = values.iter().map(|value| word(value)).collect();
            values.sort();
            (key, list(values))
        })
        .collect();
    pairs.sort();
    mapping(pairs.iter().map(|(key, value)| (key.as_str(), value.clone())))
}

/// A selection on one line; `everything` where nothing is stated.
pub(super) fn on_one_line<C: Criterion>(selection: &Selection<C>) -> String {
    let sorted = |descriptions: &[AllOf<C>]| {
        let mut lines: Vec<String> = descriptions.iter().map(description).collect();
        lines.sort();
        list(lines)
    };
    match (selection.any.as_slice(), selection.except.as_slice()) {
        ([], []) => "everything".to_owned(),
        (any, []) => sorted(any),
        ([], except) => mapping([("except", sorted(except))]),
        (any, except) => mapping([("any", sorted(any)), ("except", sorted(except))]),
    }
}

/// A selection under a key; nothing where it is everything.
pub(super) fn selection<C: Criterion>(keys: &mut Writing, key: &str, selection: &Selection<C>) {
    descriptions(keys, key, &selection.any);
    let except = if key.is_empty() { "except".to_owned() } else { format!("{key}.except") };
    descriptions(keys, &except, &selection.except);
}

fn descriptions<C: Criterion>(keys: &mut Writing, key: &str, any: &[AllOf<C>]) {
    let [one] = any else {
        let key = if key.is_empty() { "any" } else { key };
        return keys.members(key, any.iter().map(description));
    };
    for criterion in &one.criteria {
        let (name, values) = criterion.key_and_values();
        keys.words(&if key.is_empty() { name } else { format!("{key}.{name}") }, &values);
    }
}

/// A group.
pub(super) fn group<C: Criterion>(id: &str, group: &Group<C>) -> Keys {
    let mut keys = Writing::default();
    keys.text("name", &group.name, id);
    selection(&mut keys, "", &group.selection);
    keys.0
}
