//! Which steps lead from list price to net price, and what made each?

use crate::domain::decimal::Micros;
use crate::domain::ids::ListId;
use crate::policy::compiled::PointsNo;
use crate::policy::syntax::Presentation;
use crate::policy::{GuardNo, RuleNo, ServiceNo};

/// A stage of the waterfall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The reference price list.
    List,
    /// The contract's access sequence, or the policy's price in its place.
    Contract,
    /// Volume discounts.
    Volume,
    /// Order discounts.
    Order,
    /// Loyalty.
    Loyalty,
    /// Surcharges and services.
    Surcharge,
    /// Guards.
    Guard,
    /// Rounding.
    Rounding,
}

/// One step of a waterfall: the running amount goes from `base` to `base + amount`, both rounded (rule R4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Which layer.
    pub layer: Layer,
    /// What made it.
    pub cause: Cause,
    /// Rounded running amount before.
    pub base: Micros,
    /// What the step adds, or takes where negative.
    pub amount: Micros,
    /// What a rule took its rate of, rounded; zero where it has no rate.
    pub taken_of: Micros,
    /// The rule's rate: percent, or an amount or price as its benefit states; zero where a ladder's portions mix. Of points what
    /// one is worth.
    pub rate: Micros,
    /// As what it is shown.
    pub shown_as: Presentation,
}

/// What made a step. Rules, guards, services and programmes by their place in the compiled policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Nothing but arithmetic.
    Rounding,
    /// A price list.
    List(ListId),
    /// A rule.
    Rule(RuleNo),
    /// A service that the line asks for.
    Service(ServiceNo),
    /// A guard.
    Guard(GuardNo),
    /// Points of a programme that are a discount.
    Points(PointsNo),
    /// A price that was negotiated.
    Negotiated,
}
