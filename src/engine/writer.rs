//! Who changes the store? One thread: it validates commands in order, commits them in groups of one synced batch,
//! swaps the view, and answers.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::domain::ids::{PublicationNo, SequenceNo};
use crate::store::{Batch, Family, RowKey, Store, StoreError};

use super::change::{Change, DataChange, Prepared, PreparedRows};
use super::clock;
use super::error::{OpenError, WriteError};
use super::policy::records::write_version;
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

/// What became of a command.
pub(super) enum Written {
    /// It is durable, and seen by every later request.
    Published(Box<Manifest>),
    /// What its policy was compiled for has moved on: to be compiled anew and sent again. Nothing was written.
    Overtaken(Box<Prepared>),
}

type Answer = SyncSender<Result<Written, WriteError>>;

struct Command {
    prepared: Box<Prepared>,
    answer: Answer,
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

    /// Commits a publication whose policy is compiled; returns once it is durable and seen by every later request.
    pub(super) fn publish(&self, prepared: Box<Prepared>) -> Result<Written, WriteError> {
        let (answer, outcome) = sync_channel(1);
        let commands = self.0.commands.as_ref().ok_or(WriteError::WriterGone)?;
        commands.send(Command { prepared, answer }).map_err(|_| WriteError::WriterGone)?;
        outcome.recv().map_err(|_| WriteError::WriterGone)?
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
    let (mut done, mut overtaken) = (Vec::with_capacity(group.len()), Vec::new());
    for Command { prepared, answer } in group {
        match validate(store, &view, prepared, &mut batch) {
            Ok(Validated::Landed(next, manifest)) => {
                view = *next;
                done.push((manifest, answer));
            }
            Ok(Validated::Overtaken(prepared)) => overtaken.push((prepared, answer)),
            Err(error) => {
                let _caller_gone = answer.send(Err(error));
            }
        }
    }
    if !done.is_empty() {
        match store.commit(&batch) {
            Ok(_) => {
                views.advance(view);
                for (manifest, answer) in done {
                    retained.add(&manifest);
                    let _caller_gone = answer.send(Ok(Written::Published(manifest)));
                }
            }
            Err(error) => refuse_all(done, error),
        }
    }
    // Only now, so that whoever compiles anew sees what overtook it.
    for (prepared, answer) in overtaken {
        let _caller_gone = answer.send(Ok(Written::Overtaken(prepared)));
    }
}

fn refuse_all(waiting: Vec<(Box<Manifest>, Answer)>, error: StoreError) {
    let text = error.to_string();
    let mut first = Some(error);
    for (_, answer) in waiting {
        let error = first.take().unwrap_or(StoreError::Poisoned { first: text.clone() });
        let _caller_gone = answer.send(Err(error.into()));
    }
}

/// What a command comes to.
enum Validated {
    Landed(Box<View>, Box<Manifest>),
    Overtaken(Box<Prepared>),
}

/// Checks a command against the state so far, and adds its outcome to the batch.
fn validate(
    store: &Store,
    before: &View,
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
    view.command_time = before.command_time.max(clock::now());
    view.policy = prepared.policy.policy;
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
