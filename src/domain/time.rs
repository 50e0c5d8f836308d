//! When does a price hold? Civil seconds of the contract's zone, and windows of them.
//!
//! Reads no clock: instants come in as arguments, and are turned into civil time once.

use std::fmt;

use jiff::Span;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::day::CivilDay;

/// Seconds in a day.
pub const DAY_SECONDS: i64 = 86_400;

/// An instant: seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Instant(pub i64);

/// A civil date-time without zone, as seconds since 1970-01-01T00:00:00 of the same calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CivilSecond(pub i64);

/// From `from` (included) to `to` (excluded), each open where absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Window {
    /// First second that is inside.
    pub from: Option<CivilSecond>,
    /// First second that is outside again.
    pub to: Option<CivilSecond>,
}

/// Why a text is no date-time, zone or window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ss`.
    #[error("is no date-time: write 2026-05-01 or 2026-05-01T12:30:00")]
    NotADateTime,
    /// Not `YYYY-MM-DD`.
    #[error("is no date: write 2026-05-01")]
    NotADate,
    /// Not an IANA zone.
    #[error("is no time zone: write an IANA name, as in Europe/Moscow")]
    NotAZone,
    /// Not an RFC 3339 instant.
    #[error("is no instant: write 2026-05-01T12:30:00Z or with an offset, as in +03:00")]
    NotAnInstant,
    /// The end is not after the begin.
    #[error("the window ends before or when it begins")]
    EmptyWindow,
    /// Outside the years 1 to 9999.
    #[error("is outside the years 1 to 9999")]
    OutOfRange,
}

/// What [`CivilSecond`] counts from.
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// Counts on the calendar itself: a time stamp would not reach the last day of the year 9999, which ERP files use for
/// "for ever".
fn seconds_of(at: DateTime) -> Result<CivilSecond, TimeError> {
    if at.year() < 1 {
        return Err(TimeError::OutOfRange);
    }
    Ok(CivilSecond(at.duration_since(EPOCH).as_secs()))
}

impl Instant {
    /// Reads an RFC 3339 instant.
    ///
    /// # Errors
    /// [`TimeError::NotAnInstant`].
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        text.parse::<jiff::Timestamp>()
            .map(|stamp| Self(stamp.as_second()))
            .map_err(|_| TimeError::NotAnInstant)
    }

    /// What the clock on the wall in `zone` shows.
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`] outside the years that the calendar covers.
    pub fn civil_in(self, zone: &TimeZone) -> Result<CivilSecond, TimeError> {
        let stamp = jiff::Timestamp::from_second(self.0).map_err(|_| TimeError::OutOfRange)?;
        Ok(CivilSecond(self.0 + i64::from(zone.to_offset(stamp).seconds())))
    }

    /// The first instant of a civil day in `zone`: its midnight, or the end of the gap where clocks skip that.
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`] outside the years that the calendar covers.
    pub fn begin_of(day: CivilDay, zone: &TimeZone) -> Result<Self, TimeError> {
        let midnight = EPOCH.checked_add(Span::new().try_days(day.0).map_err(|_| TimeError::OutOfRange)?);
        let midnight = midnight.map_err(|_| TimeError::OutOfRange)?;
        let begins =
            zone.to_ambiguous_zoned_datetime(midnight).compatible().and_then(|first| first.start_of_day());
        Ok(Self(begins.map_err(|_| TimeError::OutOfRange)?.timestamp().as_second()))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(stamp) => write!(f, "{stamp}"),
            Err(_) => write!(f, "{}s", self.0),
        }
    }
}

