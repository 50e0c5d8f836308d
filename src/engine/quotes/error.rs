//! What can go wrong with a call about quotes?

use crate::engine::error::{PriceError, RecordError, WriteError};

use super::refusal::QuoteRefusal;

/// Why a call about quotes has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QuoteError {
    /// Nothing was done with a quote.
    #[error(transparent)]
    Refused(#[from] QuoteRefusal),
    /// The contract, or the instant, does not do, or the caller may not.
    #[error(transparent)]
    Asked(#[from] PriceError),
    /// What it rests on moved on whenever it was worked out.
    #[error("prices and documents of the contract change faster than a quote is made: try again")]
    Busy,
    /// Records can't be read.
    #[error(transparent)]
    Records(#[from] RecordError),
    /// It was not committed.
    #[error(transparent)]
    Write(#[from] WriteError),
}
