//! What are the bytes of a segment, and how is a SKU, category or brand found in them?
//!
//! Format 2, all numbers little-endian:
//!
//! ```text
//!  0 format              u8      2
//!  1 quantum             u8      step of all prices: {1, 2, 5}[q % 3] x 10^(q / 3) millionths
//!  2 frames              u16
//!  4 checksum            u32     low half of xxh3-64 of everything from byte 8 on
//!  8 codec epoch         u32
//! 12 SKUs                u32
//! 16 shapes at           u32     0: none; the dictionary of module `shape`
//! 20 classes at          u32     0: none; the class table of module `predict`
//! 24 targets at          u32     0: none
//! 28 frames x { first position u32, offset u32 }     ascending
//!    frames, as module `frame` has them
//!    [shapes] [classes] [targets]
//!    8 bytes of zero, so that every read may load a whole word
//!
//! targets: count u16 | count x { key u32 (bit 31: brand, else category), offset u32 } ascending | records
//! record:  prices varint | prices x price signed varint (millionths) | a record of module `shape`
//! ```
//!
//! A look-up trusts the storage's own checksum for the bytes as they came from disk; [`Segment::verify`] checks the
//! row's, which also covers the way through memory and files.

use crate::domain::cell::Target;
use crate::domain::decimal::Micros;
use crate::domain::ids::{BrandId, CategoryId};

use super::RowError;
use super::bits::{Reader, u8_at, u16_at, u32_at, unzigzag};
use super::cells::CellBuffer;
use super::dictionary::Dictionary;
use super::epoch::{CodecEpoch, Expected};
use super::frame::Frame;
use super::predict::{ClassTable, step_of};
use super::processor::Processor;
use super::shape::read_record;

/// The format written and read.
pub const FORMAT: u8 = 2;
/// Bytes of the header.
pub(super) const HEADER_BYTES: usize = 28;

/// A segment of a row, borrowed.
#[derive(Debug, Clone, Copy)]
pub struct Segment<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) epoch: &'a CodecEpoch,
    /// Where each frame begins: its first position and its offset.
    pub(super) directory: &'a [[u8; 8]],
    quantum: i64,
    shapes: Option<Dictionary<'a>>,
    classes: Option<ClassTable<'a>>,
    pub(super) targets: usize,
    processor: Processor,
}

/// What a segment says of a SKU.
#[derive(Debug, Clone, Copy)]
pub enum Found<'a> {
    /// One price for one base unit, whatever the date and quantity.
    Plain(Micros),
    /// Cells to decode.
    Cells(Stored<'a>),
}

/// Cells of a SKU that are still packed.
#[derive(Debug, Clone, Copy)]
pub struct Stored<'a> {
    segment: &'a Segment<'a>,
    /// Where the frame begins.
    frame: usize,
    shape: usize,
    rank: usize,
    later: usize,
    expected: Expected,
}

impl<'a> Segment<'a> {
    /// Reads the header.
    ///
    /// # Errors
    /// Another format, another epoch than the one given, or torn bytes.
    #[inline]
    pub fn parse(bytes: &'a [u8], epoch: &'a CodecEpoch) -> Result<Self, RowError> {
        let format = u8_at(bytes, 0)?;
        if format != FORMAT {
            return Err(RowError::OtherFormat(format));
        }
        let named = u32_at(bytes, 8)?;
        if named != epoch.number() {
            return Err(RowError::OtherEpoch(named));
        }
        let part = |at: usize| u32_at(bytes, at).map(index);
        let shapes = match part(16)? {
            0 => None,
            at => Some(Dictionary::parse(bytes, at)?),
        };
        let classes = match part(20)? {
            0 => None,
            at => Some(ClassTable::parse(bytes, at)?),
        };
        Ok(Self {
            bytes,
            epoch,
            directory: directory(bytes)?,
            quantum: step_of(u8_at(bytes, 1)?),
            shapes,
            classes,
            targets: part(24)?,
            processor: Processor::here(),
        })
    }

