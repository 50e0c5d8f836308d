//! On which day did it happen? Civil days, months of them, and how periods are counted.

use std::fmt;

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};

use super::time::{CivilSecond, DAY_SECONDS, TimeError};

/// A civil day, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CivilDay(pub i32);

/// What [`CivilDay`] counts from.
const EPOCH: Date = Date::constant(1970, 1, 1);

/// A month of the calendar: `year * 12 + month`, the month from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilMonth(pub i32);

/// Days from `first` to `last`, both included; none where `last` is before `first`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Days {
    /// The first.
    pub first: CivilDay,
    /// The last.
    pub last: CivilDay,
}

impl Days {
    /// Does the day lie among them?
    #[must_use]
    pub fn hold(&self, day: CivilDay) -> bool {
        self.first <= day && day <= self.last
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.first, self.last)
    }
}

impl CivilDay {
    /// The first day of the calendar.
    pub const FIRST: Self = Self(i32::MIN);
    /// The last day of the calendar.
    pub const LAST: Self = Self(i32::MAX);

    /// Reads `2026-05-01`.
    ///
    /// # Errors
    /// [`TimeError::NotADate`].
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let read = CivilSecond::parse_with_precision(text);
        read.ok().filter(|(_, bare)| *bare).map(|(at, _)| Self::of(at)).ok_or(TimeError::NotADate)
    }

    /// The day that a civil time lies in.
    #[must_use]
    pub fn of(at: CivilSecond) -> Self {
        Self(i32::try_from(at.0.div_euclid(DAY_SECONDS)).unwrap_or(i32::MAX))
    }

    /// So many days later, or earlier below zero.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The same day of the month so many months later, or earlier; the month's last where it has no such day.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        self.date().checked_add(months.months()).map_or(self, Self::of_date)
    }

    /// The month that it lies in.
    #[must_use]
    pub fn month(self) -> CivilMonth {
        let date = self.date();
        CivilMonth(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
    }

    fn date(self) -> Date {
        let most = if self.0 < 0 { Date::MIN } else { Date::MAX };
        Span::new().try_days(self.0).and_then(|days| EPOCH.checked_add(days)).unwrap_or(most)
    }

    fn of_date(date: Date) -> Self {
        let days = date.duration_since(EPOCH).as_hours() / 24;
        Self(i32::try_from(days).unwrap_or(i32::MAX))
    }
}

impl CivilMonth {
    /// Its first day.
    #[must_use]
    pub fn first(self) -> CivilDay {
        let (year, month) = (self.0.div_euclid(12), self.0.rem_euclid(12) + 1);
        let part = |number: i32| i8::try_from(number).unwrap_or(1);
        let date = i16::try_from(year).ok().and_then(|year| Date::new(year, part(month), 1).ok());
        date.map_or(CivilDay::FIRST, CivilDay::of_date)
    }

    /// So many months later, or earlier below zero.
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        Self(self.0.saturating_add(months))
    }

    /// All of its days.
    #[must_use]
    pub fn days(self) -> Days {
        Days { first: self.first(), last: self.plus(1).first().plus(-1) }
    }
}

impl fmt::Display for CivilDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date())
    }
}

impl fmt::Display for CivilMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}
