//! What of a SKU's cells is the same for many SKUs? Their shape: everything but the prices.
//!
//! ```text
//! dictionary: shapes u16 | shapes x { offset u32 (from the dictionary's begin), prices u16 } | records
//! record:     cells varint, then each cell
//! cell:       bits 0-2 flags, 3 graduated, 4 over sku, 5 has unit, 6 has per, 7 has window      u8
//!             [unit varint] [per varint] [bit 0 has from, 1 has to, u8; from, to signed varints]
//!             tiers varint, then each tier
//! tier:       bits 0-1 kind (0 price, 1 percent, 2 formula), 2 has upper, 3 lower is whole      u8
//!             lower varint (whole or millionths) [upper varint, millionths]
//!             price:   ratio varint: expected share of the record's first price in 1/10000, 0: nothing expected
//!             percent: percent signed varint, list varint
//!             formula: index varint, coefficient signed varint, premium signed varint
//! ```

use crate::domain::cell::{Cell, CellFlags, Value};
use crate::domain::decimal::{MILLION, Micros};
use crate::domain::ids::{IndexId, ListId, UnitId};
use crate::domain::ladder::{Over, Tier, TierMode};
use crate::domain::time::{CivilSecond, Window};

use super::RowError;
use super::bits::{Reader, put_signed, put_varint, u16_at, u32_at};
use super::cells::{CellBuffer, CellHead};

/// Bytes of an entry of the dictionary.
pub(super) const ENTRY_BYTES: usize = 6;

/// The prices of cells, in the order of their record.
pub(super) fn prices_of(cells: &[Cell]) -> impl Iterator<Item = i64> + '_ {
    cells.iter().flat_map(|cell| cell.ladder.tiers()).filter_map(|tier| match tier.value {
        Value::Price(price) => Some(price.0),
        _ => None,
    })
}

/// Writes a record; `ratios` are those of the second price and on.
pub(super) fn write_record(out: &mut Vec<u8>, cells: &[Cell], ratios: &[i64]) {
    let mut ratios = std::iter::once(&0).chain(ratios);
    put_varint(out, wide(cells.len()));
    for cell in cells {
        write_head(out, cell);
        for tier in cell.ladder.tiers() {
            let whole = tier.lower.0 % MILLION == 0;
            let kind = match tier.value {
                Value::Price(_) => 0,
                Value::Percent { .. } => 1,
                Value::Formula { .. } => 2,
            };
            out.push(kind | u8::from(tier.upper.is_some()) << 2 | u8::from(whole) << 3);
            let lower = if whole { tier.lower.0 / MILLION } else { tier.lower.0 };
            put_varint(out, lower.unsigned_abs());
            if let Some(upper) = tier.upper {
                put_varint(out, upper.0.unsigned_abs());
            }
            match tier.value {
                Value::Price(_) => put_varint(out, ratios.next().map_or(0, |r| r.unsigned_abs())),
                Value::Percent { percent, of } => {
                    put_signed(out, percent.0);
                    put_varint(out, u64::from(of.0));
                }
                Value::Formula { index, coefficient, premium } => {
                    put_varint(out, u64::from(index.0));
                    put_signed(out, coefficient.0);
                    put_signed(out, premium.0);
                }
            }
        }
    }
}

fn write_head(out: &mut Vec<u8>, cell: &Cell) {
    let window = cell.window;
    let has_window = window != Window::ALWAYS;
    out.push(
        cell.flags.0 & 7
            | u8::from(cell.ladder.mode() == TierMode::Graduated) << 3
            | u8::from(cell.ladder.over() == Over::Sku) << 4
            | u8::from(cell.unit != UnitId::BASE) << 5
            | u8::from(cell.per != 1) << 6
            | u8::from(has_window) << 7,
    );
    if cell.unit != UnitId::BASE {
        put_varint(out, u64::from(cell.unit.0));
    }
    if cell.per != 1 {
        put_varint(out, u64::from(cell.per));
    }
    if has_window {
        out.push(u8::from(window.from.is_some()) | u8::from(window.to.is_some()) << 1);
        for bound in [window.from, window.to].into_iter().flatten() {
            put_signed(out, bound.0);
        }
    }
    put_varint(out, wide(cell.ladder.tiers().len()));
}

