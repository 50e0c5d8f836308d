//! How are times written? `500ms`, `20s`, `5m`, `1h`.

use std::time::Duration;

/// Less is nothing.
pub const LEAST: Duration = Duration::from_millis(1);
/// A day.
pub const DAY: Duration = Duration::from_secs(86_400);
/// A year: what takes longer is meant never to happen.
pub const YEAR: Duration = Duration::from_secs(366 * 86_400);

const UNITS_MS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

/// Reads a time between bounds, both included.
///
/// # Errors
/// What would be right.
pub fn parse(text: &str, least: Duration, most: Duration) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = text.get(digits.len()..).unwrap_or_default();
    let unit_ms = UNITS_MS.iter().find(|(name, _)| *name == unit).map(|(_, unit_ms)| *unit_ms);
    let count = digits.trim().parse::<u64>().ok();
    let time = count.zip(unit_ms).and_then(|(count, unit_ms)| count.checked_mul(unit_ms));
    let time = time.map(Duration::from_millis).filter(|time| *time >= least && *time <= most);
    time.ok_or_else(|| {
        let (least, most) = (self::text(least), self::text(most));
        format!("\"{text}\" is no time from {least} to {most}: write 500ms, 20s, 5m or 1h")
    })
}

/// A time as [`parse`] reads it, in the greatest unit that is whole.
#[must_use]
pub fn text(time: Duration) -> String {
    let ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let unit = UNITS_MS.iter().rev().find(|(_, unit_ms)| ms != 0 && ms % unit_ms == 0);
    unit.map_or_else(|| "0s".to_owned(), |(name, unit_ms)| format!("{}{name}", ms / unit_ms))
}

#[cfg(test)]
mod tests {
    use super::{DAY, LEAST, YEAR, parse, text};
    use std::time::Duration;

    #[test]
    fn times_have_units() {
        let good = [
            ("0s", 0, "0s"),
            ("500ms", 500, "500ms"),
            ("90s", 90_000, "90s"),
            ("120s", 120_000, "2m"),
            ("24h", 86_400_000, "24h"),
            ("5 m", 300_000, "5m"),
            ("8784h", 31_622_400_000, "8784h"),
        ];
        for (written, ms, back) in good {
            let time = Duration::from_millis(ms);
            assert_eq!((parse(written, Duration::ZERO, YEAR), text(time).as_str()), (Ok(time), back));
        }
        for bad in ["", "5", "s", "-1s", "1.5s", "8785h", "1d", "99999999999999999999s", "1S"] {
            assert!(parse(bad, Duration::ZERO, YEAR).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_too_short_or_long_is_told_with_both_bounds() {
        for bad in ["0s", "0ms", "25h"] {
            let told = parse(bad, LEAST, DAY).unwrap_err();
            assert_eq!(told, format!("\"{bad}\" is no time from 1ms to 24h: write 500ms, 20s, 5m or 1h"));
        }
        assert_eq!(parse("24h", DAY, DAY), Ok(DAY));
    }
}
