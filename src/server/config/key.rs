//! What is a key? A name in the file, a flag, a variable, what it takes, and how that is read and shown.

use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use super::Config;

/// One key. Its flag and its variable are stated, and a test holds that they follow its name.
pub struct Key {
    /// `group.name`, as in the file.
    pub path: &'static str,
    /// The flag of `quoin serve`, without dashes.
    pub flag: &'static str,
    /// The environment variable.
    pub variable: &'static str,
    /// What it takes: `ADDR`, `N`, `SIZE`, `TIME`, or words joined by `|`. A flag that takes `true|false` may stand alone.
    pub takes: &'static str,
    /// What it is for, in a sentence.
    pub about: &'static str,
    /// Reads a text into the settings, or says what is wrong with it.
    pub read: fn(&mut Config, &str) -> Result<(), String>,
    /// Shows what the settings have.
    pub show: fn(&Config) -> Shown,
}

/// What is shown of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// Its value, as it could be written.
    Value(String),
    /// It is not set.
    Nothing,
    /// It is set, and is told to nobody.
    Secret,
}

impl Shown {
    /// For people.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Value(value) => value,
            Self::Nothing => "",
            Self::Secret => "(secret)",
        }
    }
}

/// Shows a value.
pub(super) fn shown(value: impl Display) -> Shown {
    Shown::Value(value.to_string())
}

/// Puts what was read in its place.
pub(super) fn put<T>(place: &mut T, read: Result<T, String>) -> Result<(), String> {
    *place = read?;
    Ok(())
}

/// A whole number between bounds, both included.
pub(super) fn whole<T: FromStr + PartialOrd + Display>(text: &str, least: T, most: T) -> Result<T, String> {
    let number = text.parse().ok().filter(|number| *number >= least && *number <= most);
    number.ok_or_else(|| format!("\"{text}\" is no whole number from {least} to {most}"))
}

/// `true` or `false`.
pub(super) fn yes_or_no(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| format!("\"{text}\" is neither true nor false"))
}

/// An address and port.
pub(super) fn address(text: &str) -> Result<std::net::SocketAddr, String> {
    text.parse().map_err(|_| format!("\"{text}\" is no address and port: write 127.0.0.1:7480 or [::1]:7480"))
}

const UNITS_MS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

/// A time with its unit, up to a day.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    let wrong = || format!("\"{text}\" is no time up to a day: write 500ms, 20s, 5m or 1h");
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = text.get(digits.len()..).unwrap_or_default();
    let (_, unit_ms) = UNITS_MS.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?;
    let time = digits.trim().parse::<u64>().ok().and_then(|count| count.checked_mul(*unit_ms));
    time.filter(|ms| *ms <= 86_400_000).map(Duration::from_millis).ok_or_else(wrong)
}

/// A time as [`time`] reads it, in the greatest unit that is whole.
pub(super) fn shown_time(time: Duration) -> Shown {
    let ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let unit = UNITS_MS.iter().rev().find(|(_, unit_ms)| ms != 0 && ms % unit_ms == 0);
    match unit {
        Some((name, unit_ms)) => shown(format!("{}{name}", ms / unit_ms)),
        None => shown("0s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Shown, shown_time, time, whole};
    use std::time::Duration;

    #[test]
    fn times_have_units() {
        let good =
            [("0s", 0, "0s"), ("500ms", 500, "500ms"), ("90s", 90_000, "90s"), ("120s", 120_000, "2m")];
        for (text, ms, back) in good.into_iter().chain([("24h", 86_400_000, "24h"), ("5 m", 300_000, "5m")]) {
            assert_eq!(time(text), Ok(Duration::from_millis(ms)));
            assert_eq!(shown_time(Duration::from_millis(ms)), Shown::Value(back.to_owned()));
        }
        for bad in ["", "5", "s", "-1s", "1.5s", "25h", "1d", "99999999999999999999s", "1S"] {
            assert!(time(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn whole_numbers_have_bounds() {
        assert_eq!(whole("1", 1, 9), Ok(1));
        assert_eq!(whole("9", 1, 9), Ok(9));
        for bad in ["0", "10", "", "1.0", "x"] {
            assert_eq!(whole(bad, 1, 9), Err(format!("\"{bad}\" is no whole number from 1 to 9")));
        }
    }
}
