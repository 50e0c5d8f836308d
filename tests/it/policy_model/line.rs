//! What is known of a line while its cart is priced? What it orders, and what runs.

use quoin::domain::decimal::Micros;
use quoin::policy::syntax::Service;

use super::rounding::Coins;
use super::shop::{Line, Priced, Sku};
use crate::ratio::Ratio;

/// A line that may be ordered, on its way through the layers. Amounts run exactly.
#[derive(Debug, Clone)]
pub struct Running<'a> {
    pub line: &'a Line,
    pub sku: &'a Sku,
    /// In the ordered unit.
    pub quantity: Ratio,
    /// Base units in one ordered unit.
    pub factor: Ratio,
    /// The list amount, where there is a list price.
    pub list: Option<Ratio>,
    /// The list amount as it is shown.
    pub shown_list: Option<Ratio>,
    /// The contract amount.
    pub contract: Ratio,
    /// What runs.
    pub running: Ratio,
    /// What entered the layer.
    pub entered: Ratio,
    /// `discount_on: unit`, and no step made an amount yet: what runs over the quantity is the unit price.
    pub unit_runs: bool,
    /// Units of the contract price in one ordered unit.
    pub price_units: Ratio,
    pub no_discount: bool,
    /// Did a rule end the layer?
    pub stopped: bool,
    pub services: Vec<Ordered<'a>>,
    /// The greatest floor that holds before rounding.
    pub floor: Option<Ratio>,
    pub priced: Priced,
}

/// A service that a line asks for.
#[derive(Debug, Clone)]
pub struct Ordered<'a> {
    pub service: &'a Service,
    /// How many of what it is priced by.
    pub count: Ratio,
    /// The running price.
    pub price: Ratio,
}

impl Running<'_> {
    /// The quantity in a unit of the SKU, its base unit where none is named.
    pub fn quantity_in(&self, unit: Option<&str>) -> Option<Ratio> {
        Some(&self.quantity * &self.factor / self.sku.factor(unit)?)
    }

    /// A characteristic of the line, or else an attribute of the SKU. What the line weighs is its characteristic `weight`.
    pub fn characteristic(&self, name: &str) -> Option<String> {
        let weight =
            self.line.weight.as_ref().filter(|_| name == "weight").map(|(weight, _)| weight.to_string());
        let own = self.line.attributes.get(name).cloned();
        own.or(weight).or_else(|| self.sku.attributes.get(name).cloned())
    }

    /// The same as a number.
    pub fn number(&self, name: &str) -> Option<Ratio> {
        self.characteristic(name).and_then(|text| Micros::parse(&text).ok()).map(Ratio::from)
    }

    /// What runs once the unit price is rounded and multiplied.
    pub fn as_amount(&self, coins: &Coins) -> Ratio {
        if self.unit_runs { self.rounded_by_unit(coins, &self.running) } else { self.running.clone() }
    }

    /// An amount, its unit price rounded and multiplied again.
    pub fn rounded_by_unit(&self, coins: &Coins, amount: &Ratio) -> Ratio {
        coins.unit(&(amount / &self.quantity), &self.price_units) * &self.quantity
    }

    /// An amount of layer 1 or 2 at the end of its layer.
    pub fn at_layer_end(&self, coins: &Coins, amount: &Ratio) -> Ratio {
        match (coins.every_layer, self.unit_runs) {
            (false, _) => amount.clone(),
            (true, true) => self.rounded_by_unit(coins, amount),
            (true, false) => coins.amount(amount),
        }
    }

    /// Takes from what runs, or where negative adds to it, in the name of a rule; `running` is what runs there.
    pub fn take(&mut self, rule: &str, running: Ratio, makes_amount: bool, taken: &Ratio) {
        self.running = running - taken;
        self.unit_runs &= !makes_amount;
        self.priced.gave.insert(rule.to_owned(), taken.clone());
    }
}
