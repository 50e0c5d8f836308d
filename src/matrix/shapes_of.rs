//! Which shapes do the cells of a segment have, and how do their later prices follow from the first?

use std::collections::BTreeMap;

use crate::domain::cell::Cell;

use super::RowError;
use super::build::{Content, Entry};
use super::dictionary::write_dictionary;
use super::predict::{Rule, best_ratio};
use super::shape::{prices_of, write_record};

/// Ratios this near to each other, in 1/10000, share a shape.
const GRAIN: i64 = 200;
/// Groups smaller than this join the greatest group of their structure.
const GROUP_MIN: usize = 3;
/// Entries of a shape that ratios are fitted to.
const SAMPLE: usize = 32;
/// Most prices of a shape whose ratios are looked into; beyond, all share one shape.
const RATIOS_MAX: usize = 64;

/// The shapes of a segment.
#[derive(Debug)]
pub(super) struct ShapeTable {
    /// By number of the entry; none where it is plain.
    of_entry: Vec<Option<usize>>,
    ratios: Vec<Vec<i64>>,
    records: Vec<(Vec<u8>, usize)>,
}

impl ShapeTable {
    pub(super) fn new(entries: &[Entry<'_>], rule: Rule) -> Self {
        let mut table = Self { of_entry: vec![None; entries.len()], ratios: Vec::new(), records: Vec::new() };
        let mut structures: BTreeMap<Vec<u8>, BTreeMap<Vec<i64>, Vec<usize>>> = BTreeMap::new();
        for (number, entry) in entries.iter().enumerate() {
            let Content::Cells(cells) = entry.content else { continue };
            let prices: Vec<i64> = prices_of(cells).collect();
            let mut key = Vec::new();
            write_record(&mut key, cells, &vec![0; prices.len()]);
            structures.entry(key).or_default().entry(signature(&prices)).or_default().push(number);
        }
        for groups in structures.into_values() {
            // What signatures told apart may come to the same ratios.
            let mut shapes: BTreeMap<Vec<i64>, Vec<usize>> = BTreeMap::new();
            for members in merge_small(groups) {
                shapes.entry(ratios_of(&members, entries, rule)).or_default().extend(members);
            }
            for (ratios, members) in shapes {
                table.add(&members, entries, ratios);
            }
        }
        table
    }

    fn add(&mut self, members: &[usize], entries: &[Entry<'_>], ratios: Vec<i64>) {
        let Some(model) = members.first().and_then(|member| cells_of(entries, *member)) else { return };
        let mut record = Vec::new();
        write_record(&mut record, model, &ratios);
        for member in members {
            if let Some(slot) = self.of_entry.get_mut(*member) {
                *slot = Some(self.records.len());
            }
        }
        self.records.push((record, prices_of(model).count()));
        self.ratios.push(ratios);
    }

    pub(super) fn of(&self, entry: usize) -> Option<usize> {
        self.of_entry.get(entry).copied().flatten()
    }

    /// Expected shares of the first price, for the second price and on.
    pub(super) fn ratios(&self, shape: usize) -> &[i64] {
        self.ratios.get(shape).map_or(&[], Vec::as_slice)
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// The dictionary's bytes; none where there is no shape.
    pub(super) fn dictionary(&self) -> Result<Vec<u8>, RowError> {
        if self.records.is_empty() { Ok(Vec::new()) } else { write_dictionary(&self.records) }
    }
}

fn cells_of<'a>(entries: &[Entry<'a>], number: usize) -> Option<&'a [Cell]> {
    match entries.get(number).map(|entry| entry.content) {
        Some(Content::Cells(cells)) => Some(cells),
        _ => None,
    }
}

/// What later prices of these entries, which have all the same structure, are of the first one.
fn ratios_of(members: &[usize], entries: &[Entry<'_>], rule: Rule) -> Vec<i64> {
    let stride = members.len().div_ceil(SAMPLE).max(1);
    let sampled = members.iter().step_by(stride).filter_map(|member| cells_of(entries, *member));
    let sampled: Vec<Vec<i64>> = sampled.map(|cells| prices_of(cells).collect()).collect();
    let later = 1..sampled.first().map_or(0, Vec::len);
    let ratio = |later: usize| {
        let pairs: Vec<(i64, i64)> = sampled
            .iter()
            .filter_map(|prices| Some((*prices.first()?, *prices.get(later)?)))
            .filter(|(first, _)| *first > 0)
            .collect();
        best_ratio(&pairs, rule, u64::from(u32::MAX)).unwrap_or(0)
    };
    later.map(ratio).collect()
}

fn signature(prices: &[i64]) -> Vec<i64> {
    let Some((first, later)) = prices.split_first() else { return Vec::new() };
    if *first <= 0 || later.len() > RATIOS_MAX {
        return Vec::new();
    }
    later
        .iter()
        .map(|price| {
            let ratio = i128::from(*price) * 10_000 / i128::from(*first);
            i64::try_from(ratio / i128::from(GRAIN)).unwrap_or(0)
        })
        .collect()
}

fn merge_small(groups: BTreeMap<Vec<i64>, Vec<usize>>) -> Vec<Vec<usize>> {
    let (mut large, small): (Vec<_>, Vec<_>) =
        groups.into_values().partition(|members| members.len() >= GROUP_MIN);
    let rest: Vec<usize> = small.into_iter().flatten().collect();
    if rest.is_empty() {
        return large;
    }
    match large.iter_mut().max_by_key(|members| members.len()) {
        Some(greatest) => greatest.extend(rest),
        None => large.push(rest),
    }
    large
}