impl CivilSecond {
    /// Reads `2026-05-01` (its midnight), `2026-05-01T12:30:00` or the same with a blank for the `T`.
    ///
    /// # Errors
    /// [`TimeError::NotADateTime`].
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        Self::parse_with_precision(text).map(|(at, _)| at)
    }

    /// [`CivilSecond::parse`], and whether the text was a bare date.
    ///
    /// # Errors
    /// [`TimeError::NotADateTime`].
    pub fn parse_with_precision(text: &str) -> Result<(Self, bool), TimeError> {
        if text.len() == 10 {
            let date: Date = text.parse().map_err(|_| TimeError::NotADateTime)?;
            return Ok((seconds_of(date.at(0, 0, 0, 0))?, true));
        }
        let at: DateTime = text.parse().map_err(|_| TimeError::NotADateTime)?;
        if at.subsec_nanosecond() != 0 {
            return Err(TimeError::NotADateTime);
        }
        Ok((seconds_of(at)?, false))
    }

    /// The instant at which a clock in `zone` shows this, the first pass of an hour that occurs twice.
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`].
    pub fn instant_in(self, zone: &TimeZone) -> Result<Instant, TimeError> {
        let at = jiff::Timestamp::from_second(self.0)
            .map(|stamp| TimeZone::UTC.to_datetime(stamp))
            .map_err(|_| TimeError::OutOfRange)?;
        zone.to_ambiguous_timestamp(at)
            .earlier()
            .map(|stamp| Instant(stamp.as_second()))
            .map_err(|_| TimeError::OutOfRange)
    }
}

impl fmt::Display for CivilSecond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(at) = EPOCH.checked_add(jiff::SignedDuration::from_secs(self.0)) else {
            return write!(f, "{}s", self.0);
        };
        if self.0.rem_euclid(DAY_SECONDS) == 0 { write!(f, "{}", at.date()) } else { write!(f, "{at}") }
    }
}

impl Window {
    /// Open at both ends.
    pub const ALWAYS: Self = Self { from: None, to: None };

    /// A window of at least one second.
    ///
    /// # Errors
    /// [`TimeError::EmptyWindow`].
    pub fn new(from: Option<CivilSecond>, to: Option<CivilSecond>) -> Result<Self, TimeError> {
        match (from, to) {
            (Some(from), Some(to)) if from >= to => Err(TimeError::EmptyWindow),
            _ => Ok(Self { from, to }),
        }
    }

    /// Reads the three columns of a file; empty texts are open ends. `valid_through` is inclusive: a bare date
    /// stands for the whole of that day, a date-time for that second.
    ///
    /// # Errors
    /// The column at fault and what is wrong with it.
    pub fn parse(from: &str, to: &str, through: &str) -> Result<Self, (&'static str, TimeError)> {
        let read = |column: &'static str, text: &str| match text {
            "" => Ok(None),
            text => CivilSecond::parse_with_precision(text).map(Some).map_err(|e| (column, e)),
        };
        let begin = read("valid_from", from)?.map(|(at, _)| at);
        let end = match (read("valid_to", to)?, read("valid_through", through)?) {
            (Some(_), Some(_)) => return Err(("valid_through", TimeError::EmptyWindow)),
            (Some((at, _)), None) => Some(at),
            (None, Some((at, bare))) => {
                Some(CivilSecond(at.0.saturating_add(if bare { DAY_SECONDS } else { 1 })))
            }
            (None, None) => None,
        };
        Self::new(begin, end).map_err(|e| (if through.is_empty() { "valid_to" } else { "valid_through" }, e))
    }

    /// Does the window hold at `at`?
    #[must_use]
    pub fn covers(&self, at: CivilSecond) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }

    /// Which of two windows that cover the same instant wins? (rule C2): a bounded window beats an open-ended one,
    /// then the later start, then the earlier end. `Greater` where `self` wins.
    #[must_use]
    pub fn precedence(&self, other: &Self) -> std::cmp::Ordering {
        let bounded = |w: &Self| w.from.is_some() && w.to.is_some();
        let start = |w: &Self| w.from.map_or(i64::MIN, |at| at.0);
        let end = |w: &Self| w.to.map_or(i64::MAX, |at| at.0);
        bounded(self)
            .cmp(&bounded(other))
            .then(start(self).cmp(&start(other)))
            .then(end(other).cmp(&end(self)))
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (None, None) => f.write_str("always"),
            (Some(from), None) => write!(f, "from {from}"),
            (None, Some(to)) => write!(f, "until {to}"),
            (Some(from), Some(to)) => write!(f, "from {from} until {to}"),
        }
    }
}
