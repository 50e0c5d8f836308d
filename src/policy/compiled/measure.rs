//! What is a measure, or a circumstance of the cart, to pricing?

use crate::domain::catalogue::Catalogue;
use crate::domain::contract::{Circumstances, Contract};
use crate::domain::currency::Currency;
use crate::domain::time::{CivilSecond, DAY_SECONDS, Window};
use crate::policy::syntax::{AmountOf, Measure, PeriodWindow, Scope, What, When};

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
}

/// What is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
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
        Self { id: id.to_owned(), what, scope: measure.over, goods, currency }
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

/// The circumstances of a cart that rules ask for; what is empty asks nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct CartWhen {
    channel: Vec<String>,
    delivery_basis: Vec<String>,
    payment_terms: Vec<String>,
    coupon: Vec<String>,
    first_order: Option<bool>,
    window: Window,
    /// A bit for each day, Monday lowest; any where zero.
    weekdays: u8,
}

/// What of a cart's circumstances is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmet {
    /// The channel.
    Channel,
    /// The delivery basis.
    DeliveryBasis,
    /// The payment terms.
    PaymentTerms,
    /// The coupon.
    Coupon,
    /// First order or not.
    FirstOrder,
    /// Window or weekday.
    Dates,
}

/// What a cart's circumstances are held against.
#[derive(Debug, Clone, Copy)]
pub struct CartFacts<'a> {
    /// The contract.
    pub contract: &'a Contract,
    /// Channel and so on.
    pub circumstances: Circumstances<'a>,
    /// Coupon codes.
    pub coupons: &'a [&'a str],
    /// Is it the contract's first order?
    pub first_order: bool,
    /// The instant, on the wall of the contract's zone.
    pub at: CivilSecond,
}

impl CartWhen {
    pub(super) fn new(when: &When) -> Self {
        let sorted = |texts: &[String]| {
            let mut texts = texts.to_vec();
            texts.sort();
            texts
        };
        Self {
            channel: sorted(&when.channel),
            delivery_basis: sorted(&when.delivery_basis),
            payment_terms: sorted(&when.payment_terms),
            coupon: sorted(&when.coupon),
            first_order: when.first_order,
            window: when.window,
            weekdays: when
                .weekdays
                .iter()
                .fold(0, |bits, day| bits | 1_u8.checked_shl(u32::from(*day).wrapping_sub(1)).unwrap_or(0)),
        }
    }

    /// What is not met first; `None` where all is.
    #[must_use]
    pub fn unmet(&self, cart: &CartFacts<'_>) -> Option<Unmet> {
        let met =
            |asked: &[String], stated: &str| asked.is_empty() || asked.iter().any(|asked| asked == stated);
        if !met(&self.channel, cart.circumstances.channel) {
            return Some(Unmet::Channel);
        }
        if !met(&self.delivery_basis, cart.circumstances.delivery_basis) {
            return Some(Unmet::DeliveryBasis);
        }
        let own = cart.contract.payment_terms.as_deref().unwrap_or_default();
        let stated = cart.circumstances.payment_terms;
        if !met(&self.payment_terms, if stated.is_empty() { own } else { stated }) {
            return Some(Unmet::PaymentTerms);
        }
        if !self.coupon.is_empty() && !self.coupon.iter().any(|asked| cart.coupons.contains(&asked.as_str()))
        {
            return Some(Unmet::Coupon);
        }
        if self.first_order.is_some_and(|asked| asked != cart.first_order) {
            return Some(Unmet::FirstOrder);
        }
        let on_day = self.weekdays == 0 || self.weekdays >> weekday(cart.at) & 1 == 1;
        (!self.window.covers(cart.at) || !on_day).then_some(Unmet::Dates)
    }
}

/// 0 for Monday to 6 for Sunday; the first of January 1970 was a Thursday.
fn weekday(at: CivilSecond) -> i64 {
    (at.0.div_euclid(DAY_SECONDS) + 3).rem_euclid(7)
}
