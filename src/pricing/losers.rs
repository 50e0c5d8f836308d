//! Which lists and rules could have given something and did not, and why?

use crate::domain::decimal::Micros;
use crate::domain::ids::ListId;
use crate::policy::{GuardNo, RuleNo};

/// Why a candidate did not give the price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LossReason {
    /// The access entry's conditions are not met by the cart.
    ConditionNotMet,
    /// The list says nothing of the SKU, its categories or its brand.
    NotInList,
    /// It has cells, but none whose window covers the instant.
    OutsideWindow,
    /// A cell in a unit that the SKU does not convert to.
    NoConversion,
    /// The quantity is below the first tier, in the cell's unit.
    BelowFirstTier {
        /// Where the first tier begins.
        threshold: Micros,
    },
    /// The quantity is past the end of the ladder or between two tiers.
    PastLadder {
        /// The end of the tier that was passed.
        end: Micros,
    },
    /// The named list of its percentage has no price.
    NoBasePrice,
    /// No exchange rate.
    NoExchangeRate,
    /// No index value.
    NoIndexValue,
    /// Its prices include tax, and no rate is known.
    NoTaxRate,
    /// Its price comes out at zero or below.
    PriceNotPositive,
    /// An earlier list was taken (`first`).
    EarlierListTaken,
    /// Another list gives a lower amount (`lowest`).
    HigherThan {
        /// The amount that won, rounded.
        winner: Micros,
        /// This one's amount, rounded.
        amount: Micros,
    },
    /// A `final` cell of an earlier list ended the search.
    EndedByFinal,
}

/// A list that was asked or not asked, and lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loser {
    /// The list.
    pub list: ListId,
    /// Why.
    pub reason: LossReason,
}

/// Why a rule gave a line nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleLoss {
    /// The cart's channel is another.
    Channel,
    /// The warehouse is another.
    Warehouse,
    /// The delivery basis is another.
    DeliveryBasis,
    /// The fulfilment is another.
    Fulfilment,
    /// The payment terms are others.
    PaymentTerms,
    /// No such coupon was given.
    Coupon,
    /// The contract holds none of its levels.
    Level,
    /// The contract is on an overdue hold on which it may not be.
    Held,
    /// The contract is not on the overdue hold on which it must be.
    NotHeld,
    /// It is, or is not, the first order.
    FirstOrder,
    /// Outside its window or weekdays.
    OutsideDates,
    /// A characteristic of the line is missing or another.
    Characteristic,
    /// Its bundle is not complete in the cart.
    NotTogether,
    /// The contract is in another currency.
    OtherCurrency,
    /// The measure has not reached the first tier.
    Threshold {
        /// Where it begins.
        threshold: Micros,
        /// Where the measure stands, rounded down to a millionth.
        has: Micros,
    },
    /// The measure is past the end of the ladder, or between two tiers.
    PastLadder {
        /// The end that was passed.
        end: Micros,
    },
    /// The price may not be discounted.
    NoDiscount,
    /// There is no list price to take it off.
    NoListPrice,
    /// The line cannot be measured in the unit.
    NotMeasurable,
    /// An index or characteristic of its formula has no value.
    NoValue,
    /// Its list has no price for the line.
    NoPriceInList,
    /// Its price is not below the running one.
    NotLower,
    /// Another rule of its exclusive group gives more.
    Beaten {
        /// That rule.
        by: RuleNo,
    },
    /// An earlier rule ended the layer.
    Stopped {
        /// That rule.
        by: RuleNo,
    },
    /// Nothing is left of its limit.
    LimitUsedUp,
    /// It comes to nothing.
    Nothing,
    /// A guard took back what it gave, with all other discounts of the line.
    TakenBack {
        /// That guard.
        by: GuardNo,
    },
    /// A contract rule of higher priority gave the price.
    EarlierRule {
        /// That rule.
        by: RuleNo,
    },
}

/// A rule that could have touched a line and gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleLoser {
    /// Position of the line in the cart.
    pub line: u32,
    /// The rule.
    pub rule: RuleNo,
    /// Why.
    pub reason: RuleLoss,
}
