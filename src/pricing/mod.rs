//! What does the cart cost? Choosing cells, layers, waterfall and rounding.
//!
//! Knows nothing of storage or of the wire: it is given borrowed rows and an instant, and reads no clock. One piece of
//! code prices with and without reasoning; what is shown are the values that were computed.

mod asking;
pub mod cart;
mod cell_price;
mod choice;
mod contract_layer;
mod contract_rules;
mod layers;
mod listing;
pub mod losers;
pub mod negotiation;
mod order;
pub mod points;
mod policy_cart;
mod policy_shown;
pub mod request;
pub mod rows;
mod settle;
mod sums;
mod tiers;
pub mod waterfall;

use std::sync::Arc;

use crate::domain::catalogue::Catalogue;
use crate::domain::contract::{Circumstances, Contract};
use crate::domain::decimal::Micros;
use crate::domain::ids::{ListId, SkuId, UnitId};
use crate::domain::negotiated::Concession;
use crate::domain::time::CivilSecond;
use crate::matrix::RowError;
use crate::matrix::cells::CellBuffer;
use crate::policy::CompiledPolicy;
use crate::policy::compiled::Program;

pub use layers::before::UnknownMetric;
pub use listing::{check_metrics, list_sku};

use asking::{Answer, Asked, Terms, Trouble};
use cart::{CartUse, LineNotice, LineStatus, PricedLine, Progress, Shown};
use losers::{Loser, RuleLoser};
use negotiation::NegotiationFault;
use order::{Order, Resolved};
use points::{PointsDiscount, PointsOffered};
use request::{Bought, NO_PARTICULARS, Particulars, ProgressWanted};
use request::{CartLine, Detail};
use rows::RowSource;
use settle::Coins;
use sums::SkuSums;
use waterfall::Step;

/// What a cart is priced with.
#[derive(Clone, Copy)]
pub struct PricingInput<'a> {
    /// Everything that is not a price.
    pub catalogue: &'a Catalogue,
    /// The contract.
    pub contract: &'a Contract,
    /// The instant of pricing on the wall of the contract's zone.
    pub at: CivilSecond,
    /// The circumstances of the cart.
    pub circumstances: Circumstances<'a>,
    /// What the cart says beyond that.
    pub particulars: &'a Particulars<'a>,
    /// What was bought and used before, where `particulars` says nothing else.
    pub bought: &'a Bought,
    /// Levels that the contract holds, of those that rules name.
    pub levels: &'a [&'a str],
    /// Overdue holds of the policy that the contract is on, by id.
    pub held_by: &'a [&'a str],
    /// Points that are a discount, by programme for the contract.
    pub points: &'a [PointsOffered],
    /// The policy.
    pub policy: &'a CompiledPolicy,
    /// How much progress is told.
    pub progress: ProgressWanted,
    /// Do surcharges count? Not where a catalogue shows what the goods cost.
    pub surcharges: bool,
    /// The rows of the lists that the contract, its reference list and percentages name.
    pub rows: &'a dyn RowSource,
    /// How much reasoning is wanted.
    pub detail: Detail,
}

/// Why a cart as a whole has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PricingError {
    /// A row could not be had; its source knows why.
    Unavailable,
    /// A row's bytes are not what was written.
    Row {
        /// Whose.
        list: ListId,
        /// What is wrong with them.
        error: RowError,
    },
    /// What was said to be bought or used before names nothing of the policy.
    UnknownMetric(UnknownMetric),
    /// The tax of all lines together does not fit.
    Overflow,
    /// Prices that were negotiated don't do.
    Negotiation(Vec<NegotiationFault>),
}

/// The priced lines of a cart.
#[derive(Debug, Clone, Default)]
pub struct PricedLines {
    /// One for each line, in their order.
    pub lines: Vec<PricedLine>,
    /// Steps of all lines.
    pub steps: Vec<Step>,
    /// Lists that lost, of all lines.
    pub losers: Vec<Loser>,
    /// Rules that lost, of all lines, by line.
    pub rule_losers: Vec<RuleLoser>,
    /// What must be told of lines, by line.
    pub notices: Vec<(u32, LineNotice)>,
    /// Prices shown beside the buyer's own, by line.
    pub shown: Vec<Shown>,
    /// How far the next tiers are, by rule.
    pub progress: Vec<Progress>,
    /// What the cart uses of limited benefits.
    pub uses: Vec<CartUse>,
    /// What came of points that are a discount, by programme.
    pub points: Vec<PointsDiscount>,
    /// By how much negotiation lowered the goods; none where nothing was negotiated.
    pub concession: Option<Concession>,
    /// Has the policy taxes?
    pub taxed: bool,
    /// Sum of the taxes, millionths.
    pub tax_total: i128,
    /// Sum of the list amounts of priced lines, millionths.
    pub list_total: i128,
    /// Sum of the net amounts of priced lines, millionths.
    pub total: i128,
}

