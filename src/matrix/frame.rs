//! How are up to 256 SKUs of a segment held together, and found again?
//!
//! ```text
//! 0 SKUs - 1               u8
//! 1 bits 0-1 presence (0 run, 1 bitmap, 2 Elias-Fano), 2 expected, 3 has base, 4-5 shapes (0 plain, 1 one, 2 mixed)  u8
//! 2 low bits of Elias-Fano u8
//! 3 width of values        u8
//! 4 extent of presence     u16
//! 6 exceptions of values   u8
//! 7 width of shape ids     u8
//! 8 [base u64] [one: shape u16] [mixed: shaped SKUs - 1 u8, prices u16]
//!   presence | [mixed: bitmap of the shaped SKUs, their shape ids, each in whole bytes] | values
//! values: the first price of every SKU, by rank, then the later prices of the shaped ones
//! ```
//! A SKU without a price (percentages, formulas) has a first value that says nothing.
//!
//! With *expected*, a value is the zigzag of (price - expected price) in quanta; without, price in quanta less base.

use super::RowError;
use super::bits::{bits_at, u8_at, u16_at, word_at};
use super::presence::{Kind, Presence, WHOLE_BITS};
use super::shape::{Dictionary, ENTRY_BYTES};
use super::values::Values;

/// Most SKUs of a frame.
pub(super) const FRAME_SKUS: usize = 256;
/// Prices at which a frame is closed, so that their numbers fit 16 bits.
pub(super) const FRAME_PRICES: usize = 4_096;

/// Most bits of a shape's id.
const ID_BITS: u32 = 16;

/// Which SKUs of a frame have a shape of their own.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shapes {
    /// All have one price for a base unit, whatever the date and quantity.
    Plain,
    /// All have this shape.
    One(usize),
    /// A bitmap says which have one, and packed ids which.
    Mixed {
        /// Where the bitmap begins.
        bitmap: usize,
        /// Where the ids begin.
        ids: usize,
        /// Bits of an id.
        width: u32,
    },
}

/// A frame as it stands in a segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'a> {
    bytes: &'a [u8],
    pub(super) shapes: Shapes,
    pub(super) presence: Presence<'a>,
    pub(super) values: Values<'a>,
    /// Are values differences from what is expected?
    pub(super) expected: bool,
    /// What raw values count from.
    pub(super) base: u64,
}

/// Where a SKU's prices stand in its frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    /// Its shape; none where it is plain.
    pub(super) shape: Option<usize>,
    /// The number of its second value; its first stands at its rank.
    pub(super) later: usize,
}

impl<'a> Frame<'a> {
    #[inline(always)]
    pub(super) fn parse(
        bytes: &'a [u8],
        at: usize,
        shapes: Option<Dictionary<'a>>,
    ) -> Result<Self, RowError> {
        let head = word_at(bytes, at)?.to_le_bytes();
        let [count, bits, low_bits, width, extent_low, extent_high, exceptions, shape_width] = head;
        let count = usize::from(count) + 1;
        let mut next = at + 8;
        let mut base = 0;
        if bits & 8 != 0 {
            base = word_at(bytes, next)?;
            next += 8;
        }
        let (mut one, mut shaped, mut prices) = (0, 0, count);
        match (bits >> 4) & 3 {
            0 => {}
            1 => {
                one = usize::from(u16_at(bytes, next)?);
                prices = count * shapes.ok_or(RowError::Torn)?.prices(one)?.max(1);
                next += 2;
            }
            _ => {
                shaped = usize::from(u8_at(bytes, next)?) + 1;
                prices = usize::from(u16_at(bytes, next + 1)?);
                next += 3;
            }
        }
        let presence = Presence {
            kind: Kind::of_tag(bits & 3)?,
            low_bits: u32::from(low_bits & 31),
            extent: usize::from(u16::from_le_bytes([extent_low, extent_high])),
            count,
            bytes,
            at: next,
        };
        next += presence.len_bytes();
        let kind = match (bits >> 4) & 3 {
            0 => Shapes::Plain,
            1 => Shapes::One(one),
            _ => {
                let bitmap = next;
                let ids = bitmap + count.div_ceil(8);
                next = ids + (shaped * usize::from(shape_width)).div_ceil(8);
                Shapes::Mixed { bitmap, ids, width: u32::from(shape_width).min(ID_BITS) }
            }
        };
        let values = Values {
            bytes,
            at: next,
            count: prices,
            width: u32::from(width).min(64),
            exceptions: usize::from(exceptions),
        };
        Ok(Self { bytes, shapes: kind, presence, values, expected: bits & 4 != 0, base })
    }

