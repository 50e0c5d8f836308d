//! Which positions has a frame? A run, a bitmap or Elias-Fano, whichever is shortest; each gives a rank.
//!
//! ```text
//! run        nothing: positions first, first + 1, ...
//! bitmap     bit p set: position first + p is there; `extent` bits
//! elias_fano low `l` bits of (position - first), packed, count x l bits, in whole bytes;
//!            then the upper parts in unary: element i of upper part h sets bit h + i; `extent` bits
//! ```

use super::RowError;
use super::bits::{BitWriter, bits_at, width_of, word_at};

/// How positions are held. The tag stands in the frame header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Consecutive.
    Run,
    /// One bit a position.
    Bitmap,
    /// Elias-Fano.
    EliasFano,
}

impl Kind {
    pub(super) fn tag(self) -> u8 {
        match self {
            Self::Run => 0,
            Self::Bitmap => 1,
            Self::EliasFano => 2,
        }
    }

    pub(super) fn of_tag(tag: u8) -> Result<Self, RowError> {
        match tag {
            0 => Ok(Self::Run),
            1 => Ok(Self::Bitmap),
            2 => Ok(Self::EliasFano),
            _ => Err(RowError::Torn),
        }
    }
}

/// A frame's positions, as they stand in a segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Presence<'a> {
    pub(super) kind: Kind,
    /// Low bits an element, for Elias-Fano.
    pub(super) low_bits: u32,
    /// Bits of the bitmap or of the unary part.
    pub(super) extent: usize,
    /// How many positions there are.
    pub(super) count: usize,
    /// The segment.
    pub(super) bytes: &'a [u8],
    /// Where the presence begins.
    pub(super) at: usize,
}

/// What [`encode`] made.
#[derive(Debug)]
pub(super) struct Encoded {
    pub(super) kind: Kind,
    pub(super) low_bits: u32,
    pub(super) extent: usize,
    pub(super) bytes: Vec<u8>,
}

/// Bits that a frame of `count` positions over `span` takes in its shortest form, for choosing where frames end.
pub(super) fn encode(relative: &[u32]) -> Result<Encoded, RowError> {
    let count = relative.len();
    let span = index(relative.last().copied().ok_or(RowError::Torn)?) + 1;
    if span == count {
        return Ok(Encoded { kind: Kind::Run, low_bits: 0, extent: 0, bytes: Vec::new() });
    }
    let (low_bits, fano_bytes) = (0..32_u32)
        .map(|low| (low, (count * index(low)).div_ceil(8) + (count + (span >> low) + 1).div_ceil(8)))
        .filter(|(low, _)| count + (span >> low) < usize::from(u16::MAX))
        .min_by_key(|(_, size)| *size)
        .ok_or(RowError::TooLarge("positions of a frame"))?;
    if span.div_ceil(8) <= fano_bytes && span <= usize::from(u16::MAX) {
        return Ok(Encoded { kind: Kind::Bitmap, low_bits: 0, extent: span, bytes: bitmap(relative, span) });
    }
    let mut low = BitWriter::default();
    for position in relative {
        low.push(u64::from(*position), low_bits);
    }
    let mut bytes = low.finish();
    let upper: Vec<u32> = relative.iter().zip(0_u32..).map(|(p, i)| (p >> low_bits) + i).collect();
    let extent = index(upper.last().copied().unwrap_or(0)) + 1;
    bytes.extend(bitmap(&upper, extent));
    Ok(Encoded { kind: Kind::EliasFano, low_bits, extent, bytes })
}

fn bitmap(ascending: &[u32], extent: usize) -> Vec<u8> {
    let mut bytes = vec![0_u8; extent.div_ceil(8)];
    for position in ascending {
        if let Some(byte) = bytes.get_mut(index(position / 8)) {
            *byte |= 1 << (position % 8);
        }
    }
    bytes
}

