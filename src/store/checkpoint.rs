//! How is a copy made of a store that is in use? As a data folder of its own, by hard links.

use std::fs;
use std::path::Path;

use rocksdb::checkpoint::Checkpoint;

use super::folder::DB_FOLDER;
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
}
