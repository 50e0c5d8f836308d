//! Is this folder ours, and of a format that we read? Asked before anything in it is changed.

use std::fs;
use std::io;
use std::path::Path;

use rocksdb::{DB, DEFAULT_COLUMN_FAMILY_NAME, InfoLogger, IteratorMode, LogLevel, Options};

use super::commit::FORMAT_KEY;
use super::lock::LOCK_FILE;
use super::{Family, OpenError, log_file};

/// The layout that this binary writes and reads.
pub const FORMAT: u32 = 2;

pub(super) const DB_FOLDER: &str = "db";
pub(super) const STAGING_FOLDER: &str = "staging";
/// What others than the store keep in the data folder: the log of what callers did.
pub(super) const OF_OTHERS: [&str; 1] = ["audit"];
/// What a folder in which a store is to be made may already hold.
pub(super) const MAY_HOLD: [&str; 4] = [LOCK_FILE, DB_FOLDER, STAGING_FOLDER, "lost+found"];

/// Whether the folder can be ours, without changing anything.
pub(super) fn look(folder: &Path, create: bool) -> Result<(), OpenError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound && create => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(OpenError::not_a_store(folder, "there is no such folder"));
        }
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(OpenError::not_a_store(folder, "it is not a folder"));
        }
        Err(error) => return Err(OpenError::from_io(folder, folder, &error)),
    };
    check_whole(folder)?;
    if has_database(folder) {
        return Ok(());
    }
    if !create {
        return Err(OpenError::not_a_store(folder, "it holds no database"));
    }
    for entry in entries {
        let name = entry.map_err(|e| OpenError::from_io(folder, folder, &e))?.file_name();
        if !MAY_HOLD.iter().any(|ours| name == *ours) {
            return Err(OpenError::not_a_store(folder, &format!("it holds {}", name.display())));
        }
    }
    Ok(())
}

