//! Which publications stay, and what goes with one that does not? Its own versions of pages, and the rows that only it
//! named: whole files where nothing else of their publication lives, single rows elsewhere.

use std::collections::{BTreeSet, VecDeque};

use crate::domain::ids::{ListId, PublicationNo};
use crate::domain::time::Instant;
use crate::matrix::directory::RowRef;
use crate::store::{Batch, RowKey, Store};

use super::error::RecordError;
use super::publication::Manifest;
use super::records;
use super::views::Views;

/// From so many dead rows on, it is asked whether their whole publications are dead, whose files then go at once.
const MANY_ROWS: usize = 4_096;
const SECONDS_PER_DAY: i64 = 86_400;

/// How far back a cart may be priced. The newest publication always stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// So many of the newest publications stay, whatever their age.
    pub publications: usize,
    /// A publication stays for so many days after the next one took its place.
    pub days: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { publications: 10, days: 30 }
    }
}

/// The publications that are retained, the oldest first, each with its time.
pub(super) struct Retained {
    policy: Option<Retention>,
    publications: VecDeque<(PublicationNo, Instant)>,
}

impl Retained {
    /// Without a policy everything stays.
    pub(super) fn new(policy: Option<Retention>, manifests: &[Manifest]) -> Self {
        let publications =
            manifests.iter().map(|manifest| (manifest.number, manifest.committed_at)).collect();
        Self { policy, publications }
    }

    pub(super) fn add(&mut self, manifest: &Manifest) {
        self.publications.push_back((manifest.number, manifest.committed_at));
    }

    /// The oldest publication and its successor, where the oldest need not stay.
    fn due(&self, now: Instant) -> Option<(PublicationNo, PublicationNo)> {
        let policy = self.policy?;
        let (oldest, successor) = (self.publications.front()?, self.publications.get(1)?);
        let kept_until = successor.1.0.saturating_add(i64::from(policy.days).saturating_mul(SECONDS_PER_DAY));
        let old = now.0 >= kept_until;
        (old && self.publications.len() > policy.publications.max(1)).then_some((oldest.0, successor.0))
    }

    /// Retires what need not stay and nobody holds; false where something is still held.
    ///
    /// # Errors
    /// Where the store refuses or a page is damaged; what was retired before that is gone whole.
    pub(super) fn retire_due(
        &mut self,
        store: &Store,
        views: &Views,
        now: Instant,
    ) -> Result<bool, RecordError> {
        while let Some((oldest, successor)) = self.due(now) {
            if !views.retire_before(successor) {
                return Ok(false);
            }
            retire(store, oldest, successor)?;
            self.publications.pop_front();
        }
        Ok(true)
    }
}

fn retire(store: &Store, oldest: PublicationNo, successor: PublicationNo) -> Result<(), RecordError> {
    let mut batch = Batch::new();
    let dead = records::write_retirement(&mut batch, store, oldest, successor)?;
    let whole =
        if dead.len() > MANY_ROWS { dead_publications(store, successor, &dead)? } else { BTreeSet::new() };
    whole.iter().for_each(|publication| batch.own_rows(*publication, false));
    for (list, row) in dead.iter().filter(|(_, row)| !whole.contains(&row.publication.0)) {
        for segment in (0..=u16::MAX).take(row.segments()) {
            batch.delete_row(RowKey { publication: row.publication.0, list: list.0, segment });
        }
    }
    store.commit(&batch)?;
    store.remove_unowned(&whole.into_iter().collect::<Vec<_>>())?;
    Ok(())
}

/// The publications of dead rows of which no row lives.
fn dead_publications(
    store: &Store,
    successor: PublicationNo,
    dead: &[(ListId, RowRef)],
) -> Result<BTreeSet<u64>, RecordError> {
    let directory = records::directory(store, successor)?;
    let living: BTreeSet<u64> = directory.iter().map(|(_, row)| row.publication.0).collect();
    Ok(dead.iter().map(|(_, row)| row.publication.0).filter(|number| !living.contains(number)).collect())
}
