//! Who has the data folder? A lock on `quoin.lock`, which also names the process that holds it.
//!
//! RocksDB locks its own folder too; this lock also covers `staging/`, and can say by whom it is held.
//! The operating system drops it with the process, however that ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::OpenError;

pub(super) const LOCK_FILE: &str = "quoin.lock";

/// Holds the data folder until dropped.
#[derive(Debug)]
pub(super) struct FolderLock {
    file: File,
}

impl FolderLock {
    pub(super) fn take(folder: &Path) -> Result<Self, OpenError> {
        let path = folder.join(LOCK_FILE);
        let io = |error: std::io::Error| OpenError::from_io(folder, &path, &error);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let by = file.read_to_string(&mut holder).ok().and_then(|_| holder.trim().parse().ok());
                return Err(OpenError::DataFolderInUse { path: folder.to_owned(), by });
            }
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
        // Only a hint for whoever is refused, so it need not be synced.
        file.set_len(0).map_err(io)?;
        file.seek(SeekFrom::Start(0)).map_err(io)?;
        writeln!(file, "{}", std::process::id()).map_err(io)?;
        Ok(Self { file })
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Closing the file is not enough: a process that is being started has it open until it becomes another program.
        let _goes_with_the_process = self.file.unlock();
    }
}
