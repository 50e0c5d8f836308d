//! What does a single value say? Texts, ids, decimals, dates, words of a list; each from its text, and nothing guessed.

use std::ops::RangeInclusive;

use crate::domain::currency::Currency;
use crate::domain::decimal::{MILLION, Micros};
use crate::domain::ids::check_external_id;
use crate::domain::limits;
use crate::domain::time::{CivilSecond, TimeError};
use crate::policy::syntax::Text;

use super::fields::Fields;
use super::reading::{Reading, show};
use super::tree::{Child, Value};

/// Says that a value is of another kind than its key asks for.
pub(super) fn wrong_kind(key: &str, child: &Child, wanted: &str, r: &mut Reading<'_>) {
    let is = match child.value() {
        Value::Nothing => {
            let hint = "leave the key out, or quote a text that is meant as one";
            r.hinted(child.at, "empty-value", format!("{key}: nothing is written here"), hint);
            return;
        }
        Value::Text(text) => show(text),
        Value::List(_) => "a list".to_owned(),
        Value::Mapping(_) => "a mapping".to_owned(),
    };
    r.error(child.at, "wrong-kind", format!("{key}: {is} stands where {wanted} is expected"));
}

/// What stands in a list, or the one value that stands for a list of itself.
pub(super) fn items(child: &Child) -> &[Child] {
    match child.value() {
        Value::List(items) => items,
        _ => std::slice::from_ref(child),
    }
}

/// [`items`], where an empty list is likely a slip: it would be met by everything, or by nothing.
pub(super) fn some_items<'t>(key: &str, child: &'t Child, r: &mut Reading<'_>) -> &'t [Child] {
    let items = items(child);
    if items.is_empty() {
        let hint = "leave the key out, or write what is meant";
        r.hinted(child.at, "empty-list", format!("{key}: the list is empty"), hint);
    }
    items
}

fn scalar<'t>(key: &str, child: &'t Child, wanted: &str, r: &mut Reading<'_>) -> Option<&'t str> {
    if let Value::Text(text) = child.value() {
        return Some(text);
    }
    wrong_kind(key, child, wanted, r);
    None
}

fn refuse(key: &str, child: &Child, code: &'static str, text: &str, fault: &str, r: &mut Reading<'_>) {
    r.error(child.at, code, format!("{key}: {} {fault}", show(text)));
}

