//! Which keys does this mapping have, which does it lack, and which does nobody know?

use crate::policy::syntax::At;

use super::reading::{Reading, show};
use super::tree::{Child, Entry, Value};
use super::values;

/// A mapping whose keys are known.
pub(super) struct Fields<'t> {
    /// Where it stands.
    pub(super) at: At,
    /// What it is, in words.
    pub(super) who: String,
    entries: &'t [Entry],
    is_maimed: bool,
}

impl<'t> Fields<'t> {
    /// Reads a mapping and names keys that it does not take.
    pub(super) fn read(child: &'t Child, who: &str, known: &[&str], r: &mut Reading<'_>) -> Option<Self> {
        let Value::Mapping(mapping) = child.value() else {
            values::wrong_kind(who, child, "a mapping of keys", r);
            return None;
        };
        for entry in &mapping.entries {
            if !known.contains(&entry.key.as_str()) {
                unknown_key(entry, who, known, r);
            }
        }
        let (entries, is_maimed) = (mapping.entries.as_slice(), mapping.is_maimed);
        Some(Self { at: child.at, who: who.to_owned(), entries, is_maimed })
    }

    /// [`Fields::read`] for what has an id, by which errors then name it.
    pub(super) fn of(child: &'t Child, noun: &str, known: &[&str], r: &mut Reading<'_>) -> Option<Self> {
        let id = match child.value() {
            Value::Mapping(mapping) => mapping.entries.iter().find(|entry| entry.key == "id"),
            _ => None,
        };
        let who = match id.map(|entry| entry.value.value()) {
            Some(Value::Text(id)) => format!("{noun} {}", show(id)),
            _ => noun.to_owned(),
        };
        Self::read(child, &who, known, r)
    }

    pub(super) fn get(&self, key: &str) -> Option<&'t Child> {
        self.entry(key).map(|entry| &entry.value)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    fn entry(&self, key: &str) -> Option<&'t Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Where a key stands; where the mapping does if it lacks it.
    pub(super) fn place(&self, key: &str) -> At {
        self.entry(key).map_or(self.at, |entry| entry.key_at)
    }

    /// A key that must be there.
    pub(super) fn need(&self, key: &str, r: &mut Reading<'_>) -> Option<&'t Child> {
        let found = self.get(key);
        if found.is_none() && !self.is_maimed {
            r.error(self.at, "missing-key", format!("{} lacks {key}", self.who));
        }
        found
    }

    /// A value that may be there, read by `read`.
    pub(super) fn optional<T>(
        &self,
        key: &str,
        r: &mut Reading<'_>,
        read: impl FnOnce(&str, &'t Child, &mut Reading<'_>) -> Option<T>,
    ) -> Option<T> {
        self.get(key).and_then(|child| read(key, child, r))
    }

    /// A value that must be there, read by `read`.
    pub(super) fn needed<T>(
        &self,
        key: &str,
        r: &mut Reading<'_>,
        read: impl FnOnce(&str, &'t Child, &mut Reading<'_>) -> Option<T>,
    ) -> Option<T> {
        self.need(key, r).and_then(|child| read(key, child, r))
    }

    /// Names each of `keys` that is there although it says nothing beside what else is.
    pub(super) fn misplaced(&self, keys: &[&str], why: &str, r: &mut Reading<'_>) {
        for key in keys.iter().filter(|key| self.has(key)) {
            r.hinted(
                self.place(key),
                "misplaced-key",
                format!("{}: {key} {why}", self.who),
                "leave it out, or write what it belongs to",
            );
        }
    }

    /// Which of `choices` is there? Exactly one must be.
    pub(super) fn one_of<'k>(
        &self,
        choices: &[&'k str],
        code: &'static str,
        r: &mut Reading<'_>,
    ) -> Option<&'k str> {
        let mut stated = choices.iter().copied().filter(|key| self.has(key));
        let Some(first) = stated.next() else {
            if !self.is_maimed {
                let message = format!("{} has none of {}", self.who, choices.join(", "));
                r.hinted(self.at, code, message, "write one of them");
            }
            return None;
        };
        let mut alone = true;
        for other in stated {
            alone = false;
            let message = format!("{}: {other} stands beside {first}", self.who);
            r.hinted(self.place(other), code, message, "write one of them");
        }
        alone.then_some(first)
    }
}

/// Names a key that nobody knows, and the one that was likely meant.
pub(super) fn unknown_key(entry: &Entry, who: &str, known: &[&str], r: &mut Reading<'_>) {
    let all = format!("its keys are {}", known.join(", "));
    let hint = if entry.key.bytes().all(|byte| byte.is_ascii_digit()) {
        // What is left of `2,5` in braces.
        "a comma begins the next key: write decimals with a dot, as in 2.5".to_owned()
    } else {
        r.likely(&entry.key, known.iter().copied(), &all)
    };
    r.hinted(entry.key_at, "unknown-key", format!("{who} has no key {}", show(&entry.key)), hint);
}
