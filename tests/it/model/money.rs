//! What does a chosen cell come to by the rules alone? Exact fractions, rounded where the contract says.

use super::naive::{Answer, Naive, Order};
use super::scenario::{CURRENCIES, STEPS};
use super::state::{Cell, Tier, Value};
use crate::ratio::{Ratio, Rounding};

const MODES: [Rounding; 4] = [Rounding::HalfUp, Rounding::HalfEven, Rounding::Up, Rounding::Down];

/// A unit price and an amount before rounding, and with unit prices rounded.
#[derive(Debug, Clone)]
pub struct Quote {
    pub unit: Ratio,
    pub amount: Ratio,
    pub rounded_unit: Ratio,
    pub rounded_amount: Ratio,
}

impl Naive<'_> {
    fn minor_unit(&self) -> Ratio {
        if CURRENCIES[self.contract.currency] == "JPY" { Ratio::whole(1) } else { Ratio::new(1, 100) }
    }

    fn step(&self, stated: Option<usize>) -> Ratio {
        stated.map_or_else(|| self.minor_unit(), |step| Ratio::new(STEPS[step], 1_000_000))
    }

    pub fn round_amount(&self, amount: &Ratio) -> Ratio {
        amount.round(&self.step(self.contract.amount_step), MODES[self.contract.modes.0])
    }

    /// The unit price to be shown, and the amount.
    pub fn settle(&self, quote: &Quote) -> (Ratio, Ratio) {
        let shown = quote.rounded_unit.round(&Ratio::new(1, 1_000_000), Rounding::HalfUp);
        (shown, self.round_amount(&quote.rounded_amount))
    }

    /// The price of an order by a cell that covers it; `in_base` is how many base units one of its units is.
    pub fn price(
        &self,
        list: usize,
        cell: &Cell,
        order: &Order,
        in_base: &Ratio,
        measure: &Ratio,
        percentages: bool,
    ) -> Answer {
        let (mut sum, mut rounded_sum) = (Ratio::zero(), Ratio::zero());
        for (tier, portion) in portions(cell, measure) {
            let cell_units = order.factor.clone() / in_base.clone();
            match self.tier_price(list, cell, tier, order, &cell_units, percentages) {
                Err(why) => return Answer::Failed(why, cell.is_final),
                Ok((unit, rounded)) => {
                    sum = sum + unit * portion.clone();
                    rounded_sum = rounded_sum + rounded * portion;
                }
            }
        }
        let (unit, rounded_unit) = (sum / measure.clone(), rounded_sum / measure.clone());
        let amount = unit.clone() * order.quantity.clone();
        let rounded_amount = rounded_unit.clone() * order.quantity.clone();
        Answer::Hit(Quote { unit, amount, rounded_unit, rounded_amount }, cell.is_final)
    }

    /// The price of one ordered unit at a tier, exact and rounded; the ordered unit is so many of the cell's units.
    fn tier_price(
        &self,
        list: usize,
        cell: &Cell,
        tier: &Tier,
        order: &Order,
        cell_units: &Ratio,
        percentages: bool,
    ) -> Result<(Ratio, Ratio), String> {
        let micros = |value: i64| Ratio::new(value, 1_000_000);
        let stated = match tier.value {
            Value::Price(price) => micros(price),
            Value::Formula(index, coefficient, premium) => {
                let values = self.state.indices.get(&index);
                let value = values.and_then(|values| values.range(..=self.at).next_back());
                let (_, value) = value.ok_or(format!("no_index_value {list}"))?;
                value.clone() * micros(coefficient) + micros(premium)
            }
            Value::Percent(percent, of) => {
                let missing = format!("no_base_price {of}");
                let base = if percentages { self.ask(of, order, false) } else { Answer::Miss };
                let Answer::Hit(base, _) = base else { return Err(missing) };
                let kept = Ratio::whole(1) - micros(percent) / Ratio::whole(100);
                return self.allowed(list, cell, base.unit * kept / cell_units.clone(), cell_units);
            }
        };
        let (from, to) = (self.state.lists[list], self.contract.currency);
        let rate = if from == to {
            Ratio::whole(1)
        } else {
            let rates = self.state.rates.get(&(from, to));
            let rate = rates.and_then(|rates| rates.range(..=self.at).next_back());
            rate.ok_or(format!("no_exchange_rate {list}"))?.1.clone()
        };
        self.allowed(list, cell, stated * rate / Ratio::whole(cell.per), cell_units)
    }

    fn allowed(
        &self,
        list: usize,
        cell: &Cell,
        in_cell_unit: Ratio,
        cell_units: &Ratio,
    ) -> Result<(Ratio, Ratio), String> {
        let order = in_cell_unit.cmp_zero();
        if order.is_lt() || (order.is_eq() && !cell.free) {
            return Err(format!("price_not_positive {list}"));
        }
        let unit = in_cell_unit.clone() * cell_units.clone();
        if !self.contract.on_unit {
            return Ok((unit.clone(), unit));
        }
        let round =
            |price: &Ratio| price.round(&self.step(self.contract.unit_step), MODES[self.contract.modes.1]);
        let rounded = if self.contract.in_price_unit {
            round(&in_cell_unit) * cell_units.clone()
        } else {
            round(&unit)
        };
        Ok((unit, rounded))
    }
}

/// Does a cell's ladder cover a measure?
pub fn covers(cell: &Cell, measure: &Ratio) -> bool {
    let bound = |micros: i64| Ratio::new(micros, 1_000_000);
    let ended = |tier: &Tier| tier.upper.is_some_and(|end| *measure > bound(end));
    if cell.graduated {
        return !ended(cell.tiers.last().unwrap());
    }
    let reached = cell.tiers.iter().rfind(|tier| bound(tier.lower) <= *measure);
    reached.is_some_and(|tier| !ended(tier))
}

/// The tiers that price a measure, each with its part of it.
fn portions<'c>(cell: &'c Cell, measure: &Ratio) -> Vec<(&'c Tier, Ratio)> {
    let bound = |micros: i64| Ratio::new(micros, 1_000_000);
    if !cell.graduated {
        let reached = cell.tiers.iter().rfind(|tier| bound(tier.lower) <= *measure);
        return reached.into_iter().map(|tier| (tier, measure.clone())).collect();
    }
    let mut portions = Vec::new();
    for (number, tier) in cell.tiers.iter().enumerate() {
        let lower = bound(tier.lower);
        let next = cell.tiers.get(number + 1).map(|next| bound(next.lower));
        let end = next.map_or(measure.clone(), |next| next.min(measure.clone()));
        if end > lower {
            portions.push((tier, end - lower));
        }
    }
    portions
}
