//! Which goods, which contracts? Groups and selections as they are written.

use crate::policy::syntax::{AllOf, ContractCriterion, Group, Selection, SkuCriterion, Text};

use super::fields::unknown_key;
use super::reading::{Named, Reading, show};
use super::tree::{Child, Entry, Value};
use super::values;

/// What may be asked of a SKU or of a contract.
pub(super) trait Criterion: Sized {
    /// The keys that ask it.
    const KEYS: &'static [&'static str];
    /// What its groups are.
    const GROUPS: Named;

    /// Reads one key, which is one of [`Criterion::KEYS`] and none of `attribute`, `group`.
    fn read(entry: &Entry, r: &mut Reading<'_>) -> Self;
    /// It has an attribute.
    fn attribute(name: String, values: Vec<String>) -> Self;
    /// It is in a group.
    fn group(names: Vec<String>) -> Self;
}

impl Criterion for SkuCriterion {
    const KEYS: &'static [&'static str] =
        &["category", "brand", "attribute", "sku", "list", "tax_class", "group"];
    const GROUPS: Named = Named::SkuGroup;

    fn read(entry: &Entry, r: &mut Reading<'_>) -> Self {
        let (key, value) = (entry.key.as_str(), &entry.value);
        match key {
            "category" => Self::Category(values::texts(key, value, r)),
            "brand" => Self::Brand(values::ids(key, value, r)),
            "list" => Self::List(values::ids(key, value, r)),
            "tax_class" => Self::TaxClass(values::ids(key, value, r)),
            _ => Self::Sku(values::ids(key, value, r)),
        }
    }

    fn attribute(name: String, values: Vec<String>) -> Self {
        Self::Attribute { name, values }
    }

    fn group(names: Vec<String>) -> Self {
        Self::Group(names)
    }
}

impl Criterion for ContractCriterion {
    const KEYS: &'static [&'static str] =
        &["contract", "counterparty", "holding", "segment", "attribute", "group"];
    const GROUPS: Named = Named::ContractGroup;

    fn read(entry: &Entry, r: &mut Reading<'_>) -> Self {
        let (key, value) = (entry.key.as_str(), &entry.value);
        match key {
            "segment" => Self::Attribute { name: key.to_owned(), values: attribute_values(key, value, r) },
            "counterparty" => Self::Counterparty(values::ids(key, value, r)),
            "holding" => Self::Holding(values::ids(key, value, r)),
            _ => Self::Contract(values::ids(key, value, r)),
        }
    }

    fn attribute(name: String, values: Vec<String>) -> Self {
        Self::Attribute { name, values }
    }

    fn group(names: Vec<String>) -> Self {
        Self::Group(names)
    }
}