/// Prices lines. A line that cannot be priced has a status; the others are priced all the same.
///
/// # Errors
/// Only where a row cannot be had or is damaged.
pub fn price(input: &PricingInput<'_>, lines: &[CartLine<'_>]) -> Result<PricedLines, PricingError> {
    let orders = order::resolve(input.catalogue, lines);
    let program = program_of(input);
    let sums = SkuSums::new(&orders);
    let coins = Coins::of(input.contract);
    let (catalogue, contract) = (input.catalogue, input.contract);
    let asked = contract_layer::asked_by(catalogue, contract, &input.circumstances);
    let terms = Terms {
        catalogue,
        contract,
        at: input.at,
        circumstances: input.circumstances,
        asked: &asked,
        reference: contract.reference_list.map(|list| Asked::of(catalogue, contract, list)),
        rows: input.rows,
        sums: &sums,
        coins: &coins,
        program: program.as_deref(),
        policy: input.policy,
        sources: input.detail >= Detail::Waterfall,
        percentages: true,
    };
    approach(&terms, &orders);
    if let Some(program) = &program {
        return policy_cart::price(input, &terms, program, lines, &orders);
    }
    let mut out = PricedLines { lines: Vec::with_capacity(lines.len()), ..PricedLines::default() };
    let mut cells = CellBuffer::default();
    for (line, order) in lines.iter().zip(&orders) {
        let priced = match order {
            Err((status, (sku, unit))) => unpriced(*status, line, *sku, *unit, &out),
            Ok(order) => match price_line(input, &terms, order, &mut cells, &mut out) {
                Ok(priced) => priced,
                Err(Trouble::Rows(error)) => return Err(error),
                Err(Trouble::Number) => {
                    unpriced(LineStatus::Overflow, line, Some(order.sku), order.unit, &out)
                }
            },
        };
        out.list_total += i128::from(priced.list_amount.0);
        out.total += i128::from(priced.amount.0);
        out.lines.push(priced);
    }
    Ok(out)
}

/// What the policy says of the contract; none where it says nothing and nothing was said that only a policy knows.
fn program_of(input: &PricingInput<'_>) -> Option<Arc<Program>> {
    let particular = *input.particulars != NO_PARTICULARS;
    if input.policy.version == 0 && !particular {
        return None;
    }
    let program = input.policy.program(input.contract, input.catalogue);
    (particular || !program.is_empty).then_some(program)
}

/// Tells the source of rows which SKUs the first list and the reference list will be asked for.
fn approach(terms: &Terms<'_>, orders: &[Resolved]) {
    let skus: Vec<u32> = orders.iter().flatten().map(|order| order.sku.0).collect();
    for asked in terms.asked.first().into_iter().chain(&terms.reference) {
        terms.rows.approach(asked.list, &skus);
    }
}

fn end(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn unpriced(
    status: LineStatus,
    line: &CartLine<'_>,
    sku: Option<SkuId>,
    unit: UnitId,
    out: &PricedLines,
) -> PricedLine {
    let (steps, losers) = (end(out.steps.len()), end(out.losers.len()));
    PricedLine {
        status,
        sku,
        unit,
        quantity: line.quantity,
        list_unit_price: Micros::ZERO,
        unit_price: Micros::ZERO,
        list_amount: Micros::ZERO,
        contract_amount: Micros::ZERO,
        amount: Micros::ZERO,
        tax: Micros::ZERO,
        source: None,
        steps: steps..steps,
        losers: losers..losers,
    }
}

fn price_line(
    input: &PricingInput<'_>,
    terms: &Terms<'_>,
    order: &Order,
    cells: &mut CellBuffer,
    out: &mut PricedLines,
) -> Result<PricedLine, Trouble> {
    let (steps_from, losers_from) = (out.steps.len(), out.losers.len());
    let losers = (input.detail >= Detail::Explain).then_some(&mut out.losers);
    let decided = contract_layer::decide(terms, order, None, cells, losers)?;
    let losers = end(losers_from)..end(out.losers.len());
    let mut priced = PricedLine {
        status: LineStatus::Priced,
        sku: Some(order.sku),
        unit: order.unit,
        quantity: order.quantity,
        list_unit_price: Micros::ZERO,
        unit_price: Micros::ZERO,
        list_amount: Micros::ZERO,
        contract_amount: Micros::ZERO,
        amount: Micros::ZERO,
        tax: Micros::ZERO,
        source: None,
        steps: end(steps_from)..end(steps_from),
        losers,
    };
    let (quote, origin) = match decided {
        Ok(decided) => decided,
        Err(status) => {
            priced.status = status;
            return Ok(priced);
        }
    };
    let settled = settle::settle(terms.coins, order, &quote)?;
    let list = match input.contract.reference_list {
        Some(list) if list != origin.list => match terms.ask(list, order, cells)? {
            Answer::Hit(quote, _) => Some((list, settle::settle(terms.coins, order, &quote)?)),
            _ => None,
        },
        Some(list) => Some((list, settled)),
        None => None,
    };
    if input.detail >= Detail::Waterfall {
        let shown = list.map(|(list, settled)| (list, settled.running));
        settle::steps(shown, (origin.list, settled), &mut out.steps)?;
    }
    // Without a list price, the contract price is shown as one (rule L2).
    let listed = list.map_or(settled, |(_, listed)| listed);
    priced.list_unit_price = listed.unit_price;
    priced.list_amount = listed.amount;
    priced.unit_price = settled.unit_price;
    priced.amount = settled.amount;
    priced.source = origin.source;
    priced.steps = end(steps_from)..end(out.steps.len());
    Ok(priced)
}
