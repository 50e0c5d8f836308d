//! What stands in one row, whatever the format it came in?

use std::borrow::Cow;

use jiff::civil::DateTime;

use crate::domain::decimal::Micros;

use super::fault::Refusal;

/// A date or date-time as the file holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stamp<'a> {
    /// Written out; empty where there is none.
    Text(&'a str),
    /// Seconds of the civil calendar since 1970, and whether the file's type is a date without time.
    At { second: i64, bare: bool },
}

impl<'a> Stamp<'a> {
    /// None at all?
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }

    /// The text that says the same.
    pub(super) fn text(self) -> Cow<'a, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::At { second, bare } => {
                let epoch = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
                match epoch.checked_add(jiff::SignedDuration::from_secs(second)) {
                    Ok(at) if bare => Cow::Owned(at.date().to_string()),
                    Ok(at) => Cow::Owned(at.to_string()),
                    Err(_) => Cow::Owned(format!("{second} seconds since 1970")),
                }
            }
        }
    }
}

/// The cells of one row, by position in the kind's table of columns. Empty and absent are the same.
pub(super) trait Cells {
    /// Is the column in the file at all?
    fn has(&self, column: usize) -> bool;
    /// The text; empty where there is none or the column is of another type.
    fn text(&self, column: usize) -> &str;
    /// The decimal.
    fn decimal(&self, column: usize) -> Result<Option<Micros>, Refusal>;
    /// The whole number.
    fn whole(&self, column: usize) -> Result<Option<u64>, Refusal>;
    /// The date or date-time.
    fn stamp(&self, column: usize) -> Result<Stamp<'_>, Refusal>;
    /// What a report shows of the cell.
    fn shown(&self, column: usize) -> String;
}

/// Digits alone, without sign.
pub(super) fn parse_whole(text: &str) -> Option<u64> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// What to say of a text that [`parse_whole`] does not read.
pub(super) const NOT_WHOLE: &str = "is no whole number: write digits alone";
