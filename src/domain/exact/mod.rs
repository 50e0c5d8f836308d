//! How are prices multiplied, converted and divided without losing anything? As fractions of whole numbers.
//!
//! A fraction lives in two machine words while it fits, which is nearly always, and in wider integers where it does not: a
//! result that fits a [`Micros`] is had whatever the intermediates were. It takes 16 bytes, because the layers of pricing
//! carry a dozen of them for every line.

mod wide;

use std::cmp::Ordering;
use std::num::{NonZeroI64, NonZeroU64};

use super::decimal::{MILLION, Micros};
use super::rounding::RoundingMode;
use wide::Wide;

/// An exact fraction.
#[derive(Debug, Clone)]
pub struct Exact(Parts);

#[derive(Debug, Clone)]
enum Parts {
    /// Numerator, and denominator above zero.
    Small(i64, NonZeroI64),
    /// What two machine words do not hold.
    Wide(Box<Wide>),
}

const _: () = assert!(size_of::<Exact>() == 16, "the denominator's zero tells the variants apart");

/// Of most currencies the coin.
const HUNDREDTH: Micros = Micros(MILLION / 100);

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
            Self::over_const::<1>(value.0 / MILLION)
        } else if value.0 % HUNDREDTH.0 == 0 {
            Self::over_const::<100>(value.0 / HUNDREDTH.0)
        } else {
            Self::over_const::<MILLION>(value.0)
        }
    }
}

impl Default for Exact {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self::over_const::<1>(0);
    /// One.
    pub const ONE: Self = Self::over_const::<1>(1);

    const fn over_const<const DEN: i64>(num: i64) -> Self {
        const { assert!(DEN > 0) };
        let Some(den) = NonZeroI64::new(DEN) else { unreachable!() };
        Self(Parts::Small(num, den))
    }

    /// An amount of money: in hundredths where that is exact, also where it is whole, so that sums have one denominator.
    #[must_use]
    #[inline]
    pub fn money(amount: Micros) -> Self {
        if amount.0 % HUNDREDTH.0 == 0 {
            Self::over_const::<100>(amount.0 / HUNDREDTH.0)
        } else {
            Self::over_const::<MILLION>(amount.0)
        }
    }

    /// A whole number.
    #[must_use]
    #[inline]
    pub const fn whole(number: i64) -> Self {
        Self::over_const::<1>(number)
    }

    /// So many millionths.
    #[must_use]
    pub fn millionths(number: i128) -> Self {
        match i64::try_from(number) {
            Ok(number) => Self::from(Micros(number)),
            Err(_) => Self::of_wide(Wide::new(number, i128::from(MILLION))),
        }
    }

    /// `num / den`.
    #[must_use]
    #[inline]
    pub fn fraction(num: u64, den: NonZeroU64) -> Self {
        match (i64::try_from(num), NonZeroI64::try_from(den)) {
            (Ok(num), Ok(den)) => Self(Parts::Small(num, den)),
            _ => Self::of_wide(Wide::new(i128::from(num), i128::from(den.get()))),
        }
    }

    /// The share that a percentage is, in lowest terms: 5 % is 1/20.
    #[must_use]
    pub fn percent(percent: Micros) -> Self {
        const WHOLE: i64 = 100 * MILLION;
        let gcd = num_integer::gcd(percent.0, WHOLE);
        match Self::small(percent.0 / gcd, WHOLE / gcd) {
            Some(share) => share,
            None => Self::over_const::<WHOLE>(percent.0),
        }
    }

    /// `num / den`.
    ///
    /// # Errors
    /// [`NumberError::DivisionByZero`] where `den` is zero.
    pub fn ratio(num: i128, den: i128) -> Result<Self, NumberError> {
        if let (Ok(num), Ok(den @ 1..)) = (i64::try_from(num), i64::try_from(den)) {
            return Self::small(num, den).ok_or(NumberError::DivisionByZero);
        }
        Wide::ratio(num, den).map(Self::of_wide)
    }

