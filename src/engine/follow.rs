//! How does one store follow another? It takes the other's command log entry by entry, with the artefacts that publications name:
//! from empty, or from a checkpoint on.
//!
//! Entries carry outcomes, so that taking one computes nothing anew and reads no clock: what the follower answers is what the
//! leader answered at that position. Answers to request ids of publications are no part of the log: a publication that is sent
//! to both is made twice.

use crate::domain::ids::{PublicationNo, SequenceNo};
use crate::store::{Batch, Family, RowKey, Store};

use super::Engine;
use super::error::{FollowError, RecordError, WriteError};
use super::ledger::loyalty::desk::PointsDesk;
use super::ledger::posting::Posting;
use super::ledger::settlement::closing::Closing;
use super::log::LogEntry;
use super::publication::Manifest;
use super::quotes::desk::QuoteDesk;
use super::records::{self, Kind, PageName, damaged, family_of, key, unpack};
use super::view::View;

/// Entries of the ledger that are committed together.
const TOGETHER: usize = 4_096;

/// A page where it is: its key and its bytes.
type StoredPage = (Family, Vec<u8>, Vec<u8>);

/// What is taken in one commit.
pub(super) enum Step {
    /// Entries that are not publications, in the order of the log.
    Ledger(Vec<(SequenceNo, LogEntry)>),
    /// A publication.
    Published(Box<Artefacts>),
}

/// A publication, whose rows the store has already.
pub(super) struct Artefacts {
    manifest: Manifest,
    view: View,
    /// Bytes as the leader has them.
    pages: Vec<StoredPage>,
}

impl Engine {
    /// Takes everything that a leader's log has and this one has not. Returns how many entries that were. A store that follows
    /// is written to by nothing else.
    ///
    /// # Errors
    /// Where the logs have parted, or the leader no longer has what a publication wrote; what was taken before stays.
    pub fn follow(&self, leader: &Self) -> Result<u64, FollowError> {
        let begun = self.view().position;
        let mut next = begun;
        let mut waiting = Vec::new();
        let mut scan = leader.store.scan_log(begun.0.saturating_add(1))?;
        while let Some((position, bytes)) = scan.step()? {
            next = SequenceNo(next.0.saturating_add(1));
            if next.0 != position {
                return Err(FollowError::Gap { lacking: next.0 });
            }
            let mut entry: LogEntry = unpack(bytes).ok_or_else(|| damaged("of the log"))?;
            if let LogEntry::Quote(change) = &mut entry {
                change.with_content(&leader.store)?;
            }
            if let LogEntry::Published(manifest) = entry {
                self.take_waiting(&mut waiting)?;
                let artefacts = self.artefacts(leader, manifest)?;
                self.writer.follow(Step::Published(Box::new(artefacts)))?;
            } else {
                waiting.push((next, entry));
                if waiting.len() >= TOGETHER {
                    self.take_waiting(&mut waiting)?;
                }
            }
        }
        self.take_waiting(&mut waiting)?;
        Ok(next.0 - begun.0)
    }

    fn take_waiting(&self, waiting: &mut Vec<(SequenceNo, LogEntry)>) -> Result<(), FollowError> {
        if !waiting.is_empty() {
            self.writer.follow(Step::Ledger(std::mem::take(waiting)))?;
        }
        Ok(())
    }

    /// Fetches what a publication wrote; its rows are handed to the store, where they belong to nothing until it lands.
    fn artefacts(&self, leader: &Self, manifest: Manifest) -> Result<Artefacts, FollowError> {
        let retired = || FollowError::Retired { number: manifest.number.0 };
        let pages = written_by(&leader.store, &manifest)?.ok_or_else(retired)?;
        let mut view = records::load(&leader.store, &manifest)?;
        if manifest.policy.is_some() {
            view.data_at = self.view().data_at;
        }
        copy_rows(&leader.store, &self.store, manifest.number)?;
        Ok(Artefacts { manifest, view, pages })
    }
}

