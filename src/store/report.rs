//! How many bytes are there, on disk and in memory, and what has RocksDB counted?

use std::fs;

use rocksdb::statistics::Ticker;

use super::folder::DB_FOLDER;
use super::{Family, Store, StoreError};

/// Sizes of an open store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SizeReport {
    /// One for each family.
    pub families: Vec<FamilySize>,
    /// Bytes of write-ahead log files.
    pub wal_bytes: u64,
    /// What is held in memory.
    pub memory: MemoryReport,
}

impl SizeReport {
    /// Bytes on disk: table files and write-ahead log.
    pub fn disk_bytes(&self) -> u64 {
        self.families.iter().map(|family| family.file_bytes).fold(self.wal_bytes, u64::saturating_add)
    }
}

/// Size of one family on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FamilySize {
    /// The family.
    pub family: Family,
    /// Its table files.
    pub files: u64,
    /// Their bytes. What was not flushed yet is in the write-ahead log.
    pub file_bytes: u64,
    /// About how many keys it holds, unflushed ones included.
    pub keys_estimated: u64,
}

/// Memory that RocksDB holds, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MemoryReport {
    /// Block cache in use.
    pub block_cache: u64,
    /// Of it, pinned by reads.
    pub block_cache_pinned: u64,
    /// Indexes and filters of open files.
    pub table_readers: u64,
    /// Writes not flushed yet.
    pub memtables: u64,
}

/// What RocksDB has counted since the store was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Syncs of the write-ahead log.
    pub wal_syncs: u64,
    /// Bytes written to the write-ahead log.
    pub wal_bytes: u64,
    /// Blocks found in the cache.
    pub block_cache_hits: u64,
    /// Blocks that had to be read.
    pub block_cache_misses: u64,
    /// Blocks that failed their checksum.
    pub checksum_mismatches: u64,
}

/// One table file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFile {
    /// The family whose keys it holds.
    pub family: Family,
    /// Its name in `db/`, without a slash.
    pub name: String,
    /// Bytes.
    pub bytes: u64,
    /// 0 as flushed, 6 at the bottom.
    pub level: i32,
    /// The least key.
    pub first_key: Vec<u8>,
    /// The greatest key.
    pub last_key: Vec<u8>,
}

impl Store {
    /// Sizes on disk and in memory.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn size(&self) -> Result<SizeReport, StoreError> {
        let mut families = Vec::with_capacity(Family::ALL.len());
        let mut memory = MemoryReport {
            block_cache: to_u64(self.cache.get_usage()),
            block_cache_pinned: to_u64(self.cache.get_pinned_usage()),
            ..MemoryReport::default()
        };
        for family in Family::ALL {
            let metadata = self.db.get_column_family_metadata_cf(self.handle(family)?);
            families.push(FamilySize {
                family,
                files: to_u64(metadata.file_count),
                file_bytes: metadata.size,
                keys_estimated: self.property(family, "rocksdb.estimate-num-keys")?,
            });
            let readers = self.property(family, "rocksdb.estimate-table-readers-mem")?;
            let memtables = self.property(family, "rocksdb.size-all-mem-tables")?;
            memory.table_readers = memory.table_readers.saturating_add(readers);
            memory.memtables = memory.memtables.saturating_add(memtables);
        }
        Ok(SizeReport { families, wal_bytes: self.wal_bytes()?, memory })
    }

    /// Table files of all families.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn files(&self) -> Result<Vec<TableFile>, StoreError> {
        let files =
            self.db.live_files().map_err(|error| StoreError::from_rocksdb("listing table files", &error))?;
        Ok(table_files(files))
    }

    /// What RocksDB has counted, if statistics are on.
    pub fn counters(&self) -> Option<Counters> {
        let count = |ticker| self.db_options.get_ticker_count(ticker);
        self.statistics.then(|| Counters {
            wal_syncs: count(Ticker::WalFileSynced),
            wal_bytes: count(Ticker::WalFileBytes),
            block_cache_hits: count(Ticker::BlockCacheHit),
            block_cache_misses: count(Ticker::BlockCacheMiss),
            checksum_mismatches: count(Ticker::BlockChecksumMismatchCount),
        })
    }

    /// RocksDB's own count of syncs of the write-ahead log since opening; 0 without statistics.
    pub fn wal_syncs(&self) -> u64 {
        self.counters().map_or(0, |counters| counters.wal_syncs)
    }

    fn property(&self, family: Family, name: &str) -> Result<u64, StoreError> {
        let value = self.db.property_int_value_cf(self.handle(family)?, name);
        value.map(Option::unwrap_or_default).map_err(|e| StoreError::from_rocksdb("reading a property", &e))
    }

    fn wal_bytes(&self) -> Result<u64, StoreError> {
        let folder = self.folder.join(DB_FOLDER);
        let failed = |error: std::io::Error| StoreError::from_io("sizing the log", &folder, &error);
        let mut bytes = 0_u64;
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if entry.path().extension().is_some_and(|ending| ending == "log") {
                // A log may be removed between being listed and being asked.
                bytes = bytes.saturating_add(entry.metadata().map_or(0, |metadata| metadata.len()));
            }
        }
        Ok(bytes)
    }
}

/// RocksDB's list of files in our words, in order of family and first key.
pub(super) fn table_files(files: Vec<rocksdb::LiveFile>) -> Vec<TableFile> {
    let mut files: Vec<TableFile> = files
        .into_iter()
        .filter_map(|file| {
            Some(TableFile {
                family: Family::of_name(&file.column_family_name)?,
                name: file.name.trim_start_matches('/').to_owned(),
                bytes: to_u64(file.size),
                level: file.level,
                first_key: file.start_key.unwrap_or_default(),
                last_key: file.end_key.unwrap_or_default(),
            })
        })
        .collect();
    files.sort_by(|a, b| (a.family, &a.first_key, &a.name).cmp(&(b.family, &b.first_key, &b.name)));
    files
}

fn to_u64(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}
