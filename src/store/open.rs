//! How is a data folder opened? Look, lock, open, hold the format against ours, sweep `staging/`.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, OnceLock};

use rocksdb::{Cache, DB, InfoLogger, LogLevel, Options, ReadOptions, ReadTier};

use super::commit::{FORMAT_KEY, Writer};
use super::folder::{
    DB_FOLDER, FORMAT, check_families, check_format, has_database, look, sweep, sync_folder,
};
use super::lock::FolderLock;
use super::options::db_options;
use super::{Family, OpenError, Store, StoreError, StoreOptions};

impl Store {
    /// Opens a data folder for reading and writing, alone.
    ///
    /// # Errors
    /// See [`OpenError`]; where the folder is not ours, nothing in it was changed.
    pub fn open(folder: &Path, options: &StoreOptions) -> Result<Self, OpenError> {
        look(folder, options.create_if_missing)?;
        if options.create_if_missing {
            fs::create_dir_all(folder).map_err(|e| OpenError::from_io(folder, folder, &e))?;
        }
        let lock = FolderLock::take(folder)?;
        let db_folder = folder.join(DB_FOLDER);
        let is_new = !has_database(folder);
        if !is_new {
            check_families(folder)?;
        }
        let (mut db_options, cache) = db_options(options);
        db_options.create_if_missing(is_new);
        // A first opening that was cut off may have left some families unmade.
        db_options.create_missing_column_families(options.create_if_missing);
        let db = DB::open_cf_descriptors(&db_options, &db_folder, Family::descriptors(&cache))
            .map_err(|error| OpenError::from_rocksdb(folder, &error))?;
        let store = Self::assemble(db, db_options, cache, folder, options, Some(lock));
        store.settle_format(options.create_if_missing)?;
        sweep(&store.staging_dir()).map_err(|e| OpenError::from_io(folder, &store.staging_dir(), &e))?;
        sync_folder(folder).map_err(|e| OpenError::from_io(folder, folder, &e))?;
        Ok(store)
    }

    /// Opens a data folder as it is now, for reading, whether or not a process has it open for writing.
    /// What that process does afterwards is not seen.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open_read_only(folder: &Path, options: &StoreOptions) -> Result<Self, OpenError> {
        look(folder, false)?;
        check_families(folder)?;
        let (db_options, cache, db) = open_database_read_only(folder, options)?;
        let store = Self::assemble(db, db_options, cache, folder, options, None);
        store.settle_format(false)?;
        Ok(store)
    }

    pub(super) fn assemble(
        db: DB,
        db_options: Options,
        cache: Cache,
        folder: &Path,
        options: &StoreOptions,
        lock: Option<FolderLock>,
    ) -> Self {
        let mut cached_reads = ReadOptions::default();
        cached_reads.set_read_tier(ReadTier::BlockCache);
        let mut single_reads = ReadOptions::default();
        single_reads.fill_cache(false);
        Self {
            db,
            db_options,
            cache,
            point_reads: ReadOptions::default(),
            single_reads,
            cached_reads,
            folder: folder.to_owned(),
            statistics: options.statistics,
            read_only: lock.is_none(),
            writer: Mutex::new(Writer::default()),
            poisoned_by: OnceLock::new(),
            commits_synced: AtomicU64::new(0),
            staged_files: AtomicU64::new(0),
            _lock: lock,
        }
    }

    /// Holds the format found against ours, or writes it into a store that is quite empty.
    pub(super) fn settle_format(&self, may_write: bool) -> Result<(), OpenError> {
        let folder = &self.folder;
        let found = self
            .get(Family::Meta, FORMAT_KEY)
            .map_err(|e| OpenError::from_store(folder, e))?
            .map(|v| v.to_vec());
        let Some(found) = found else {
            let empty = self.is_empty().map_err(|e| OpenError::from_store(folder, e))?;
            if !(may_write && empty && !self.read_only) {
                return Err(OpenError::not_a_store(folder, "its database has no format number"));
            }
            return self.found_store(FORMAT).map_err(|e| OpenError::from_store(folder, e));
        };
        check_format(folder, &found)?;
        self.load_writer().map_err(|e| OpenError::from_store(folder, e))?;
        match self.read_only {
            true => Ok(()),
            false => self.be_named().map_err(|e| OpenError::from_store(folder, e)),
        }
    }

    fn is_empty(&self) -> Result<bool, StoreError> {
        for family in Family::ALL {
            if self.scan(family, b"")?.step()?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Opens the database as it is now, without locking it, with its own cache and without a log file.
pub(super) fn open_database_read_only(
    folder: &Path,
    options: &StoreOptions,
) -> Result<(Options, Cache, DB), OpenError> {
    let (mut db_options, cache) = db_options(options);
    db_options.set_info_logger(InfoLogger::new_stderr_logger(LogLevel::Fatal, None::<&str>));
    let families = Family::descriptors(&cache);
    let db = DB::open_cf_descriptors_read_only(&db_options, folder.join(DB_FOLDER), families, false)
        .map_err(|error| OpenError::from_rocksdb(folder, &error))?;
    Ok((db_options, cache, db))
}
