//! How are up to 256 SKUs of a segment held together, and found again?
//!
//! ```text
//! 0 SKUs - 1               u8
//! 1 bits 0-1 presence (0 run, 1 bitmap, 2 Elias-Fano), 2 expected, 3 has base, 4-5 shapes (0 plain, 1 one, 2 mixed)  u8
//! 2 low bits of Elias-Fano u8
//! 3 width of first prices  u8
//! 4 extent of presence     u16
//! 6 exceptions among them  u8
//! 7 width of shape ids     u8
//! 8 [base u64] [one: shape u16] [mixed: shaped SKUs - 1 u8]
//!   [one, mixed: later prices u16, their width u8, exceptions among them u8]
//!   presence | [mixed: bitmap of the shaped SKUs, their shape ids, each in whole bytes] | first prices | later prices
//! ```
//! First prices are those of every SKU, by rank; later ones those that the shaped SKUs have beyond them. Each of the two is
//! packed at its own width, as module `values` has it. A SKU without a price (percentages, formulas) has a first one that says
//! nothing.
//!
//! With *expected*, a price is held as the zigzag of (price - expected price) in quanta; without, in quanta less base.

use super::RowError;
use super::bits::{bits_at, u8_at, word_at};
use super::dictionary::{Dictionary, Sizes};
use super::presence::{Kind, Presence, WHOLE_BITS};
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
    /// The first price of every SKU, by rank.
    pub(super) firsts: Values<'a>,
    /// How the later prices are packed, behind the first ones.
    later: Packed,
    /// Are values differences from what is expected?
    pub(super) expected: bool,
    /// What raw values count from.
    pub(super) base: u64,
}

/// How numbers are packed.
#[derive(Debug, Clone, Copy, Default)]
struct Packed {
    count: usize,
    width: u32,
    exceptions: usize,
}

/// Where a SKU's prices stand in its frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    /// Its shape; none where it is plain.
    pub(super) shape: Option<usize>,
    /// The number of its second price among the later ones; its first stands at its rank.
    pub(super) later: usize,
}

impl<'a> Frame<'a> {
    #[inline(always)]
    pub(super) fn parse(bytes: &'a [u8], at: usize) -> Result<Self, RowError> {
        let head = word_at(bytes, at)?.to_le_bytes();
        let [count, bits, low_bits, width, extent_low, extent_high, exceptions, shape_width] = head;
        let count = usize::from(count) + 1;
        let mut next = at + 8;
        let mut base = 0;
        if bits & 8 != 0 {
            base = word_at(bytes, next)?;
            next += 8;
        }
        let (mut one, mut shaped, mut later) = (0, 0, Packed::default());
        let shapes = (bits >> 4) & 3;
        if shapes != 0 {
            let [first, second, third, fourth, fifth, sixth, ..] = word_at(bytes, next)?.to_le_bytes();
            let packed = if shapes == 1 {
                one = usize::from(u16::from_le_bytes([first, second]));
                next += 6;
                [third, fourth, fifth, sixth]
            } else {
                shaped = usize::from(first) + 1;
                next += 5;
                [second, third, fourth, fifth]
            };
            let [low, high, width, exceptions] = packed;
            later = Packed {
                count: usize::from(u16::from_le_bytes([low, high])),
                width: u32::from(width).min(64),
                exceptions: usize::from(exceptions),
            };
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
        let shapes = match shapes {
            0 => Shapes::Plain,
            1 => Shapes::One(one),
            _ => {
                let bitmap = next;
                let ids = bitmap + count.div_ceil(8);
                next = ids + (shaped * usize::from(shape_width)).div_ceil(8);
                Shapes::Mixed { bitmap, ids, width: u32::from(shape_width).min(ID_BITS) }
            }
        };
        let firsts = Values {
            bytes,
            at: next,
            count,
            width: u32::from(width).min(64),
            exceptions: usize::from(exceptions),
        };
        Ok(Self { bytes, shapes, presence, firsts, later, expected: bits & 4 != 0, base })
    }

    /// The prices that SKUs have beyond their first ones.
    #[inline]
    pub(super) fn later(&self) -> Result<Values<'a>, RowError> {
        let at = self.firsts.at + self.firsts.len_bytes()?;
        let Packed { count, width, exceptions } = self.later;
        Ok(Values { bytes: self.bytes, at, count, width, exceptions })
    }

    /// Where the prices of the SKU number `rank` of the frame stand.
    #[inline(always)]
    pub(super) fn slot(&self, rank: usize, shapes: Option<Dictionary<'_>>) -> Result<Slot, RowError> {
        match self.shapes {
            Shapes::Plain => Ok(Slot { shape: None, later: 0 }),
            Shapes::One(shape) => {
                let later = shapes.ok_or(RowError::Torn)?.later_prices(shape)?;
                Ok(Slot { shape: Some(shape), later: rank * later })
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
        let later = self.later_of(before, (ids, width), shapes)?;
        let bits = usize::try_from(width).map_err(|_| RowError::Torn)?;
        let id = bits_at(self.bytes, ids, before * bits, width)?;
        Ok(Slot { shape: Some(usize::try_from(id).map_err(|_| RowError::Torn)?), later })
    }

    /// How many prices the first `before` shaped SKUs have beyond their first ones.
    #[inline(always)]
    fn later_of(&self, before: usize, ids: (usize, u32), shapes: Dictionary<'_>) -> Result<usize, RowError> {
        match shapes.later() {
            Sizes::Bytes(known) => self.sum_over(before, ids, known, |count| usize::from(*count)),
            Sizes::Pairs(known) => {
                self.sum_over(before, ids, known, |pair| usize::from(u16::from_le_bytes(*pair)))
            }
        }
    }

    /// What is known of the shapes of the first `before` shaped SKUs, summed. As many ids as a word holds are read at once.
    #[inline(always)]
    fn sum_over<T>(
        &self,
        before: usize,
        (ids, width): (usize, u32),
        known: &[T],
        count: impl Fn(&T) -> usize,
    ) -> Result<usize, RowError> {
        let bits = usize::try_from(width).map_err(|_| RowError::Torn)?;
        let of = |id: usize| known.get(id).map(&count).ok_or(RowError::Torn);
        if bits == 0 {
            return Ok(before * of(0)?);
        }
        let (at_once, mask) = ((WHOLE_BITS / bits).max(1), u64::MAX >> (64 - width));
        let (mut sum, mut left, mut bit) = (0, before, 0);
        while left > 0 {
            let mut word = word_at(self.bytes, ids + bit / 8)? >> (bit % 8);
            let taken = left.min(at_once);
            for _ in 0..taken {
                sum += of(usize::try_from(word & mask).map_err(|_| RowError::Torn)?)?;
                word >>= bits;
            }
            (left, bit) = (left - taken, bit + taken * bits);
        }
        Ok(sum)
    }
}
