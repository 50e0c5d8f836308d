//! Where do the shapes of a segment stand? In a dictionary, by their ids.
//!
//! ```text
//! bit 0: a size is a u16, else a u8        u8
//! shapes u16 | offset of every 64th record, from the dictionary's begin, u32 each
//! shapes x bytes of the record, a size each | shapes x prices beyond the first, a size each | records
//! ```

use std::ops::Range;

use super::RowError;
use super::bits::{Reader, u8_at, u16_at, u32_at};

/// Bytes before the offsets.
const HEAD_BYTES: usize = 3;
/// Records whose offset is held; between them lengths are summed.
const OFFSET_EVERY: usize = 64;

/// Numbers that stand one after another.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sizes<'a> {
    /// A byte each.
    Bytes(&'a [u8]),
    /// Two bytes each.
    Pairs(&'a [[u8; 2]]),
}

impl<'a> Sizes<'a> {
    fn parse(bytes: &'a [u8], pairs: bool) -> Self {
        if pairs { Self::Pairs(bytes.as_chunks::<2>().0) } else { Self::Bytes(bytes) }
    }

    #[inline(always)]
    fn get(self, number: usize) -> Option<usize> {
        match self {
            Self::Bytes(bytes) => bytes.get(number).copied().map(usize::from),
            Self::Pairs(pairs) => pairs.get(number).map(|pair| usize::from(u16::from_le_bytes(*pair))),
        }
    }

    fn sum(self, of: Range<usize>) -> Option<usize> {
        Some(match self {
            Self::Bytes(bytes) => bytes.get(of)?.iter().map(|byte| usize::from(*byte)).sum(),
            Self::Pairs(pairs) => {
                pairs.get(of)?.iter().map(|pair| usize::from(u16::from_le_bytes(*pair))).sum()
            }
        })
    }
}

/// A dictionary of shapes, as it stands in a segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dictionary<'a> {
    bytes: &'a [u8],
    at: usize,
    lengths: Sizes<'a>,
    later: Sizes<'a>,
}

impl<'a> Dictionary<'a> {
    pub(super) fn parse(bytes: &'a [u8], at: usize) -> Result<Self, RowError> {
        let pairs = u8_at(bytes, at)? & 1 == 1;
        let shapes = usize::from(u16_at(bytes, at + 1)?);
        let sizes = if pairs { shapes * 2 } else { shapes };
        let lengths = at + HEAD_BYTES + shapes.div_ceil(OFFSET_EVERY) * 4;
        let part = |from: usize| bytes.get(from..from + sizes).ok_or(RowError::Torn);
        Ok(Self {
            bytes,
            at,
            lengths: Sizes::parse(part(lengths)?, pairs),
            later: Sizes::parse(part(lengths + sizes)?, pairs),
        })
    }

    /// How many prices a shape has beyond its first.
    #[inline]
    pub(super) fn later_prices(&self, shape: usize) -> Result<usize, RowError> {
        self.later.get(shape).ok_or(RowError::Torn)
    }

    /// The same of all shapes.
    #[inline(always)]
    pub(super) fn later(&self) -> Sizes<'a> {
        self.later
    }

    /// The record of a shape.
    #[inline]
    pub(super) fn record(&self, shape: usize) -> Result<Reader<'a>, RowError> {
        let group = shape / OFFSET_EVERY;
        let offset = u32_at(self.bytes, self.at + HEAD_BYTES + group * 4)?;
        let before = self.lengths.sum(group * OFFSET_EVERY..shape).ok_or(RowError::Torn)?;
        let offset = usize::try_from(offset).map_err(|_| RowError::Torn)?;
        Ok(Reader::new(self.bytes, self.at + offset + before))
    }
}

/// The bytes of a dictionary of these records, each with its number of prices.
pub(super) fn write_dictionary(records: &[(Vec<u8>, usize)]) -> Result<Vec<u8>, RowError> {
    let count = u16::try_from(records.len()).map_err(|_| RowError::TooLarge("shapes of a segment"))?;
    let later = |prices: &usize| prices.saturating_sub(1);
    let pairs = records.iter().any(|(record, prices)| u8::try_from(record.len().max(later(prices))).is_err());
    let mut bytes = vec![u8::from(pairs)];
    bytes.extend(count.to_le_bytes());
    let size = if pairs { 2 } else { 1 };
    let mut offset = HEAD_BYTES + records.len().div_ceil(OFFSET_EVERY) * 4 + records.len() * size * 2;
    for group in records.chunks(OFFSET_EVERY) {
        bytes.extend(u32::try_from(offset).map_err(|_| RowError::TooLarge("shapes"))?.to_le_bytes());
        offset += group.iter().map(|(record, _)| record.len()).sum::<usize>();
    }
    let lengths = records.iter().map(|(record, _)| record.len());
    for number in lengths.chain(records.iter().map(|(_, prices)| later(prices))) {
        let number = u16::try_from(number).map_err(|_| RowError::TooLarge("price points of a SKU"))?;
        bytes.extend(number.to_le_bytes().iter().take(size));
    }
    for (record, _) in records {
        bytes.extend_from_slice(record);
    }
    Ok(bytes)
}
