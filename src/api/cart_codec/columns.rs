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
/// More than keys and lengths take, and a word beyond the last.
const KEYS_BYTES: usize = 64;

/// A frame of the answer in the columns view. `lines` are the request's.
#[must_use]
pub fn columns_frame(cart: &PricedCart, lines: &[CartLine<'_>], telling: &Telling<'_>) -> Vec<u8> {
    let told = told(cart, telling);
    let taxed = cart.tax_total.is_some();
    let columns = [
        Column::of_figures(1, cart, |line| line.unit_price.0),
        Column::of_figures(2, cart, |line| line.amount.0),
        Column::of_figures(3, cart, |line| line.list_unit_price.0),
        if taxed { Column::of_figures(4, cart, |line| line.tax.0) } else { Column::of(4, Vec::new()) },
        Column::of(5, told.iter().map(|line| wide(line.place)).collect()),
    ];
    // Lines that are told make room for what they have beside their ids.
    let ids: usize = told.iter().filter_map(|told| lines.get(told.place)).map(|line| line.id.len()).sum();
    let in_all: usize = columns.iter().map(Column::with_key).sum();
    let room = in_all + ids + KEYS_BYTES;
    framed(cart, lines, telling, room, |out| {
        out.bytes(&COLUMNS_KEY);
        out.varint(wide(in_all));
        for column in &columns {
            column.write(out);
        }
        for line in &told {
            out.line((line.place, line.line), lines, &line.notices, telling);
        }
    })
}

/// A packed field: numbers as varints, one after another.
struct Column {
    key: u8,
    values: Vec<u64>,
    /// Bytes of all values.
    length: usize,
}

impl Column {
    fn of(field: u8, values: Vec<u64>) -> Self {
        let length = values.iter().copied().map(varint_bytes).sum();
        Self { key: field << 3 | 2, values, length }
    }

    /// A figure of every line; a line without a price has none.
    #[inline]
    fn of_figures(field: u8, cart: &PricedCart, figure: impl Fn(&PricedLine) -> i64) -> Self {
        let value = |line: &PricedLine| match line.status {
            LineStatus::Priced => figure(line).cast_unsigned(),
            _ => 0,
        };
        Self::of(field, cart.lines.iter().map(value).collect())
    }

    /// Bytes that it takes; one without figures is left out.
    fn with_key(&self) -> usize {
        if self.is_empty() { 0 } else { 1 + varint_bytes(wide(self.length)) + self.length }
    }

    fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    fn write(&self, out: &mut Writer) {
        if !self.is_empty() {
            out.keyed(self.key, wide(self.length));
            for value in &self.values {
                out.varint(*value);
            }
        }
    }
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

fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
