//! Who wrote what, and who was refused? A chain of lines, each of which carries the SHA-256 of the one before it.
//!
//! A call that writes is in the file before it is made, and on the disk before it is answered; what came of it follows. Reads that
//! are allowed are not here, so that they cost nothing.

mod flood;
mod journal;
mod line;
mod telling;
mod verify;

pub use journal::AuditError;
pub use telling::Telling;
pub use verify::{Verified, verify};

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot, watch};
use tonic::{Code, Status};

use crate::api::caller::refused;
use crate::engine::clock::Clock;

use flood::Flood;
use journal::Journal;
use line::Line;

/// Where the log is within the data folder, unless it is kept elsewhere.
pub const FOLDER: &str = "audit";
/// When lines that are not of calls are on the disk at the latest.
const EVERY: Duration = Duration::from_secs(1);
/// Lines that are written together.
const TOGETHER: usize = 1_000;

/// When a call that writes is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AuditSync {
    /// Once its line is on the disk.
    #[default]
    Call,
    /// Once its line is in the file, which is on the disk within a second.
    Second,
}

impl AuditSync {
    /// What it is called.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Second => "second",
        }
    }
}

/// Where the audit log is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditOptions {
    /// The folder, made where it is not there.
    pub folder: PathBuf,
    /// When calls are answered.
    pub sync: AuditSync,
    /// A file that has so many bytes is followed by another.
    pub file_bytes: u64,
}

impl AuditOptions {
    /// The usual ones.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), sync: AuditSync::default(), file_bytes: 64 << 20 }
    }
}

enum Note {
    /// A call is about to be made: its number is told once it is in the file.
    Call(Line, oneshot::Sender<u64>),
    Line(Line),
}

/// The audit log of a running service.
pub struct Audit {
    notes: mpsc::UnboundedSender<Note>,
    flood: Arc<Mutex<Flood>>,
    /// Up to which line everything is on the disk.
    synced: watch::Receiver<u64>,
    sync: AuditSync,
    clock: Clock,
}

impl Audit {
    /// Opens the log and starts its thread, which ends when the log is dropped.
    ///
    /// # Errors
    /// Where the folder or its newest file cannot be read or written.
    pub fn open(
        options: &AuditOptions,
        clock: Clock,
        runtime: Runtime,
    ) -> Result<(Arc<Self>, JoinHandle<()>), AuditError> {
        let journal = Journal::open(options, clock.now())?;
        let (notes, heard) = mpsc::unbounded_channel();
        let (tell, synced) = watch::channel(0);
        let flood = Arc::new(Mutex::new(Flood::default()));
        let desk = Desk {
            journal,
            heard,
            tell,
            flood: Arc::clone(&flood),
            clock: clock.clone(),
            is_each: options.sync == AuditSync::Call,
        };
        let thread = Builder::new().name("quoin-audit".to_owned());
        let thread = thread.spawn(move || runtime.block_on(desk.run()));
        let thread = thread.map_err(|error| AuditError::new(&options.folder, error))?;
        Ok((Arc::new(Self { notes, flood, synced, sync: options.sync, clock }), thread))
    }

    /// Writes that a call is about to be made. Returns the number of its line.
    ///
    /// # Errors
    /// UNAVAILABLE where it cannot be written: then the call is not to be made.
    pub async fn begin(&self, caller: &str, peer: &str, call: &str) -> Result<u64, Status> {
        let line =
            Line::new("call", self.clock.now()).text("call", call).text("caller", caller).text("peer", peer);
        let (tell, told) = oneshot::channel();
        self.notes.send(Note::Call(line, tell)).map_err(|_| unavailable())?;
        told.await.map_err(|_| unavailable())
    }

    /// Returns once the line with this number is as safe as it is to be before a call is answered.
    ///
    /// # Errors
    /// UNAVAILABLE where it cannot be: what the call did may be there.
    pub async fn safe(&self, number: u64) -> Result<(), Status> {
        if self.sync == AuditSync::Second {
            return Ok(());
        }
        let mut synced = self.synced.clone();
        let waited = synced.wait_for(|through| *through >= number).await;
        waited.map(drop).map_err(|_| unavailable())
    }

    /// Writes what came of a call: its code, and between which positions of the command log it was made.
    pub(super) fn end(&self, number: u64, code: &str, positions: (u64, u64)) {
        let line = Line::new("answer", self.clock.now())
            .number("of", number)
            .text("code", code)
            .number("after_position", positions.0)
            .number("upto_position", positions.1);
        // The thread is gone only where no line can be written: that was told when it went.
        let _gone = self.notes.send(Note::Line(line));
    }

    /// Writes a refusal, or counts it where there are many.
    pub fn refused(&self, (caller, peer, call): (&str, &str, &str), code: Code, reason: &str) {
        let now = self.clock.now();
        let mut flood = self.flood.lock().unwrap_or_else(PoisonError::into_inner);
        if !flood.is_told(now, reason) {
            return;
        }
        drop(flood);
        let line = Line::new("refused", now)
            .text("call", call)
            .text("caller", caller)
            .text("peer", peer)
            .text("code", &format!("{code:?}"))
            .text("reason", reason);
        let _gone = self.notes.send(Note::Line(line));
    }
}

#[cold]
fn unavailable() -> Status {
    let what =
        "the audit log cannot be written: nothing is changed until it can, and the service was started anew";
    refused(Code::Unavailable, "AUDIT_UNAVAILABLE", what)
}

/// What the thread has.
struct Desk {
    journal: Journal,
    heard: mpsc::UnboundedReceiver<Note>,
    tell: watch::Sender<u64>,
    flood: Arc<Mutex<Flood>>,
    clock: Clock,
    /// Is the file synced for each call?
    is_each: bool,
}

impl Desk {
    async fn run(mut self) {
        let mut due = tokio::time::Instant::now() + EVERY;
        loop {
            let heard = tokio::time::timeout_at(due, self.heard.recv()).await;
            let is_due = heard.is_err();
            let ended = matches!(heard, Ok(None));
            let written = self.write(heard.ok().flatten(), is_due || ended);
            if let Err(error) = written {
                tracing::error!("calls that write are refused from now on: {error}");
                return;
            }
            if ended {
                return;
            }
            if is_due {
                due = tokio::time::Instant::now() + EVERY;
            }
        }
    }

    /// Writes what was heard, and syncs it where a call waits for that or it is time.
    fn write(&mut self, first: Option<Note>, is_time: bool) -> Result<(), AuditError> {
        let mut waits = false;
        let mut next = first;
        let mut count = 0;
        while let Some(note) = next {
            match note {
                Note::Call(line, told) => {
                    let number = self.journal.append(line)?;
                    waits |= self.is_each;
                    let _gone = told.send(number);
                }
                Note::Line(line) => drop(self.journal.append(line)?),
            }
            count += 1;
            next = if count < TOGETHER { self.heard.try_recv().ok() } else { None };
        }
        if is_time {
            let untold = self.flood.lock().unwrap_or_else(PoisonError::into_inner).take(self.clock.now());
            if let Some(line) = untold {
                self.journal.append(line)?;
            }
        }
        if waits || is_time {
            let through = self.journal.sync()?;
            self.tell.send_replace(through);
        }
        Ok(())
    }
}
