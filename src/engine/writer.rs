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
use super::follow::{self, Step};
use super::ledger::PostReport;
use super::ledger::posting::{Item, Posting};
use super::ledger::settlement::closing::{Closing, Taken, WorkedOut};
use super::log::LogEntry;
use super::policy::records::write_version;
use super::publication::Manifest;
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

type Answer<T> = SyncSender<Result<T, WriteError>>;

enum Command {
    Publish(Box<Prepared>, Answer<Written>),
    Post(Vec<Item>, Answer<PostReport>),
    /// What would become of documents: nothing is written.
    TryPost(Vec<Item>, Answer<PostReport>),
    /// What another store's log has.
    Follow(Step, Answer<()>),
    Settle(Box<WorkedOut>, Answer<Taken>),
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
        let posting = Posting::new(&store)?;
        let closing = Closing::new(&store)?;
        let mut state = State { store, views, retained, posting, closing };
        let ended = std::thread::Builder::new()
            .name("quoin-writer".to_owned())
            .spawn(move || state.run(&inbox))
            .map_err(OpenError::Thread)?;
        Ok(Self(Arc::new(Thread { commands: Some(commands), ended: Some(ended) })))
    }

    /// Commits a publication whose policy is compiled; returns once it is durable and seen by every later request.
    pub(super) fn publish(&self, prepared: Box<Prepared>) -> Result<Written, WriteError> {
        self.ask(|answer| Command::Publish(prepared, answer))
    }

    /// Posts documents; returns once they are durable and seen by every later request. In a dry run nothing is written.
    pub(super) fn post(&self, items: Vec<Item>, dry_run: bool) -> Result<PostReport, WriteError> {
        self.ask(|answer| match dry_run {
            false => Command::Post(items, answer),
            true => Command::TryPost(items, answer),
        })
    }

    /// Takes what another store's log has; returns once it is durable and seen by every later request.
    pub(super) fn follow(&self, step: Step) -> Result<(), WriteError> {
        self.ask(|answer| Command::Follow(step, answer))
    }

    /// Gives a statement its number; returns once it is durable, or with what stands in its way.
    pub(super) fn settle(&self, worked_out: WorkedOut) -> Result<Taken, WriteError> {
        self.ask(|answer| Command::Settle(Box::new(worked_out), answer))
    }

    fn ask<T>(&self, command: impl FnOnce(Answer<T>) -> Command) -> Result<T, WriteError> {
        let (answer, outcome) = sync_channel(1);
        let commands = self.0.commands.as_ref().ok_or(WriteError::WriterGone)?;
        commands.send(command(answer)).map_err(|_| WriteError::WriterGone)?;
        outcome.recv().map_err(|_| WriteError::WriterGone)?
    }
}

/// What only the writer's thread touches.
struct State {
    store: Arc<Store>,
    views: Arc<Views>,
    retained: Retained,
    posting: Posting,
    closing: Closing,
}

/// What is to be answered once the group is committed.
enum Done {
    Published(Box<Manifest>, Answer<Written>),
    Posted(PostReport, Answer<PostReport>),
    Followed(Option<Box<Manifest>>, Answer<()>),
    Settled(Taken, Answer<Taken>),
}

impl Done {
    fn tell(self, outcome: Result<&mut Retained, WriteError>) {
        match (self, outcome) {
            (Self::Published(manifest, answer), Ok(retained)) => {
                retained.add(&manifest);
                let _caller_gone = answer.send(Ok(Written::Published(manifest)));
            }
            (Self::Published(_, answer), Err(error)) => {
                let _caller_gone = answer.send(Err(error));
            }
            (Self::Posted(report, answer), Ok(_)) => {
                let _caller_gone = answer.send(Ok(report));
            }
            (Self::Posted(_, answer), Err(error)) => {
                let _caller_gone = answer.send(Err(error));
            }
            (Self::Followed(manifest, answer), Ok(retained)) => {
                if let Some(manifest) = manifest {
                    retained.add(&manifest);
                }
                let _caller_gone = answer.send(Ok(()));
            }
            (Self::Followed(_, answer), Err(error)) => {
                let _caller_gone = answer.send(Err(error));
            }
            (Self::Settled(taken, answer), Ok(_)) => {
                let _caller_gone = answer.send(Ok(taken));
            }
            (Self::Settled(_, answer), Err(error)) => {
                let _caller_gone = answer.send(Err(error));
            }
        }
    }
}

