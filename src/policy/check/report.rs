//! How do lints say what they found?

use crate::domain::limits;
use crate::policy::finding::{Finding, Severity};
use crate::policy::syntax::At;

use super::near::nearest;

/// How many names a message gives before it counts the rest.
const NAMES_TOLD: usize = 3;

/// For how many names it is looked what was likely meant: the first say enough.
const SUGGESTIONS_MOST: u32 = 200;

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Report {
    found: Vec<Finding>,
    suggestions: u32,
}

impl Report {
    /// The policy is refused.
    pub(super) fn error(&mut self, at: At, code: &'static str, message: String, hint: impl Into<String>) {
        self.found.push(Finding { at, severity: Severity::Error, code, message, hint: hint.into() });
    }

    /// It is accepted, and likely not meant.
    pub(super) fn warn(&mut self, at: At, code: &'static str, message: String, hint: impl Into<String>) {
        self.found.push(Finding { at, severity: Severity::Warning, code, message, hint: hint.into() });
    }

    /// `did you mean "t"?` where a known name is near, else what is to be done.
    pub(super) fn suggest<'n>(
        &mut self,
        written: &str,
        known: impl Iterator<Item = &'n str>,
        otherwise: &str,
    ) -> String {
        self.suggestions = self.suggestions.saturating_add(1);
        let near = if self.suggestions > SUGGESTIONS_MOST { None } else { nearest(written, known) };
        near.map_or_else(|| otherwise.to_owned(), |name| format!("did you mean \"{name}\"?"))
    }

    /// By place. What several rules share, such as a measure, is told once. Past [`limits::POLICY_FINDINGS`] the rest
    /// is not told, warnings before errors.
    pub(super) fn by_place(mut self) -> Vec<Finding> {
        self.found.sort();
        self.found.dedup();
        if self.found.len() <= limits::POLICY_FINDINGS {
            return self.found;
        }
        self.found.sort_by_key(|finding| finding.severity);
        let untold = self.found.split_off(limits::POLICY_FINDINGS);
        self.found.sort();
        let severity = untold.iter().map(|finding| finding.severity).min().unwrap_or(Severity::Warning);
        self.found.push(Finding {
            at: self.found.last().map(|last| last.at).unwrap_or_default(),
            severity,
            code: "more-findings",
            message: format!("{} more are not told", untold.len()),
            hint: "mend these first".to_owned(),
        });
        self.found
    }
}

/// `"A", "B", "C" and 4 more`.
pub(super) fn several<'n>(names: impl IntoIterator<Item = &'n str>, count: u64) -> String {
    let told: Vec<String> = names.into_iter().take(NAMES_TOLD).map(show).collect();
    let rest = count.saturating_sub(u64::try_from(told.len()).unwrap_or(u64::MAX));
    match (rest, told.as_slice()) {
        (0, [before @ .., last]) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        (0, _) => told.join(", "),
        _ => format!("{} and {rest} more", told.join(", ")),
    }
}

/// Most characters of a name that a message repeats.
const SHOWN: usize = 60;

/// A name as a message repeats it: in quotes, without control characters, cut where it is long.
pub(super) fn show(text: &str) -> String {
    let kept: String = text.chars().take(SHOWN).collect();
    let more = if kept.len() < text.len() { "…" } else { "" };
    format!("\"{}{more}\"", kept.escape_debug())
}
