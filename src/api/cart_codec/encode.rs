//! What bytes answer a cart? A `PriceCartResponse` in the basic view, written once, in a gRPC frame.
//!
//! A line's figures are laid out in a small array and appended with its id, so that no message is built in between:
//!
//! ```text
//! 0 | length u32 BE | publication .. hold | 42 len [0a len id] 10 status 18 unit_price 20 amount 28 list_price | 42 ...
//! ```

use prost::Message;

use crate::api::cart::{head_of, problem_of};
use crate::domain::catalogue::Catalogue;
use crate::pricing::cart::{CartLine, LineStatus, PricedCart, PricedLine};

/// Bytes before a message: the compression flag and the length.
pub const FRAME_HEADER_BYTES: usize = 5;
/// More than a line's figures can take: a status and three varints with their keys.
const FIGURES_BYTES: usize = 48;
/// Seven bits in each of eight bytes.
const EIGHT_BYTE_VARINT: u64 = 1 << 56;

/// The key of `lines` in a `PriceCartResponse`: field 8, bytes.
const LINES_KEY: u8 = 8 << 3 | 2;
const ID_KEY: u8 = 1 << 3 | 2;
const STATUS_KEY: u8 = 2 << 3;
const UNIT_PRICE_KEY: u8 = 3 << 3;
const AMOUNT_KEY: u8 = 4 << 3;
const LIST_UNIT_PRICE_KEY: u8 = 5 << 3;
const PROBLEM_KEY: u8 = 6 << 3 | 2;

/// A frame of the answer in the basic view. `lines` are the request's, whose ids come back.
#[must_use]
pub fn basic_frame(cart: &PricedCart, lines: &[CartLine<'_>], catalogue: &Catalogue) -> Vec<u8> {
    let head = head_of(cart);
    let ids: usize = lines.iter().map(|line| line.id.len()).sum();
    let mut out = Vec::with_capacity(FRAME_HEADER_BYTES + head.encoded_len() + cart.lines.len() * 40 + ids);
    out.extend_from_slice(&[0; FRAME_HEADER_BYTES]);
    out.extend_from_slice(&head.encode_to_vec());
    for (position, line) in cart.lines.iter().enumerate() {
        let id = lines.get(position).map_or("", |line| line.id);
        write_line(&mut out, id, line, catalogue);
    }
    finish_frame(&mut out);
    out
}

/// A frame of any message.
#[must_use]
pub fn frame_of(message: &impl Message) -> Vec<u8> {
    let mut out = Vec::with_capacity(FRAME_HEADER_BYTES + message.encoded_len());
    out.extend_from_slice(&[0; FRAME_HEADER_BYTES]);
    out.extend_from_slice(&message.encode_to_vec());
    finish_frame(&mut out);
    out
}

fn finish_frame(out: &mut [u8]) {
    let length = u32::try_from(out.len().saturating_sub(FRAME_HEADER_BYTES)).unwrap_or(u32::MAX);
    if let Some(place) = out.get_mut(1..FRAME_HEADER_BYTES) {
        place.copy_from_slice(&length.to_be_bytes());
    }
}

#[inline]
fn write_line(out: &mut Vec<u8>, id: &str, line: &PricedLine, catalogue: &Catalogue) {
    let mut figures = Figures::default();
    if line.status == LineStatus::Priced {
        // Status 1 and its key.
        figures.pair(STATUS_KEY, 1);
        figures.field(UNIT_PRICE_KEY, line.unit_price.0);
        figures.field(AMOUNT_KEY, line.amount.0);
        figures.field(LIST_UNIT_PRICE_KEY, line.list_unit_price.0);
        write_parts(out, id, figures.bytes());
    } else {
        let (status, problem) = problem_of(line, catalogue);
        let message = problem.encode_to_vec();
        figures.field(STATUS_KEY, i64::from(i32::from(status)));
        let mut rest = figures.bytes().to_vec();
        rest.push(PROBLEM_KEY);
        let mut length = Figures::default();
        length.varint(message.len());
        rest.extend_from_slice(length.bytes());
        rest.extend_from_slice(&message);
        write_parts(out, id, &rest);
    }
}

#[inline]
fn write_parts(out: &mut Vec<u8>, id: &str, rest: &[u8]) {
    let mut prefix = Figures::default();
    if id.is_empty() {
        prefix.byte(LINES_KEY);
        prefix.varint(rest.len());
    } else {
        let mut id_length = Figures::default();
        id_length.varint(id.len());
        prefix.byte(LINES_KEY);
        prefix.varint(1 + id_length.at + id.len() + rest.len());
        prefix.byte(ID_KEY);
        prefix.varint(id.len());
    }
    out.extend_from_slice(prefix.bytes());
    out.extend_from_slice(id.as_bytes());
    out.extend_from_slice(rest);
}

/// A few varint fields on the stack.
struct Figures {
    bytes: [u8; FIGURES_BYTES],
    at: usize,
}

impl Default for Figures {
    fn default() -> Self {
        Self { bytes: [0; FIGURES_BYTES], at: 0 }
    }
}

impl Figures {
    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.at).unwrap_or_default()
    }

    #[inline]
    fn put<const N: usize>(&mut self, bytes: [u8; N], used: usize) {
        if let Some(place) = self.bytes.get_mut(self.at..self.at + N) {
            place.copy_from_slice(&bytes);
            self.at += used;
        }
    }

    #[inline]
    fn byte(&mut self, byte: u8) {
        self.put([byte], 1);
    }

    #[inline]
    fn pair(&mut self, key: u8, value: u8) {
        self.put([key, value], 2);
    }

    /// A field of one key byte; zero is left out, as proto3 has it.
    #[inline]
    fn field(&mut self, key: u8, value: i64) {
        if value != 0 {
            self.byte(key);
            self.varint64(value.cast_unsigned());
        }
    }

    #[inline]
    fn varint(&mut self, value: usize) {
        self.varint64(u64::try_from(value).unwrap_or(u64::MAX));
    }

    /// Spreads the value over bytes of seven bits without a branch a byte.
    #[inline]
    fn varint64(&mut self, value: u64) {
        if value >= EIGHT_BYTE_VARINT {
            return self.long_varint(value);
        }
        let mut spread = value;
        spread = spread & 0x0000_0000_0fff_ffff | (spread & 0x00ff_ffff_f000_0000) << 4;
        spread = spread & 0x0000_3fff_0000_3fff | (spread & 0x0fff_c000_0fff_c000) << 2;
        spread = spread & 0x007f_007f_007f_007f | (spread & 0x3f80_3f80_3f80_3f80) << 1;
        let more = (63 - (value | 1).leading_zeros()) / 7;
        let continued = 0x8080_8080_8080_8080 & ((1_u64 << (8 * more)) - 1);
        self.put((spread | continued).to_le_bytes(), usize::try_from(more + 1).unwrap_or(0));
    }

    #[cold]
    fn long_varint(&mut self, value: u64) {
        let mut rest = value;
        while rest >= 0x80 {
            self.byte(rest.to_le_bytes()[0] | 0x80);
            rest >>= 7;
        }
        self.byte(rest.to_le_bytes()[0]);
    }
}
