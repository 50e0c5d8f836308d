//! How are sizes written? `512MiB`, `1GiB`, or plain bytes.

/// Reads a size.
///
/// # Errors
/// What would be right.
pub fn parse(text: &str) -> Result<usize, String> {
    let units = [("GiB", 30), ("MiB", 20), ("KiB", 10), ("B", 0), ("", 0)];
    let wrong = || format!("\"{text}\" is no size: write 512MiB, 1GiB, or bytes");
    for (unit, shift) in units {
        if let Some(digits) = text.strip_suffix(unit) {
            let number: usize = digits.trim().parse().map_err(|_| wrong())?;
            return number.checked_mul(1 << shift).ok_or_else(wrong);
        }
    }
    Err(wrong())
}

/// A size as [`parse`] reads it, in the greatest unit that is whole.
#[must_use]
pub fn text(size: usize) -> String {
    let units = [("GiB", 30), ("MiB", 20), ("KiB", 10)];
    let whole = units.iter().find(|(_, shift)| size != 0 && size % (1 << shift) == 0);
    whole.map_or_else(|| size.to_string(), |(unit, shift)| format!("{}{unit}", size >> shift))
}

#[cfg(test)]
mod tests {
    use super::{parse, text};

    #[test]
    fn sizes_have_binary_units() {
        let cases = [
            ("512MiB", Some(512 << 20)),
            ("1GiB", Some(1 << 30)),
            ("64 KiB", Some(64 << 10)),
            ("9", Some(9)),
        ];
        let wrong = [("512MB", None), ("", None), ("-1", None), ("99999999999999999999GiB", None)];
        for (text, size) in cases.into_iter().chain(wrong) {
            assert_eq!(parse(text).ok(), size, "{text}");
        }
    }

    #[test]
    fn sizes_are_told_as_they_are_read() {
        for size in ["512MiB", "1GiB", "65KiB", "1025", "0"] {
            assert_eq!(text(parse(size).unwrap()), size);
        }
    }
}
