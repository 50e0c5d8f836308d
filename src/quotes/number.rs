//! What is a quote called? By its number, which is given in order, without a gap, and never twice.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What stands before the digits.
const LETTERS: &str = "Q-";

/// The number of a quote, from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct QuoteNo(pub u64);

/// A text that is no number of a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no number of a quote: write Q- and its digits, as in Q-120")]
pub struct QuoteNoError;

impl QuoteNo {
    /// Reads a number as it is shown.
    ///
    /// # Errors
    /// [`QuoteNoError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, QuoteNoError> {
        let digits = text.strip_prefix(LETTERS).ok_or(QuoteNoError)?;
        let number: u64 = digits.parse().map_err(|_| QuoteNoError)?;
        let read = Self(number);
        // One quote has one name: no sign, no leading zero.
        if number > 0 && read.to_string() == text { Ok(read) } else { Err(QuoteNoError) }
    }
}

impl fmt::Display for QuoteNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{LETTERS}{}", self.0)
    }
}
