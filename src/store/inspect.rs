//! What lies in the data folder, and how far can it be read? Goes on where opening would stop, and changes nothing but what it takes back.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rocksdb::statistics::Ticker;
use rocksdb::{DB, InfoLogger, LogLevel, Options};

use super::folder::{DB_FOLDER, MAY_HOLD, OF_OTHERS, STAGING_FOLDER, check_families, has_database};
use super::lock::FolderLock;
use super::log_file::{self, LogEnd};
use super::options::db_options;
use super::report::{TableFile, table_files};
use super::verify::{Fault, KeptFiles};
use super::{Family, OpenError, Store, StoreError, StoreOptions};

/// Cache of the inspecting reader: its reads are seldom repeated.
const CACHE_BYTES: usize = 8 * 1024 * 1024;
/// Files of RocksDB that quoin never reads: texts about what was done, and locks.
const NEVER_READ: [&str; 3] = ["LOCK", "IDENTITY", "LOG"];
/// How such files begin whose names have a number or time behind.
const NEVER_READ_STEMS: [&str; 2] = ["LOG.old.", "OPTIONS-"];

/// A data folder that was looked through, and its store as far as that could be opened.
pub struct Inspected<'s> {
    /// For reading; none where the database can't be opened at all.
    pub store: Option<Store>,
    /// What is wrong with files, found so far.
    pub faults: Vec<Fault>,
    /// Files that belong to nothing, and what a process left that did not end by itself: no damage.
    pub notes: Vec<String>,
    /// Log files read: the manifest and the write-ahead logs.
    pub logs: u64,
    /// Bytes of those.
    pub log_bytes: u64,
    scratch: Option<PathBuf>,
    _kept: Option<KeptFiles<'s>>,
    _lock: Option<FolderLock>,
}

impl Drop for Inspected<'_> {
    fn drop(&mut self) {
        self.store = None;
        if let Some(scratch) = &self.scratch {
            // What can't be removed now is swept at the next opening.
            let _swept_later = fs::remove_dir_all(scratch);
        }
    }
}

impl Store {
    /// Looks through a data folder that no process has open. Holds its lock meanwhile.
    ///
    /// # Errors
    /// [`OpenError`] where the folder is in use, newer, not ours, or can't be read. Damage is no error: it is in what is returned.
    pub fn inspect_folder(folder: &Path) -> Result<Inspected<'static>, OpenError> {
        if !folder.join(DB_FOLDER).is_dir() {
            let why = if folder.is_dir() { "it holds no database" } else { "there is no such folder" };
            return Err(OpenError::not_a_store(folder, why));
        }
        let lock = FolderLock::take(folder)?;
        look_through(folder, Some(lock))
    }

    /// Looks through a checkpoint, which no process ever opened and none opens meanwhile.
    ///
    /// # Errors
    /// As [`Store::inspect_folder`].
    pub fn inspect_checkpoint(folder: &Path) -> Result<Inspected<'static>, OpenError> {
        look_through(folder, None)
    }

    /// Looks through the folder of this store as it is on disk now, beside whatever goes on.
    ///
    /// # Errors
    /// [`StoreError::Io`] where a file can't be read at all.
    pub fn inspect(&self) -> Result<Inspected<'_>, StoreError> {
        let kept = self.keep_files()?;
        let found = look_through(&self.folder, None);
        let mut inspected: Inspected<'_> =
            found.map_err(|error| StoreError::Io { doing: "verifying", what: error.to_string() })?;
        inspected._kept = kept;
        Ok(inspected)
    }
}

fn look_through<'s>(folder: &Path, lock: Option<FolderLock>) -> Result<Inspected<'s>, OpenError> {
    let mut inspected = Inspected {
        store: None,
        faults: Vec::new(),
        notes: Vec::new(),
        logs: 0,
        log_bytes: 0,
        scratch: None,
        _kept: None,
        _lock: lock,
    };
    let db_folder = folder.join(DB_FOLDER);
    let names = names_in(&db_folder).map_err(|error| OpenError::from_io(folder, &db_folder, &error))?;
    if inspected._lock.is_some() {
        inspected.note_strangers(folder).map_err(|error| OpenError::from_io(folder, folder, &error))?;
    }
    let Some(manifest) = inspected.manifest(folder, &names) else { return Ok(inspected) };
    let cuts = inspected.logs(&db_folder, &names).map_err(|e| OpenError::from_io(folder, &db_folder, &e))?;
    match check_families(folder) {
        Err(error @ (OpenError::OtherFormat { .. } | OpenError::NotAStore { .. } | OpenError::Io { .. })) => {
            return Err(error);
        }
        Err(error) => inspected.faults.push(Fault::of_database(error.to_string())),
        Ok(false) => {
            inspected.notes.push("nothing was ever written: the first opening was cut off".to_owned());
            return Ok(inspected);
        }
        Ok(true) => {}
    }
    let wal_folder = if cuts.is_empty() { None } else { inspected.cut_logs(folder, &names, &cuts) };
    if !cuts.is_empty() && wal_folder.is_none() {
        return Ok(inspected);
    }
    inspected.open(folder, wal_folder.as_deref())?;
    inspected.note_unnamed(&names, &manifest);
    Ok(inspected)
}

