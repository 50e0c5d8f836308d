//! Does a later tier give less than the one before it, or just as much?
//!
//! Falling is a mistake where the tier reached holds for everything: one unit more, and the buyer pays more. Where each
//! portion has its own tier, a falling rate takes nothing back. Surcharges mostly fall.

use crate::domain::ladder::TierMode;
use crate::policy::syntax::{BenefitKind, Rule, RuleLayer, RuleTier};

use super::super::ground::Ground;
use super::super::report::{Report, show};
use super::super::stronger::compare;

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    for rule in &ground.policy.rules {
        for (before, tier) in rule.tiers.iter().zip(rule.tiers.iter().skip(1)) {
            match compare(&tier.benefit, &before.benefit) {
                Some(order) if order.is_lt() && falls(rule) => {
                    let message = format!(
                        "rule {}: from {} it gives less than from {}",
                        show(&rule.id),
                        tier.lower,
                        before.lower
                    );
                    report.warn(tier.at, "falling-tier", message, "give at least as much as the tier before");
                }
                Some(order) if order.is_eq() && meets(rule, before, tier) => {
                    let message = format!(
                        "rule {}: from {} it gives the same as from {}",
                        show(&rule.id),
                        tier.lower,
                        before.lower
                    );
                    report.warn(tier.at, "idle-tier", message, "leave the tier out, or give more");
                }
                _ => {}
            }
        }
    }
}

fn falls(rule: &Rule) -> bool {
    let adds = rule.layer == RuleLayer::Surcharge
        && !matches!(rule.kind(), BenefitKind::ServicePrice | BenefitKind::ServicePercent);
    rule.mode == TierMode::Volume && !adds
}

/// Nothing lies between the two.
fn meets(rule: &Rule, before: &RuleTier, tier: &RuleTier) -> bool {
    rule.mode == TierMode::Graduated || before.upper.is_none_or(|upper| upper >= tier.lower)
}
