//! How does a write become durable? One batch, one sync, one at a time; after a failure, none.

use std::sync::atomic::Ordering;
use std::sync::{MutexGuard, PoisonError};

use rocksdb::{WriteBatch, WriteOptions};

use super::identity::ID_KEY;
use super::{Batch, Family, Store, StoreError, StoreId};

pub(super) const FORMAT_KEY: &[u8] = b"store/format";
const NEXT_PUBLICATION_KEY: &[u8] = b"store/next_publication";
const RESERVED_PREFIX: &[u8] = b"store/";
pub(super) const UNOWNED_PREFIX: &[u8] = b"store/unowned/";

/// What a commit did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommitInfo {
    /// Commits acknowledged by this open store so far, this one included.
    pub commits_synced: u64,
    /// Bytes handed to the write-ahead log.
    pub bytes: usize,
}

/// Where a test lets the next commit fail.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailPoint {
    /// Nothing was written.
    BeforeWrite,
    /// Everything was written, and the sync said otherwise.
    AfterWrite,
}

/// What only the writer touches.
#[derive(Debug, Default)]
pub(super) struct Writer {
    next_publication: u64,
    fail_next: Option<(FailPoint, String)>,
}

impl Store {
    /// Makes a batch durable: one write, one sync. Commits of several threads take their turn.
    ///
    /// # Errors
    /// [`StoreError::CommitFailed`] when the disk refuses, [`StoreError::Poisoned`] ever after;
    /// [`StoreError::ReservedKey`] and [`StoreError::ReadOnly`] without harm.
    pub fn commit(&self, batch: &Batch) -> Result<CommitInfo, StoreError> {
        let reserved =
            batch.ops().find(|(family, key, _)| *family == Family::Meta && key.starts_with(RESERVED_PREFIX));
        if let Some((_, key, _)) = reserved {
            return Err(StoreError::ReservedKey { key: String::from_utf8_lossy(key).into_owned() });
        }
        let mut writer = self.writer();
        self.write(&mut writer, batch)
    }

    /// Takes a publication number, durable before it is returned and never used twice: for rows that are
    /// written outside a commit. They belong to nothing until a commit says otherwise ([`Batch::own_rows`]).
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn reserve_publication(&self) -> Result<u64, StoreError> {
        let mut writer = self.writer();
        let mut batch = Batch::new();
        let publication = take_publication(&mut writer, &mut batch)?;
        batch.own_rows(publication, false);
        self.write(&mut writer, &batch)?;
        Ok(publication)
    }

    /// Takes a publication number that becomes durable with `batch`: for rows within that batch alone, it
    /// saves the sync. If the batch is dropped, the number may be given again after reopening.
    ///
    /// # Errors
    /// [`StoreError::Poisoned`], [`StoreError::ReadOnly`].
    pub fn claim_publication(&self, batch: &mut Batch) -> Result<u64, StoreError> {
        let mut writer = self.writer();
        self.may_write()?;
        take_publication(&mut writer, batch)
    }

    /// Notes, durable with `batch`, that a publication number is taken: by the store that this one follows.
    ///
    /// # Errors
    /// [`StoreError::Poisoned`], [`StoreError::ReadOnly`].
    pub fn adopt_publication(&self, number: u64, batch: &mut Batch) -> Result<(), StoreError> {
        let mut writer = self.writer();
        self.may_write()?;
        writer.next_publication = writer.next_publication.max(number);
        take_publication(&mut writer, batch).map(drop)
    }

    /// The next publication number that would be given.
    pub fn next_publication(&self) -> u64 {
        self.writer().next_publication
    }

    /// Commits that this open store has acknowledged, its own included. Each was one sync, so
    /// [`Store::wal_syncs`] is never less; RocksDB syncs a few times more, when it flushes a memtable or
    /// makes a checkpoint.
    pub fn commits_synced(&self) -> u64 {
        self.commits_synced.load(Ordering::Acquire)
    }

    /// The failure since which writes are refused, if there was one. Waits for no commit.
    pub fn poisoned_by(&self) -> Option<String> {
        self.poisoned_by.get().cloned()
    }

    /// Lets the next commit fail, as a disk might: for tests.
    #[doc(hidden)]
    pub fn fail_next_commit(&self, at: FailPoint, what: &str) {
        self.writer().fail_next = Some((at, what.to_owned()));
    }

