//! In which circumstances is a cart, as far as rules tell them apart?

use crate::domain::contract::{Circumstances, Contract};
use crate::domain::time::{CivilSecond, DAY_SECONDS, Window};
use crate::policy::syntax::When;

use super::build::count;

/// The circumstances of a cart that rules ask for; what is empty asks nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct CartWhen {
    channel: Vec<String>,
    delivery_basis: Vec<String>,
    payment_terms: Vec<String>,
    coupon: Vec<String>,
    level: Vec<String>,
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
    /// The level.
    Level,
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
    /// Levels that the contract holds, of those that rules name.
    pub levels: &'a [&'a str],
    /// Is it the contract's first order?
    pub first_order: bool,
    /// The instant, on the wall of the contract's zone.
    pub at: CivilSecond,
}

impl<'a> CartFacts<'a> {
    /// Those stated, or the contract's.
    fn payment_terms(&self) -> &'a str {
        let own = self.contract.payment_terms.as_deref().unwrap_or_default();
        let stated = self.circumstances.payment_terms;
        if stated.is_empty() { own } else { stated }
    }
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
            level: sorted(&when.level),
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
        if !met(&self.payment_terms, cart.payment_terms()) {
            return Some(Unmet::PaymentTerms);
        }
        if !self.coupon.is_empty() && !self.coupon.iter().any(|asked| cart.coupons.contains(&asked.as_str()))
        {
            return Some(Unmet::Coupon);
        }
        if !self.level.is_empty() && !self.level.iter().any(|asked| cart.levels.contains(&asked.as_str())) {
            return Some(Unmet::Level);
        }
        if self.first_order.is_some_and(|asked| asked != cart.first_order) {
            return Some(Unmet::FirstOrder);
        }
        let on_day = self.weekdays == 0 || self.weekdays >> weekday(cart.at) & 1 == 1;
        (!self.window.covers(cart.at) || !on_day).then_some(Unmet::Dates)
    }
}

/// What the rules of a policy ask of a cart, all of them together, each in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    channels: Vec<String>,
    delivery_bases: Vec<String>,
    payment_terms: Vec<String>,
    coupons: Vec<String>,
    levels: Vec<String>,
    /// Where windows begin and end.
    bounds: Vec<CivilSecond>,
    first_order: bool,
    weekdays: bool,
}

impl Asked {
    pub(super) fn of(whens: &[CartWhen]) -> Self {
        fn all<'w, T: Ord + Clone + 'w>(asked: impl Iterator<Item = &'w T>) -> Vec<T> {
            let mut all: Vec<T> = asked.cloned().collect();
            all.sort_unstable();
            all.dedup();
            all
        }
        Self {
            channels: all(whens.iter().flat_map(|when| &when.channel)),
            delivery_bases: all(whens.iter().flat_map(|when| &when.delivery_basis)),
            payment_terms: all(whens.iter().flat_map(|when| &when.payment_terms)),
            coupons: all(whens.iter().flat_map(|when| &when.coupon)),
            levels: all(whens.iter().flat_map(|when| &when.level)),
            bounds: all(whens.iter().flat_map(|when| when.window.from.iter().chain(&when.window.to))),
            first_order: whens.iter().any(|when| when.first_order.is_some()),
            weekdays: whens.iter().any(|when| when.weekdays != 0),
        }
    }

    /// Everything that any rule could ask of a cart, in numbers: carts with the same ones are in like circumstances. What
    /// no rule asks for is as good as nothing.
    pub(super) fn of_cart(&self, cart: &CartFacts<'_>) -> Box<[u32]> {
        let place = |asked: &[String], stated: &str| {
            asked.binary_search_by(|known| known.as_str().cmp(stated)).map_or(0, |at| count(at) + 1)
        };
        let mut coupons: Vec<u32> = cart.coupons.iter().map(|stated| place(&self.coupons, stated)).collect();
        coupons.retain(|place| *place > 0);
        coupons.sort_unstable();
        coupons.dedup();
        // Behind the coupons, so that no level is taken for one.
        let behind = count(self.coupons.len());
        let mut levels: Vec<u32> = cart.levels.iter().map(|held| place(&self.levels, held)).collect();
        levels.retain(|place| *place > 0);
        levels.sort_unstable();
        let fixed = [
            place(&self.channels, cart.circumstances.channel),
            place(&self.delivery_bases, cart.circumstances.delivery_basis),
            place(&self.payment_terms, cart.payment_terms()),
            u32::from(self.first_order && cart.first_order),
            if self.weekdays { weekday(cart.at) } else { 0 },
            count(self.bounds.partition_point(|bound| *bound <= cart.at)),
        ];
        fixed.into_iter().chain(coupons).chain(levels.into_iter().map(|place| behind + place)).collect()
    }
}

/// 0 for Monday to 6 for Sunday; the first of January 1970 was a Thursday.
fn weekday(at: CivilSecond) -> u32 {
    u32::try_from((at.0.div_euclid(DAY_SECONDS) + 3).rem_euclid(7)).unwrap_or(0)
}
