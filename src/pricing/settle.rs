//! What does a line come to in whole coins, and which steps led there? (Rules R1, R2, R4 and L2.)

use crate::domain::contract::Contract;
use crate::domain::decimal::{MILLION, Micros};
use crate::domain::exact::{Exact, NumberError};
use crate::domain::ids::ListId;
use crate::domain::rounding::{DiscountOn, RoundAt, RoundingMode, RoundingUnit};

use super::asking::Quote;
use crate::policy::syntax::Presentation;

use super::order::Order;
use super::waterfall::{Cause, Layer, Step};

/// A contract's rounding with its steps worked out: once a cart, not once a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coins {
    pub(super) amount_step: Micros,
    pub(super) amount_mode: RoundingMode,
    pub(super) unit_step: Micros,
    pub(super) unit_mode: RoundingMode,
    pub(super) round_at: RoundAt,
    pub(super) discount_on: DiscountOn,
    pub(super) rounding_unit: RoundingUnit,
}

impl Coins {
    pub(super) fn of(contract: &Contract) -> Self {
        let rounding = &contract.rounding;
        Self {
            amount_step: rounding.amount_step(contract.currency),
            amount_mode: rounding.amount_mode,
            unit_step: rounding.unit_step(contract.currency),
            unit_mode: rounding.unit_mode,
            round_at: rounding.round_at,
            discount_on: rounding.discount_on,
            rounding_unit: rounding.rounding_unit,
        }
    }

    /// An amount in whole coins.
    pub(super) fn amount(&self, amount: &Exact) -> Result<Micros, NumberError> {
        amount.round(self.amount_step, self.amount_mode)
    }
}

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
pub(super) fn settle(coins: &Coins, order: &Order, quote: &Quote) -> Result<Settled, NumberError> {
    match quote {
        Quote::Plain(price) => settle_plain(coins, order, *price),
        Quote::Exact(quote) => {
            let amount = coins.amount(&quote.rounded_amount)?;
            let running = match coins.round_at {
                RoundAt::Layer => amount,
                RoundAt::End => coins.amount(&quote.amount)?,
            };
            let unit_price = quote.rounded_unit.round(Micros(1), RoundingMode::HalfUp)?;
            Ok(Settled { unit_price, running, amount })
        }
    }
}

#[inline]
fn settle_plain(coins: &Coins, order: &Order, price: Micros) -> Result<Settled, NumberError> {
    if coins.discount_on == DiscountOn::Line {
        let amount = multiply(price, order.quantity, coins)?;
        return Ok(Settled { unit_price: price, running: amount, amount });
    }
    let unit_price = if coins.unit_step.0 > 0 && price.0 % coins.unit_step.0 == 0 {
        price
    } else {
        Exact::from(price).round(coins.unit_step, coins.unit_mode)?
    };
    let amount = multiply(unit_price, order.quantity, coins)?;
    let running = match coins.round_at {
        RoundAt::Layer => amount,
        RoundAt::End if unit_price == price => amount,
        RoundAt::End => multiply(price, order.quantity, coins)?,
    };
    Ok(Settled { unit_price, running, amount })
}

/// `price x quantity` in whole coins: in 64 bits where that does, as it nearly always does.
#[inline]
fn multiply(price: Micros, quantity: Micros, coins: &Coins) -> Result<Micros, NumberError> {
    let step = coins.amount_step.0;
    let (top, bottom) = if quantity.0 % MILLION == 0 {
        (price.0.checked_mul(quantity.0 / MILLION), Some(step))
    } else {
        (price.0.checked_mul(quantity.0), step.checked_mul(MILLION))
    };
    let (Some(top), Some(bottom @ 1..)) = (top, bottom) else {
        return coins.amount(&Exact::from(price).times(&Exact::from(quantity)));
    };
    let (steps, rest) = (top / bottom, top % bottom);
    if rest == 0 {
        return steps.checked_mul(step).map(Micros).ok_or(NumberError::Overflow);
    }
    let twice = rest.unsigned_abs().cmp(&(bottom.unsigned_abs() - rest.unsigned_abs()));
    let away = coins.amount_mode.moves_away(steps % 2 != 0, false, twice);
    let steps = if away { steps + top.signum() } else { steps };
    steps.checked_mul(step).map(Micros).ok_or(NumberError::Overflow)
}

/// The steps from nothing to the net amount; they sum to it (rule R4).
pub(super) fn steps(
    list: Option<(ListId, Micros)>,
    contract: (ListId, Settled),
    out: &mut Vec<Step>,
) -> Result<(), NumberError> {
    let mut running = Micros::ZERO;
    let mut step = |layer, cause, to: Micros| {
        let amount = Micros(to.0.checked_sub(running.0).ok_or(NumberError::Overflow)?);
        let (taken_of, rate, shown_as) = (Micros::ZERO, Micros::ZERO, Presentation::Price);
        out.push(Step { layer, cause, base: running, amount, taken_of, rate, shown_as });
        running = to;
        Ok(())
    };
    if let Some((list, amount)) = list {
        step(Layer::List, Cause::List(list), amount)?;
    }
    let (source, settled) = contract;
    step(Layer::Contract, Cause::List(source), settled.running)?;
    if settled.amount != settled.running {
        step(Layer::Rounding, Cause::Rounding, settled.amount)?;
    }
    Ok(())
}
