//! Is a limit shared by all contracts where there is one contract to share it?

use super::super::ground::Ground;
use super::super::report::{Report, several, show};

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    for held in &ground.rules {
        let contracts = ground.contracts.get(held.extent.contracts);
        if held.rule.limit.as_ref().is_some_and(|limit| limit.overall) && contracts.len() == 1 {
            let name = several(ground.contracts.index.codes(contracts), 1);
            let message = format!(
                "rule {}: the limit is for all contracts together, and contract {name} is the only one",
                show(&held.rule.id)
            );
            report.warn(held.rule.at, "idle-overall", message, "name the contracts, or leave `overall` out");
        }
    }
}