    /// The codec epoch that a segment's bytes name.
    ///
    /// # Errors
    /// Torn bytes.
    pub fn epoch_of(bytes: &[u8]) -> Result<u32, RowError> {
        u32_at(bytes, 8)
    }

    /// Checks the checksum.
    ///
    /// # Errors
    /// [`RowError::Checksum`] where a bit was flipped.
    pub fn verify(bytes: &[u8]) -> Result<(), RowError> {
        let (stated, found) = (u32_at(bytes, 4)?, checksum(bytes));
        if stated == found { Ok(()) } else { Err(RowError::Checksum { found, stated }) }
    }

    /// How many SKUs have cells here.
    ///
    /// # Errors
    /// Torn bytes.
    pub fn skus(&self) -> Result<u32, RowError> {
        u32_at(self.bytes, 12)
    }

    /// Before many look-ups: reads a byte of every cache line, one after another, which a processor does many times faster
    /// than the jumps of look-ups into a row that it has not seen. Does nothing where the look-ups are few for the bytes.
    pub fn approach(&self, look_ups: usize) {
        const CACHE_LINE_BYTES: usize = 64;
        const BYTES_A_LOOK_UP: usize = 512;
        if self.bytes.len() <= look_ups.saturating_mul(BYTES_A_LOOK_UP) {
            std::hint::black_box(self.bytes.iter().step_by(CACHE_LINE_BYTES).fold(0, |sum, byte| sum ^ byte));
        }
    }

    /// What is said of the SKU at a position.
    ///
    /// # Errors
    /// Torn bytes.
    #[inline]
    pub fn find(&self, position: u32) -> Result<Option<Found<'_>>, RowError> {
        self.processor.find(self, position)
    }

    /// The look-up itself, compiled into each of [`Processor`]'s ways.
    #[inline(always)]
    pub(super) fn look_up(&self, position: u32) -> Result<Option<Found<'_>>, RowError> {
        let behind = self
            .directory
            .partition_point(|[a, b, c, d, ..]| u32::from_le_bytes([*a, *b, *c, *d]) <= position);
        let Some([a, b, c, d, at @ ..]) = behind.checked_sub(1).and_then(|last| self.directory.get(last))
        else {
            return Ok(None);
        };
        let first = u32::from_le_bytes([*a, *b, *c, *d]);
        let at = index(u32::from_le_bytes(*at));
        let frame = Frame::parse(self.bytes, at)?;
        match frame.presence.rank(position - first)? {
            None => Ok(None),
            Some(rank) => self.at_rank(&frame, at, (rank, position)).map(Some),
        }
    }

    #[inline(always)]
    pub(super) fn at_rank(
        &self,
        frame: &Frame<'_>,
        at: usize,
        (rank, position): (usize, u32),
    ) -> Result<Found<'_>, RowError> {
        let slot = frame.slot(rank, self.shapes)?;
        let expected = if frame.expected { self.epoch.expected(position) } else { Expected::default() };
        match slot.shape {
            None => self.first_price(frame, rank, expected).map(|price| Found::Plain(Micros(price))),
            Some(shape) => Ok(Found::Cells(Stored {
                segment: self,
                frame: at,
                shape,
                rank,
                later: slot.later,
                expected,
            })),
        }
    }

    #[inline(always)]
    fn first_price(&self, frame: &Frame<'_>, rank: usize, expected: Expected) -> Result<i64, RowError> {
        let guess = match (&self.classes, frame.expected) {
            (Some(classes), true) => classes.price(expected),
            _ => 0,
        };
        self.price(frame, frame.firsts.get(rank)?, guess)
    }

    #[inline(always)]
    fn price(&self, frame: &Frame<'_>, value: u64, guess: i64) -> Result<i64, RowError> {
        let price = if frame.expected {
            unzigzag(value).checked_mul(self.quantum).and_then(|rest| rest.checked_add(guess))
        } else {
            value
                .checked_add(frame.base)
                .and_then(|quanta| i64::try_from(quanta).ok())
                .and_then(|quanta| quanta.checked_mul(self.quantum))
        };
        price.ok_or(RowError::Torn)
    }

    /// Decodes what is said of a category or brand into `out`, which is emptied first; false where nothing is.
    ///
    /// # Errors
    /// Torn bytes.
    pub fn target(&self, target: Target, out: &mut CellBuffer) -> Result<bool, RowError> {
        out.clear();
        let Some(key) = target_key(target) else { return Ok(false) };
        if self.targets == 0 {
            return Ok(false);
        }
        let count = usize::from(u16_at(self.bytes, self.targets)?);
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = low.midpoint(high);
            match u32_at(self.bytes, self.targets + 2 + middle * 8)?.cmp(&key) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return self.read_target(middle, out).map(|()| true),
            }
        }
        Ok(false)
    }

    /// The cells of the category or brand at a place in the section of targets.
    pub(super) fn read_target(&self, number: usize, out: &mut CellBuffer) -> Result<(), RowError> {
        let offset = index(u32_at(self.bytes, self.targets + 2 + number * 8 + 4)?);
        let mut prices = Reader::new(self.bytes, self.targets + offset);
        let count = prices.varint()?;
        let mut record = prices;
        for _ in 0..count {
            record.signed()?;
        }
        read_record(&mut record, out, &mut |_| prices.signed())
    }

    /// Has the row cells for categories or brands?
    #[must_use]
    #[inline]
    pub fn has_targets(&self) -> bool {
        self.targets != 0
    }
}

