//! What bytes answer a cart? A `PriceCartResponse` in the basic view, written once, in a gRPC frame.
//!
//! A line's length is computed from its figures, and all is written where it stays, so that nothing is built in between:
//!
//! ```text
//! 0 | length u32 BE | publication .. hold | 42 len [0a len id] 10 status 18 unit_price 20 amount 28 list_price
//!   [80 01 tax] | 42 ... | tax_total .. progress
//! ```

use prost::Message;

use crate::api::notice::notices_of;
use crate::api::priced_cart::{LINES_KEY, head_of, with_tail, write_response};
use crate::api::problem::problem_of;
use crate::api::telling::Telling;
use crate::api::v1;
use crate::pricing::cart::{LineStatus, PricedCart, PricedLine};
use crate::pricing::request::{CartLine, CartRequest, Detail};

/// Bytes before a message: the compression flag and the length.
pub const FRAME_HEADER_BYTES: usize = 5;
/// More than a line takes beside its id: keys and lengths, a status, three varints, and a word beyond the last.
const LINE_BYTES: usize = 64;
/// More than a line's tax takes.
const TAX_BYTES: usize = 16;
/// From here on, a varint and its key do not fit a word.
const SEVEN_BYTE_VARINT: u64 = 1 << 49;

const ID_KEY: u8 = 1 << 3 | 2;
const STATUS_KEY: u8 = 2 << 3;
const UNIT_PRICE_KEY: u8 = 3 << 3;
const AMOUNT_KEY: u8 = 4 << 3;
const LIST_UNIT_PRICE_KEY: u8 = 5 << 3;
const PROBLEM_KEY: u8 = 6 << 3 | 2;
/// The key of `tax_micros`, field 16, has two bytes.
const TAX_KEY: [u8; 2] = [0x80, 0x01];

