//! What do negotiated prices make of the goods? Their running amount, behind the loyalty rules; guards may give some of it back.
//! (Rules R2, R5, L3, G2.)

use crate::domain::decimal::Micros;
use crate::domain::exact::{Exact, NumberError};
use crate::domain::negotiated::{Concession, Proposed};
use crate::domain::rounding::{DiscountOn, RoundingMode};
use crate::domain::spread::{Claim, spread};
use crate::policy::syntax::Presentation;
use crate::pricing::PricingError;
use crate::pricing::asking::Trouble;
use crate::pricing::negotiation::NegotiationFault;
use crate::pricing::request::Negotiated;
use crate::pricing::waterfall::{Cause, Layer};

use super::cart::{Cart, Line};
use super::finish::Finished;
use super::running::{Running, amount_in_coins};
use super::trace::Trace;

/// Puts negotiated prices in the place of what lines run at. Returns what all goods came to before, in whole coins; none where
/// nothing was negotiated.
pub(super) fn negotiate<T: Trace>(
    cart: &Cart<'_>,
    lines: &mut [Line<'_>],
    proposed: &Negotiated,
    trace: &mut T,
) -> Result<Option<i128>, Trouble> {
    let without = |lines: &[Line<'_>]| -> Result<Vec<Micros>, NumberError> {
        lines
            .iter()
            .map(|line| if line.overflowed { Ok(Micros::ZERO) } else { in_coins(cart, line) })
            .collect()
    };
    let faults = match proposed {
        Negotiated::Nothing => return Ok(None),
        Negotiated::Lines(of) => {
            let before = without(lines)?;
            let whole = sum(&before);
            let faults = negotiate_lines(cart, lines, (of, &before), trace)?;
            (faults, whole)
        }
        Negotiated::Total(total) => {
            let before = without(lines)?;
            let whole = sum(&before);
            let fault = negotiate_total(cart, lines, (*total, &before), trace)?;
            (fault.into_iter().collect(), whole)
        }
    };
    match faults {
        (faults, whole) if faults.is_empty() => Ok(Some(whole)),
        (faults, _) => Err(Trouble::Rows(PricingError::Negotiation(faults))),
    }
}

fn sum(amounts: &[Micros]) -> i128 {
    amounts.iter().map(|amount| i128::from(amount.0)).sum()
}

/// What a line runs at, in whole coins.
fn in_coins(cart: &Cart<'_>, line: &Line<'_>) -> Result<Micros, NumberError> {
    amount_in_coins(cart.coins, &line.running, line.rounded_in.as_ref(), &line.quantity)
}

/// Gives lines their own negotiated prices; or tells of all that don't do.
fn negotiate_lines<T: Trace>(
    cart: &Cart<'_>,
    lines: &mut [Line<'_>],
    (of, before): (&[(u32, Proposed)], &[Micros]),
    trace: &mut T,
) -> Result<Vec<NegotiationFault>, NumberError> {
    let mut faults = Vec::new();
    for (position, proposed) in of {
        // Every line has a price, so that places are positions.
        let at = usize::try_from(*position).unwrap_or(usize::MAX);
        let (Some(line), Some(without)) = (lines.get_mut(at), before.get(at)) else { continue };
        if line.overflowed {
            continue;
        }
        let running = running_at(cart, line, *proposed);
        let (id, without, coin) = (|| line.id.to_owned(), *without, cart.coins.amount_step);
        let Ok(now) = amount_in_coins(cart.coins, &running, None, &line.quantity) else {
            faults.push(NegotiationFault::LineOverflow { line: id(), proposed: proposed.figure() });
            continue;
        };
        if let Proposed::Amount(proposed) = *proposed
            && proposed.0 % coin.0 != 0
        {
            faults.push(NegotiationFault::LineCoins { line: id(), proposed, coin });
        } else if now > without {
            faults.push(NegotiationFault::LineAbove { line: id(), proposed: now, without });
        } else if now < without && line.no_discount {
            faults.push(NegotiationFault::NoDiscount { line: id(), proposed: now, without });
        } else if now < without {
            let part = Micros(without.0.saturating_sub(now.0));
            concede(cart, line, running, ((part, without), proposed.figure()), trace)?;
        }
    }
    Ok(faults)
}

/// What a line with a negotiated price runs at: it is rounded in the ordered unit, which it is stated in.
fn running_at(cart: &Cart<'_>, line: &Line<'_>, proposed: Proposed) -> Running {
    match proposed {
        Proposed::Unit(price) if cart.coins.discount_on == DiscountOn::Unit => {
            Running::Unit(Exact::from(price))
        }
        Proposed::Unit(price) => Running::Amount(Exact::from(price).times(&line.quantity)),
        Proposed::Amount(amount) => Running::Amount(Exact::from(amount)),
    }
}

/// Spreads what is missing of a total over the lines that may take a discount, by what they come to in whole coins, so that all
/// goods come to it; or tells why they can't.
fn negotiate_total<T: Trace>(
    cart: &Cart<'_>,
    lines: &mut [Line<'_>],
    (total, before): (Micros, &[Micros]),
    trace: &mut T,
) -> Result<Option<NegotiationFault>, NumberError> {
    let coin = cart.coins.amount_step;
    if total.0 % coin.0 != 0 {
        return Ok(Some(NegotiationFault::TotalCoins { proposed: total, coin }));
    }
    let takes = |line: &Line<'_>| !line.overflowed && !line.no_discount;
    let money = |sum: i128| i64::try_from(sum).map(Micros).map_err(|_| NumberError::Overflow);
    let fixed = lines.iter().zip(before).filter(|(line, _)| !takes(line));
    let fixed = money(fixed.map(|(_, amount)| i128::from(amount.0)).sum())?;
    let without = money(sum(before))?;
    if total > without {
        return Ok(Some(NegotiationFault::TotalAbove { proposed: total, without }));
    }
    if total < fixed {
        return Ok(Some(NegotiationFault::TotalBelow { proposed: total, fixed }));
    }
    let takers = lines.iter().zip(before).enumerate();
    let takers = takers.filter(|(_, (line, amount))| takes(line) && **amount > Micros::ZERO);
    let claims = takers.map(|(at, (line, amount))| {
        (at, Claim { weight: Exact::from(*amount), id: line.id, position: line.position })
    });
    let (places, claims): (Vec<usize>, Vec<Claim<'_>>) = claims.unzip();
    let parts = spread(Micros(without.0 - total.0), coin, &claims)?;
    drop(claims);
    for (at, part) in places.into_iter().zip(parts) {
        let (Some(line), Some(amount)) = (lines.get_mut(at), before.get(at)) else { continue };
        if part > Micros::ZERO {
            let left = Running::Amount(Exact::from(Micros(amount.0.saturating_sub(part.0))));
            concede(cart, line, left, ((part, *amount), Micros::ZERO), trace)?;
        }
    }
    Ok(None)
}

/// Lets a line run at what was negotiated, and tells the step. `part` is what that takes off, and of how much.
fn concede<T: Trace>(
    cart: &Cart<'_>,
    line: &mut Line<'_>,
    running: Running,
    (part, rate): ((Micros, Micros), Micros),
    trace: &mut T,
) -> Result<(), NumberError> {
    let before = if T::LISTENS { line.amount() } else { Exact::ZERO };
    (line.running, line.rounded_in) = (running, None);
    line.extra.make().conceded = part;
    let told = (Layer::Loyalty, Cause::Negotiated, Presentation::Price);
    line.tell(cart.coins, told, &before, (None, rate), trace)
}

/// What was conceded, in whole coins, less what guards gave back of it: those give back points first, then what was negotiated.
/// What they give back beyond that, they would have given back without negotiation.
pub(super) fn conceded(
    cart: &Cart<'_>,
    lines: &[Line<'_>],
    finished: &[Option<Finished>],
    (proposed, without): (&Negotiated, i128),
) -> Result<Concession, NumberError> {
    let deepest = matches!(proposed, Negotiated::Lines(_)).then_some((0, 0));
    let mut concession = Concession { amount: 0, of: without, deepest };
    for (line, _) in lines.iter().zip(finished).filter(|(_, finished)| finished.is_some()) {
        let Some(extra) = line.extra.get() else { continue };
        let points = extra.points.iter().fold(Exact::ZERO, |sum, (_, part)| sum.plus(&Exact::from(*part)));
        let back = extra.given_back.minus(&points);
        let back = if back.is_negative() { Exact::ZERO } else { back };
        let (part, of) = extra.conceded;
        let left = Exact::from(part).minus(&back);
        if left.is_negative() {
            concession.of += i128::from(cart.coins.amount(&left.negated())?.0);
        } else {
            let kept = i128::from(left.round(cart.coins.amount_step, RoundingMode::Down)?.0);
            concession.amount += kept;
            if let Some(deepest) = &mut concession.deepest
                && kept * deepest.1.max(1) > deepest.0 * i128::from(of.0)
            {
                *deepest = (kept, i128::from(of.0));
            }
        }
    }
    Ok(concession)
}
