//! What does a line run at? Its unit price, or from its first step that makes an amount on, its amount. (Rules R1 to R3.)

use crate::domain::decimal::Micros;
use crate::domain::exact::{Exact, NumberError};
use crate::domain::rounding::{DiscountOn, RoundAt};

use crate::pricing::asking::Quote;
use crate::pricing::order::Order;
use crate::pricing::settle::Coins;

/// What a line runs at, exactly.
#[derive(Debug, Clone)]
pub(in crate::pricing) enum Running {
    /// The price of one ordered unit.
    Unit(Exact),
    /// The amount of the line.
    Amount(Exact),
}

impl Running {
    /// What a list's answer runs at, and in what the unit price is rounded: ordered units that one unit of it is.
    pub(in crate::pricing) fn of_quote(coins: &Coins, order: &Order, quote: &Quote) -> (Self, Option<Exact>) {
        let by_unit = coins.discount_on == DiscountOn::Unit;
        match quote {
            Quote::Plain(price) if by_unit => (Self::Unit(Exact::money(*price)), None),
            Quote::Plain(price) => {
                (Self::Amount(Exact::money(*price).times(&Exact::from(order.quantity))), None)
            }
            Quote::Exact(quote) if by_unit && !quote.in_portions => {
                (Self::Unit(quote.unit.clone()), quote.rounded_in.clone())
            }
            Quote::Exact(quote) if by_unit => (Self::Amount(quote.rounded_amount.clone()), None),
            Quote::Exact(quote) => (Self::Amount(quote.amount.clone()), None),
        }
    }

    /// So many times what it runs at.
    #[inline]
    pub(in crate::pricing) fn times(&self, share: &Exact) -> Self {
        match self {
            Self::Unit(unit) => Self::Unit(unit.times(share)),
            Self::Amount(amount) => Self::Amount(amount.times(share)),
        }
    }

    /// The amount, unrounded.
    pub(in crate::pricing) fn amount(&self, quantity: &Exact) -> Exact {
        match self {
            Self::Unit(unit) => unit.times(quantity),
            Self::Amount(amount) => amount.clone(),
        }
    }

    /// The price of one ordered unit, unrounded.
    pub(in crate::pricing) fn unit(&self, quantity: &Exact) -> Result<Exact, NumberError> {
        match self {
            Self::Unit(unit) => Ok(unit.clone()),
            Self::Amount(amount) => amount.over(quantity),
        }
    }
}

/// Rounds a unit price in whole steps; `rounded_in` as [`Running::of_quote`] says.
pub(in crate::pricing) fn round_unit(
    coins: &Coins,
    unit: &Exact,
    rounded_in: Option<&Exact>,
) -> Result<Exact, NumberError> {
    match rounded_in {
        None => unit.rounded(coins.unit_step, coins.unit_mode),
        Some(scale) => Ok(unit.over(scale)?.rounded(coins.unit_step, coins.unit_mode)?.times(scale)),
    }
}

/// The amount that a line runs at once its unit price was rounded (rule R2).
pub(in crate::pricing) fn as_amount(
    coins: &Coins,
    running: &Running,
    rounded_in: Option<&Exact>,
    quantity: &Exact,
) -> Result<Exact, NumberError> {
    match running {
        Running::Amount(amount) => Ok(amount.clone()),
        Running::Unit(unit) => Ok(round_unit(coins, unit, rounded_in)?.times(quantity)),
    }
}

/// The same in whole coins.
pub(in crate::pricing) fn amount_in_coins(
    coins: &Coins,
    running: &Running,
    rounded_in: Option<&Exact>,
    quantity: &Exact,
) -> Result<Micros, NumberError> {
    coins.amount(&as_amount(coins, running, rounded_in, quantity)?)
}

/// What is left at the end of a layer: rounded where the contract rounds every layer.
pub(in crate::pricing) fn end_layer(
    coins: &Coins,
    running: &mut Running,
    rounded_in: Option<&Exact>,
) -> Result<(), NumberError> {
    if coins.round_at == RoundAt::End {
        return Ok(());
    }
    *running = match running {
        Running::Unit(unit) => Running::Unit(round_unit(coins, unit, rounded_in)?),
        Running::Amount(amount) => Running::Amount(amount.rounded(coins.amount_step, coins.amount_mode)?),
    };
    Ok(())
}

/// A figure for people, rounded down to a millionth.
pub(in crate::pricing) fn shown_down(figure: &Exact) -> Micros {
    figure.round(Micros(1), crate::domain::rounding::RoundingMode::Down).unwrap_or(Micros(i64::MAX))
}
