//! Does what was acknowledged outlive a crash, and is what was not acknowledged there whole or not at all?
//!
//! The story. It is night, the ERP uploads one price file after another, and the machine's owner pulls the plug, or the
//! kernel kills the process for its memory, or a deployment does not wait. In the morning each file is either a
//! publication, with every price that it named, or it never happened. A file whose import was answered "published" must
//! be there. The one that was in flight may be there or not: nobody was told. Sent again under the same request id, it is
//! published now or found to have been, and in neither case twice. What the dead process left behind, uploads half
//! spooled, table files written and not yet taken in, rows taken in under a number that was never committed, is gone once
//! the folder was opened, and no number that it had taken is given again. And who opens the folder may be killed too.
//!
//! So the test is the ERP. It publishes imports whose content follows from their number, small ones and bulk ones in
//! turn, and sends SIGKILL at instants spread over the time that an undisturbed import takes, and at two that chance seldom
//! finds: when rows stand in files beside the database, and when they are in it and not yet named. Then it opens the
//! folder, compares every price of every publication, and goes on where it was.
//!
//! A kill forgives a missing sync: the kernel still holds what the dead process wrote. So RocksDB's own count of syncs of
//! its log is held against what was acknowledged, one by one.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use quoin::engine::caller::Caller;
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::engine::{Engine, EngineOptions};
use quoin::exchange::source::Source;
use tempfile::TempDir;

use crate::effort;

mod content;
mod inspect;
mod victim;

use victim::{Aim, Doomed, Told};

/// Kills of importing processes, and of the openings after them, and of serving ones.
const IMPORTS_KILLED: u32 = 40;
const SERVERS_KILLED: u32 = 20;
/// Imports into one folder: every publication is read after every kill.
const IMPORTS_A_FOLDER: u32 = 8;
/// How often the process that opens the folder after a kill is killed too.
const OPENING_KILLED_EVERY: u32 = 3;

/// A folder that lives through crashes.
struct Trial {
    folder: TempDir,
    /// The import that is asked for next.
    next: u32,
    acknowledged: Option<u32>,
    /// The newest import that was there at the last look.
    there: Option<u32>,
}

impl Trial {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("files")).unwrap();
        Self { folder, next: 0, acknowledged: None, there: None }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn files(&self, import: u32) -> Vec<PathBuf> {
        let folder = self.folder.path().join("files").join(import.to_string());
        if folder.exists() {
            return std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        }
        std::fs::create_dir(&folder).unwrap();
        content::write(&folder, import)
    }

    fn hears(&mut self, told: &Told) {
        if told.acknowledged {
            assert_eq!(told.repeated, self.there == Some(self.next), "import {}: {told:?}", self.next);
            self.acknowledged = Some(self.next);
        }
    }

    /// Imports the next one, undisturbed, or hears that it was there.
    fn publish(&mut self) -> Duration {
        let files = self.files(self.next);
        let begun = Instant::now();
        let told = victim::import_whole(&self.data(), self.next, &files);
        let taken = begun.elapsed();
        self.hears(&told);
        self.next += 1;
        taken
    }

    fn look(&mut self) {
        self.there = inspect::newest_import(&self.data(), self.acknowledged, self.next);
    }
}

/// How long undisturbed imports take here and now.
struct Undisturbed {
    first: Duration,
    bulk: Duration,
    small: Duration,
    opening: Duration,
}

impl Undisturbed {
    fn measure() -> Self {
        let mut trial = Trial::new();
        let (first, small, bulk) = (trial.publish(), trial.publish(), trial.publish());
        let begun = Instant::now();
        drop(Engine::open(&EngineOptions::new(trial.data())).unwrap());
        let opening = begun.elapsed();
        trial.next -= 1;
        trial.look();
        assert_eq!(trial.there, Some(2));
        println!("undisturbed: first {first:?}, bulk {bulk:?}, small {small:?}, opening {opening:?}");
        Self { first, bulk, small, opening }
    }

    fn of(&self, import: u32) -> Duration {
        match import {
            0 => self.first,
            bulk if content::is_bulk(bulk) => self.bulk,
            _ => self.small,
        }
    }
}

/// An instant within `whole`: chance, but spread over it from attempt to attempt.
fn instant(whole: Duration, attempt: u32, attempts: u32) -> Duration {
    let chance = content::mixed(effort::seed() ^ u64::from(attempt).rotate_left(32));
    let within = u32::try_from(chance % 1_000).unwrap();
    whole * (attempt % attempts * 1_000 + within) / (attempts * 1_000)
}

