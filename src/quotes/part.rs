//! What does a part of a quote cost? (Rule Q1.)

use std::collections::BTreeMap;

use crate::domain::decimal::Micros;
use crate::domain::exact::{Exact, NumberError};

use super::content::Content;
use super::event::Part;
use super::life::PartAsked;

/// Why a part can't be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PartFault {
    /// The quote has no such line.
    #[error("line \"{line}\" is not in the quote")]
    UnknownLine {
        /// As asked.
        line: String,
    },
    /// The line is named more than once.
    #[error("line \"{line}\" is named twice")]
    Twice {
        /// As asked.
        line: String,
    },
    /// The quantity is not above zero.
    #[error("line \"{line}\": quantity {quantity} is not above zero")]
    NotPositive {
        /// As asked.
        line: String,
        /// As asked.
        quantity: Micros,
    },
    /// More than is left of it.
    #[error("line \"{line}\": {quantity} are more than the {left} that are left to accept")]
    MoreThanLeft {
        /// As asked.
        line: String,
        /// As asked.
        quantity: Micros,
        /// Quoted, and not accepted yet.
        left: Micros,
    },
    /// A part of a line that is sold whole.
    #[error("line \"{line}\" is taken whole or not at all: it is not divisible; take {whole}")]
    Indivisible {
        /// As asked.
        line: String,
        /// All of it.
        whole: Micros,
    },
    /// A figure does not fit.
    #[error("line \"{line}\": a figure is beyond ±9,223,372,036,854")]
    Overflow {
        /// As asked.
        line: String,
    },
}

/// What is left of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Left {
    quantity: Micros,
    amount: Micros,
    tax: Micros,
}

/// The parts that are taken of a quote where `accepted` were taken before; all that is left where nothing is named.
///
/// # Errors
/// Everything that is wrong with what is asked, at once.
pub fn parts_of(
    content: &Content,
    accepted: &[Part],
    asked: &[PartAsked],
) -> Result<Vec<Part>, Vec<PartFault>> {
    let left = left_of(content, accepted);
    if asked.is_empty() {
        let whole = (0_u32..).zip(&left).filter(|(_, left)| left.quantity > Micros::ZERO);
        let lines = &content.asked.cart.lines;
        let id = |line: u32| lines.get(place(line)).map_or("", |line| line.id.as_str());
        return Ok(whole.map(|(line, left)| part((line, id(line)), left)).collect());
    }
    let places: BTreeMap<&str, u32> =
        content.asked.cart.lines.iter().map(|line| line.id.as_str()).zip(0..).collect();
    let (mut parts, mut faults) = (BTreeMap::new(), Vec::new());
    for PartAsked { line: id, quantity } in asked {
        match take(content, &left, (id, *quantity), places.get(id.as_str()).copied()) {
            Ok(part) if parts.contains_key(&part.line) => faults.push(PartFault::Twice { line: id.clone() }),
            Ok(part) => {
                parts.insert(part.line, part);
            }
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(parts.into_values().collect()) } else { Err(faults) }
}

/// Is anything left to accept after these parts?
#[must_use]
pub fn is_whole(content: &Content, accepted: &[Part], parts: &[Part]) -> bool {
    let all: Vec<Part> = accepted.iter().chain(parts).cloned().collect();
    left_of(content, &all).iter().all(|left| left.quantity <= Micros::ZERO)
}

fn left_of(content: &Content, accepted: &[Part]) -> Vec<Left> {
    let quoted = content.asked.cart.lines.iter().zip(&content.lines);
    let mut left: Vec<Left> = quoted
        .map(|(asked, line)| Left { quantity: asked.quantity, amount: line.amount, tax: line.tax })
        .collect();
    for part in accepted {
        if let Some(left) = left.get_mut(place(part.line)) {
            // Parts were taken of what was left, so that these don't go below zero.
            left.quantity = Micros(left.quantity.0.saturating_sub(part.quantity.0));
            left.amount = Micros(left.amount.0.saturating_sub(part.amount.0));
            left.tax = Micros(left.tax.0.saturating_sub(part.tax.0));
        }
    }
    left
}

fn place(line: u32) -> usize {
    usize::try_from(line).unwrap_or(usize::MAX)
}

fn part((line, id): (u32, &str), left: &Left) -> Part {
    let Left { quantity, amount, tax } = *left;
    Part { line, id: id.to_owned(), quantity, amount, tax }
}

fn take(
    content: &Content,
    left: &[Left],
    (id, quantity): (&str, Option<Micros>),
    place: Option<u32>,
) -> Result<Part, PartFault> {
    let line = || id.to_owned();
    let unknown = || PartFault::UnknownLine { line: line() };
    let number = place.ok_or_else(unknown)?;
    let at = self::place(number);
    let (Some(left), Some(asked), Some(quoted)) =
        (left.get(at), content.asked.cart.lines.get(at), content.lines.get(at))
    else {
        return Err(unknown());
    };
    let quantity = quantity.unwrap_or(left.quantity);
    if left.quantity > Micros::ZERO && quantity <= Micros::ZERO {
        return Err(PartFault::NotPositive { line: line(), quantity });
    }
    if quantity > left.quantity || left.quantity <= Micros::ZERO {
        return Err(PartFault::MoreThanLeft { line: line(), quantity, left: left.quantity });
    }
    if quantity == left.quantity {
        return Ok(part((number, id), left));
    }
    if !asked.is_divisible {
        return Err(PartFault::Indivisible { line: line(), whole: left.quantity });
    }
    let share = |of: Micros| -> Result<Micros, NumberError> {
        let exact = Exact::from(of).times(&Exact::from(quantity)).over(&Exact::from(asked.quantity))?;
        exact.round(content.amount_step, content.amount_mode)
    };
    let figures = share(quoted.amount).and_then(|amount| Ok((amount, share(quoted.tax)?)));
    let (amount, tax) = figures.map_err(|_| PartFault::Overflow { line: line() })?;
    // Many small parts may have been rounded up: the last one never takes less than nothing.
    let (amount, tax) = (amount.min(left.amount), tax.min(left.tax));
    Ok(Part { line: number, id: line(), quantity, amount, tax })
}
