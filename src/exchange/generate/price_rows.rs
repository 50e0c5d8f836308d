//! Which rows does a cell come to? One for each tier, with every number turned into its external id.

use crate::domain::cell::{CellFlags, Target, Value};
use crate::domain::decimal::Micros;
use crate::domain::ladder::{Over, TierMode};
use crate::domain::time::Window;

use super::goods_tables::Names;
use super::lists::ListKind;
use super::{GeneratedCell, Generator};

/// A row of a `prices` file; empty texts are absent values.
#[derive(Debug, Clone, Copy)]
pub(super) struct PriceRow<'a> {
    pub(super) list: &'a str,
    pub(super) sku: &'a str,
    pub(super) category: &'a str,
    pub(super) brand: &'a str,
    pub(super) unit: &'a str,
    pub(super) per: u32,
    pub(super) mode: TierMode,
    pub(super) over: Over,
    /// `from`, or of graduated tiers `above`.
    pub(super) lower: Micros,
    pub(super) value: Value,
    /// External id of the list that a percentage is taken off.
    pub(super) percent_of: &'a str,
    pub(super) window: Window,
    pub(super) flags: CellFlags,
}

/// Takes rows.
pub(super) trait PriceSink {
    /// Why a row could not be taken.
    type Error;
    /// One row.
    fn put(&mut self, row: &PriceRow<'_>) -> Result<(), Self::Error>;
}

/// What turns cells into rows.
pub(super) struct PriceRows<'a> {
    generator: &'a Generator,
    names: Names,
    base: String,
}

impl<'a> PriceRows<'a> {
    pub(super) fn new(generator: &'a Generator) -> Self {
        Self { generator, names: Names::new(generator), base: ListKind::Base.code_and_name().0 }
    }

    /// Hands the rows of a list's cells to the sink; returns how many.
    pub(super) fn put_list<S: PriceSink>(
        &self,
        list: &str,
        cells: &[GeneratedCell],
        sink: &mut S,
    ) -> Result<u64, S::Error> {
        let mut count = 0;
        for GeneratedCell { target, cell } in cells {
            let (mut sku, mut category, mut brand) = ("", "", "");
            match target {
                Target::Sku(id) => sku = self.names.sku(id.0),
                Target::Category(id) => {
                    category =
                        self.generator.assortment.categories.get(id.index()).map_or("", String::as_str);
                }
                Target::Brand(id) => {
                    brand = self.generator.assortment.brands.get(id.index()).map_or("", String::as_str);
                }
            }
            let unit = self.names.units.get(cell.unit.index()).copied().unwrap_or_default();
            for tier in cell.ladder.tiers() {
                sink.put(&PriceRow {
                    list,
                    sku,
                    category,
                    brand,
                    unit,
                    per: cell.per,
                    mode: cell.ladder.mode(),
                    over: cell.ladder.over(),
                    lower: tier.lower,
                    value: tier.value,
                    percent_of: if matches!(tier.value, Value::Percent { .. }) { &self.base } else { "" },
                    window: cell.window,
                    flags: cell.flags,
                })?;
                count += 1;
            }
        }
        Ok(count)
    }
}

/// Appends a decimal that is not negative: at least `least` (0 or 2) digits after the point, and as many as it needs.
pub(super) fn push_decimal(out: &mut Vec<u8>, value: Micros, least: u32) {
    if value.is_negative() || least > 2 || value.0 % 10_000 != 0 {
        out.extend_from_slice(value.to_text(least).as_bytes());
        return;
    }
    let cents = value.0.unsigned_abs() / 10_000;
    push_whole(out, cents / 100);
    if least == 2 || cents % 100 != 0 {
        let digit = |value: u64| u8::try_from(value % 10).map_or(b'0', |digit| b'0' + digit);
        out.push(b'.');
        out.push(digit(cents / 10));
        if least == 2 || cents % 10 != 0 {
            out.push(digit(cents));
        }
    }
}

/// Appends a whole number.
pub(super) fn push_whole(out: &mut Vec<u8>, value: u64) {
    let mut digits = [0_u8; 20];
    let mut rest = value;
    let mut used = 0;
    for slot in digits.iter_mut().rev() {
        *slot = u8::try_from(rest % 10).map_or(b'0', |digit| b'0' + digit);
        rest /= 10;
        used += 1;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(digits.len() - used..).unwrap_or_default());
}

/// Appends a formula as files write it: `METAL * 1.05 + 12.50`.
pub(super) fn push_formula(out: &mut Vec<u8>, coefficient: Micros, premium: Micros) {
    out.extend_from_slice(super::market_tables::INDEX.as_bytes());
    out.extend_from_slice(b" * ");
    push_decimal(out, coefficient, 0);
    if premium != Micros::ZERO {
        out.extend_from_slice(b" + ");
        push_decimal(out, premium, 2);
    }
}
