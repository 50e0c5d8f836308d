//! What does a row of `units` say?

use std::borrow::Cow;

use super::reader::MasterRow;
use super::row::Row;
use super::written::{number, text};
use crate::exchange::fault::Refusal;
use crate::exchange::kind::Kind;

/// Digits after the point of a quantity, unless stated.
const DEFAULT_DECIMALS: u64 = 3;

/// A unit of measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRow {
    /// External id.
    pub unit: String,
    /// What a person reads.
    pub name: String,
    /// Digits after the point that a quantity may have, 0 to 6.
    pub decimals: u8,
}

impl MasterRow for UnitRow {
    const KIND: Kind = Kind::Units;

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let unit = row.id("unit");
        let name = row.free_text("name");
        let decimals = row.whole("decimals", DEFAULT_DECIMALS, 0..=6);
        Some(Self { unit: unit?, name, decimals: u8::try_from(decimals?).ok()? })
    }

    fn key(&self) -> Vec<Cow<'_, str>> {
        vec![text(&self.unit)]
    }

    fn fields(&self) -> Result<Vec<Cow<'_, str>>, Refusal> {
        Ok(vec![text(&self.unit), text(&self.name), number(self.decimals)])
    }
}
