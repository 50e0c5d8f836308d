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
    #[inline]
    fn from(value: Micros) -> Self {
        // Most figures are whole or have two places: small fractions stay in machine words for longer.
        if value.0 % MILLION == 0 {
            Self::Small { num: i128::from(value.0 / MILLION), den: 1 }
        } else if value.0 % 10_000 == 0 {
            Self::Small { num: i128::from(value.0 / 10_000), den: 100 }
        } else {
            Self::Small { num: i128::from(value.0), den: i128::from(MILLION) }
        }
    }
}

/// The product, where it fits; of two numbers of 64 bits it always does, and costs one instruction.
#[inline]
fn product(a: i128, b: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) => Some(i128::from(a) * i128::from(b)),
        _ => a.checked_mul(b),
    }
}

/// Quotient towards zero and remainder; `b` is above zero.
#[inline]
fn divided(a: i128, b: i128) -> (i128, i128) {
    if let (Ok(a), Ok(b)) = (i64::try_from(a), i64::try_from(b)) {
        return (i128::from(a / b), i128::from(a % b));
    }
    let quotient = a / b;
    (quotient, a - quotient * b)
}

/// A fraction in lowest terms.
fn lowest(num: i128, den: i128) -> (i128, i128) {
    let divisor = num.unsigned_abs().gcd(&den.unsigned_abs());
    match i128::try_from(divisor) {
        Ok(divisor) if divisor > 1 => (num / divisor, den / divisor),
        _ => (num, den),
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
        if let (Self::Small { num: a, den: b }, Self::Small { num: c, den: d }) = (self, other) {
            if let (Some(num), Some(den)) = (product(*a, *c), product(*b, *d)) {
                return Self::Small { num, den };
            }
            let ((a, d), (c, b)) = (lowest(*a, *d), lowest(*c, *b));
            if let (Some(num), Some(den)) = (a.checked_mul(c), b.checked_mul(d)) {
                return Self::Small { num, den };
            }
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
            if let Some(sum) = small_sum((*a, *b), (*c, *d)) {
                return sum;
            }
            if let Some(sum) = small_sum(lowest(*a, *b), lowest(*c, *d)) {
                return sum;
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
            && let (Some(left), Some(right)) = (product(*a, *d), product(*c, *b))
        {
            return left.cmp(&right);
        }
        if let (Self::Small { num: a, den: b }, Self::Small { num: c, den: d }) = (self, other) {
            return compare_by_parts((*a, *b), (*c, *d));
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
            && let Some(top) = product(*num, i128::from(MILLION))
            && let Some(bottom) = product(*den, i128::from(step.0))
        {
            let (quotient, remainder) = divided(top, bottom);
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

/// Compares two fractions, denominators above zero, without multiplying: whole parts first, then what is left of them,
/// turned over.
fn compare_by_parts((mut a, mut b): (i128, i128), (mut c, mut d): (i128, i128)) -> Ordering {
    loop {
        let whole = a.div_euclid(b).cmp(&c.div_euclid(d));
        (a, c) = (a.rem_euclid(b), c.rem_euclid(d));
        match (whole, a == 0, c == 0) {
            (Ordering::Equal, false, false) => ((a, b), (c, d)) = ((d, c), (b, a)),
            (Ordering::Equal, left, right) => return right.cmp(&left),
            (unequal, ..) => return unequal,
        }
    }
}

/// The sum over the least common denominator, where it fits.
fn small_sum((a, b): (i128, i128), (c, d): (i128, i128)) -> Option<Exact> {
    // One denominator is nearly always a multiple of the other.
    if b % d == 0 {
        return Some(Exact::Small { num: c.checked_mul(b / d)?.checked_add(a)?, den: b });
    }
    if d % b == 0 {
        return Some(Exact::Small { num: a.checked_mul(d / b)?.checked_add(c)?, den: d });
    }
    let common = i128::try_from(b.unsigned_abs().gcd(&d.unsigned_abs())).ok()?;
    let (left, right) = (a.checked_mul(d / common)?, c.checked_mul(b / common)?);
    Some(Exact::Small { num: left.checked_add(right)?, den: b.checked_mul(d / common)? })
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.compare(other) == Ordering::Equal
    }
}
