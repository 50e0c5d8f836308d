//! How are sizes written? `512MiB`, `1GiB`, or plain bytes.

/// Reads a size.
///
/// # Errors
/// What would be right.
pub fn parse(text: &str) -> Result<usize, String> {
    size(text).ok_or_else(|| format!("\"{text}\" is no size: write 512MiB, 1GiB, or bytes"))
}

/// Reads a size between bounds, both included.
///
/// # Errors
/// What would be right.
pub fn between(text: &str, least: usize, most: usize) -> Result<usize, String> {
    size(text).filter(|size| (least..=most).contains(size)).ok_or_else(|| {
        let (least, most) = (self::text(least), self::text(most));
        format!("\"{text}\" is no size from {least} to {most}: write 16KiB, 512MiB, 1GiB, or bytes")
    })
}

fn size(text: &str) -> Option<usize> {
    let units = [("GiB", 30), ("MiB", 20), ("KiB", 10), ("B", 0), ("", 0)];
    let (digits, shift) = units.iter().find_map(|(unit, shift)| Some((text.strip_suffix(unit)?, shift)))?;
    digits.trim().parse::<usize>().ok()?.checked_mul(1 << shift)
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
    use super::{between, parse, text};

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
    fn what_is_too_small_or_large_is_told_with_both_bounds() {
        assert_eq!(
            (between("1KiB", 1 << 10, 2 << 10), between("2048", 0, 2 << 10)),
            (Ok(1 << 10), Ok(2 << 10))
        );
        for bad in ["1023", "2049", "x"] {
            let told = between(bad, 1 << 10, 2 << 10).unwrap_err();
            assert!(told.starts_with(&format!("\"{bad}\" is no size from 1KiB to 2KiB")), "{told}");
        }
    }

    #[test]
    fn sizes_are_told_as_they_are_read() {
        for size in ["512MiB", "1GiB", "65KiB", "1025", "0"] {
            assert_eq!(text(parse(size).unwrap()), size);
        }
    }
}
