//! Which cart do these bytes ask for? A `PriceCartRequest` read in place: lines borrow their texts.

use crate::api::particulars::Stated;
use crate::domain::contract::Circumstances;
use crate::domain::decimal::Micros;
use crate::domain::ids::SkuId;
use crate::pricing::request::{CartLine, SkuRef};

use super::particulars::{read_details, read_metrics, read_points, settle};
use super::read::{BYTES, Malformed, Reader};

/// A `PriceCartRequest` without its lines and particulars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CartHead<'a> {
    /// The contract.
    pub contract: &'a str,
    /// Seconds and nanoseconds of `pricing_at`.
    pub pricing_at: Option<(i64, i32)>,
    /// The publication; zero for the newest.
    pub publication: u64,
    /// Warehouse and so on.
    pub circumstances: Circumstances<'a>,
    /// The view, as sent.
    pub view: i32,
    /// How much progress is wanted, as sent.
    pub progress: i32,
    /// The language, as sent.
    pub language: &'a str,
}

/// A line that has no SKU: the empty id is nobody's.
const BLANK: CartLine<'static> = CartLine { id: "", sku: SkuRef::Code(""), quantity: Micros::ZERO, unit: "" };

/// Reads a `PriceCartRequest`; `lines` is emptied first and then has one entry for each line, and `stated` has what few
/// carts say beyond them.
///
/// # Errors
/// [`Malformed`], where prost would refuse the bytes as well.
pub fn read_cart<'a>(
    message: &'a [u8],
    lines: &mut Vec<CartLine<'a>>,
    stated: &mut Stated<'a>,
) -> Result<CartHead<'a>, Malformed> {
    lines.clear();
    *stated = Stated::default();
    let mut head = CartHead::default();
    let mut reader = Reader::new(message);
    while !reader.is_empty() {
        let key = reader.key()?;
        match key.field {
            1 => head.contract = reader.text(key)?,
            2 => {
                key.is(BYTES)?;
                read_timestamp(reader.bytes()?, head.pricing_at.get_or_insert((0, 0)))?;
            }
            3 => head.publication = reader.uint64(key)?,
            4 => {
                key.is(BYTES)?;
                read_circumstances(reader.bytes()?, &mut head.circumstances)?;
            }
            5 => {
                key.is(BYTES)?;
                let line = read_line(reader.bytes()?, lines.len(), stated)?;
                lines.push(line);
            }
            6 => head.view = reader.uint32(key)?.cast_signed(),
            7 => stated.coupons.push(reader.text(key)?),
            8 => {
                key.is(BYTES)?;
                read_metrics(reader.bytes()?, stated)?;
            }
            9 => head.progress = reader.uint32(key)?.cast_signed(),
            10 => head.language = reader.text(key)?,
            11 => stated.hold = reader.text(key)?,
            12 => {
                key.is(BYTES)?;
                stated.take_points.push(read_points(reader.bytes()?)?);
            }
            _ => reader.skip(key)?,
        }
    }
    Ok(head)
}

#[inline]
fn read_line<'a>(
    message: &'a [u8],
    number: usize,
    stated: &mut Stated<'a>,
) -> Result<CartLine<'a>, Malformed> {
    let mut line = BLANK;
    let mut detailed = false;
    let mut reader = Reader::new(message);
    while !reader.is_empty() {
        let key = reader.key()?;
        match key.field {
            1 => line.id = reader.text(key)?,
            2 => line.sku = SkuRef::Code(reader.text(key)?),
            3 => line.sku = SkuRef::Handle(SkuId(reader.uint32(key)?)),
            4 => line.quantity = Micros(reader.int64(key)?),
            5 => line.unit = reader.text(key)?,
            6 => {
                key.is(BYTES)?;
                read_details(reader.bytes()?, number, &mut stated.details)?;
                detailed = true;
            }
            _ => reader.skip(key)?,
        }
    }
    if detailed {
        settle(&mut stated.details);
    }
    Ok(line)
}

fn read_timestamp(message: &[u8], at: &mut (i64, i32)) -> Result<(), Malformed> {
    let mut reader = Reader::new(message);
    while !reader.is_empty() {
        let key = reader.key()?;
        match key.field {
            1 => at.0 = reader.int64(key)?,
            2 => at.1 = reader.uint32(key)?.cast_signed(),
            _ => reader.skip(key)?,
        }
    }
    Ok(())
}

fn read_circumstances<'a>(message: &'a [u8], into: &mut Circumstances<'a>) -> Result<(), Malformed> {
    let mut reader = Reader::new(message);
    while !reader.is_empty() {
        let key = reader.key()?;
        match key.field {
            1 => into.warehouse = reader.text(key)?,
            2 => into.delivery_basis = reader.text(key)?,
            3 => into.channel = reader.text(key)?,
            4 => into.fulfilment = reader.text(key)?,
            5 => into.payment_terms = reader.text(key)?,
            _ => reader.skip(key)?,
        }
    }
    Ok(())
}

/// Lends out the allocation of `lines` for texts of another life; nothing of the old lines is kept.
#[must_use]
pub fn recycle<'b>(mut lines: Vec<CartLine<'_>>) -> Vec<CartLine<'b>> {
    lines.clear();
    // Collected in place: the standard library keeps the allocation where layouts agree.
    lines.into_iter().map(|_| BLANK).collect()
}
