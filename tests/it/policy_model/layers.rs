//! How do the rules of a layer take their turns, and what do they take off or add?

use std::cmp::Reverse;
use std::collections::BTreeSet;

use quoin::policy::syntax::{BenefitKind, LimitOf, Rule, RuleLayer};

use super::benefits::Worked;
use super::interpret::Model;
use super::line::Running;
use super::measures::{Position, Reached, reached};
use super::meeting;
use crate::ratio::Ratio;

/// A rule of the cart, what it gives on each line by position, and in all.
type OverCart<'r> = (&'r Rule, Vec<(usize, Worked)>, Ratio);

/// What a rule does to one line by itself.
struct Effect {
    /// What it is worth, for exclusive groups.
    worth: Ratio,
    what: Does,
}

enum Does {
    Amount {
        worked: Box<Worked>,
        benefit: Ratio,
    },
    /// New prices of the line's services, by position.
    Services(Vec<(usize, Ratio)>),
}

impl Model<'_> {
    /// The rules of a layer that are for this contract, in their order.
    pub fn rules_of(&self, layer: RuleLayer) -> Vec<&Rule> {
        let mut rules: Vec<&Rule> = self
            .policy
            .rules
            .iter()
            .filter(|rule| rule.layer == layer && self.is_for_contract(rule))
            .collect();
        rules.sort_by_key(|rule| (Reverse(rule.priority), rule.id.clone()));
        rules
    }

    /// Runs the rules of a layer over all lines that have a price.
    pub fn run(&self, layer: RuleLayer, lines: &mut [Running<'_>]) {
        for line in lines.iter_mut() {
            line.entered = line.running.clone();
            line.stopped = false;
        }
        // Measures are taken where the layer begins.
        let before = lines.to_vec();
        let rules = self.rules_of(layer);
        let mut done: BTreeSet<&str> = BTreeSet::new();
        for rule in &rules {
            // An exclusive group takes its turn where its first rule would.
            let turn: Vec<&Rule> = match &rule.best_of {
                None => vec![*rule],
                Some(group) if done.insert(group) => {
                    rules.iter().copied().filter(|other| other.best_of.as_ref() == Some(group)).collect()
                }
                Some(_) => continue,
            };
            if self.of_cart(rule) {
                self.turn_of_cart(&turn, lines, &before);
            } else {
                lines.iter_mut().for_each(|line| self.turn_of_line(&turn, line, &before));
            }
        }
        for line in lines.iter_mut() {
            line.running = line.at_layer_end(&self.coins, &line.running);
        }
    }

    /// The tiers that a rule has for a line; none where it does not hold there.
    fn holds(&self, rule: &'_ Rule, line: &Running<'_>, before: &[Running<'_>]) -> Option<Option<Position>> {
        let open = !line.stopped && (!line.no_discount || rule.layer == RuleLayer::Surcharge);
        let holds = open
            && self.cart_meets(&rule.when, before)
            && self.line_meets(&rule.when, line)
            && meeting::goods(self.shop, self.policy, &rule.goods, &line.line.sku);
        holds.then(|| self.position(rule, line, before)).flatten()
    }

    fn turn_of_line(&self, turn: &[&Rule], line: &mut Running<'_>, before: &[Running<'_>]) {
        let mut best: Option<(&Rule, Effect)> = None;
        for rule in turn {
            let Some(position) = self.holds(rule, line, before) else { continue };
            let Some(effect) = self.on_line(rule, line, &reached(rule, position.as_ref())) else { continue };
            if best.as_ref().is_none_or(|(_, best)| effect.worth > best.worth) {
                best = Some((rule, effect));
            }
        }
        let Some((rule, Effect { worth, what })) = best else { return };
        match what {
            Does::Amount { worked, benefit } => self.give(rule, line, *worked, &benefit),
            Does::Services(prices) => {
                for (at, price) in prices {
                    line.services[at].price = price;
                }
                line.priced.gave.insert(rule.id.clone(), worth);
            }
        }
        line.stopped |= rule.stop;
    }

    fn on_line(&self, rule: &Rule, line: &Running<'_>, reached: &Reached<'_>) -> Option<Effect> {
        if matches!(rule.tiers[0].benefit.kind(), BenefitKind::ServicePrice | BenefitKind::ServicePercent) {
            let prices = self.cheaper_services(rule, line, reached);
            let saved = |(at, price): &(usize, Ratio)| {
                (&line.services[*at].price - price) * &line.services[*at].count
            };
            let worth: Ratio = prices.iter().map(saved).sum();
            return worth.is_positive().then_some(Effect { worth, what: Does::Services(prices) });
        }
        let worked = self.works_out(rule, line, reached)?;
        let benefit = self.capped(rule, &worked, &worked.benefit);
        let gives = benefit.is_positive() || worked.added.is_some();
        gives.then(|| Effect {
            worth: benefit.clone(),
            what: Does::Amount { worked: Box::new(worked), benefit },
        })
    }

    /// Takes a benefit off a line, or adds it.
    fn give(&self, rule: &Rule, line: &mut Running<'_>, worked: Worked, benefit: &Ratio) {
        if let Some(added) = worked.added {
            line.priced.free.insert(rule.id.clone(), added);
        }
        let makes_amount = worked.makes_amount;
        if rule.layer == RuleLayer::Surcharge {
            let taken = Ratio::zero() - benefit;
            line.take(&rule.id, worked.running, makes_amount, &taken);
        } else {
            line.take(&rule.id, worked.running, makes_amount, benefit);
        }
    }

    fn turn_of_cart(&self, turn: &[&Rule], lines: &mut [Running<'_>], before: &[Running<'_>]) {
        let mut best: Option<OverCart<'_>> = None;
        for rule in turn {
            let worked = self.over_cart(rule, lines, before);
            let sum: Ratio = worked.iter().map(|(_, worked)| &worked.benefit).sum();
            if sum.is_positive() && best.as_ref().is_none_or(|(_, _, most)| sum > *most) {
                best = Some((rule, worked, sum));
            }
        }
        let Some((rule, worked, sum)) = best else { return };
        let sum = self.coins.amount(&sum);
        if !sum.is_positive() {
            return;
        }
        let weights: Vec<(&str, Ratio)> =
            worked.iter().map(|(at, worked)| (lines[*at].line.id.as_str(), worked.benefit.clone())).collect();
        let parts = self.coins.spread(&sum, &weights);
        for ((at, worked), part) in worked.into_iter().zip(parts) {
            let line = &mut lines[at];
            // A part may be rounded to more than is there.
            let part =
                if rule.layer == RuleLayer::Surcharge { part } else { part.min(worked.running.clone()) };
            if part.is_positive() {
                self.give(rule, line, worked, &part);
                line.stopped |= rule.stop;
            }
        }
    }

    /// What a rule of the cart gives on each line that takes something, by position, within its limit and caps.
    fn over_cart(&self, rule: &Rule, lines: &[Running<'_>], before: &[Running<'_>]) -> Vec<(usize, Worked)> {
        let mut all: Vec<(usize, Worked)> = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let Some(position) = self.holds(rule, line, before) else { continue };
            all.extend(
                self.works_out(rule, line, &reached(rule, position.as_ref())).map(|worked| (at, worked)),
            );
        }
        // A line of no part takes nothing, nor a part of an amount for the cart.
        all.retain(|(at, _)| self.share_of_sets(&rule.when, &lines[*at], before).is_positive());
        if rule.tiers[0].benefit.kind() == BenefitKind::PerCart {
            self.divide(rule, &mut all);
        }
        for (at, worked) in &mut all {
            worked.benefit = &worked.benefit * self.share_of_sets(&rule.when, &lines[*at], before);
        }
        all.retain(|(_, worked)| worked.benefit.is_positive());
        self.limit(rule, lines, &mut all);
        for (_, worked) in &mut all {
            worked.benefit = self.capped(rule, worked, &worked.benefit);
        }
        all.retain(|(_, worked)| worked.benefit.is_positive());
        if let Some(most) = rule.cap.cart {
            shrink(&mut all, &most.into());
        }
        all
    }

    /// An amount for the cart, in proportion to what runs.
    fn divide(&self, rule: &Rule, all: &mut Vec<(usize, Worked)>) {
        all.retain(|(_, worked)| worked.running.is_positive());
        let total: Ratio = all.iter().map(|(_, worked)| &worked.running).sum();
        for (_, worked) in all {
            let part = &worked.benefit * &worked.running / &total;
            worked.benefit =
                if rule.layer == RuleLayer::Surcharge { part } else { part.min(worked.running.clone()) };
        }
    }

    /// What is left of the rule's limit.
    fn limit(&self, rule: &Rule, lines: &[Running<'_>], all: &mut Vec<(usize, Worked)>) {
        let Some(limit) = &rule.limit else { return };
        let used = self.cart.uses.get(&rule.id).copied().unwrap_or(0);
        let left = Ratio::from(limit.most) - Ratio::new(used, 1_000_000);
        match &limit.of {
            _ if !left.is_positive() => all.clear(),
            LimitOf::Quantity { unit } => {
                let quantity = |at: usize| lines[at].quantity_in(unit.as_deref());
                all.retain(|(at, _)| quantity(*at).is_some());
                let taken: Ratio = all.iter().filter_map(|(at, _)| quantity(*at)).sum();
                if taken > left {
                    for (_, worked) in all {
                        worked.benefit = &worked.benefit * &left / &taken;
                    }
                }
            }
            LimitOf::Amount => shrink(all, &left),
            LimitOf::Uses if left < Ratio::whole(1) => all.clear(),
            LimitOf::Uses => {}
        }
    }
}

/// Shrinks benefits in proportion, so that they sum to no more than this.
fn shrink(all: &mut [(usize, Worked)], most: &Ratio) {
    let sum: Ratio = all.iter().map(|(_, worked)| &worked.benefit).sum();
    if sum > *most {
        for (_, worked) in all {
            worked.benefit = &worked.benefit * most / &sum;
        }
    }
}
