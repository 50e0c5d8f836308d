//! What does a cart cost under a policy? Lines get their contract price, go through the layers, and come out whole.

use std::borrow::Cow;

use crate::domain::cell::CellFlags;
use crate::domain::contract::Circumstances;
use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::matrix::cells::CellBuffer;
use crate::policy::compiled::{Applicable, CartFacts, ClassNo, Program};
use crate::policy::syntax::Presentation;

use super::asking::{Terms, Trouble};
use super::cart::{LineStatus, PricedLine};
use super::layers::before::Before;
use super::layers::cart::{Cart, Extra, Line};
use super::layers::conditions::Verdicts;
use super::layers::running::{Running, amount_in_coins, end_layer};
use super::layers::services::asked;
use super::layers::trace::{Silent, Told, Trace};
use super::layers::{Layered, run};
use super::order::{Order, Resolved};
use super::policy_shown::{listed, settled_at_once, show};
use super::request::{CartLine, Detail, LineDetails, Negotiated};
use super::waterfall::{Cause, Layer};
use super::{PricedLines, PricingError, PricingInput, contract_layer, contract_rules, end, unpriced};

/// Prices the lines of a cart under a contract's program.
pub(super) fn price(
    input: &PricingInput<'_>,
    terms: &Terms<'_>,
    program: &Program,
    lines: &[CartLine<'_>],
    orders: &[Resolved],
) -> Result<PricedLines, PricingError> {
    let metrics = &input.particulars.metrics;
    let before = Before::new(input.policy, metrics, input.bought).map_err(PricingError::UnknownMetric)?;
    let facts = CartFacts {
        contract: input.contract,
        circumstances: input.circumstances,
        coupons: &input.particulars.coupons,
        levels: input.levels,
        held_by: input.held_by,
        first_order: metrics.first_order,
        at: input.at,
    };
    let standing = input.policy.standing(program, &facts);
    let (policy, coins, points) = (input.policy, terms.coins, input.points);
    let cart = Cart { standing: &standing, terms, policy, program, coins, facts, before, points };
    if input.detail == Detail::Basic {
        priced(input, &cart, lines, orders, &mut Silent)
    } else {
        let mut told = Told::of_lines(lines.len());
        let mut out = priced(input, &cart, lines, orders, &mut told)?;
        tell(&mut out, told, input.detail);
        Ok(out)
    }
}

fn priced<T: Trace>(
    input: &PricingInput<'_>,
    cart: &Cart<'_>,
    lines: &[CartLine<'_>],
    orders: &[Resolved],
    trace: &mut T,
) -> Result<PricedLines, PricingError> {
    let mut out = PricedLines { lines: Vec::with_capacity(lines.len()), ..PricedLines::default() };
    let mut layered: Vec<Line<'_>> = Vec::with_capacity(lines.len());
    let mut verdicts = Verdicts::default();
    let mut cells = CellBuffer::default();
    let mut details = input.particulars.details.iter().peekable();
    let standing = standing_of(cart, orders);
    for (((position, line), order), stands) in (0_u32..).zip(lines).zip(orders).zip(standing) {
        while details.next_if(|details| details.line < position).is_some() {}
        let own = details.peek().copied().filter(|details| details.line == position);
        let losers_from = end(out.losers.len());
        let entered = match order {
            Err((status, _)) => Ok(Some(*status)),
            Ok(order) => {
                layered.push(skeleton((position, line), order, stands, own));
                match layered.last_mut() {
                    Some(line) => enter(input, cart, line, (&mut verdicts, &mut cells), &mut out, trace),
                    None => Ok(Some(LineStatus::Overflow)),
                }
            }
        };
        let ended = match entered {
            Ok(None) => continue,
            Ok(Some(status)) => status,
            Err(Trouble::Number) => LineStatus::Overflow,
            Err(Trouble::Rows(error)) => return Err(error),
        };
        layered.pop_if(|last| last.position == position);
        let mut unpriced = without_price(ended, line, order, &out);
        unpriced.losers = losers_from..end(out.losers.len());
        out.lines.push(unpriced);
    }
    // What the others come to is not known while a line has no price.
    let all = layered.len() == lines.len();
    let proposed = if all { &input.particulars.negotiated } else { &Negotiated::Nothing };
    let Layered { finished, notices, progress, uses, points, concession } =
        match run(cart, &mut layered, (input.progress, input.surcharges, proposed), trace) {
            Ok(layered) => layered,
            Err(Trouble::Rows(error)) => return Err(error),
            Err(Trouble::Number) => return Err(PricingError::Overflow),
        };
    for (line, finished) in layered.iter().zip(finished) {
        let place = usize::try_from(line.position).unwrap_or(usize::MAX);
        let Some(priced) = out.lines.get_mut(place) else { continue };
        match finished {
            Some(finished) => {
                priced.unit_price = finished.unit_price;
                priced.amount = finished.amount;
                priced.tax = finished.tax;
            }
            None => {
                priced.status = LineStatus::Overflow;
                (priced.list_unit_price, priced.list_amount) = (Micros::ZERO, Micros::ZERO);
                priced.contract_amount = Micros::ZERO;
                priced.source = None;
            }
        }
    }
    for line in &out.lines {
        out.list_total += i128::from(line.list_amount.0);
        out.total += i128::from(line.amount.0);
        out.tax_total += i128::from(line.tax.0);
    }
    (out.notices, out.progress, out.uses, out.points) = (notices, progress, uses, points);
    out.concession = concession;
    out.taxed = cart.program.taxed;
    Ok(out)
}

/// A line that gets no price.
fn without_price(status: LineStatus, line: &CartLine<'_>, order: &Resolved, out: &PricedLines) -> PricedLine {
    let (sku, unit) = match order {
        Ok(order) => (Some(order.sku), order.unit),
        Err((_, known)) => *known,
    };
    unpriced(status, line, sku, unit, out)
}

/// The class of a line's SKU, and what stands for it.
type Stands<'a> = (ClassNo, Option<&'a Applicable>);

/// What stands for each line. Each look-up is taken for all lines before the next, as when orders are resolved.
fn standing_of<'a>(cart: &Cart<'a>, orders: &[Resolved]) -> Vec<Stands<'a>> {
    let class = |order: &Resolved| order.as_ref().ok().and_then(|order| cart.policy.class_of(order.sku));
    let classes: Vec<Option<ClassNo>> = orders.iter().map(class).collect();
    let stands = |class: Option<ClassNo>| match class {
        Some(class) => (class, cart.policy.applicable(cart.standing, cart.program, class)),
        None => (ClassNo(u32::MAX), None),
    };
    classes.into_iter().map(stands).collect()
}

