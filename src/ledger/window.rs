//! Which days make up a period? (Rules M2 and M3.)

use crate::domain::day::{CivilDay, CivilMonth, Days};
use crate::policy::syntax::{Calendar, Period, PeriodLength, PeriodWindow};

/// The days whose documents count on `day`; `begins` is the contract's first day, where it has one.
#[must_use]
pub fn days_of(period: Period, day: CivilDay, begins: Option<CivilDay>) -> Days {
    let begun = |back: i32| match (period.calendar, begins) {
        (Calendar::Contract, Some(begins)) => of_contract(length_months(period.length), day, begins, back),
        _ => of_calendar(length_months(period.length), day, back),
    };
    match period.window {
        PeriodWindow::Current => Days { first: begun(0), last: day },
        PeriodWindow::Previous => Days { first: begun(1), last: begun(0).plus(-1) },
        PeriodWindow::Rolling(months) => {
            Days { first: day.plus_months(-i32::from(months)).plus(1), last: day }
        }
    }
}

/// Months of a period.
#[must_use]
pub fn length_months(length: PeriodLength) -> i32 {
    match length {
        PeriodLength::Month => 1,
        PeriodLength::Quarter => 3,
        PeriodLength::Half => 6,
        PeriodLength::Year => 12,
    }
}

/// When the period of the calendar that holds `day`, or the one so many before it, begins.
fn of_calendar(months: i32, day: CivilDay, back: i32) -> CivilDay {
    let month = day.month().0;
    CivilMonth(month - month.rem_euclid(months)).plus(-back * months).first()
}

/// The same, counted from the contract's first day.
fn of_contract(months: i32, day: CivilDay, begins: CivilDay, back: i32) -> CivilDay {
    let start = |number: i32| begins.plus_months(number.saturating_mul(months));
    // Whole months between the two, or one more where the day of the month is not reached yet.
    let mut number = (day.month().0 - begins.month().0).div_euclid(months);
    if start(number) > day {
        number -= 1;
    }
    start(number - back)
}

/// The same period a year before: whole, where it is one of the calendar or of the contract; the same days, where it rolls.
#[must_use]
pub fn year_before(period: Period, days: &Days) -> Days {
    let first = days.first.plus_months(-12);
    if let PeriodWindow::Rolling(_) = period.window {
        return Days { first, last: days.last.plus_months(-12) };
    }
    let months = length_months(period.length);
    Days { first, last: days.first.plus_months(months - 12).plus(-1) }
}
