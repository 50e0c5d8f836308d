//! How do figures past 64 bits go over the wire? As decimal strings.

use crate::domain::decimal::{DecimalError, MILLION, Micros};

/// Digits before the point that are read at once, and most of what may stand before them.
const DIGITS_AT_ONCE: usize = 12;

/// Why a text is no figure past 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TotalError {
    /// It is no decimal.
    #[error("{0}")]
    Decimal(#[from] DecimalError),
    /// Beyond 24 digits before the point.
    #[error("has more than 24 digits before the point")]
    TooLong,
}

/// Reads `-?digits[.digits]` as millionths: up to 24 digits before the point and six after it.
///
/// # Errors
/// What is wrong with the text.
pub fn total_of(text: &str) -> Result<i128, TotalError> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let whole = digits.find('.').unwrap_or(digits.len());
    let Some((high, low)) = digits.split_at_checked(whole.saturating_sub(DIGITS_AT_ONCE)) else {
        return Err(DecimalError::NotANumber.into());
    };
    let part = |text: &str| match Micros::parse(text)? {
        _ if text.starts_with('-') => Err(DecimalError::NotANumber),
        read => Ok(i128::from(read.0)),
    };
    let low = part(low)?;
    let high = match high.len() {
        0 => 0,
        1..=DIGITS_AT_ONCE => part(high)?,
        // What is no number at all is told so first.
        _ if high.bytes().all(|byte| byte.is_ascii_digit()) => return Err(TotalError::TooLong),
        _ => return Err(DecimalError::NotANumber.into()),
    };
    Ok(sign * (high * 10_i128.pow(12) + low))
}

/// Millionths as text with at least `least` digits after the point.
#[must_use]
pub fn total_text(micros: i128, least: u32) -> String {
    if let Ok(small) = i64::try_from(micros) {
        return Micros(small).to_text(least);
    }
    let million = i128::from(MILLION);
    let fraction = Micros(i64::try_from(micros % million).unwrap_or(0).abs()).to_text(least);
    let sign = if micros < 0 { "-" } else { "" };
    let digits = fraction.strip_prefix('0').unwrap_or_default();
    format!("{sign}{}{digits}", (micros / million).unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::{total_of, total_text};

    #[test]
    fn figures_past_64_bits_are_read_back() {
        for micros in [0, 1, -1, 12_340_000, i128::from(i64::MAX), i128::from(i64::MIN), 10_i128.pow(30) - 1]
        {
            assert_eq!(total_of(&total_text(micros, 2)), Ok(micros));
            assert_eq!(total_of(&total_text(-micros, 0)), Ok(-micros));
        }
        let refused = [
            ("", "is empty"),
            ("-", "is empty"),
            ("--1", "is not a decimal number"),
            ("1e3", "has an exponent: write the digits out"),
            ("1,5", "has a comma or blank: write digits and one dot, without thousands separators"),
            ("1.0000001", "has more than 6 digits after the point"),
            ("123-456789012345", "is not a decimal number"),
            ("-12345678901-2.5", "is not a decimal number"),
            ("abcdefghijklmnopqrstuvwxyz123456789012", "is not a decimal number"),
            ("жжжжжжжжжжжжж", "is not a decimal number"),
            ("1000000000000000000000000", "has more than 24 digits before the point"),
        ];
        for (text, why) in refused {
            assert_eq!(total_of(text).unwrap_err().to_string(), why, "{text}");
        }
    }

    #[test]
    fn totals_are_written_whatever_their_size() {
        let cases: [(i128, u32, &str); 7] = [
            (0, 2, "0.00"),
            (12_340_000, 2, "12.34"),
            (12_345_600, 2, "12.3456"),
            (-500_000, 0, "-0.5"),
            (20_000_000_000_000_000_000_000_000, 2, "20000000000000000000.00"),
            (-20_000_000_000_000_000_000_500_000, 0, "-20000000000000000000.5"),
            (20_000_000_000_000_000_000_000_000, 0, "20000000000000000000"),
        ];
        for (micros, least, text) in cases {
            assert_eq!(total_text(micros, least), text);
        }
    }
}
