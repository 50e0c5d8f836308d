//! How are dates and windows written, so that they read back as they are?

use crate::domain::time::{CivilSecond, DAY_SECONDS, Window};

/// Midnight after the last day of the year 9999, which can only be written as an inclusive end.
pub(super) const END_OF_DATES: CivilSecond = CivilSecond(253_402_300_800);
/// The last day that has a text.
pub(super) const LAST_DATE: &str = "9999-12-31";
/// The last day that has a text, counted from 1970.
pub(super) const LAST_DAY: i64 = END_OF_DATES.0 / DAY_SECONDS - 1;

/// A date, or a date-time where it is no midnight.
pub(super) fn moment_text(at: CivilSecond) -> String {
    at.to_string()
}

/// The columns `valid_from`, `valid_to`, `valid_through`.
pub(super) fn window_fields(window: Window) -> [String; 3] {
    let text = |at: Option<CivilSecond>| at.map(moment_text).unwrap_or_default();
    match window.to {
        Some(END_OF_DATES) => [text(window.from), String::new(), LAST_DATE.to_owned()],
        to => [text(window.from), text(to), String::new()],
    }
}
