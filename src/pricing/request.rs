//! What is asked of pricing? Carts with their lines, and what lines and buyers say of themselves beyond that.
//!
//! Requests borrow, so that a line costs no allocation.

use std::collections::BTreeMap;

use crate::domain::contract::Circumstances;
use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::domain::ids::{PublicationNo, SkuId};
use crate::domain::negotiated::Proposed;
use crate::domain::time::Instant;
use crate::policy::RuleNo;
use crate::policy::compiled::MeasureNo;

/// How much of the reasoning an answer carries. The figures are the same in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Detail {
    /// Figures and statuses.
    #[default]
    Basic,
    /// The steps of the waterfall as well.
    Waterfall,
    /// The losing candidates and why each lost as well.
    Explain,
}

/// Which SKU a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkuRef<'a> {
    /// By external id.
    Code(&'a str),
    /// By the store's own number, which the catalogue calls hand out and never changes.
    Handle(SkuId),
}

/// One line of a cart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CartLine<'a> {
    /// The caller's id of the line; decides ties where lines must be ordered.
    pub id: &'a str,
    /// What is ordered.
    pub sku: SkuRef<'a>,
    /// How much, in millionths of `unit`.
    pub quantity: Micros,
    /// External id of the ordered unit; empty for the SKU's base unit.
    pub unit: &'a str,
}

/// A cart to price.
#[derive(Debug, Clone, Copy)]
pub struct CartRequest<'a> {
    /// External id of the contract.
    pub contract: &'a str,
    /// The instant of pricing; the engine's clock where absent.
    pub pricing_at: Option<Instant>,
    /// The publication to price against; the newest where absent.
    pub publication: Option<PublicationNo>,
    /// What conditional access entries and rules are held against.
    pub circumstances: Circumstances<'a>,
    /// The lines.
    pub lines: &'a [CartLine<'a>],
    /// What few carts say beyond that; [`NO_PARTICULARS`] where nothing.
    pub particulars: &'a Particulars<'a>,
    /// How much progress is told.
    pub progress: ProgressWanted,
    /// How much reasoning is wanted.
    pub detail: Detail,
}

/// What a line says of itself beyond SKU, quantity and unit. Few lines do, so that these stand beside the lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineDetails<'a> {
    /// Position of the line in the cart, from zero; ascending and without repetition.
    pub line: u32,
    /// Characteristics by name.
    pub attributes: Vec<(&'a str, &'a str)>,
    /// What the line really weighs, and in which unit; known to formulas as the characteristic `weight` as well.
    pub weight: Option<(Micros, &'a str)>,
    /// The warehouse that it leaves from, where not the cart's; empty where the cart's.
    pub warehouse: &'a str,
    /// From stock or made to order, where not the cart's; empty where the cart's.
    pub fulfilment: &'a str,
    /// Services by id, and how many of each.
    pub services: Vec<(&'a str, Micros)>,
}

/// Where the purchases of a period stand, as the caller says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Position<'a> {
    /// The named measure's id, or that of the rule whose own measure it is.
    pub measure: &'a str,
    /// What was bought, in millionths of the measure's unit or currency.
    pub value: i128,
    /// Of distinct SKUs or categories: which were bought, by external id or path. `value` counts them where it is larger:
    /// the others are taken to be none of the cart's.
    pub members: Vec<&'a str>,
}

/// How much of a limited benefit was used before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Use<'a> {
    /// The rule's id.
    pub rule: &'a str,
    /// Millionths of the limit's unit, of the amount's currency, or of uses.
    pub used: i128,
}

/// What the ledger says was bought before, by measure, and is gone of limits, by rule; zero of what is not there.
#[derive(Debug, Clone, Default)]
pub struct Bought {
    measures: BTreeMap<MeasureNo, BoughtOf>,
    used: BTreeMap<RuleNo, i128>,
}

/// What was bought by one measure.
#[derive(Debug, Clone)]
pub struct BoughtOf {
    /// The position, T.
    pub value: Exact,
    /// Of distinct SKUs or categories: their numbers, ascending.
    pub members: Vec<u32>,
}

/// Nothing was bought before.
pub static NOTHING_BOUGHT: Bought = Bought { measures: BTreeMap::new(), used: BTreeMap::new() };

impl Bought {
    /// States what was bought by a measure.
    pub fn put(&mut self, measure: MeasureNo, bought: BoughtOf) {
        self.measures.insert(measure, bought);
    }

    /// What was bought by a measure.
    #[must_use]
    pub fn of(&self, measure: MeasureNo) -> Option<&BoughtOf> {
        self.measures.get(&measure)
    }

    /// States what is gone of a rule's limit, used or held, in millionths.
    pub fn put_used(&mut self, rule: RuleNo, used: i128) {
        self.used.insert(rule, used);
    }

    /// What is gone of a rule's limit.
    #[must_use]
    pub fn used(&self, rule: RuleNo) -> Option<i128> {
        self.used.get(&rule).copied()
    }
}

/// What was bought and used before, as the caller says: where it names a measure, the ledger is not asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metrics<'a> {
    /// Positions of periods; zero where not named.
    pub positions: Vec<Position<'a>>,
    /// Uses of limited benefits: where one is named, the ledger is not asked.
    pub uses: Vec<Use<'a>>,
    /// Is it the contract's first order?
    pub first_order: bool,
}

impl Metrics<'_> {
    /// Does it say nothing?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty() && self.uses.is_empty() && !self.first_order
    }
}

/// Points that a cart is to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakePoints<'a> {
    /// Of which programme, by id.
    pub programme: &'a str,
    /// How many; below zero is none.
    pub points: Micros,
}

/// Prices that were negotiated for the goods of a cart, without tax, services and surcharges.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Negotiated {
    /// None.
    #[default]
    Nothing,
    /// Of lines, by position, ascending.
    Lines(Vec<(u32, Proposed)>),
    /// One for all of them.
    Total(Micros),
}

/// What few carts say beyond lines and circumstances.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Particulars<'a> {
    /// Coupon codes.
    pub coupons: Vec<&'a str>,
    /// What lines say of themselves, by line.
    pub details: Vec<LineDetails<'a>>,
    /// What was bought and used before: what-if pricing.
    pub metrics: Metrics<'a>,
    /// The id of a hold of limits that the cart is about; empty where of none. What that keeps is there for the cart.
    pub hold: &'a str,
    /// Points that it is to take, each programme once.
    pub take_points: Vec<TakePoints<'a>>,
    /// Prices that were negotiated; only quotes have any.
    pub negotiated: Negotiated,
}

/// Nothing beyond lines and circumstances.
pub static NO_PARTICULARS: Particulars<'static> = Particulars {
    coupons: Vec::new(),
    details: Vec::new(),
    metrics: Metrics { positions: Vec::new(), uses: Vec::new(), first_order: false },
    hold: "",
    take_points: Vec::new(),
    negotiated: Negotiated::Nothing,
};

/// How much progress an answer tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum ProgressWanted {
    /// None.
    Nothing,
    /// Position and next threshold of each ladder over more than a line.
    #[default]
    Next,
    /// Those of lines as well.
    Lines,
    /// All of them with their whole ladders.
    Ladders,
}