/// What a database can't be without, if it was opened before: RocksDB would begin afresh, and sweep away
/// the table files that it does not know.
fn check_whole(folder: &Path) -> Result<(), OpenError> {
    check_logs(folder)?;
    let db_folder = folder.join(DB_FOLDER);
    let corrupt = |what: &str| OpenError::Corrupt { path: folder.to_owned(), what: what.to_owned() };
    let mut endings = Vec::new();
    match fs::read_dir(&db_folder) {
        Ok(entries) => {
            for entry in entries {
                let entry = entry.map_err(|e| OpenError::from_io(folder, &db_folder, &e))?;
                endings.extend(entry.path().extension().map(std::ffi::OsStr::to_owned));
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(OpenError::from_io(folder, &db_folder, &error)),
    }
    let holds = |ending: &str| endings.iter().any(|found| found == ending);
    if !has_database(folder) && holds("sst") {
        return Err(corrupt("db/CURRENT is missing"));
    }
    // A checkpoint has no lock file until it is opened, and may have no log until then.
    if has_database(folder)
        && folder.join(LOCK_FILE).exists()
        && !holds("log")
        && (holds("sst") || has_families(folder))
    {
        return Err(corrupt("the write-ahead log is missing from db/"));
    }
    Ok(())
}

/// The manifest and the write-ahead logs, which RocksDB would cut short in silence where damage looks like a torn tail.
fn check_logs(folder: &Path) -> Result<(), OpenError> {
    let db_folder = folder.join(DB_FOLDER);
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(&db_folder).into_iter().flatten() {
        let entry = entry.map_err(|error| OpenError::from_io(folder, &db_folder, &error))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.retain(|name| name.starts_with("MANIFEST-") || name.ends_with(".log"));
    for name in names {
        match log_file::examine(&db_folder.join(&name)) {
            Ok(Ok(_)) => {}
            Ok(Err(damage)) => {
                let what = format!("{DB_FOLDER}/{name} is damaged at {damage}");
                return Err(OpenError::Corrupt { path: folder.to_owned(), what });
            }
            // What a running process needs no more goes while it is looked at.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(OpenError::from_io(folder, &db_folder.join(&name), &error)),
        }
    }
    Ok(())
}

/// Has the database families beside its own? They are made after the first log, so that a first opening that was cut off
/// before it has none. One that cannot be asked is no such.
fn has_families(folder: &Path) -> bool {
    DB::list_cf(&Options::default(), folder.join(DB_FOLDER))
        .map_or(true, |families| families.iter().any(|name| name != DEFAULT_COLUMN_FAMILY_NAME))
}

pub(super) fn has_database(folder: &Path) -> bool {
    folder.join(DB_FOLDER).join("CURRENT").exists()
}

/// Holds the names of the database's families against ours. Families that we don't know belong to a newer
/// store, which says so in `meta`, or the database is not ours.
///
/// Returns whether it has any: a first opening that was cut off leaves an empty database.
pub(super) fn check_families(folder: &Path) -> Result<bool, OpenError> {
    let families = DB::list_cf(&Options::default(), folder.join(DB_FOLDER))
        .map_err(|error| OpenError::from_rocksdb(folder, &error))?;
    let has_meta = families.iter().any(|name| name == Family::Meta.name());
    let unknown =
        families.iter().find(|name| *name != DEFAULT_COLUMN_FAMILY_NAME && Family::of_name(name).is_none());
    match (unknown, has_meta) {
        (None, true) => Ok(true),
        (Some(unknown), true) => {
            let foreign = OpenError::not_a_store(folder, &format!("its database holds {unknown}"));
            match look_up(folder, Family::Meta.name(), Some(FORMAT_KEY))? {
                Some(found) => check_format(folder, &found).and(Err(foreign)),
                None => Err(foreign),
            }
        }
        (None, false) if look_up(folder, DEFAULT_COLUMN_FAMILY_NAME, None)?.is_none() => Ok(false),
        (_, false) => Err(OpenError::not_a_store(folder, "its database holds something else")),
    }
}

/// The value under a key of one family, or under its first key, in a database that may not be ours.
fn look_up(folder: &Path, family: &str, key: Option<&[u8]>) -> Result<Option<Vec<u8>>, OpenError> {
    let failed = |error: rocksdb::Error| OpenError::from_rocksdb(folder, &error);
    let mut quiet = Options::default();
    quiet.set_info_logger(InfoLogger::new_stderr_logger(LogLevel::Fatal, None::<&str>));
    let db = DB::open_cf_for_read_only(&quiet, folder.join(DB_FOLDER), [family], false).map_err(failed)?;
    let Some(handle) = db.cf_handle(family) else { return Ok(None) };
    match key {
        Some(key) => db.get_cf(handle, key).map_err(failed),
        None => {
            let first = db.iterator_cf(handle, IteratorMode::Start).next().transpose().map_err(failed)?;
            Ok(first.map(|(_, value)| value.into_vec()))
        }
    }
}

pub(super) fn check_format(folder: &Path, found: &[u8]) -> Result<(), OpenError> {
    let path = folder.to_owned();
    match <[u8; 4]>::try_from(found).map(u32::from_be_bytes) {
        Ok(FORMAT) => Ok(()),
        Ok(found) => Err(OpenError::OtherFormat { path, found, supported: FORMAT }),
        Err(_) => Err(OpenError::Corrupt { path, what: format!("format number {found:?}") }),
    }
}

/// Empties a folder, making it if need be.
pub(super) fn sweep(folder: &Path) -> io::Result<()> {
    if let Err(error) = fs::remove_dir_all(folder)
        && error.kind() != io::ErrorKind::NotFound
    {
        return Err(error);
    }
    fs::create_dir_all(folder)
}

/// Makes the names in a new data folder, and its own name, outlive a crash.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()?;
    match fs::canonicalize(folder)?.parent() {
        Some(parent) => fs::File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}
