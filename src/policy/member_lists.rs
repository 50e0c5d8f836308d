//! Which price lists decide by their own cells what is in a selection?

use std::collections::BTreeSet;

use super::syntax::{Measure, Policy, RuleMeasure, Selection, SkuCriterion};

impl Policy {
    /// The external ids of the lists that selections of goods name by `list`: where one of their rows changes, so may what
    /// the policy means.
    #[must_use]
    pub fn lists_of_members(&self) -> BTreeSet<&str> {
        let mut named = BTreeSet::new();
        for selection in self.selections_of_goods() {
            for criterion in selection.any.iter().chain(&selection.except).flat_map(|all| &all.criteria) {
                if let SkuCriterion::List(lists) = criterion {
                    named.extend(lists.iter().map(String::as_str));
                }
            }
        }
        named
    }

    /// Every selection of goods, wherever one may stand.
    fn selections_of_goods(&self) -> Vec<&Selection<SkuCriterion>> {
        fn of_measure(measure: &Measure) -> Option<&Selection<SkuCriterion>> {
            measure.goods.as_ref()
        }
        let mut found: Vec<&Selection<SkuCriterion>> = Vec::new();
        found.extend(self.sku_groups.values().map(|group| &group.selection));
        found.extend(self.measures.values().filter_map(|named| of_measure(&named.measure)));
        let eligibility = &self.eligibility;
        found.extend(eligibility.assortments.iter().map(|one| &one.goods));
        found.extend(eligibility.inclusions.iter().map(|one| &one.goods));
        found.extend(eligibility.exclusions.iter().map(|one| &one.goods));
        found.extend(eligibility.licences.iter().map(|one| &one.goods));
        for rule in &self.rules {
            found.push(&rule.goods);
            found.extend(rule.when.together.iter().map(|part| &part.goods));
            if let Some(RuleMeasure::Own(measure)) = &rule.measure {
                found.extend(of_measure(measure));
            }
        }
        for agreement in &self.agreements {
            found.push(&agreement.goods);
            found.extend(agreement.measures().filter_map(of_measure));
            found.extend(agreement.conditions.iter().filter_map(|condition| condition.of.goods()));
        }
        for levels in &self.levels {
            found.push(&levels.goods);
            found.extend(levels.measures().filter_map(of_measure));
            let conditions = levels.levels.iter().flat_map(|level| &level.conditions);
            found.extend(conditions.filter_map(|condition| condition.of.goods()));
        }
        found.extend(self.points.iter().map(|points| &points.goods));
        found.extend(self.services.iter().map(|service| &service.goods));
        found.extend(self.guards.iter().map(|guard| &guard.goods));
        found
    }
}
