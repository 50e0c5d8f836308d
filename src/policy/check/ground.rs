//! What do all lints stand on? The policy, the catalogue, and which goods and contracts each part of the policy is for.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use roaring::RoaringBitmap;

use crate::domain::catalogue::Catalogue;
use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;
use crate::domain::ids::UnitId;
use crate::policy::ListMembers;
use crate::policy::syntax::{
    BenefitKind, ContractCriterion, Guard, LimitOf, Measure, Policy, Rule, RuleLayer, RuleMeasure, Scope,
    Selection, SkuCriterion, Stack, What,
};

use super::contracts::Contracts;
use super::goods::Goods;
use super::places;
use super::sets::{SetNo, Sets};

/// The goods and contracts that something is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Extent {
    pub(super) goods: SetNo,
    pub(super) contracts: SetNo,
}

/// A rule with what it is for now.
pub(super) struct Held<'a> {
    pub(super) rule: &'a Rule,
    pub(super) extent: Extent,
    /// Its measure, its own or the named one.
    pub(super) measure: Option<&'a Measure>,
    /// The id of the named one.
    pub(super) named: Option<&'a str>,
    /// The goods that the measure counts.
    pub(super) measured: SetNo,
    /// The goods of each part of its bundle.
    pub(super) parts: Vec<SetNo>,
    /// The currency of its amounts and thresholds: it holds for contracts in this one only. That it is one is the
    /// reader's to see to.
    pub(super) currency: Option<Currency>,
}

/// Layer, priority and id, as rules go by them.
pub(super) type Turn<'a> = (RuleLayer, Reverse<i32>, &'a str);

/// A guard with what it is for now.
pub(super) struct HeldGuard<'a> {
    pub(super) guard: &'a Guard,
    pub(super) extent: Extent,
}

/// All of it.
pub(super) struct Ground<'a> {
    pub(super) policy: &'a Policy,
    pub(super) catalogue: &'a Catalogue,
    pub(super) goods: Sets<'a, Goods<'a>>,
    pub(super) contracts: Sets<'a, Contracts<'a>>,
    pub(super) goods_places: Vec<places::Place<'a, SkuCriterion>>,
    pub(super) contract_places: Vec<places::Place<'a, ContractCriterion>>,
    /// In the order of the policy.
    pub(super) rules: Vec<Held<'a>>,
    /// In the order of the policy.
    pub(super) guards: Vec<HeldGuard<'a>>,
    /// Of the policy's services, in its order.
    pub(super) service_goods: Vec<SetNo>,
    /// Of the policy's taxes, in its order.
    pub(super) tax_contracts: Vec<SetNo>,
    /// Of the policy's exclusions, in its order.
    pub(super) exclusions: Vec<Extent>,
    /// Of the policy's inclusions, in its order.
    pub(super) inclusions: Vec<Extent>,
}

impl<'a> Ground<'a> {
    pub(super) fn new(policy: &'a Policy, catalogue: &'a Catalogue, lists: &dyn ListMembers) -> Self {
        let goods_places = places::of_goods(policy);
        let contract_places = places::of_contracts(policy);
        let licensed = policy.eligibility.licences.iter().map(|licence| licence.attribute.as_str());
        let goods = Goods::new(catalogue, lists, &goods_places);
        let contracts = Contracts::new(catalogue, &contract_places, licensed);
        let mut ground = Self {
            policy,
            catalogue,
            goods: Sets::new(goods, &policy.sku_groups),
            contracts: Sets::new(contracts, &policy.contract_groups),
            goods_places,
            contract_places,
            rules: Vec::new(),
            guards: Vec::new(),
            service_goods: Vec::new(),
            tax_contracts: Vec::new(),
            exclusions: Vec::new(),
            inclusions: Vec::new(),
        };
        for rule in &policy.rules {
            let held = ground.held(rule);
            ground.rules.push(held);
        }
        for guard in &policy.guards {
            let extent = ground.extent(&guard.goods, &guard.contracts);
            ground.guards.push(HeldGuard { guard, extent });
        }
        ground.service_goods = policy.services.iter().map(|one| ground.goods.number(&one.goods)).collect();
        ground.tax_contracts =
            policy.taxes.iter().map(|one| ground.contracts.number(&one.contracts)).collect();
        let eligibility = &policy.eligibility;
        ground.exclusions =
            eligibility.exclusions.iter().map(|one| ground.extent(&one.goods, &one.contracts)).collect();
        ground.inclusions =
            eligibility.inclusions.iter().map(|one| ground.extent(&one.goods, &one.contracts)).collect();
        ground
    }

    fn extent(
        &mut self,
        goods: &Selection<SkuCriterion>,
        contracts: &Selection<ContractCriterion>,
    ) -> Extent {
        Extent { goods: self.goods.number(goods), contracts: self.contracts.number(contracts) }
    }