/// The pages that a publication wrote, with their keys and bytes, its manifest and the version of the policy that it is among
/// them; `None` where it is retired, or the one before it is.
fn written_by(store: &Store, manifest: &Manifest) -> Result<Option<Vec<StoredPage>>, RecordError> {
    let number = manifest.number;
    let written_key = key(Some(Kind::Written), 0, number);
    let Some(written) = store.get(Family::Records, &written_key)? else { return Ok(None) };
    let names: Vec<PageName> = unpack(&written).ok_or_else(|| damaged("of a publication's pages"))?;
    let mut keys: Vec<(Family, Vec<u8>)> =
        vec![(Family::Records, written_key), (Family::Records, key(Some(Kind::Publications), 0, number))];
    for (kind, page) in names {
        let stem: Vec<u8> = kind.into_iter().chain(page.to_be_bytes()).collect();
        keys.push((family_of(kind.is_some()), [stem.as_slice(), &number.0.to_be_bytes()].concat()));
    }
    if let Some(mark) = &manifest.policy {
        let page = usize::try_from(mark.version).unwrap_or(usize::MAX);
        let of_version = [Kind::Policies, Kind::PolicyFiles].map(|kind| key(Some(kind), page, number));
        keys.extend(of_version.map(|key| (Family::Records, key)));
    }
    let mut pages = Vec::with_capacity(keys.len());
    for (family, key) in keys {
        match store.get(family, &key)? {
            Some(bytes) => pages.push((family, key, bytes.to_vec())),
            None => return Ok(None),
        }
    }
    Ok(Some(pages))
}

fn copy_rows(from: &Store, to: &Store, publication: PublicationNo) -> Result<(), FollowError> {
    let PublicationNo(number) = publication;
    let mut rows = from.scan_rows(RowKey::first_of(number), RowKey::last_of(number))?;
    let mut ingest = to.begin_ingest(number)?;
    while let Some((key, row)) = rows.step()? {
        ingest.add(key, row)?;
    }
    Ok(to.ingest(ingest.finish()?)?)
}

/// Adds a step to a batch, on the writer's thread. Returns the manifest of a publication.
pub(super) fn take(
    step: Step,
    store: &Store,
    (mut keepers, view): (Keepers<'_>, &mut View),
    batch: &mut Batch,
) -> Result<Option<Box<Manifest>>, WriteError> {
    let expect = |view: &View, position: SequenceNo| match view.position.0.saturating_add(1) {
        next if next == position.0 => Ok(()),
        lacking => Err(damaged(&format!("of the log that is followed: position {lacking} is lacking"))),
    };
    match step {
        Step::Ledger(entries) => {
            for (position, entry) in entries {
                expect(view, position)?;
                view.position = position;
                view.command_time = entry.at();
                keepers.carry(store, view, entry, batch)?;
            }
            Ok(None)
        }
        Step::Published(artefacts) => {
            let Artefacts { manifest, view: mut next, pages } = *artefacts;
            expect(view, manifest.position)?;
            for (family, key, value) in &pages {
                batch.put(*family, key, value);
            }
            store.adopt_publication(manifest.number.0, batch)?;
            batch.put_log(manifest.position.0, &records::pack(&LogEntry::Published(manifest.clone())));
            next.follow_accounts(view, None);
            *view = next;
            Ok(Some(Box::new(manifest)))
        }
    }
}

/// What the writer keeps, beside the view, of what is in the log.
pub(super) struct Keepers<'k> {
    pub(super) posting: &'k mut Posting,
    pub(super) closing: &'k mut Closing,
    pub(super) points: &'k mut PointsDesk,
    pub(super) quotes: &'k mut QuoteDesk,
}

impl Keepers<'_> {
    /// Takes an entry of a leader's log.
    fn carry(
        &mut self,
        store: &Store,
        view: &mut View,
        entry: LogEntry,
        batch: &mut Batch,
    ) -> Result<(), RecordError> {
        match entry {
            // It has artefacts, and comes by itself.
            LogEntry::Published(_) => Err(damaged("of a publication among documents")),
            LogEntry::Posted(posted) => {
                batch.put_log(view.position.0, &records::pack(&LogEntry::Posted(posted.clone())));
                self.posting.apply(store, view, &posted, batch)?;
                self.posting.keep(posted.answer.position, posted.document);
                Ok(())
            }
            LogEntry::Parked(parked) => {
                self.posting.park(view, (parked.draft, parked.digest, parked.rest), batch);
                Ok(())
            }
            LogEntry::Settled(settled) => {
                self.closing.apply(&settled, batch);
                batch.put_log(view.position.0, &records::pack(&LogEntry::Settled(settled)));
                Ok(())
            }
            LogEntry::Quote(change) => {
                self.quotes.apply(store, (view, &mut self.posting.underway), &change, batch)?;
                batch.put_log(view.position.0, &records::pack(&LogEntry::Quote(change)));
                Ok(())
            }
            LogEntry::Points(made) => {
                self.points.apply(view, made, batch);
                Ok(())
            }
            LogEntry::Limit(made) => self.posting.limits.apply(store, view, made, batch),
        }
    }
}
