//! What do these bytes say beyond lines and circumstances? `LineDetails`, `Metrics` and `TakePoints` read in place.
//!
//! Few carts have them, so that these are functions of their own beside the way of all lines.

use crate::api::particulars::{Stated, StatedPosition, how_many, weight_of};
use crate::domain::decimal::Micros;
use crate::pricing::request::{LineDetails, TakePoints};

use super::read::{BYTES, Malformed, Reader};

/// Reads the `LineDetails` of line `line` into `details`. Where a line states them more than once, they add up as
/// protobuf has it; [`settle`] is then to be called once the line is read.
#[cold]
pub fn read_details<'a>(
    message: &'a [u8],
    line: usize,
    details: &mut Vec<LineDetails<'a>>,
) -> Result<(), Malformed> {
    let line = u32::try_from(line).unwrap_or(u32::MAX);
    if details.last().is_none_or(|last| last.line != line) {
        details.push(LineDetails { line, ..LineDetails::default() });
    }
    let Some(into) = details.last_mut() else { return Ok(()) };
    let (mut weight, mut unit) = into.weight.unwrap_or((Micros::ZERO, ""));
    let mut reader = Reader::new(message);
    while !reader.is_empty() {
        let key = reader.key()?;
        match key.field {
            1 => {
                key.is(BYTES)?;
                into.attributes.push(read_pair(reader.bytes()?)?);
            }
            2 => weight = Micros(reader.int64(key)?),
            3 => unit = reader.text(key)?,
            4 => into.warehouse = reader.text(key)?,
            5 => into.fulfilment = reader.text(key)?,
            6 => {
                key.is(BYTES)?;
                into.services.push(read_service(reader.bytes()?)?);
            }
            _ => reader.skip(key)?,
        }
    }
    into.weight = weight_of(weight, unit);
    Ok(())
}

/// Puts the characteristics of the last details in order; of several of one name the last holds.
#[cold]
pub fn settle(details: &mut [LineDetails<'_>]) {
    let Some(last) = details.last_mut() else { return };
    last.attributes.reverse();
    last.attributes.sort_by_key(|(name, _)| *name);
    last.attributes.dedup_by_key(|(name, _)| *name);
}

/// An entry of a map of texts.
fn read_pair(message: &[u8]) -> Result<(&str, &str), Malformed> {
    let (mut name, mut value) = ("", "");
    let mut reader = Reader::new(message);
    while !reader.is_empty() {
        let key = reader.key()?;
        match key.field {
            1 => name = reader.text(key)?,
            2 => value = reader.text(key)?,
            _ => reader.skip(key)?,
        }
    }
    Ok((name, value))
}

fn read_service(message: &[u8]) -> Result<(&str, Micros), Malformed> {
    let (mut service, mut quantity) = ("", 0);
    let mut reader = Reader::new(message);
    while !reader.is_empty() {
        let key = reader.key()?;
        match key.field {
            1 => service = reader.text(key)?,
            2 => quantity = reader.int64(key)?,
            _ => reader.skip(key)?,
        }
    }
    Ok((service, how_many(quantity)))
}

/// Reads a `TakePoints`.
#[cold]
pub fn read_points(message: &[u8]) -> Result<TakePoints<'_>, Malformed> {
    let mut take = TakePoints { programme: "", points: Micros::ZERO };
    let mut reader = Reader::new(message);
    while !reader.is_empty() {
        let key = reader.key()?;
        match key.field {
            1 => take.programme = reader.text(key)?,
            2 => take.points = Micros(reader.int64(key)?),
            _ => reader.skip(key)?,
        }
    }
    Ok(take)
}

/// Reads `Metrics` into what is stated.
#[cold]
pub fn read_metrics<'a>(message: &'a [u8], into: &mut Stated<'a>) -> Result<(), Malformed> {
    let mut reader = Reader::new(message);
    while !reader.is_empty() {
        let key = reader.key()?;
        match key.field {
            1 => {
                key.is(BYTES)?;
                into.positions.push(read_position(reader.bytes()?)?);
            }
            2 => {
                key.is(BYTES)?;
                into.uses.push(read_use(reader.bytes()?)?);
            }
            3 => into.first_order = reader.uint64(key)? != 0,
            _ => reader.skip(key)?,
        }
    }
    Ok(())
}

fn read_position(message: &[u8]) -> Result<StatedPosition<'_>, Malformed> {
    let mut position = StatedPosition::default();
    let mut reader = Reader::new(message);
    while !reader.is_empty() {
        let key = reader.key()?;
        match key.field {
            1 => position.measure = reader.text(key)?,
            2 => position.value = reader.text(key)?,
            3 => position.members.push(reader.text(key)?),
            _ => reader.skip(key)?,
        }
    }
    Ok(position)
}

fn read_use(message: &[u8]) -> Result<(&str, &str), Malformed> {
    let (mut rule, mut used) = ("", "");
    let mut reader = Reader::new(message);
    while !reader.is_empty() {
        let key = reader.key()?;
        match key.field {
            1 => rule = reader.text(key)?,
            2 => used = reader.text(key)?,
            _ => reader.skip(key)?,
        }
    }
    Ok((rule, used))
}
