//! Does a guard on all discounts always take back what a rule gives?
//!
//! A rule that takes more percent off than the guard allows is cut on every line that it is on, whatever else is given
//! there: other discounts only add to it.

use crate::domain::decimal::Micros;
use crate::domain::ladder::TierMode;
use crate::policy::syntax::{At, Base, Benefit, GuardAction, GuardTest, OfAmount, Rule, RuleLayer};

use super::super::ground::{Ground, HeldGuard};
use super::super::report::{Report, show};
use super::super::wider::Wider;

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    let clamps = ground.guards.iter().enumerate().filter(|(_, held)| {
        held.guard.action == GuardAction::Clamp && matches!(held.guard.test, GuardTest::Discount { .. })
    });
    let wider = Wider::new(
        ground,
        clamps.map(|(number, held)| (number, held.extent)),
        ground.rules.iter().map(|held| held.extent),
    );
    for held in &ground.rules {
        let guards = wider.of(held.extent).filter_map(|number| ground.guards.get(number));
        if let Some((at, message)) = guards.filter_map(|guard| cancels(guard, held.rule)).next() {
            report.warn(at, "guard-cancels", message, "raise what the guard allows, or state what is given");
        }
    }
}

fn cancels(held: &HeldGuard<'_>, rule: &Rule) -> Option<(At, String)> {
    let GuardTest::Discount { percent: allowed, of } = held.guard.test else { return None };
    let looks_at = held.guard.rules.is_empty() || held.guard.rules.contains(&rule.id);
    let discounts = matches!(rule.layer, RuleLayer::Volume | RuleLayer::Order | RuleLayer::Loyalty);
    if !looks_at || !discounts {
        return None;
    }
    let (guard, id) = (show(&held.guard.id), show(&rule.id));
    if allowed == Micros::ZERO && of == OfAmount::Contract {
        return Some((
            rule.at,
            format!("guard {guard} takes back whatever rule {id} gives: it allows no discount"),
        ));
    }
    let same_base = match of {
        OfAmount::Contract => matches!(rule.on, Base::Running | Base::Contract),
        OfAmount::List => rule.on == Base::List,
    };
    // Portions have an average, which may stay below the guard where the last rate does not.
    let sure = same_base && (rule.mode == TierMode::Volume || rule.tiers.len() == 1);
    if !sure {
        return None;
    }
    let cut = rule.tiers.iter().find_map(|tier| match tier.benefit {
        Benefit::Percent(percent) => {
            let given = rule.cap.percent.map_or(percent, |cap| cap.min(percent));
            (given > allowed).then_some((tier.at, given))
        }
        _ => None,
    });
    cut.map(|(at, given)| {
        (at, format!("rule {id}: {given} percent are never given, guard {guard} allows {allowed} in all"))
    })
}
