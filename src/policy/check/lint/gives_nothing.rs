//! Does a rule state nothing but zeroes?

use crate::domain::decimal::Micros;
use crate::policy::syntax::Benefit;

use super::super::ground::Ground;
use super::super::report::{Report, show};

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    for rule in &ground.policy.rules {
        if rule.tiers.iter().all(|tier| is_nothing(&tier.benefit)) {
            let message = format!("rule {} gives nothing: all its benefits are 0", show(&rule.id));
            report.warn(rule.at, "gives-nothing", message, "leave the rule out, or state what it gives");
        }
    }
}

/// A service for nothing is a gift; prices and free goods are above zero.
fn is_nothing(benefit: &Benefit) -> bool {
    match benefit {
        Benefit::Percent(value)
        | Benefit::PerUnit(value)
        | Benefit::PerLine(value)
        | Benefit::PerCart(value)
        | Benefit::ServicePercent(value) => *value == Micros::ZERO,
        Benefit::Price(_)
        | Benefit::PriceOf(_)
        | Benefit::Formula { .. }
        | Benefit::Free(_)
        | Benefit::ServicePrice(_) => false,
    }
}
