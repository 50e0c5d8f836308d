//! What do points that are a discount take off? A lump on the cart, behind the loyalty rules; guards may give it back. (Rules
//! X2, R5, L3, L6, G2.)

use crate::domain::decimal::Micros;
use crate::domain::exact::{Exact, NumberError};
use crate::domain::rounding::RoundingMode;
use crate::domain::spread::{Claim, spread};
use crate::policy::compiled::PointsNo;
use crate::policy::syntax::Presentation;
use crate::pricing::points::{PointsBounds, PointsDiscount, PointsLoss, PointsOffered};
use crate::pricing::waterfall::{Cause, Layer};

use super::cart::{Cart, Line};
use super::finish::Finished;
use super::running::Running;
use super::trace::Trace;

/// A line that may take a discount.
struct Taker {
    /// Its place among the lines.
    at: usize,
    /// What it runs at, its unit price rounded (rule R2).
    running: Exact,
    /// The most that comes off it, in whole coins.
    most: Micros,
}

/// Takes the worth of points off the goods: programme by programme, in the order of ids. The share of a programme is of what
/// all lines run at before any points; what they are taken off are the lines that may take benefits.
pub(super) fn take_points<T: Trace>(
    cart: &Cart<'_>,
    lines: &mut [Line<'_>],
    trace: &mut T,
) -> Result<Vec<PointsDiscount>, NumberError> {
    if cart.points.is_empty() {
        return Ok(Vec::new());
    }
    let running = lines.iter().filter(|line| !line.overflowed).map(|line| line.rounded_amount(cart.coins));
    let whole = running.flatten().fold(Exact::ZERO, |sum, running| sum.plus(&running));
    let mut all = Vec::with_capacity(cart.points.len());
    for PointsOffered { programme, asked, spendable } in cart.points.iter().copied() {
        let Some(written) = cart.policy.points_written(programme) else { continue };
        let takers: Vec<Taker> = lines.iter().enumerate().filter_map(|line| taker(cart, line)).collect();
        let there = takers.iter().fold(Exact::ZERO, |sum, taker| sum.plus(&taker.running));
        let bounds =
            PointsBounds { written, spendable, whole: &whole, there: &there, coin: cart.coins.amount_step };
        let most = bounds.most()?;
        let taken = asked.map(|asked| bounds.take(asked)).transpose()?;
        if let Some(taken) = &taken {
            let step = (programme, written.worth);
            take_off(cart, lines, (step, taken.amount), &takers, trace)?;
        }
        all.push(PointsDiscount { programme, most, taken });
    }
    Ok(all)
}

/// A line as one that may take a discount. What does not fit takes none: its line ends without a price.
fn taker(cart: &Cart<'_>, (at, line): (usize, &Line<'_>)) -> Option<Taker> {
    if line.overflowed || line.no_discount {
        return None;
    }
    let running = line.rounded_amount(cart.coins).ok().filter(Exact::is_positive)?;
    let most = running.round(cart.coins.amount_step, RoundingMode::Down).ok()?;
    Some(Taker { at, running, most })
}

/// Spreads an amount over lines by what they run at, and takes it off. No line goes below zero.
fn take_off<T: Trace>(
    cart: &Cart<'_>,
    lines: &mut [Line<'_>],
    ((programme, worth), amount): ((PointsNo, Micros), Micros),
    takers: &[Taker],
    trace: &mut T,
) -> Result<(), NumberError> {
    let coins = cart.coins;
    let claim = |taker: &Taker| {
        let line = lines.get(taker.at)?;
        Some(Claim { weight: taker.running.clone(), id: line.id, position: line.position })
    };
    let claims: Vec<Claim<'_>> = takers.iter().filter_map(claim).collect();
    let parts = spread(amount, coins.amount_step, &claims)?;
    drop(claims);
    for (taker, part) in takers.iter().zip(parts) {
        let part = part.min(taker.most);
        let Some(line) = lines.get_mut(taker.at).filter(|_| part > Micros::ZERO) else { continue };
        let before = if T::LISTENS { line.amount() } else { Exact::ZERO };
        line.running = Running::Amount(taker.running.minus(&Exact::from(part)));
        line.extra.make().points.push((programme, part));
        let told = (Layer::Loyalty, Cause::Points(programme), Presentation::Discount);
        line.tell(coins, told, &before, (None, worth), trace)?;
    }
    Ok(())
}

/// What of a line's points is left at its end.
#[derive(Debug, Clone, Copy, Default)]
struct Left {
    /// Of what was to be taken off: what a line had room for.
    taken_off: Micros,
    /// Of that, what no guard gave back.
    kept: Micros,
}

/// Leaves of the points that were taken those whose amount stayed off the goods. A guard gives back what was taken off last:
/// the points, and of several programmes the last one's, before any rule's discount. So none is taken for nothing.
pub(super) fn leave_points(
    cart: &Cart<'_>,
    lines: &[Line<'_>],
    finished: &[Option<Finished>],
    points: &mut [PointsDiscount],
) -> Result<(), NumberError> {
    for discount in points.iter_mut() {
        let (programme, Some(taken)) = (discount.programme, &mut discount.taken) else { continue };
        let Some(written) = cart.policy.points_written(programme) else { continue };
        let mut left = Left::default();
        for (line, _) in lines.iter().zip(finished).filter(|(_, finished)| finished.is_some()) {
            add(&mut left, &left_of(cart, line, programme)?)?;
        }
        taken.keep(left.taken_off, written, PointsLoss::Goods)?;
        taken.keep(left.kept, written, PointsLoss::Guard)?;
    }
    Ok(())
}

fn left_of(cart: &Cart<'_>, line: &Line<'_>, programme: PointsNo) -> Result<Left, NumberError> {
    let Some(extra) = line.extra.get() else { return Ok(Left::default()) };
    let mut back = extra.given_back.clone();
    for (of, part) in extra.points.iter().rev() {
        let kept = Exact::from(*part).minus(&back);
        if *of == programme {
            let kept = match kept.is_negative() {
                true => Micros::ZERO,
                false => kept.round(cart.coins.amount_step, RoundingMode::Down)?,
            };
            return Ok(Left { taken_off: *part, kept });
        }
        back = if kept.is_negative() { kept.negated() } else { Exact::ZERO };
    }
    Ok(Left::default())
}

fn add(sum: &mut Left, other: &Left) -> Result<(), NumberError> {
    let plus = |a: Micros, b: Micros| a.0.checked_add(b.0).map(Micros).ok_or(NumberError::Overflow);
    *sum = Left { taken_off: plus(sum.taken_off, other.taken_off)?, kept: plus(sum.kept, other.kept)? };
    Ok(())
}