impl Inspected<'_> {
    /// The manifest that counts, if it is whole.
    fn manifest(&mut self, folder: &Path, names: &[String]) -> Option<String> {
        if !has_database(folder) {
            self.faults
                .push(Fault::of_file("CURRENT", "is missing: which manifest counts is not known".to_owned()));
            return None;
        }
        let current = fs::read_to_string(folder.join(DB_FOLDER).join("CURRENT"));
        let named = current.ok().and_then(|text| text.strip_suffix('\n').map(str::to_owned));
        let named = named.filter(|name| name.starts_with("MANIFEST-") && names.contains(name));
        let Some(name) = named else {
            self.faults.push(Fault::of_file("CURRENT", "does not name a manifest that is there".to_owned()));
            return None;
        };
        match self.examine(&folder.join(DB_FOLDER), &name) {
            Ok(None) => Some(name),
            Ok(Some(_)) => None,
            Err(error) => {
                self.faults.push(Fault::of_file(&name, error.to_string()));
                None
            }
        }
    }

    /// Reads the write-ahead logs. Returns those that are damaged, and up to where each is sound.
    fn logs(&mut self, db_folder: &Path, names: &[String]) -> io::Result<Vec<(String, u64)>> {
        let mut cuts = Vec::new();
        for name in names.iter().filter(|name| has_ending(name, "log")) {
            match self.examine(db_folder, name) {
                Ok(Some(at_bytes)) => cuts.push((name.clone(), at_bytes)),
                // A log of which nothing is needed any more goes while others are read.
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(cuts)
    }

    fn examine(&mut self, db_folder: &Path, name: &str) -> io::Result<Option<u64>> {
        let path = db_folder.join(name);
        let found = log_file::examine(&path)?;
        self.logs = self.logs.saturating_add(1);
        self.log_bytes = self.log_bytes.saturating_add(fs::metadata(&path).map_or(0, |file| file.len()));
        match found {
            Ok(LogEnd::Whole) => Ok(None),
            Ok(LogEnd::Torn) => {
                self.notes
                    .push(format!("db/{name} ends within what was written when its process or machine went"));
                Ok(None)
            }
            Err(damage) => {
                self.faults.push(Fault::of_file(name, damage.to_string()));
                Ok(Some(damage.at_bytes))
            }
        }
    }

    /// Logs of which each is cut before its damage, so that the commits before it are read: in a folder beside.
    fn cut_logs(&mut self, folder: &Path, names: &[String], cuts: &[(String, u64)]) -> Option<PathBuf> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let scratch = folder.join(STAGING_FOLDER).join(format!("inspected-{}-{number}", std::process::id()));
        let db_folder = folder.join(DB_FOLDER);
        let make = || -> io::Result<()> {
            fs::create_dir_all(&scratch)?;
            for name in names.iter().filter(|name| has_ending(name, "log")) {
                let copy = scratch.join(name);
                fs::copy(db_folder.join(name), &copy)?;
                if let Some((_, at_bytes)) = cuts.iter().find(|(cut, _)| cut == name) {
                    // The manifest may know its size: the rest becomes zeros, which are passed over.
                    let cut = fs::OpenOptions::new().write(true).open(&copy)?;
                    let whole_bytes = cut.metadata()?.len();
                    cut.set_len(*at_bytes)?;
                    cut.set_len(whole_bytes)?;
                }
            }
            Ok(())
        };
        let made = make();
        self.scratch = Some(scratch.clone());
        match made {
            Ok(()) => Some(scratch),
            Err(error) => {
                let what = format!("nothing else was read, since staging/ can't be written to: {error}");
                self.faults.push(Fault::of_database(what));
                None
            }
        }
    }

    fn open(&mut self, folder: &Path, wal_folder: Option<&Path>) -> Result<(), OpenError> {
        let options = StoreOptions { block_cache_bytes: CACHE_BYTES, ..StoreOptions::default() };
        let (mut db_options, cache) = db_options(&options);
        be_lenient(&mut db_options, wal_folder);
        let families = Family::descriptors(&cache);
        let opened = DB::open_cf_descriptors_read_only(&db_options, folder.join(DB_FOLDER), families, false);
        let db = match opened {
            Ok(db) => db,
            Err(error) => {
                self.faults.push(Fault::of_database(error.to_string()));
                return Ok(());
            }
        };
        let mismatches = db_options.get_ticker_count(Ticker::BlockChecksumMismatchCount);
        let store = Store::assemble(db, db_options, cache, folder, &options, None);
        match store.settle_format(false) {
            Err(error @ OpenError::OtherFormat { .. }) => return Err(error),
            Err(error) => {
                let fault = Fault::of_database(error.to_string());
                self.faults.push(Fault { family: Some(Family::Meta), ..fault });
            }
            Ok(()) => {}
        }
        if mismatches > 0 {
            for family in Family::ALL {
                self.faults.extend(silent_mismatch(folder, family, wal_folder, &store));
            }
        }
        self.store = Some(store);
        Ok(())
    }

    /// Table files that the database does not know, manifests that count no more, and what is none of RocksDB's.
    fn note_unnamed(&mut self, names: &[String], manifest: &str) {
        let known = self.store.as_ref().and_then(|store| store.files().ok());
        let Some(known) = known else { return };
        for name in names {
            let named = known.iter().any(|file| file.name == *name)
                || name == manifest
                || name == "CURRENT"
                || has_ending(name, "log")
                || NEVER_READ.contains(&name.as_str())
                || NEVER_READ_STEMS.iter().any(|stem| name.starts_with(stem));
            if !named {
                self.notes.push(format!("db/{name} belongs to nothing"));
            }
        }
    }

    fn note_strangers(&mut self, folder: &Path) -> io::Result<()> {
        for name in names_in(folder)? {
            if !MAY_HOLD.contains(&name.as_str()) && !OF_OTHERS.contains(&name.as_str()) {
                self.notes.push(format!("{name} is no part of the store"));
            }
        }
        let staged = names_in(&folder.join(STAGING_FOLDER)).unwrap_or_default();
        if !staged.is_empty() {
            self.notes.push(format!(
                "staging/ holds {} files of work that was cut off; the next opening removes them",
                staged.len()
            ));
        }
        Ok(())
    }
}

