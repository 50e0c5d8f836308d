//! How are backups kept in a folder? Files are written beside their names, synced, and renamed.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::backup::digest::{Digesting, each_piece};
use crate::backup::name::{BACKUPS, FILES, LOCK, PART, of_bytes};
use crate::backup::{BackupError, Digest, space};

/// What a folder of backups holds.
const OURS: [&str; 4] = [FILES, BACKUPS, LOCK, "lost+found"];

/// A lock on a folder of backups; given up when dropped.
pub(super) struct FileLock(File);

impl Drop for FileLock {
    fn drop(&mut self) {
        // Closing the file is not enough: a process that is being started has it open until it becomes another program.
        let _goes_with_the_process = self.0.unlock();
    }
}

/// A folder of backups.
pub struct FolderTarget {
    folder: PathBuf,
}

impl FolderTarget {
    /// Makes the folder where it is not there.
    pub(in crate::backup) fn make(folder: &Path) -> Result<(), BackupError> {
        if folder.is_dir() {
            Self::refuse_others(folder)?;
        }
        for part in [FILES, BACKUPS] {
            let part = folder.join(part);
            fs::create_dir_all(&part).map_err(|error| BackupError::io("making", &part, &error))?;
        }
        sync_folder(folder)?;
        folder.parent().filter(|above| !above.as_os_str().is_empty()).map_or(Ok(()), sync_folder)
    }

    /// Opens what is there.
    pub(in crate::backup) fn open(folder: &Path) -> Result<Self, BackupError> {
        if !folder.join(BACKUPS).is_dir() {
            return Err(BackupError::NoBackup { place: folder.display().to_string(), id: None });
        }
        Ok(Self { folder: folder.to_owned() })
    }

    fn refuse_others(folder: &Path) -> Result<(), BackupError> {
        let failed = |error: io::Error| BackupError::io("reading", folder, &error);
        for entry in fs::read_dir(folder).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            if !OURS.iter().any(|ours| name == *ours) {
                let why = format!(
                    "it holds {}, which is no backup: name a folder for backups alone",
                    name.display()
                );
                return Err(BackupError::BadPlace { place: folder.display().to_string(), why });
            }
        }
        Ok(())
    }

    pub(super) fn name(&self) -> String {
        self.folder.display().to_string()
    }

    pub(super) fn hold(&self) -> Result<FileLock, BackupError> {
        let path = self.folder.join(LOCK);
        let failed = |error: io::Error| BackupError::io("locking", &path, &error);
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(FileLock(file)),
            Err(TryLockError::WouldBlock) => Err(self.busy()),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    pub(super) fn hold_for_reading(&self) -> Result<Option<FileLock>, BackupError> {
        // Backups on a medium that can't be written to are pruned by nobody.
        let Ok(file) = File::open(self.folder.join(LOCK)) else { return Ok(None) };
        match file.try_lock_shared() {
            Ok(()) => Ok(Some(FileLock(file))),
            Err(TryLockError::WouldBlock) => Err(self.busy()),
            Err(TryLockError::Error(_)) => Ok(None),
        }
    }

    fn busy(&self) -> BackupError {
        let name = self.name();
        BackupError::Busy {
            what: format!("backups in {name} are being taken, pruned or read by another process"),
        }
    }

    pub(super) fn list(&self, under: &str) -> Result<BTreeMap<String, u64>, BackupError> {
        let mut found = BTreeMap::new();
        let mut folders = vec![under.to_owned()];
        while let Some(folder) = folders.pop() {
            let path = self.folder.join(&folder);
            let failed = |error: io::Error| BackupError::io("listing", &path, &error);
            for entry in fs::read_dir(&path).map_err(failed)? {
                let entry = entry.map_err(failed)?;
                let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
                let what = entry.metadata().map_err(failed)?;
                match what.is_dir() {
                    true => folders.push(name),
                    false => drop(found.insert(name, what.len())),
                }
            }
        }
        Ok(found)
    }

    pub(super) fn require_space(&self, needed: u64) -> Result<(), BackupError> {
        space::require(&self.folder, needed)
    }

    pub(super) fn put_file(&self, from: &Path, digest: &Digest) -> Result<(), BackupError> {
        let mut source = File::open(from).map_err(|error| BackupError::io("reading", from, &error))?;
        self.write(&of_bytes(digest), &mut source, digest)
    }

    pub(super) fn settle(&self) -> Result<(), BackupError> {
        let files = self.folder.join(FILES);
        let failed = |error: io::Error| BackupError::io("listing", &files, &error);
        for entry in fs::read_dir(&files).map_err(failed)? {
            sync_folder(&entry.map_err(failed)?.path())?;
        }
        sync_folder(&files)
    }

    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> Result<(), BackupError> {
        self.write(name, &mut &*bytes, &Digest::of(bytes))?;
        sync_folder(&self.folder.join(BACKUPS))
    }

    /// Writes beside the name, and renames when all is on disk and has the digest.
    fn write(&self, name: &str, from: &mut dyn Read, digest: &Digest) -> Result<(), BackupError> {
        let path = self.folder.join(name);
        let failed = |error: io::Error| BackupError::io("writing", &path, &error);
        let (Some(above), Some(last)) = (path.parent(), path.file_name()) else {
            return Err(failed(io::ErrorKind::InvalidInput.into()));
        };
        fs::create_dir_all(above).map_err(failed)?;
        let part = above.join(format!("{PART}{}", last.display()));
        let mut write = || -> io::Result<()> {
            let mut digesting = Digesting::default();
            let mut file = File::create(&part)?;
            each_piece(from, |piece| {
                digesting.add(piece);
                file.write_all(piece)
            })?;
            if digesting.end().0 != *digest {
                return Err(io::Error::other("its bytes changed while they were read"));
            }
            file.sync_all()?;
            fs::rename(&part, &path)
        };
        write().map_err(|error| {
            // Where it can't be removed, pruning does that.
            let _pruned_later = fs::remove_file(&part);
            failed(error)
        })
    }

    pub(super) fn read(&self, name: &str) -> Result<Option<Box<dyn Read + '_>>, BackupError> {
        let path = self.folder.join(name);
        match File::open(&path) {
            Ok(file) => Ok(Some(Box::new(file))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(BackupError::io("reading", &path, &error)),
        }
    }

    pub(super) fn remove(&self, name: &str) -> Result<(), BackupError> {
        let path = self.folder.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(BackupError::io("removing", &path, &error))
            }
            _ => Ok(()),
        }
    }
}

fn sync_folder(folder: &Path) -> Result<(), BackupError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| BackupError::io("syncing", folder, &error))
}
