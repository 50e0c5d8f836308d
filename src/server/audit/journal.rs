//! Where do the lines stand? In files that follow each other, and beside them how far the chain has come.
//!
//! `audit-<number of its first line, 20 digits>.jsonl`, and `audit.head`: number and SHA-256 of the last line that was synced. The
//! head is written after the sync, so that a chain that ends before its head has lost its end.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::domain::time::Instant;

use super::AuditOptions;
use super::line::{Line, NO_LINE, hash, place};

/// How files of the log are named.
const NAME: (&str, &str) = ("audit-", ".jsonl");
/// How far the chain has come.
const HEAD: &str = "audit.head";
/// Longest line that is looked for at the end of a file.
const LINE_BYTES: u64 = 64 << 10;

/// Why the log cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("audit log {}: {what}", path.display())]
pub struct AuditError {
    path: PathBuf,
    what: String,
}

impl AuditError {
    pub(super) fn new(path: &Path, what: impl std::fmt::Display) -> Self {
        Self { path: path.to_owned(), what: what.to_string() }
    }
}

/// The end of the chain, where lines are added.
pub struct Journal {
    folder: PathBuf,
    file: File,
    path: PathBuf,
    head: File,
    bytes: u64,
    bytes_most: u64,
    last: u64,
    hash: String,
}

/// The files of a log, in their order.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, AuditError> {
    let failed = |error: io::Error| AuditError::new(folder, error);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.strip_prefix(NAME.0).and_then(|rest| rest.strip_suffix(NAME.1)).is_some() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Number and hash of the last line that was synced; none where none was.
pub fn head(folder: &Path) -> Result<Option<(u64, String)>, AuditError> {
    let path = folder.join(HEAD);
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            let read =
                text.trim().split_once(' ').and_then(|(n, hash)| Some((n.parse().ok()?, hash.to_owned())));
            match read {
                Some(read) => Ok(Some(read)),
                None if text.trim().is_empty() => Ok(None),
                None => Err(AuditError::new(&path, "is no head of an audit log")),
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(AuditError::new(&path, error)),
    }
}

fn name_of(folder: &Path, first: u64) -> PathBuf {
    folder.join(format!("{}{first:020}{}", NAME.0, NAME.1))
}

/// The last whole line of a file, and how many bytes of one that is not whole follow it.
fn end_of(file: &mut File) -> io::Result<(Option<String>, u64)> {
    let length = file.metadata()?.len();
    let from = length.saturating_sub(LINE_BYTES);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.take(LINE_BYTES).read_to_end(&mut tail)?;
    let whole = tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let torn = u64::try_from(tail.len() - whole).unwrap_or(u64::MAX);
    let lines = String::from_utf8_lossy(tail.get(..whole).unwrap_or_default()).into_owned();
    Ok((lines.lines().last().map(str::to_owned), torn))
}

impl Journal {
    /// Goes on where the last run ended, and says so in a line.
    pub fn open(options: &AuditOptions, now: Instant) -> Result<Self, AuditError> {
        let folder = &options.folder;
        let failed = |error: io::Error| AuditError::new(folder, error);
        std::fs::create_dir_all(folder).map_err(failed)?;
        let opened = OpenOptions::new().write(true).create(true).truncate(false).open(folder.join(HEAD));
        let head_file = opened.map_err(failed)?;
        head_file
            .try_lock()
            .map_err(|error| AuditError::new(folder, format!("another process writes it: {error}")))?;
        let newest = files(folder)?.pop();
        let path = newest.clone().unwrap_or_else(|| name_of(folder, 1));
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path).map_err(failed)?;
        let (line, torn) = end_of(&mut file).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        // What was not written whole was not answered for.
        file.set_len(length - torn).map_err(failed)?;
        let (last, hash) = match (&line, newest) {
            (Some(line), _) => match place(line) {
                Some((number, _)) => (number, hash(line)),
                None => {
                    return Err(AuditError::new(&path, "its last line is none of ours: move the file away"));
                }
            },
            // A new file of which nothing was written yet.
            (None, Some(_)) => before_empty(folder, &path)?,
            (None, None) => (0, NO_LINE.to_owned()),
        };
        let synced = head(folder)?.map_or(0, |(number, _)| number);
        let mut journal = Self {
            folder: folder.clone(),
            file,
            path,
            head: head_file,
            bytes: length - torn,
            bytes_most: options.file_bytes.max(1),
            last,
            hash,
        };
        let mut opened = Line::new("opened", now).text("version", env!("CARGO_PKG_VERSION"));
        if torn > 0 {
            opened = opened.number("torn_bytes", torn);
        }
        if synced > last {
            tracing::error!(
                last,
                synced,
                "the audit log has lost its end: lines that were written are not there"
            );
            opened = opened.number("lost_from", last + 1).number("lost_through", synced);
            // Numbers are not used twice.
            journal.last = synced;
        }
        journal.append(opened)?;
        journal.sync()?;
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        tracing::info!(folder = %folder.display(), n = journal.last, head = journal.hash, "audit log");
        Ok(journal)
    }

    /// Adds a line; returns its number.
    pub fn append(&mut self, line: Line) -> Result<u64, AuditError> {
        if self.bytes >= self.bytes_most {
            self.sync()?;
            let path = name_of(&self.folder, self.last + 1);
            let failed = |error: io::Error| AuditError::new(&path, error);
            self.file = OpenOptions::new().append(true).create_new(true).open(&path).map_err(failed)?;
            File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
            tracing::info!(file = %path.display(), n = self.last, head = self.hash, "audit log goes on");
            (self.path, self.bytes) = (path, 0);
        }
        let number = self.last + 1;
        let mut written = line.written(number, &self.hash);
        let hash = hash(&written);
        written.push('\n');
        self.file.write_all(written.as_bytes()).map_err(|error| AuditError::new(&self.path, error))?;
        (self.last, self.hash) = (number, hash);
        self.bytes += u64::try_from(written.len()).unwrap_or(u64::MAX);
        Ok(number)
    }

    /// Brings all lines to the disk, and notes how far the chain has come. Returns the number of the last.
    pub fn sync(&mut self) -> Result<u64, AuditError> {
        let failed = |error: io::Error| AuditError::new(&self.path, error);
        self.file.sync_data().map_err(failed)?;
        // Always as long as before, or longer.
        let head = format!("{} {}\n", self.last, self.hash);
        self.head
            .seek(SeekFrom::Start(0))
            .and_then(|_| self.head.write_all(head.as_bytes()))
            .map_err(failed)?;
        Ok(self.last)
    }
}

/// Where the chain ended before a file in which nothing was written.
fn before_empty(folder: &Path, empty: &Path) -> Result<(u64, String), AuditError> {
    let before = files(folder)?.into_iter().rfind(|path| path != empty);
    let Some(before) = before else { return Ok((0, NO_LINE.to_owned())) };
    let end = File::open(&before).and_then(|mut file| end_of(&mut file));
    let (line, _) = end.map_err(|error| AuditError::new(&before, error))?;
    let line = line.ok_or_else(|| AuditError::new(&before, "has no line"))?;
    let (number, _) =
        place(&line).ok_or_else(|| AuditError::new(&before, "its last line is none of ours"))?;
    Ok((number, hash(&line)))
}
