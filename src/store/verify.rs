//! Is every byte what was written? Reads all blocks from disk, against their checksums, and names what fails.

use std::fmt;

use rocksdb::{DB, ReadOptions};

use super::error::table_file_in;
use super::report::{TableFile, table_files};
use super::{Family, RowKey, Store, StoreError};

const READ_AHEAD_BYTES: usize = 2 * 1024 * 1024;
/// Past so many faults, a check says no more.
pub const FAULTS_MOST: usize = 1_000;

/// What verifying found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Table files read.
    pub files: u64,
    /// Keys read.
    pub entries: u64,
    /// Bytes of keys and values read.
    pub bytes: u64,
    /// What failed; empty if all is well.
    pub faults: Vec<Fault>,
}

/// A place that fails its checksum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The family, where the damage is inside one.
    pub family: Option<Family>,
    /// The file in `db/`, where it is known.
    pub file: Option<String>,
    /// The last key that could be read before it.
    pub after: Option<Vec<u8>>,
    /// The first key that could be read behind it.
    pub before: Option<Vec<u8>>,
    /// What was found, or what RocksDB said.
    pub what: String,
}

impl Fault {
    pub(super) fn of_file(file: &str, what: String) -> Self {
        Self { family: None, file: Some(file.to_owned()), after: None, before: None, what }
    }

    pub(super) fn of_database(what: String) -> Self {
        Self { family: None, file: table_file_in(&what), after: None, before: None, what }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.as_deref().unwrap_or("a file not named");
        write!(out, "{file}")?;
        if let Some(family) = self.family {
            write!(out, " of {}", family.name())?;
        }
        for (word, key) in [("after", &self.after), ("before", &self.before)] {
            let Some(key) = key else { continue };
            match RowKey::decode(key).filter(|_| self.family == Some(Family::Rows)) {
                Some(key) => write!(out, ", {word} {key}")?,
                None => write!(out, ", {word} key {}", key.escape_ascii())?,
            }
        }
        write!(out, ": {}", self.what)
    }
}

impl Store {
    /// Reads everything as it is on disk now, past the block cache, beside whatever goes on. After a fault
    /// it goes on behind it.
    ///
    /// # Errors
    /// [`StoreError::Io`] where a file can't be read at all. Damage is no error: it is in the report.
    pub fn verify(&self) -> Result<VerifyReport, StoreError> {
        let mut inspected = self.inspect()?;
        let mut report = match &inspected.store {
            Some(store) => store.read_all(|_, _, _| {}),
            None => VerifyReport::default(),
        };
        report.faults.splice(0..0, std::mem::take(&mut inspected.faults));
        Ok(report)
    }

    /// Reads every key and value with its block's checksum, past the block cache, and hands each to `each`: in the order of families, and mostly of keys. After a
    /// fault it goes on behind it.
    pub fn read_all(&self, mut each: impl FnMut(Family, &[u8], &[u8])) -> VerifyReport {
        let mut report = VerifyReport::default();
        let files = match self.db.live_files() {
            Ok(files) => table_files(files),
            Err(error) => {
                report.faults.push(Fault::of_database(error.to_string()));
                return report;
            }
        };
        for family in Family::ALL {
            let of_family: Vec<&TableFile> = files.iter().filter(|file| file.family == family).collect();
            report.files = report.files.saturating_add(u64::try_from(of_family.len()).unwrap_or(u64::MAX));
            let mut reading = Reading { db: &self.db, family, report: &mut report, each: &mut each };
            reading.all(&of_family);
        }
        report
    }

    /// Keeps every file that is there: a reader beside this store would take a file that went for damage.
    pub(super) fn keep_files(&self) -> Result<Option<KeptFiles<'_>>, StoreError> {
        if self.read_only {
            return Ok(None);
        }
        self.db.disable_file_deletions().map_err(|error| StoreError::from_rocksdb("verifying", &error))?;
        Ok(Some(KeptFiles(&self.db)))
    }
}

/// While it lives, the database deletes no file of no use; it does so afterwards.
pub(super) struct KeptFiles<'d>(&'d DB);

