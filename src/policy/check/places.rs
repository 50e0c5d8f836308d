//! Where in a policy do selections stand?

use std::fmt;

use super::report::show;
use crate::policy::syntax::{ContractCriterion, Policy, RuleMeasure, Selection, SkuCriterion};

/// What a selection belongs to, as messages name it: `rule long-quarter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Owner<'a> {
    kind: &'static str,
    id: &'a str,
}

impl<'a> Owner<'a> {
    /// A group's own selection.
    const GROUP: &'static str = "group";

    pub(super) fn new(kind: &'static str, id: &'a str) -> Self {
        Self { kind, id }
    }

    /// The group that it is, where it is one.
    pub(super) fn group(&self) -> Option<&'a str> {
        (self.kind == Self::GROUP).then_some(self.id)
    }
}

impl fmt::Display for Owner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, show(self.id))
    }
}

/// A selection and what it belongs to.
pub(super) type Place<'a, C> = (Owner<'a>, &'a Selection<C>);

/// Every selection of goods.
pub(super) fn of_goods(policy: &Policy) -> Vec<Place<'_, SkuCriterion>> {
    let mut places: Vec<Place<'_, SkuCriterion>> = Vec::new();
    let mut add = |kind, id, selection| places.push((Owner::new(kind, id), selection));
    for (id, group) in &policy.sku_groups {
        add(Owner::GROUP, id.as_str(), &group.selection);
    }
    for (id, named) in &policy.measures {
        if let Some(goods) = &named.measure.goods {
            add("measure", id.as_str(), goods);
        }
    }
    for rule in &policy.rules {
        add("rule", &rule.id, &rule.goods);
        for part in &rule.when.together {
            add("bundle of rule", &rule.id, &part.goods);
        }
        if let Some(RuleMeasure::Own(measure)) = &rule.measure
            && let Some(goods) = &measure.goods
        {
            add("measure of rule", &rule.id, goods);
        }
    }
    for agreement in &policy.agreements {
        add("agreement", &agreement.id, &agreement.goods);
        for measure in agreement.measures() {
            if let Some(goods) = &measure.goods {
                add("measure of agreement", &agreement.id, goods);
            }
        }
        for goods in agreement.conditions.iter().filter_map(|condition| condition.of.goods()) {
            add("condition of agreement", &agreement.id, goods);
        }
    }
    for levels in &policy.levels {
        add("programme of levels", &levels.id, &levels.goods);
        for goods in levels.measures().filter_map(|measure| measure.goods.as_ref()) {
            add("measure of programme of levels", &levels.id, goods);
        }
        let conditions = levels.levels.iter().flat_map(|level| &level.conditions);
        for goods in conditions.filter_map(|condition| condition.of.goods()) {
            add("condition of programme of levels", &levels.id, goods);
        }
    }
    for points in &policy.points {
        add("programme of points", &points.id, &points.goods);
    }
    for service in &policy.services {
        add("service", &service.id, &service.goods);
    }
    for guard in &policy.guards {
        add("guard", &guard.id, &guard.goods);
    }
    let eligibility = &policy.eligibility;
    for assortment in &eligibility.assortments {
        add("assortment", &assortment.id, &assortment.goods);
    }
    for inclusion in &eligibility.inclusions {
        add("inclusion", &inclusion.id, &inclusion.goods);
    }
    for exclusion in &eligibility.exclusions {
        add("exclusion", &exclusion.id, &exclusion.goods);
    }
    for licence in &eligibility.licences {
        add("licence", &licence.id, &licence.goods);
    }
    places
}

/// Every selection of contracts.
pub(super) fn of_contracts(policy: &Policy) -> Vec<Place<'_, ContractCriterion>> {
    let mut places: Vec<Place<'_, ContractCriterion>> = Vec::new();
    let mut add = |kind, id, selection| places.push((Owner::new(kind, id), selection));
    for (id, group) in &policy.contract_groups {
        add(Owner::GROUP, id.as_str(), &group.selection);
    }
    for rule in &policy.rules {
        add("rule", &rule.id, &rule.contracts);
    }
    for agreement in &policy.agreements {
        add("agreement", &agreement.id, &agreement.contracts);
    }
    for hold in &policy.holds {
        add("hold", &hold.id, &hold.contracts);
    }
    for levels in &policy.levels {
        add("programme of levels", &levels.id, &levels.contracts);
    }
    for points in &policy.points {
        add("programme of points", &points.id, &points.contracts);
    }
    for guard in &policy.guards {
        add("guard", &guard.id, &guard.contracts);
    }
    for tax in &policy.taxes {
        add("tax", &tax.id, &tax.contracts);
    }
    for shown in &policy.shown_prices {
        add("shown price", &shown.id, &shown.contracts);
    }
    let eligibility = &policy.eligibility;
    for assortment in &eligibility.assortments {
        add("assortment", &assortment.id, &assortment.contracts);
    }
    for inclusion in &eligibility.inclusions {
        add("inclusion", &inclusion.id, &inclusion.contracts);
    }
    for exclusion in &eligibility.exclusions {
        add("exclusion", &exclusion.id, &exclusion.contracts);
    }
    places
}
