//! How is a copy made of a store that is in use? As a data folder of its own, by hard links.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use rocksdb::checkpoint::Checkpoint;

use super::folder::{DB_FOLDER, MAY_HOLD};
use super::{Store, StoreError};

impl Store {
    /// Makes `folder`, which must not be there yet, a data folder with everything committed so far. On the
    /// same file system the table files are shared with it, not copied.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the disk refuses or the folder exists.
    pub fn checkpoint(&self, folder: &Path) -> Result<(), StoreError> {
        let io = |error: std::io::Error| StoreError::from_io("making a checkpoint", folder, &error);
        let failed = |error: rocksdb::Error| StoreError::from_rocksdb("making a checkpoint", &error);
        fs::create_dir(folder).map_err(io)?;
        let checkpoint = Checkpoint::new(&self.db).map_err(failed)?;
        checkpoint.create_checkpoint(folder.join(DB_FOLDER)).map_err(failed)?;
        fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)
    }

    /// As [`Store::checkpoint`], with copies of what else lies in the data folder: files of others than the store. Refused after a commit has
    /// failed, since it would have what nobody was told of.
    ///
    /// # Errors
    /// As [`Store::checkpoint`], [`StoreError::Poisoned`] and [`StoreError::ReadOnly`].
    pub fn checkpoint_with_others(&self, folder: &Path) -> Result<(), StoreError> {
        self.check_writable()?;
        self.checkpoint(folder)?;
        let io =
            |error: std::io::Error| StoreError::from_io("copying what lies beside the store", folder, &error);
        for name in names_down(&self.folder).map_err(io)? {
            if !MAY_HOLD.iter().any(|ours| name == *ours) {
                copy(&self.folder.join(&name), &folder.join(&name)).map_err(io)?;
            }
        }
        Ok(())
    }
}

/// Names of a folder's entries, the last first: `audit.head`, which says how far `audit-1.jsonl` has come, is copied before that goes on.
fn names_down(folder: &Path) -> std::io::Result<Vec<OsString>> {
    let names = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name()));
    let mut names = names.collect::<std::io::Result<Vec<_>>>()?;
    names.sort_by(|a, b| b.cmp(a));
    Ok(names)
}

/// Copies a file, or a folder with all that is in it; links and the like are left out.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    let kind = fs::symlink_metadata(from)?.file_type();
    if kind.is_file() {
        fs::copy(from, to)?;
    } else if kind.is_dir() {
        fs::create_dir(to)?;
        for name in names_down(from)? {
            copy(&from.join(&name), &to.join(&name))?;
        }
    }
    Ok(())
}
