//! In what do two policies differ? Part by part and key by key, whatever the order, the layout and the files.

use std::collections::BTreeMap;

use super::syntax::Policy;
use super::written::{Keys, Section, Value, parts};

/// A part that one policy has and the other has not, or has otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where in the file such parts stand.
    pub section: Section,
    /// The part's id; empty for what the file says of the whole policy.
    pub id: String,
    /// What became of it.
    pub fate: Fate,
    /// Its keys: all of a part that came or went, those that differ of one that changed.
    pub keys: Vec<KeyChange>,
}

/// What became of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Only the later policy has it.
    Added,
    /// Only the earlier one has it.
    Removed,
    /// Both have it, and not the same.
    Changed,
}

/// What became of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyChange {
    /// It has one value.
    Value {
        /// The key.
        key: String,
        /// As the earlier policy has it, in the policy's own words.
        before: Option<String>,
        /// As the later one has it.
        after: Option<String>,
    },
    /// It has alternatives, in no order.
    Members {
        /// The key.
        key: String,
        /// Those that only the later policy has.
        added: Vec<String>,
        /// Those that only the earlier one has.
        removed: Vec<String>,
    },
}

/// What differs, in the order of sections, then of ids.
#[must_use]
pub fn differences(before: &Policy, after: &Policy) -> Vec<Difference> {
    let (mut before, mut after) = (parts(before), parts(after));
    let mut found = Vec::new();
    let mut names: Vec<(Section, String)> = before.keys().chain(after.keys()).cloned().collect();
    names.sort();
    names.dedup();
    for name in names {
        let (old, new) = (before.remove(&name), after.remove(&name));
        let fate = match (&old, &new) {
            (None, _) => Fate::Added,
            (_, None) => Fate::Removed,
            (Some(_), Some(_)) => Fate::Changed,
        };
        let keys = changes(old.unwrap_or_default(), new.unwrap_or_default());
        if fate != Fate::Changed || !keys.is_empty() {
            found.push(Difference { section: name.0, id: name.1, fate, keys });
        }
    }
    found
}

fn changes(mut before: Keys, after: Keys) -> Vec<KeyChange> {
    let mut changed: BTreeMap<String, KeyChange> = BTreeMap::new();
    for (key, new) in after {
        let old = before.remove(&key);
        if old.as_ref() != Some(&new) {
            changed.insert(key.clone(), change(key, old, Some(new)));
        }
    }
    for (key, old) in before {
        changed.insert(key.clone(), change(key, Some(old), None));
    }
    changed.into_values().collect()
}

fn change(key: String, before: Option<Value>, after: Option<Value>) -> KeyChange {
    let members = |value: &Option<Value>| match value {
        Some(Value::Members(members)) => members.clone(),
        _ => Default::default(),
    };
    let is_one = |value: &Option<Value>| matches!(value, Some(Value::One(_)));
    if is_one(&before) || is_one(&after) {
        let text = |value: Option<Value>| value.map(|value| value.text());
        return KeyChange::Value { key, before: text(before), after: text(after) };
    }
    let (old, new) = (members(&before), members(&after));
    KeyChange::Members {
        key,
        added: new.difference(&old).cloned().collect(),
        removed: old.difference(&new).cloned().collect(),
    }
}
