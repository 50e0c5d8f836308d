//! What is wrong with a policy, where, and what would mend it?

use std::fmt;

use super::syntax::At;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The policy is refused.
    Error,
    /// It is accepted, and likely not what was meant.
    Warning,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where.
    pub at: At,
    /// How bad.
    pub severity: Severity,
    /// What kind of thing, for programs: `unknown-key`.
    pub code: &'static str,
    /// What is wrong, naming the key, id or value.
    pub message: String,
    /// What to do about it; empty where the message says it.
    pub hint: String,
}

/// A file as it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source<'a> {
    /// Its name, for findings.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

impl Finding {
    /// As `file:line:column: error: message (hint)`, the file by its name.
    #[must_use]
    pub fn told(&self, names: &[&str]) -> String {
        let name = names.get(usize::from(self.at.file)).copied().unwrap_or("policy");
        let word = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let hint = if self.hint.is_empty() { String::new() } else { format!("; {}", self.hint) };
        format!("{name}:{}:{}: {word}: {}{hint} [{}]", self.at.line, self.at.column, self.message, self.code)
    }
}

/// Most characters of a value that a message repeats.
const SHOWN: usize = 60;

/// A value as a message repeats it: in quotes, without control characters, cut where it is long.
pub(super) fn show(text: &str) -> String {
    let kept: String = text.chars().take(SHOWN).collect();
    let more = if kept.len() < text.len() { "…" } else { "" };
    format!("\"{}{more}\"", kept.escape_debug())
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}
