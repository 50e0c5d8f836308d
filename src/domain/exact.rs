//! How are prices multiplied, converted and divided without losing anything? As fractions of whole numbers.
//!
//! A fraction lives in two `i128` while it fits, which is nearly always, and in big integers where it does not:
//! a result that fits a [`Micros`] is had whatever the intermediates were.

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;

use super::decimal::{MILLION, Micros};
use super::rounding::RoundingMode;

/// An exact fraction.
#[derive(Debug, Clone)]
pub enum Exact {
    /// `num / den`, `den` above zero.
    Small {
        /// Numerator.
        num: i128,
        /// Denominator, above zero.
        den: i128,
    },
    /// The same where `i128` does not do.
    Big(Box<(BigInt, BigInt)>),
}

/// Why a computation has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// The result does not fit a decimal of six places.
    #[error("the result is beyond ±9,223,372,036,854")]
    Overflow,
    /// Something was to be divided by zero.
    #[error("division by zero")]
    DivisionByZero,
}

impl From<Micros> for Exact {
    fn from(value: Micros) -> Self {
        Self::Small { num: i128::from(value.0), den: i128::from(MILLION) }
    }
}

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self::Small { num: 0, den: 1 };

    /// `num / den`.
    ///
    /// # Errors
    /// [`NumberError::DivisionByZero`] where `den` is zero.
    pub fn ratio(num: i128, den: i128) -> Result<Self, NumberError> {
        match den.cmp(&0) {
            Ordering::Greater => Ok(Self::Small { num, den }),
            Ordering::Equal => Err(NumberError::DivisionByZero),
            Ordering::Less => match (num.checked_neg(), den.checked_neg()) {
                (Some(num), Some(den)) => Ok(Self::Small { num, den }),
                _ => Ok(Self::big(-BigInt::from(num), -BigInt::from(den))),
            },
        }
    }

    fn big(num: BigInt, den: BigInt) -> Self {
        let gcd = num.gcd(&den);
        let (num, den) = if gcd.sign() == Sign::Plus { (num / &gcd, den / &gcd) } else { (num, den) };
        match (i128::try_from(&num), i128::try_from(&den)) {
            (Ok(num), Ok(den)) => Self::Small { num, den },
            _ => Self::Big(Box::new((num, den))),
        }
    }

    fn parts(&self) -> (BigInt, BigInt) {
        match self {
            Self::Small { num, den } => (BigInt::from(*num), BigInt::from(*den)),
            Self::Big(parts) => (parts.0.clone(), parts.1.clone()),
        }
    }

    /// The product.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        if let (Self::Small { num: a, den: b }, Self::Small { num: c, den: d }) = (self, other)
            && let (Some(num), Some(den)) = (a.checked_mul(*c), b.checked_mul(*d))
        {
            return Self::Small { num, den };
        }
        let ((a, b), (c, d)) = (self.parts(), other.parts());
        Self::big(a * c, b * d)
    }

    /// The quotient.
    ///
    /// # Errors
    /// [`NumberError::DivisionByZero`] where `other` is zero.
    pub fn over(&self, other: &Self) -> Result<Self, NumberError> {
        let inverse = match other {
            Self::Small { num, den } => Self::ratio(*den, *num)?,
            Self::Big(parts) => match parts.0.sign() {
                Sign::NoSign => return Err(NumberError::DivisionByZero),
                Sign::Plus => Self::Big(Box::new((parts.1.clone(), parts.0.clone()))),
                Sign::Minus => Self::Big(Box::new((-parts.1.clone(), -parts.0.clone()))),
            },
        };
        Ok(self.times(&inverse))
    }

    /// The sum.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        if let (Self::Small { num: a, den: b }, Self::Small { num: c, den: d }) = (self, other) {
            if b == d
                && let Some(num) = a.checked_add(*c)
            {
                return Self::Small { num, den: *b };
            }
            if let (Some(left), Some(right), Some(den)) =
                (a.checked_mul(*d), c.checked_mul(*b), b.checked_mul(*d))
                && let Some(num) = left.checked_add(right)
            {
                return Self::Small { num, den };
            }
        }
        let ((a, b), (c, d)) = (self.parts(), other.parts());
        Self::big(a * &d + c * &b, b * d)
    }

    /// The number with its sign turned.
    #[must_use]
    pub fn negated(&self) -> Self {
        match self {
            Self::Small { num, den } if *num != i128::MIN => Self::Small { num: -num, den: *den },
            _ => {
                let (num, den) = self.parts();
                Self::big(-num, den)
            }
        }
    }

    /// The difference.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.plus(&other.negated())
    }

    /// Compares two fractions exactly.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        if let (Self::Small { num: a, den: b }, Self::Small { num: c, den: d }) = (self, other)
            && b == d
        {
            return a.cmp(c);
        }
        if let (Self::Small { num: a, den: b }, Self::Small { num: c, den: d }) = (self, other)
            && let (Some(left), Some(right)) = (a.checked_mul(*d), c.checked_mul(*b))
        {
            return left.cmp(&right);
        }
        let ((a, b), (c, d)) = (self.parts(), other.parts());
        (a * d).cmp(&(c * b))
    }

    /// Below zero?
    #[must_use]
    pub fn is_negative(&self) -> bool {
        match self {
            Self::Small { num, .. } => *num < 0,
            Self::Big(parts) => parts.0.sign() == Sign::Minus,
        }
    }

    /// Rounds to a multiple of `step`.
    ///
    /// # Errors
    /// [`NumberError::DivisionByZero`] where `step` is not above zero, [`NumberError::Overflow`] where the result
    /// does not fit.
    pub fn round(&self, step: Micros, mode: RoundingMode) -> Result<Micros, NumberError> {
        if step.0 <= 0 {
            return Err(NumberError::DivisionByZero);
        }
        if let Self::Small { num, den } = self
            && let Some(top) = num.checked_mul(i128::from(MILLION))
            && let Some(bottom) = den.checked_mul(i128::from(step.0))
        {
            let (quotient, remainder) = (top / bottom, top % bottom);
            let size = remainder.unsigned_abs();
            let twice = size.cmp(&(bottom.unsigned_abs() - size));
            let away = mode.moves_away(quotient % 2 != 0, remainder == 0, twice);
            let sign = if top < 0 { -1 } else { 1 };
            let steps =
                if away { quotient.checked_add(sign).ok_or(NumberError::Overflow)? } else { quotient };
            let micros = steps.checked_mul(i128::from(step.0)).ok_or(NumberError::Overflow)?;
            return i64::try_from(micros).map(Micros).map_err(|_| NumberError::Overflow);
        }
        self.round_big(step, mode)
    }

    fn round_big(&self, step: Micros, mode: RoundingMode) -> Result<Micros, NumberError> {
        let (num, den) = self.parts();
        let (top, bottom) = (num * MILLION, den * step.0);
        let quotient = &top / &bottom;
        let remainder = &top % &bottom;
        let zero = remainder.sign() == Sign::NoSign;
        let twice = (remainder.magnitude() * 2_u32).cmp(bottom.magnitude());
        let away = mode.moves_away(quotient.is_odd(), zero, twice);
        let sign = if top.sign() == Sign::Minus { -1 } else { 1 };
        let steps = if away { quotient + sign } else { quotient };
        i64::try_from(steps * step.0).map(Micros).map_err(|_| NumberError::Overflow)
    }

    /// The number as a decimal of six places where it is one exactly.
    #[must_use]
    pub fn to_micros(&self) -> Option<Micros> {
        let rounded = self.round(Micros(1), RoundingMode::Down).ok()?;
        (self.compare(&Self::from(rounded)) == Ordering::Equal).then_some(rounded)
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.compare(other) == Ordering::Equal
    }
}
