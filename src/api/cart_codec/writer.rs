//! How are fields written without a look at the room for each? Into bytes that were made ready, a word at a time.

/// From here on, a varint and its key do not fit a word.
const SEVEN_BYTE_VARINT: u64 = 1 << 49;

/// Bytes with room ahead, written a word at a time.
pub(super) struct Writer {
    out: Vec<u8>,
    at: usize,
}

impl Writer {
    /// Goes on behind `out`, with room up to `room` bytes.
    pub(super) fn over(mut out: Vec<u8>, room: usize) -> Self {
        let at = out.len();
        out.resize(room.max(at), 0);
        Self { out, at }
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.out.truncate(self.at);
        self.out
    }

    /// Room for what is longer than the room that a line was given.
    #[cold]
    pub(super) fn make_room(&mut self, more: usize) {
        self.out.resize(self.out.len() + more, 0);
    }

    #[inline]
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        if let Some(place) = self.out.get_mut(self.at..self.at + bytes.len()) {
            place.copy_from_slice(bytes);
            self.at += bytes.len();
        }
    }

    #[inline]
    pub(super) fn word(&mut self, word: u64, used: usize) {
        if let Some(place) = self.out.get_mut(self.at..self.at + 8) {
            place.copy_from_slice(&word.to_le_bytes());
            self.at += used;
        }
    }

    /// A field of one key byte; zero is left out, as proto3 has it.
    #[inline]
    pub(super) fn field(&mut self, key: u8, value: i64) {
        if value != 0 {
            self.keyed(key, value.cast_unsigned());
        }
    }

    /// A key byte and a varint.
    #[inline]
    pub(super) fn keyed(&mut self, key: u8, value: u64) {
        if value >= SEVEN_BYTE_VARINT {
            self.bytes(&[key]);
            return self.long(value);
        }
        let (word, bytes) = spread(value);
        self.word(word << 8 | u64::from(key), bytes + 1);
    }

    /// A varint.
    #[inline]
    pub(super) fn varint(&mut self, value: u64) {
        if value >= SEVEN_BYTE_VARINT {
            return self.long(value);
        }
        let (word, bytes) = spread(value);
        self.word(word, bytes);
    }

    #[cold]
    fn long(&mut self, value: u64) {
        let mut bytes = Vec::new();
        prost::encoding::encode_varint(value, &mut bytes);
        self.bytes(&bytes);
    }
}

/// A number below [`SEVEN_BYTE_VARINT`], spread over bytes of seven bits without a branch a byte, and how many these are.
#[inline]
fn spread(value: u64) -> (u64, usize) {
    let mut spread = value;
    spread = spread & 0x0000_0000_0fff_ffff | (spread & 0x00ff_ffff_f000_0000) << 4;
    spread = spread & 0x0000_3fff_0000_3fff | (spread & 0x0fff_c000_0fff_c000) << 2;
    spread = spread & 0x007f_007f_007f_007f | (spread & 0x3f80_3f80_3f80_3f80) << 1;
    let bytes = varint_bytes(value);
    let continued = 0x8080_8080_8080_8080 & ((1_u64 << (8 * (bytes - 1))) - 1);
    (spread | continued, bytes)
}

/// Bytes of a varint.
#[inline]
pub(super) fn varint_bytes(value: u64) -> usize {
    usize::try_from((63 - (value | 1).leading_zeros()) / 7 + 1).unwrap_or(0)
}

/// Bytes of a field of one key byte.
#[inline]
pub(super) fn field_bytes(value: i64) -> usize {
    if value == 0 { 0 } else { 1 + varint_bytes(value.cast_unsigned()) }
}
