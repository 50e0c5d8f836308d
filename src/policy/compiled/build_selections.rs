//! Which numbers do the selections of a policy get? Groups first, those before others that others name.

use std::collections::BTreeMap;

use crate::policy::syntax::{AllOf, ContractCriterion, Selection, SkuCriterion};

use super::build::Build;
use super::matcher::SelectionNo;

impl<'a> Build<'a> {
    /// Groups, those first that others name.
    pub(super) fn groups(&mut self) {
        let names = |described: &'a [AllOf<SkuCriterion>]| {
            let criteria = described.iter().flat_map(|all| &all.criteria);
            criteria
                .filter_map(|c| if let SkuCriterion::Group(names) = c { Some(names) } else { None })
                .flatten()
        };
        let sku_groups = self.policy.sku_groups.iter().map(|(id, group)| {
            let named = names(&group.selection.any).chain(names(&group.selection.except));
            (id.as_str(), named.map(String::as_str).collect())
        });
        for id in named_first(sku_groups.collect()) {
            let Some(group) = self.policy.sku_groups.get(id) else { continue };
            let number = self.goods_of(&group.selection);
            self.sku_groups.insert(id, number);
        }
        let names = |described: &'a [AllOf<ContractCriterion>]| {
            let criteria = described.iter().flat_map(|all| &all.criteria);
            criteria
                .filter_map(|c| if let ContractCriterion::Group(names) = c { Some(names) } else { None })
                .flatten()
        };
        let contract_groups = self.policy.contract_groups.iter().map(|(id, group)| {
            let named = names(&group.selection.any).chain(names(&group.selection.except));
            (id.as_str(), named.map(String::as_str).collect())
        });
        for id in named_first(contract_groups.collect()) {
            let Some(group) = self.policy.contract_groups.get(id) else { continue };
            let number = self.contracts_of(&group.selection);
            self.contract_groups.insert(id, number);
        }
    }

    pub(super) fn goods_of(&mut self, selection: &Selection<SkuCriterion>) -> SelectionNo {
        if let [AllOf { criteria, .. }] = selection.any.as_slice()
            && selection.except.is_empty()
            && let [SkuCriterion::Group(names)] = criteria.as_slice()
            && let [name] = names.as_slice()
            && let Some(known) = self.sku_groups.get(name.as_str())
        {
            return *known;
        }
        let groups = &self.sku_groups;
        self.goods.select(selection, &|name| groups.get(name).copied(), (self.catalogue, self.lists))
    }

    /// A selection of goods that classes must tell apart.
    pub(super) fn asked_goods(&mut self, selection: &Selection<SkuCriterion>) -> SelectionNo {
        let number = self.goods_of(selection);
        self.asked.push(number);
        number
    }

    pub(super) fn contracts_of(&mut self, selection: &Selection<ContractCriterion>) -> SelectionNo {
        if let [AllOf { criteria, .. }] = selection.any.as_slice()
            && selection.except.is_empty()
            && let [ContractCriterion::Group(names)] = criteria.as_slice()
            && let [name] = names.as_slice()
            && let Some(known) = self.contract_groups.get(name.as_str())
        {
            return *known;
        }
        let groups = &self.contract_groups;
        self.buyers.select(selection, &|name| groups.get(name).copied(), self.catalogue)
    }
}

/// Names in an order in which every name comes after those that it names.
fn named_first<'a>(graph: BTreeMap<&'a str, Vec<&'a str>>) -> Vec<&'a str> {
    let mut order = Vec::with_capacity(graph.len());
    let mut state: BTreeMap<&str, bool> = BTreeMap::new();
    let mut stack: Vec<(&'a str, usize)> = Vec::new();
    for root in graph.keys() {
        if state.contains_key(root) {
            continue;
        }
        state.insert(root, false);
        stack.push((root, 0));
        while let Some((name, next)) = stack.pop() {
            match graph.get(name).and_then(|named| named.get(next)) {
                Some(named) => {
                    stack.push((name, next + 1));
                    if graph.contains_key(named) && !state.contains_key(named) {
                        state.insert(named, false);
                        stack.push((named, 0));
                    }
                }
                None => order.push(name),
            }
        }
    }
    order
}