impl Drop for KeptFiles<'_> {
    fn drop(&mut self) {
        // Where it fails, files of no use stay until the store is opened again.
        let _they_stay = self.0.enable_file_deletions();
    }
}

/// One family being read.
struct Reading<'r, F> {
    db: &'r DB,
    family: Family,
    report: &'r mut VerifyReport,
    each: &'r mut F,
}

impl<F: FnMut(Family, &[u8], &[u8])> Reading<'_, F> {
    fn all(&mut self, files: &[&TableFile]) {
        let mut from: Vec<u8> = Vec::new();
        while self.report.faults.len() < FAULTS_MOST {
            let Err((after, what)) = self.onwards(&from) else { return };
            let file = table_file_in(&what);
            // On with the first file that begins behind the one at fault.
            let reached = files
                .iter()
                .find(|candidate| Some(&candidate.name) == file.as_ref())
                .map(|candidate| candidate.last_key.clone())
                .max(after.clone())
                .unwrap_or_default();
            let next = files.iter().find(|candidate| candidate.first_key > reached);
            let next = next.map(|next| next.first_key.clone()).filter(|next| *next > from);
            let (before, what_behind) = self.back(after.as_deref(), next.as_deref());
            let same = what_behind.as_ref().is_none_or(|behind| *behind == what);
            let fault = Fault { family: Some(self.family), file, after, before, what };
            let behind = Fault {
                file: what_behind.as_deref().and_then(table_file_in),
                after: None,
                what: what_behind.unwrap_or_default(),
                ..fault.clone()
            };
            // Two blocks that fail, and nothing between them was read: each is told with the key beside it.
            self.report.faults.push(Fault { before: fault.before.clone().filter(|_| same), ..fault });
            self.report.faults.extend(Some(behind).filter(|_| !same));
            match next {
                Some(next) => from = next,
                None => return,
            }
        }
    }

    /// From a key to the end, or to what fails: the last key before it, and what was said.
    fn onwards(&mut self, from: &[u8]) -> Result<(), (Option<Vec<u8>>, String)> {
        let Some(handle) = self.db.cf_handle(self.family.name()) else { return Ok(()) };
        let mut raw = self.db.raw_iterator_cf_opt(handle, reading_all());
        let mut after: Option<Vec<u8>> = None;
        raw.seek(from);
        while let Some((key, value)) = raw.item() {
            self.tell(key, value);
            after.get_or_insert_default().clear();
            after.get_or_insert_default().extend_from_slice(key);
            raw.next();
        }
        raw.status().map_err(|error| (after, error.to_string()))
    }

    /// From the end, or from before a key, back to what fails: the first key behind it, and what was said.
    fn back(&mut self, after: Option<&[u8]>, end: Option<&[u8]>) -> (Option<Vec<u8>>, Option<String>) {
        let Some(handle) = self.db.cf_handle(self.family.name()) else { return (None, None) };
        let mut options = reading_all();
        if let Some(end) = end {
            options.set_iterate_upper_bound(end);
        }
        let mut raw = self.db.raw_iterator_cf_opt(handle, options);
        let mut before: Option<Vec<u8>> = None;
        raw.seek_to_last();
        while let Some((key, value)) = raw.item() {
            if after.is_some_and(|after| key <= after) {
                return (before, None);
            }
            self.tell(key, value);
            before = Some(key.to_vec());
            raw.prev();
        }
        let what = raw.status().err().map(|error| error.to_string());
        (before, what)
    }

    fn tell(&mut self, key: &[u8], value: &[u8]) {
        self.report.entries = self.report.entries.saturating_add(1);
        let bytes = key.len().saturating_add(value.len());
        self.report.bytes = self.report.bytes.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        (self.each)(self.family, key, value);
    }
}

fn reading_all() -> ReadOptions {
    let mut options = ReadOptions::default();
    options.fill_cache(false);
    options.set_verify_checksums(true);
    options.set_readahead_size(READ_AHEAD_BYTES);
    options
}
