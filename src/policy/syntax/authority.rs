//! How much may whoever has a role concede by itself?

use crate::domain::decimal::Micros;

use super::At;

/// A role that makes or approves quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AuthorityRole {
    /// Who makes quotes.
    Quote,
    /// Who approves them.
    Approve,
}

impl AuthorityRole {
    /// The word of the role.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Quote => "quote",
            Self::Approve => "approve",
        }
    }
}

/// What a role may concede in a quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Whose authority it is.
    pub role: AuthorityRole,
    /// The greatest concession, in percent of what the goods of a quote would cost without negotiation; of each line, where lines are
    /// negotiated.
    pub concession: Micros,
    /// The least margin that the whole quote must keep, in percent of its net total.
    pub margin: Option<Micros>,
    /// Where it stands.
    pub at: At,
}
