//! Who changes the store? One thread: it validates commands in order, commits them in groups of one synced batch,
//! swaps the view, and answers.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::store::{Batch, Store, StoreError};

use super::change::Prepared;
use super::clock::Clock;
use super::counts::Counts;
use super::error::{OpenError, WriteError};
use super::follow::{self, Keepers, Step};
use super::ledger::PostReport;
use super::ledger::limited::desk::{LimitAnswer, LimitAsk};
use super::ledger::loyalty::PointsRefusal;
use super::ledger::loyalty::book::Moved;
use super::ledger::loyalty::desk::{PointsAsk, PointsDesk};
use super::ledger::posting::{Item, Posting};
use super::ledger::settlement::closing::{Closing, Taken, WorkedOut};
use super::publication::Manifest;
use super::quotes::QuoteRefusal;
use super::quotes::desk::{QuoteAnswer, QuoteAsk, QuoteDesk};
use super::quotes::holding::Holders;
use super::retention::Retained;
use super::validate::{Validated, validate};
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
    Points(PointsAsk, Answer<PointsAnswer>),
    /// The flag: only say what would become of it.
    Quote(QuoteAsk, bool, Answer<QuoteOutcome>),
    Limits(LimitAsk, Answer<LimitAnswer>),
}

/// What became of points.
type PointsAnswer = Result<Moved, PointsRefusal>;

/// What became of a quote.
type QuoteOutcome = Result<QuoteAnswer, QuoteRefusal>;

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
    pub(super) fn start(
        store: Arc<Store>,
        views: Arc<Views>,
        retained: Retained,
        (clock, counts): (Clock, Arc<Counts>),
    ) -> Result<Self, OpenError> {
        let (commands, inbox) = channel();
        let posting = Posting::new(&store)?;
        let closing = Closing::new(&store)?;
        let points = PointsDesk::default();
        let quotes = QuoteDesk::new(&store)?;
        let mut state = State { store, views, retained, clock, counts, posting, closing, points, quotes };
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

    /// Does something with points, or says why not; returns once it is durable and seen by every later request.
    pub(super) fn move_points(&self, asked: PointsAsk) -> Result<PointsAnswer, WriteError> {
        self.ask(|answer| Command::Points(asked, answer))
    }

    /// Does something with a quote, or says why not; returns once it is durable. In a dry run nothing is written.
    pub(super) fn quote(&self, asked: QuoteAsk, dry_run: bool) -> Result<QuoteOutcome, WriteError> {
        self.ask(|answer| Command::Quote(asked, dry_run, answer))
    }

    /// Holds limits or gives a hold up, or says why not; returns once it is durable and seen by every later request.
    pub(super) fn hold_limits(&self, asked: LimitAsk) -> Result<LimitAnswer, WriteError> {
        self.ask(|answer| Command::Limits(asked, answer))
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
    clock: Clock,
    counts: Arc<Counts>,
    posting: Posting,
    closing: Closing,
    points: PointsDesk,
    quotes: QuoteDesk,
}

/// What is to be told once the group is committed, or was not.
type Done = Box<dyn FnOnce(Result<&mut Retained, WriteError>)>;

/// Answers with what became of a command, once that is durable.
fn done<T: 'static>(answer: Answer<T>, became: T) -> Done {
    Box::new(move |outcome| {
        let _caller_gone = answer.send(outcome.map(|_| became));
    })
}

