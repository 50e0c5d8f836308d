//! What does a cart cost by the policy as it was written? One pass over the syntax tree with exact fractions.
//!
//! Straight from docs/POLICY.md, layer after layer, with nothing prepared and nothing kept.

use std::collections::BTreeMap;

use quoin::domain::currency::Currency;
use quoin::domain::decimal::Micros;
use quoin::policy::syntax::{Policy, RuleLayer};

use super::line::Running;
use super::rounding::Coins;
use super::shop::{Answer, Cart, Contract, Line, Priced, Shop};
use super::taxes::Part;
use crate::ratio::Ratio;

/// What a cart is priced with.
pub struct Model<'a> {
    pub shop: &'a Shop,
    pub policy: &'a Policy,
    pub cart: &'a Cart,
    pub contract: &'a Contract,
    pub coins: Coins,
}

/// Prices a cart.
pub fn interpret(shop: &Shop, policy: &Policy, cart: &Cart) -> Answer {
    let contract = &shop.contracts[&cart.contract];
    Model { shop, policy, cart, contract, coins: Coins::of(contract) }.answer()
}

impl Model<'_> {
    /// A stated currency, or else the policy's.
    pub fn currency_or_policys(&self, stated: Option<Currency>) -> Option<Currency> {
        stated.or(self.policy.currency)
    }

    fn answer(&self) -> Answer {
        let mut answers: BTreeMap<String, Priced> = BTreeMap::new();
        let mut refuse = |line: &Line, status: String| {
            answers.insert(line.id.clone(), Priced { status, ..Priced::default() });
        };
        let mut ordered: Vec<Running<'_>> = Vec::new();
        for line in &self.cart.lines {
            match self.ordered(line) {
                Ok(running) => ordered.push(running),
                Err(status) => refuse(line, status),
            }
        }
        let mut lines: Vec<Running<'_>> = Vec::new();
        for mut line in ordered {
            match self.contracted(&mut line) {
                Ok(()) => lines.push(line),
                Err(status) => refuse(line.line, status),
            }
        }
        for layer in [RuleLayer::Volume, RuleLayer::Order, RuleLayer::Loyalty, RuleLayer::Surcharge] {
            self.run(layer, &mut lines);
        }
        let parts: Vec<(String, Vec<Part<'_>>)> =
            lines.iter_mut().map(|line| (line.line.id.clone(), self.settle(line))).collect();
        let taxes = self.taxes(&parts);
        for (line, (id, parts)) in lines.into_iter().zip(&parts) {
            let micros = |amount: Ratio| amount.to_micros().unwrap();
            let priced = Priced {
                status: "priced".to_owned(),
                list_amount: micros(line.shown_list.unwrap()),
                amount: micros(parts.iter().map(|part| &part.amount).sum()),
                tax: micros(taxes[id].clone()),
                ..line.priced
            };
            answers.insert(id.clone(), priced);
        }
        let sum = |of: fn(&Priced) -> Micros| answers.values().map(|line| Ratio::from(of(line))).sum();
        Answer {
            list_total: sum(|line| line.list_amount),
            total: sum(|line| line.amount),
            tax_total: (!self.policy.taxes.is_empty()).then(|| sum(|line| line.tax)),
            lines: answers,
        }
    }

    /// A line that may be ordered, with its list price; or why it may not.
    fn ordered<'s>(&'s self, line: &'s Line) -> Result<Running<'s>, String> {
        let sku = self.shop.skus.get(&line.sku).ok_or("unknown_sku")?;
        let unit = if line.unit.is_empty() { &sku.base } else { &line.unit };
        let factor = sku.factor(Some(unit)).ok_or("unknown_unit")?;
        if line.quantity <= Micros::ZERO {
            return Err("quantity_not_positive".to_owned());
        }
        if line.quantity.places() > self.shop.units[unit] {
            return Err("quantity_too_precise".to_owned());
        }
        if let Some(barrier) = self.barrier(&line.sku) {
            return Err(format!("not_eligible {barrier}"));
        }
        let zero = Ratio::zero;
        let mut running = Running {
            line,
            sku,
            quantity: line.quantity.into(),
            price_units: factor.clone(),
            factor,
            list: None,
            shown_list: None,
            contract: zero(),
            running: zero(),
            entered: zero(),
            unit_runs: false,
            no_discount: false,
            stopped: false,
            services: Vec::new(),
            floor: None,
            priced: Priced::default(),
        };
        running.services = self.services(&running).ok_or("no_such_service")?;
        self.listed(&mut running);
        Ok(running)
    }

    /// Services, guards, rounding: the parts of the net amount, each rounded.
    fn settle<'s>(&self, line: &mut Running<'s>) -> Vec<Part<'s>> {
        if !line.services.is_empty() {
            // A service makes an amount of the line.
            line.running = line.as_amount(&self.coins);
            line.unit_runs = false;
        }
        self.guard(line);
        let mut amount = self.coins.amount(&line.as_amount(&self.coins));
        if line.floor.as_ref().is_some_and(|floor| amount < *floor) {
            let by_unit = |line: &Running<'_>| {
                let unit = &line.running / &line.quantity;
                self.coins.unit_up(&unit, &line.price_units) * &line.quantity
            };
            amount = self.coins.amount_up(&if line.unit_runs { by_unit(line) } else { line.running.clone() });
        }
        let own_class = line.sku.tax_class.as_deref();
        let mut parts = vec![Part { class: own_class, amount }];
        for ordered in &line.services {
            let amount = self.coins.amount(&(&ordered.price * &ordered.count));
            parts.push(Part { class: ordered.service.tax_class.as_deref().or(own_class), amount });
        }
        parts
    }
}
