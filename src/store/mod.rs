//! Where do the bytes live? In a data folder: RocksDB in `db/`, files in the making in `staging/`, and
//! `quoin.lock`, which names the process that has it open.
//!
//! This is the only place that names RocksDB. It knows keys, bytes and numbers; it never knows what a price,
//! a list or a contract is, reads no clock and never speaks to the network. Ten families of bytes:
//!
//! ```text
//! family     key                                           value
//! meta       "store/format"            u32                 the layout of this table, FORMAT
//!            "store/next_publication"  u64                 the next number never used
//!            "store/id"                16 bytes            which store this is, and was before it was backed up and restored
//!            "store/unowned/" u64      nothing             a publication whose rows belong to nothing
//!            anything else                                 the engine's
//! rows       publication u64 | list u32 | segment u16      a row segment, immutable
//! directory  the engine's                                  a page of the row directory
//! records    the engine's                                  a page of the catalogue, a flat blob
//! log        sequence u64                                  a command and its outcome
//! requests   the engine's                                  what was answered to a request id
//! documents  the engine's                                  what is known of a document, by its id
//! facts      the engine's                                  documents by contract and day
//! statements the engine's                                  statements of settlement, by number
//! quotes     the engine's                                  quotes, and what they are found by
//! ```
//!
//! All numbers are big-endian. What it promises:
//! - A commit is one write and one sync: acknowledged, it outlives any crash; else it is there whole or not
//!   at all. A damaged write-ahead log or manifest is refused at opening, never cut short in silence.
//! - When a commit fails, no later one is tried until the store is opened again; reads go on.
//! - A publication number is durable before it names a row outside a commit, and is never used twice.
//! - Bulk rows are invisible until a commit names them; what no commit named is removed at opening.
//! - Every block read is held against its checksum. What fails is named, and not returned.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, OnceLock};

use rocksdb::{Cache, ColumnFamily, DB, Options, ReadOptions};

mod batch;
mod checkpoint;
mod commit;
mod error;
mod family;
mod folder;
mod identity;
mod ingest;
mod inspect;
mod key;
mod lock;
mod log_file;
mod open;
mod options;
mod read;
mod report;
mod retire;
mod scan;
mod verify;
mod versions;

pub use batch::Batch;
pub use commit::{CommitInfo, FailPoint};
pub use error::{OpenError, StoreError};
pub use family::Family;
pub use folder::FORMAT;
pub use identity::StoreId;
pub use ingest::{RowIngest, StagedRows};
pub use inspect::Inspected;
pub use key::{ROW_KEY_BYTES, RowKey};
pub use options::StoreOptions;
pub use read::{Cached, Pinned};
pub use report::{Counters, FamilySize, MemoryReport, SizeReport, TableFile};
pub use retire::Removed;
pub use scan::{Entry, LogScan, RowScan, Scan};
pub use verify::{FAULTS_MOST, Fault, VerifyReport};

use scan::log_key;

/// An open data folder. Share it behind an `Arc`: reads need no lock, commits take their turn.
pub struct Store {
    // Dropped in this order: the database closes before the folder is let go.
    db: DB,
    db_options: Options,
    cache: Cache,
    point_reads: ReadOptions,
    /// Leave nothing in the block cache.
    single_reads: ReadOptions,
    cached_reads: ReadOptions,
    folder: PathBuf,
    statistics: bool,
    read_only: bool,
    writer: Mutex<commit::Writer>,
    poisoned_by: OnceLock<String>,
    commits_synced: AtomicU64,
    staged_files: AtomicU64,
    _lock: Option<lock::FolderLock>,
}

impl Store {
    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where an import may put its own files. Emptied at every opening.
    pub fn staging_dir(&self) -> PathBuf {
        self.folder.join(folder::STAGING_FOLDER)
    }

    fn handle(&self, family: Family) -> Result<&ColumnFamily, StoreError> {
        self.db.cf_handle(family.name()).ok_or_else(|| StoreError::Corrupt {
            file: None,
            what: format!("family {} is missing", family.name()),
        })
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Store({})", self.folder.display())
    }
}
