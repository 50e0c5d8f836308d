//! What is a number, exactly? A fraction of big integers, for tables and models that share none of quoin's arithmetic.

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Div, Mul, Sub};

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use quoin::domain::decimal::Micros;
use quoin::domain::rounding::RoundingMode;

/// A fraction in lowest terms, its denominator above zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ratio {
    num: BigInt,
    den: BigInt,
}

/// What becomes of a remainder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    HalfUp,
    HalfEven,
    Up,
    Down,
}

impl Ratio {
    pub fn new(num: impl Into<BigInt>, den: impl Into<BigInt>) -> Self {
        let (num, den): (BigInt, BigInt) = (num.into(), den.into());
        assert!(den.sign() != Sign::NoSign, "division by zero");
        let sign = if den.sign() == Sign::Minus { -1 } else { 1 };
        let gcd = num.gcd(&den) * sign;
        Self { num: num / &gcd, den: den / &gcd }
    }

    pub fn whole(value: impl Into<BigInt>) -> Self {
        Self::new(value, 1)
    }

    pub fn zero() -> Self {
        Self::whole(0)
    }

    /// A decimal: `12`, `-0.05`.
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() || (digits.contains('.') && fraction.is_empty()) {
            return None;
        }
        let all = format!("{whole}{fraction}");
        if !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let places = u32::try_from(fraction.len()).unwrap();
        Some(Self::new(all.parse::<BigInt>().unwrap() * sign, BigInt::from(10).pow(places)))
    }

    pub fn cmp_zero(&self) -> Ordering {
        self.num.cmp(&BigInt::from(0))
    }

    pub fn is_positive(&self) -> bool {
        self.cmp_zero() == Ordering::Greater
    }

    pub fn is_zero(&self) -> bool {
        self.cmp_zero() == Ordering::Equal
    }

    /// The multiple of `step` that a remainder of this kind goes to.
    pub fn round(&self, step: &Self, rounding: Rounding) -> Self {
        let steps = self.clone() / step.clone();
        let size = steps.num.magnitude().clone();
        let den = steps.den.magnitude().clone();
        let (quotient, rest) = size.div_rem(&den);
        let away = match (&rest + &rest).cmp(&den) {
            _ if rest == 0_u32.into() => false,
            _ if rounding == Rounding::Up => true,
            _ if rounding == Rounding::Down => false,
            Ordering::Equal => rounding == Rounding::HalfUp || quotient.is_odd(),
            order => order == Ordering::Greater,
        };
        let quotient = if away { quotient + 1_u32 } else { quotient };
        let sign = if steps.num.sign() == Sign::Minus { -1 } else { 1 };
        Self::whole(BigInt::from(quotient) * sign) * step.clone()
    }

    /// As so many of a hundred.
    pub fn percent(&self) -> Self {
        self / Self::whole(100)
    }

    /// As millionths, where it is a whole number of them that fits.
    pub fn to_micros(&self) -> Option<Micros> {
        let scaled: BigInt = &self.num * 1_000_000;
        if !scaled.is_multiple_of(&self.den) {
            return None;
        }
        i64::try_from(scaled / &self.den).ok().map(Micros)
    }
}

impl From<RoundingMode> for Rounding {
    fn from(mode: RoundingMode) -> Self {
        match mode {
            RoundingMode::HalfUp => Self::HalfUp,
            RoundingMode::HalfEven => Self::HalfEven,
            RoundingMode::Up => Self::Up,
            RoundingMode::Down => Self::Down,
        }
    }
}

impl From<Micros> for Ratio {
    fn from(value: Micros) -> Self {
        Self::new(value.0, 1_000_000)
    }
}

impl Add<&Ratio> for &Ratio {
    type Output = Ratio;
    fn add(self, other: &Ratio) -> Ratio {
        Ratio::new(&self.num * &other.den + &other.num * &self.den, &self.den * &other.den)
    }
}

impl Sub<&Ratio> for &Ratio {
    type Output = Ratio;
    fn sub(self, other: &Ratio) -> Ratio {
        Ratio::new(&self.num * &other.den - &other.num * &self.den, &self.den * &other.den)
    }
}

impl Mul<&Ratio> for &Ratio {
    type Output = Ratio;
    fn mul(self, other: &Ratio) -> Ratio {
        Ratio::new(&self.num * &other.num, &self.den * &other.den)
    }
}

impl Div<&Ratio> for &Ratio {
    type Output = Ratio;
    fn div(self, other: &Ratio) -> Ratio {
        Ratio::new(&self.num * &other.den, &self.den * &other.num)
    }
}

/// The same of values, so that formulas read as such.
macro_rules! of_values {
    ($($name:ident $method:ident),*) => {$(
        impl $name for Ratio {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                (&self).$method(&other)
            }
        }
        impl $name<&Ratio> for Ratio {
            type Output = Self;
            fn $method(self, other: &Self) -> Self {
                (&self).$method(other)
            }
        }
        impl $name<Ratio> for &Ratio {
            type Output = Ratio;
            fn $method(self, other: Ratio) -> Ratio {
                self.$method(&other)
            }
        }
    )*};
}

of_values!(Add add, Sub sub, Mul mul, Div div);

impl<'a> Sum<&'a Ratio> for Ratio {
    fn sum<I: Iterator<Item = &'a Ratio>>(all: I) -> Self {
        all.fold(Self::zero(), |sum, one| sum + one)
    }
}

impl Sum for Ratio {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::zero(), |sum, one| sum + one)
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.num * &other.den).cmp(&(&other.num * &self.den))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_micros() {
            Some(decimal) => write!(f, "{decimal}"),
            None => write!(f, "{}/{}", self.num, self.den),
        }
    }
}

#[test]
fn remainders_go_where_they_are_told() {
    let cent = Ratio::new(1, 100);
    for (text, rounding, expected) in [
        ("0.125", Rounding::HalfUp, "0.13"),
        ("0.125", Rounding::HalfEven, "0.12"),
        ("0.135", Rounding::HalfEven, "0.14"),
        ("0.1251", Rounding::HalfEven, "0.13"),
        ("0.1249", Rounding::HalfUp, "0.12"),
        ("0.121", Rounding::Up, "0.13"),
        ("0.12", Rounding::Up, "0.12"),
        ("0.129", Rounding::Down, "0.12"),
        ("-0.125", Rounding::HalfUp, "-0.13"),
        ("-0.129", Rounding::Down, "-0.12"),
        ("0", Rounding::Up, "0"),
    ] {
        let rounded = Ratio::parse(text).unwrap().round(&cent, rounding);
        assert_eq!(rounded, Ratio::parse(expected).unwrap(), "{text} {rounding:?}");
    }
    assert_eq!(
        (Ratio::new(-6, -4).to_string(), Ratio::new(1, -3).to_string()),
        ("1.5".into(), "-1/3".into())
    );
}
