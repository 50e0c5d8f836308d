//! What does a line come to in whole coins, with tax? (Rules R1, G3, X1.)

use std::collections::BTreeMap;

use crate::domain::contract::Contract;
use crate::domain::decimal::Micros;
use crate::domain::exact::{Exact, NumberError};
use crate::domain::rounding::{RoundingMode, TaxRounding};
use crate::policy::compiled::share;
use crate::policy::syntax::Presentation;
use crate::pricing::cart::{Cause, Layer, LineNotice};
use crate::pricing::settle::Coins;

use super::cart::{Cart, Line, Notices};
use super::running::{Running, round_unit};
use super::spread::{Claim, spread};
use super::trace::Trace;

/// What a line comes to.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::pricing) struct Finished {
    pub(in crate::pricing) unit_price: Micros,
    pub(in crate::pricing) amount: Micros,
    pub(in crate::pricing) tax: Micros,
}

/// What a line runs at in whole coins: for one ordered unit, which is for display where amounts count, and in all.
pub(in crate::pricing) fn whole_coins(
    coins: &Coins,
    running: &Running,
    rounded_in: Option<&Exact>,
    quantity: &Exact,
) -> Result<(Exact, Micros), NumberError> {
    match running {
        Running::Unit(unit) => {
            let unit = round_unit(coins, unit, rounded_in)?;
            let amount = coins.amount(&unit.times(quantity))?;
            Ok((unit, amount))
        }
        Running::Amount(amount) => Ok((amount.over(quantity)?, coins.amount(amount)?)),
    }
}

/// Rounds what a line runs at; a floor that rounding would miss rounds up (rule G3).
pub(in crate::pricing) fn finish<T: Trace>(
    coins: &Coins,
    line: &mut Line<'_>,
    trace: &mut T,
) -> Result<Finished, NumberError> {
    let before = line.amount();
    let services = line.services.iter().fold(Exact::ZERO, |sum, (amount, _)| sum.plus(&Exact::from(*amount)));
    let floor = line.floor.as_ref().map(|floor| floor.plus(&services));
    let missed =
        |amount: Micros| floor.as_ref().is_some_and(|floor| Exact::from(amount).compare(floor).is_lt());
    let (mut unit, mut amount) = whole_coins(coins, &line.running, line.rounded_in.as_ref(), &line.quantity)?;
    if let (Running::Amount(amount), false) = (&line.running, line.services.is_empty()) {
        unit = amount.minus(&services).over(&line.quantity)?;
    }
    if missed(amount) {
        if let Running::Unit(running) = &line.running {
            let up = Coins { unit_mode: RoundingMode::Up, ..*coins };
            unit = round_unit(&up, running, line.rounded_in.as_ref())?;
            amount = coins.amount(&unit.times(&line.quantity))?;
        }
        if missed(amount) {
            let floor = floor.as_ref().map_or(Exact::ZERO, Clone::clone);
            amount = floor.round(coins.amount_step, RoundingMode::Up)?;
        }
    }
    line.running = Running::Amount(Exact::from(amount));
    if T::LISTENS && coins.amount(&before)? != amount {
        let told = (Layer::Rounding, Cause::Rounding, Presentation::Price);
        line.tell(coins, told, &before, (None, Micros::ZERO), trace)?;
    }
    let unit_price = unit.round(Micros(1), RoundingMode::HalfUp)?;
    Ok(Finished { unit_price, amount, tax: Micros::ZERO })
}

/// The parts of a line that are taxed at a rate: goods and services; none where a rate is not known.
fn taxed_parts(cart: &Cart<'_>, line: &Line<'_>, amount: Micros) -> Option<Vec<(Micros, Micros)>> {
    let own = || cart.program.tax_percent(line.candidates?, cart.terms.at);
    let mut goods = amount;
    let mut parts = Vec::with_capacity(1 + line.services.len());
    for (service, class) in &line.services {
        let rate = match class {
            Some(class) => cart.program.tax_percent_of_class(class, cart.terms.at)?,
            None => own()?,
        };
        goods = Micros(goods.0.saturating_sub(service.0));
        parts.push((rate, *service));
    }
    parts.push((own()?, goods));
    Some(parts)
}

/// Works out the tax of every line, as the contract rounds it.
pub(in crate::pricing) fn tax(
    cart: &Cart<'_>,
    contract: &Contract,
    lines: &[Line<'_>],
    finished: &mut [Option<Finished>],
    notices: &mut Notices,
) -> Result<(), NumberError> {
    if !cart.program.taxed {
        return Ok(());
    }
    let coins = cart.coins;
    let mut by_rate: BTreeMap<Micros, Vec<(usize, Micros)>> = BTreeMap::new();
    for (at, (line, finished)) in lines.iter().zip(finished.iter_mut()).enumerate() {
        let Some(finished) = finished else { continue };
        let Some(parts) = taxed_parts(cart, line, finished.amount) else {
            notices.push((line.position, LineNotice::Untaxed));
            continue;
        };
        if contract.tax_rounding == TaxRounding::Line {
            let sum = parts.iter().fold(Exact::ZERO, |sum, (rate, amount)| {
                sum.plus(&Exact::from(*amount).times(&share(*rate)))
            });
            finished.tax = coins.amount(&sum)?;
        } else {
            for (rate, amount) in parts {
                by_rate.entry(rate).or_default().push((at, amount));
            }
        }
    }
    for (rate, parts) in by_rate {
        let sum = parts.iter().fold(Exact::ZERO, |sum, (_, amount)| sum.plus(&Exact::from(*amount)));
        let total = coins.amount(&sum.times(&share(rate)))?;
        let mut claims = Vec::with_capacity(parts.len());
        for (at, amount) in &parts {
            let Some(line) = lines.get(*at) else { continue };
            claims.push(Claim { weight: Exact::from(*amount), id: line.id, position: line.position });
        }
        for ((at, _), part) in parts.iter().zip(spread(total, coins.amount_step, &claims)?) {
            if let Some(Some(finished)) = finished.get_mut(*at) {
                finished.tax = Micros(finished.tax.0.checked_add(part.0).ok_or(NumberError::Overflow)?);
            }
        }
    }
    Ok(())
}
