//! How are amounts and unit prices rounded, and a sum spread over lines? As the contract says (rules R1 to R5).

use std::cmp::Reverse;

use quoin::domain::rounding::{DiscountOn, RoundAt, RoundingUnit};

use super::shop::Contract;
use crate::ratio::{Ratio, Rounding};

/// The contract's rounding.
#[derive(Debug, Clone)]
pub struct Coins {
    amount_step: Ratio,
    amount_mode: Rounding,
    unit_step: Ratio,
    unit_mode: Rounding,
    /// `discount_on: unit`
    pub by_unit: bool,
    /// `round: layer`
    pub every_layer: bool,
    in_price_unit: bool,
}

impl Coins {
    pub fn of(contract: &Contract) -> Self {
        let rounding = &contract.rounding;
        Self {
            amount_step: rounding.amount_step(contract.currency).into(),
            amount_mode: rounding.amount_mode.into(),
            unit_step: rounding.unit_step(contract.currency).into(),
            unit_mode: rounding.unit_mode.into(),
            by_unit: rounding.discount_on == DiscountOn::Unit,
            every_layer: rounding.round_at == RoundAt::Layer,
            in_price_unit: rounding.rounding_unit == RoundingUnit::Price,
        }
    }

    pub fn amount(&self, amount: &Ratio) -> Ratio {
        amount.round(&self.amount_step, self.amount_mode)
    }

    pub fn amount_up(&self, amount: &Ratio) -> Ratio {
        amount.round(&self.amount_step, Rounding::Up)
    }

    /// A price for one ordered unit, which is so many of the units that the price was stated in.
    pub fn unit(&self, price: &Ratio, price_units: &Ratio) -> Ratio {
        self.unit_by(price, price_units, self.unit_mode)
    }

    pub fn unit_up(&self, price: &Ratio, price_units: &Ratio) -> Ratio {
        self.unit_by(price, price_units, Rounding::Up)
    }

    fn unit_by(&self, price: &Ratio, price_units: &Ratio, mode: Rounding) -> Ratio {
        if self.in_price_unit {
            (price / price_units).round(&self.unit_step, mode) * price_units
        } else {
            price.round(&self.unit_step, mode)
        }
    }

    /// Parts of a rounded sum in proportion to weights above zero, each a multiple of the step: the largest remainders are
    /// rounded up, ties by id.
    pub fn spread(&self, sum: &Ratio, weights: &[(&str, Ratio)]) -> Vec<Ratio> {
        let total: Ratio = weights.iter().map(|(_, weight)| weight).sum();
        let exact: Vec<Ratio> = weights.iter().map(|(_, weight)| sum * weight / &total).collect();
        let mut parts: Vec<Ratio> =
            exact.iter().map(|part| part.round(&self.amount_step, Rounding::Down)).collect();
        let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
        by_remainder.sort_by_key(|at| (Reverse(&exact[*at] - &parts[*at]), weights[*at].0));
        let mut left = sum - parts.iter().sum::<Ratio>();
        for at in by_remainder {
            if left.is_positive() {
                parts[at] = &parts[at] + &self.amount_step;
                left = left - &self.amount_step;
            }
        }
        assert!(left.is_zero(), "the sum {sum} is no multiple of the step");
        parts
    }
}