/// The same of a publication, which is retained from then on.
fn published<T: 'static>(answer: Answer<T>, manifest: &Manifest, became: T) -> Done {
    let manifest = manifest.clone();
    Box::new(move |outcome| {
        let outcome = outcome.map(|retained| {
            retained.add(&manifest);
            became
        });
        let _caller_gone = answer.send(outcome);
    })
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
                    // Points are asked for once the documents that came with them are in the store, from which what they
                    // earned may have to be read; quotes take points.
                    let of_points =
                        |command: &Command| matches!(command, Command::Points(..) | Command::Quote(..));
                    let (points, others): (Vec<_>, Vec<_>) = group.into_iter().partition(of_points);
                    for group in [others, points].into_iter().filter(|group| !group.is_empty()) {
                        self.take_group(group);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            wait = match self.retained.retire_due(&self.store, &self.views, self.clock.now()) {
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
            None => {
                let commit = || self.store.commit(&group.batch).map(drop);
                self.counts.committing(group.done.len(), commit).map_err(WriteError::Storage)
            }
        };
        match committed {
            Ok(()) => {
                self.posting.committed();
                self.closing.committed();
                self.points.ended();
                self.quotes.committed();
                if !group.batch.is_empty() {
                    group.view.bound_accounts();
                    self.views.advance(group.view);
                }
                group.done.into_iter().for_each(|done| done(Ok(&mut self.retained)));
            }
            Err(error) => {
                self.posting.abandoned(&self.store);
                self.closing.abandoned(&self.store);
                self.points.ended();
                self.quotes.abandoned(&self.store);
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
        let Group { view, batch, done: told, overtaken } = group;
        let store = &*self.store;
        match command {
            Command::Publish(prepared, answer) => {
                match validate(store, (view, self.clock.now()), prepared, batch) {
                    Ok(Validated::Landed(next, manifest)) => {
                        *view = *next;
                        let of = (*manifest).clone();
                        told.push(published(answer, &of, Written::Published(manifest)));
                    }
                    Ok(Validated::Overtaken(prepared)) => overtaken.push((prepared, answer)),
                    Err(error) => refuse(answer, error),
                }
            }
            Command::Post(items, answer) => {
                view.command_time = view.command_time.max(self.clock.now());
                match self.posting.post(store, view, items, batch) {
                    Ok(report) => told.push(done(answer, report)),
                    Err(error) => return Err(broken(answer, error.into())),
                }
            }
            Command::TryPost(items, answer) => {
                let outcome = self.posting.would_post(store, &items);
                let _caller_gone = answer.send(outcome.map_err(WriteError::Records));
            }
            // What can't be read for a statement, for points or for limits is read before anything is written.
            Command::Settle(worked_out, answer) => {
                view.command_time = view.command_time.max(self.clock.now());
                match self.closing.take(store, view, *worked_out, batch) {
                    Ok(taken) => told.push(done(answer, taken)),
                    Err(error) => refuse(answer, error.into()),
                }
            }
            Command::Points(asked, answer) => {
                view.command_time = view.command_time.max(self.clock.now());
                match self.points.take(store, view, asked, batch) {
                    Ok(moved) => told.push(done(answer, moved)),
                    Err(error) => refuse(answer, error),
                }
            }
            Command::Quote(asked, dry_run, answer) => {
                view.command_time = view.command_time.max(self.clock.now());
                let Posting { limits, underway, .. } = &mut self.posting;
                let mut holders = Holders { limits, points: &mut self.points, underway };
                match self.quotes.take(store, (view, dry_run), asked, (&mut holders, batch)) {
                    Ok(outcome) => told.push(done(answer, outcome)),
                    Err(error) => return Err(broken(answer, error)),
                }
            }
            Command::Limits(asked, answer) => {
                view.command_time = view.command_time.max(self.clock.now());
                match self.posting.limits.take(store, view, asked, batch) {
                    Ok(moved) => told.push(done(answer, moved)),
                    Err(error) => refuse(answer, error.into()),
                }
            }
            Command::Follow(step, answer) => {
                let keepers = Keepers {
                    posting: &mut self.posting,
                    closing: &mut self.closing,
                    points: &mut self.points,
                    quotes: &mut self.quotes,
                };
                match follow::take(step, store, (keepers, view), batch) {
                    Ok(Some(manifest)) => told.push(published(answer, &manifest, ())),
                    Ok(None) => told.push(done(answer, ())),
                    Err(error) => return Err(broken(answer, error)),
                }
            }
        }
        Ok(())
    }
}

fn refuse<T>(answer: Answer<T>, error: WriteError) {
    let _caller_gone = answer.send(Err(error));
}

/// Refuses a command that left the batch in pieces. Returns what the others of its group are told.
fn broken<T>(answer: Answer<T>, error: WriteError) -> WriteError {
    let text = error.to_string();
    refuse(answer, error);
    StoreError::Corrupt { file: None, what: text }.into()
}

fn refuse_all(waiting: Vec<Done>, error: WriteError) {
    let text = error.to_string();
    let mut first = Some(error);
    for done in waiting {
        let error = first.take().unwrap_or(StoreError::Poisoned { first: text.clone() }.into());
        done(Err(error));
    }
}
