//! How are small numbers packed? Little-endian bit strings and variable-length integers, read without panics.

use super::RowError;

/// Bytes after the last packed one, so that every read may load a whole word.
pub(super) const TAIL_BYTES: usize = 8;

/// Reads a little-endian word at a byte offset.
#[inline(always)]
pub(super) fn word_at(bytes: &[u8], at: usize) -> Result<u64, RowError> {
    bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk::<8>())
        .map(|w| u64::from_le_bytes(*w))
        .ok_or(RowError::Torn)
}

/// Reads a `u32` at a byte offset.
#[inline(always)]
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Result<u32, RowError> {
    bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk::<4>())
        .map(|w| u32::from_le_bytes(*w))
        .ok_or(RowError::Torn)
}

/// Reads a `u16` at a byte offset.
#[inline(always)]
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Result<u16, RowError> {
    bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk::<2>())
        .map(|w| u16::from_le_bytes(*w))
        .ok_or(RowError::Torn)
}

/// Reads a byte.
#[inline(always)]
pub(super) fn u8_at(bytes: &[u8], at: usize) -> Result<u8, RowError> {
    bytes.get(at).copied().ok_or(RowError::Torn)
}

/// Reads `width` (0 to 64) bits that begin `bit` bits after byte `at`.
#[inline(always)]
pub(super) fn bits_at(bytes: &[u8], at: usize, bit: usize, width: u32) -> Result<u64, RowError> {
    if width == 0 {
        return Ok(0);
    }
    let byte = at + bit / 8;
    let shift = bit % 8;
    let low = word_at(bytes, byte)? >> shift;
    let have = 64 - shift;
    let wide = u32::try_from(have).unwrap_or(0);
    let word = if width > wide { low | (u64::from(u8_at(bytes, byte + 8)?) << have) } else { low };
    Ok(word & (u64::MAX >> (64 - width)))
}

/// Packs bits from the lowest up.
#[derive(Debug, Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    held: u128,
    count: u32,
}

impl BitWriter {
    pub(super) fn push(&mut self, value: u64, width: u32) {
        let kept = if width == 0 { 0 } else { value & (u64::MAX >> (64 - width)) };
        self.held |= u128::from(kept) << self.count;
        self.count += width;
        while self.count >= 8 {
            self.bytes.push(self.held.to_le_bytes()[0]);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.bytes.push(self.held.to_le_bytes()[0]);
        }
        self.bytes
    }
}

/// Bits that `value` needs.
pub(super) fn width_of(value: u64) -> u32 {
    64 - value.leading_zeros()
}

/// Signed to unsigned, small sizes first.
#[inline]
pub(crate) fn zigzag(value: i64) -> u64 {
    (value.cast_unsigned() << 1) ^ (value >> 63).cast_unsigned()
}

/// The way back.
#[inline(always)]
pub(crate) fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

/// Appends a variable-length integer.
pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

/// Appends a signed one.
pub(super) fn put_signed(out: &mut Vec<u8>, value: i64) {
    put_varint(out, zigzag(value));
}

/// Reads variable-length integers one after another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8, RowError> {
        let byte = u8_at(self.bytes, self.at)?;
        self.at += 1;
        Ok(byte)
    }

    #[inline]
    pub(super) fn varint(&mut self) -> Result<u64, RowError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(RowError::Torn)
    }

    #[inline]
    pub(super) fn signed(&mut self) -> Result<i64, RowError> {
        self.varint().map(unzigzag)
    }

    #[inline]
    pub(super) fn narrow<T: TryFrom<u64>>(&mut self) -> Result<T, RowError> {
        T::try_from(self.varint()?).map_err(|_| RowError::Torn)
    }
}
