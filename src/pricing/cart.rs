//! What does pricing answer? Lines with their status and figures, and what must be told beside them.
//!
//! Answers keep their steps and losers in one vector a cart.

use std::ops::Range;

use crate::domain::cell::{CellFlags, Target};
use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;
use crate::domain::ids::{ContractId, ListId, PublicationNo, SequenceNo, SkuId, UnitId};
use crate::domain::ladder::TierMode;
use crate::domain::negotiated::Concession;
use crate::domain::time::{CivilSecond, Instant, Window};
use crate::eligibility::Barrier;
use crate::policy::compiled::PointsNo;
use crate::policy::{GuardNo, HoldNo, PolicyInForce, RuleNo, ShownNo};

use super::losers::{Loser, RuleLoser};
use super::points::PointsTaken;
use super::waterfall::Step;

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineStatus {
    /// It has a price.
    Priced,
    /// No SKU has this id.
    UnknownSku,
    /// The SKU is not sold in this unit.
    UnknownUnit,
    /// No list of the contract prices it at this instant, in this unit and quantity.
    NoPrice,
    /// A `final` cell does not cover the quantity, so that later lists are not asked.
    NoPriceFinal {
        /// Whose cell.
        list: ListId,
    },
    /// Zero or below.
    QuantityNotPositive,
    /// More digits after the point than the unit has.
    QuantityTooPrecise {
        /// Digits that the unit has.
        decimals: u8,
    },
    /// Below the least quantity.
    BelowMinimum {
        /// Least quantity, in the ordered unit, rounded up to a millionth.
        minimum: Micros,
    },
    /// No multiple of the order multiple.
    OffMultiple {
        /// Nearest right quantity below, in the ordered unit; zero where there is none.
        below: Micros,
        /// Nearest right quantity above.
        above: Micros,
    },
    /// A percentage's named list has no price for it.
    NoBasePrice {
        /// The list named by the percentage.
        list: ListId,
    },
    /// No exchange rate from the list's currency holds at this instant.
    NoExchangeRate {
        /// The list in the other currency.
        list: ListId,
    },
    /// The formula's index has no value at this instant.
    NoIndexValue {
        /// The list with the formula.
        list: ListId,
    },
    /// The formula or percentage comes out at zero or below, and the cell is not `free`.
    PriceNotPositive {
        /// The list.
        list: ListId,
    },
    /// The list's prices include tax, and the rate of the SKU's tax class is not known.
    NoTaxRate {
        /// The list.
        list: ListId,
    },
    /// The contract may not buy it.
    NotEligible {
        /// What forbids it; the policy has its reason.
        by: Barrier,
    },
    /// The line asks for a service that is not in the policy, or not for this SKU.
    NoSuchService,
    /// A figure does not fit ±9,223,372,036,854.
    Overflow,
}

/// Where a line's price came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceSource {
    /// The price list.
    pub list: ListId,
    /// What the cell was for: the SKU, a category above it, or its brand.
    pub target: Target,
    /// The cell's unit.
    pub unit: UnitId,
    /// Units that the cell's prices are for.
    pub per: u32,
    /// The cell's window.
    pub window: Window,
    /// The cell's flags.
    pub flags: CellFlags,
    /// The cell's tier mode.
    pub mode: TierMode,
    /// Position of the tier reached, from zero; the highest reached of a graduated ladder.
    pub tier: u16,
    /// The list whose price a percentage was taken off.
    pub percent_of: Option<ListId>,
}

/// What a buyer or an approver must be told of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineNotice {
    /// Goods are added without charge.
    FreeGoods {
        /// By this rule.
        rule: RuleNo,
        /// Which SKU.
        sku: SkuId,
        /// In which unit.
        unit: UnitId,
        /// How many.
        quantity: Micros,
    },
    /// A quote of the line needs approval.
    NeedsApproval {
        /// This guard asks for it.
        guard: GuardNo,
    },
    /// A guard bit and trimmed the discounts.
    Clamped {
        /// This guard.
        guard: GuardNo,
    },
    /// Even without any discount the price is below a guard's floor.
    BelowFloor {
        /// This guard.
        guard: GuardNo,
    },
    /// Part of a benefit was lost because nothing more was left to take it off.
    Lost {
        /// Of this rule.
        rule: RuleNo,
        /// How much, rounded.
        amount: Micros,
    },
    /// No tax rate is known for the SKU's tax class, so that the line has no tax.
    Untaxed,
}

/// A priced line; figures are zero unless the status is [`LineStatus::Priced`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedLine {
    /// What became of it.
    pub status: LineStatus,
    /// The SKU, where known.
    pub sku: Option<SkuId>,
    /// The ordered unit, where known.
    pub unit: UnitId,
    /// As ordered.
    pub quantity: Micros,
    /// List price of one ordered unit; the contract price where there is no list price (rule L2).
    pub list_unit_price: Micros,
    /// Net price of one ordered unit; where `discount_on: line`, the amount counts and this is for display.
    pub unit_price: Micros,
    /// List amount, rounded.
    pub list_amount: Micros,
    /// At the contract price, rounded; zero where no retro-bonus is agreed.
    pub contract_amount: Micros,
    /// Net amount with surcharges and services, rounded, without tax.
    pub amount: Micros,
    /// Tax on it; zero where the policy has no taxes.
    pub tax: Micros,
    /// Where the price came from; not in the basic detail.
    pub source: Option<Box<PriceSource>>,
    /// Its steps in [`PricedCart::steps`].
    pub steps: Range<u32>,
    /// Its losers in [`PricedCart::losers`].
    pub losers: Range<u32>,
}

