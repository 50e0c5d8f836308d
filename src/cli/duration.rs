//! How is a length of time written? `250ms`, `5s`, `15m`, `1h`.

use std::time::Duration;

/// A length of time that is not nothing.
pub fn parse(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.get(digits.len()..).unwrap_or_default();
    let millis: u64 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err("is to end in ms, s, m or h, as in 5s".to_owned()),
    };
    let count: u64 = digits.parse().map_err(|_| format!("\"{digits}\" is no whole number"))?;
    match count.checked_mul(millis) {
        Some(0) => Err("is nothing".to_owned()),
        Some(whole) if whole <= MOST_MILLIS => Ok(Duration::from_millis(whole)),
        _ => Err("is longer than a year".to_owned()),
    }
}

const MOST_MILLIS: u64 = 366 * 24 * 3_600_000;

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn lengths_of_time() {
        let cases = [
            ("250ms", Some(250)),
            ("5s", Some(5_000)),
            ("15m", Some(900_000)),
            ("8784h", Some(31_622_400_000)),
            ("8785h", None),
            ("0s", None),
            ("5", None),
            ("s", None),
            ("1.5s", None),
            ("-1s", None),
            ("5 s", None),
            ("5d", None),
            ("99999999999999999999s", None),
        ];
        for (text, millis) in cases {
            assert_eq!(parse(text).ok().map(|time| time.as_millis()), millis, "{text}");
        }
    }
}
