//! How does a policy become tables?

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::catalogue::Catalogue;
use crate::domain::ids::ListId;
use crate::policy::syntax::{AllOf, ContractCriterion, Policy, Selection, SkuCriterion};

use super::buyers::Buyers;
use super::circumstances::{Asked, CartWhen};
use super::goods::{Goods, Role};
use super::guard::test_of;
use super::matcher::SelectionNo;
use super::measure::{CompiledMeasure, CompiledWhat};
use super::program::RuleIndex;
use super::rule::{CompiledBenefit, CompiledLimitOf, CompiledRule, CompiledTermOf, UnitRef};
use super::rule::{ExclusiveNo, MeasureNo, WhenNo};
use super::service::compiled_service;

use super::{
    CompiledGuard, CompiledPer, CompiledTest, EligibilityFor, GuardNo, ListMembers, RuleNo, Tables, TaxFor,
};

/// The policy with rules, services, guards and taxes in the order of their numbers.
pub(super) fn in_order(mut policy: Policy) -> Policy {
    policy
        .rules
        .sort_by(|a, b| (a.layer, Reverse(a.priority), &a.id).cmp(&(b.layer, Reverse(b.priority), &b.id)));
    policy.services.sort_by(|a, b| a.id.cmp(&b.id));
    policy.guards.sort_by(|a, b| a.id.cmp(&b.id));
    policy.taxes.sort_by(|a, b| a.id.cmp(&b.id));
    policy.agreements.sort_by(|a, b| a.id.cmp(&b.id));
    policy.bonus_caps.sort_by(|a, b| a.id.cmp(&b.id));
    policy.holds.sort_by(|a, b| a.id.cmp(&b.id));
    policy.levels.sort_by(|a, b| a.id.cmp(&b.id));
    policy.points.sort_by(|a, b| a.id.cmp(&b.id));
    policy.authority.sort_by_key(|authority| authority.role);
    policy.shown_prices.sort_by(|a, b| a.id.cmp(&b.id));
    policy
}

impl Tables {
    /// Is something named that the catalogue lacked?
    pub(super) fn lacks(&self) -> bool {
        let unknown = |unit: UnitRef| unit == UnitRef::Unknown;
        let of_benefit = |benefit: &CompiledBenefit| match benefit {
            CompiledBenefit::PriceOf(list) => list.is_none(),
            CompiledBenefit::Formula { terms, .. } => {
                terms.iter().any(|term| matches!(term.of, CompiledTermOf::Index(None)))
            }
            CompiledBenefit::Free(free, sku) => free.sku.is_some() && sku.is_none(),
            _ => false,
        };
        let of_rule = |rule: &CompiledRule| {
            unknown(rule.unit)
                || rule.tiers.iter().any(|tier| of_benefit(&tier.benefit))
                || rule.together.iter().any(|part| unknown(part.unit))
                || rule.limit.is_some_and(|l| matches!(l.of, CompiledLimitOf::Quantity(UnitRef::Unknown)))
        };
        let of_measure = |measure: &CompiledMeasure| matches!(measure.what, CompiledWhat::Quantity(unit) | CompiledWhat::Weight(unit) if unknown(unit));
        let of_guard = |guard: &CompiledGuard| {
            matches!(
                guard.test,
                CompiledTest::FloorList(None) | CompiledTest::Cost { unknown_list: true, .. }
            )
        };
        self.goods.lacking
            || self.buyers.lacking
            || self.rules.iter().any(of_rule)
            || self.measures.iter().any(of_measure)
            || self.guards.iter().any(of_guard)
            || self.shown.iter().any(|(_, list)| list.is_none())
            || self.services.iter().any(|service| service.per == CompiledPer::Unit(UnitRef::Unknown))
    }

    pub(super) fn empty() -> Self {
        Self {
            rules: Vec::new(),
            measures: Vec::new(),
            whens: Vec::new(),
            asked: Asked::default(),
            exclusive_groups: Vec::new(),
            guards: Vec::new(),
            services: Vec::new(),
            taxes: Vec::new(),
            assortments: Vec::new(),
            inclusions: Vec::new(),
            exclusions: Vec::new(),
            licences: Vec::new(),
            shown: Vec::new(),
            goods: Goods::new(),
            roles: Vec::new(),
            buyers: Buyers::new(),
            agreements: Vec::new(),
            rule_measures: 0,
            bonus_caps: Vec::new(),
            holds: Vec::new(),
            levels: Vec::new(),
            points: Vec::new(),
            indices: Vec::new(),
        }
    }
}

/// Compiles a policy that is in order.
pub(super) fn tables(policy: &Policy, catalogue: &Catalogue, lists: &dyn ListMembers) -> Tables {
    let mut build = Build {
        policy,
        catalogue,
        lists,
        goods: Goods::new(),
        buyers: Buyers::new(),
        sku_groups: BTreeMap::new(),
        contract_groups: BTreeMap::new(),
        tables: Tables::empty(),
        whens: BTreeMap::new(),
        exclusive: BTreeMap::new(),
        named: BTreeMap::new(),
        indices: BTreeMap::new(),
        asked: Vec::new(),
        asked_apart: Vec::new(),
    };
    build.groups();
    build.measures();
    build.rules();
    build.guards();
    build.services();
    build.taxes();
    build.eligibility();
    build.shown();
    build.agreements();
    build.bonus_caps();
    build.holds();
    build.loyalty();
    build.finish()
}

