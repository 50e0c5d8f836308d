//! In which languages are people told things? English, and Russian where they ask for it.

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Language {
    /// `en`
    #[default]
    English,
    /// `ru`
    Russian,
}

impl Language {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Russian];

    /// Its ISO 639 letters.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
        }
    }

    /// The language with these letters; English where nothing is said.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        if code.is_empty() {
            return Some(Self::default());
        }
        Self::ALL.into_iter().find(|language| language.code() == code)
    }
}
