//! Which points of loyalty are there, what earns them, and what are they good for?

use crate::domain::decimal::{MILLION, Micros};
use crate::policy::syntax::{Earn, PointsProgramme, PointsUse};

use super::agreement::paid;
use super::fields::Fields;
use super::measure::amount_of;
use super::reading::{Named, Noun, Reading};
use super::rule::{id, name};
use super::selection::selection;
use super::tree::Child;
use super::values;
use super::when::window;

const KEYS: &[&str] = &[
    "id",
    "name",
    "contracts",
    "goods",
    "earn",
    "count",
    "pending_days",
    "expire_months",
    "pay",
    "worth",
    "step",
    "levels",
    "as",
    "from",
    "to",
    "through",
    "currency",
];
/// A hundred, of percent.
const HUNDRED: Micros = Micros(100 * MILLION);
/// What points are rounded to where nothing is said: hundredths.
const STEP: Micros = Micros(MILLION / 100);
/// Longest wait, in days: ten years.
const DAYS_MOST: i64 = 3_660;
/// Longest life, in months: a hundred years.
const MONTHS_MOST: i64 = 1_200;

pub(super) fn points_programme(child: &Child, r: &mut Reading<'_>) -> Option<PointsProgramme> {
    let fields = Fields::of(child, "programme of points", KEYS, r)?;
    let id = id(&fields, Noun::PointsProgramme, r);
    let name = name(&fields, id.as_ref(), r);
    let earn = fields.needed("earn", r, |_, child, r| earn(child, r));
    let whole = |key: &str, least: i64, most: i64, r: &mut Reading<'_>| {
        fields.optional(key, r, |key, child, r| values::whole::<u16>(key, child, least..=most, r))
    };
    let pending_days = whole("pending_days", 0, DAYS_MOST, r).unwrap_or(0);
    let expire_months = whole("expire_months", 1, MONTHS_MOST, r);
    let levels = fields.get("levels").and_then(|child| {
        let id = values::id("levels", child, r)?;
        r.mention(Named::Other(Noun::LevelProgramme), &id, child.at);
        Some((id, child.at))
    });
    Some(PointsProgramme {
        id: id.unwrap_or_default(),
        name,
        contracts: fields.optional("contracts", r, selection).unwrap_or_default(),
        goods: fields.optional("goods", r, selection).unwrap_or_default(),
        earn: earn?,
        paid: fields.optional("count", r, paid).unwrap_or_default(),
        pending_days,
        expire_months,
        most_percent: fields.optional("pay", r, |_, child, r| pay(child, r)).unwrap_or(HUNDRED),
        worth: fields.optional("worth", r, values::positive).unwrap_or(Micros::ONE),
        step: fields.optional("step", r, values::positive).unwrap_or(STEP),
        levels,
        used_as: fields.optional("as", r, used_as).unwrap_or_default(),
        window: window(&fields, r),
        currency: fields.optional("currency", r, values::currency),
        at: child.at,
    })
}

fn earn(child: &Child, r: &mut Reading<'_>) -> Option<Earn> {
    let fields = Fields::read(child, "earn", &["percent", "of", "per_unit", "unit"], r)?;
    let key = fields.one_of(&["percent", "per_unit"], "one-reward", r)?;
    if key == "percent" {
        fields.misplaced(&["unit"], "says nothing beside percent", r);
        let percent = fields.optional(key, r, values::positive);
        return Some(Earn::Percent {
            of: fields.optional("of", r, amount_of).unwrap_or_default(),
            percent: percent?,
        });
    }
    fields.misplaced(&["of"], "says nothing beside per_unit", r);
    let points = fields.optional(key, r, values::positive);
    Some(Earn::PerUnit { unit: fields.optional("unit", r, values::id), points: points? })
}

fn pay(child: &Child, r: &mut Reading<'_>) -> Option<Micros> {
    let fields = Fields::read(child, "pay", &["most_percent"], r)?;
    fields.needed("most_percent", r, values::percent_off)
}

/// Rule X2: a payment, unless the programme says that they are a discount.
fn used_as(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<PointsUse> {
    let words = [("payment", PointsUse::Payment), ("discount", PointsUse::Discount)];
    values::word(key, child, &words, r)
}
