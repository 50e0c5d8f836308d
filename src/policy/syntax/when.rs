//! Under which circumstances does a rule hold?

use crate::domain::decimal::Micros;
use crate::domain::time::Window;

use super::{Selection, SkuCriterion};

/// All of these must be met; what is empty asks nothing. Lists are alternatives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct When {
    /// The cart's channel.
    pub channel: Vec<String>,
    /// The warehouse that the goods leave from: the line's, or else the cart's.
    pub warehouse: Vec<String>,
    /// The cart's delivery basis.
    pub delivery_basis: Vec<String>,
    /// From stock or to order: the line's, or else the cart's.
    pub fulfilment: Vec<String>,
    /// The cart's payment terms, or else the contract's.
    pub payment_terms: Vec<String>,
    /// A coupon code that the cart has.
    pub coupon: Vec<String>,
    /// A level that the contract holds.
    pub level: Vec<String>,
    /// The contract is on an overdue hold of the policy, or on none.
    pub held: Option<bool>,
    /// An overdue hold that the contract is on.
    pub held_by: Vec<String>,
    /// Overdue holds on none of which the contract is.
    pub not_held_by: Vec<String>,
    /// The contract's first order, or not its first.
    pub first_order: Option<bool>,
    /// When, on the wall of the contract's zone.
    pub window: Window,
    /// On which days of the week there, 1 for Monday to 7 for Sunday.
    pub weekdays: Vec<u8>,
    /// Characteristics of the line, each; the SKU's attribute of that name where the line has none.
    pub line: Vec<LineCondition>,
    /// Goods that must be in the cart together: a bundle.
    pub together: Vec<Part>,
    /// Of a bundle: the rule gives its benefit for complete sets alone.
    pub sets: bool,
}

/// What a characteristic of the line must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineCondition {
    /// Which one.
    pub attribute: String,
    /// What is asked of it.
    pub test: LineTest,
}

/// What is asked of a characteristic. A line without it, or with no number where one is asked, does not meet it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineTest {
    /// One of these texts.
    OneOf(Vec<String>),
    /// A number in these bounds, each included and open where absent.
    Between {
        /// At least.
        from: Option<Micros>,
        /// At most.
        to: Option<Micros>,
    },
}

/// One part of a bundle: so much of these goods over all lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which goods.
    pub goods: Selection<SkuCriterion>,
    /// How much makes one set.
    pub quantity: Micros,
    /// In which unit; the SKU's base unit where absent.
    pub unit: Option<String>,
}