pub(super) struct Build<'a> {
    pub(super) policy: &'a Policy,
    pub(super) catalogue: &'a Catalogue,
    pub(super) lists: &'a dyn ListMembers,
    pub(super) goods: Goods,
    pub(super) buyers: Buyers,
    pub(super) sku_groups: BTreeMap<&'a str, SelectionNo>,
    pub(super) contract_groups: BTreeMap<&'a str, SelectionNo>,
    pub(super) tables: Tables,
    pub(super) whens: BTreeMap<CartWhen, WhenNo>,
    pub(super) exclusive: BTreeMap<&'a str, ExclusiveNo>,
    pub(super) named: BTreeMap<&'a str, MeasureNo>,
    pub(super) indices: BTreeMap<SelectionNo, RuleIndex>,
    /// Selections of goods that rules ask for.
    pub(super) asked: Vec<SelectionNo>,
    /// Those that eligibility asks for.
    asked_apart: Vec<SelectionNo>,
}

impl<'a> Build<'a> {
    fn measures(&mut self) {
        for (id, named) in &self.policy.measures {
            let goods = named.measure.goods.clone().unwrap_or_default();
            let goods = self.asked_goods(&goods);
            let measure =
                CompiledMeasure::new(id, &named.measure, goods, self.policy.currency, self.catalogue);
            let number = self.add_measure(measure);
            self.named.insert(id, number);
        }
    }

    pub(super) fn add_measure(&mut self, measure: CompiledMeasure) -> MeasureNo {
        let number = MeasureNo(count(self.tables.measures.len()));
        self.tables.measures.push(measure);
        number
    }

    fn guards(&mut self) {
        let numbers: BTreeMap<&str, u32> =
            (0_u32..).zip(&self.policy.rules).map(|(number, rule)| (rule.id.as_str(), number)).collect();
        for (number, guard) in (0_u32..).zip(&self.policy.guards) {
            let goods = self.asked_goods(&guard.goods);
            let contracts = self.contracts_of(&guard.contracts);
            let test = test_of(guard, self.catalogue);
            let index = self.indices.entry(contracts).or_default();
            index.guards.push((goods, GuardNo(number)));
            match test {
                CompiledTest::Cost { list: Some(list), .. } | CompiledTest::FloorList(Some(list)) => {
                    index.lists.push(list);
                }
                _ => {}
            }
            let rules = guard.rules.iter().filter_map(|id| numbers.get(id.as_str()).copied().map(RuleNo));
            let rules = rules.collect();
            self.tables.guards.push(CompiledGuard { rules, test, action: guard.action });
        }
    }

    fn services(&mut self) {
        for service in &self.policy.services {
            let goods = self.asked_goods(&service.goods);
            let service = compiled_service(service, goods, self.policy.currency, self.catalogue);
            self.tables.services.push(service);
        }
    }

    fn taxes(&mut self) {
        for tax in &self.policy.taxes {
            let at = tax.at;
            let criteria = vec![SkuCriterion::TaxClass(vec![tax.class.clone()])];
            let goods =
                self.asked_goods(&Selection { any: vec![AllOf { criteria, at }], except: Vec::new(), at });
            let contracts = self.contracts_of(&tax.contracts);
            self.tables.taxes.push(TaxFor { contracts, goods });
        }
    }

    fn eligibility(&mut self) {
        let eligibility = &self.policy.eligibility;
        for stated in &eligibility.assortments {
            let stated = self.stated(&stated.contracts, &stated.goods);
            self.tables.assortments.push(stated);
        }
        for stated in &eligibility.inclusions {
            let stated = self.stated(&stated.contracts, &stated.goods);
            self.tables.inclusions.push(stated);
        }
        for stated in &eligibility.exclusions {
            let stated = self.stated(&stated.contracts, &stated.goods);
            self.tables.exclusions.push(stated);
        }
        for licence in &eligibility.licences {
            let goods = self.goods_of(&licence.goods);
            self.asked_apart.push(goods);
            self.tables.licences.push(goods);
        }
    }

    fn stated(
        &mut self,
        contracts: &Selection<ContractCriterion>,
        goods: &Selection<SkuCriterion>,
    ) -> EligibilityFor {
        let stated = EligibilityFor { contracts: self.contracts_of(contracts), goods: self.goods_of(goods) };
        self.asked_apart.push(stated.goods);
        stated
    }

    fn shown(&mut self) {
        for shown in &self.policy.shown_prices {
            let contracts = self.contracts_of(&shown.contracts);
            let list = self.catalogue.lists.number(&shown.list).map(ListId);
            self.tables.shown.push((contracts, list));
        }
    }

    fn finish(mut self) -> Tables {
        let mut roles = vec![Role::default(); self.goods.selections()];
        for selection in &self.asked {
            if let Some(role) = roles.get_mut(super::place(selection.0)) {
                role.of_rules = true;
            }
        }
        for selection in &self.asked_apart {
            if let Some(role) = roles.get_mut(super::place(selection.0)) {
                role.of_eligibility = true;
            }
        }
        self.goods.classify_all(self.catalogue, &roles);
        let finished = |(selection, mut index): (SelectionNo, RuleIndex)| {
            index.measures.sort_unstable();
            index.measures.dedup();
            index.rules.sort_unstable();
            index.guards.sort_unstable();
            (selection, Arc::new(index))
        };
        self.tables.indices = self.indices.into_iter().map(finished).collect();
        self.tables.asked = Asked::of(&self.tables.whens);
        self.tables.goods = self.goods;
        self.tables.buyers = self.buyers;
        self.tables.roles = roles;
        self.tables
    }
}

/// A count as a number.
pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
