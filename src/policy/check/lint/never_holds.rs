//! Can a rule never hold, whatever the cart?

use std::collections::BTreeMap;

use crate::domain::ids::ContractId;
use crate::domain::time::{CivilSecond, DAY_SECONDS, Window};
use crate::policy::syntax::{PeriodOf, PeriodWindow, Scope, When};

use super::super::ground::{Ground, Held};
use super::super::implied::windows_apart;
use super::super::report::{Report, show};
use super::super::sets::SetNo;

/// What is wrong, and what would mend it.
type Why = (String, &'static str);

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    let services = ground.policy.services.iter().map(|service| service.id.as_str());
    let sold_with: BTreeMap<&str, SetNo> = services.zip(ground.service_goods.iter().copied()).collect();
    for held in &ground.rules {
        if let Some((why, hint)) =
            by_circumstances(ground, held).or_else(|| by_goods(ground, held, &sold_with))
        {
            let message = format!("rule {} never holds: {why}", show(&held.rule.id));
            report.warn(held.rule.at, "never-holds", message, hint);
        }
    }
}

fn by_circumstances(ground: &Ground<'_>, held: &Held<'_>) -> Option<Why> {
    let when = &held.rule.when;
    if !meets_weekday(when) {
        let why = format!("none of its weekdays lies {}", when.window);
        return Some((why, "mend the weekdays or the window"));
    }
    if has_nothing_before(held) {
        let why = "a first order has nothing bought in the period before".to_owned();
        return Some((why, "leave `first_order` out, or measure the current period"));
    }
    if !when.held_by.is_empty() && when.held_by.iter().all(|hold| when.not_held_by.contains(hold)) {
        let why = "each hold that it asks for is one on which it may not be".to_owned();
        return Some((why, "leave the hold out of `held_by` or of `not_held_by`"));
    }
    outside_validity(ground, held).then(|| {
        let why = format!("none of its contracts is valid {}", when.window);
        (why, "mend the window or the contracts")
    })
}

fn by_goods(ground: &Ground<'_>, held: &Held<'_>, sold_with: &BTreeMap<&str, SetNo>) -> Option<Why> {
    let goods = held.extent.goods;
    if ground.goods.get(goods).is_empty() {
        return None;
    }
    if held.rule.when.sets && !held.parts.iter().any(|part| ground.goods.overlap(*part, goods)) {
        let why = "none of its goods is in a part of its bundle".to_owned();
        return Some((why, "mend its goods or the parts"));
    }
    let service = held.rule.service.as_deref()?;
    let apart = sold_with.get(service).is_some_and(|sold| !ground.goods.overlap(*sold, goods));
    apart.then(|| {
        let why = format!("service {} is not sold with any of its goods", show(service));
        (why, "mend the goods of the rule or of the service")
    })
}

/// Is one of the weekdays in the window? Any is in a week.
fn meets_weekday(when: &When) -> bool {
    let Window { from: Some(from), to: Some(to) } = when.window else { return true };
    let (first, last) = (day(from), day(CivilSecond(to.0.saturating_sub(1))));
    when.weekdays.is_empty()
        || last.saturating_sub(first) >= 6
        || (first..=last)
            .any(|day| when.weekdays.iter().any(|weekday| i64::from(*weekday) == weekday_of(day)))
}

fn day(at: CivilSecond) -> i64 {
    at.0.div_euclid(DAY_SECONDS)
}

/// 1 for Monday. The first day of 1970 was a Thursday.
fn weekday_of(day: i64) -> i64 {
    day.saturating_add(3).rem_euclid(7) + 1
}

/// A contract's first order comes after nothing, so that no tier above zero is reached in the period before.
fn has_nothing_before(held: &Held<'_>) -> bool {
    let of_period_before = held.measure.is_some_and(|measure| match measure.over {
        Scope::Period(period) => period.window == PeriodWindow::Previous && period.of == PeriodOf::Contract,
        _ => false,
    });
    held.rule.when.first_order == Some(true)
        && of_period_before
        && held.rule.tiers.first().is_some_and(|tier| tier.lower.0 > 0)
}

fn outside_validity(ground: &Ground<'_>, held: &Held<'_>) -> bool {
    let window = held.rule.when.window;
    let contracts = ground.contracts.get(held.extent.contracts);
    let apart = |number: u32| {
        let contract = ground.catalogue.contract(ContractId(number));
        contract.is_none_or(|contract| windows_apart(contract.validity, window))
    };
    window != Window::ALWAYS && !contracts.is_empty() && contracts.iter().all(apart)
}
