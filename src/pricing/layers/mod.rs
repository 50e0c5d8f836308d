//! What do the layers of the policy make of the contract prices? Volume, order, loyalty, surcharges, guards, rounding, tax.
//!
//! Rules take their turn by priority and id, each on all its lines before the next. Rules of the line touch one line only,
//! so that each line runs through those that stand between two rules of the cart by itself. One piece of code prices with
//! and without reasoning: see [`trace`].

pub(super) mod before;
pub(super) mod cart;
pub(super) mod conditions;
pub(super) mod finish;
mod free_goods;
pub(super) mod gain;
mod guards;
pub(super) mod ladder;
pub(super) mod measured;
mod negotiated;
mod of_cart;
pub(super) mod of_line;
mod points;
pub(super) mod prices;
mod progress;
pub(super) mod running;
pub(super) mod services;
mod totals;
pub(super) mod trace;

use std::borrow::Cow;
use std::collections::BTreeSet;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::matrix::cells::CellBuffer;
use crate::policy::RuleNo;
use crate::policy::compiled::LayerRules;
use crate::policy::syntax::RuleLayer;

use crate::domain::negotiated::Concession;
use crate::domain::rounding::RoundAt;

use super::asking::Trouble;
use super::cart::{CartUse, Progress};
use super::points::PointsDiscount;
use super::request::{Negotiated, ProgressWanted};

use cart::{Cart, Line, Notices};
use conditions::{Verdicts, hold};
use finish::{Finished, finish, tax};
use measured::Measures;
use negotiated::{conceded, negotiate};
use of_line::Work;
use points::{leave_points, take_points};
use running::end_layer;
use services::serve;
use trace::Trace;

/// What the layers made of the lines.
pub(super) struct Layered {
    /// By line: what it comes to; none where a figure does not fit.
    pub(super) finished: Vec<Option<Finished>>,
    pub(super) notices: Notices,
    pub(super) progress: Vec<Progress>,
    pub(super) uses: Vec<CartUse>,
    pub(super) points: Vec<PointsDiscount>,
    /// By how much negotiation lowered the goods; none where nothing was negotiated.
    pub(super) concession: Option<Concession>,
}