/// A line before it has a price.
#[inline]
fn skeleton<'a>(
    (position, line): (u32, &CartLine<'a>),
    order: &'a Order,
    (class, applicable): Stands<'a>,
    details: Option<&'a LineDetails<'a>>,
) -> Line<'a> {
    Line {
        position,
        id: line.id,
        order,
        quantity: Exact::from(order.quantity),
        class,
        applicable,
        details,
        no_discount: false,
        list: None,
        contract: Running::Amount(Exact::ZERO),
        entering: Running::Amount(Exact::ZERO),
        running: Running::Amount(Exact::ZERO),
        rounded_in: None,
        rules: Cow::Borrowed(&[]),
        next: 0,
        stopped: None,
        given: Vec::new(),
        extra: Extra::default(),
        overflowed: false,
    }
}

/// Gives a line its contract price and puts it into the answer; or tells why it has none. Figures that the layers change
/// are filled in after them.
fn enter<'a, T: Trace>(
    input: &PricingInput<'a>,
    cart: &Cart<'a>,
    line: &mut Line<'a>,
    (verdicts, cells): (&mut Verdicts, &mut CellBuffer),
    out: &mut PricedLines,
    trace: &mut T,
) -> Result<Option<LineStatus>, Trouble> {
    let order = line.order;
    if let Some(by) = cart.program.entitlement.barrier(order.sku, input.at) {
        return Ok(Some(LineStatus::NotEligible { by }));
    }
    if let Some(details) = line.details {
        match asked(cart, line, details) {
            Some(services) if services.is_empty() => {}
            Some(services) => line.extra.make().services = services,
            None => return Ok(Some(LineStatus::NoSuchService)),
        }
    }
    let losers_from = end(out.losers.len());
    let mut settled = None;
    let by_rule =
        if cart.program.prices { contract_rules::price(cart, line, verdicts, cells, trace)? } else { None };
    let (cause, source, from) = if let Some((rule, running, rounded_in)) = by_rule {
        (line.contract, line.rounded_in) = (running, rounded_in);
        (Cause::Rule(rule), None, None)
    } else {
        let own = line.details.map(|_| {
            let (warehouse, fulfilment) = (line.warehouse(cart), line.fulfilment(cart));
            Circumstances { warehouse, fulfilment, ..input.circumstances }
        });
        let losers = (input.detail >= Detail::Explain).then_some(&mut out.losers);
        let (quote, origin) = match contract_layer::decide(cart.terms, order, own.as_ref(), cells, losers)? {
            Ok(decided) => decided,
            Err(status) => return Ok(Some(status)),
        };
        settled = settled_at_once(cart, order, &quote)?;
        (line.contract, line.rounded_in) = Running::of_quote(cart.coins, order, &quote);
        line.no_discount = origin.flags.has(CellFlags::NO_DISCOUNT);
        (Cause::List(origin.list), origin.source, Some(origin.list))
    };
    end_layer(cart.coins, &mut line.contract, line.rounded_in.as_ref())?;
    line.running.clone_from(&line.contract);
    let listed = listed(input, cart, line, (from, settled), cells)?;
    let contract_amount = if cart.program.agreements.is_empty() && cart.program.points.is_empty() {
        Micros::ZERO
    } else {
        amount_in_coins(cart.coins, &line.contract, line.rounded_in.as_ref(), &line.quantity)?
    };
    if T::LISTENS {
        show(cart, line, cells, &mut out.shown)?;
        tell_prices(cart, line, cause, trace)?;
    }
    out.lines.push(PricedLine {
        status: LineStatus::Priced,
        sku: Some(order.sku),
        unit: order.unit,
        quantity: order.quantity,
        list_unit_price: listed.0,
        unit_price: Micros::ZERO,
        list_amount: listed.1,
        contract_amount,
        amount: Micros::ZERO,
        tax: Micros::ZERO,
        source,
        steps: 0..0,
        losers: losers_from..end(out.losers.len()),
    });
    Ok(None)
}