fn index(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

impl Presence<'_> {
    /// Bytes of the low part.
    #[inline(always)]
    fn low_bytes(&self) -> usize {
        (self.count * index(self.low_bits)).div_ceil(8)
    }

    /// Bytes it takes.
    #[inline(always)]
    pub(super) fn len_bytes(&self) -> usize {
        match self.kind {
            Kind::Run => 0,
            Kind::Bitmap => self.extent.div_ceil(8),
            Kind::EliasFano => self.low_bytes() + self.extent.div_ceil(8),
        }
    }

    /// How many positions come before `relative`, where it is there.
    #[inline(always)]
    pub(super) fn rank(&self, relative: u32) -> Result<Option<usize>, RowError> {
        let relative = index(relative);
        match self.kind {
            Kind::Run => Ok((relative < self.count).then_some(relative)),
            Kind::Bitmap => self.rank_in_bitmap(relative),
            Kind::EliasFano => self.rank_in_fano(relative),
        }
    }

    /// Whole words from a byte on; the segment's tail lets the last one be read as a whole.
    #[inline(always)]
    fn words(&self, at: usize) -> Result<&[[u8; 8]], RowError> {
        Ok(self.bytes.get(at..).ok_or(RowError::Torn)?.as_chunks::<8>().0)
    }

    #[inline(always)]
    fn rank_in_bitmap(&self, relative: usize) -> Result<Option<usize>, RowError> {
        if relative >= self.extent {
            return Ok(None);
        }
        let (count, bit) = (relative / 64, relative % 64);
        let words = self.words(self.at)?;
        let last = u64::from_le_bytes(*words.get(count).ok_or(RowError::Torn)?);
        if (last >> bit) & 1 == 0 {
            return Ok(None);
        }
        let mut rank = (last & ((1_u64 << bit) - 1)).count_ones();
        for word in words.get(..count).ok_or(RowError::Torn)? {
            rank += u64::from_le_bytes(*word).count_ones();
        }
        Ok(Some(index(rank)))
    }

    #[inline(always)]
    fn rank_in_fano(&self, relative: usize) -> Result<Option<usize>, RowError> {
        let high = relative >> self.low_bits;
        let low = u64::try_from(relative & ((1 << self.low_bits) - 1)).unwrap_or(u64::MAX);
        let upper = self.at + self.low_bytes();
        let mut at = match high.checked_sub(1) {
            None => 0,
            Some(before) => self.zero(upper, before)? + 1,
        };
        // The elements of this upper part are the ones that begin here.
        while at < self.extent {
            let here = word_at(self.bytes, upper + at / 8)? >> (at % 8);
            let ones = index(here.trailing_ones()).min(self.extent - at);
            let rank = at - high;
            for element in 0..ones {
                let found =
                    bits_at(self.bytes, self.at, (rank + element) * index(self.low_bits), self.low_bits)?;
                if found >= low {
                    return Ok((found == low).then_some(rank + element));
                }
            }
            // A word read from the middle of a byte holds at least this many bits.
            if ones < WHOLE_BITS {
                break;
            }
            at += ones;
        }
        Ok(None)
    }

    /// Where the zero number `number`, counted from none, stands in the unary part at byte `upper`; past its end where
    /// there are fewer.
    #[inline(always)]
    fn zero(&self, upper: usize, number: usize) -> Result<usize, RowError> {
        let mut left = u32::try_from(number).unwrap_or(u32::MAX);
        let words = self.words(upper)?.get(..self.extent.div_ceil(64)).ok_or(RowError::Torn)?;
        for (position, word) in words.iter().enumerate() {
            let zeros = !u64::from_le_bytes(*word);
            let count = zeros.count_ones();
            if left < count {
                return Ok(position * 64 + select(zeros, left));
            }
            left -= count;
        }
        Ok(self.extent)
    }

    /// All positions, relative to the first.
    pub(super) fn positions(&self) -> Result<Vec<u32>, RowError> {
        let mut found = Vec::with_capacity(self.count);
        match self.kind {
            Kind::Run => found.extend((0_u32..).take(self.count)),
            Kind::Bitmap => {
                for at in 0..self.extent {
                    if bits_at(self.bytes, self.at, at, 1)? == 1 {
                        found.push(u32::try_from(at).map_err(|_| RowError::Torn)?);
                    }
                }
            }
            Kind::EliasFano => {
                let upper = self.at + self.low_bytes();
                for at in 0..self.extent {
                    if bits_at(self.bytes, upper, at, 1)? == 1 {
                        let rank = found.len();
                        let low = bits_at(self.bytes, self.at, rank * index(self.low_bits), self.low_bits)?;
                        let high = u64::try_from(at - rank).map_err(|_| RowError::Torn)?;
                        let position = (high << self.low_bits) | low;
                        found.push(u32::try_from(position).map_err(|_| RowError::Torn)?);
                    }
                }
            }
        }
        if found.len() == self.count { Ok(found) } else { Err(RowError::Torn) }
    }
}

/// Bits that a word read from the middle of a byte holds at least.
pub(super) const WHOLE_BITS: usize = 57;

/// Position of the set bit number `number`, counted from none; there are more than `number`. Without a branch, since which
/// way one would go is not to be foretold: counts of set bits up to each byte, how many of these are at most `number`, and a
/// table for the byte after them.
#[inline(always)]
fn select(word: u64, number: u32) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const TOP: u64 = 0x8080_8080_8080_8080;
    let pairs = word - ((word >> 1) & 0x5555_5555_5555_5555);
    let nibbles = (pairs & 0x3333_3333_3333_3333) + ((pairs >> 2) & 0x3333_3333_3333_3333);
    let upto = (((nibbles + (nibbles >> 4)) & 0x0f0f_0f0f_0f0f_0f0f).wrapping_mul(EACH)) & !TOP;
    let number = u64::from(number & 63);
    let before = ((number * EACH) | TOP).wrapping_sub(upto) & TOP;
    let shift = (before.count_ones() * 8) & 63;
    let left = number.wrapping_sub(((upto << 8) >> shift) & 0xff) & 7;
    let byte = (word >> shift) & 0xff;
    let place = usize::try_from(left << 8 | byte).unwrap_or(0);
    index(shift) + usize::from(SELECT_IN_BYTE.get(place).copied().unwrap_or(0))
}

/// Position of the set bit `place >> 8` of the byte `place & 255`.
static SELECT_IN_BYTE: [u8; 8 << 8] = select_in_byte();

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn select_in_byte() -> [u8; 8 << 8] {
    let mut table = [0; 8 << 8];
    let mut place = 0;
    while place < table.len() {
        let mut left = place >> 8;
        let mut bit = 0;
        while bit < 8 {
            if (place >> bit) & 1 == 1 {
                if left == 0 {
                    table[place] = bit;
                    break;
                }
                left -= 1;
            }
            bit += 1;
        }
        place += 1;
    }
    table
}

/// A rough size in bits, to weigh frames before they are written.
pub(super) fn estimate_bits(count: usize, span: usize) -> usize {
    if span == count {
        return 0;
    }
    let ratio = u64::try_from(span / count.max(1)).unwrap_or(u64::MAX);
    let low = index(width_of(ratio).saturating_sub(1));
    span.min(count * low + count + (span >> low))
}
