//! What can go wrong with a backup, and what is the operator to do about it?

use std::io;
use std::path::{Path, PathBuf};

use crate::store::{OpenError, StoreError};

/// Why a backup was not taken, restored, listed or pruned.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The caller's roles do not cover it.
    #[error("not allowed: {what}")]
    NotAllowed {
        /// What is missing.
        what: String,
    },
    /// The server has no place for backups.
    #[error("this server has no place for backups: start it with --backups")]
    NoPlace,
    /// Another backup, or pruning, is under way. Nothing was done.
    #[error("{what}; try again when it has ended")]
    Busy {
        /// What goes on, and where.
        what: String,
    },
    /// The address of the backups, or a name within it, is none.
    #[error("{place}: {why}")]
    BadPlace {
        /// As asked.
        place: String,
        /// What is wrong with it.
        why: String,
    },
    /// The backups there are of another store, which keeping and pruning would mix up.
    #[error("{place} holds backups of store {found}, and this is store {ours}: name another place")]
    OtherStore {
        /// Where.
        place: String,
        /// The store of the backups there.
        found: String,
        /// The store that was to be backed up.
        ours: String,
    },
    /// There is no such backup.
    #[error("{place} holds no backup{}", id.as_ref().map_or(String::new(), |id| format!(" \"{id}\"")))]
    NoBackup {
        /// Where.
        place: String,
        /// As asked; none where any would do.
        id: Option<String>,
    },
    /// The backup was made by a newer quoin. Restore it with that one.
    #[error("backup {id} has format {found}, this binary reads up to {supported}: use a newer quoin")]
    NewerFormat {
        /// The backup.
        id: String,
        /// The format found.
        found: u32,
        /// The newest format that this binary understands.
        supported: u32,
    },
    /// The store itself is damaged. Nothing was backed up, and older backups are as they were.
    #[error("the store is damaged, and was not backed up:\n{}", faults.join("\n"))]
    StoreDamaged {
        /// Everything that was found.
        faults: Vec<String>,
    },
    /// Files of backups are not what was backed up. Nothing was restored or removed.
    #[error("the backup is damaged:\n{}", faults.join("\n"))]
    Damaged {
        /// Every file, with what is wrong with it.
        faults: Vec<String>,
    },
    /// The folder to restore into holds something, or its name is taken.
    #[error("{}: {why}", into.display())]
    NotFree {
        /// The folder.
        into: PathBuf,
        /// What is there.
        why: String,
    },
    /// There is too little room. Nothing was written.
    #[error("{place} has {free} bytes free, and {needed} are needed")]
    NoSpace {
        /// Where.
        place: String,
        /// Bytes that would be written.
        needed: u64,
        /// Bytes that are free.
        free: u64,
    },
    /// The disk or the object store refused.
    #[error("{doing}: {what}")]
    Io {
        /// What was being done, and with what.
        doing: String,
        /// What was said.
        what: String,
    },
    /// The store did not answer.
    #[error(transparent)]
    Storage(#[from] StoreError),
    /// What was restored does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl BackupError {
    pub(super) fn io(doing: &str, path: &Path, error: &io::Error) -> Self {
        Self::Io { doing: format!("{doing} {}", path.display()), what: error.to_string() }
    }
}