/// A selection: a group's name, a description, a list of those, or `{ any, except }`.
pub(super) fn selection<C: Criterion>(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<Selection<C>> {
    match child.value() {
        Value::Mapping(mapping) => {
            let entries: Vec<&Entry> = mapping.entries.iter().collect();
            Some(of_entries(key, child, &entries, mapping.is_maimed, r))
        }
        Value::Nothing => {
            values::wrong_kind(key, child, "a selection", r);
            None
        }
        Value::Text(_) | Value::List(_) => {
            Some(Selection { any: descriptions(key, child, r), except: Vec::new(), at: child.at })
        }
    }
}

/// A group under its id: a selection, which may have a name beside it.
pub(super) fn group<C: Criterion>(entry: &Entry, r: &mut Reading<'_>) -> Option<Group<C>> {
    let (id, child) = (entry.key.as_str(), &entry.value);
    let mut name = Text { en: id.to_owned(), ru: None };
    let who = format!("group {}", show(id));
    let selection = match child.value() {
        Value::Mapping(mapping) => {
            let (names, rest): (Vec<&Entry>, Vec<&Entry>) =
                mapping.entries.iter().partition(|entry| entry.key == "name");
            for entry in names {
                name = values::label("name", &entry.value, r)?;
            }
            of_entries(&who, child, &rest, mapping.is_maimed, r)
        }
        _ => selection(&who, child, r)?,
    };
    Some(Group { name, selection, at: entry.key_at })
}

fn of_entries<C: Criterion>(
    key: &str,
    child: &Child,
    entries: &[&Entry],
    is_maimed: bool,
    r: &mut Reading<'_>,
) -> Selection<C> {
    let mut selection = Selection { any: Vec::new(), except: Vec::new(), at: child.at };
    if !entries.iter().any(|entry| matches!(entry.key.as_str(), "any" | "except")) {
        selection.any.extend(description(key, child, entries, is_maimed, r));
        return selection;
    }
    for entry in entries {
        match entry.key.as_str() {
            "any" => selection.any = descriptions("any", &entry.value, r),
            "except" => selection.except = descriptions("except", &entry.value, r),
            other if C::KEYS.contains(&other) => {
                let message = format!("{key}: {other} stands beside any or except");
                r.hinted(entry.key_at, "misplaced-key", message, "put it into a description under any");
            }
            _ => unknown_key(entry, key, &["any", "except"], r),
        }
    }
    selection
}

fn descriptions<C: Criterion>(key: &str, child: &Child, r: &mut Reading<'_>) -> Vec<AllOf<C>> {
    let items = if key == "except" { values::items(child) } else { values::some_items(key, child, r) };
    let mut read = Vec::with_capacity(items.len());
    for item in items {
        match item.value() {
            Value::Mapping(mapping) => {
                let entries: Vec<&Entry> = mapping.entries.iter().collect();
                read.extend(description(key, item, &entries, mapping.is_maimed, r));
            }
            Value::Text(_) => {
                let criterion = C::group(group_names(key, item, C::GROUPS, r));
                read.push(AllOf { criteria: vec![criterion], at: item.at });
            }
            Value::List(_) | Value::Nothing => {
                values::wrong_kind(key, item, "a description or the name of a group", r);
            }
        }
    }
    read
}

/// All criteria of one mapping.
fn description<C: Criterion>(
    key: &str,
    child: &Child,
    entries: &[&Entry],
    is_maimed: bool,
    r: &mut Reading<'_>,
) -> Option<AllOf<C>> {
    if entries.is_empty() {
        if !is_maimed {
            let message = format!("{key}: nothing is asked here, so that everything would do");
            r.hinted(child.at, "empty-description", message, "leave it out, or write what is meant");
        }
        return None;
    }
    let mut criteria = Vec::with_capacity(entries.len());
    for entry in entries {
        match entry.key.as_str() {
            "attribute" => attributes(&entry.value, &mut criteria, r),
            "group" => criteria.push(C::group(group_names("group", &entry.value, C::GROUPS, r))),
            known if C::KEYS.contains(&known) => criteria.push(C::read(entry, r)),
            _ => unknown_key(entry, &format!("a description under {key}"), C::KEYS, r),
        }
    }
    Some(AllOf { criteria, at: child.at })
}

fn group_names(key: &str, child: &Child, of: Named, r: &mut Reading<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for item in values::some_items(key, child, r) {
        if let Some(name) = values::id(key, item, r) {
            r.mention(of, &name, item.at);
            names.push(name);
        }
    }
    names
}

fn attributes<C: Criterion>(child: &Child, criteria: &mut Vec<C>, r: &mut Reading<'_>) {
    let Value::Mapping(mapping) = child.value() else {
        values::wrong_kind("attribute", child, "a mapping of attributes", r);
        return;
    };
    if mapping.entries.is_empty() && !mapping.is_maimed {
        r.error(child.at, "empty-description", "attribute: no attribute is named");
    }
    for entry in &mapping.entries {
        attribute_name(entry, r);
        let values = attribute_values(&entry.key, &entry.value, r);
        criteria.push(C::attribute(entry.key.clone(), values));
    }
}

/// Checks the name of an attribute that stands as a key.
pub(super) fn attribute_name(entry: &Entry, r: &mut Reading<'_>) {
    if let Err(error) = crate::domain::ids::check_external_id(&entry.key) {
        r.error(entry.key_at, "bad-id", format!("the attribute {} {error}", show(&entry.key)));
    }
}

/// The values of an attribute, none for `any`. Among several values the word would say nothing.
fn attribute_values(key: &str, child: &Child, r: &mut Reading<'_>) -> Vec<String> {
    if matches!(child.value(), Value::Text(text) if text == "any") {
        return Vec::new();
    }
    let values = values::texts(key, child, r);
    if values.iter().any(|value| value == "any") {
        let hint = "write any alone, or the values";
        r.hinted(child.at, "misplaced-any", format!("{key}: any stands among values"), hint);
    }
    values
}
