//! What does a line come to in whole coins, with tax? (Rules R1, G3, X1.)

use std::collections::BTreeMap;

use crate::domain::contract::Contract;
use crate::domain::decimal::Micros;
use crate::domain::exact::{Exact, NumberError};
use crate::domain::rounding::{RoundingMode, TaxRounding};
use crate::domain::spread::{Claim, spread};
use crate::policy::syntax::Presentation;
use crate::pricing::cart::LineNotice;
use crate::pricing::settle::Coins;
use crate::pricing::waterfall::{Cause, Layer};

use super::cart::{Cart, Line, Notices};
use super::running::{Running, round_unit};
use super::trace::Trace;

/// What a line comes to.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::pricing) struct Finished {
    pub(in crate::pricing) unit_price: Micros,
    pub(in crate::pricing) amount: Micros,
    pub(in crate::pricing) tax: Micros,
}

/// What a line runs at in whole coins: for one ordered unit, to a millionth, which is for display where amounts count; and in
/// all.
pub(in crate::pricing) fn whole_coins(
    coins: &Coins,
    running: &Running,
    rounded_in: Option<&Exact>,
    quantity: &Exact,
) -> Result<(Micros, Micros), NumberError> {
    let (unit, amount) = match (running, rounded_in) {
        (Running::Unit(unit), None) => {
            let unit = unit.round(coins.unit_step, coins.unit_mode)?;
            return Ok((unit, coins.amount(&Exact::money(unit).times(quantity))?));
        }
        (Running::Unit(unit), scale) => {
            let unit = round_unit(coins, unit, scale)?;
            let amount = coins.amount(&unit.times(quantity))?;
            (unit, amount)
        }
        (Running::Amount(amount), _) => (amount.over(quantity)?, coins.amount(amount)?),
    };
    Ok((unit.round(Micros(1), RoundingMode::HalfUp)?, amount))
}

/// Rounds what a line runs at; a floor that rounding would miss rounds up (rule G3).
pub(in crate::pricing) fn finish<T: Trace>(
    coins: &Coins,
    line: &mut Line<'_>,
    trace: &mut T,
) -> Result<Finished, NumberError> {
    let before = if T::LISTENS { line.amount() } else { Exact::ZERO };
    let floor = line.extra.get().and_then(|extra| extra.floor.as_ref());
    let missed = |amount: Micros| floor.is_some_and(|floor| Exact::from(amount).compare(floor).is_lt());
    let in_coins = |coins| whole_coins(coins, &line.running, line.rounded_in.as_ref(), &line.quantity);
    let (mut unit_price, mut amount) = in_coins(coins)?;
    if missed(amount) {
        let up = Coins { unit_mode: RoundingMode::Up, amount_mode: RoundingMode::Up, ..*coins };
        (unit_price, amount) = in_coins(&up)?;
    }
    if T::LISTENS && coins.amount(&before)? != amount {
        line.running = Running::Amount(Exact::from(amount));
        let told = (Layer::Rounding, Cause::Rounding, Presentation::Price);
        line.tell(coins, told, &before, (None, Micros::ZERO), trace)?;
    }
    let amount = Micros(amount.0.checked_add(line.extra.served().0).ok_or(NumberError::Overflow)?);
    Ok(Finished { unit_price, amount, tax: Micros::ZERO })
}

/// The parts of a line that are taxed, by rate; and whether the rate of one is not known.
fn taxed_parts(cart: &Cart<'_>, line: &Line<'_>, amount: Micros) -> (BTreeMap<Micros, Exact>, bool) {
    let own = line.applicable.and_then(|of| cart.program.tax_percent(of, cart.terms.at));
    let services = line.extra.services().iter().map(|asked| {
        let rate = match &asked.service.tax_class {
            Some(class) => cart.program.tax_percent_of_class(class, cart.terms.at),
            None => own,
        };
        (rate, asked.amount)
    });
    let goods = (own, Micros(amount.0.saturating_sub(line.extra.served().0)));
    let (mut parts, mut unknown) = (BTreeMap::new(), false);
    for (rate, amount) in std::iter::once(goods).chain(services) {
        match rate {
            Some(rate) => {
                let part = parts.entry(rate).or_insert(Exact::ZERO);
                *part = part.plus(&Exact::from(amount));
            }
            None => unknown = true,
        }
    }
    (parts, unknown)
}

/// Works out the tax of every line, as the contract rounds it. What has no known rate has no tax, and says so.
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
    let mut by_rate: BTreeMap<Micros, Vec<(usize, Exact)>> = BTreeMap::new();
    for (at, (line, finished)) in lines.iter().zip(finished.iter_mut()).enumerate() {
        let Some(finished) = finished else { continue };
        let (parts, unknown) = taxed_parts(cart, line, finished.amount);
        if unknown {
            notices.push((line.position, LineNotice::Untaxed));
        }
        if contract.tax_rounding == TaxRounding::Line {
            let sum = parts
                .iter()
                .fold(Exact::ZERO, |sum, (rate, amount)| sum.plus(&amount.times(&Exact::percent(*rate))));
            finished.tax = cart.coins.amount(&sum)?;
        } else {
            for (rate, amount) in parts {
                by_rate.entry(rate).or_default().push((at, amount));
            }
        }
    }
    for (rate, parts) in by_rate {
        tax_document(cart.coins, (rate, &parts), lines, finished)?;
    }
    Ok(())
}

/// The tax at one rate, rounded once over the document and spread over its lines.
fn tax_document(
    coins: &Coins,
    (rate, parts): (Micros, &[(usize, Exact)]),
    lines: &[Line<'_>],
    finished: &mut [Option<Finished>],
) -> Result<(), NumberError> {
    let sum = parts.iter().fold(Exact::ZERO, |sum, (_, amount)| sum.plus(amount));
    let total = coins.amount(&sum.times(&Exact::percent(rate)))?;
    let claim = |(at, amount): &(usize, Exact)| {
        let line = lines.get(*at)?;
        Some(Claim { weight: amount.clone(), id: line.id, position: line.position })
    };
    let claims: Vec<Claim<'_>> = parts.iter().filter_map(claim).collect();
    for ((at, _), part) in parts.iter().zip(spread(total, coins.amount_step, &claims)?) {
        if let Some(Some(finished)) = finished.get_mut(*at) {
            finished.tax = Micros(finished.tax.0.checked_add(part.0).ok_or(NumberError::Overflow)?);
        }
    }
    Ok(())
}