/// Where the attempt is aimed. Imports take turns, so that the even attempts meet bulk ones.
fn aim(undisturbed: Duration, attempt: u32, attempts: u32) -> Aim {
    match attempt % 12 {
        2 | 8 => Aim::Ingested,
        4 => Aim::Staged,
        _ => Aim::After(instant(undisturbed, attempt, attempts)),
    }
}

#[test]
fn importing_processes_are_killed() {
    let undisturbed = Undisturbed::measure();
    let wanted = effort::count(IMPORTS_KILLED);
    let mut trial = Trial::new();
    let (mut attempt, mut kills, mut openings, mut landed, mut orphans) = (0, 0, 0, 0, 0);
    while kills < wanted {
        if trial.next == IMPORTS_A_FOLDER {
            trial = Trial::new();
        }
        let files = trial.files(trial.next);
        let aim = aim(undisturbed.of(trial.next), attempt, wanted);
        let told = victim::import_killed(&trial.data(), trial.next, &files, aim);
        trial.hears(&told);
        assert!(told.killed || told.acknowledged, "import {} ended by itself: {told:?}", trial.next);
        let lying = inspect::publications_with_rows(&trial.data());
        if attempt % OPENING_KILLED_EVERY == 0 {
            let delay = instant(undisturbed.opening, attempt, wanted);
            openings += u32::from(victim::opening_killed(&trial.data(), delay));
        }
        trial.look();
        orphans += u32::from(lying != inspect::publications_with_rows(&trial.data()));
        kills += u32::from(told.killed);
        landed += u32::from(told.killed && trial.there == Some(trial.next));
        trial.publish();
        attempt += 1;
    }
    trial.next -= 1;
    trial.look();
    println!(
        "{kills} imports killed: {orphans} left rows that nobody names, {landed} had committed; {openings} openings killed"
    );
}

#[test]
fn a_server_is_killed_while_files_are_uploaded() {
    let undisturbed = Undisturbed::measure();
    let wanted = effort::count(SERVERS_KILLED);
    let mut trial = Trial::new();
    let (mut landed, mut uploads) = (0, 0);
    for attempt in 0..wanted {
        if trial.next == 0 || trial.next >= IMPORTS_A_FOLDER {
            trial = Trial::new();
            trial.publish();
        }
        // Files are written before the clock is started.
        (trial.next..trial.next + 4).for_each(|import| drop(trial.files(import)));
        let whole = (undisturbed.bulk + undisturbed.small) * 3 / 2;
        let server = Doomed::start(&trial.data(), instant(whole, attempt, wanted));
        loop {
            let told = server.upload(&trial.data(), trial.next, &trial.files(trial.next));
            trial.hears(&told);
            if !told.acknowledged {
                break;
            }
            trial.next += 1;
            uploads += 1;
        }
        server.ended();
        trial.look();
        landed += u32::from(trial.there == Some(trial.next));
    }
    trial.publish();
    trial.next -= 1;
    trial.look();
    println!("{wanted} servers killed, {uploads} uploads acknowledged, {landed} landed unacknowledged");
}

#[test]
fn every_acknowledged_publication_was_synced() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(&EngineOptions::new(folder.path().join("data"))).unwrap();
    let store = engine.store();
    assert!(store.counters().is_some(), "nothing is counted");
    for import in 0..effort::count(80) {
        let (syncs, commits) = (store.wal_syncs(), store.commits_synced());
        publish(&engine, folder.path(), import);
        // A bulk import also makes its number durable before its rows come in.
        let groups = if content::is_bulk(import) { 2 } else { 1 };
        assert!(store.commits_synced() - commits >= groups, "import {import}");
        assert!(store.wal_syncs() - syncs >= store.commits_synced() - commits, "import {import}: not synced");
    }
}

fn publish(engine: &Engine, folder: &Path, import: u32) {
    let files = content::write(folder, import);
    let sources = Source::of_paths(files, None).unwrap();
    let job = ImportJob { sources, confirm: true, ..ImportJob::default() };
    let report = engine.import(&Caller::operator(), &job, &Silent).unwrap();
    assert_eq!(report.verdict, Verdict::Published, "{:?}", report.refused);
}