/// Commands that are taken together.
struct Group {
    view: View,
    batch: Batch,
    done: Vec<Done>,
    overtaken: Vec<(Box<Prepared>, Answer<Written>)>,
}

impl State {
    fn run(&mut self, inbox: &Receiver<Command>) {
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
                    self.take_group(group);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            wait = match self.retained.retire_due(&self.store, &self.views, clock::now()) {
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
    fn take_group(&mut self, commands: Vec<Command>) {
        let mut group = Group {
            view: (*self.views.newest()).clone(),
            batch: Batch::new(),
            done: Vec::with_capacity(commands.len()),
            overtaken: Vec::new(),
        };
        let mut broken = None;
        for command in commands {
            if let Err(error) = self.take(&mut group, command) {
                broken.get_or_insert(error);
            }
        }
        let committed = match broken {
            Some(error) => Err(error),
            None if group.batch.is_empty() => Ok(()),
            None => self.store.commit(&group.batch).map(drop).map_err(WriteError::Storage),
        };
        match committed {
            Ok(()) => {
                self.posting.committed();
                self.closing.committed();
                if !group.batch.is_empty() {
                    group.view.bound_accounts();
                    self.views.advance(group.view);
                }
                group.done.into_iter().for_each(|done| done.tell(Ok(&mut self.retained)));
            }
            Err(error) => {
                self.posting.abandoned(&self.store);
                self.closing.abandoned(&self.store);
                refuse_all(group.done, error);
            }
        }
        // Only now, so that whoever compiles anew sees what overtook it.
        for (prepared, answer) in group.overtaken {
            let _caller_gone = answer.send(Ok(Written::Overtaken(prepared)));
        }
    }

    /// Adds what a command comes to. An error means that the group's batch is not whole and must not be committed.
    fn take(&mut self, group: &mut Group, command: Command) -> Result<(), WriteError> {
        match command {
            Command::Publish(prepared, answer) => {
                match validate(&self.store, &group.view, prepared, &mut group.batch) {
                    Ok(Validated::Landed(next, manifest)) => {
                        group.view = *next;
                        group.done.push(Done::Published(manifest, answer));
                    }
                    Ok(Validated::Overtaken(prepared)) => group.overtaken.push((prepared, answer)),
                    Err(error) => {
                        let _caller_gone = answer.send(Err(error));
                    }
                }
            }
            Command::Post(items, answer) => {
                group.view.command_time = group.view.command_time.max(clock::now());
                match self.posting.post(&self.store, &mut group.view, items, &mut group.batch) {
                    Ok(report) => group.done.push(Done::Posted(report, answer)),
                    Err(error) => {
                        let text = error.to_string();
                        let _caller_gone = answer.send(Err(error.into()));
                        return Err(StoreError::Corrupt { file: None, what: text }.into());
                    }
                }
            }
            Command::Follow(step, answer) => {
                let states = (&mut self.posting, &mut group.view);
                match follow::take(step, &self.store, states, &mut group.batch) {
                    Ok(manifest) => group.done.push(Done::Followed(manifest, answer)),
                    Err(error) => {
                        let text = error.to_string();
                        let _caller_gone = answer.send(Err(error));
                        return Err(StoreError::Corrupt { file: None, what: text }.into());
                    }
                }
            }
            Command::Settle(worked_out, answer) => {
                group.view.command_time = group.view.command_time.max(clock::now());
                match self.closing.take(&self.store, &mut group.view, *worked_out, &mut group.batch) {
                    Ok(taken) => group.done.push(Done::Settled(taken, answer)),
                    Err(error) => {
                        let _caller_gone = answer.send(Err(error.into()));
                    }
                }
            }
            Command::TryPost(items, answer) => {
                let outcome = self.posting.would_post(&self.store, &items);
                let _caller_gone = answer.send(outcome.map_err(WriteError::Records));
            }
        }
        Ok(())
    }
}

fn refuse_all(waiting: Vec<Done>, error: WriteError) {
    let text = error.to_string();
    let mut first = Some(error);
    for done in waiting {
        let error = first.take().unwrap_or(StoreError::Poisoned { first: text.clone() }.into());
        done.tell(Err(error));
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
