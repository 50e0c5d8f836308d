//! What can go wrong with the bytes, and what can the caller do about it?

use std::io;
use std::path::{Path, PathBuf};

use super::RowKey;

/// Why a data folder was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process (or another `Store` of this one) has the folder open. Stop it, or name another folder.
    #[error("data folder {} is in use by {}", path.display(), holder(*by))]
    DataFolderInUse {
        /// The data folder.
        path: PathBuf,
        /// The process that holds it, where that is known.
        by: Option<u32>,
    },
    /// The folder was written by another version of quoin. Run that one, or import into a new folder.
    #[error(
        "data folder {} has format {found}, this binary reads {supported}: run the quoin that wrote it, or import into a new folder",
        path.display()
    )]
    OtherFormat {
        /// The data folder.
        path: PathBuf,
        /// The format found.
        found: u32,
        /// The format that this binary understands.
        supported: u32,
    },
    /// The folder is not a data folder of quoin. Nothing in it was changed.
    #[error("{} is not a data folder: {why}", path.display())]
    NotAStore {
        /// The folder.
        path: PathBuf,
        /// What it lacks, or holds that does not belong.
        why: String,
    },
    /// Bytes that must be read to open the folder fail their checksum. Restore a backup.
    #[error("data folder {} is corrupt: {what}", path.display())]
    Corrupt {
        /// The data folder.
        path: PathBuf,
        /// What is wrong, with the file.
        what: String,
    },
    /// The operating system refused.
    #[error("data folder {}: {what}", path.display())]
    Io {
        /// The data folder.
        path: PathBuf,
        /// What was refused and why.
        what: String,
    },
}

impl OpenError {
    pub(super) fn not_a_store(folder: &Path, why: &str) -> Self {
        Self::NotAStore { path: folder.to_owned(), why: why.to_owned() }
    }

    pub(super) fn from_io(folder: &Path, at: &Path, error: &io::Error) -> Self {
        Self::Io { path: folder.to_owned(), what: format!("{}: {error}", at.display()) }
    }

    pub(super) fn from_store(folder: &Path, error: StoreError) -> Self {
        let path = folder.to_owned();
        match error {
            StoreError::Corrupt { what, .. } => Self::Corrupt { path, what },
            other => Self::Io { path, what: other.to_string() },
        }
    }

    pub(super) fn from_rocksdb(folder: &Path, error: &rocksdb::Error) -> Self {
        use rocksdb::ErrorKind::{Corruption, IOError, InvalidArgument};
        let path = folder.to_owned();
        let mut what = error.to_string();
        if table_file_in(&what).is_some() {
            // RocksDB goes on to blame the manifest for every table file that it can't open.
            what.truncate(what.find("  The file ").unwrap_or(what.len()));
        }
        match error.kind() {
            Corruption => Self::Corrupt { path, what },
            IOError if what.contains("No such file") => Self::Corrupt { path, what },
            IOError if what.contains("lock file") || what.contains("lock hold by") => {
                Self::DataFolderInUse { path, by: None }
            }
            InvalidArgument => Self::NotAStore { path, why: what },
            _ => Self::Io { path, what },
        }
    }
}

fn holder(by: Option<u32>) -> String {
    by.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"))
}

/// Why a read or write of an open store failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The write or its sync failed: whether it is there, only reopening tells (the request id decides).
    /// Every later write is refused as [`StoreError::Poisoned`].
    #[error("the commit failed, and may or may not be there after reopening: {what}")]
    CommitFailed {
        /// What the disk or RocksDB said.
        what: String,
    },
    /// An earlier commit failed, so nothing is written until the store is opened again. Nothing of this
    /// write was written. Reads go on.
    #[error("writes are refused since an earlier one failed: {first}")]
    Poisoned {
        /// What the first failure said.
        first: String,
    },
    /// The store was opened for reading.
    #[error("the store is open for reading only")]
    ReadOnly,
    /// Bytes fail their checksum, or are no key of ours. They were not served.
    #[error("corrupt: {what}")]
    Corrupt {
        /// The table file, where RocksDB names it.
        file: Option<String>,
        /// What is wrong.
        what: String,
    },
    /// Bulk rows must come in ascending order, each key once.
    #[error("row {key} comes after {after}: bulk rows must ascend")]
    OutOfOrder {
        /// The key offered.
        key: RowKey,
        /// The key before it.
        after: RowKey,
    },
    /// A bulk row must belong to the publication for which the ingest was begun.
    #[error("row {key} does not belong to publication {publication}")]
    WrongPublication {
        /// The key offered.
        key: RowKey,
        /// The publication of the ingest.
        publication: u64,
    },
    /// Keys of `meta` that begin with `store/` belong to the store itself.
    #[error("key {key} of meta belongs to the store itself")]
    ReservedKey {
        /// The key offered.
        key: String,
    },
    /// The disk or RocksDB refused; nothing was acknowledged, and writes are not poisoned by it.
    #[error("{doing}: {what}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// What was said.
        what: String,
    },
}

impl StoreError {
    /// Sorts an error of RocksDB into what the caller can act on.
    pub(super) fn from_rocksdb(doing: &'static str, error: &rocksdb::Error) -> Self {
        let what = error.to_string();
        match error.kind() {
            rocksdb::ErrorKind::Corruption => Self::Corrupt { file: table_file_in(&what), what },
            _ => Self::Io { doing, what },
        }
    }

    pub(super) fn from_io(doing: &'static str, path: &Path, error: &io::Error) -> Self {
        Self::Io { doing, what: format!("{}: {error}", path.display()) }
    }
}

/// The name of the table file in a message such as `... in /data/db/000012.sst offset 0 size 16401`.
pub(super) fn table_file_in(message: &str) -> Option<String> {
    message
        .split(|c: char| c.is_whitespace() || c == ',' || c == ':')
        .filter_map(|word| word.rsplit('/').next())
        .find(|word| word.ends_with(".sst") || word.ends_with(".log"))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::table_file_in;

    #[test]
    fn the_file_is_found_in_the_message() {
        let message = "Corruption: block checksum mismatch: stored = 1, computed = 2, type = 4  in \
                       /data/db/000012.sst offset 0 size 16401, block_type = Data";
        assert_eq!(table_file_in(message).as_deref(), Some("000012.sst"));
        assert_eq!(table_file_in("Corruption: bad key"), None);
    }
}
