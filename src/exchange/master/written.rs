//! How is each value of master data written, so that it reads back as it is?

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;
use crate::exchange::fault::Refusal;

pub(super) fn text(value: &str) -> Cow<'_, str> {
    Cow::Borrowed(value)
}

pub(super) fn optional(value: Option<&String>) -> Cow<'_, str> {
    value.map_or(Cow::Borrowed(""), |value| Cow::Borrowed(value))
}

pub(super) fn number(value: impl ToString) -> Cow<'static, str> {
    Cow::Owned(value.to_string())
}

pub(super) fn decimal(value: Option<Micros>) -> Cow<'static, str> {
    value.map_or(Cow::Borrowed(""), number)
}

pub(super) fn currency(value: Option<Currency>) -> Cow<'static, str> {
    value.map_or(Cow::Borrowed(""), number)
}

/// The word of a choice; empty for the default, which need not be written.
pub(super) fn choice<T: Copy + Default + PartialEq>(
    value: T,
    words: &[(&'static str, T)],
) -> Cow<'static, str> {
    if value == T::default() {
        return Cow::Borrowed("");
    }
    words
        .iter()
        .find(|(_, meant)| *meant == value)
        .map_or(Cow::Borrowed(""), |(word, _)| Cow::Borrowed(*word))
}

pub(super) fn attributes(pairs: &BTreeMap<String, String>) -> Result<Cow<'static, str>, Refusal> {
    let mut written = String::new();
    for (key, value) in pairs {
        if key.is_empty() || key.contains(['=', ';']) || value.contains(';') {
            return Err(Refusal::new("attributes", &format!("{key}={value}"), "has a = or ; in it"));
        }
        if !written.is_empty() {
            written.push(';');
        }
        written.push_str(key);
        written.push('=');
        written.push_str(value);
    }
    Ok(Cow::Owned(written))
}
