//! What is measured, over what? (Rules T5 and M1 to M5.)

use serde::{Deserialize, Serialize};

use crate::domain::currency::Currency;

use super::{At, Selection, SkuCriterion, Text};

/// A measure that rules name, so that several share it and a caller can pass its position by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedMeasure {
    /// What a person reads.
    pub name: Text,
    /// What is measured.
    pub measure: Measure,
    /// Where it stands.
    pub at: At,
}

/// What is measured, over what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// What.
    pub what: What,
    /// Over what.
    pub over: Scope,
    /// Which goods count; those of the rule where absent. A named measure without goods counts all.
    pub goods: Option<Selection<SkuCriterion>>,
    /// Of an amount: its currency; the policy's where absent.
    pub currency: Option<Currency>,
    /// Where it stands.
    pub at: At,
}

/// What is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The quantity, in a unit that the SKU has; in its base unit where absent.
    Quantity {
        /// The unit.
        unit: Option<String>,
    },
    /// The weight: what the line says it weighs, else the quantity in this unit.
    Weight {
        /// The unit, as in `t`.
        unit: String,
    },
    /// The volume: the quantity in this unit.
    Volume {
        /// The unit, as in `m3`.
        unit: String,
    },
    /// An amount of money, without tax.
    Amount {
        /// Which one.
        of: AmountOf,
    },
    /// How many different SKUs.
    Skus,
    /// How many different categories.
    Categories {
        /// At this level of the path, the root being 1; the SKU's own category where absent.
        level: Option<u8>,
    },
    /// A characteristic of the line, as a number, for one line only.
    Attribute {
        /// Its name.
        name: String,
    },
}

/// Which amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum AmountOf {
    /// The list amount.
    List,
    /// The contract amount.
    Contract,
    /// The running amount that enters the rule's layer (rule M1).
    #[default]
    Net,
    /// What was paid in money, tax and all: of documents, never of a cart.
    Gross,
}

/// Over what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Scope {
    /// The line alone.
    #[default]
    Line,
    /// The cart's lines of the same SKU.
    Sku,
    /// The cart's lines of the measure's goods.
    Group,
    /// All of the cart's lines; the measure's own goods do not matter.
    Cart,
    /// What was bought of the measure's goods in a period, with this cart's where the period is not over.
    Period(Period),
}

/// A period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// How long.
    pub length: PeriodLength,
    /// Which one.
    pub window: PeriodWindow,
    /// Counted from when.
    pub calendar: Calendar,
    /// Whose purchases.
    pub of: PeriodOf,
}

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeriodLength {
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// Six months.
    Half,
    /// Twelve months.
    Year,
}

/// Which period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum PeriodWindow {
    /// The one that the instant of pricing lies in; this cart counts.
    #[default]
    Current,
    /// The one before; this cart does not count.
    Previous,
    /// So many months up to the day of pricing, instead of periods of the calendar; this cart counts.
    Rolling(u16),
}

/// From when periods are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Calendar {
    /// From the first of January.
    #[default]
    Calendar,
    /// From the contract's first day.
    Contract,
}

/// Whose purchases count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum PeriodOf {
    /// The contract's.
    #[default]
    Contract,
    /// The counterparty's, over its contracts.
    Counterparty,
    /// The holding's, over its counterparties.
    Holding,
    /// What the contract's payer pays for, under whatever contract.
    Payer,
    /// What the contract's ship-to receives, under whatever contract.
    ShipTo,
}
