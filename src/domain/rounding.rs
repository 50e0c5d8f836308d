//! How does a contract round? (Rules R1 to R3; docs/READINGS.md has what they leave open.)

use serde::{Deserialize, Serialize};

use super::currency::Currency;
use super::decimal::Micros;

/// What becomes of a remainder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum RoundingMode {
    /// Half away from zero.
    #[default]
    HalfUp,
    /// Half to the even neighbour.
    HalfEven,
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
}

impl RoundingMode {
    /// `quotient` and `remainder` are of a division towards zero by a positive `divisor`; true where the quotient
    /// has to move one away from zero. `twice` is the order of twice the remainder's size against the divisor.
    #[must_use]
    pub fn moves_away(
        self,
        quotient_is_odd: bool,
        remainder_is_zero: bool,
        twice: std::cmp::Ordering,
    ) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        // Only the mode is branched on: which way figures go is not to be foretold.
        let away = match self {
            Self::Up => true,
            Self::Down => false,
            Self::HalfUp => twice != Less,
            Self::HalfEven => (twice == Greater) | ((twice == Equal) & quotient_is_odd),
        };
        away & !remainder_is_zero
    }
}

/// Whether each layer's result is rounded or only the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum RoundAt {
    /// Only in layer 8.
    #[default]
    End,
    /// After every layer.
    Layer,
}

/// Which comes first, rounding or multiplying by the quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum DiscountOn {
    /// Multiply, then round the amount.
    #[default]
    Line,
    /// Round the unit price, then multiply.
    Unit,
}

/// In which unit the unit price is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum RoundingUnit {
    /// The ordered unit, after exact conversion.
    #[default]
    Ordered,
    /// The cell's unit, before it.
    Price,
}

/// Where tax is rounded (rule X1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum TaxRounding {
    /// On every line.
    #[default]
    Line,
    /// Per rate over the document.
    Document,
}

/// A contract's rounding, as it is written; empty steps take the currency's minor unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Rounding {
    /// Step of amounts, in millionths of the currency.
    pub amount_step: Option<Micros>,
    /// Mode of amounts.
    pub amount_mode: RoundingMode,
    /// Step of unit prices, in millionths of the currency; used with [`DiscountOn::Unit`].
    pub unit_step: Option<Micros>,
    /// Mode of unit prices.
    pub unit_mode: RoundingMode,
    /// Every layer or the end.
    pub round_at: RoundAt,
    /// Unit or line.
    pub discount_on: DiscountOn,
    /// Ordered unit or the cell's.
    pub rounding_unit: RoundingUnit,
}

impl Rounding {
    /// The step that amounts in `currency` are rounded to.
    #[must_use]
    pub fn amount_step(&self, currency: Currency) -> Micros {
        self.amount_step.unwrap_or(currency.minor_unit())
    }

    /// The step that unit prices in `currency` are rounded to, where they are rounded.
    #[must_use]
    pub fn unit_step(&self, currency: Currency) -> Micros {
        self.unit_step.unwrap_or(currency.minor_unit())
    }
}
