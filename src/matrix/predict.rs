//! What price is expected of a cell? The base price of its SKU times what its class keeps in this list, rounded.
//!
//! ```text
//! class table: rounding u8 | entries u16 | entries x { first class u16, kept u16 (1/10000; 0: nothing expected) }
//! ```
//! An entry holds for its first class and all classes up to the next entry's.

use super::RowError;
use super::bits::{u8_at, u16_at};
use super::epoch::Expected;

/// What "kept" counts in.
const SCALE: i64 = 10_000;
/// Cells of one class that a fit looks at.
const SAMPLE: usize = 24;
/// Sampled prices that an entry of the class table must give beyond the entry before it.
const ENTRY_PRICES: usize = 1;
/// Codes of [`step_of`] that fit an `i64` with room for a ratio.
const STEPS: u8 = 36;

/// A step of 1, 2 or 5 times a power of ten millionths, by its code.
pub(super) fn step_of(code: u8) -> i64 {
    let lead = match code % 3 {
        0 => 1,
        1 => 2,
        _ => 5,
    };
    lead * 10_i64.pow(u32::from(code.min(STEPS) / 3))
}

/// The code of the greatest step that divides all of `values`.
pub(super) fn quantum_code(values: impl Iterator<Item = i64>) -> u8 {
    let common = values.fold(0_i64, num_integer::gcd);
    if common == 0 {
        return 0;
    }
    (0..STEPS).rev().find(|code| common % step_of(*code) == 0).unwrap_or(0)
}

/// How an expected price is rounded: a step and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rule {
    tag: u8,
    divisor: i64,
    step: i64,
    add: i64,
}

impl Rule {
    pub(super) fn of_tag(tag: u8) -> Result<Self, RowError> {
        let code = tag / 3;
        if code > STEPS {
            return Err(RowError::Torn);
        }
        let step = step_of(code);
        let divisor = step.checked_mul(SCALE).ok_or(RowError::Torn)?;
        let add = match tag % 3 {
            0 => divisor / 2,
            1 => 0,
            _ => divisor - 1,
        };
        Ok(Self { tag, divisor, step, add })
    }

    /// `base x ratio / 10000`, rounded; zero where the product does not fit.
    #[inline(always)]
    pub(super) fn apply(self, base: i64, ratio: i64) -> i64 {
        base.checked_mul(ratio)
            .and_then(|product| product.checked_add(self.add))
            .map_or(0, |product| product / self.divisor * self.step)
    }
}

/// A class table as it stands in a segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClassTable<'a> {
    /// First class and what is kept.
    entries: &'a [[u8; 4]],
    /// Rounds every expected price of the segment.
    pub(super) rule: Rule,
}

impl<'a> ClassTable<'a> {
    pub(super) fn parse(bytes: &'a [u8], at: usize) -> Result<Self, RowError> {
        let rule = Rule::of_tag(u8_at(bytes, at)?)?;
        let entries = usize::from(u16_at(bytes, at + 1)?);
        let entries = bytes.get(at + 3..at + 3 + entries * 4).ok_or(RowError::Torn)?;
        Ok(Self { entries: entries.as_chunks::<4>().0, rule })
    }

    /// The price expected, zero where none is.
    #[inline(always)]
    pub(super) fn price(&self, expected: Expected) -> i64 {
        let first = |[low, high, _, _]: &[u8; 4]| u32::from(u16::from_le_bytes([*low, *high]));
        let behind = self.entries.partition_point(|entry| first(entry) <= expected.class);
        match behind.checked_sub(1).and_then(|last| self.entries.get(last)) {
            None => 0,
            Some([_, _, low, high]) => {
                let kept = u16::from_le_bytes([*low, *high]);
                self.rule.apply(expected.base, i64::from(kept))
            }
        }
    }
}