    /// Writes the format and the first publication number into an empty store.
    pub(super) fn found_store(&self, format: u32) -> Result<(), StoreError> {
        let mut writer = self.writer();
        writer.next_publication = 1;
        let mut batch = Batch::new();
        batch.put(Family::Meta, FORMAT_KEY, &format.to_be_bytes());
        batch.put(Family::Meta, ID_KEY, &StoreId::new()?.bytes());
        batch.claim_publication();
        self.write(&mut writer, &batch).map(|_| ())
    }

    /// Gives the store an id where it has none.
    pub(super) fn be_named(&self) -> Result<(), StoreError> {
        if self.id()?.is_some() {
            return Ok(());
        }
        let mut batch = Batch::new();
        batch.put(Family::Meta, ID_KEY, &StoreId::new()?.bytes());
        self.write(&mut self.writer(), &batch).map(|_| ())
    }

    /// Reads what the writer must remember.
    pub(super) fn load_writer(&self) -> Result<(), StoreError> {
        let stored = self.get(Family::Meta, NEXT_PUBLICATION_KEY)?;
        let number = stored.as_deref().and_then(|bytes| <[u8; 8]>::try_from(bytes).ok());
        let Some(number) = number else {
            let what = format!("meta: next publication is {:?}", stored.as_deref());
            return Err(StoreError::Corrupt { file: None, what });
        };
        self.writer().next_publication = u64::from_be_bytes(number);
        Ok(())
    }

    pub(super) fn check_writable(&self) -> Result<(), StoreError> {
        self.may_write()
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn may_write(&self) -> Result<(), StoreError> {
        if self.read_only {
            return Err(StoreError::ReadOnly);
        }
        match self.poisoned_by.get() {
            Some(first) => Err(StoreError::Poisoned { first: first.clone() }),
            None => Ok(()),
        }
    }

    fn write(&self, writer: &mut Writer, batch: &Batch) -> Result<CommitInfo, StoreError> {
        self.may_write()?;
        let mut write = WriteBatch::with_capacity_bytes(batch.size_bytes().saturating_add(64));
        for (family, key, value) in batch.ops() {
            let handle = self.handle(family)?;
            match value {
                Some(value) => write.put_cf(handle, key, value),
                None => write.delete_cf(handle, key),
            }
        }
        for (publication, owned) in batch.owned() {
            let (meta, key) = (self.handle(Family::Meta)?, unowned_key(*publication));
            if *owned {
                write.delete_cf(meta, key);
            } else {
                write.put_cf(meta, key, []);
            }
        }
        if batch.claims_publication() {
            let next = writer.next_publication.to_be_bytes();
            write.put_cf(self.handle(Family::Meta)?, NEXT_PUBLICATION_KEY, next);
        }
        let bytes = write.size_in_bytes();
        if let Err(what) = self.write_synced(writer.fail_next.take(), write) {
            // Only the first failure is kept, and there is no second: nothing is tried after it.
            drop(self.poisoned_by.set(what.clone()));
            return Err(StoreError::CommitFailed { what });
        }
        let commits_synced = self.commits_synced.fetch_add(1, Ordering::AcqRel).saturating_add(1);
        Ok(CommitInfo { commits_synced, bytes })
    }

    fn write_synced(&self, fail: Option<(FailPoint, String)>, write: WriteBatch) -> Result<(), String> {
        let fail = match fail {
            Some((FailPoint::BeforeWrite, what)) => return Err(what),
            Some((FailPoint::AfterWrite, what)) => Some(what),
            None => None,
        };
        let mut options = WriteOptions::default();
        options.set_sync(true);
        self.db.write_opt(write, &options).map_err(|error| error.to_string())?;
        fail.map_or(Ok(()), Err)
    }
}

/// Says that the rows of a publication belong to nothing.
pub(super) fn unowned_key(publication: u64) -> Vec<u8> {
    [UNOWNED_PREFIX, &publication.to_be_bytes()].concat()
}

fn take_publication(writer: &mut Writer, batch: &mut Batch) -> Result<u64, StoreError> {
    let publication = writer.next_publication;
    let next = publication.checked_add(1).ok_or_else(|| StoreError::Io {
        doing: "taking a publication number",
        what: "there is none left".to_owned(),
    })?;
    writer.next_publication = next;
    batch.claim_publication();
    Ok(publication)
}
