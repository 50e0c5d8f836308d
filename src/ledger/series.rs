//! How much was bought on which days? Sums by month and day, so that any window costs a few additions.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::day::{CivilDay, CivilMonth, Days};
use crate::domain::exact::Exact;

use super::by_document::ByDocument;
use super::owed::Owed;

/// Bytes that a day of a month takes.
const DAY_BYTES: usize = size_of::<(CivilDay, Exact)>();

/// Bytes that a month takes beside its days.
const MONTH_BYTES: usize = 96;

/// What was summed on the days of one month.
#[derive(Debug, Clone)]
struct Month {
    total: Exact,
    /// Ascending.
    days: Vec<(CivilDay, Exact)>,
}

impl Month {
    fn new() -> Self {
        Self { total: Exact::ZERO, days: Vec::new() }
    }

    fn add(&mut self, day: CivilDay, value: &Exact) {
        self.total = self.total.plus(value);
        match self.days.binary_search_by_key(&day, |(known, _)| *known) {
            Ok(at) => {
                if let Some((_, sum)) = self.days.get_mut(at) {
                    *sum = sum.plus(value);
                }
            }
            Err(at) => self.days.insert(at, (day, value.clone())),
        }
    }

    fn within(&self, month: CivilMonth, days: &Days) -> Exact {
        let whole = month.days();
        if days.first <= whole.first && whole.last <= days.last {
            return self.total.clone();
        }
        let inside = self.days.iter().filter(|(day, _)| days.hold(*day));
        inside.fold(Exact::ZERO, |sum, (_, value)| sum.plus(value))
    }
}

/// Sums by month, in months that versions of the series share.
#[derive(Debug, Clone, Default)]
pub struct Sums(BTreeMap<CivilMonth, Arc<Month>>);

impl Sums {
    /// Adds to a day.
    pub fn add(&mut self, day: CivilDay, value: &Exact) {
        let month = self.0.entry(day.month()).or_insert_with(|| Arc::new(Month::new()));
        Arc::make_mut(month).add(day, value);
    }

    /// What was added on those days.
    #[must_use]
    pub fn within(&self, days: &Days) -> Exact {
        within(days, |months| {
            self.0.range(months).fold(Exact::ZERO, |sum, (month, sums)| sum.plus(&sums.within(*month, days)))
        })
        .unwrap_or(Exact::ZERO)
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.values().map(|month| MONTH_BYTES + month.days.len() * DAY_BYTES).sum()
    }
}

/// Which of many things were bought: of each its quantity by month.
#[derive(Debug, Clone, Default)]
pub struct Members(BTreeMap<CivilMonth, Arc<BTreeMap<u32, Month>>>);

impl Members {
    /// Adds a quantity of a thing to a day.
    pub fn add(&mut self, day: CivilDay, member: u32, quantity: &Exact) {
        let month = Arc::make_mut(self.0.entry(day.month()).or_default());
        month.entry(member).or_insert_with(Month::new).add(day, quantity);
    }

    /// What was bought on those days, and not brought back whole; ascending.
    #[must_use]
    pub fn within(&self, days: &Days) -> Vec<u32> {
        let mut bought: BTreeMap<u32, Exact> = BTreeMap::new();
        within(days, |months| {
            for (month, members) in self.0.range(months) {
                for (member, sums) in members.iter() {
                    let sum = bought.entry(*member).or_insert(Exact::ZERO);
                    *sum = sum.plus(&sums.within(*month, days));
                }
            }
        });
        bought.into_iter().filter(|(_, sum)| sum.is_positive()).map(|(member, _)| member).collect()
    }

    fn bytes(&self) -> usize {
        let of_month = |members: &Arc<BTreeMap<u32, Month>>| {
            members.values().map(|month| MONTH_BYTES + month.days.len() * DAY_BYTES).sum::<usize>()
        };
        self.0.values().map(of_month).sum()
    }
}

fn within<T>(days: &Days, range: impl FnOnce(std::ops::RangeInclusive<CivilMonth>) -> T) -> Option<T> {
    (days.first <= days.last).then(|| range(days.first.month()..=days.last.month()))
}

/// What one measure counts of one contract.
#[derive(Debug, Clone)]
pub enum Series {
    /// A quantity, a weight or an amount.
    Sums(Sums),
    /// Distinct SKUs or categories.
    Members(Members),
    /// What is owed, and what of a measure is paid.
    Owed(Owed),
    /// Each document by itself.
    ByDocument(ByDocument),
}

impl Series {
    /// About how much memory it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Self::Sums(sums) => sums.bytes(),
            Self::Members(members) => members.bytes(),
            Self::Owed(owed) => owed.bytes(),
            Self::ByDocument(documents) => documents.bytes(),
        }
    }
}
