//! Can a period be told for all contracts: from the contract's first day, or of its holding?

use crate::policy::syntax::{Calendar, PeriodOf, PeriodWindow, Scope};

use super::super::ground::Ground;
use super::super::report::{Report, several, show};

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    for held in &ground.rules {
        let Some((measure, Scope::Period(period))) = held.measure.map(|measure| (measure, measure.over))
        else {
            continue;
        };
        let (id, contracts) = (show(&held.rule.id), ground.contracts.get(held.extent.contracts));
        let from_first_day =
            period.calendar == Calendar::Contract && !matches!(period.window, PeriodWindow::Rolling(_));
        let lacking = contracts - &ground.contracts.index.with_first_day;
        if from_first_day && !lacking.is_empty() {
            let names = several(ground.contracts.index.codes(&lacking), lacking.len());
            let message =
                format!("rule {id} counts periods from the contract's first day, and {names} has none");
            let hint = "import its valid_from, or count by the calendar";
            report.warn(measure.at, "no-first-day", message, hint);
        }
        if period.of == PeriodOf::Holding
            && !contracts.is_empty()
            && contracts.is_disjoint(&ground.contracts.index.with_holding)
        {
            let message =
                format!("rule {id} counts what a holding bought, and none of its contracts is of one");
            report.warn(measure.at, "no-holding", message, "import the holdings, or count by counterparty");
        }
    }
}
