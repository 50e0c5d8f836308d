//! In what is a quantity counted, and how do units convert? Exactly, by fractions of whole numbers.

use std::num::NonZeroU64;

use serde::{Deserialize, Serialize};

use super::exact::{Exact, NumberError};
use super::ids::UnitId;

/// A unit of measure of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its number in this store, above zero.
    pub id: UnitId,
    /// Its external id.
    pub code: String,
    /// What a person reads.
    pub name: String,
    /// Digits after the point that a quantity in this unit may have, 0 to 6.
    pub decimals: u8,
}

/// How many base units one unit is: `numerator / denominator`, both above zero, in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Factor {
    numerator: NonZeroU64,
    denominator: NonZeroU64,
}

impl Factor {
    /// One to one.
    pub const ONE: Self = Self { numerator: NonZeroU64::MIN, denominator: NonZeroU64::MIN };

    /// A factor in lowest terms.
    ///
    /// # Errors
    /// [`NumberError::DivisionByZero`] where either part is zero.
    pub fn new(numerator: u64, denominator: u64) -> Result<Self, NumberError> {
        let gcd = num_integer::gcd(numerator, denominator).max(1);
        let part = |part: u64| NonZeroU64::new(part / gcd).ok_or(NumberError::DivisionByZero);
        Ok(Self { numerator: part(numerator)?, denominator: part(denominator)? })
    }

    /// The upper part.
    #[must_use]
    pub fn numerator(self) -> u64 {
        self.numerator.get()
    }

    /// The lower part.
    #[must_use]
    pub fn denominator(self) -> u64 {
        self.denominator.get()
    }

    /// True for one to one.
    #[must_use]
    pub fn is_one(self) -> bool {
        self.numerator == self.denominator
    }

    /// As a fraction.
    #[must_use]
    pub fn exact(self) -> Exact {
        Exact::fraction(self.numerator.get(), self.denominator)
    }

    /// How many of unit `to` one of this unit is, both stated in base units.
    ///
    /// # Errors
    /// Never for factors made by [`Factor::new`].
    pub fn in_terms_of(self, to: Self) -> Result<Exact, NumberError> {
        self.exact().over(&to.exact())
    }
}
