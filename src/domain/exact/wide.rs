//! What if a fraction does not fit machine words? Then it lives in two `i128`, and past those in big integers.

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;

use super::NumberError;
use crate::domain::decimal::{MILLION, Micros};
use crate::domain::rounding::RoundingMode;

/// A fraction; its denominator is above zero.
#[derive(Debug, Clone)]
pub(super) enum Wide {
    Words(i128, i128),
    Big(BigInt, BigInt),
}

impl Wide {
    /// `den` is above zero.
    pub(super) fn new(num: i128, den: i128) -> Self {
        Self::Words(num, den)
    }

    pub(super) fn ratio(num: i128, den: i128) -> Result<Self, NumberError> {
        match den.cmp(&0) {
            Ordering::Greater => Ok(Self::Words(num, den)),
            Ordering::Equal => Err(NumberError::DivisionByZero),
            Ordering::Less => match (num.checked_neg(), den.checked_neg()) {
                (Some(num), Some(den)) => Ok(Self::Words(num, den)),
                _ => Ok(Self::big(-BigInt::from(num), -BigInt::from(den))),
            },
        }
    }

    fn big(num: BigInt, den: BigInt) -> Self {
        let gcd = num.gcd(&den);
        let (num, den) = if gcd.sign() == Sign::Plus { (num / &gcd, den / &gcd) } else { (num, den) };
        match (i128::try_from(&num), i128::try_from(&den)) {
            (Ok(num), Ok(den)) => Self::Words(num, den),
            _ => Self::Big(num, den),
        }
    }

    fn parts(&self) -> (BigInt, BigInt) {
        match self {
            Self::Words(num, den) => (BigInt::from(*num), BigInt::from(*den)),
            Self::Big(num, den) => (num.clone(), den.clone()),
        }
    }

    /// The same in machine words, in lowest terms where it must be.
    pub(super) fn narrow(&self) -> Option<(i64, i64)> {
        let Self::Words(num, den) = self else { return None };
        let in_words = |num: i128, den: i128| Some((i64::try_from(num).ok()?, i64::try_from(den).ok()?));
        in_words(*num, *den).or_else(|| {
            let (num, den) = lowest(*num, *den);
            in_words(num, den)
        })
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        if let (Self::Words(a, b), Self::Words(c, d)) = (self, other) {
            if let (Some(num), Some(den)) = (a.checked_mul(*c), b.checked_mul(*d)) {
                return Self::Words(num, den);
            }
            let ((a, d), (c, b)) = (lowest(*a, *d), lowest(*c, *b));
            if let (Some(num), Some(den)) = (a.checked_mul(c), b.checked_mul(d)) {
                return Self::Words(num, den);
            }
        }
        let ((a, b), (c, d)) = (self.parts(), other.parts());
        Self::big(a * c, b * d)
    }

    pub(super) fn inverse(&self) -> Result<Self, NumberError> {
        match self {
            Self::Words(num, den) => Self::ratio(*den, *num),
            Self::Big(num, den) => match num.sign() {
                Sign::NoSign => Err(NumberError::DivisionByZero),
                Sign::Plus => Ok(Self::Big(den.clone(), num.clone())),
                Sign::Minus => Ok(Self::Big(-den.clone(), -num.clone())),
            },
        }
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        if let (Self::Words(a, b), Self::Words(c, d)) = (self, other)
            && let Some(sum) = sum((*a, *b), (*c, *d)).or_else(|| sum(lowest(*a, *b), lowest(*c, *d)))
        {
            return sum;
        }
        let ((a, b), (c, d)) = (self.parts(), other.parts());
        Self::big(a * &d + c * &b, b * d)
    }

    pub(super) fn negated(&self) -> Self {
        match self {
            Self::Words(num, den) if *num != i128::MIN => Self::Words(-num, *den),
            _ => {
                let (num, den) = self.parts();
                Self::big(-num, den)
            }
        }
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        if let (Self::Words(a, b), Self::Words(c, d)) = (self, other) {
            return match (a.checked_mul(*d), c.checked_mul(*b)) {
                (Some(left), Some(right)) => left.cmp(&right),
                _ => compare_by_parts((*a, *b), (*c, *d)),
            };
        }
        let ((a, b), (c, d)) = (self.parts(), other.parts());
        (a * d).cmp(&(c * b))
    }

    pub(super) fn sign(&self) -> Ordering {
        match self {
            Self::Words(num, _) => num.cmp(&0),
            Self::Big(num, _) => match num.sign() {
                Sign::Minus => Ordering::Less,
                Sign::NoSign => Ordering::Equal,
                Sign::Plus => Ordering::Greater,
            },
        }
    }

    pub(super) fn round(&self, step: Micros, mode: RoundingMode) -> Result<Micros, NumberError> {
        if step.0 <= 0 {
            return Err(NumberError::DivisionByZero);
        }
        if let Self::Words(num, den) = self
            && let Some(top) = num.checked_mul(i128::from(MILLION))
            && let Some(bottom) = den.checked_mul(i128::from(step.0))
        {
            let (quotient, size) = (top / bottom, (top % bottom).unsigned_abs());
            let twice = size.cmp(&(bottom.unsigned_abs() - size));
            let away = i128::from(mode.moves_away(quotient % 2 != 0, size == 0, twice));
            let steps = quotient.checked_add(away * top.signum()).ok_or(NumberError::Overflow)?;
            let micros = steps.checked_mul(i128::from(step.0)).ok_or(NumberError::Overflow)?;
            return i64::try_from(micros).map(Micros).map_err(|_| NumberError::Overflow);
        }
        self.round_big(step, mode)
    }

    /// Whole millionths, rounded down; `None` where there are more than 128 bits of them.
    pub(super) fn floor_millionths(&self) -> Option<i128> {
        let (num, den) = self.parts();
        i128::try_from((num * MILLION).div_floor(&den)).ok()
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
}

/// A fraction in lowest terms.
fn lowest(num: i128, den: i128) -> (i128, i128) {
    let divisor = num.unsigned_abs().gcd(&den.unsigned_abs());
    match i128::try_from(divisor) {
        Ok(divisor) if divisor > 1 => (num / divisor, den / divisor),
        _ => (num, den),
    }
}

/// Compares two fractions without multiplying: whole parts first, then what is left of them, turned over.
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
fn sum((a, b): (i128, i128), (c, d): (i128, i128)) -> Option<Wide> {
    if b == d {
        return a.checked_add(c).map(|num| Wide::Words(num, b));
    }
    let common = i128::try_from(b.unsigned_abs().gcd(&d.unsigned_abs())).ok()?;
    let (left, right) = (a.checked_mul(d / common)?, c.checked_mul(b / common)?);
    Some(Wide::Words(left.checked_add(right)?, b.checked_mul(d / common)?))
}
