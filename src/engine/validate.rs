//! May a publication land, and what does it write? Asked on the writer's thread of the state so far.

use crate::domain::ids::{PublicationNo, SequenceNo};
use crate::domain::time::Instant;
use crate::store::{Batch, Family, RowKey, Store};

use super::change::{Change, DataChange, Prepared, PreparedRows};
use super::error::WriteError;
use super::log::LogEntry;
use super::policy::records::write_version;
use super::publication::Manifest;
use super::records::{pack, write_publication};
use super::view::View;

/// What a command comes to.
pub(super) enum Validated {
    Landed(Box<View>, Box<Manifest>),
    Overtaken(Box<Prepared>),
}

/// Checks a command against the state so far, and adds its outcome to the batch.
pub(super) fn validate(
    store: &Store,
    (before, now): (&View, Instant),
    mut prepared: Box<Prepared>,
    batch: &mut Batch,
) -> Result<Validated, WriteError> {
    if matches!(prepared.change, Change::Data(_)) && prepared.data_at != before.data_at {
        return Err(WriteError::Moved { base: prepared.data_at.0, now: before.data_at.0 });
    }
    if !prepared.policy.is_for(before) {
        return Ok(Validated::Overtaken(prepared));
    }
    let mut view = before.clone();
    view.publication = number_of(store, before, &prepared.change, batch)?;
    view.position = SequenceNo(before.position.0 + 1);
    view.command_time = before.command_time.max(now);
    view.policy = prepared.policy.policy.clone();
    let manifest = &mut prepared.manifest;
    (manifest.number, manifest.position, manifest.base) =
        (view.publication, view.position, before.publication);
    manifest.committed_at = view.command_time;
    match &prepared.change {
        Change::Data(change) => {
            let number = view.publication;
            change.apply(&mut view, number);
            view.data_at = number;
            view.refresh_contracts(before);
            for (list, segment, bytes) in change.inline() {
                let key = RowKey { publication: number.0, list: list.0, segment: *segment };
                batch.put_row(key, bytes);
            }
        }
        Change::Policy(change) => {
            if let Some(mark) = &mut manifest.policy {
                mark.version = view.policy.0.version;
            }
            write_version(batch, manifest, &change.files);
        }
    }
    view.follow_accounts(before, prepared.accounts.take());
    manifest.total_points = view.points();
    write_publication(batch, before, &view, manifest);
    batch.put_log(view.position.0, &pack(&LogEntry::Published(manifest.clone())));
    if let Some((key, answer)) = &prepared.request {
        batch.put(Family::Requests, key, &answer(manifest));
    }
    Ok(Validated::Landed(Box::new(view), Box::new(prepared.manifest)))
}

/// The number of a publication: the one that was reserved for its rows, unless a later one has landed since.
fn number_of(
    store: &Store,
    before: &View,
    change: &Change,
    batch: &mut Batch,
) -> Result<PublicationNo, WriteError> {
    let Change::Data(DataChange { rows: PreparedRows::Ingested(reserved), .. }) = change else {
        return Ok(PublicationNo(store.claim_publication(batch)?));
    };
    let number = match *reserved > before.publication {
        true => *reserved,
        false => PublicationNo(store.claim_publication(batch)?),
    };
    batch.own_rows(reserved.0, true);
    Ok(number)
}
