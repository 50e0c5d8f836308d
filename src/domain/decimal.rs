//! How is a decimal held, read and written? Exactly: as a whole number of millionths.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Millionths in one.
pub const MILLION: i64 = 1_000_000;

/// Greatest whole part, either sign, that is accepted from outside.
pub const MAX_WHOLE: i64 = 9_000_000_000_000;

/// A decimal with six places: an amount of money, a unit price, a quantity or a percentage, in millionths of it.
///
/// Range accepted from outside: ±9,000,000,000,000. On the wire the same number goes as `int64` `_micros`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Micros(pub i64);

/// Why a text is no decimal of ours, or a number does not fit one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Nothing was written.
    #[error("is empty")]
    Empty,
    /// An exponent, as in `1e3`.
    #[error("has an exponent: write the digits out")]
    Exponent,
    /// A comma or blank between digits, as in `1,234.5`.
    #[error("has a comma or blank: write digits and one dot, without thousands separators")]
    Separator,
    /// Not a number at all.
    #[error("is not a decimal number")]
    NotANumber,
    /// More than six digits after the point.
    #[error("has more than 6 digits after the point")]
    TooPrecise,
    /// Beyond ±9,000,000,000,000.
    #[error("is beyond ±9,000,000,000,000")]
    OutOfRange,
}

impl Micros {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(MILLION);

    /// A whole number; `None` where it does not fit.
    #[must_use]
    pub fn whole(value: i64) -> Option<Self> {
        value.checked_mul(MILLION).map(Self)
    }

    /// Reads `-?digits[.digits]`.
    ///
    /// # Errors
    /// What is wrong with the text, see [`DecimalError`].
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        Self::parse_bytes(text.as_bytes())
    }

    /// [`Micros::parse`] for bytes that are not known to be UTF-8.
    ///
    /// # Errors
    /// What is wrong with the text, see [`DecimalError`].
    pub fn parse_bytes(text: &[u8]) -> Result<Self, DecimalError> {
        let (negative, digits) = match text {
            [] => return Err(DecimalError::Empty),
            [b'-', rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let mut value: i64 = 0;
        let mut whole_digits = 0_usize;
        let mut places: Option<u32> = None;
        for &byte in digits {
            match (byte, places) {
                (b'0'..=b'9', Some(6)) => {
                    return Err(classify(digits).unwrap_or(DecimalError::TooPrecise));
                }
                (b'0'..=b'9', _) => {
                    value = value
                        .checked_mul(10)
                        .and_then(|v| v.checked_add(i64::from(byte - b'0')))
                        .ok_or_else(|| classify(digits).unwrap_or(DecimalError::OutOfRange))?;
                    match &mut places {
                        Some(n) => *n += 1,
                        None => whole_digits += 1,
                    }
                }
                (b'.', None) if whole_digits > 0 => places = Some(0),
                _ => return Err(classify(digits).unwrap_or(DecimalError::NotANumber)),
            }
        }
        if whole_digits == 0 || places == Some(0) {
            return Err(DecimalError::NotANumber);
        }
        let scale = 10_i64.pow(6 - places.unwrap_or(0));
        let micros = value.checked_mul(scale).ok_or(DecimalError::OutOfRange)?;
        if micros > MAX_WHOLE * MILLION {
            return Err(DecimalError::OutOfRange);
        }
        Ok(Self(if negative { -micros } else { micros }))
    }

    /// True for a number below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Digits after the point that the number needs: 0 for 5, 2 for 5.25.
    #[must_use]
    pub fn places(self) -> u32 {
        let mut rest = self.0 % MILLION;
        if rest == 0 {
            return 0;
        }
        let mut places = 6;
        while rest % 10 == 0 {
            rest /= 10;
            places -= 1;
        }
        places
    }

    /// As text with at least `least` digits after the point: money is shown with the minor unit's digits.
    #[must_use]
    pub fn to_text(self, least: u32) -> String {
        let places = self.places().max(least.min(6));
        let mut text = [0_u8; TEXT_BYTES];
        let mut free = text.iter_mut().rev();
        let mut used = 0;
        let mut put = |byte: u8| {
            if let Some(place) = free.next() {
                *place = byte;
                used += 1;
            }
        };
        let mut rest = self.0.unsigned_abs() / 10_u64.pow(6 - places);
        let mut digit = || {
            let last = u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
            (b'0' + last, rest > 0)
        };
        for _ in 0..places {
            put(digit().0);
        }
        if places > 0 {
            put(b'.');
        }
        loop {
            let (last, more) = digit();
            put(last);
            if !more {
                break;
            }
        }
        if self.0 < 0 {
            put(b'-');
        }
        let written = text.get(TEXT_BYTES - used..).unwrap_or_default();
        str::from_utf8(written).unwrap_or_default().to_owned()
    }
}

/// Of the longest number: 19 digits, a point and a sign.
const TEXT_BYTES: usize = 21;

/// A clearer name for the fault in `digits`, where one is to be had.
fn classify(digits: &[u8]) -> Option<DecimalError> {
    let numeric = digits.iter().all(|b| b.is_ascii_digit() || b"eE.,+- '_\xa0".contains(b));
    if !numeric || !digits.iter().any(u8::is_ascii_digit) {
        return Some(DecimalError::NotANumber);
    }
    if digits.iter().any(|b| b"eE".contains(b)) {
        return Some(DecimalError::Exponent);
    }
    if digits.iter().any(|b| b", '_\xa0".contains(b)) {
        return Some(DecimalError::Separator);
    }
    None
}

impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text(0))
    }
}
