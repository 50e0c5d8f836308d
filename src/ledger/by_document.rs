//! What did each document count for? In the order of days and ids, in months that versions of the series share.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::day::{CivilDay, CivilMonth, Days};
use crate::domain::exact::Exact;

/// Bytes that a document takes, about.
const DOCUMENT_BYTES: usize = 96;

/// What one document counted for.
#[derive(Debug, Clone)]
struct Counted {
    day: CivilDay,
    document: Box<str>,
    value: Exact,
}

/// Documents, each with what it counted for.
#[derive(Debug, Clone, Default)]
pub struct ByDocument(BTreeMap<CivilMonth, Arc<Vec<Counted>>>);

impl ByDocument {
    /// Counts a document on a day; what comes to nothing is left out.
    pub fn add(&mut self, day: CivilDay, document: &str, value: &Exact) {
        let month = Arc::make_mut(self.0.entry(day.month()).or_default());
        let found = month.binary_search_by(|of| (of.day, &*of.document).cmp(&(day, document)));
        match found {
            Ok(at) => {
                let sum = month.get(at).map_or(Exact::ZERO, |of| of.value.plus(value));
                if sum.is_zero() {
                    month.remove(at);
                } else if let Some(of) = month.get_mut(at) {
                    of.value = sum;
                }
            }
            Err(_) if value.is_zero() => {}
            Err(at) => {
                month.insert(at, Counted { day, document: document.into(), value: value.clone() });
            }
        }
    }

    /// The documents up to a day, each with its day and what it counted for, by day and id.
    pub fn upto(&self, last: CivilDay) -> impl Iterator<Item = (CivilDay, &str, Exact)> {
        let months = self.0.range(..=last.month()).flat_map(|(_, month)| month.iter());
        months.filter(move |of| of.day <= last).map(|of| (of.day, &*of.document, of.value.clone()))
    }

    /// What those on these days counted for together.
    #[must_use]
    pub fn within(&self, days: &Days) -> Exact {
        let inside = self.upto(days.last).filter(|(day, _, _)| days.first <= *day);
        inside.fold(Exact::ZERO, |sum, (_, _, value)| sum.plus(&value))
    }

    /// About how much memory it takes.
    #[must_use]
    pub(super) fn bytes(&self) -> usize {
        self.0.values().map(|month| month.len() * DOCUMENT_BYTES).sum()
    }
}
