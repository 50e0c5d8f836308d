//! Who may not order while debts are overdue?

use crate::policy::finding::show;
use crate::policy::syntax::{Hold, PeriodOf, Policy};

use super::condition::check_debtor;
use super::fields::Fields;
use super::measure::of_whom;
use super::reading::{Noun, Reading};
use super::rule::{id, name};
use super::selection::selection;
use super::tree::Child;
use super::values;

const KEYS: &[&str] =
    &["id", "name", "contracts", "of_whom", "overdue_days", "overdue_amount", "action", "currency"];
/// The longest delay that is asked for.
const DAYS_MOST: i64 = 3_650;

pub(super) fn hold(child: &Child, r: &mut Reading<'_>) -> Option<Hold> {
    let fields = Fields::of(child, "hold", KEYS, r)?;
    let id = id(&fields, Noun::Hold, r);
    let name = name(&fields, id.as_ref(), r);
    let of: PeriodOf = fields.optional("of_whom", r, of_whom).unwrap_or_default();
    check_debtor(&fields, ("of_whom", "debts"), of, r);
    let days =
        fields.optional("overdue_days", r, |key, child, r| values::whole(key, child, 0..=DAYS_MOST, r));
    let words = [("block", true), ("notice", false)];
    let blocks = fields.optional("action", r, |key, child, r| values::word(key, child, &words, r));
    Some(Hold {
        id: id.unwrap_or_default(),
        name,
        contracts: fields.optional("contracts", r, selection).unwrap_or_default(),
        of,
        overdue_days: days.unwrap_or_default(),
        overdue_amount: fields.optional("overdue_amount", r, values::amount).unwrap_or_default(),
        blocks: blocks.unwrap_or(true),
        currency: fields.optional("currency", r, values::currency),
        at: child.at,
    })
}

/// A rule that asks whether its contract is on a hold needs a hold.
pub(super) fn check_asked(policy: &Policy, r: &mut Reading<'_>) {
    for rule in policy.rules.iter().filter(|rule| policy.holds.is_empty() && rule.when.held.is_some()) {
        let message = format!("rule {}: held asks for overdue holds, and there are none", show(&rule.id));
        r.hinted(rule.at, "no-holds", message, "state under holds what is overdue");
    }
}
