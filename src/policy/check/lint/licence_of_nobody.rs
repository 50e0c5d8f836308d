//! Is there a licence that no contract has, so that nobody may buy its goods?

use crate::policy::syntax::ContractCriterion;

use super::super::ground::Ground;
use super::super::report::{Report, show};
use super::super::sets::{Index, SetNo};

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    if ground.contracts.get(SetNo::EVERYTHING).is_empty() {
        return;
    }
    for licence in &ground.policy.eligibility.licences {
        let asked = ContractCriterion::Attribute { name: licence.attribute.clone(), values: Vec::new() };
        if !ground.contracts.index.add(&asked, None, &mut roaring::RoaringBitmap::new()) {
            let message = format!(
                "licence {}: no contract has the attribute {}, so nobody may buy the goods",
                show(&licence.id),
                show(&licence.attribute)
            );
            report.warn(licence.at, "licence-of-nobody", message, "mend the name, or import the attribute");
        }
    }
}
