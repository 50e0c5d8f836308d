//! Which levels of loyalty are there, and what must hold for each?

use crate::domain::decimal::Micros;
use crate::policy::syntax::{Calendar, Level, LevelProgramme, Period, PeriodLength, PeriodWindow};

use super::condition::conditions;
use super::fields::Fields;
use super::measure::{MONTHS_MOST, calendar, of_whom, window};
use super::reading::{Noun, Reading};
use super::rule::{id, name};
use super::selection::selection;
use super::tree::Child;
use super::values;

const KEYS: &[&str] = &[
    "id",
    "name",
    "contracts",
    "goods",
    "period",
    "window",
    "months",
    "calendar",
    "of_whom",
    "grace",
    "levels",
];
const LEVEL_KEYS: &[&str] = &["id", "name", "conditions", "multiplier"];
/// Longest grace, in months.
const GRACE_MOST: i64 = 24;
/// Most levels of a programme.
const LEVELS_MOST: usize = 32;

pub(super) fn level_programme(child: &Child, r: &mut Reading<'_>) -> Option<LevelProgramme> {
    let fields = Fields::of(child, "programme of levels", KEYS, r)?;
    let id = id(&fields, Noun::LevelProgramme, r);
    let name = name(&fields, id.as_ref(), r);
    let period = period(&fields, r);
    let levels = fields.needed("levels", r, |key, child, r| {
        let items = values::some_items(key, child, r);
        if items.len() > LEVELS_MOST {
            r.error(
                child.at,
                "too-many-levels",
                format!("levels: {} are more than {LEVELS_MOST}", items.len()),
            );
            return None;
        }
        Some(items.iter().filter_map(|item| level(item, period, r)).collect::<Vec<_>>())
    });
    Some(LevelProgramme {
        id: id.unwrap_or_default(),
        name,
        contracts: fields.optional("contracts", r, selection).unwrap_or_default(),
        goods: fields.optional("goods", r, selection).unwrap_or_default(),
        period: period?,
        grace_months: fields
            .optional("grace", r, |key, child, r| values::whole(key, child, 0..=GRACE_MOST, r))
            .unwrap_or(0),
        levels: levels.filter(|levels| !levels.is_empty())?,
        at: child.at,
    })
}

/// A period as measures have it: one of the calendar, or so many months up to the day.
fn period(fields: &Fields<'_>, r: &mut Reading<'_>) -> Option<Period> {
    let words = [
        ("month", Some(PeriodLength::Month)),
        ("quarter", Some(PeriodLength::Quarter)),
        ("half", Some(PeriodLength::Half)),
        ("year", Some(PeriodLength::Year)),
        ("rolling", None),
    ];
    let length = fields.needed("period", r, |key, child, r| values::word(key, child, &words, r));
    let of = fields.optional("of_whom", r, of_whom).unwrap_or_default();
    let Some(length) = length? else {
        fields.misplaced(&["window", "calendar"], "says nothing beside period: rolling", r);
        let months =
            fields.needed("months", r, |key, child, r| values::whole(key, child, 1..=MONTHS_MOST, r));
        let (length, calendar) = (PeriodLength::Month, Calendar::Calendar);
        return Some(Period { length, window: PeriodWindow::Rolling(months?), calendar, of });
    };
    fields.misplaced(&["months"], "is for period: rolling alone", r);
    let window = fields.optional("window", r, window);
    let calendar = fields.optional("calendar", r, calendar);
    Some(Period { length, window: window.unwrap_or_default(), calendar: calendar.unwrap_or_default(), of })
}

fn level(child: &Child, period: Option<Period>, r: &mut Reading<'_>) -> Option<Level> {
    let fields = Fields::of(child, "level", LEVEL_KEYS, r)?;
    let id = id(&fields, Noun::Level, r);
    let name = name(&fields, id.as_ref(), r);
    if let Some(child) = fields.need("conditions", r) {
        values::some_items("conditions", child, r);
    }
    Some(Level {
        conditions: conditions(&fields, period, r),
        multiplier: fields.optional("multiplier", r, values::amount).unwrap_or(Micros::ONE),
        id: id?,
        name,
        at: child.at,
    })
}
