//! Who changes the store? One thread: it validates commands in order, commits them in groups of one synced batch,
//! swaps the view, and answers.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::domain::catalogue::Catalogue;
use crate::domain::ids::{ListId, PublicationNo, SequenceNo};
use crate::matrix::directory::RowRef;
use crate::matrix::epoch::CodecEpoch;
use crate::store::{Batch, Family, RowKey, StagedRows, Store, StoreError};

use super::clock;
use super::error::{ImportError, OpenError};
use super::publication::{LogEntry, Manifest};
use super::records::{pack, write_publication};
use super::retention::Retained;
use super::view::View;
use super::views::Views;

/// Commands that one batch may carry.
const GROUP_MAX: usize = 64;

/// How often the writer looks for publications to retire where nothing is published.
const RETIRE_EVERY: Duration = Duration::from_secs(60);
/// The same where one is due and a request still holds it.
const RETIRE_SOON: Duration = Duration::from_millis(500);

/// A row that is to be named by the directory; `None` removes the list's row.
pub(super) type RowChange = (ListId, Option<RowRef>);

/// Key of an idempotency record, and what finishes its value once the manifest is known.
pub(super) type RequestRecord = (Vec<u8>, Box<dyn Fn(&Manifest) -> Vec<u8> + Send>);

/// Where the rows of a publication are.
pub(super) enum PreparedRows {
    /// Few: they go into the batch.
    Inline(Vec<(ListId, u16, Vec<u8>)>),
    /// Many: they are in files, under a publication number that was reserved for them.
    Staged(PublicationNo, StagedRows),
}

/// A publication that only has to be committed.
pub(super) struct Prepared {
    pub(super) catalogue: Catalogue,
    pub(super) changes: Vec<RowChange>,
    pub(super) rows: PreparedRows,
    pub(super) epoch: Option<CodecEpoch>,
    /// Its number, position and time are filled in by the writer.
    pub(super) manifest: Manifest,
    pub(super) request: Option<RequestRecord>,
}

struct Command {
    prepared: Box<Prepared>,
    answer: SyncSender<Result<Manifest, ImportError>>,
}

/// The way to the writer's thread; the last one to go waits until the thread has let go of the store.
#[derive(Clone)]
pub(super) struct Writer(Arc<Thread>);

/// The thread ends when nobody can send it a command any more. Whoever lets go last waits for it: a process that ended
/// while the thread still closed RocksDB would take RocksDB's own globals from under it.
struct Thread {
    commands: Option<Sender<Command>>,
    ended: Option<JoinHandle<()>>,
}

impl Drop for Thread {
    fn drop(&mut self) {
        drop(self.commands.take());
        if let Some(ended) = self.ended.take() {
            // A panic of the thread has been told by the panic itself.
            drop(ended.join());
        }
    }
}

impl Writer {
    pub(super) fn start(store: Arc<Store>, views: Arc<Views>, retained: Retained) -> Result<Self, OpenError> {
        let (commands, inbox) = channel();
        let ended = std::thread::Builder::new()
            .name("quoin-writer".to_owned())
            .spawn(move || run(&store, &views, retained, &inbox))
            .map_err(OpenError::Thread)?;
        Ok(Self(Arc::new(Thread { commands: Some(commands), ended: Some(ended) })))
    }

    /// Commits a publication; returns once it is durable and seen by every later request.
    pub(super) fn publish(&self, prepared: Prepared) -> Result<Manifest, ImportError> {
        let (answer, outcome) = sync_channel(1);
        let commands = self.0.commands.as_ref().ok_or(ImportError::WriterGone)?;
        commands
            .send(Command { prepared: Box::new(prepared), answer })
            .map_err(|_| ImportError::WriterGone)?;
        outcome.recv().map_err(|_| ImportError::WriterGone)?
    }
}

