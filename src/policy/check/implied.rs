//! Does one rule hold wherever another does?

use crate::domain::time::Window;
use crate::policy::syntax::{LineCondition, LineTest, Scope, When};

use super::ground::{Ground, Held};

/// Does `wide` hold wherever `narrow` does: for its goods, contracts, currencies and circumstances?
pub(super) fn holds_wherever(ground: &Ground<'_>, wide: &Held<'_>, narrow: &Held<'_>) -> bool {
    ground.is_within(narrow.extent, wide.extent)
        && pays_alike(ground, wide, narrow)
        && asks_no_more(&wide.rule.when, &narrow.rule.when)
        && (wide.rule.when.together.is_empty() || same_bundle(wide, narrow))
}

/// Do two rules measure the same, so that they always stand at one position?
pub(super) fn same_measure(one: &Held<'_>, other: &Held<'_>) -> bool {
    match (one.measure, other.measure) {
        (None, None) => true,
        (Some(first), Some(second)) => {
            let alike = first.what == second.what
                && first.over == second.over
                && one.currency == other.currency
                && (one.measured == other.measured || matches!(first.over, Scope::Line | Scope::Sku));
            alike && one.rule.mode == other.rule.mode
        }
        _ => false,
    }
}

/// Do two windows share no second?
pub(super) fn windows_apart(one: Window, other: Window) -> bool {
    let ends_before = |first: Window, second: Window| matches!((first.to, second.from), (Some(to), Some(from)) if to <= from);
    ends_before(one, other) || ends_before(other, one)
}

/// The contracts for which `narrow` holds pay in the currency of `wide`.
fn pays_alike(ground: &Ground<'_>, wide: &Held<'_>, narrow: &Held<'_>) -> bool {
    let Some(currency) = wide.currency else { return true };
    let paid = ground.contracts.index.by_currency.get(&currency);
    narrow.currency == wide.currency
        || paid.is_some_and(|paid| ground.contracts.get(narrow.extent.contracts).is_subset(paid))
}

/// Is whatever `wide` asks, bundles apart, asked by `narrow` as well?
fn asks_no_more(wide: &When, narrow: &When) -> bool {
    fn within<T: PartialEq>(wide: &[T], narrow: &[T]) -> bool {
        wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(|value| wide.contains(value)))
    }
    within(&wide.channel, &narrow.channel)
        && within(&wide.warehouse, &narrow.warehouse)
        && within(&wide.delivery_basis, &narrow.delivery_basis)
        && within(&wide.fulfilment, &narrow.fulfilment)
        && within(&wide.payment_terms, &narrow.payment_terms)
        && within(&wide.coupon, &narrow.coupon)
        && within(&wide.level, &narrow.level)
        && asks_no_more_of_holds(wide, narrow)
        && within(&wide.weekdays, &narrow.weekdays)
        && (wide.first_order.is_none() || wide.first_order == narrow.first_order)
        && wide.window.from.is_none_or(|from| narrow.window.from.is_some_and(|other| from <= other))
        && wide.window.to.is_none_or(|to| narrow.window.to.is_some_and(|other| other <= to))
        && wide.line.iter().all(|asked| narrow.line.iter().any(|met| implies(met, asked)))
        && (!wide.sets || narrow.sets)
}

/// The same of overdue holds: to be on one is to be on some, and to be on none is not to be on any.
fn asks_no_more_of_holds(wide: &When, narrow: &When) -> bool {
    let held = match wide.held {
        None => true,
        Some(true) => narrow.held == Some(true) || !narrow.held_by.is_empty(),
        Some(false) => narrow.held == Some(false),
    };
    let by_one = wide.held_by.is_empty()
        || !narrow.held_by.is_empty() && narrow.held_by.iter().all(|hold| wide.held_by.contains(hold));
    let by_none =
        narrow.held == Some(false) || wide.not_held_by.iter().all(|hold| narrow.not_held_by.contains(hold));
    held && by_one && by_none
}

fn implies(met: &LineCondition, asked: &LineCondition) -> bool {
    if met.attribute != asked.attribute {
        return false;
    }
    match (&met.test, &asked.test) {
        (LineTest::OneOf(met), LineTest::OneOf(asked)) => met.iter().all(|value| asked.contains(value)),
        (LineTest::Between { from: a, to: b }, LineTest::Between { from: c, to: d }) => {
            c.is_none_or(|least| a.is_some_and(|from| least <= from))
                && d.is_none_or(|most| b.is_some_and(|to| to <= most))
        }
        _ => false,
    }
}

fn same_bundle(one: &Held<'_>, other: &Held<'_>) -> bool {
    let (first, second) = (&one.rule.when, &other.rule.when);
    one.parts == other.parts
        && first.sets == second.sets
        && first.together.len() == second.together.len()
        && first
            .together
            .iter()
            .zip(&second.together)
            .all(|(a, b)| a.quantity == b.quantity && a.unit == b.unit)
}
