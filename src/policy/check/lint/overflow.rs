//! Does a tier begin where an amount of money would no longer fit?

use crate::domain::decimal::{MAX_WHOLE, MILLION, Micros};
use crate::domain::ladder::TierMode;
use crate::policy::syntax::{Benefit, RuleTier, Scope, What};

use super::super::ground::{Ground, Held};
use super::super::report::{Report, show};

/// Of ladders over a line, in the unit that the amount is for: there a tier is reached by one line alone.
pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    for held in ground.rules.iter().filter(|held| counts_its_own_unit(held)) {
        let mut below = 0_i128;
        for tier in &held.rule.tiers {
            let amount = match held.rule.mode {
                TierMode::Volume => amount(held, tier, tier.lower),
                TierMode::Graduated => below,
            };
            if amount > i128::from(MAX_WHOLE) * i128::from(MILLION) {
                let message = format!(
                    "rule {}: a line that reaches {} comes to {}, and the most that an amount can be is {MAX_WHOLE}",
                    show(&held.rule.id),
                    tier.lower,
                    amount / i128::from(MILLION)
                );
                report.error(tier.at, "overflow", message, "mend the bound or the amount of this tier");
                break;
            }
            if let Some(upper) = tier.upper {
                below = below.saturating_add(self::amount(
                    held,
                    tier,
                    Micros(upper.0.saturating_sub(tier.lower.0)),
                ));
            }
        }
    }
}

fn counts_its_own_unit(held: &Held<'_>) -> bool {
    held.measure.is_some_and(|measure| {
        let unit = match &measure.what {
            What::Quantity { unit } => unit.as_deref(),
            What::Weight { unit } | What::Volume { unit } => Some(unit.as_str()),
            _ => return false,
        };
        measure.over == Scope::Line && unit == held.rule.unit.as_deref() && held.rule.times.is_none()
    })
}

/// What so much comes to in this tier, in millionths.
fn amount(held: &Held<'_>, tier: &RuleTier, quantity: Micros) -> i128 {
    let (each, per) = match tier.benefit {
        Benefit::PerUnit(each) => (each, 1),
        Benefit::Price(each) => (each, held.rule.per.max(1)),
        _ => return 0,
    };
    i128::from(quantity.0) * i128::from(each.0) / i128::from(MILLION) / i128::from(per)
}
