//! How do figures past 64 bits go over the wire? As decimal strings.

use crate::domain::decimal::{MILLION, Micros};

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
    use super::total_text;

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
