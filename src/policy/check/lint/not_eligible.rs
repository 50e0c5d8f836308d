//! Is a rule for goods that its contracts may not buy?

use super::super::ground::Ground;
use super::super::report::{Report, show};
use super::super::wider::Wider;

/// Of exclusions alone, and only where no inclusion lets any of the contracts buy any of the goods.
pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    let exclusions = ground.exclusions.iter().copied().enumerate();
    let wider = Wider::new(ground, exclusions, ground.rules.iter().map(|held| held.extent));
    for held in &ground.rules {
        let Some(number) = wider.of(held.extent).next() else { continue };
        let is_included = ground.inclusions.iter().any(|inclusion| ground.overlap(*inclusion, held.extent));
        if let Some(exclusion) = ground.policy.eligibility.exclusions.get(number)
            && !is_included
        {
            let message = format!(
                "rule {} gives nothing: exclusion {} keeps its contracts from buying its goods",
                show(&held.rule.id),
                show(&exclusion.id)
            );
            report.warn(held.rule.at, "not-eligible", message, "mend the rule or the exclusion");
        }
    }
}
