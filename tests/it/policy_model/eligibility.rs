//! May the contract buy the SKU, and what forbids it?

use quoin::domain::time::{CivilSecond, DAY_SECONDS};
use quoin::policy::syntax::{ContractCriterion, Selection, SkuCriterion};

use super::interpret::Model;
use super::meeting;

impl Model<'_> {
    /// What forbids the goods, as it is reported; of several, exclusions, assortments, licences, and what is written first.
    pub fn barrier(&self, sku: &str) -> Option<String> {
        let all = &self.policy.eligibility;
        let goods = |of: &Selection<SkuCriterion>| meeting::goods(self.shop, self.policy, of, sku);
        let contract = |of: &Selection<ContractCriterion>| {
            meeting::contracts(self.policy, of, &self.cart.contract, self.contract)
        };
        if !all.inclusions.iter().any(|one| contract(&one.contracts) && goods(&one.goods)) {
            let mut excluded =
                all.exclusions.iter().filter(|one| contract(&one.contracts) && goods(&one.goods));
            if let Some(first) = excluded.next() {
                return Some(format!("excluded {}", first.id));
            }
            let own = || all.assortments.iter().filter(|one| contract(&one.contracts));
            if !own().any(|one| goods(&one.goods))
                && let Some(first) = own().next()
            {
                return Some(format!("outside {}", first.id));
            }
        }
        let mut missing =
            all.licences.iter().filter(|one| goods(&one.goods) && !self.is_licensed(&one.attribute));
        missing.next().map(|one| format!("unlicensed {}", one.id))
    }

    /// The contract carries the attribute; where that is a date, it holds through that day.
    fn is_licensed(&self, attribute: &str) -> bool {
        self.contract.attributes.get(attribute).is_some_and(|value| {
            CivilSecond::parse(value).map_or(true, |day| self.cart.at.0 < day.0 + DAY_SECONDS)
        })
    }
}