    fn held(&mut self, rule: &'a Rule) -> Held<'a> {
        let extent = self.extent(&rule.goods, &rule.contracts);
        let (measure, named) = match &rule.measure {
            None => (None, None),
            Some(RuleMeasure::Own(measure)) => (Some(measure), None),
            Some(RuleMeasure::Named(id, _)) => {
                (self.policy.measures.get(id).map(|named| &named.measure), Some(id.as_str()))
            }
        };
        let measured = match measure {
            Some(Measure { over: Scope::Cart, .. }) => SetNo::EVERYTHING,
            Some(Measure { goods: Some(goods), .. }) => self.goods.number(goods),
            _ if named.is_some() => SetNo::EVERYTHING,
            _ => extent.goods,
        };
        let parts = rule.when.together.iter().map(|part| self.goods.number(&part.goods)).collect();
        let amounts = has_amounts(rule).then_some(rule.currency.or(self.policy.currency));
        let thresholds = measure.filter(|measure| matches!(measure.what, What::Amount { .. }));
        let thresholds = thresholds.map(|measure| measure.currency.or(self.policy.currency));
        let currency = amounts.or(thresholds).flatten();
        Held { rule, extent, measure, named, measured, parts, currency }
    }

    /// How the rule stacks.
    pub(super) fn stack(&self, rule: &Rule) -> Stack {
        rule.stack.or_else(|| self.policy.stacks.get(&rule.layer).copied()).unwrap_or_default()
    }

    /// The unit with this external id.
    pub(super) fn unit(&self, code: &str) -> Option<UnitId> {
        self.catalogue.unit_id(code).filter(|unit| *unit != UnitId::BASE)
    }

    /// Which of the goods have no such unit? All have a base unit.
    pub(super) fn without_unit(&self, goods: SetNo, unit: Option<&str>) -> RoaringBitmap {
        let Some(code) = unit else { return RoaringBitmap::new() };
        let having = self.unit(code).and_then(|unit| self.goods.index.by_unit.get(&unit));
        let goods = self.goods.get(goods);
        having.map_or_else(|| goods.clone(), |having| goods - having)
    }

    /// The base units of the goods, in the order of their numbers.
    pub(super) fn base_units(&self, goods: SetNo) -> Vec<UnitId> {
        let goods = self.goods.get(goods);
        let by_unit = self.goods.index.by_base_unit.iter();
        by_unit.filter(|(_, having)| !having.is_disjoint(goods)).map(|(unit, _)| *unit).collect()
    }

    /// Positions of a rule's measure are whole multiples of this.
    pub(super) fn step(&self, held: &Held<'_>) -> Micros {
        let units = match held.measure.map(|measure| &measure.what) {
            Some(What::Skus | What::Categories { .. }) => return Micros::ONE,
            Some(What::Quantity { unit }) => {
                let units = self.base_units(held.measured);
                let stated = unit.as_deref().and_then(|code| self.unit(code));
                let same = unit.is_none() || units.iter().all(|unit| Some(*unit) == stated);
                let steps = self.goods.get(held.measured).is_subset(&self.goods.index.in_base_steps);
                if same && steps { units } else { return Micros(1) }
            }
            _ => return Micros(1),
        };
        let digits =
            units.iter().filter_map(|unit| self.catalogue.unit(*unit)).map(|unit| unit.decimals).max();
        Micros(10_i64.pow(6_u32.saturating_sub(u32::from(digits.unwrap_or(6)))))
    }

    /// The currencies of the contracts.
    pub(super) fn currencies_of(&self, contracts: SetNo) -> Vec<Currency> {
        let contracts = self.contracts.get(contracts);
        let by_currency = self.contracts.index.by_currency.iter();
        by_currency.filter(|(_, paid)| !paid.is_disjoint(contracts)).map(|(currency, _)| *currency).collect()
    }

    /// When a rule takes its turn: an exclusive group takes it with its first rule.
    pub(super) fn turns(&self) -> Vec<Turn<'a>> {
        let own = |rule: &'a Rule| (rule.layer, Reverse(rule.priority), rule.id.as_str());
        let mut first: BTreeMap<(RuleLayer, &str), Turn<'a>> = BTreeMap::new();
        for rule in &self.policy.rules {
            if let Some(group) = &rule.best_of {
                let turn = first.entry((rule.layer, group)).or_insert(own(rule));
                *turn = (*turn).min(own(rule));
            }
        }
        let of = |rule: &'a Rule| {
            let group = rule.best_of.as_deref().and_then(|group| first.get(&(rule.layer, group)));
            group.copied().unwrap_or(own(rule))
        };
        self.policy.rules.iter().map(of).collect()
    }

    /// Is all of `inner` in `outer`, goods and contracts?
    pub(super) fn is_within(&self, inner: Extent, outer: Extent) -> bool {
        self.contracts.is_within(inner.contracts, outer.contracts)
            && self.goods.is_within(inner.goods, outer.goods)
    }

    /// Are there no goods or no contracts in it now?
    pub(super) fn is_nothing(&self, extent: Extent) -> bool {
        self.goods.get(extent.goods).is_empty() || self.contracts.get(extent.contracts).is_empty()
    }

    /// Is there a contract and a SKU in both?
    pub(super) fn overlap(&self, one: Extent, other: Extent) -> bool {
        self.contracts.overlap(one.contracts, other.contracts) && self.goods.overlap(one.goods, other.goods)
    }
}

/// Does the rule state amounts of money?
fn has_amounts(rule: &Rule) -> bool {
    let of_benefit = match rule.kind() {
        BenefitKind::PerUnit
        | BenefitKind::PerLine
        | BenefitKind::PerCart
        | BenefitKind::Price
        | BenefitKind::Formula
        | BenefitKind::ServicePrice => true,
        BenefitKind::Percent | BenefitKind::PriceOf | BenefitKind::Free | BenefitKind::ServicePercent => {
            false
        }
    };
    let limited = rule.limit.as_ref().is_some_and(|limit| limit.of == LimitOf::Amount);
    of_benefit || limited || rule.cap.line.is_some() || rule.cap.cart.is_some()
}
