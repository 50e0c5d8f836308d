//! What bytes answer a cart in the columns view? What the basic view has, its figures column by column.
//!
//! ```text
//! 0 | length u32 BE | publication .. hold | 82 02 len [0a len unit prices] [12 len amounts] [1a len list prices] [22 len taxes]
//!   [2a len told] | 42 a line that is told ... | tax_total .. progress
//! ```

use crate::api::telling::Telling;
use crate::pricing::cart::{LineStatus, PricedCart, PricedLine};
use crate::pricing::request::CartLine;

use super::encode::{framed, noticed};
use super::writer::{Writer, varint_bytes};

/// The key of `columns`, field 32, has two bytes.
const COLUMNS_KEY: [u8; 2] = [0x82, 0x02];
/// The key of `told`; those of the figures are packed fields 1 to 4.
const TOLD_KEY: u8 = 5 << 3 | 2;
/// More than a figure takes.
const FIGURE_BYTES: usize = 10;
/// More than keys and lengths take, and a word beyond the last.
const KEYS_BYTES: usize = 64;

/// The figures of a line, in the order of their columns.
const FIGURES: [fn(&PricedLine) -> i64; 4] =
    [|line| line.unit_price.0, |line| line.amount.0, |line| line.list_unit_price.0, |line| line.tax.0];

/// A frame of the answer in the columns view. `lines` are the request's.
#[must_use]
pub fn columns_frame(cart: &PricedCart, lines: &[CartLine<'_>], telling: &Telling<'_>) -> Vec<u8> {
    let columns = if cart.tax_total.is_some() { FIGURES.len() } else { FIGURES.len() - 1 };
    let figures = FIGURES.get(..columns).unwrap_or_default();
    let told = told(cart, telling);
    // Lines that are told make room for what they have beside their ids.
    let ids: usize = told.iter().filter_map(|told| lines.get(told.place)).map(|line| line.id.len()).sum();
    let room = cart.lines.len() * columns * FIGURE_BYTES + told.len() * FIGURE_BYTES + ids + KEYS_BYTES;
    framed(cart, lines, telling, room, |out| {
        let lengths = figures.iter().map(|figure| length(cart.lines.iter().map(|line| value(line, *figure))));
        let lengths: Vec<usize> = lengths.collect();
        let places = || told.iter().map(|line| wide(line.place));
        let places_length = length(places());
        let with_key = |length: usize| if length == 0 { 0 } else { 1 + varint_bytes(wide(length)) + length };
        out.bytes(&COLUMNS_KEY);
        out.varint(wide(lengths.iter().copied().chain([places_length]).map(with_key).sum()));
        for ((key, figure), length) in (1_u8..).zip(figures).zip(lengths) {
            column(out, key << 3 | 2, length, cart.lines.iter().map(|line| value(line, *figure)));
        }
        column(out, TOLD_KEY, places_length, places());
        for line in &told {
            out.line((line.place, line.line), lines, &line.notices, telling);
        }
    })
}

/// A line that has no price, or of which something must be told.
struct Told<'c> {
    place: usize,
    line: &'c PricedLine,
    notices: Vec<u8>,
}

fn told<'c>(cart: &'c PricedCart, telling: &Telling<'_>) -> Vec<Told<'c>> {
    let lines = cart.lines.iter().enumerate();
    let told =
        lines.map(|(place, line)| Told { place, line, notices: noticed(cart, (place, line), telling) });
    told.filter(|told| told.line.status != LineStatus::Priced || !told.notices.is_empty()).collect()
}

/// A figure as a varint has it; a line without a price has none.
#[inline]
fn value(line: &PricedLine, figure: fn(&PricedLine) -> i64) -> u64 {
    if line.status == LineStatus::Priced { figure(line).cast_unsigned() } else { 0 }
}

#[inline]
fn length(values: impl Iterator<Item = u64>) -> usize {
    values.map(varint_bytes).sum()
}

#[inline]
fn column(out: &mut Writer, key: u8, length: usize, values: impl Iterator<Item = u64>) {
    if length > 0 {
        out.keyed(key, wide(length));
        values.for_each(|value| out.varint(value));
    }
}

fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
