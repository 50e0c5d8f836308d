//! How are a frame's numbers packed? At one width, with the few that do not fit set apart.
//!
//! ```text
//! exceptions x index (u8 where the frame has at most 256 values, else u16)   ascending
//! where there are exceptions: their width u8, then exceptions x width bits, in whole bytes
//! values x width bits, in whole bytes; nothing stands in place of an exception but zero bits
//! ```

use super::RowError;
use super::bits::{BitWriter, bits_at, u8_at, width_of};

/// Most exceptions of a frame.
const EXCEPTIONS_MAX: usize = 255;

/// Packed values, as they stand in a segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    pub(super) count: usize,
    pub(super) width: u32,
    pub(super) exceptions: usize,
}

/// What [`encode`] made.
#[derive(Debug)]
pub(super) struct Encoded {
    pub(super) width: u32,
    pub(super) exceptions: usize,
    pub(super) bytes: Vec<u8>,
}

fn index_bytes(count: usize) -> usize {
    if count <= 256 { 1 } else { 2 }
}

pub(super) fn encode(values: &[u64]) -> Result<Encoded, RowError> {
    let mut counts = [0_usize; 65];
    for value in values {
        if let Some(slot) = counts.get_mut(usize::try_from(width_of(*value)).unwrap_or(64)) {
            *slot += 1;
        }
    }
    let widest = counts.iter().rposition(|count| *count > 0).unwrap_or(0);
    let mut above = 0_usize;
    let mut best = (usize::MAX, widest);
    for width in (0..=widest).rev() {
        if above > EXCEPTIONS_MAX {
            break;
        }
        let apart = if above == 0 { 0 } else { above * (index_bytes(values.len()) * 8 + widest) + 8 };
        let bits = values.len() * width + apart;
        if bits < best.0 {
            best = (bits, width);
        }
        above += counts.get(width).copied().unwrap_or(0);
    }
    let width = u32::try_from(best.1).map_err(|_| RowError::Torn)?;
    let mut bytes = Vec::new();
    let apart: Vec<(usize, u64)> =
        values.iter().enumerate().filter(|(_, v)| width_of(**v) > width).map(|(i, v)| (i, *v)).collect();
    for (index, _) in &apart {
        let index = u16::try_from(*index).map_err(|_| RowError::TooLarge("values of a frame"))?;
        bytes.extend(index.to_le_bytes().iter().take(index_bytes(values.len())));
    }
    if !apart.is_empty() {
        let wide = u32::try_from(widest).unwrap_or(64);
        bytes.push(u8::try_from(widest).unwrap_or(64));
        let mut packed = BitWriter::default();
        for (_, value) in &apart {
            packed.push(*value, wide);
        }
        bytes.extend(packed.finish());
    }
    let mut packed = BitWriter::default();
    for value in values {
        packed.push(if width_of(*value) > width { 0 } else { *value }, width);
    }
    bytes.extend(packed.finish());
    Ok(Encoded { width, exceptions: apart.len(), bytes })
}

impl Values<'_> {
    /// Bytes they take.
    #[inline(always)]
    pub(super) fn len_bytes(&self) -> Result<usize, RowError> {
        let packed = (self.count * usize_of(self.width)).div_ceil(8);
        if self.exceptions == 0 {
            return Ok(packed);
        }
        let indices = self.exceptions * index_bytes(self.count);
        let wide = usize::from(u8_at(self.bytes, self.at + indices)?);
        Ok(indices + 1 + (self.exceptions * wide).div_ceil(8) + packed)
    }

    #[inline(always)]
    pub(super) fn get(&self, index: usize) -> Result<u64, RowError> {
        let mut packed_at = self.at;
        if self.exceptions > 0 {
            let wide_at = self.at + self.exceptions * index_bytes(self.count);
            let wide = u32::from(u8_at(self.bytes, wide_at)?).min(64);
            if let Some(exception) = self.exception(index, wide_at)? {
                return bits_at(self.bytes, wide_at + 1, exception * usize_of(wide), wide);
            }
            packed_at = wide_at + 1 + (self.exceptions * usize_of(wide)).div_ceil(8);
        }
        bits_at(self.bytes, packed_at, index * usize_of(self.width), self.width)
    }

    /// Which of the exceptions, whose indices end at `end`, is the value at `index`?
    #[inline(always)]
    fn exception(&self, index: usize, end: usize) -> Result<Option<usize>, RowError> {
        let indices = self.bytes.get(self.at..end).ok_or(RowError::Torn)?;
        if index_bytes(self.count) == 1 {
            // There are at most 255, and to count is to compare many at once.
            let Ok(sought) = u8::try_from(index) else { return Ok(None) };
            let below = indices.iter().fold(0_u8, |count, at| count.wrapping_add(u8::from(*at < sought)));
            let place = usize::from(below);
            Ok(indices.get(place).is_some_and(|at| *at == sought).then_some(place))
        } else {
            let (pairs, _) = indices.as_chunks::<2>();
            Ok(pairs.binary_search_by_key(&index, |pair| usize::from(u16::from_le_bytes(*pair))).ok())
        }
    }
}

fn usize_of(width: u32) -> usize {
    usize::try_from(width).unwrap_or(0)
}
