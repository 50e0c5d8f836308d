//! What of a SKU's cells is the same for many SKUs? Their shape: everything but the prices.
//!
//! ```text
//! record:     cells one after another
//! cell:       bits 0-2 flags, 3 graduated, 4 over sku, 5 has unit, 6 has per, 7 has window      u8
//!             [unit varint] [per varint] [window]
//!             bits 0-4 tiers - 1 (31: tiers - 32 varint follows), 5 steps, 7 the record's last cell      u8
//!             tiers, as steps or each by itself
//! window:     bit 0 has from, 1 has to, 2 in whole days u8 | [from, signed varint] [to, signed varint, less from where it has one]
//! step:       [lower, less the lower of the tier before, varint; of the first tier it is zero] ratio
//! tier:       bits 0-1 kind (0 price, 1 percent, 2 formula), 2 has upper, 3 lower is whole      u8
//!             lower varint (whole or millionths) [upper varint, millionths]
//!             price:   ratio
//!             percent: percent signed varint, list varint
//!             formula: index varint, coefficient signed varint, premium signed varint
//! ratio:      nothing for the record's first price; expected share of the first price in 1/10000, 0: nothing expected, varint:
//!             (10000 - ratio) / 50 x 2 + 1 where that is whole and the ratio above 0 and at most 10000, else ratio x 2
//! ```
//! Steps are tiers of prices that begin at nothing and at whole numbers from there on, and end where the next begins.

use crate::domain::cell::{Cell, CellFlags, Value};
use crate::domain::decimal::{MILLION, Micros};
use crate::domain::ids::{IndexId, ListId, UnitId};
use crate::domain::ladder::{Over, Tier, TierMode};
use crate::domain::time::{CivilSecond, Window};

use super::RowError;
use super::bits::{Reader, put_signed, put_varint};
use super::cells::{CellBuffer, CellHead};

/// Seconds of a day.
const DAY: i64 = 86_400;
/// Tiers less one that mean that there are more.
const MANY_TIERS: u8 = 31;
const STEPS: u8 = 1 << 5;
const LAST_CELL: u8 = 1 << 7;
/// A ratio of all of the first price.
const WHOLE: u64 = 10_000;
/// Most ratios are whole multiples of it.
const RATIO_STEP: u64 = 50;

/// The prices of cells, in the order of their record.
pub(super) fn prices_of(cells: &[Cell]) -> impl Iterator<Item = i64> + '_ {
    cells.iter().flat_map(|cell| cell.ladder.tiers()).filter_map(|tier| match tier.value {
        Value::Price(price) => Some(price.0),
        _ => None,
    })
}

/// Writes a record; `ratios` are those of the second price and on.
pub(super) fn write_record(out: &mut Vec<u8>, cells: &[Cell], ratios: &[i64]) {
    let mut ratios = std::iter::once(None).chain(ratios.iter().map(Some));
    let mut ratio = |out: &mut Vec<u8>| {
        if let Some(Some(ratio)) = ratios.next() {
            put_ratio(out, ratio.unsigned_abs());
        }
    };
    for (number, cell) in cells.iter().enumerate() {
        write_head(out, cell);
        let tiers = cell.ladder.tiers();
        let steps = are_steps(tiers);
        let more =
            u8::try_from(tiers.len().saturating_sub(1)).map_or(MANY_TIERS, |more| more.min(MANY_TIERS));
        let last = if number + 1 == cells.len() { LAST_CELL } else { 0 };
        out.push(more | if steps { STEPS } else { 0 } | last);
        if more == MANY_TIERS {
            put_varint(out, wide(tiers.len() - usize::from(MANY_TIERS) - 1));
        }
        let mut before = 0;
        for (number, tier) in tiers.iter().enumerate() {
            if !steps {
                write_tier(out, tier, &mut ratio);
                continue;
            }
            if number > 0 {
                put_varint(out, ((tier.lower.0 - before) / MILLION).unsigned_abs());
            }
            before = tier.lower.0;
            ratio(out);
        }
    }
}

fn are_steps(tiers: &[Tier<Value>]) -> bool {
    tiers.first().is_some_and(|first| first.lower == Micros::ZERO)
        && tiers.iter().all(|tier| {
            matches!(tier.value, Value::Price(_)) && tier.upper.is_none() && tier.lower.0 % MILLION == 0
        })
}

