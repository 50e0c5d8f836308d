//! What may stand in a cell of the matrix? A ladder of prices, percentages or formulas, with a unit, a window, flags.

use serde::{Deserialize, Serialize};

use super::decimal::Micros;
use super::ids::{BrandId, CategoryId, IndexId, ListId, SkuId, UnitId};
use super::ladder::{Ladder, TierMode};
use super::time::Window;

/// For what goods a cell states a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Target {
    /// One SKU.
    Sku(SkuId),
    /// Every SKU of a category and of the categories below it.
    Category(CategoryId),
    /// Every SKU of a brand.
    Brand(BrandId),
}

/// Flags of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct CellFlags(pub u8);

impl CellFlags {
    /// The line takes no benefit of later layers (rule L3).
    pub const NO_DISCOUNT: Self = Self(1);
    /// No list after this one is asked, whether or not the cell covers the quantity (rule C3).
    pub const FINAL: Self = Self(2);
    /// A price of zero is meant (rule C7).
    pub const FREE: Self = Self(4);

    /// Does it hold every flag of `other`?
    #[must_use]
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Reads `no_discount+final`; empty is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.split('+').filter(|part| !part.is_empty()).try_fold(Self::default(), |flags, part| {
            let flag = match part.trim() {
                "no_discount" => Self::NO_DISCOUNT,
                "final" => Self::FINAL,
                "free" => Self::FREE,
                _ => return None,
            };
            Some(flags.with(flag))
        })
    }

    /// The text that [`CellFlags::parse`] reads.
    #[must_use]
    pub fn to_text(self) -> String {
        [(Self::NO_DISCOUNT, "no_discount"), (Self::FINAL, "final"), (Self::FREE, "free")]
            .iter()
            .filter(|(flag, _)| self.has(*flag))
            .map(|(_, name)| *name)
            .collect::<Vec<_>>()
            .join("+")
    }
}

/// What a tier states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Value {
    /// A price for [`Cell::per`] units, in millionths of the list's currency.
    Price(Micros),
    /// A percentage off another list's price, in millionths of a percent: 15 % off is 15,000,000; below zero is a
    /// mark-up.
    Percent {
        /// The percentage.
        percent: Micros,
        /// Off whose price.
        of: ListId,
    },
    /// `index x coefficient + premium`, for [`Cell::per`] units.
    Formula {
        /// Which index.
        index: IndexId,
        /// Millionths.
        coefficient: Micros,
        /// Millionths of the list's currency.
        premium: Micros,
    },
}

/// One cell: what a price list says of a target, in one unit and one window.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cell {
    /// The unit that is priced and measured; [`UnitId::BASE`] for the SKU's own base unit.
    pub unit: UnitId,
    /// The prices are for so many units.
    pub per: u32,
    /// When it holds.
    pub window: Window,
    /// Flags.
    pub flags: CellFlags,
    /// Its tiers.
    pub ladder: Ladder<Value>,
}

impl Cell {
    /// A price for one base unit, whatever the quantity and date.
    #[must_use]
    pub fn plain(price: Micros) -> Self {
        Self {
            unit: UnitId::BASE,
            per: 1,
            window: Window::ALWAYS,
            flags: CellFlags::default(),
            ladder: Ladder::flat(Value::Price(price)),
        }
    }

    /// The price, where the cell is of the kind that [`Cell::plain`] makes.
    #[must_use]
    pub fn as_plain(&self) -> Option<Micros> {
        if self.unit != UnitId::BASE || self.per != 1 || self.window != Window::ALWAYS || self.flags.0 != 0 {
            return None;
        }
        match self.ladder.tiers() {
            [tier] if self.ladder.is_flat() => match tier.value {
                Value::Price(price) => Some(price),
                _ => None,
            },
            _ => None,
        }
    }

    /// Price points: the measure of sizes and rates.
    #[must_use]
    pub fn points(&self) -> usize {
        self.ladder.tiers().len()
    }

    /// Is this the graduated kind?
    #[must_use]
    pub fn is_graduated(&self) -> bool {
        self.ladder.mode() == TierMode::Graduated
    }
}
