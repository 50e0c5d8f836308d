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

use super::writer::{Writer, field_bytes, varint_bytes};

/// Bytes before a message: the compression flag and the length.
pub const FRAME_HEADER_BYTES: usize = 5;
/// More than a line takes beside its id: keys and lengths, a status, three varints, and a word beyond the last.
const LINE_BYTES: usize = 64;
/// More than a line's tax takes.
const TAX_BYTES: usize = 16;

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
    let ids: usize = lines.iter().map(|line| line.id.len()).sum();
    let line_bytes = if cart.tax_total.is_some() { LINE_BYTES + TAX_BYTES } else { LINE_BYTES };
    framed(cart, lines, telling, cart.lines.len() * line_bytes + ids, |out| {
        for line in cart.lines.iter().enumerate() {
            out.line(line, lines, &noticed(cart, line, telling), telling);
        }
    })
}

/// A frame of an answer whose lines `write` writes, in so much room.
pub(super) fn framed(
    cart: &PricedCart,
    lines: &[CartLine<'_>],
    telling: &Telling<'_>,
    room: usize,
    write: impl FnOnce(&mut Writer),
) -> Vec<u8> {
    let head = head_of(cart);
    let room = FRAME_HEADER_BYTES + head.encoded_len() + room;
    let mut out = Vec::with_capacity(room);
    out.extend_from_slice(&[0; FRAME_HEADER_BYTES]);
    // A vector takes as much as there is.
    head.encode(&mut out).unwrap_or_default();
    let mut writer = Writer::over(out, room);
    write(&mut writer);
    let mut out = writer.finish();
    let tail = with_tail(v1::PriceCartResponse::default(), cart, lines, telling);
    tail.encode(&mut out).unwrap_or_default();
    finish_frame(&mut out);
    out
}

/// The bytes of a line's notices.
#[inline]
pub(super) fn noticed(cart: &PricedCart, line: (usize, &PricedLine), telling: &Telling<'_>) -> Vec<u8> {
    if cart.notices.is_empty() { Vec::new() } else { notices(cart, line, telling) }
}

#[cold]
fn notices(cart: &PricedCart, line: (usize, &PricedLine), telling: &Telling<'_>) -> Vec<u8> {
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

impl Writer {
    /// A line of the cart; `notices` are ready.
    #[inline]
    pub(super) fn line(
        &mut self,
        (position, line): (usize, &PricedLine),
        lines: &[CartLine<'_>],
        notices: &[u8],
        telling: &Telling<'_>,
    ) {
        let id = lines.get(position).map_or("", |line| line.id);
        if line.status == LineStatus::Priced {
            self.priced(id, line, notices);
        } else {
            self.unpriced(id, line, notices, telling);
        }
    }

    /// A line with figures.
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
            self.make_room(notices.len() + LINE_BYTES);
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

    /// A line with a problem instead.
    #[cold]
    fn unpriced(&mut self, id: &str, line: &PricedLine, notices: &[u8], telling: &Telling<'_>) {
        let (status, problem) = problem_of(line.status, telling);
        let status = i64::from(i32::from(status));
        let problem = problem.encode_to_vec();
        let length = u64::try_from(problem.len()).unwrap_or(u64::MAX);
        self.make_room(problem.len() + notices.len() + LINE_BYTES);
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
}