fn write_tier(out: &mut Vec<u8>, tier: &Tier<Value>, ratio: &mut impl FnMut(&mut Vec<u8>)) {
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
        Value::Price(_) => ratio(out),
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

fn put_ratio(out: &mut Vec<u8>, ratio: u64) {
    let below = WHOLE.checked_sub(ratio).filter(|below| ratio > 0 && below % RATIO_STEP == 0);
    put_varint(out, below.map_or(ratio << 1, |below| ((below / RATIO_STEP) << 1) | 1));
}

fn read_ratio(reader: &mut Reader<'_>) -> Result<i64, RowError> {
    let coded = reader.varint()?;
    let ratio = if coded & 1 == 0 {
        Some(coded >> 1)
    } else {
        (coded >> 1).checked_mul(RATIO_STEP).and_then(|below| WHOLE.checked_sub(below))
    };
    ratio.and_then(|ratio| i64::try_from(ratio).ok()).ok_or(RowError::Torn)
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
        write_window(out, window);
    }
}

fn write_window(out: &mut Vec<u8>, Window { from, to }: Window) {
    let days = [from, to].into_iter().flatten().all(|bound| bound.0 % DAY == 0);
    let unit = if days { DAY } else { 1 };
    out.push(u8::from(from.is_some()) | u8::from(to.is_some()) << 1 | u8::from(days) << 2);
    let from = from.map(|from| from.0 / unit);
    if let Some(from) = from {
        put_signed(out, from);
    }
    if let Some(to) = to {
        put_signed(out, (to.0 / unit).wrapping_sub(from.unwrap_or(0)));
    }
}

fn read_window(reader: &mut Reader<'_>) -> Result<Window, RowError> {
    let bits = reader.byte()?;
    let unit = if bits & 4 == 0 { 1 } else { DAY };
    let from = if bits & 1 == 0 { None } else { Some(reader.signed()?) };
    let to = if bits & 2 == 0 { None } else { Some(reader.signed()?.wrapping_add(from.unwrap_or(0))) };
    let bound = |count: i64| count.checked_mul(unit).map(CivilSecond).ok_or(RowError::Torn);
    Ok(Window { from: from.map(bound).transpose()?, to: to.map(bound).transpose()? })
}

/// Reads a record into `out`; `price` is asked for each price, with its ratio: zero of the first one.
pub(super) fn read_record(
    reader: &mut Reader<'_>,
    out: &mut CellBuffer,
    price: &mut impl FnMut(i64) -> Result<i64, RowError>,
) -> Result<(), RowError> {
    let mut is_first = true;
    let mut priced = |reader: &mut Reader<'_>| {
        let ratio = if std::mem::take(&mut is_first) { 0 } else { read_ratio(reader)? };
        price(ratio).map(|price| Value::Price(Micros(price)))
    };
    loop {
        let bits = reader.byte()?;
        let unit = if bits & 0x20 == 0 { UnitId::BASE } else { UnitId(reader.narrow()?) };
        let per = if bits & 0x40 == 0 { 1 } else { reader.narrow()? };
        let window = if bits & 0x80 == 0 { Window::ALWAYS } else { read_window(reader)? };
        let mut head = CellHead::new(unit, per, window, CellFlags(bits & 7));
        if bits & 8 != 0 {
            head.mode = TierMode::Graduated;
        }
        if bits & 16 != 0 {
            head.over = Over::Sku;
        }
        let ladder = reader.byte()?;
        let tiers = match ladder & MANY_TIERS {
            MANY_TIERS => reader.varint()?.checked_add(u64::from(MANY_TIERS) + 1).ok_or(RowError::Torn)?,
            more => u64::from(more) + 1,
        };
        out.push_with(head, |to| {
            let mut lower = 0_i64;
            for number in 0..tiers {
                to.push(if ladder & STEPS == 0 {
                    read_tier(reader, &mut priced)?
                } else {
                    if number > 0 {
                        lower = lower.checked_add(reader.narrow()?).ok_or(RowError::Torn)?;
                    }
                    let bound = lower.checked_mul(MILLION).ok_or(RowError::Torn)?;
                    Tier { lower: Micros(bound), upper: None, value: priced(reader)? }
                });
            }
            Ok(())
        })?;
        if ladder & LAST_CELL != 0 {
            return Ok(());
        }
    }
}

fn read_tier(
    reader: &mut Reader<'_>,
    price: &mut impl FnMut(&mut Reader<'_>) -> Result<Value, RowError>,
) -> Result<Tier<Value>, RowError> {
    let bits = reader.byte()?;
    let lower: i64 = reader.narrow()?;
    let lower = if bits & 8 == 0 { Some(lower) } else { lower.checked_mul(MILLION) };
    let lower = Micros(lower.ok_or(RowError::Torn)?);
    let upper = if bits & 4 == 0 { None } else { Some(Micros(reader.narrow()?)) };
    let value = match bits & 3 {
        0 => price(reader)?,
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

fn wide(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}