/// Lets lines that have their contract price go through the layers.
pub(super) fn run<T: Trace>(
    cart: &Cart<'_>,
    lines: &mut [Line<'_>],
    (wanted, surcharges, proposed): (ProgressWanted, bool, &Negotiated),
    trace: &mut T,
) -> Result<Layered, Trouble> {
    let mut work = Work {
        cart,
        measures: Measures::default(),
        verdicts: Verdicts::default(),
        held: HashMap::with_hasher(FixedState::default()),
        cells: CellBuffer::default(),
        notices: Vec::new(),
        uses: Vec::new(),
    };
    let (mut progress, mut points, mut without) = (Vec::new(), Vec::new(), None);
    let last = surcharges.then_some(RuleLayer::Surcharge);
    for layer in [RuleLayer::Volume, RuleLayer::Order, RuleLayer::Loyalty].into_iter().chain(last) {
        run_layer(&mut work, lines, layer, (wanted, &mut progress), trace)?;
        if layer == RuleLayer::Loyalty {
            without = negotiate(cart, lines, proposed, trace)?;
            points = take_points(cart, lines, trace)?;
        }
        round_layer(cart, lines, trace);
    }
    let mut finished = Vec::with_capacity(lines.len());
    for line in lines.iter_mut() {
        finished.push(match end(&mut work, line, trace) {
            Ok(finished) => Some(finished),
            Err(Trouble::Number) => None,
            Err(rows) => return Err(rows),
        });
    }
    leave_points(cart, lines, &finished, &mut points)?;
    let concession =
        without.map(|without| conceded(cart, lines, &finished, (proposed, without))).transpose()?;
    let mut notices = work.notices;
    tax(cart, cart.facts.contract, lines, &mut finished, &mut notices)?;
    notices.sort_by_key(|(line, _)| *line);
    progress.sort_by_key(|progress: &Progress| (progress.rule, progress.line));
    Ok(Layered { finished, notices, progress, uses: work.uses, points, concession })
}

fn end<T: Trace>(work: &mut Work<'_, '_>, line: &mut Line<'_>, trace: &mut T) -> Result<Finished, Trouble> {
    if line.overflowed {
        return Err(Trouble::Number);
    }
    serve(work.cart, line, trace)?;
    work.guard(line, trace)?;
    Ok(finish(work.cart.coins, line, trace)?)
}

fn run_layer<T: Trace>(
    work: &mut Work<'_, '_>,
    lines: &mut [Line<'_>],
    layer: RuleLayer,
    (wanted, progress): (ProgressWanted, &mut Vec<Progress>),
    trace: &mut T,
) -> Result<(), Trouble> {
    let is_empty = |line: &Line<'_>| line.applicable.is_none_or(|of| of.layer(layer).rules.is_empty());
    if T::LISTENS || !lines.iter().all(is_empty) {
        work.measures = Measures::default();
        work.held.clear();
        hold(work.cart, lines, layer, &mut work.verdicts, trace);
        work.progress(lines, layer, wanted, progress)?;
        run_rules(work, lines, layer, trace)?;
    }
    Ok(())
}

/// Ends a layer, where the contract rounds each.
fn round_layer<T: Trace>(cart: &Cart<'_>, lines: &mut [Line<'_>], trace: &mut T) {
    if cart.coins.round_at == RoundAt::Layer {
        for line in lines.iter_mut() {
            line.overflowed |= round(cart, line, trace).is_err();
        }
    }
}

/// Lets the rules of a layer have their turns.
fn run_rules<T: Trace>(
    work: &mut Work<'_, '_>,
    lines: &mut [Line<'_>],
    layer: RuleLayer,
    trace: &mut T,
) -> Result<(), Trouble> {
    if !T::LISTENS && !work.cart.program.watches_rules {
        // Percentages touch one line each, whatever comes before or after for others.
        for at in 0..lines.len() {
            let Some(line) = lines.get(at).filter(|line| !line.rules.is_empty()) else { continue };
            let fused = line.applicable.and_then(|of| of.layer(layer).fused.as_ref());
            if let (Some(fused), Cow::Borrowed(_)) = (fused, &line.rules) {
                work.take_percentages(lines, at, fused)?;
            }
        }
    }
    let cart_rules = rules_of_cart(work.cart, lines, layer);
    let mut done = BTreeSet::new();
    for number in &cart_rules {
        let turn = work.cart.turn(*number);
        for at in 0..lines.len() {
            if lines.get(at).is_some_and(|line| line.is_due(Some(*number))) {
                work.run_line(lines, at, Some(turn), trace)?;
            }
        }
        work.run_cart(lines, *number, (&cart_rules, &mut done), trace)?;
    }
    for at in 0..lines.len() {
        if lines.get(at).is_some_and(|line| line.is_due(None)) {
            work.run_line(lines, at, None, trace)?;
        }
    }
    Ok(())
}

/// Ends a layer for a line; what rounding changes belongs to its last step.
fn round<T: Trace>(
    cart: &Cart<'_>,
    line: &mut Line<'_>,
    trace: &mut T,
) -> Result<(), crate::domain::exact::NumberError> {
    let shown = |line: &Line<'_>| cart.coins.amount(&line.amount());
    let before = if T::LISTENS { Some(shown(line)?) } else { None };
    end_layer(cart.coins, &mut line.running, line.rounded_in.as_ref())?;
    if let Some(before) = before {
        let by = shown(line)?.0.saturating_sub(before.0);
        if by != 0 {
            trace.amend(line.position, by);
        }
    }
    Ok(())
}

/// The rules of the cart that some line may have, in the order of their turns.
fn rules_of_cart(cart: &Cart<'_>, lines: &[Line<'_>], layer: RuleLayer) -> Vec<RuleNo> {
    let mut rules: Vec<RuleNo> = Vec::new();
    let mut known: Option<&LayerRules> = None;
    for standing in lines.iter().filter_map(|line| line.applicable).map(|of| of.layer(layer)) {
        // Classes that have the same rules share them, and so do most lines of a cart.
        if known.replace(standing).is_some_and(|known| std::ptr::eq(known, standing)) {
            continue;
        }
        for number in &standing.of_cart {
            if rules.last() != Some(number) && !rules.contains(number) {
                rules.push(*number);
            }
        }
    }
    rules.sort_unstable_by_key(|number| cart.turn(*number));
    rules
}