/// A text as it stands: not empty, not too long, without control characters but the line break that ends a block.
pub(super) fn text(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<String> {
    let text = scalar(key, child, "a text", r)?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let fault = if text.trim().is_empty() {
        "says nothing"
    } else if text.len() > limits::TEXT_BYTES {
        "is longer than 1,024 bytes"
    } else if text.chars().any(char::is_control) {
        "contains a line break or another control character"
    } else {
        return Some(text.to_owned());
    };
    refuse(key, child, "bad-text", text, fault, r);
    None
}

/// An id of something here or in the catalogue.
pub(super) fn id(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<String> {
    let text = scalar(key, child, "an id", r)?;
    match check_external_id(text) {
        Ok(()) => Some(text.to_owned()),
        Err(error) => {
            refuse(key, child, "bad-id", text, &error.to_string(), r);
            None
        }
    }
}

/// One text or several.
pub(super) fn texts(key: &str, child: &Child, r: &mut Reading<'_>) -> Vec<String> {
    some_items(key, child, r).iter().filter_map(|item| text(key, item, r)).collect()
}

/// One id or several.
pub(super) fn ids(key: &str, child: &Child, r: &mut Reading<'_>) -> Vec<String> {
    some_items(key, child, r).iter().filter_map(|item| id(key, item, r)).collect()
}

/// What people read: a text, or `{ en: ..., ru: ... }`.
pub(super) fn label(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<Text> {
    if matches!(child.value(), Value::Mapping(_)) {
        let fields = Fields::read(child, key, &["en", "ru"], r)?;
        let en = fields.needed("en", r, text);
        let ru = fields.optional("ru", r, text);
        return Some(Text { en: en?, ru });
    }
    Some(Text { en: text(key, child, r)?, ru: None })
}

/// `true` or `false`.
pub(super) fn flag(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<bool> {
    word(key, child, &[("true", true), ("false", false)], r)
}

/// One of a few words.
pub(super) fn word<T: Copy>(
    key: &str,
    child: &Child,
    words: &[(&'static str, T)],
    r: &mut Reading<'_>,
) -> Option<T> {
    let text = scalar(key, child, "a word", r)?;
    if let Some((_, meant)) = words.iter().find(|(word, _)| *word == text) {
        return Some(*meant);
    }
    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let hint = r.likely(text, known.iter().copied(), &format!("write one of {}", known.join(", ")));
    r.hinted(child.at, "unknown-word", format!("{key}: {} is unknown here", show(text)), hint);
    None
}

/// A decimal, of either sign.
pub(super) fn decimal(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<Micros> {
    let text = scalar(key, child, "a number", r)?;
    match Micros::parse(text) {
        Ok(value) => Some(value),
        Err(error) => {
            refuse(key, child, "bad-number", text, &error.to_string(), r);
            None
        }
    }
}

/// A decimal of at least zero.
pub(super) fn amount(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<Micros> {
    let value = decimal(key, child, r)?;
    if value.is_negative() {
        r.error(child.at, "negative", format!("{key}: \"{value}\" is negative"));
        return None;
    }
    Some(value)
}

/// A decimal above zero.
pub(super) fn positive(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<Micros> {
    let value = amount(key, child, r)?;
    if value == Micros::ZERO {
        r.error(child.at, "zero", format!("{key}: \"{value}\" is not above zero"));
        return None;
    }
    Some(value)
}

/// A hundred.
const HUNDRED: Micros = Micros(100 * MILLION);

/// Percent that are taken off, and so are at most all of it.
pub(super) fn percent_off(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<Micros> {
    let value = amount(key, child, r)?;
    if value > HUNDRED {
        let message = format!("{key}: \"{value}\" is more than there is to take off");
        r.hinted(child.at, "over-100", message, "write 100 at most");
        return None;
    }
    Some(value)
}

/// Percent below a hundred: a margin.
pub(super) fn percent_below_100(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<Micros> {
    let value = amount(key, child, r)?;
    if value >= HUNDRED {
        let message = format!("{key}: \"{value}\" is a margin that no price has");
        r.hinted(
            child.at,
            "over-100",
            message,
            "write less than 100, or markup where percent of the cost are meant",
        );
        return None;
    }
    Some(value)
}

/// A whole number in a range.
pub(super) fn whole<T: TryFrom<i64>>(
    key: &str,
    child: &Child,
    range: RangeInclusive<i64>,
    r: &mut Reading<'_>,
) -> Option<T> {
    let value = decimal(key, child, r)?;
    let whole = value.0 / MILLION;
    if value.places() > 0 {
        r.error(child.at, "not-whole", format!("{key}: \"{value}\" is no whole number"));
        return None;
    }
    if !range.contains(&whole) {
        let (least, most) = range.into_inner();
        r.error(child.at, "out-of-range", format!("{key}: \"{value}\" is not from {least} to {most}"));
        return None;
    }
    T::try_from(whole).ok()
}

/// How high priorities go, either way.
pub(super) fn priority(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<i32> {
    whole(key, child, i64::from(i32::MIN)..=i64::from(i32::MAX), r)
}

/// A currency.
pub(super) fn currency(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<Currency> {
    let text = scalar(key, child, "a currency", r)?;
    match Currency::parse(text) {
        Ok(currency) => Some(currency),
        Err(error) => {
            refuse(key, child, "bad-currency", text, &error.to_string(), r);
            None
        }
    }
}

/// A date or date-time on the wall, and whether it is a bare date. ISO has further spellings, whose precision would be
/// a guess.
pub(super) fn date(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<(CivilSecond, bool)> {
    let text = scalar(key, child, "a date", r)?;
    let read = match text.len() {
        10 | 19 => CivilSecond::parse_with_precision(text),
        _ => Err(TimeError::NotADateTime),
    };
    match read {
        Ok(read) => Some(read),
        Err(error) => {
            refuse(key, child, "bad-date", text, &error.to_string(), r);
            None
        }
    }
}
