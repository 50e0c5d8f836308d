//! What does one row of a prices file say? Names as written, numbers read.

use crate::domain::cell::CellFlags;
use crate::domain::decimal::Micros;
use crate::domain::ladder::{Over, TierMode};
use crate::domain::time::Window;

/// For what goods a row states a price, by external id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetName<'a> {
    /// A SKU.
    Sku(&'a str),
    /// A category, by its path.
    Category(&'a str),
    /// A brand.
    Brand(&'a str),
}

/// What a row states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineValue<'a> {
    /// A price for [`PriceLine::per`] units.
    Price(Micros),
    /// A percentage off another list, in millionths of a percent.
    Percent {
        /// The percentage.
        percent: Micros,
        /// The list's external id.
        of: &'a str,
    },
    /// `index x coefficient + premium`.
    Formula {
        /// The index's external id.
        index: &'a str,
        /// Millionths.
        coefficient: Micros,
        /// Millionths of the list's currency.
        premium: Micros,
    },
    /// The whole cell goes.
    Remove,
}

/// One row of a prices file: one tier of a cell, or a cell's removal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceLine<'a> {
    /// The row in its file; see [`RowFault::row`](super::fault::RowFault::row).
    pub row: u64,
    /// The price list's external id.
    pub list: &'a str,
    /// For what goods.
    pub target: TargetName<'a>,
    /// The unit's external id; none is the base unit of whichever SKU is priced.
    pub unit: Option<&'a str>,
    /// The price is for so many units, 1 to 1,000,000,000.
    pub per: u32,
    /// Tier mode.
    pub mode: TierMode,
    /// What is measured.
    pub over: Over,
    /// `from` (volume) or `above` (graduated).
    pub lower: Micros,
    /// `to`, included.
    pub upper: Option<Micros>,
    /// What holds there.
    pub value: LineValue<'a>,
    /// The currency as written, not yet held against the list's.
    pub currency: Option<&'a str>,
    /// When it holds.
    pub window: Window,
    /// Flags.
    pub flags: CellFlags,
}

impl<'a> PriceLine<'a> {
    /// A price for one base unit of a SKU, whatever the quantity and date.
    #[must_use]
    pub fn plain(list: &'a str, sku: &'a str, price: Micros) -> Self {
        Self {
            row: 0,
            list,
            target: TargetName::Sku(sku),
            unit: None,
            per: 1,
            mode: TierMode::Volume,
            over: Over::Line,
            lower: Micros::ZERO,
            upper: None,
            value: LineValue::Price(price),
            currency: None,
            window: Window::ALWAYS,
            flags: CellFlags::default(),
        }
    }
}
