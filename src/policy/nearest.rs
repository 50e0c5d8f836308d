//! Which known name was likely meant by one that is unknown?

/// Longest name that is compared, in bytes; longer ones are no slips of the pen.
const LONGEST: usize = 64;
/// What passing over a name costs, and what comparing it letter by letter does.
const GLANCE: u32 = 1;
const COMPARISON: u32 = 32;
/// How much is spent on one policy: thousands of unknown names among thousands of known ones must not take long.
const EFFORT: u32 = 20_000_000;

/// Looks for near names until its effort is spent.
#[derive(Debug)]
pub(super) struct Nearest {
    effort: u32,
}

impl Default for Nearest {
    fn default() -> Self {
        Self { effort: EFFORT }
    }
}

impl Nearest {
    /// The known name that the fewest slips lead to, the first of several; none where all are far.
    pub(super) fn find<'k>(&mut self, name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
        if name.len() > LONGEST {
            return None;
        }
        let wanted: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
        let mut within = wanted.len().div_ceil(3).min(3);
        let mut best = None;
        for candidate in known {
            self.effort = self.effort.checked_sub(GLANCE)?;
            if candidate.len() > LONGEST || candidate.chars().count().abs_diff(wanted.len()) > within {
                continue;
            }
            self.effort = self.effort.checked_sub(COMPARISON)?;
            let letters: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
            let slips = slips(&wanted, &letters);
            if slips <= within && (best.is_none() || slips < within) {
                within = slips;
                best = Some(candidate);
            }
        }
        best
    }
}

/// Letters to be put in, left out or changed on the way from one to the other.
fn slips(from: &[char], to: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (done, letter) in from.iter().enumerate() {
        let mut diagonal = done;
        let mut left = done + 1;
        let mut cells = row.iter_mut();
        if let Some(first) = cells.next() {
            *first = left;
        }
        for (cell, other) in cells.zip(to) {
            let changed = diagonal + usize::from(letter != other);
            diagonal = *cell;
            left = changed.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}