    /// Where the prices of the SKU number `rank` of the frame stand.
    #[inline(always)]
    pub(super) fn slot(&self, rank: usize, shapes: Option<Dictionary<'_>>) -> Result<Slot, RowError> {
        match self.shapes {
            Shapes::Plain => Ok(Slot { shape: None, later: 0 }),
            Shapes::One(shape) => {
                let later = shapes.ok_or(RowError::Torn)?.prices(shape)?.saturating_sub(1);
                Ok(Slot { shape: Some(shape), later: self.presence.count + rank * later })
            }
            Shapes::Mixed { bitmap, .. } => {
                if (u8_at(self.bytes, bitmap + rank / 8)? >> (rank % 8)) & 1 == 0 {
                    return Ok(Slot { shape: None, later: 0 });
                }
                self.shaped_slot(rank, shapes.ok_or(RowError::Torn)?)
            }
        }
    }

    /// The slot of a SKU that has a shape, in a frame where not all have.
    #[inline(always)]
    fn shaped_slot(&self, rank: usize, shapes: Dictionary<'_>) -> Result<Slot, RowError> {
        let Shapes::Mixed { bitmap, ids, width } = self.shapes else { return Err(RowError::Torn) };
        let mut before = 0_u32;
        for word in 0..rank / 64 {
            before += word_at(self.bytes, bitmap + word * 8)?.count_ones();
        }
        let last = word_at(self.bytes, bitmap + rank / 64 * 8)?;
        before += (last & ((1_u64 << (rank % 64)) - 1)).count_ones();
        let before = usize::try_from(before).map_err(|_| RowError::Torn)?;
        let later = self.presence.count + self.later_of(before, (ids, width), shapes)?;
        let bits = usize::try_from(width).map_err(|_| RowError::Torn)?;
        let id = bits_at(self.bytes, ids, before * bits, width)?;
        Ok(Slot { shape: Some(usize::try_from(id).map_err(|_| RowError::Torn)?), later })
    }

    /// How many prices the first `before` shaped SKUs have beyond their first ones. As many ids as a word holds are read at once.
    #[inline(always)]
    fn later_of(
        &self,
        before: usize,
        (ids, width): (usize, u32),
        shapes: Dictionary<'_>,
    ) -> Result<usize, RowError> {
        let (known, bits) = (shapes.entries()?, usize::try_from(width).map_err(|_| RowError::Torn)?);
        if bits == 0 {
            return Ok(before * later_prices(known, 0)?);
        }
        let (at_once, mask) = ((WHOLE_BITS / bits).max(1), u64::MAX >> (64 - width));
        let (mut later, mut left, mut bit) = (0, before, 0);
        while left > 0 {
            let mut word = word_at(self.bytes, ids + bit / 8)? >> (bit % 8);
            let count = left.min(at_once);
            for _ in 0..count {
                later += later_prices(known, word & mask)?;
                word >>= bits;
            }
            (left, bit) = (left - count, bit + count * bits);
        }
        Ok(later)
    }
}

/// How many prices a shape has beyond its first.
#[inline(always)]
fn later_prices(shapes: &[[u8; ENTRY_BYTES]], id: u64) -> Result<usize, RowError> {
    match usize::try_from(id).ok().and_then(|id| shapes.get(id)) {
        Some([_, _, _, _, low, high]) => Ok(usize::from(u16::from_le_bytes([*low, *high])).saturating_sub(1)),
        None => Err(RowError::Torn),
    }
}