    #[inline]
    fn small(num: i64, den: i64) -> Option<Self> {
        NonZeroI64::new(den).map(|den| Self(Parts::Small(num, den)))
    }

    /// A number that wider integers led to, in machine words where it fits them.
    #[cold]
    fn of_wide(wide: Wide) -> Self {
        match wide.narrow().and_then(|(num, den)| Self::small(num, den)) {
            Some(small) => small,
            None => Self(Parts::Wide(Box::new(wide))),
        }
    }

    #[cold]
    fn widened(&self) -> Wide {
        match &self.0 {
            Parts::Small(num, den) => Wide::new(i128::from(*num), i128::from(den.get())),
            Parts::Wide(wide) => (**wide).clone(),
        }
    }

    /// Numerator and denominator, above zero, where both fit machine words.
    #[must_use]
    #[inline]
    pub fn in_words(&self) -> Option<(i64, i64)> {
        match &self.0 {
            Parts::Small(num, den) => Some((*num, den.get())),
            Parts::Wide(_) => None,
        }
    }

    /// The product.
    #[must_use]
    #[inline]
    pub fn times(&self, other: &Self) -> Self {
        if let (Parts::Small(a, b), Parts::Small(c, d)) = (&self.0, &other.0)
            && let (Some(num), Some(den)) = (a.checked_mul(*c), b.checked_mul(*d))
        {
            return Self(Parts::Small(num, den));
        }
        Self::of_wide(self.widened().times(&other.widened()))
    }

    /// The quotient.
    ///
    /// # Errors
    /// [`NumberError::DivisionByZero`] where `other` is zero.
    #[inline]
    pub fn over(&self, other: &Self) -> Result<Self, NumberError> {
        if let Parts::Small(num @ 1.., den) = &other.0
            && let Some(inverse) = Self::small(den.get(), *num)
        {
            return Ok(self.times(&inverse));
        }
        Ok(Self::of_wide(self.widened().times(&other.widened().inverse()?)))
    }

    /// The sum.
    #[must_use]
    #[inline]
    pub fn plus(&self, other: &Self) -> Self {
        if let (Parts::Small(a, b), Parts::Small(c, d)) = (&self.0, &other.0)
            && b == d
            && let Some(num) = a.checked_add(*c)
        {
            return Self(Parts::Small(num, *b));
        }
        self.plus_unlike(other)
    }

    /// The sum of fractions whose denominators differ, or that do not fit: apart, so that the others are added where they stand.
    #[inline(never)]
    fn plus_unlike(&self, other: &Self) -> Self {
        if let (Parts::Small(a, b), Parts::Small(c, d)) = (&self.0, &other.0)
            && let Some(sum) = small_sum((*a, b.get()), (*c, d.get()))
        {
            return sum;
        }
        Self::of_wide(self.widened().plus(&other.widened()))
    }

    /// The number with its sign turned.
    #[must_use]
    #[inline]
    pub fn negated(&self) -> Self {
        if let Parts::Small(num, den) = &self.0
            && let Some(num) = num.checked_neg()
        {
            return Self(Parts::Small(num, *den));
        }
        Self::of_wide(self.widened().negated())
    }

    /// The difference.
    #[must_use]
    #[inline]
    pub fn minus(&self, other: &Self) -> Self {
        if let (Parts::Small(a, b), Parts::Small(c, d)) = (&self.0, &other.0)
            && b == d
            && let Some(num) = a.checked_sub(*c)
        {
            return Self(Parts::Small(num, *b));
        }
        self.plus_unlike(&other.negated())
    }

    /// Compares two fractions exactly.
    #[must_use]
    #[inline]
    pub fn compare(&self, other: &Self) -> Ordering {
        if let (Parts::Small(a, b), Parts::Small(c, d)) = (&self.0, &other.0) {
            return if b == d {
                a.cmp(c)
            } else {
                (i128::from(*a) * i128::from(d.get())).cmp(&(i128::from(*c) * i128::from(b.get())))
            };
        }
        self.widened().compare(&other.widened())
    }

