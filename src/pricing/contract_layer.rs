//! Which list of the access sequence gives the price? (Rule C3: `first` or `lowest`.)

use crate::domain::catalogue::Catalogue;
use crate::domain::cell::CellFlags;
use crate::domain::contract::{AccessMode, Circumstances, Contract};
use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::domain::ids::ListId;
use crate::domain::rounding::{RoundAt, RoundingMode};
use crate::matrix::cells::CellBuffer;

use super::asking::{Answer, Asked, Origin, Quote, Terms, Trouble};
use super::cart::LineStatus;
use super::losers::{Loser, LossReason};
use super::order::Order;
use super::settle::settle;

/// What the access sequence comes to.
pub(super) type Outcome = Result<(Quote, Origin), LineStatus>;

/// A list that could give the price, in `lowest`.
struct Candidate {
    list: ListId,
    amount: Exact,
    quote: Quote,
    origin: Origin,
}

/// The lists that lines of a cart in these circumstances ask.
pub(super) fn asked_by(catalogue: &Catalogue, contract: &Contract, cart: &Circumstances<'_>) -> Vec<Asked> {
    let met = contract.access.iter().filter(|entry| entry.conditions.met_by(cart));
    met.map(|entry| Asked::of(catalogue, contract, entry.list)).collect()
}

/// Asks the lists in their order, in the line's own circumstances where it has any; `losers` is filled where it is given.
pub(super) fn decide(
    terms: &Terms<'_>,
    order: &Order,
    own: Option<&Circumstances<'_>>,
    cells: &mut CellBuffer,
    losers: Option<&mut Vec<Loser>>,
) -> Result<Outcome, Trouble> {
    match (own, losers) {
        (None, None) if terms.contract.access_mode == AccessMode::First => first(terms, order, cells),
        (own, losers) => all(terms, order, own.unwrap_or(&terms.circumstances), cells, losers),
    }
}

/// What [`all`] comes to where the first price is taken and nobody hears of the others.
#[inline]
fn first(terms: &Terms<'_>, order: &Order, cells: &mut CellBuffer) -> Result<Outcome, Trouble> {
    for asked in terms.asked {
        match terms.ask_known(*asked, order, cells)? {
            Answer::Hit(quote, origin) => return Ok(Ok((quote, origin))),
            Answer::Miss(_) => {}
            Answer::Ends(_) => return Ok(Err(LineStatus::NoPriceFinal { list: asked.list })),
            Answer::Failed { status, .. } => return Ok(Err(status)),
        }
    }
    Ok(Err(LineStatus::NoPrice))
}

fn all(
    terms: &Terms<'_>,
    order: &Order,
    cart: &Circumstances<'_>,
    cells: &mut CellBuffer,
    mut losers: Option<&mut Vec<Loser>>,
) -> Result<Outcome, Trouble> {
    let mode = terms.contract.access_mode;
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut winner: Option<(Quote, Origin)> = None;
    let mut failure: Option<LineStatus> = None;
    let mut ended = None;
    for entry in &terms.contract.access {
        let mut lose = |reason| {
            if let Some(losers) = losers.as_deref_mut() {
                losers.push(Loser { list: entry.list, reason });
            }
        };
        if !entry.conditions.met_by(cart) {
            lose(LossReason::ConditionNotMet);
            continue;
        }
        if let Some(reason) = ended {
            lose(reason);
            continue;
        }
        match terms.ask(entry.list, order, cells)? {
            Answer::Miss(reason) => lose(reason),
            Answer::Ends(reason) => {
                lose(reason);
                failure.get_or_insert(LineStatus::NoPriceFinal { list: entry.list });
                ended = Some(LossReason::EndedByFinal);
            }
            Answer::Failed { status, reason, is_final } => {
                lose(reason);
                failure.get_or_insert(status);
                if mode == AccessMode::First {
                    ended = Some(LossReason::EarlierListTaken);
                } else if is_final {
                    ended = Some(LossReason::EndedByFinal);
                }
            }
            Answer::Hit(quote, origin) => {
                if origin.flags.has(CellFlags::FINAL) {
                    ended = Some(LossReason::EndedByFinal);
                }
                if mode == AccessMode::Lowest {
                    let amount = layer_amount(terms, order, &quote)?;
                    candidates.push(Candidate { list: entry.list, amount, quote, origin });
                } else {
                    winner = Some((quote, origin));
                    if losers.is_none() {
                        break;
                    }
                    ended = Some(LossReason::EarlierListTaken);
                }
            }
        }
    }
    if mode == AccessMode::Lowest {
        winner = lowest(candidates, losers)?;
    }
    Ok(winner.ok_or(failure.unwrap_or(LineStatus::NoPrice)))
}

/// The amount that layer 2 would give: rounded only where every layer is.
fn layer_amount(terms: &Terms<'_>, order: &Order, quote: &Quote) -> Result<Exact, Trouble> {
    if terms.coins.round_at == RoundAt::Layer {
        return Ok(Exact::from(settle(terms.coins, order, quote)?.amount));
    }
    Ok(match quote {
        Quote::Plain(price) => Exact::from(*price).times(&Exact::from(order.quantity)),
        Quote::Exact(quote) => quote.amount.clone(),
    })
}

fn lowest(
    candidates: Vec<Candidate>,
    losers: Option<&mut Vec<Loser>>,
) -> Result<Option<(Quote, Origin)>, Trouble> {
    // `min_by` keeps the first of equals: ties go to the earlier list.
    let Some(best) = candidates.iter().min_by(|a, b| a.amount.compare(&b.amount)) else { return Ok(None) };
    let (list, winner) = (best.list, shown(&best.amount)?);
    if let Some(losers) = losers {
        for candidate in candidates.iter().filter(|candidate| candidate.list != list) {
            let amount = shown(&candidate.amount)?;
            losers.push(Loser { list: candidate.list, reason: LossReason::HigherThan { winner, amount } });
        }
    }
    Ok(candidates.into_iter().find(|candidate| candidate.list == list).map(|won| (won.quote, won.origin)))
}

fn shown(amount: &Exact) -> Result<Micros, Trouble> {
    Ok(amount.round(Micros(1), RoundingMode::HalfUp)?)
}
