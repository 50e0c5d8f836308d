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
    held: Option<bool>,
    held_by: Vec<String>,
    not_held_by: Vec<String>,
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
    /// It is on an overdue hold on which it may not be.
    Held,
    /// It is not on the overdue hold on which it must be.
    NotHeld,
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
    /// Overdue holds of the policy that the contract is on.
    pub held_by: &'a [&'a str],
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
            held: when.held,
            held_by: sorted(&when.held_by),
            not_held_by: sorted(&when.not_held_by),
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
        if let Some(unmet) = self.unmet_hold(cart.held_by) {
            return Some(unmet);
        }
        if self.first_order.is_some_and(|asked| asked != cart.first_order) {
            return Some(Unmet::FirstOrder);
        }
        let on_day = self.weekdays == 0 || self.weekdays >> weekday(cart.at) & 1 == 1;
        (!self.window.covers(cart.at) || !on_day).then_some(Unmet::Dates)
    }

    fn unmet_hold(&self, held_by: &[&str]) -> Option<Unmet> {
        let is_on = |holds: &[String]| holds.iter().any(|hold| held_by.contains(&hold.as_str()));
        if self.held == Some(false) && !held_by.is_empty() || is_on(&self.not_held_by) {
            return Some(Unmet::Held);
        }
        let lacks = self.held == Some(true) && held_by.is_empty();
        (lacks || !self.held_by.is_empty() && !is_on(&self.held_by)).then_some(Unmet::NotHeld)
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
    holds: Vec<String>,
    /// Where windows begin and end.
    bounds: Vec<CivilSecond>,
    held: bool,
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
            holds: all(whens.iter().flat_map(|when| when.held_by.iter().chain(&when.not_held_by))),
            bounds: all(whens.iter().flat_map(|when| when.window.from.iter().chain(&when.window.to))),
            held: whens.iter().any(|when| when.held.is_some()),
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
        // Levels behind coupons and holds behind levels, so that none is taken for another.
        let places = |asked: &[String], stated: &[&str], behind: u32| {
            let mut places: Vec<u32> = stated.iter().map(|stated| place(asked, stated)).collect();
            places.retain(|place| *place > 0);
            places.sort_unstable();
            places.dedup();
            places.into_iter().map(move |place| behind + place)
        };
        let coupons = places(&self.coupons, cart.coupons, 0);
        let behind = count(self.coupons.len());
        let levels = places(&self.levels, cart.levels, behind);
        let holds = places(&self.holds, cart.held_by, behind + count(self.levels.len()));
        let fixed = [
            place(&self.channels, cart.circumstances.channel),
            place(&self.delivery_bases, cart.circumstances.delivery_basis),
            place(&self.payment_terms, cart.payment_terms()),
            u32::from(self.held && !cart.held_by.is_empty()),
            u32::from(self.first_order && cart.first_order),
            if self.weekdays { weekday(cart.at) } else { 0 },
            count(self.bounds.partition_point(|bound| *bound <= cart.at)),
        ];
        fixed.into_iter().chain(coupons).chain(levels).chain(holds).collect()
    }
}

/// 0 for Monday to 6 for Sunday; the first of January 1970 was a Thursday.
fn weekday(at: CivilSecond) -> u32 {
    u32::try_from((at.0.div_euclid(DAY_SECONDS) + 3).rem_euclid(7)).unwrap_or(0)
}
