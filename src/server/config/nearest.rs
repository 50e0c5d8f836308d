//! Which name was meant? The known one that is fewest changes of a letter away, if it is near enough.

/// The nearest of the known names; none where a third of the letters would have to change.
pub(super) fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let near = known.map(|known| (distance(name, known), known)).min()?;
    let most = name.chars().count().div_ceil(3);
    (near.0 <= most).then_some(near.1)
}

/// Letters to change, leave out or put in (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (place, letter) in one.chars().enumerate() {
        let mut diagonal =
            std::mem::replace(&mut row, Vec::with_capacity(other.len().saturating_add(1))).into_iter();
        let mut before = diagonal.next().unwrap_or(place);
        let mut left = before.saturating_add(1);
        row.push(left);
        for (theirs, above) in other.iter().zip(diagonal) {
            let changed = before.saturating_add(usize::from(*theirs != letter));
            left = changed.min(left.saturating_add(1)).min(above.saturating_add(1));
            row.push(left);
            before = above;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn the_nearest_name_is_found() {
        let cases = [("", "", 0), ("abc", "", 3), ("", "ab", 2), ("kitten", "sitting", 3), ("ab", "ba", 2)];
        for (one, other, expected) in cases {
            assert_eq!((distance(one, other), distance(other, one)), (expected, expected), "{one} {other}");
        }
        let known = || ["serve.listen", "serve.workers", "ops.listen"].into_iter();
        assert_eq!(nearest("serve.lisen", known()), Some("serve.listen"));
        assert_eq!(nearest("ops.listens", known()), Some("ops.listen"));
        assert_eq!(nearest("tls", known()), None);
    }
}