    /// Below zero?
    #[must_use]
    #[inline]
    pub fn is_negative(&self) -> bool {
        self.sign() == Ordering::Less
    }

    /// Nothing?
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.sign() == Ordering::Equal
    }

    /// Above zero?
    #[must_use]
    #[inline]
    pub fn is_positive(&self) -> bool {
        self.sign() == Ordering::Greater
    }

    #[inline]
    fn sign(&self) -> Ordering {
        match &self.0 {
            Parts::Small(num, _) => num.cmp(&0),
            Parts::Wide(wide) => wide.sign(),
        }
    }

    /// Rounds to a multiple of `step`.
    ///
    /// # Errors
    /// [`NumberError::DivisionByZero`] where `step` is not above zero, [`NumberError::Overflow`] where the result
    /// does not fit.
    #[inline]
    pub fn round(&self, step: Micros, mode: RoundingMode) -> Result<Micros, NumberError> {
        match self.in_steps(step, mode) {
            Some(steps) => steps.checked_mul(step.0).map(Micros).ok_or(NumberError::Overflow),
            None => self.widened().round(step, mode),
        }
    }

    /// What [`Exact::round`] gives, to be reckoned on with: money in hundredths stays a fraction of them.
    ///
    /// # Errors
    /// Those of [`Exact::round`].
    #[inline]
    pub fn rounded(&self, step: Micros, mode: RoundingMode) -> Result<Self, NumberError> {
        if step == HUNDREDTH
            && let Some(steps) = self.in_steps(step, mode)
        {
            let fits = steps.checked_mul(HUNDREDTH.0).is_some();
            return if fits { Ok(Self::over_const::<100>(steps)) } else { Err(NumberError::Overflow) };
        }
        self.round(step, mode).map(Self::money)
    }

    /// How many steps it is, rounded, where machine words do to find out.
    #[inline]
    fn in_steps(&self, step: Micros, mode: RoundingMode) -> Option<i64> {
        let Parts::Small(num, den) = &self.0 else { return None };
        // The step as a fraction, so that money in hundredths stays in machine words.
        let (times, per) = match step.0 {
            10_000 => (100, 1),
            MILLION => (1, 1),
            step @ 1.. => (MILLION, step),
            _ => return None,
        };
        let (top, bottom) = (num.checked_mul(times)?, den.get().checked_mul(per)?);
        if bottom <= 0 {
            return None;
        }
        let (quotient, rest) = (top / bottom, (top % bottom).unsigned_abs());
        let twice = rest.cmp(&(bottom.unsigned_abs() - rest));
        let away = i64::from(mode.moves_away(quotient % 2 != 0, rest == 0, twice));
        quotient.checked_add(away * top.signum())
    }

    /// Whole millionths, rounded down: for sums that a decimal does not hold. `None` past 128 bits.
    #[must_use]
    pub fn floor_millionths(&self) -> Option<i128> {
        self.widened().floor_millionths()
    }

    /// The number as a decimal of six places where it is one exactly.
    #[must_use]
    pub fn to_micros(&self) -> Option<Micros> {
        let rounded = self.round(Micros(1), RoundingMode::Down).ok()?;
        (self.compare(&Self::from(rounded)) == Ordering::Equal).then_some(rounded)
    }
}

/// The sum over the least common denominator, where it fits. Denominators are above zero.
#[inline]
fn small_sum((a, b): (i64, i64), (c, d): (i64, i64)) -> Option<Exact> {
    // One denominator is nearly always a multiple of the other.
    if b >= d && b % d == 0 {
        return Exact::small(c.checked_mul(b / d)?.checked_add(a)?, b);
    }
    if d % b == 0 {
        return Exact::small(a.checked_mul(d / b)?.checked_add(c)?, d);
    }
    let common = num_integer::gcd(b, d);
    let (left, right) = (a.checked_mul(d / common)?, c.checked_mul(b / common)?);
    Exact::small(left.checked_add(right)?, b.checked_mul(d / common)?)
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.compare(other) == Ordering::Equal
    }
}
