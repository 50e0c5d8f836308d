//! What is a row's key? `publication u64 | list u32 | segment u16`, big-endian, so that byte order is
//! the order of publications, then lists, then segments: one publication is one disjoint range.

use std::fmt;

/// Bytes of an encoded [`RowKey`].
pub const ROW_KEY_BYTES: usize = 14;

/// Names one segment of one price list's row in one publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowKey {
    /// The publication that wrote the row; a number is never used twice.
    pub publication: u64,
    /// The price list's number.
    pub list: u32,
    /// The segment of the row, from 0.
    pub segment: u16,
}

impl RowKey {
    /// A key from its three numbers.
    pub const fn new(publication: u64, list: u32, segment: u16) -> Self {
        Self { publication, list, segment }
    }

    /// The least key of a publication.
    pub const fn first_of(publication: u64) -> Self {
        Self::new(publication, 0, 0)
    }

    /// The greatest key of a publication.
    pub const fn last_of(publication: u64) -> Self {
        Self::new(publication, u32::MAX, u16::MAX)
    }

    /// The bytes under which the row is stored.
    pub fn encode(self) -> [u8; ROW_KEY_BYTES] {
        let [a, b, c, d, e, f, g, h] = self.publication.to_be_bytes();
        let [i, j, k, l] = self.list.to_be_bytes();
        let [m, n] = self.segment.to_be_bytes();
        [a, b, c, d, e, f, g, h, i, j, k, l, m, n]
    }

    /// The key that these bytes spell, if they are a key's length.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (publication, rest) = bytes.split_first_chunk::<8>()?;
        let (list, rest) = rest.split_first_chunk::<4>()?;
        let (segment, rest) = rest.split_first_chunk::<2>()?;
        rest.is_empty().then(|| Self {
            publication: u64::from_be_bytes(*publication),
            list: u32::from_be_bytes(*list),
            segment: u16::from_be_bytes(*segment),
        })
    }
}

impl fmt::Display for RowKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "publication {} list {} segment {}", self.publication, self.list, self.segment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_is_number_order() {
        let keys = [
            RowKey::first_of(0),
            RowKey::new(0, 0, 1),
            RowKey::new(0, 1, 0),
            RowKey::new(0, 256, 255),
            RowKey::last_of(0),
            RowKey::first_of(1),
            RowKey::new(255, 7, 9),
            RowKey::first_of(256),
            RowKey::last_of(u64::MAX),
        ];
        for pair in keys.windows(2) {
            assert!(pair[0] < pair[1]);
            assert!(pair[0].encode() < pair[1].encode(), "{} before {}", pair[0], pair[1]);
        }
        for key in keys {
            assert_eq!(RowKey::decode(&key.encode()), Some(key));
        }
        assert_eq!(RowKey::decode(&[0; 13]), None);
        assert_eq!(RowKey::decode(&[0; 15]), None);
    }
}