/// A frame of the answer in the basic view. `lines` are the request's, whose ids come back.
#[must_use]
pub fn basic_frame(cart: &PricedCart, lines: &[CartLine<'_>], telling: &Telling<'_>) -> Vec<u8> {
    let head = head_of(cart);
    let head_bytes = head.encoded_len();
    let ids: usize = lines.iter().map(|line| line.id.len()).sum();
    let line_bytes = if cart.tax_total.is_some() { LINE_BYTES + TAX_BYTES } else { LINE_BYTES };
    let room = FRAME_HEADER_BYTES + head_bytes + cart.lines.len() * line_bytes + ids;
    let mut out = Vec::with_capacity(room);
    out.extend_from_slice(&[0; FRAME_HEADER_BYTES]);
    out.extend_from_slice(&head.encode_to_vec());
    let mut out = Writer::over(out, room);
    for (position, line) in cart.lines.iter().enumerate() {
        let id = lines.get(position).map_or("", |line| line.id);
        let notices =
            if cart.notices.is_empty() { Vec::new() } else { noticed(cart, (position, line), telling) };
        if line.status == LineStatus::Priced {
            out.priced(id, line, &notices);
        } else {
            out.unpriced(id, line, &notices, telling);
        }
    }
    let mut out = out.finish();
    let tail = with_tail(v1::PriceCartResponse::default(), cart, lines, telling);
    if tail.encoded_len() > 0 {
        out.extend_from_slice(&tail.encode_to_vec());
    }
    finish_frame(&mut out);
    out
}

/// The bytes of a line's notices.
#[cold]
fn noticed(cart: &PricedCart, line: (usize, &PricedLine), telling: &Telling<'_>) -> Vec<u8> {
    let notices = notices_of(cart, line, telling, Detail::Basic);
    v1::PricedLine { notices, ..v1::PricedLine::default() }.encode_to_vec()
}

/// A frame of the answer in any view.
#[must_use]
pub fn full_frame(cart: &PricedCart, request: &CartRequest<'_>, telling: &Telling<'_>) -> Vec<u8> {
    let mut out = vec![0; FRAME_HEADER_BYTES];
    write_response(&mut out, cart, request, telling);
    finish_frame(&mut out);
    out
}

fn finish_frame(out: &mut [u8]) {
    let length = u32::try_from(out.len().saturating_sub(FRAME_HEADER_BYTES)).unwrap_or(u32::MAX);
    if let Some(place) = out.get_mut(1..FRAME_HEADER_BYTES) {
        place.copy_from_slice(&length.to_be_bytes());
    }
}

/// Bytes with room ahead, written a word at a time.
struct Writer {
    out: Vec<u8>,
    at: usize,
}

impl Writer {
    /// Goes on behind `out`, with room up to `room` bytes.
    fn over(mut out: Vec<u8>, room: usize) -> Self {
        let at = out.len();
        out.resize(room.max(at), 0);
        Self { out, at }
    }

    fn finish(mut self) -> Vec<u8> {
        self.out.truncate(self.at);
        self.out
    }

    /// A line with figures; `notices` are ready.
    #[inline]
    fn priced(&mut self, id: &str, line: &PricedLine, notices: &[u8]) {
        let figures = [
            (UNIT_PRICE_KEY, line.unit_price.0),
            (AMOUNT_KEY, line.amount.0),
            (LIST_UNIT_PRICE_KEY, line.list_unit_price.0),
        ];
        let length: usize = figures.iter().map(|(_, value)| field_bytes(*value)).sum();
        let tax = if line.tax.0 == 0 { 0 } else { 1 + field_bytes(line.tax.0) };
        if !notices.is_empty() {
            self.make_room(notices.len());
        }
        self.begin(id, 2 + length + tax + notices.len());
        // Status 1 and its key.
        self.word(u64::from(STATUS_KEY) | 1 << 8, 2);
        for (key, value) in figures {
            self.field(key, value);
        }
        if tax != 0 {
            let [first, second] = TAX_KEY;
            self.word(first.into(), 1);
            self.field(second, line.tax.0);
        }
        self.bytes(notices);
    }

    /// Room for what is longer than the room that a line was given.
    #[cold]
    fn make_room(&mut self, more: usize) {
        self.out.resize(self.out.len() + more + LINE_BYTES, 0);
    }

    /// A line with a problem instead; `notices` are ready.
    #[cold]
    fn unpriced(&mut self, id: &str, line: &PricedLine, notices: &[u8], telling: &Telling<'_>) {
        let (status, problem) = problem_of(line.status, telling);
        let status = i64::from(i32::from(status));
        let problem = problem.encode_to_vec();
        let length = u64::try_from(problem.len()).unwrap_or(u64::MAX);
        self.make_room(problem.len() + notices.len());
        self.begin(id, field_bytes(status) + 1 + varint_bytes(length) + problem.len() + notices.len());
        self.field(STATUS_KEY, status);
        self.keyed(PROBLEM_KEY, length);
        self.bytes(&problem);
        self.bytes(notices);
    }

    /// Key and length of a line whose other fields take `rest` bytes, and its id.
    #[inline]
    fn begin(&mut self, id: &str, rest: usize) {
        let id_length = u64::try_from(id.len()).unwrap_or(u64::MAX);
        let with_id = if id.is_empty() { 0 } else { 1 + varint_bytes(id_length) + id.len() };
        self.keyed(LINES_KEY, u64::try_from(with_id + rest).unwrap_or(u64::MAX));
        if !id.is_empty() {
            self.keyed(ID_KEY, id_length);
            self.bytes(id.as_bytes());
        }
    }

    #[inline]
    fn bytes(&mut self, bytes: &[u8]) {
        if let Some(place) = self.out.get_mut(self.at..self.at + bytes.len()) {
            place.copy_from_slice(bytes);
            self.at += bytes.len();
        }
    }

    #[inline]
    fn word(&mut self, word: u64, used: usize) {
        if let Some(place) = self.out.get_mut(self.at..self.at + 8) {
            place.copy_from_slice(&word.to_le_bytes());
            self.at += used;
        }
    }

    /// A field of one key byte; zero is left out, as proto3 has it.
    #[inline]
    fn field(&mut self, key: u8, value: i64) {
        if value != 0 {
            self.keyed(key, value.cast_unsigned());
        }
    }

    /// A key byte and a varint, spread over bytes of seven bits without a branch a byte.
    #[inline]
    fn keyed(&mut self, key: u8, value: u64) {
        if value >= SEVEN_BYTE_VARINT {
            return self.long(key, value);
        }
        let mut spread = value;
        spread = spread & 0x0000_0000_0fff_ffff | (spread & 0x00ff_ffff_f000_0000) << 4;
        spread = spread & 0x0000_3fff_0000_3fff | (spread & 0x0fff_c000_0fff_c000) << 2;
        spread = spread & 0x007f_007f_007f_007f | (spread & 0x3f80_3f80_3f80_3f80) << 1;
        let bytes = varint_bytes(value);
        let continued = 0x8080_8080_8080_8080 & ((1_u64 << (8 * (bytes - 1))) - 1);
        self.word((spread | continued) << 8 | u64::from(key), bytes + 1);
    }

    #[cold]
    fn long(&mut self, key: u8, value: u64) {
        let mut bytes = vec![key];
        prost::encoding::encode_varint(value, &mut bytes);
        self.bytes(&bytes);
    }
}

/// Bytes of a varint.
#[inline]
fn varint_bytes(value: u64) -> usize {
    usize::try_from((63 - (value | 1).leading_zeros()) / 7 + 1).unwrap_or(0)
}

/// Bytes of a field of one key byte.
#[inline]
fn field_bytes(value: i64) -> usize {
    if value == 0 { 0 } else { 1 + varint_bytes(value.cast_unsigned()) }
}