impl Stored<'_> {
    /// Decodes the cells into `out`, which is emptied first.
    ///
    /// # Errors
    /// Torn bytes.
    pub fn decode(&self, out: &mut CellBuffer) -> Result<(), RowError> {
        out.clear();
        let segment = self.segment;
        let frame = &Frame::parse(segment.bytes, self.frame)?;
        let mut record = segment.shapes.ok_or(RowError::Torn)?.record(self.shape)?;
        let later = frame.later()?;
        let mut number = self.later;
        let mut leading: Option<i64> = None;
        read_record(&mut record, out, &mut |ratio| {
            let Some(first) = leading else {
                let first = segment.first_price(frame, self.rank, self.expected)?;
                leading = Some(first);
                return Ok(first);
            };
            let guess = match &segment.classes {
                Some(classes) if ratio > 0 => classes.rule.apply(first, ratio),
                _ => 0,
            };
            number += 1;
            segment.price(frame, later.get(number - 1)?, guess)
        })
    }
}

/// The key of a category or brand in the section of targets.
pub(super) fn target_key(target: Target) -> Option<u32> {
    match target {
        Target::Sku(_) => None,
        Target::Category(id) => Some(id.0 & !BRAND_BIT),
        Target::Brand(id) => Some(id.0 | BRAND_BIT),
    }
}

const BRAND_BIT: u32 = 1 << 31;

/// The way back from [`target_key`].
pub(super) fn target_of(key: u32) -> Target {
    if key & BRAND_BIT == 0 {
        Target::Category(CategoryId(key))
    } else {
        Target::Brand(BrandId(key & !BRAND_BIT))
    }
}

fn directory(bytes: &[u8]) -> Result<&[[u8; 8]], RowError> {
    let frames = usize::from(u16_at(bytes, 2)?);
    let entries = bytes.get(HEADER_BYTES..HEADER_BYTES + frames * 8).ok_or(RowError::Torn)?;
    Ok(entries.as_chunks::<8>().0)
}

/// The checksum of a segment's bytes.
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    let hash = xxhash_rust::xxh3::xxh3_64(bytes.get(8..).unwrap_or_default());
    u32::from_le_bytes(*hash.to_le_bytes().first_chunk::<4>().unwrap_or(&[0; 4]))
}

pub(super) fn index(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}
