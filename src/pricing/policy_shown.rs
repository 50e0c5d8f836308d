//! Which prices stand beside what a buyer pays under a policy: the list price, and those that are only shown?

use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::domain::ids::ListId;
use crate::domain::rounding::RoundAt;
use crate::matrix::cells::CellBuffer;

use super::PricingInput;
use super::asking::{Answer, Quote, Trouble};
use super::cart::Shown;
use super::layers::cart::{Cart, Line};
use super::layers::finish::whole_coins;
use super::layers::running::{Running, end_layer};
use super::order::Order;
use super::settle::settle;

/// A plain price in whole coins, where no layer is rounded before the end: what [`whole_coins`] makes of it, sooner.
pub(super) fn settled_at_once(
    cart: &Cart<'_>,
    order: &Order,
    quote: &Quote,
) -> Result<Option<(Micros, Micros)>, Trouble> {
    if !matches!(quote, Quote::Plain(_)) || cart.coins.round_at == RoundAt::Layer {
        return Ok(None);
    }
    let settled = settle(cart.coins, order, quote)?;
    Ok(Some((settled.unit_price, settled.amount)))
}

/// List price of one ordered unit, and list amount, as shown: those of the contract where there is no list price (rule
/// L2). `from` is the list that gave the contract price, which comes to `settled` where that is known.
pub(super) fn listed(
    input: &PricingInput<'_>,
    cart: &Cart<'_>,
    line: &mut Line<'_>,
    (from, settled): (Option<ListId>, Option<(Micros, Micros)>),
    cells: &mut CellBuffer,
) -> Result<(Micros, Micros), Trouble> {
    if let (None, Some(settled)) = (input.contract.reference_list, settled) {
        return Ok(settled);
    }
    let own;
    let (running, rounded_in) = match input.contract.reference_list {
        Some(list) if from != Some(list) => match of_list(cart, list, line.order, cells)? {
            Some((running, rounded_in)) => {
                line.list = Some((list, running));
                own = rounded_in;
                (line.list.as_ref().map_or(&line.contract, |(_, running)| running), own.as_ref())
            }
            None => (&line.contract, line.rounded_in.as_ref()),
        },
        Some(list) => {
            line.list = Some((list, line.contract.clone()));
            (&line.contract, line.rounded_in.as_ref())
        }
        None => (&line.contract, line.rounded_in.as_ref()),
    };
    Ok(whole_coins(cart.coins, running, rounded_in, &line.quantity)?)
}

/// What the reference list makes the line run at; none where it has no price.
fn of_list(
    cart: &Cart<'_>,
    list: ListId,
    order: &Order,
    cells: &mut CellBuffer,
) -> Result<Option<(Running, Option<Exact>)>, Trouble> {
    let Answer::Hit(quote, _) = cart.terms.ask(list, order, cells)? else { return Ok(None) };
    let (mut running, rounded_in) = Running::of_quote(cart.coins, order, &quote);
    end_layer(cart.coins, &mut running, rounded_in.as_ref())?;
    Ok(Some((running, rounded_in)))
}

/// The prices that are shown beside the buyer's own.
pub(super) fn show(
    cart: &Cart<'_>,
    line: &Line<'_>,
    cells: &mut CellBuffer,
    shown: &mut Vec<Shown>,
) -> Result<(), Trouble> {
    for (number, list) in &cart.program.shown {
        let Some((running, rounded_in)) = of_list(cart, *list, line.order, cells)? else { continue };
        let (unit_price, _) = whole_coins(cart.coins, &running, rounded_in.as_ref(), &line.quantity)?;
        shown.push(Shown { line: line.position, number: *number, unit_price });
    }
    Ok(())
}