/// The steps of list and contract.
fn tell_prices<T: Trace>(
    cart: &Cart<'_>,
    line: &mut Line<'_>,
    cause: Cause,
    trace: &mut T,
) -> Result<(), Trouble> {
    let nothing = (None, Micros::ZERO);
    let mut before = Exact::ZERO;
    if let Some((list, running)) = line.list.clone() {
        line.running = running;
        let told = (Layer::List, Cause::List(list), Presentation::Price);
        line.tell(cart.coins, told, &before, nothing, trace)?;
        before = line.amount();
        line.running = line.contract.clone();
    }
    line.tell(cart.coins, (Layer::Contract, cause, Presentation::Price), &before, nothing, trace)?;
    Ok(())
}

/// Puts what a listener was told into the answer, line by line; of a line without a price nothing is told.
fn tell(out: &mut PricedLines, told: Told, detail: Detail) {
    let (mut steps, mut losers) = (told.steps, told.losers);
    let priced: Vec<bool> = out.lines.iter().map(|line| line.status == LineStatus::Priced).collect();
    let is_priced = |line: u32| usize::try_from(line).ok().and_then(|line| priced.get(line)) == Some(&true);
    steps.retain(|(line, _)| is_priced(*line));
    steps.sort_by_key(|(line, _)| *line);
    let mut at = 0;
    for (position, line) in (0_u32..).zip(&mut out.lines) {
        let from = at;
        while steps.get(at).is_some_and(|(of, _)| *of == position) {
            at += 1;
        }
        line.steps = end(from)..end(at);
    }
    out.steps = steps.into_iter().map(|(_, step)| step).collect();
    if detail >= Detail::Explain {
        losers.retain(|loser| is_priced(loser.line));
        losers.sort_by_key(|loser| (loser.line, loser.rule));
        out.rule_losers = losers;
    }
}
