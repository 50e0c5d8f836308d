//! Which rows go, and how? Whole files of a dead publication at once; what shares a file with living rows,
//! by tombstone.
//!
//! No range tombstones: every read of the family would have to look through them.

use std::ops::RangeInclusive;

use rocksdb::ReadOptions;

use super::commit::UNOWNED_PREFIX;
use super::{Batch, Family, RowKey, Store, StoreError};

/// Rows removed in one commit.
const ROWS_A_COMMIT: usize = 10_000;

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// Rows removed one by one.
    pub rows: u64,
    /// Table files that went whole; how many rows they held is not known without reading them.
    pub files: u64,
    /// Bytes of those files, and of the rows removed one by one.
    pub bytes: u64,
}

impl Removed {
    fn add(&mut self, other: Self) {
        self.rows = self.rows.saturating_add(other.rows);
        self.files = self.files.saturating_add(other.files);
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

impl Store {
    /// Removes rows that belong to nothing: what an import left that was cut off before its commit, and what was
    /// disowned and not yet removed. To be called after opening, before anything is published.
    ///
    /// # Errors
    /// As [`Store::commit`], and [`StoreError::Corrupt`].
    pub fn remove_orphans(&self) -> Result<Removed, StoreError> {
        let mut unowned = Vec::new();
        let mut scan = self.scan(Family::Meta, UNOWNED_PREFIX)?;
        while let Some((key, _)) = scan.step()? {
            let number = key.strip_prefix(UNOWNED_PREFIX).and_then(|rest| rest.try_into().ok());
            unowned.extend(number.map(u64::from_be_bytes));
        }
        drop(scan);
        self.remove_unowned(&unowned)
    }

    /// Removes the rows of publications that a commit disowned ([`Batch::own_rows`]). No live view may name one.
    ///
    /// # Errors
    /// As [`Store::commit`], and [`StoreError::Corrupt`].
    pub fn remove_unowned(&self, publications: &[u64]) -> Result<Removed, StoreError> {
        let mut removed = Removed::default();
        let mut batch = Batch::new();
        for publication in publications {
            removed.add(self.drop_publications(*publication..=*publication)?);
            batch.own_rows(*publication, true);
        }
        if !batch.is_empty() {
            self.commit(&batch)?;
        }
        Ok(removed)
    }

    /// Removes all rows of a range of publications. No live view may name one.
    ///
    /// # Errors
    /// As [`Store::commit`], and [`StoreError::Corrupt`].
    pub fn drop_publications(&self, range: RangeInclusive<u64>) -> Result<Removed, StoreError> {
        self.check_writable()?;
        let (first, last) = (RowKey::first_of(*range.start()), RowKey::last_of(*range.end()));
        let mut removed = Removed::default();
        if range.is_empty() || self.first_row(first, last)?.is_none() {
            return Ok(removed);
        }
        let (from, to) = (first.encode(), last.encode());
        for file in self.files()? {
            // Level 0 is left by RocksDB: its files may hold older states of keys below.
            let within =
                file.first_key.as_slice() >= from.as_slice() && file.last_key.as_slice() <= to.as_slice();
            if file.family == Family::Rows && file.level > 0 && within {
                removed.add(Removed { rows: 0, files: 1, bytes: file.bytes });
            }
        }
        if removed.files > 0 {
            self.db
                .delete_file_in_range_cf(self.handle(Family::Rows)?, from, to)
                .map_err(|error| StoreError::from_rocksdb("removing files of rows", &error))?;
        }
        removed.add(self.drop_one_by_one(first, last)?);
        Ok(removed)
    }

    /// Removes single rows. No live view may name one.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn drop_rows(&self, keys: &[RowKey]) -> Result<(), StoreError> {
        for chunk in keys.chunks(ROWS_A_COMMIT) {
            let mut batch = Batch::new();
            chunk.iter().for_each(|key| batch.delete_row(*key));
            self.commit(&batch)?;
        }
        Ok(())
    }

    /// Gives the space of removed rows back to the disk: rewrites the files that hold publications of this
    /// range, on this thread. For when many rows were removed one by one.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`], [`StoreError::Poisoned`].
    pub fn compact_rows(&self, range: RangeInclusive<u64>) -> Result<(), StoreError> {
        self.check_writable()?;
        let (from, to) = (RowKey::first_of(*range.start()), RowKey::last_of(*range.end()));
        self.db.compact_range_cf(self.handle(Family::Rows)?, Some(from.encode()), Some(to.encode()));
        Ok(())
    }

    fn drop_one_by_one(&self, first: RowKey, last: RowKey) -> Result<Removed, StoreError> {
        let mut removed = Removed::default();
        let mut keys = Vec::new();
        let mut rows = self.scan_rows(first, last)?;
        while let Some((key, row)) = rows.step()? {
            keys.push(key);
            let bytes = u64::try_from(row.len()).unwrap_or(u64::MAX);
            removed.add(Removed { rows: 1, files: 0, bytes });
        }
        drop(rows);
        self.drop_rows(&keys)?;
        Ok(removed)
    }

    fn first_row(&self, first: RowKey, last: RowKey) -> Result<Option<RowKey>, StoreError> {
        let mut options = ReadOptions::default();
        options.set_iterate_upper_bound(last.encode());
        let mut raw = self.db.raw_iterator_cf_opt(self.handle(Family::Rows)?, options);
        raw.seek(first.encode());
        raw.status().map_err(|error| StoreError::from_rocksdb("looking for rows", &error))?;
        Ok(raw.key().and_then(RowKey::decode))
    }
}
