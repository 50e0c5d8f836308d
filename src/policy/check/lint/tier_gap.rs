//! Is there a gap between two tiers, in which nothing is given?

use crate::domain::ladder::TierMode;

use super::super::ground::Ground;
use super::super::report::{Report, show};

/// Of volume tiers: a graduated ladder with a gap cannot be read.
pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    for held in ground.rules.iter().filter(|held| held.rule.mode == TierMode::Volume) {
        let step = ground.step(held);
        for (before, tier) in held.rule.tiers.iter().zip(held.rule.tiers.iter().skip(1)) {
            let Some(upper) = before.upper else { continue };
            let next = upper.0 - upper.0.rem_euclid(step.0) + step.0;
            if next < tier.lower.0 {
                let message =
                    format!("rule {} gives nothing between {upper} and {}", show(&held.rule.id), tier.lower);
                report.warn(
                    tier.at,
                    "tier-gap",
                    message,
                    "leave `to` out: a tier ends where the next begins",
                );
            }
        }
    }
}
