//! Do the carts reach what they are there for? Counts of what rules gave and lines came to.

use std::cell::RefCell;
use std::collections::BTreeMap;

use quoin::domain::ladder::TierMode;
use quoin::policy::syntax::{Policy, Rule};

use super::benefits::is_of_cart;
use super::measures::of_rule;
use super::shop::Answer;

/// What is wanted of the carts of a run.
const WANTED: [&str; 35] = [
    "Percent",
    "PerUnit",
    "PerLine",
    "PerCart",
    "Price",
    "PriceOf",
    "Formula",
    "Free",
    "ServicePrice",
    "ServicePercent",
    "Volume",
    "Order",
    "Loyalty",
    "Surcharge",
    "by the line",
    "over the cart",
    "Graduated over the cart",
    "Graduated by the line",
    "of a group",
    "best of a group",
    "stop",
    "limit",
    "cap",
    "sets",
    "additive",
    "priced",
    "no_price",
    "no_such_service",
    "no_tax_rate",
    "not_eligible",
    "clamped",
    "approve",
    "below",
    "free goods",
    "taxed",
];

#[derive(Default)]
pub struct Reached(RefCell<BTreeMap<String, u32>>);

impl Reached {
    /// Counts what the interpreter says of a cart.
    pub fn note(&self, policy: &Policy, answer: &Answer) {
        let mut counts = self.0.borrow_mut();
        let mut count =
            |kind: &str, when: bool| *counts.entry(kind.to_owned()).or_default() += u32::from(when);
        for line in answer.lines.values() {
            count(line.status.split(' ').next().unwrap(), true);
            count("clamped", !line.clamped.is_empty());
            count("approve", !line.approvals.is_empty());
            count("below", !line.below.is_empty());
            count("free goods", !line.free.is_empty());
            count("taxed", line.tax.0 > 0);
            for rule in policy.rules.iter().filter(|rule| line.gave.contains_key(&rule.id)) {
                rule_kinds(policy, rule).iter().for_each(|kind| count(kind, true));
            }
        }
    }

    /// Was all that is wanted reached?
    pub fn hold(&self) {
        let counts = self.0.borrow();
        let missing: Vec<&&str> = WANTED.iter().filter(|kind| !counts.contains_key(**kind)).collect();
        assert!(missing.is_empty(), "never reached: {missing:?}; reached {counts:?}");
    }
}

fn rule_kinds(policy: &Policy, rule: &Rule) -> Vec<String> {
    let scope = of_rule(policy, rule).map(|(_, measure, _)| measure.over);
    let of_line = scope.is_none_or(|scope| scope == quoin::policy::syntax::Scope::Line);
    let level = if is_of_cart(rule, of_line) { "over the cart" } else { "by the line" };
    let mut kinds =
        vec![format!("{:?}", rule.tiers[0].benefit.kind()), format!("{:?}", rule.layer), level.to_owned()];
    let mut add = |kind: &str, when: bool| kinds.extend(when.then(|| kind.to_owned()));
    add(&format!("Graduated {level}"), rule.measure.is_some() && rule.mode == TierMode::Graduated);
    add("of a group", !rule.goods.is_everything());
    add("best of a group", rule.best_of.is_some());
    add("stop", rule.stop);
    add("limit", rule.limit.is_some());
    add("cap", rule.cap != Default::default());
    add("sets", rule.when.sets);
    add("additive", rule.stack == Some(quoin::policy::syntax::Stack::Additive));
    kinds
}
