//! What is the smallest case that still fails? Everything that can be left out is, as long as it goes on failing.

use quoin::domain::rounding::{Rounding, TaxRounding};
use quoin::policy::finding::Source;
use quoin::policy::read::read;
use quoin::policy::syntax::{Cap, Policy, Rule, RuleMeasure, Selection, When};

use super::case::Case;

use super::shop::Line;
use super::yaml::to_yaml;

impl Case {
    /// Leaves out what can be, while `fails` says so; gives the case and how it fails then.
    pub fn shrunk(mut self, mut why: String, fails: &dyn Fn(&Self) -> Option<String>) -> (Self, String) {
        loop {
            let smaller = self.smaller().into_iter().filter(Self::is_whole);
            let Some((found, told)) = smaller.filter_map(|case| fails(&case).map(|told| (case, told))).next()
            else {
                return (self, why);
            };
            (self, why) = (found, told);
        }
    }

    /// Does the reader take the policy, and does everything that the cart names exist?
    fn is_whole(&self) -> bool {
        let policy = &self.policy;
        let of = |id: &String| policy.rules.iter().find(|rule| rule.id == *id);
        let limited = |id: &String| of(id).is_some_and(|rule| rule.limit.is_some());
        let own = |rule: &Rule| matches!(rule.measure, Some(RuleMeasure::Own(_)));
        let measured = |id: &String| policy.measures.contains_key(id) || of(id).is_some_and(own);
        let text = to_yaml(policy);
        self.cart.uses.keys().all(limited)
            && self.cart.positions.keys().all(measured)
            && read(&[Source { name: "", text: &text }]).is_ok()
    }

    /// The case with one thing less, of each thing that may go.
    fn smaller(&self) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        let mut add = |change: &dyn Fn(&mut Self)| {
            let mut case = self.clone();
            change(&mut case);
            all.push(case);
        };
        let policy = &self.policy;
        for at in 0..self.cart.lines.len() {
            add(&|case| _ = case.cart.lines.remove(at));
        }
        for at in 0..policy.rules.len() {
            let id = policy.rules[at].id.clone();
            add(&|case| {
                case.policy.rules.remove(at);
                case.cart.uses.remove(&id);
                case.cart.positions.remove(&id);
                case.policy.guards.iter_mut().for_each(|guard| guard.rules.retain(|rule| *rule != id));
            });
        }
        let stated = |all: &mut Policy| {
            let eligibility = &mut all.eligibility;
            eligibility.assortments.clear();
            eligibility.inclusions.clear();
            eligibility.exclusions.clear();
            eligibility.licences.clear();
        };
        if policy.eligibility != Default::default() {
            add(&|case| stated(&mut case.policy));
        }
        if !policy.sku_groups.is_empty() {
            add(&|case| case.policy.sku_groups.clear());
        }
        if !policy.contract_groups.is_empty() {
            add(&|case| case.policy.contract_groups.clear());
        }
        for id in policy.measures.keys() {
            add(&|case| _ = case.policy.measures.remove(id));
        }
        for at in 0..policy.guards.len() {
            add(&|case| _ = case.policy.guards.remove(at));
        }
        for at in 0..policy.taxes.len() {
            add(&|case| _ = case.policy.taxes.remove(at));
        }
        for at in 0..policy.services.len() {
            let id = policy.services[at].id.clone();
            add(&|case| {
                case.policy.services.remove(at);
                let lines = case.cart.lines.iter_mut();
                lines.for_each(|line| line.services.retain(|(service, _)| *service != id));
            });
        }
        for layer in policy.stacks.keys() {
            add(&|case| _ = case.policy.stacks.remove(layer));
        }
        for id in self.cart.positions.keys() {
            add(&|case| _ = case.cart.positions.remove(id));
        }
        for id in self.cart.uses.keys() {
            add(&|case| _ = case.cart.uses.remove(id));
        }
        for at in 0..policy.rules.len() {
            for change in RULE_CHANGES {
                if change(&mut policy.rules[at].clone()) {
                    add(&|case| _ = change(&mut case.policy.rules[at]));
                }
            }
        }
        for at in 0..self.cart.lines.len() {
            for change in LINE_CHANGES {
                if change(&mut self.cart.lines[at].clone()) {
                    add(&|case| _ = change(&mut case.cart.lines[at]));
                }
            }
        }
        for change in CONTRACT_CHANGES {
            let contract =
                |case: &mut Self| change(case.shop.contracts.get_mut(&case.cart.contract).unwrap());
            if contract(&mut self.clone()) {
                add(&|case| _ = contract(case));
            }
        }
        all
    }
}

/// Takes something away from a rule; false where there was nothing.
type RuleChange = fn(&mut Rule) -> bool;

const RULE_CHANGES: [RuleChange; 17] = [
    |rule| take(&mut rule.when, When::default()),
    |rule| take(&mut rule.when.sets, false),
    |rule| rule.when.together.len() > 1 && rule.when.together.pop().is_some(),
    |rule| take(&mut rule.goods, Selection::default()),
    |rule| take(&mut rule.contracts, Selection::default()),
    |rule| take(&mut rule.cap, Cap::default()),
    |rule| rule.cap.percent.take().is_some(),
    |rule| rule.cap.line.take().is_some(),
    |rule| rule.best_of.take().is_some(),
    |rule| take(&mut rule.stop, false),
    |rule| rule.stack.take().is_some(),
    |rule| rule.unit.take().is_some(),
    |rule| rule.times.take().is_some(),
    |rule| take(&mut rule.per, 1),
    |rule| take(&mut rule.on, Default::default()),
    |rule| take(&mut rule.priority, 0),
    |rule| rule.tiers.len() > 1 && rule.tiers.pop().is_some(),
];

const LINE_CHANGES: [fn(&mut Line) -> bool; 6] = [
    |line| line.weight.take().is_some(),
    |line| take(&mut line.attributes, Default::default()),
    |line| line.services.pop().is_some(),
    |line| take(&mut line.warehouse, String::new()),
    |line| take(&mut line.fulfilment, String::new()),
    |line| take(&mut line.unit, String::new()),
];

const CONTRACT_CHANGES: [fn(&mut super::shop::Contract) -> bool; 9] = [
    |contract| take(&mut contract.rounding, Rounding::default()),
    |contract| contract.rounding.amount_step.take().is_some(),
    |contract| contract.rounding.unit_step.take().is_some(),
    |contract| take(&mut contract.rounding.amount_mode, Default::default()),
    |contract| take(&mut contract.rounding.unit_mode, Default::default()),
    |contract| take(&mut contract.rounding.round_at, Default::default()),
    |contract| take(&mut contract.rounding.discount_on, Default::default()),
    |contract| take(&mut contract.rounding.rounding_unit, Default::default()),
    |contract| take(&mut contract.tax_rounding, TaxRounding::Line),
];

/// Sets something to what it is where nothing is said; false where it was that.
fn take<T: PartialEq>(of: &mut T, bare: T) -> bool {
    let there = *of != bare;
    *of = bare;
    there
}