/// A hold of the policy, and the debts because of which it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldBy {
    /// Which one.
    pub hold: HoldNo,
    /// How much is overdue, in millionths.
    pub overdue_amount: i128,
    /// For how many days the oldest of it is.
    pub overdue_days: u32,
}

/// A priced cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedCart {
    /// The contract.
    pub contract: ContractId,
    /// Of every figure.
    pub currency: Currency,
    /// What was priced against.
    pub publication: PublicationNo,
    /// The position of the command log that the answer has seen.
    pub position: SequenceNo,
    /// The instant of pricing.
    pub pricing_at: Instant,
    /// The same on the wall of the contract's zone.
    pub civil: CivilSecond,
    /// Text of the notice that blocks an order, where the contract is on hold.
    pub hold: Option<String>,
    /// What holds the contract because debts are overdue.
    pub held_by: Vec<HeldBy>,
    /// One for each line of the request, in its order.
    pub lines: Vec<PricedLine>,
    /// Steps of all lines.
    pub steps: Vec<Step>,
    /// Lists that lost, of all lines.
    pub losers: Vec<Loser>,
    /// Rules that lost, of all lines, by line.
    pub rule_losers: Vec<RuleLoser>,
    /// What must be told of lines, by line.
    pub notices: Vec<(u32, LineNotice)>,
    /// Prices shown beside the buyer's own, by line; not in the basic detail.
    pub shown: Vec<Shown>,
    /// How far the next tiers are, by rule.
    pub progress: Vec<Progress>,
    /// Sum of the list amounts of priced lines, millionths.
    pub list_total: i128,
    /// Sum of the net amounts of priced lines, millionths.
    pub total: i128,
    /// Sum of their taxes, millionths; none where the policy has no taxes.
    pub tax_total: Option<i128>,
    /// What the cart is expected to earn in retro-bonuses; none where none is agreed.
    pub retro: Option<ExpectedRetro>,
    /// What it would earn in points, and how many of them it takes, by programme for its contract.
    pub points: Vec<CartPoints>,
    /// What it uses of limited benefits, in the order in which rules took their turn.
    pub uses: Vec<CartUse>,
    /// By how much negotiation lowered the goods; none where nothing was negotiated.
    pub concession: Option<Concession>,
    /// What is left to pay, with tax, in millionths; none where no points are taken that pay.
    pub left_to_pay: Option<i128>,
    /// Was anything that was bought or used before the caller's own word?
    pub what_if: bool,
    /// The policy whose rules are named.
    pub policy: PolicyInForce,
}

/// What a cart is expected to earn in retro-bonuses: what its contract is entitled to with it, less what without (rule X3).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExpectedRetro {
    /// All of it, rounded once.
    pub total: Micros,
    /// The parts of lines that have one, by position; they sum to it.
    pub lines: Vec<(u32, Micros)>,
}

/// What a cart would earn in one programme of points, and how many of them it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartPoints {
    /// The programme.
    pub programme: PointsNo,
    /// What it would earn, as if it were shipped that day.
    pub earns: Micros,
    /// What can be spent, in millionths.
    pub spendable: i128,
    /// The most points that it could be paid with now, or that could be taken off it, before guards.
    pub payable: Micros,
    /// What those are worth, in the cart's currency.
    pub amount: Micros,
    /// What came of those that it was to take; none where it says nothing of the programme.
    pub taken: Option<PointsTaken>,
}

/// What a cart uses of a limited benefit that gave it something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CartUse {
    /// The rule.
    pub rule: RuleNo,
    /// How much, of the limit's unit, in money, or one use; at most what was left.
    pub used: Micros,
    /// What was left before it.
    pub left: Micros,
}

/// A price that is shown beside the buyer's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Position of the line in the cart.
    pub line: u32,
    /// Which one.
    pub number: ShownNo,
    /// For one ordered unit.
    pub unit_price: Micros,
}

/// How far the next tier of a ladder is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Whose ladder.
    pub rule: RuleNo,
    /// Position of the line, where it measures a line.
    pub line: Option<u32>,
    /// Where the measure stands, this cart counted, in millionths of its unit; rounded down.
    pub position: i128,
    /// What was bought before, within that.
    pub before: i128,
    /// Position of the tier reached, from zero; none below the first.
    pub tier: Option<u16>,
    /// Where the next tier begins; none in the last.
    pub next: Option<Micros>,
    /// How far that is, in millionths of the unit; rounded up.
    pub distance: i128,
    /// The same in money at this cart's average price; none where nothing of the cart is measured.
    pub distance_amount: Option<Micros>,
    /// What the next tier's rule alone would give on this cart beyond what it gives now, rounded.
    pub worth: Micros,
    /// Is the whole ladder wanted?
    pub whole_ladder: bool,
}

/// A tier as a listing shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedTier {
    /// `from` or `above`, in the cell's unit.
    pub lower: Micros,
    /// Its end, included.
    pub upper: Option<Micros>,
    /// For one base unit of the SKU, in the contract's currency.
    pub unit_price: Micros,
}

/// What a contract pays for a SKU, with every tier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPrice {
    /// The SKU.
    pub sku: SkuId,
    /// Contract price of one base unit, at the least quantity that may be ordered.
    pub unit_price: Micros,
    /// What one base unit costs under the policy, where that quantity is all that is in the cart; without surcharges.
    pub net_unit_price: Micros,
    /// That quantity, in base units.
    pub quantity: Micros,
    /// Where the price came from.
    pub source: PriceSource,
    /// The tiers of that cell, ascending.
    pub tiers: Vec<ListedTier>,
}
