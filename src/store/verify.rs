//! Is every byte what was written? Reads all blocks from disk, against their checksums, and names what fails.

use std::fmt;

use rocksdb::{DB, ReadOptions};

use super::error::table_file_in;
use super::open::open_database_read_only;
use super::report::{TableFile, table_files};
use super::{Family, OpenError, RowKey, Store, StoreError, StoreOptions};

/// Cache of the verifying reader: its reads are seldom repeated.
const CACHE_BYTES: usize = 8 * 1024 * 1024;
const READ_AHEAD_BYTES: usize = 2 * 1024 * 1024;

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
    /// What RocksDB said.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.as_deref().unwrap_or("a file not named");
        write!(out, "{file}")?;
        if let Some(family) = self.family {
            write!(out, " of {}", family.name())?;
        }
        match (&self.after, self.family) {
            (Some(key), Some(Family::Rows)) if RowKey::decode(key).is_some() => {
                RowKey::decode(key).map_or(Ok(()), |key| write!(out, ", after {key}"))?;
            }
            (Some(key), _) => write!(out, ", after key {}", key.escape_ascii())?,
            (None, _) => {}
        }
        write!(out, ": {}", self.what)
    }
}

impl Store {
    /// Reads everything as it is on disk now, past the block cache, beside whatever goes on. After a fault
    /// it goes on with the next file.
    ///
    /// # Errors
    /// [`StoreError::Io`] where a file can't be read at all. Damage is no error: it is in the report.
    pub fn verify(&self) -> Result<VerifyReport, StoreError> {
        let options =
            StoreOptions { block_cache_bytes: CACHE_BYTES, statistics: false, ..StoreOptions::default() };
        let mut report = VerifyReport::default();
        let _kept = self.keep_files()?;
        let db = match open_database_read_only(&self.folder, &options) {
            Ok((_, _, db)) => db,
            Err(OpenError::Corrupt { what, .. }) => {
                report.faults.push(Fault { family: None, file: table_file_in(&what), after: None, what });
                return Ok(report);
            }
            Err(error) => {
                return Err(StoreError::Io { doing: "verifying", what: error.to_string() });
            }
        };
        let files = db.live_files().map_err(|error| StoreError::from_rocksdb("verifying", &error))?;
        let files = table_files(files);
        for family in Family::ALL {
            let of_family: Vec<&TableFile> = files.iter().filter(|file| file.family == family).collect();
            report.files = report.files.saturating_add(u64::try_from(of_family.len()).unwrap_or(u64::MAX));
            verify_family(&db, family, &of_family, &mut report)?;
        }
        Ok(report)
    }

    /// Keeps every file that is there: a reader beside this store would take a file that went for damage.
    fn keep_files(&self) -> Result<Option<KeptFiles<'_>>, StoreError> {
        if self.read_only {
            return Ok(None);
        }
        self.db.disable_file_deletions().map_err(|error| StoreError::from_rocksdb("verifying", &error))?;
        Ok(Some(KeptFiles(&self.db)))
    }
}

/// While it lives, the database deletes no file of no use; it does so afterwards.
struct KeptFiles<'d>(&'d DB);

impl Drop for KeptFiles<'_> {
    fn drop(&mut self) {
        // Where it fails, files of no use stay until the store is opened again.
        let _they_stay = self.0.enable_file_deletions();
    }
}

fn verify_family(
    db: &DB,
    family: Family,
    files: &[&TableFile],
    report: &mut VerifyReport,
) -> Result<(), StoreError> {
    let Some(handle) = db.cf_handle(family.name()) else { return Ok(()) };
    let mut from: Vec<u8> = Vec::new();
    loop {
        let mut options = ReadOptions::default();
        options.fill_cache(false);
        options.set_verify_checksums(true);
        options.set_readahead_size(READ_AHEAD_BYTES);
        let mut raw = db.raw_iterator_cf_opt(handle, options);
        let mut after: Option<Vec<u8>> = None;
        raw.seek(&from);
        while let Some((key, value)) = raw.item() {
            report.entries = report.entries.saturating_add(1);
            let bytes = key.len().saturating_add(value.len());
            report.bytes = report.bytes.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
            after.get_or_insert_default().clear();
            after.get_or_insert_default().extend_from_slice(key);
            raw.next();
        }
        let Err(error) = raw.status() else { return Ok(()) };
        let what = error.to_string();
        if error.kind() != rocksdb::ErrorKind::Corruption {
            return Err(StoreError::from_rocksdb("verifying", &error));
        }
        let file = table_file_in(&what);
        // On with the first file that begins behind the one at fault.
        let reached = files
            .iter()
            .find(|candidate| Some(&candidate.name) == file.as_ref())
            .map(|candidate| candidate.last_key.clone())
            .max(after.clone())
            .unwrap_or_default();
        report.faults.push(Fault { family: Some(family), file, after, what });
        match files.iter().find(|candidate| candidate.first_key > reached) {
            Some(next) if next.first_key > from => from = next.first_key.clone(),
            _ => return Ok(()),
        }
    }
}