fn run(store: &Store, views: &Views, mut retained: Retained, inbox: &Receiver<Command>) {
    let mut wait = RETIRE_EVERY;
    loop {
        match inbox.recv_timeout(wait) {
            Ok(first) => {
                let mut group = vec![first];
                while group.len() < GROUP_MAX
                    && let Ok(next) = inbox.try_recv()
                {
                    group.push(next);
                }
                take_group(store, views, &mut retained, group);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        wait = match retained.retire_due(store, views, clock::now()) {
            Ok(true) => RETIRE_EVERY,
            Ok(false) => RETIRE_SOON,
            Err(error) => {
                tracing::warn!(%error, "publications could not be retired");
                RETIRE_EVERY
            }
        };
    }
}

/// Validates commands in order, commits them as one batch, shows them and answers.
fn take_group(store: &Store, views: &Views, retained: &mut Retained, group: Vec<Command>) {
    let mut view = (*views.newest()).clone();
    let mut batch = Batch::new();
    let mut done = Vec::with_capacity(group.len());
    for Command { prepared, answer } in group {
        match validate(store, &view, *prepared, &mut batch) {
            Ok((next, manifest)) => {
                view = next;
                done.push((manifest, answer));
            }
            Err(error) => {
                let _caller_gone = answer.send(Err(error));
            }
        }
    }
    if done.is_empty() {
        return;
    }
    match store.commit(&batch) {
        Ok(_) => {
            views.advance(view);
            for (manifest, answer) in done {
                retained.add(&manifest);
                let _caller_gone = answer.send(Ok(manifest));
            }
        }
        Err(error) => refuse_all(done, error),
    }
}

type Waiting = (Manifest, SyncSender<Result<Manifest, ImportError>>);

fn refuse_all(waiting: Vec<Waiting>, error: StoreError) {
    let text = error.to_string();
    let mut first = Some(error);
    for (_, answer) in waiting {
        let error = first.take().unwrap_or(StoreError::Poisoned { first: text.clone() });
        let _caller_gone = answer.send(Err(error.into()));
    }
}

/// Checks a command against the state so far, and adds its outcome to the batch.
fn validate(
    store: &Store,
    before: &View,
    mut prepared: Prepared,
    batch: &mut Batch,
) -> Result<(View, Manifest), ImportError> {
    if prepared.manifest.base != before.publication {
        return Err(ImportError::Moved { base: prepared.manifest.base.0, now: before.publication.0 });
    }
    let number = match &prepared.rows {
        PreparedRows::Staged(number, _) => *number,
        PreparedRows::Inline(_) => PublicationNo(store.claim_publication(batch)?),
    };
    match prepared.rows {
        PreparedRows::Staged(_, staged) => {
            store.ingest(staged)?;
            batch.own_rows(number.0, true);
        }
        PreparedRows::Inline(rows) => {
            for (list, segment, bytes) in rows {
                batch.put_row(RowKey { publication: number.0, list: list.0, segment }, &bytes);
            }
        }
    }
    let mut view = before.clone();
    view.publication = number;
    view.position = SequenceNo(before.position.0 + 1);
    view.command_time = before.command_time.max(clock::now());
    view.catalogue = prepared.catalogue;
    for (list, row) in prepared.changes {
        view.directory.set(list, row.map(|row| RowRef { publication: number, ..row }));
    }
    if let Some(epoch) = prepared.epoch {
        let mut epochs = (*view.epochs).clone();
        let named: BTreeSet<u32> = view.directory.iter().map(|(_, row)| row.epoch).collect();
        epochs.retain(|number, _| named.contains(number));
        epochs.insert(epoch.number(), Arc::new(epoch));
        view.epochs = Arc::new(epochs);
    }
    view.refresh_contracts(before);
    let manifest = &mut prepared.manifest;
    (manifest.number, manifest.position, manifest.committed_at) = (number, view.position, view.command_time);
    manifest.total_points = view.points();
    write_publication(batch, before, &view, manifest);
    batch.put_log(view.position.0, &pack(&LogEntry::Published(manifest.clone())));
    if let Some((key, answer)) = &prepared.request {
        batch.put(Family::Requests, key, &answer(manifest));
    }
    Ok((view, prepared.manifest))
}
