//! Where are a segment's entries cut into frames, and how is each packed?

use std::ops::Range;

use super::RowError;
use super::bits::{BitWriter, width_of, zigzag};
use super::build::{Content, Entry};
use super::epoch::CodecEpoch;
use super::frame::{FRAME_PRICES, FRAME_SKUS};
use super::predict::ClassTable;
use super::shapes_of::ShapeTable;
use super::{presence, values};

/// Positions without a cell that are worth a frame of their own after a dense stretch.
const GAP: u32 = 256;
/// Fewer SKUs are no stretch: a frame's header and its place in the directory cost more than the gap.
const STRETCH: usize = 16;

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
        let apart = count >= STRETCH && entry.position - last > GAP && dense;
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
    /// Appends the frame of `members`, the first of which is the segment's entry number `begin`; true where its values
    /// are differences from what is expected.
    pub(super) fn pack(
        &self,
        members: &[Entry<'_>],
        begin: usize,
        out: &mut Vec<u8>,
    ) -> Result<bool, RowError> {
        let first = members.first().map_or(0, |entry| entry.position);
        let relative: Vec<u32> = members.iter().map(|entry| entry.position - first).collect();
        let there = presence::encode(&relative)?;
        let (firsts, later) = self.prices(members, begin)?;
        let coded = shorter(&firsts, &later)?;
        let shapes: Vec<Option<usize>> =
            (begin..begin + members.len()).map(|entry| self.shapes.of(entry)).collect();
        let width = width_of(u64::try_from(self.shapes.len().saturating_sub(1)).unwrap_or(0));
        let one = shapes.first().copied().flatten().filter(|one| shapes.iter().all(|s| *s == Some(*one)));
        let shaped: Vec<usize> = shapes.iter().copied().flatten().collect();
        let kind = match (shaped.is_empty(), one) {
            (true, _) => 0,
            (false, Some(_)) => 1,
            (false, None) => 2,
        };
        out.push(narrow(members.len() - 1)?);
        out.push(
            there.kind.tag() | u8::from(coded.expected) << 2 | u8::from(coded.base > 0) << 3 | kind << 4,
        );
        out.push(narrow(index(there.low_bits))?);
        out.push(narrow(index(coded.firsts.width))?);
        out.extend(u16::try_from(there.extent).map_err(|_| TOO_LARGE)?.to_le_bytes());
        out.push(narrow(coded.firsts.exceptions)?);
        out.push(narrow(index(width))?);
        if coded.base > 0 {
            out.extend(coded.base.to_le_bytes());
        }
        if let Some(one) = one {
            out.extend(u16::try_from(one).map_err(|_| TOO_LARGE)?.to_le_bytes());
        } else if kind == 2 {
            out.push(narrow(shaped.len() - 1)?);
        }
        if kind != 0 {
            out.extend(u16::try_from(later.raw.len()).map_err(|_| TOO_LARGE)?.to_le_bytes());
            out.push(narrow(index(coded.later.width))?);
            out.push(narrow(coded.later.exceptions)?);
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
        out.extend(coded.firsts.bytes);
        out.extend(coded.later.bytes);
        Ok(coded.expected)
    }

    /// Every price of the members, in quanta: the first price of each, by its rank, and the later prices of those that have
    /// some. A member without a price (percentages, formulas) holds its place with one that costs nothing.
    fn prices(&self, members: &[Entry<'_>], begin: usize) -> Result<(Prices, Prices), RowError> {
        let (mut firsts, mut later) = (Prices::default(), Prices::default());
        let mut without = Vec::new();
        for (number, entry) in members.iter().enumerate() {
            let ratios =
                self.shapes.of(begin + number).map_or(&[] as &[i64], |shape| self.shapes.ratios(shape));
            let mut prices = entry.content.prices();
            let Some(first) = prices.next() else {
                without.push(number);
                firsts.push(0, 0, self.quantum)?;
                continue;
            };
            firsts.push(first, self.classes.price(self.epoch.expected(entry.position)), self.quantum)?;
            for (place, price) in prices.enumerate() {
                let guess = match ratios.get(place) {
                    Some(ratio) if *ratio > 0 => self.classes.rule.apply(first, *ratio),
                    _ => 0,
                };
                later.push(price, guess, self.quantum)?;
            }
            if matches!(entry.content, Content::Cells(_)) && later.raw.len() > usize::from(u16::MAX) / 2 {
                return Err(RowError::TooLarge("price points of a SKU"));
            }
        }
        let least =
            firsts.raw.iter().enumerate().filter(|(number, _)| without.binary_search(number).is_err());
        let least = least.map(|(_, raw)| *raw).chain(later.raw.iter().copied()).min().unwrap_or(0);
        for number in without {
            if let Some(place) = firsts.raw.get_mut(number) {
                *place = least;
            }
        }
        Ok((firsts, later))
    }
}

/// Prices in quanta.
#[derive(Default)]
struct Prices {
    raw: Vec<u64>,
    /// Less what is expected.
    rest: Vec<i64>,
}

impl Prices {
    fn push(&mut self, price: i64, guess: i64, quantum: i64) -> Result<(), RowError> {
        self.raw.push(u64::try_from(price / quantum).map_err(|_| RowError::TooLarge("a negative price"))?);
        self.rest.push((price - guess) / quantum);
        Ok(())
    }
}

/// A frame's prices, packed.
struct Coded {
    /// Are they differences from what is expected?
    expected: bool,
    /// What they count from otherwise.
    base: u64,
    firsts: values::Encoded,
    later: values::Encoded,
}

impl Coded {
    fn bytes(&self) -> usize {
        let base = if self.base > 0 { 8 } else { 0 };
        base + self.firsts.bytes.len() + self.later.bytes.len()
    }
}

/// Prices coded as differences from what is expected, or from a base that may be zero, whichever is shorter.
fn shorter(firsts: &Prices, later: &Prices) -> Result<Coded, RowError> {
    let all = || firsts.raw.iter().chain(&later.raw).copied();
    let (least, greatest) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
    // A base costs a word of its own: only where it narrows the values by more than that.
    let narrower = usize::try_from(width_of(greatest) - width_of(greatest - least)).unwrap_or(0);
    let base = if narrower * all().count() > 64 { least } else { 0 };
    let raw = |prices: &Prices| values::encode(&prices.raw.iter().map(|raw| raw - base).collect::<Vec<_>>());
    let rest = |prices: &Prices| values::encode(&prices.rest.iter().map(|r| zigzag(*r)).collect::<Vec<_>>());
    let from_base = Coded { expected: false, base, firsts: raw(firsts)?, later: raw(later)? };
    let differences = Coded { expected: true, base: 0, firsts: rest(firsts)?, later: rest(later)? };
    Ok(if differences.bytes() < from_base.bytes() { differences } else { from_base })
}

const TOO_LARGE: RowError = RowError::TooLarge("prices of a frame");

fn narrow(value: usize) -> Result<u8, RowError> {
    u8::try_from(value).map_err(|_| TOO_LARGE)
}
