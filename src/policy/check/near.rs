//! Which known name was likely meant?

/// Names longer than this are not compared: a typing error is found without.
const CHARS_MOST: usize = 40;
/// Among more names than this nothing is looked for.
const NAMES_MOST: usize = 5_000;

/// The first of the nearest names that are near at all: one change for every three characters, two at most.
pub(super) fn nearest<'n>(written: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let written: Vec<char> = written.chars().flat_map(char::to_lowercase).collect();
    if written.len() > CHARS_MOST {
        return None;
    }
    let most = (written.len() / 3).min(2);
    let far = known.take(NAMES_MOST).filter_map(|name| {
        let other: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
        if other.len().abs_diff(written.len()) > most {
            return None;
        }
        Some((changes(&written, &other), name)).filter(|(changes, _)| *changes <= most)
    });
    far.min_by_key(|(changes, _)| *changes).map(|(_, name)| name)
}

/// How many characters must be put in, left out or changed to make the one text from the other.
fn changes(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (number, from) in one.iter().enumerate() {
        let mut diagonal = number;
        let mut left = number + 1;
        for (slot, to) in row.iter_mut().skip(1).zip(other) {
            let change = diagonal + usize::from(from != to);
            diagonal = *slot;
            *slot = change.min(diagonal + 1).min(left + 1);
            left = *slot;
        }
        if let Some(first) = row.first_mut() {
            *first = number + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}
