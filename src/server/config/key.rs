//! What is a key? A name in the file, a flag, a variable, what it takes, and how that is read and shown.

use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use super::{Config, times};

/// One key. Its flag and its variable are stated, and a test holds that they follow its name.
pub struct Key {
    /// `group.name`, as in the file.
    pub path: &'static str,
    /// The flag of `quoin serve`, without dashes.
    pub flag: &'static str,
    /// The environment variable.
    pub variable: &'static str,
    /// What it takes: `ADDR`, `FILE`, `N`, `SIZE`, `TIME`, or words joined by `|`; a list of them where `,...` follows. A flag that
    /// takes `true|false` may stand alone, and one that takes a list be there several times.
    pub takes: &'static str,
    /// What it is for, in a sentence.
    pub about: &'static str,
    /// Reads a text into the settings, or says what is wrong with it.
    pub read: fn(&mut Config, &str) -> Result<(), String>,
    /// Shows what the settings have.
    pub show: fn(&Config) -> Shown,
}

impl Key {
    /// The group that it belongs to.
    #[must_use]
    pub fn group(&self) -> &'static str {
        self.path.split_once('.').map_or(self.path, |(group, _)| group)
    }

    /// Does it take several values?
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.takes.ends_with(",...")
    }
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

/// Shows a value that may not be set.
pub(super) fn shown_if_set(value: Option<impl Display>) -> Shown {
    value.map_or(Shown::Nothing, shown)
}

/// Shows a time.
pub(super) fn shown_time(time: Duration) -> Shown {
    shown(times::text(time))
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

/// A file or folder.
pub(super) fn path(text: &str) -> Result<PathBuf, String> {
    filled(text).map(PathBuf::from)
}

/// A text that says something.
pub(super) fn filled(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("nothing is written there".to_owned()) } else { Ok(text.to_owned()) }
}

/// What one of some words means.
pub(super) fn word<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, String> {
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, means)| *means);
    found.ok_or_else(|| {
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        format!("\"{text}\" is none of {}", words.join(", "))
    })
}

/// The values of a list, at least one.
pub(super) fn list<T>(text: &str, one: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    text.split(',').map(|text| one(text.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::{filled, list, whole, word};

    #[test]
    fn whole_numbers_have_bounds() {
        assert_eq!(whole("1", 1, 9), Ok(1));
        assert_eq!(whole("9", 1, 9), Ok(9));
        for bad in ["0", "10", "", "1.0", "x"] {
            assert_eq!(whole(bad, 1, 9), Err(format!("\"{bad}\" is no whole number from 1 to 9")));
        }
    }

    #[test]
    fn lists_have_values_and_words_are_known() {
        assert_eq!(list("a, b", filled), Ok(vec!["a".to_owned(), "b".to_owned()]));
        for bad in ["", "a,,b", "a,"] {
            assert!(list(bad, filled).is_err(), "{bad}");
        }
        let words = [("one", 1), ("two", 2)];
        assert_eq!(list("two,one", |text| word(text, &words)), Ok(vec![2, 1]));
        assert_eq!(word("three", &words), Err("\"three\" is none of one, two".to_owned()));
    }
}
