//! How does a rule become what pricing works with?

use crate::domain::exact::Exact;
use crate::policy::syntax::{Benefit, LimitOf, Rule, RuleLayer, RuleMeasure, Stack};

use super::build::{Build, count};
use super::circumstances::CartWhen;
use super::matcher::SelectionNo;
use super::measure::CompiledMeasure;
use super::rule::kept;
use super::rule::{
    self, CompiledBenefit, CompiledLimit, CompiledLimitOf, CompiledPart, CompiledRule, CompiledTier,
    ExclusiveNo, WhenNo, unit_ref,
};
use super::{RuleNo, ServiceNo};

impl<'a> Build<'a> {
    /// Compiles the rules, in the order of their numbers.
    pub(super) fn rules(&mut self) {
        for (number, rule) in (0_u32..).zip(&self.policy.rules) {
            let goods = self.asked_goods(&rule.goods);
            let contracts = self.contracts_of(&rule.contracts);
            let compiled = self.rule(rule, goods);
            let index = self.indices.entry(contracts).or_default();
            index.rules.push((goods, (compiled.exclusive, RuleNo(number))));
            index.measures.extend(compiled.measure);
            index.exclusive.extend(compiled.exclusive.map(|group| (group, RuleNo(number))));
            index.limited.extend(compiled.limit.map(|_| RuleNo(number)));
            index.prices |= rule.layer == RuleLayer::Contract;
            for tier in &compiled.tiers {
                if let CompiledBenefit::PriceOf(Some(list)) = tier.benefit {
                    index.lists.push(list);
                }
            }
            self.tables.rules.push(compiled);
        }
    }

    fn rule(&mut self, rule: &'a Rule, goods: SelectionNo) -> CompiledRule {
        let measure = match &rule.measure {
            None => None,
            Some(RuleMeasure::Named(id, _)) => self.named.get(id.as_str()).copied(),
            Some(RuleMeasure::Own(measure)) => {
                let goods = match &measure.goods {
                    Some(own) => self.asked_goods(own),
                    None => goods,
                };
                let currency = rule.currency.or(self.policy.currency);
                let measure = CompiledMeasure::new(&rule.id, measure, goods, currency, self.catalogue);
                Some(self.add_measure(measure))
            }
        };
        let measured = measure.and_then(|number| self.tables.measures.get(super::place(number.0)));
        let scope = measured.map(|measure| measure.scope);
        let amounts = rule::has_amounts(rule).then_some(rule.currency.or(self.policy.currency)).flatten();
        let currency = amounts.or(measured.and_then(|measure| measure.currency));
        let of_cart = rule.is_of_cart(scope);
        let stack = self.policy.stacks.get(&rule.layer).copied().unwrap_or(Stack::Compound);
        let tier = |tier: &crate::policy::syntax::RuleTier| CompiledTier {
            lower: tier.lower,
            upper: tier.upper,
            benefit: rule::benefit(&tier.benefit, rule.per, self.catalogue),
            kept: match tier.benefit {
                Benefit::Percent(percent) => kept(percent),
                _ => Exact::ZERO,
            },
            rate: rule::rate_of(&tier.benefit, rule.per),
        };
        let tiers: Vec<CompiledTier> = rule.tiers.iter().map(tier).collect();
        let limit = rule.limit.as_ref().map(|limit| CompiledLimit {
            of: match &limit.of {
                LimitOf::Quantity { unit } => {
                    CompiledLimitOf::Quantity(unit_ref(unit.as_deref(), self.catalogue))
                }
                LimitOf::Amount => CompiledLimitOf::Amount,
                LimitOf::Uses => CompiledLimitOf::Uses,
            },
            most: limit.most,
        });
        CompiledRule {
            layer: rule.layer,
            of_cart,
            kind: rule.kind(),
            mode: rule.mode,
            measure,
            has_ladder: measure.is_some()
                && (tiers.len() > 1 || tiers.first().is_some_and(|t| t.lower.0 > 0)),
            tiers,
            when: self.when(rule),
            warehouse: rule.when.warehouse.clone(),
            fulfilment: rule.when.fulfilment.clone(),
            line: rule.when.line.clone(),
            together: self.parts(rule),
            sets: rule.when.sets,
            currency,
            unit: unit_ref(rule.unit.as_deref(), self.catalogue),
            per: rule.per,
            service: rule.service.as_deref().and_then(|id| self.service_no(id)),
            times: rule.times.clone(),
            base: rule::base_of(rule, stack),
            exclusive: rule.best_of.as_deref().map(|name| self.exclusive_no(name)),
            stop: rule.stop,
            cap: rule.cap,
            limit,
            present: rule.present,
            keeps_unit_price: rule::keeps_unit_price(rule, of_cart),
        }
    }

    fn when(&mut self, rule: &Rule) -> WhenNo {
        let when = CartWhen::new(&rule.when);
        if let Some(known) = self.whens.get(&when) {
            return *known;
        }
        let number = WhenNo(count(self.tables.whens.len()));
        self.tables.whens.push(when.clone());
        self.whens.insert(when, number);
        number
    }

    fn parts(&mut self, rule: &Rule) -> Vec<CompiledPart> {
        let parts = rule.when.together.iter();
        parts
            .map(|part| CompiledPart {
                goods: self.asked_goods(&part.goods),
                quantity: part.quantity,
                unit: unit_ref(part.unit.as_deref(), self.catalogue),
            })
            .collect()
    }

    fn service_no(&self, id: &str) -> Option<ServiceNo> {
        let at = self.policy.services.binary_search_by(|service| service.id.as_str().cmp(id)).ok()?;
        Some(ServiceNo(count(at)))
    }

    fn exclusive_no(&mut self, name: &'a str) -> ExclusiveNo {
        let next = ExclusiveNo(count(self.tables.exclusive_groups.len()));
        let number = *self.exclusive.entry(name).or_insert(next);
        if number == next {
            self.tables.exclusive_groups.push(name.to_owned());
        }
        number
    }
}
