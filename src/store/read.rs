//! What is under this key? Point reads, without copying: the slice stays pinned in the block cache.

use std::ops::Deref;

use rocksdb::{DBPinnableSlice, ErrorKind, ReadOptions};

use super::{Family, RowKey, Store, StoreError};

/// A value pinned where it lies: it borrows the store, so it lives inside a request and never in a cache.
pub struct Pinned<'s>(DBPinnableSlice<'s>);

impl Deref for Pinned<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Pinned<'_> {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl std::fmt::Debug for Pinned<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Pinned({} bytes)", self.len())
    }
}

/// What a read of memory alone can say.
#[derive(Debug)]
pub enum Cached<'s> {
    /// The row.
    Found(Pinned<'s>),
    /// There is no such row.
    Absent,
    /// Only the disk knows: ask [`Store::row`], off the runtime's thread.
    NotInCache,
}

impl Store {
    /// The row segment under `key`, read from disk if it must be.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where its block fails the checksum.
    pub fn row(&self, key: RowKey) -> Result<Option<Pinned<'_>>, StoreError> {
        self.row_by(key, &self.point_reads)
    }

    /// The same, and what came from disk is not kept in the block cache: for those who read whole lists and come once.
    ///
    /// # Errors
    /// As [`Store::row`].
    pub fn row_once(&self, key: RowKey) -> Result<Option<Pinned<'_>>, StoreError> {
        self.row_by(key, &self.single_reads)
    }

    fn row_by(&self, key: RowKey, how: &ReadOptions) -> Result<Option<Pinned<'_>>, StoreError> {
        let found = self.db.get_pinned_cf_opt(self.handle(Family::Rows)?, key.encode(), how);
        match found {
            Ok(row) => Ok(row.map(Pinned)),
            Err(error) => Err(StoreError::from_rocksdb("reading a row", &error)),
        }
    }

    /// The row segment under `key`, if memory can tell: never touches the disk.
    ///
    /// # Errors
    /// As [`Store::row`].
    pub fn row_cached(&self, key: RowKey) -> Result<Cached<'_>, StoreError> {
        let found = self.db.get_pinned_cf_opt(self.handle(Family::Rows)?, key.encode(), &self.cached_reads);
        match found {
            Ok(Some(row)) => Ok(Cached::Found(Pinned(row))),
            Ok(None) => Ok(Cached::Absent),
            Err(error) if error.kind() == ErrorKind::Incomplete => Ok(Cached::NotInCache),
            Err(error) => Err(StoreError::from_rocksdb("reading a row", &error)),
        }
    }

    /// The value under a key of any family.
    ///
    /// # Errors
    /// As [`Store::row`].
    pub fn get(&self, family: Family, key: &[u8]) -> Result<Option<Pinned<'_>>, StoreError> {
        match self.db.get_pinned_cf_opt(self.handle(family)?, key, &self.point_reads) {
            Ok(value) => Ok(value.map(Pinned)),
            Err(error) => Err(StoreError::from_rocksdb("reading", &error)),
        }
    }
}
