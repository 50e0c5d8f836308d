//! What must hold of a period's purchases?

use crate::domain::decimal::Micros;
use crate::policy::syntax::{Condition, ConditionOf, Period, PeriodOf, Policy, Scope};

use super::fields::Fields;
use super::measure::period_measure;
use super::reading::{Named, Noun, Reading, show};
use super::selection::selection;
use super::tree::Child;
use super::values;

/// What is looked at: one of these.
const LOOKED_AT: &[&str] = &[
    "measure",
    "months",
    "growth_percent",
    "growth",
    "plan_percent",
    "channel_percent",
    "share_percent",
    "margin_percent",
    "punctual_percent",
    "overdue_days",
];
/// What belongs to one of them alone.
const BESIDE: &[(&str, &str)] = &[
    ("at_least", "measure"),
    ("plan", "plan_percent"),
    ("channels", "channel_percent"),
    ("goods", "share_percent"),
];
/// Months of the longest period.
const MONTHS_MOST: i64 = 12;
/// The longest delay that is asked for, in days.
const DAYS_MOST: i64 = 3_650;

/// The conditions of something that is given for a period's purchases, where that period could be read.
pub(super) fn conditions(fields: &Fields<'_>, period: Option<Period>, r: &mut Reading<'_>) -> Vec<Condition> {
    let Some(period) = period else { return Vec::new() };
    let items = fields.get("conditions").map_or(&[][..], |child| values::items(child));
    items.iter().filter_map(|item| condition(item, period, r)).collect()
}

/// What is planned must be a measure over a period, and no characteristic.
pub(super) fn check_plans(policy: &Policy, r: &mut Reading<'_>) {
    let of_agreements = policy.agreements.iter().flat_map(|agreement| &agreement.conditions);
    let levels = policy.levels.iter().flat_map(|levels| &levels.levels);
    for condition in of_agreements.chain(levels.flat_map(|level| &level.conditions)) {
        let ConditionOf::PlanPercent(plan) = &condition.of else { continue };
        let over = policy.measures.get(plan).map(|named| named.measure.over);
        if over.is_some_and(|over| !matches!(over, Scope::Period(_))) {
            let message = format!("condition: the measure {} is not over a period", show(plan));
            r.hinted(condition.at, "plan-without-period", message, "plan what is measured over a period");
        }
    }
}

/// Debts are his who pays: who receives the goods has none.
pub(super) fn check_debtor(
    fields: &Fields<'_>,
    (key, what): (&str, &str),
    of: PeriodOf,
    r: &mut Reading<'_>,
) {
    if of == PeriodOf::ShipTo {
        let message = format!("{}: {what} of a ship-to: who receives the goods owes nothing", fields.who);
        r.hinted(fields.place(key), "debts-of-ship-to", message, "write of_whom: payer, or another");
    }
}

fn condition(child: &Child, period: Period, r: &mut Reading<'_>) -> Option<Condition> {
    let keys: Vec<&str> = LOOKED_AT.iter().copied().chain(BESIDE.iter().map(|(key, _)| *key)).collect();
    let fields = Fields::read(child, "condition", &keys, r)?;
    let key = fields.one_of(LOOKED_AT, "one-condition", r)?;
    for (beside, of) in BESIDE.iter().filter(|(_, of)| *of != key) {
        fields.misplaced(&[beside], &format!("is for {of}"), r);
    }
    if ["punctual_percent", "overdue_days"].contains(&key) {
        check_debtor(&fields, (key, key), period.of, r);
    }
    let percent = |r: &mut Reading<'_>| fields.optional(key, r, values::percent_off);
    let (of, bound) = match key {
        "measure" => {
            let measure = fields.optional(key, r, |_, child, r| period_measure(child, period, r));
            let at_least = fields.needed("at_least", r, values::positive);
            (ConditionOf::Measure(measure?), at_least?)
        }
        "months" => {
            let months =
                fields.optional(key, r, |key, child, r| values::whole(key, child, 1..=MONTHS_MOST, r));
            (ConditionOf::Months, Micros::whole(months?)?)
        }
        "growth_percent" => (ConditionOf::GrowthPercent, fields.optional(key, r, values::amount)?),
        "plan_percent" => {
            let bound = fields.optional(key, r, values::positive);
            let plan = fields.needed("plan", r, values::id);
            if let Some(plan) = &plan {
                r.mention(Named::Other(Noun::Measure), plan, fields.place("plan"));
            }
            (ConditionOf::PlanPercent(plan?), bound?)
        }
        "channel_percent" => {
            let channels = fields.need("channels", r).map_or(Vec::new(), |child| {
                let items = values::some_items("channels", child, r);
                items.iter().filter_map(|item| values::id("channels", item, r)).collect()
            });
            let bound = percent(r);
            (ConditionOf::ChannelPercent((!channels.is_empty()).then_some(channels)?), bound?)
        }
        "share_percent" => {
            let bound = percent(r);
            (ConditionOf::SharePercent(fields.needed("goods", r, selection)?), bound?)
        }
        "margin_percent" => (ConditionOf::MarginPercent, percent(r)?),
        "punctual_percent" => (ConditionOf::PunctualPercent, percent(r)?),
        "overdue_days" => {
            let days = fields.optional(key, r, |key, child, r| values::whole(key, child, 0..=DAYS_MOST, r));
            (ConditionOf::OverdueDays, Micros::whole(days?)?)
        }
        _ => (ConditionOf::Growth, fields.optional(key, r, values::amount)?),
    };
    Some(Condition { of, bound, at: child.at })
}
