//! What is asked for in a quote? A cart as the caller sent it, kept word for word: the same request is known again by it, and an
//! old quote is priced anew from it.

use serde::{Deserialize, Serialize};

use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::domain::ids::PublicationNo;
use crate::domain::negotiated::Proposed;
use crate::domain::time::Instant;

/// What conditional entries and rules are held against.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AskedCircumstances {
    /// The warehouse that the goods leave from.
    pub warehouse: String,
    /// The delivery basis, as in `EXW`.
    pub delivery_basis: String,
    /// Portal, ERP, manager.
    pub channel: String,
    /// From stock or made to order.
    pub fulfilment: String,
    /// The payment terms of this cart, where others than the contract's.
    pub payment_terms: String,
}

/// What few lines say.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AskedDetails {
    /// Characteristics by name.
    pub attributes: Vec<(String, String)>,
    /// What the line really weighs, and in which unit.
    pub weight: Option<(Micros, String)>,
    /// The warehouse that it leaves from, where not the cart's.
    pub warehouse: String,
    /// From stock or made to order, where not the cart's.
    pub fulfilment: String,
    /// Services by id, and how many of each.
    pub services: Vec<(String, Micros)>,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedLine {
    /// The caller's id of it; none is there twice.
    pub id: String,
    /// External id of the SKU.
    pub sku: String,
    /// How much, in millionths of `unit`.
    pub quantity: Micros,
    /// The ordered unit; empty for the SKU's base unit.
    pub unit: String,
    /// May it be accepted in part (rule Q1)?
    pub is_divisible: bool,
    /// The price that is proposed for its goods, without tax; none where it is what the policy makes it.
    pub negotiated: Option<Proposed>,
    /// What few lines say.
    pub details: Option<Box<AskedDetails>>,
}

/// A cart to be quoted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AskedCart {
    /// External id of the contract.
    pub contract: String,
    /// What conditional entries and rules are held against.
    pub circumstances: AskedCircumstances,
    /// Coupon codes.
    pub coupons: Vec<String>,
    /// Is it the contract's first order?
    pub first_order: bool,
    /// Points that it is to take, by programme.
    pub take_points: Vec<(String, Micros)>,
    /// The lines.
    pub lines: Vec<AskedLine>,
    /// The sum that is proposed for all goods, without tax, in the place of prices of lines.
    pub negotiated_total: Option<Micros>,
}

impl AskedCart {
    /// The same cart without any proposed price.
    #[must_use]
    pub fn without_negotiation(&self) -> Self {
        let mut cart = self.clone();
        cart.negotiated_total = None;
        cart.lines.iter_mut().for_each(|line| line.negotiated = None);
        cart
    }
}

/// Everything that a caller says of a quote.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AskedQuote {
    /// The cart.
    pub cart: AskedCart,
    /// The instant of pricing; now where absent.
    pub pricing_at: Option<Instant>,
    /// The publication to price against; the newest where absent.
    pub publication: Option<PublicationNo>,
    /// The customer's own reference, by which quotes are found; may be empty.
    pub customer_reference: String,
    /// Free text for the customer.
    pub text: String,
    /// Terms of delivery and payment, as a person reads them.
    pub terms: String,
    /// The last day on which it may be accepted; some days from now where absent.
    pub valid_through: Option<CivilDay>,
    /// Is it to stay a draft until it is issued?
    pub is_draft: bool,
    /// The language of its texts, as it was asked for; may be empty.
    pub language: String,
    /// Why, for the history.
    pub reason: String,
}