/// The table that fits cells best; `cells` stand in the order of positions.
pub(super) fn fit(cells: &[(Expected, i64)], quantum: u8) -> Vec<u8> {
    let plain = Rule::of_tag(quantum * 3);
    let Ok(plain) = plain else { return table(0, &[]) };
    let groups: Vec<&[(Expected, i64)]> = cells.chunk_by(|a, b| a.0.class == b.0.class).collect();
    let mut kept: Vec<(u16, u16)> = Vec::with_capacity(groups.len());
    for group in &groups {
        let Some(class) = group.first().and_then(|cell| u16::try_from(cell.0.class).ok()) else { continue };
        let sample = sample(group);
        let hits = |kept: u16| sample.iter().filter(|(b, v)| plain.apply(*b, i64::from(kept)) == *v).count();
        let before = kept.last().map_or(0, |(_, kept)| *kept);
        let own = best_kept(&sample, plain);
        // An entry of its own takes the room of a price or two: it must give that many more than the entry before.
        kept.push((class, if hits(own) > hits(before) + ENTRY_PRICES { own } else { before }));
    }
    let sampled: Vec<(Expected, i64, u16)> = groups
        .iter()
        .zip(&kept)
        .filter(|(_, (_, kept))| *kept > 0)
        .filter_map(|(group, (_, kept))| group.get(group.len() / 2).map(|(e, v)| (*e, *v, *kept)))
        .collect();
    let rule = best_rule(&sampled, quantum).unwrap_or(plain);
    let mut merged: Vec<(u16, u16)> = Vec::with_capacity(kept.len());
    for entry in kept {
        if merged.last().is_none_or(|last| last.1 != entry.1) {
            merged.push(entry);
        }
    }
    if merged.iter().all(|(_, kept)| *kept == 0) {
        merged.clear();
    }
    table(rule.tag, &merged)
}

fn table(tag: u8, entries: &[(u16, u16)]) -> Vec<u8> {
    let mut bytes = vec![tag];
    bytes.extend(u16::try_from(entries.len()).unwrap_or(u16::MAX).to_le_bytes());
    for (class, kept) in entries {
        bytes.extend(class.to_le_bytes());
        bytes.extend(kept.to_le_bytes());
    }
    bytes
}

fn sample(group: &[(Expected, i64)]) -> Vec<(i64, i64)> {
    let stride = group.len().div_ceil(SAMPLE).max(1);
    group.iter().step_by(stride).filter(|(e, _)| e.base > 0).map(|(e, value)| (e.base, *value)).collect()
}

/// What the class keeps, in 1/10000: the ratio, coarse ones first, that gives most of the sampled prices exactly.
fn best_kept(sample: &[(i64, i64)], rule: Rule) -> u16 {
    best_ratio(sample, rule, u64::from(u16::MAX)).and_then(|kept| u16::try_from(kept).ok()).unwrap_or(0)
}

/// The ratio `second / first`, in 1/10000, that gives most of the seconds exactly; `None` where nothing is to be had.
pub(super) fn best_ratio(sample: &[(i64, i64)], rule: Rule, greatest: u64) -> Option<i64> {
    let mut best: Option<(usize, i64)> = None;
    for grain in [50_i64, 10, 1] {
        let mut votes: Vec<(i64, usize)> = Vec::with_capacity(sample.len());
        for (base, value) in sample {
            let Some(exact) = value.checked_mul(SCALE).map(|v| v / (*base).max(1)) else { continue };
            let ratio = (exact + grain / 2) / grain * grain;
            match votes.iter_mut().find(|(known, _)| *known == ratio) {
                Some(vote) => vote.1 += 1,
                None => votes.push((ratio, 1)),
            }
        }
        votes.sort_unstable_by_key(|(ratio, count)| (usize::MAX - count, *ratio));
        for (ratio, _) in votes.iter().take(3) {
            if *ratio <= 0 || ratio.unsigned_abs() > greatest {
                continue;
            }
            let hits = sample.iter().filter(|(base, value)| rule.apply(*base, *ratio) == *value).count();
            if best.is_none_or(|(most, _)| hits > most) {
                best = Some((hits, *ratio));
            }
        }
        if best.is_some_and(|(hits, _)| hits * 5 >= sample.len() * 4) {
            break;
        }
    }
    best.map(|(_, ratio)| ratio)
}

fn best_rule(sampled: &[(Expected, i64, u16)], quantum: u8) -> Option<Rule> {
    let codes = quantum..quantum.saturating_add(10).min(STEPS);
    codes
        .flat_map(|code| (0..3).filter_map(move |direction| Rule::of_tag(code * 3 + direction).ok()))
        .filter(|rule| rule.step % step_of(quantum) == 0)
        .map(|rule| {
            let hits =
                sampled.iter().filter(|(e, v, kept)| rule.apply(e.base, i64::from(*kept)) == *v).count();
            (hits, rule)
        })
        .max_by_key(|(hits, rule)| (*hits, u8::MAX - rule.tag))
        .map(|(_, rule)| rule)
}