/// Reads a record into `out`; `price` is asked for each price, with its ratio.
pub(super) fn read_record(
    reader: &mut Reader<'_>,
    out: &mut CellBuffer,
    price: &mut impl FnMut(i64) -> Result<i64, RowError>,
) -> Result<(), RowError> {
    let cells = reader.varint()?;
    for _ in 0..cells {
        let bits = reader.byte()?;
        let unit = if bits & 0x20 == 0 { UnitId::BASE } else { UnitId(reader.narrow()?) };
        let per = if bits & 0x40 == 0 { 1 } else { reader.narrow()? };
        let window = if bits & 0x80 == 0 {
            Window::ALWAYS
        } else {
            let ends = reader.byte()?;
            let from = if ends & 1 == 0 { None } else { Some(CivilSecond(reader.signed()?)) };
            let to = if ends & 2 == 0 { None } else { Some(CivilSecond(reader.signed()?)) };
            Window { from, to }
        };
        let mut head = CellHead::new(unit, per, window, CellFlags(bits & 7));
        if bits & 8 != 0 {
            head.mode = TierMode::Graduated;
        }
        if bits & 16 != 0 {
            head.over = Over::Sku;
        }
        let tiers = reader.varint()?;
        out.push_with(head, |to| {
            (0..tiers).try_for_each(|_| read_tier(reader, price).map(|tier| to.push(tier)))
        })?;
    }
    Ok(())
}

fn read_tier(
    reader: &mut Reader<'_>,
    price: &mut impl FnMut(i64) -> Result<i64, RowError>,
) -> Result<Tier<Value>, RowError> {
    let bits = reader.byte()?;
    let lower: i64 = reader.narrow()?;
    let lower = if bits & 8 == 0 { Some(lower) } else { lower.checked_mul(MILLION) };
    let lower = Micros(lower.ok_or(RowError::Torn)?);
    let upper = if bits & 4 == 0 { None } else { Some(Micros(reader.narrow()?)) };
    let value = match bits & 3 {
        0 => Value::Price(Micros(price(reader.narrow()?)?)),
        1 => Value::Percent { percent: Micros(reader.signed()?), of: ListId(reader.narrow()?) },
        2 => Value::Formula {
            index: IndexId(reader.narrow()?),
            coefficient: Micros(reader.signed()?),
            premium: Micros(reader.signed()?),
        },
        _ => return Err(RowError::Torn),
    };
    Ok(Tier { lower, upper, value })
}

/// A dictionary of shapes, as it stands in a segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dictionary<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Dictionary<'a> {
    /// How many prices a shape has.
    #[inline]
    pub(super) fn prices(&self, shape: usize) -> Result<usize, RowError> {
        u16_at(self.bytes, self.at + 2 + shape * ENTRY_BYTES + 4).map(usize::from)
    }

    /// Of every shape: where its record stands, and how many prices it has.
    #[inline(always)]
    pub(super) fn entries(&self) -> Result<&'a [[u8; ENTRY_BYTES]], RowError> {
        let count = usize::from(u16_at(self.bytes, self.at)?);
        let from = self.at + 2;
        let entries = self.bytes.get(from..from + count * ENTRY_BYTES).ok_or(RowError::Torn)?;
        Ok(entries.as_chunks::<ENTRY_BYTES>().0)
    }

    /// The record of a shape.
    #[inline]
    pub(super) fn record(&self, shape: usize) -> Result<Reader<'a>, RowError> {
        if shape >= usize::from(u16_at(self.bytes, self.at)?) {
            return Err(RowError::Torn);
        }
        let offset = u32_at(self.bytes, self.at + 2 + shape * ENTRY_BYTES)?;
        Ok(Reader::new(self.bytes, self.at + usize::try_from(offset).map_err(|_| RowError::Torn)?))
    }
}

/// The bytes of a dictionary of these records, each with its number of prices.
pub(super) fn write_dictionary(records: &[(Vec<u8>, usize)]) -> Result<Vec<u8>, RowError> {
    let count = u16::try_from(records.len()).map_err(|_| RowError::TooLarge("shapes of a segment"))?;
    let mut bytes = count.to_le_bytes().to_vec();
    let mut offset = 2 + records.len() * ENTRY_BYTES;
    for (record, prices) in records {
        bytes.extend(u32::try_from(offset).map_err(|_| RowError::TooLarge("shapes"))?.to_le_bytes());
        bytes.extend(
            u16::try_from(*prices).map_err(|_| RowError::TooLarge("price points of a SKU"))?.to_le_bytes(),
        );
        offset += record.len();
    }
    for (record, _) in records {
        bytes.extend_from_slice(record);
    }
    Ok(bytes)
}

fn wide(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}
