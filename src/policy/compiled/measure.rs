//! What is a measure to pricing?

use crate::domain::catalogue::Catalogue;
use crate::domain::currency::Currency;
use crate::policy::syntax::{AmountOf, Measure, PeriodWindow, Scope, What};

use super::matcher::{EVERYTHING, SelectionNo};
use super::rule::{UnitRef, unit_ref};

/// A measure with names resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompiledMeasure {
    /// The name under which a caller passes its position.
    pub id: String,
    /// What is measured.
    pub what: CompiledWhat,
    /// Over what.
    pub scope: Scope,
    /// Which goods count.
    pub goods: SelectionNo,
    /// Of an amount: its currency.
    pub currency: Option<Currency>,
    /// Documents that were ordered there alone; all of them where empty.
    pub channels: Vec<String>,
    /// What is paid alone?
    pub paid: bool,
    /// Is each document counted by itself, since what it gives is rounded by itself?
    pub by_document: bool,
}

/// What is measured.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CompiledWhat {
    /// The quantity.
    Quantity(UnitRef),
    /// The weight.
    Weight(UnitRef),
    /// An amount.
    Amount(AmountOf),
    /// Distinct SKUs.
    Skus,
    /// Distinct categories, at a level of the path from one, or the SKU's own.
    Categories(Option<u8>),
    /// A characteristic.
    Attribute(String),
    /// Net amounts less cost, of lines that state their cost.
    Margin,
    /// Net amounts of such lines.
    Costed,
    /// What was planned of the measure with this id.
    Planned(String),
    /// What is owed, and since when.
    Receivables,
}

impl CompiledMeasure {
    pub(super) fn new(
        id: &str,
        measure: &Measure,
        goods: SelectionNo,
        currency: Option<Currency>,
        catalogue: &Catalogue,
    ) -> Self {
        let what = match &measure.what {
            What::Quantity { unit } => CompiledWhat::Quantity(unit_ref(unit.as_deref(), catalogue)),
            What::Weight { unit } => CompiledWhat::Weight(unit_ref(Some(unit), catalogue)),
            What::Volume { unit } => CompiledWhat::Quantity(unit_ref(Some(unit), catalogue)),
            What::Amount { of } => CompiledWhat::Amount(*of),
            What::Skus => CompiledWhat::Skus,
            What::Categories { level } => CompiledWhat::Categories(*level),
            What::Attribute { name } => CompiledWhat::Attribute(name.clone()),
        };
        let currency =
            matches!(what, CompiledWhat::Amount(_)).then_some(measure.currency.or(currency)).flatten();
        let (id, channels) = (id.to_owned(), Vec::new());
        let (paid, by_document) = (false, false);
        Self { id, what, scope: measure.over, goods, currency, channels, paid, by_document }
    }

    /// Does what is in the cart count?
    #[must_use]
    pub fn counts_cart(&self) -> bool {
        !matches!(self.scope, Scope::Period(period) if period.window == PeriodWindow::Previous)
    }

    /// Whose goods count: of the cart, everything.
    #[must_use]
    #[inline]
    pub fn counted(&self) -> SelectionNo {
        if self.scope == Scope::Cart { EVERYTHING } else { self.goods }
    }

    /// Is it what lines measure, summed, rather than a number of distinct things?
    #[must_use]
    pub fn is_sum(&self) -> bool {
        !matches!(self.what, CompiledWhat::Skus | CompiledWhat::Categories(_))
    }

    /// Does it differ from line to line?
    #[must_use]
    pub fn is_of_line(&self) -> bool {
        matches!(self.scope, Scope::Line | Scope::Sku)
    }
}
