//! What does a price cost a line that a rule names: outright, by formula, or of another list?

use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::domain::ids::ListId;
use crate::domain::rounding::RoundingUnit;
use crate::matrix::cells::CellBuffer;
use crate::policy::compiled::{CompiledRule, CompiledTerm, CompiledTermOf};
use crate::pricing::asking::Answer;
use crate::pricing::losers::RuleLoss;

use super::cart::{Cart, Line, Miss};
use super::running::{Running, round_unit};

/// The line at a price for one of the rule's units: its unit price, or its amount, `in_coins` at a rounded unit price.
pub(super) fn at_price(
    cart: &Cart<'_>,
    line: &Line<'_>,
    rule: &CompiledRule,
    one: &Exact,
    (by_unit, in_coins): (bool, bool),
) -> Result<Exact, Miss> {
    let units = line.units_of(cart, rule.unit).ok_or(Miss::Lost(RuleLoss::NotMeasurable))?;
    let unit_price = one.times(&units);
    if by_unit {
        return Ok(unit_price);
    }
    if in_coins {
        let scale = (cart.coins.rounding_unit == RoundingUnit::Price).then_some(units);
        return Ok(round_unit(cart.coins, &unit_price, scale.as_ref())?.times(&line.quantity));
    }
    Ok(unit_price.times(&line.quantity))
}

/// What a formula comes to, for one of the rule's units.
pub(in crate::pricing) fn formula(
    cart: &Cart<'_>,
    line: &Line<'_>,
    rule: &CompiledRule,
    constant: Micros,
    terms: &[CompiledTerm],
) -> Result<Exact, Miss> {
    let mut sum = Exact::from(constant);
    for term in terms {
        let value = match &term.of {
            CompiledTermOf::Index(index) => {
                index.and_then(|index| cart.terms.catalogue.market.index_value(index, cart.terms.at))
            }
            CompiledTermOf::Attribute(name) => line.number(cart, name),
        };
        let value = value.ok_or(Miss::Lost(RuleLoss::NoValue))?;
        sum = sum.plus(&Exact::from(value).times(&Exact::from(term.times)));
    }
    if !sum.is_positive() {
        return Err(Miss::Lost(RuleLoss::NoValue));
    }
    Ok(sum.over(&Exact::whole(rule.per.max(1).into()))?)
}

/// What a list's price makes a line run at.
pub(in crate::pricing) fn price_of(
    cart: &Cart<'_>,
    line: &Line<'_>,
    list: Option<ListId>,
    cells: &mut CellBuffer,
) -> Result<(Running, Option<Exact>), Miss> {
    let list = list.ok_or(Miss::Lost(RuleLoss::NoPriceInList))?;
    match cart.terms.ask(list, line.order, cells)? {
        Answer::Hit(quote, _) => Ok(Running::of_quote(cart.coins, line.order, &quote)),
        Answer::Miss(_) | Answer::Ends(_) | Answer::Failed { .. } => Err(Miss::Lost(RuleLoss::NoPriceInList)),
    }
}
