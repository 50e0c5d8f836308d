//! Which cell of which list prices a line by the rules alone? Maps are walked, and nothing is clever.

use std::cmp::Reverse;

use jiff::civil::DateTime;
use quoin::domain::decimal::Micros;

use super::money::{Quote, covers};
use super::scenario::{CATEGORIES, ContractSpec, UNITS};
use super::state::{Cell, Sku, State, Target, Window, chain};
use crate::ratio::{Ratio, Rounding};

/// What a line comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    pub unit_price: Micros,
    pub amount: Micros,
    pub list_unit_price: Micros,
    pub list_amount: Micros,
    pub list: usize,
}

pub type Line = Result<Figures, String>;

/// An order whose words are known.
#[derive(Debug, Clone)]
pub struct Order {
    pub sku: usize,
    pub unit: usize,
    /// Base units in one ordered unit.
    pub factor: Ratio,
    pub quantity: Ratio,
}

#[expect(clippy::large_enum_variant, reason = "a model is there to be read")]
pub enum Answer {
    Hit(Quote, bool),
    Miss,
    Ends,
    Failed(String, bool),
}

/// A cell with the order of its unit, its window and its unit.
type Held<'c> = ((u8, &'static str), Window, Option<usize>, &'c Cell);

/// A cart's terms.
pub struct Naive<'a> {
    pub state: &'a State,
    pub contract: &'a ContractSpec,
    pub at: DateTime,
    /// Base units of each order of the cart.
    pub orders: &'a [Result<Order, String>],
}

/// Checks a line of a cart.
pub fn order(state: &State, sku: usize, unit: Option<usize>, quantity: i64) -> Result<Order, String> {
    let facts = &state.skus[sku];
    let unit = unit.unwrap_or(facts.base);
    let factor = factor(facts, unit).ok_or("unknown_unit")?;
    if quantity <= 0 {
        return Err("quantity_not_positive".to_owned());
    }
    if quantity % 10_i64.pow(6 - UNITS[unit].1) != 0 {
        return Err("quantity_too_precise".to_owned());
    }
    let order = Order { sku, unit, factor, quantity: Ratio::new(quantity, 1_000_000) };
    let base = order.quantity.clone() * order.factor.clone();
    if facts.minimum.is_some_and(|minimum| base < Ratio::new(minimum, 1_000_000)) {
        return Err("below_minimum".to_owned());
    }
    let times = facts.multiple.map(|multiple| base / Ratio::new(multiple, 1_000_000));
    if times.is_some_and(|times| times.round(&Ratio::whole(1), Rounding::Down) != times) {
        return Err("off_multiple".to_owned());
    }
    Ok(order)
}

/// How many base units one of a unit is.
pub fn factor(sku: &Sku, unit: usize) -> Option<Ratio> {
    if unit == sku.base { Some(Ratio::whole(1)) } else { sku.units.get(&unit).cloned() }
}

