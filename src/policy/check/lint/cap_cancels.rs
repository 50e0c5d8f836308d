//! Does a tier state more than the rule's own cap lets through?

use crate::domain::decimal::Micros;
use crate::policy::syntax::{Benefit, Cap};

use super::super::ground::Ground;
use super::super::report::{Report, show};

/// The first such tier of a rule is told: those above it give more still.
pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    for rule in &ground.policy.rules {
        let capped = rule.tiers.iter().find_map(|tier| Some((tier, cut(&tier.benefit, &rule.cap)?)));
        if let Some((tier, (stated, cap))) = capped {
            let message =
                format!("rule {}: {stated} is never given, the rule's cap is {cap}", show(&rule.id));
            report.warn(tier.at, "cap-cancels", message, "raise the cap, or state what is given");
        }
    }
}

/// What is stated and the cap below it.
fn cut(benefit: &Benefit, cap: &Cap) -> Option<(Micros, Micros)> {
    let (stated, cap) = match benefit {
        Benefit::Percent(stated) => (*stated, cap.percent?),
        Benefit::PerLine(stated) => (*stated, cap.line?),
        Benefit::PerCart(stated) => (*stated, cap.cart?),
        _ => return None,
    };
    (cap < stated).then_some((stated, cap))
}
