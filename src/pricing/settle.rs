//! What does a line come to in whole coins, and which steps led there? (Rules R1, R2, R4 and L2.)

use crate::domain::contract::Contract;
use crate::domain::decimal::{MILLION, Micros};
use crate::domain::exact::{Exact, NumberError};
use crate::domain::ids::ListId;
use crate::domain::rounding::{DiscountOn, RoundAt, RoundingMode};

use super::asking::Quote;
use super::cart::{Layer, Step};
use super::order::Order;

/// A quote in whole coins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settled {
    /// For one ordered unit; for display where the line is rounded.
    pub(super) unit_price: Micros,
    /// Before the unit price is rounded, where only the end is rounded: what the layer comes to.
    pub(super) running: Micros,
    /// Net.
    pub(super) amount: Micros,
}

/// Rounds a quote as the contract says.
#[inline]
pub(super) fn settle(contract: &Contract, order: &Order<'_>, quote: &Quote) -> Result<Settled, NumberError> {
    match quote {
        Quote::Plain(price) => settle_plain(contract, order, *price),
        Quote::Exact(quote) => {
            let rounding = &contract.rounding;
            let step = rounding.amount_step(contract.currency);
            let amount = quote.rounded_amount.round(step, rounding.amount_mode)?;
            let running = match rounding.round_at {
                RoundAt::Layer => amount,
                RoundAt::End => quote.amount.round(step, rounding.amount_mode)?,
            };
            let unit_price = quote.rounded_unit.round(Micros(1), RoundingMode::HalfUp)?;
            Ok(Settled { unit_price, running, amount })
        }
    }
}

#[inline]
fn settle_plain(contract: &Contract, order: &Order<'_>, price: Micros) -> Result<Settled, NumberError> {
    let rounding = &contract.rounding;
    let step = rounding.amount_step(contract.currency);
    if rounding.discount_on == DiscountOn::Line {
        let amount = multiply(price, order.quantity, step, rounding.amount_mode)?;
        return Ok(Settled { unit_price: price, running: amount, amount });
    }
    let unit_step = rounding.unit_step(contract.currency);
    let unit_price = if unit_step.0 > 0 && price.0 % unit_step.0 == 0 {
        price
    } else {
        Exact::from(price).round(unit_step, rounding.unit_mode)?
    };
    let amount = multiply(unit_price, order.quantity, step, rounding.amount_mode)?;
    let running = match rounding.round_at {
        RoundAt::Layer => amount,
        RoundAt::End if unit_price == price => amount,
        RoundAt::End => multiply(price, order.quantity, step, rounding.amount_mode)?,
    };
    Ok(Settled { unit_price, running, amount })
}

/// `price x quantity`, rounded to `step`: in 64 bits where that does, as it nearly always does.
#[inline]
fn multiply(
    price: Micros,
    quantity: Micros,
    step: Micros,
    mode: RoundingMode,
) -> Result<Micros, NumberError> {
    if quantity.0 % MILLION == 0
        && step.0 > 0
        && let Some(amount) = price.0.checked_mul(quantity.0 / MILLION)
        && amount % step.0 == 0
    {
        return Ok(Micros(amount));
    }
    Exact::from(price).times(&Exact::from(quantity)).round(step, mode)
}

/// The steps from nothing to the net amount; they sum to it (rule R4).
pub(super) fn steps(
    list: Option<(ListId, Micros)>,
    contract: (ListId, Settled),
    out: &mut Vec<Step>,
) -> Result<(), NumberError> {
    let mut running = Micros::ZERO;
    let mut step = |layer, list, to: Micros| {
        let amount = Micros(to.0.checked_sub(running.0).ok_or(NumberError::Overflow)?);
        out.push(Step { layer, list, base: running, amount });
        running = to;
        Ok(())
    };
    if let Some((list, amount)) = list {
        step(Layer::List, Some(list), amount)?;
    }
    let (source, settled) = contract;
    step(Layer::Contract, Some(source), settled.running)?;
    if settled.amount != settled.running {
        step(Layer::Rounding, None, settled.amount)?;
    }
    Ok(())
}