impl Naive<'_> {
    pub fn line(&self, order: &Order) -> Line {
        let (quote, list) = if self.contract.lowest { self.lowest(order)? } else { self.first(order)? };
        let (unit_price, amount) = self.settle(&quote);
        let listed = match self.contract.reference.map(|list| self.ask(list, order, true)) {
            Some(Answer::Hit(quote, _)) => self.settle(&quote),
            _ => (unit_price.clone(), amount.clone()),
        };
        let micros = |value: Ratio| value.to_micros().unwrap();
        Ok(Figures {
            unit_price: micros(unit_price),
            amount: micros(amount),
            list_unit_price: micros(listed.0),
            list_amount: micros(listed.1),
            list,
        })
    }

    fn first(&self, order: &Order) -> Result<(Quote, usize), String> {
        for list in &self.contract.access {
            match self.ask(*list, order, true) {
                Answer::Hit(quote, _) => return Ok((quote, *list)),
                Answer::Miss => {}
                Answer::Ends => return Err(format!("no_price_final {list}")),
                Answer::Failed(why, _) => return Err(why),
            }
        }
        Err("no_price".to_owned())
    }

    fn lowest(&self, order: &Order) -> Result<(Quote, usize), String> {
        let mut best: Option<(Ratio, Quote, usize)> = None;
        let mut failure: Option<String> = None;
        for list in &self.contract.access {
            let ends = match self.ask(*list, order, true) {
                Answer::Hit(quote, ends) => {
                    let amount = if self.contract.round_layer {
                        self.round_amount(&quote.rounded_amount)
                    } else {
                        quote.amount.clone()
                    };
                    if best.as_ref().is_none_or(|(least, _, _)| amount < *least) {
                        best = Some((amount, quote, *list));
                    }
                    ends
                }
                Answer::Miss => false,
                Answer::Ends => {
                    failure.get_or_insert(format!("no_price_final {list}"));
                    true
                }
                Answer::Failed(why, ends) => {
                    failure.get_or_insert(why);
                    ends
                }
            };
            if ends {
                break;
            }
        }
        best.map(|(_, quote, list)| (quote, list)).ok_or(failure.unwrap_or("no_price".to_owned()))
    }

    /// The goods in the order they are asked: the SKU, its categories from the deepest, its brand.
    fn targets(&self, sku: usize) -> Vec<Target> {
        let facts = &self.state.skus[sku];
        let mut targets = vec![Target::Sku(sku)];
        targets.extend(
            facts.category.into_iter().flat_map(|path| chain(CATEGORIES[path])).map(Target::Category),
        );
        targets.extend(facts.brand.map(Target::Brand));
        targets
    }

    pub fn ask(&self, list: usize, order: &Order, percentages: bool) -> Answer {
        for target in self.targets(order.sku) {
            let mut cells = self.cells_that_hold(list, &target, order);
            cells.sort_by_key(|(preference, window, unit, _)| (*preference, Reverse(weight(window)), *unit));
            // The best of each unit alone is asked.
            cells.dedup_by(|later, before| later.0 == before.0);
            for (_, _, unit, cell) in cells {
                let in_base =
                    factor(&self.state.skus[order.sku], unit.unwrap_or(self.state.skus[order.sku].base));
                let in_base = in_base.unwrap();
                let measure = self.measure(cell, order) / in_base.clone();
                if covers(cell, &measure) {
                    return self.price(list, cell, order, &in_base, &measure, percentages);
                }
                if cell.is_final {
                    return Answer::Ends;
                }
            }
        }
        Answer::Miss
    }

    /// The cells of some goods whose window holds and whose unit the SKU has, with the order of their units.
    fn cells_that_hold(&self, list: usize, target: &Target, order: &Order) -> Vec<Held<'_>> {
        let sku = &self.state.skus[order.sku];
        let holds =
            |(from, to): &Window| from.is_none_or(|from| from <= self.at) && to.is_none_or(|to| self.at < to);
        let all =
            self.state.cells.iter().filter(|(key, _)| key.0 == list && key.1 == *target && holds(&key.3));
        all.filter_map(|((_, _, unit, window), cell)| {
            let in_unit = unit.unwrap_or(sku.base);
            factor(sku, in_unit)?;
            let preference = if in_unit == order.unit {
                (0, "")
            } else if in_unit == sku.base {
                (1, "")
            } else {
                (2, UNITS[in_unit].0)
            };
            Some((preference, *window, *unit, cell))
        })
        .collect()
    }

    /// What a cell's ladder measures, in base units.
    fn measure(&self, cell: &Cell, order: &Order) -> Ratio {
        let base = |order: &Order| order.quantity.clone() * order.factor.clone();
        if !cell.over_sku {
            return base(order);
        }
        let same = self.orders.iter().flatten().filter(|other| other.sku == order.sku);
        same.fold(Ratio::zero(), |sum, other| sum + base(other))
    }
}

/// The greater wins: bounded, then the later start, then the earlier end.
fn weight((from, to): &Window) -> (bool, DateTime, Reverse<DateTime>) {
    let bounded = from.is_some() && to.is_some();
    (bounded, from.unwrap_or(DateTime::MIN), Reverse(to.unwrap_or(DateTime::MAX)))
}
