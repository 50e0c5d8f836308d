//! How is a price formula written? `INDEX * coefficient + premium`, either part may be left out.
//!
//! The operators stand between blanks, so that an index may be called `LME-CU`; the premium may be taken off with
//! ` - `. An index id with `*`, `+` or ` - ` in it could not be told from a formula and is refused.

use std::fmt;

use crate::domain::decimal::{DecimalError, Micros};
use crate::domain::ids::{IdError, check_external_id};

/// A formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Formula<'a> {
    /// The index's external id.
    pub index: &'a str,
    /// Above zero.
    pub coefficient: Micros,
    /// Below zero where something is taken off.
    pub premium: Micros,
}

/// Why a text is no formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormulaError {
    /// The index's id is none.
    #[error("names no index: its id {0}")]
    Index(IdError),
    /// The index's id could not be told from a formula.
    #[error("is no formula: write INDEX * 1.05 + 12.50, with blanks around the operators")]
    Operator,
    /// The coefficient is no decimal.
    #[error("has a coefficient that {0}")]
    Coefficient(DecimalError),
    /// The coefficient is zero or below.
    #[error("has a coefficient that is not above zero")]
    NotPositive,
    /// The premium is no decimal.
    #[error("has a premium that {0}")]
    Premium(DecimalError),
}

/// Checks the id of an index, which must be recognisable inside a formula.
///
/// # Errors
/// [`FormulaError::Index`], [`FormulaError::Operator`].
pub fn check_index_id(index: &str) -> Result<(), FormulaError> {
    check_external_id(index).map_err(FormulaError::Index)?;
    if index.contains(['*', '+']) || index.contains(" - ") {
        return Err(FormulaError::Operator);
    }
    Ok(())
}

impl<'a> Formula<'a> {
    /// Reads a formula.
    ///
    /// # Errors
    /// The part at fault.
    pub fn parse(text: &'a str) -> Result<Self, FormulaError> {
        let number = |text: &str| Micros::parse(text.trim());
        let (product, premium) = if let Some((product, premium)) = text.rsplit_once(" + ") {
            (product, number(premium).map_err(FormulaError::Premium)?)
        } else if let Some((product, premium)) = text.rsplit_once(" - ") {
            let premium = number(premium).map_err(FormulaError::Premium)?;
            (product, Micros(-premium.0))
        } else {
            (text, Micros::ZERO)
        };
        let (index, coefficient) = match product.rsplit_once(" * ") {
            Some((index, coefficient)) => (index, number(coefficient).map_err(FormulaError::Coefficient)?),
            None => (product, Micros::ONE),
        };
        if coefficient <= Micros::ZERO {
            return Err(FormulaError::NotPositive);
        }
        let index = index.trim();
        check_index_id(index)?;
        Ok(Self { index, coefficient, premium })
    }
}

impl fmt::Display for Formula<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.index)?;
        if self.coefficient != Micros::ONE {
            write!(f, " * {}", self.coefficient)?;
        }
        match self.premium.0 {
            0 => Ok(()),
            1.. => write!(f, " + {}", self.premium),
            _ => write!(f, " - {}", Micros(-self.premium.0)),
        }
    }
}
