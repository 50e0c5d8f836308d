//! Which settings are right each by itself, and wrong together?

use super::{Config, access, audit, backups, limits, ops, tls, tokens};

/// What is wrong with keys together.
pub(super) struct Contradiction {
    /// The one to look at first, and those that make it wrong.
    pub(super) keys: &'static [&'static str],
    /// What is to be mended.
    pub(super) what: String,
}

/// All that was found.
#[derive(Default)]
pub(super) struct Contradictions(Vec<Contradiction>);

impl Contradictions {
    pub(super) fn add(&mut self, keys: &'static [&'static str], what: impl Into<String>) {
        self.0.push(Contradiction { keys, what: what.into() });
    }

    /// Adds it where it is so.
    pub(super) fn add_if(&mut self, is_so: bool, keys: &'static [&'static str], what: &str) {
        if is_so {
            self.add(keys, what);
        }
    }
}

/// Says what contradicts what, each in its group.
type Check = fn(&Config, &mut Contradictions);

const CHECKS: &[Check] =
    &[access::check, tokens::check, tls::check, audit::check, limits::check, backups::check, ops::check];

/// All contradictions of these settings.
pub(super) fn of(config: &Config) -> Vec<Contradiction> {
    let mut told = Contradictions::default();
    for check in CHECKS {
        check(config, &mut told);
    }
    told.0
}
