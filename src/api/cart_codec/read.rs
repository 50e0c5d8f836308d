//! What stands next in a protobuf message? Varints, keys, slices; strict as prost is.

/// A message that is no protobuf, or not the one expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// It ends in the middle of a field.
    #[error("the message ends in the middle of a field")]
    Truncated,
    /// A varint of more than 64 bits.
    #[error("a varint has more than 64 bits")]
    Varint,
    /// Field number zero, or past 2^29.
    #[error("a field number is out of range")]
    FieldNumber,
    /// A known field in another wire type.
    #[error("a field has the wrong wire type")]
    WireType,
    /// A text that is not UTF-8.
    #[error("a text is not UTF-8")]
    Utf8,
    /// Groups, which nobody sends, too deep or not closed.
    #[error("a group is not closed or nested too deep")]
    Group,
}

/// Wire types.
pub const VARINT: u8 = 0;
/// Eight bytes.
pub const FIXED64: u8 = 1;
/// A length and so many bytes.
pub const BYTES: u8 = 2;
/// Opens a group.
pub const GROUP_START: u8 = 3;
/// Closes a group.
pub const GROUP_END: u8 = 4;
/// Four bytes.
pub const FIXED32: u8 = 5;

/// Groups in groups, as prost has it.
const GROUP_DEPTH_MAX: u32 = 100;

/// The rest of a message.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

/// A field's number and wire type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Number, above zero.
    pub field: u32,
    /// Wire type.
    pub wire: u8,
}

impl Key {
    /// The wire type of a known field must be right.
    #[inline]
    pub fn is(self, wire: u8) -> Result<(), Malformed> {
        if self.wire == wire { Ok(()) } else { Err(Malformed::WireType) }
    }
}

impl<'a> Reader<'a> {
    /// Over a whole message.
    #[must_use]
    pub fn new(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    /// Nothing left?
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next varint.
    #[inline]
    pub fn varint(&mut self) -> Result<u64, Malformed> {
        match self.rest {
            [byte, rest @ ..] if *byte < 0x80 => {
                self.rest = rest;
                Ok(u64::from(*byte))
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0_u64;
        for (position, byte) in self.rest.iter().take(10).enumerate() {
            if position == 9 && *byte > 1 {
                return Err(Malformed::Varint);
            }
            value |= u64::from(*byte & 0x7f) << (7 * position);
            if *byte < 0x80 {
                self.rest = self.rest.get(position + 1..).unwrap_or_default();
                return Ok(value);
            }
        }
        Err(if self.rest.len() >= 10 { Malformed::Varint } else { Malformed::Truncated })
    }

    /// The next key.
    #[inline]
    pub fn key(&mut self) -> Result<Key, Malformed> {
        let key = u32::try_from(self.varint()?).map_err(|_| Malformed::FieldNumber)?;
        let wire = (key & 7).to_le_bytes()[0];
        if wire > FIXED32 {
            return Err(Malformed::WireType);
        }
        match key >> 3 {
            0 => Err(Malformed::FieldNumber),
            field => Ok(Key { field, wire }),
        }
    }

    #[inline]
    fn take(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Malformed::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    /// A length and so many bytes.
    #[inline]
    pub fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let length = usize::try_from(self.varint()?).map_err(|_| Malformed::Truncated)?;
        self.take(length)
    }

    /// A text.
    #[inline]
    pub fn text(&mut self, key: Key) -> Result<&'a str, Malformed> {
        key.is(BYTES)?;
        std::str::from_utf8(self.bytes()?).map_err(|_| Malformed::Utf8)
    }

    /// An `int64`.
    #[inline]
    pub fn int64(&mut self, key: Key) -> Result<i64, Malformed> {
        key.is(VARINT)?;
        Ok(self.varint()?.cast_signed())
    }

    /// A `uint64`.
    #[inline]
    pub fn uint64(&mut self, key: Key) -> Result<u64, Malformed> {
        key.is(VARINT)?;
        self.varint()
    }

    /// An `int32`, `uint32` or enum: the low 32 bits, as protobuf has it.
    #[inline]
    pub fn uint32(&mut self, key: Key) -> Result<u32, Malformed> {
        key.is(VARINT)?;
        let [a, b, c, d, ..] = self.varint()?.to_le_bytes();
        Ok(u32::from_le_bytes([a, b, c, d]))
    }

    /// Passes over a field that is not known.
    pub fn skip(&mut self, key: Key) -> Result<(), Malformed> {
        self.skip_nested(key, GROUP_DEPTH_MAX)
    }

    fn skip_nested(&mut self, key: Key, depth: u32) -> Result<(), Malformed> {
        let depth = depth.checked_sub(1).ok_or(Malformed::Group)?;
        match key.wire {
            VARINT => self.varint().map(drop),
            FIXED64 => self.take(8).map(drop),
            BYTES => self.bytes().map(drop),
            FIXED32 => self.take(4).map(drop),
            GROUP_START => loop {
                let inner = self.key()?;
                if inner.wire == GROUP_END {
                    break if inner.field == key.field { Ok(()) } else { Err(Malformed::Group) };
                }
                self.skip_nested(inner, depth)?;
            },
            _ => Err(Malformed::Group),
        }
    }
}
