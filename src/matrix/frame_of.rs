//! Where are a segment's entries cut into frames, and how is each packed?

use std::ops::Range;

use super::RowError;
use super::bits::BitWriter;
use super::build::{Content, Entry, choose};
use super::epoch::CodecEpoch;
use super::frame::{FRAME_PRICES, FRAME_SKUS};
use super::predict::ClassTable;
use super::shapes_of::ShapeTable;
use super::{presence, values};

/// Positions without a cell that are worth a frame of their own after a dense stretch.
const GAP: u32 = 256;

/// The frames of a segment, as ranges of its entries.
pub(super) fn cut(entries: &[Entry<'_>]) -> Vec<Range<usize>> {
    let mut frames = Vec::new();
    let mut begin = 0;
    let mut prices = 0;
    let mut first = 0_u32;
    let mut last = 0_u32;
    for (number, entry) in entries.iter().enumerate() {
        let count = number - begin;
        let dense = presence::estimate_bits(count.max(1), index(last - first) + 1) < count * 4;
        let apart = count > 0 && entry.position - last > GAP && dense;
        if count >= FRAME_SKUS
            || prices >= FRAME_PRICES
            || apart
            || (count > 0 && entry.position - first > 1 << 24)
        {
            frames.push(begin..number);
            (begin, prices) = (number, 0);
        }
        if begin == number {
            first = entry.position;
        }
        last = entry.position;
        prices += entry.content.prices().count();
    }
    if begin < entries.len() {
        frames.push(begin..entries.len());
    }
    frames
}

fn index(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

/// What frames of one segment share.
pub(super) struct Packer<'a> {
    pub(super) epoch: &'a CodecEpoch,
    pub(super) quantum: i64,
    pub(super) classes: ClassTable<'a>,
    pub(super) shapes: &'a ShapeTable,
}

impl Packer<'_> {
    /// Appends the frame of `members`, the first of which is the segment's entry number `begin`.
    pub(super) fn pack(
        &self,
        members: &[Entry<'_>],
        begin: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), RowError> {
        let first = members.first().map_or(0, |entry| entry.position);
        let relative: Vec<u32> = members.iter().map(|entry| entry.position - first).collect();
        let there = presence::encode(&relative)?;
        let (raw, rest) = self.values(members, begin)?;
        let (expected, base, chosen) = choose(&raw, &rest);
        let packed = values::encode(&chosen)?;
        let shapes: Vec<Option<usize>> =
            (begin..begin + members.len()).map(|entry| self.shapes.of(entry)).collect();
        let width = super::bits::width_of(u64::try_from(self.shapes.len().saturating_sub(1)).unwrap_or(0));
        let one = shapes.first().copied().flatten().filter(|one| shapes.iter().all(|s| *s == Some(*one)));
        let shaped: Vec<usize> = shapes.iter().copied().flatten().collect();
        let kind = match (shaped.is_empty(), one) {
            (true, _) => 0,
            (false, Some(_)) => 1,
            (false, None) => 2,
        };
        out.push(narrow(members.len() - 1)?);
        out.push(there.kind.tag() | u8::from(expected) << 2 | u8::from(base > 0) << 3 | kind << 4);
        out.push(narrow(index(there.low_bits))?);
        out.push(narrow(index(packed.width))?);
        out.extend(u16::try_from(there.extent).map_err(|_| TOO_LARGE)?.to_le_bytes());
        out.push(narrow(packed.exceptions)?);
        out.push(narrow(index(width))?);
        if base > 0 {
            out.extend(base.to_le_bytes());
        }
        if let Some(one) = one {
            out.extend(u16::try_from(one).map_err(|_| TOO_LARGE)?.to_le_bytes());
        } else if kind == 2 {
            out.push(narrow(shaped.len() - 1)?);
            out.extend(u16::try_from(chosen.len()).map_err(|_| TOO_LARGE)?.to_le_bytes());
        }
        out.extend(there.bytes);
        if kind == 2 {
            let mut bitmap = BitWriter::default();
            shapes.iter().for_each(|shape| bitmap.push(u64::from(shape.is_some()), 1));
            out.extend(bitmap.finish());
            let mut ids = BitWriter::default();
            shaped.iter().for_each(|shape| ids.push(u64::try_from(*shape).unwrap_or(0), width));
            out.extend(ids.finish());
        }
        out.extend(packed.bytes);
        Ok(())
    }

    /// Every price of the members, in quanta: as it is, and less what is expected.
    fn values(&self, members: &[Entry<'_>], begin: usize) -> Result<(Vec<u64>, Vec<i64>), RowError> {
        let mut raw = Vec::with_capacity(members.len());
        let mut rest = Vec::with_capacity(members.len());
        for (number, entry) in members.iter().enumerate() {
            let ratios =
                self.shapes.of(begin + number).map_or(&[] as &[i64], |shape| self.shapes.ratios(shape));
            let mut leading = None;
            for (place, price) in entry.content.prices().enumerate() {
                let guess = match (leading, place.checked_sub(1).and_then(|later| ratios.get(later))) {
                    (None, _) => self.classes.price(self.epoch.expected(entry.position))?,
                    (Some(first), Some(ratio)) if *ratio > 0 => self.classes.rule.apply(first, *ratio),
                    _ => 0,
                };
                leading.get_or_insert(price);
                raw.push(
                    u64::try_from(price / self.quantum)
                        .map_err(|_| RowError::TooLarge("a negative price"))?,
                );
                rest.push((price - guess) / self.quantum);
            }
            if matches!(entry.content, Content::Cells(_)) && raw.len() > usize::from(u16::MAX) {
                return Err(RowError::TooLarge("price points of a SKU"));
            }
        }
        Ok((raw, rest))
    }
}

const TOO_LARGE: RowError = RowError::TooLarge("prices of a frame");

fn narrow(value: usize) -> Result<u8, RowError> {
    u8::try_from(value).map_err(|_| TOO_LARGE)
}