/// Opens what can be opened, and lets reads tell the rest.
fn be_lenient(options: &mut Options, wal_folder: Option<&Path>) {
    options.set_info_logger(InfoLogger::new_stderr_logger(LogLevel::Fatal, None::<&str>));
    options.set_paranoid_checks(false);
    if let Some(folder) = wal_folder {
        options.set_wal_dir(folder);
    }
}

/// Does a block of a family's files fail its checksum that RocksDB does without, a filter? It says so to its counter alone.
fn silent_mismatch(folder: &Path, family: Family, wal_folder: Option<&Path>, store: &Store) -> Option<Fault> {
    let options = StoreOptions { block_cache_bytes: CACHE_BYTES, ..StoreOptions::default() };
    let (mut db_options, cache) = db_options(&options);
    be_lenient(&mut db_options, wal_folder);
    let alone = [family.descriptor(&cache)];
    let db = DB::open_cf_descriptors_read_only(&db_options, folder.join(DB_FOLDER), alone, false).ok()?;
    if db_options.get_ticker_count(Ticker::BlockChecksumMismatchCount) == 0 {
        return None;
    }
    let files = table_files(store.db.live_files().ok()?);
    let files: Vec<TableFile> = files.into_iter().filter(|file| file.family == family).collect();
    // An index that fails is told by every read; a filter by none.
    let handle = db.cf_handle(family.name())?;
    for file in &files {
        let mut first = db.raw_iterator_cf(handle);
        first.seek(&file.first_key);
        first.status().ok()?;
    }
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let what = "a block fails its checksum that is neither data nor index; reads do without it".to_owned();
    Some(Fault { family: Some(family), file: Some(names.join(" or ")), after: None, before: None, what })
}

fn has_ending(name: &str, ending: &str) -> bool {
    Path::new(name).extension() == Some(OsStr::new(ending))
}

/// Names of a folder's entries, in order.
fn names_in(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
