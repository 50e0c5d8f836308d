//! Does a rule that stops its layer keep another from ever giving anything?

use crate::policy::syntax::{Base, Benefit, RuleLayer};

use super::super::ground::{Ground, Held};
use super::super::implied::holds_wherever;
use super::super::report::{Report, show};
use super::super::stronger::gives_wherever;
use super::super::wider::Wider;

/// A later rule of the layer under a stop that always comes first.
pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    let turns = ground.turns();
    let stops = ground.rules.iter().enumerate().filter(|(_, held)| stops(held));
    let wider = Wider::new(
        ground,
        stops.map(|(number, held)| (number, held.extent)),
        ground.rules.iter().map(|held| held.extent),
    );
    for (number, held) in ground.rules.iter().enumerate() {
        let stop = wider.of(held.extent).filter(|stop| {
            let before = turns.get(*stop).zip(turns.get(number)).is_some_and(|(stop, own)| stop < own);
            before && ground.rules.get(*stop).is_some_and(|stop| ends(ground, stop, held))
        });
        if let Some(stop) = stop.filter_map(|stop| ground.rules.get(stop)).next() {
            let message = format!(
                "rule {} never gives: rule {} always stops the layer before it",
                show(&held.rule.id),
                show(&stop.rule.id)
            );
            report.warn(held.rule.at, "stopped", message, "give it a higher priority, or leave `stop` out");
        }
    }
}

/// Of the contract layer one rule gives the price anyway; a rule of an exclusive group may lose its turn.
fn stops(held: &Held<'_>) -> bool {
    held.rule.stop && held.rule.best_of.is_none() && held.rule.layer != RuleLayer::Contract
}

fn ends(ground: &Ground<'_>, stop: &Held<'_>, held: &Held<'_>) -> bool {
    let rule = stop.rule;
    // A percentage of the list amount, a price or free goods may come to nothing.
    let sure = |benefit: &Benefit| match benefit {
        Benefit::Percent(percent) => percent.0 > 0 && rule.on != Base::List,
        Benefit::PerUnit(amount) => amount.0 > 0 && rule.times.is_none(),
        Benefit::PerLine(amount) | Benefit::PerCart(amount) => amount.0 > 0,
        _ => false,
    };
    rule.layer == held.rule.layer
        && rule.limit.is_none()
        && holds_wherever(ground, stop, held)
        && gives_wherever(stop, held, &sure)
        && ground.without_unit(held.extent.goods, rule.unit.as_deref()).is_empty()
}
