//! How is it said? Every sentence that an answer tells a person, in English and in Russian: one table a noun.
//!
//! The tables hold sentences alone; the conversion of a noun fills in its names and figures.

pub mod benefit;
pub mod list_loss;
pub mod measure;
pub mod notice;
pub mod points_loss;
pub mod problem;
pub mod progress;
pub mod rule_loss;

use crate::domain::language::Language;

/// A sentence in both languages; `{0}`, `{1}` and so on stand for what is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrase {
    /// English.
    pub en: &'static str,
    /// Russian.
    pub ru: &'static str,
}

impl Phrase {
    /// A sentence.
    #[must_use]
    pub const fn new(en: &'static str, ru: &'static str) -> Self {
        Self { en, ru }
    }

    /// The sentence, with `parts` in their places.
    #[must_use]
    pub fn told(self, language: Language, parts: &[&str]) -> String {
        let template = match language {
            Language::English => self.en,
            Language::Russian => self.ru,
        };
        let filled: usize = parts.iter().map(|part| part.len()).sum();
        let mut text = String::with_capacity(template.len() + filled);
        let mut rest = template;
        while let Some((before, behind)) = rest.split_once('{') {
            let (number, after) = behind.split_once('}').unwrap_or(("", behind));
            let part = number.parse::<usize>().ok().and_then(|number| parts.get(number));
            text.push_str(before);
            text.push_str(part.copied().unwrap_or_default());
            rest = after;
        }
        text.push_str(rest);
        text
    }
}
