//! How do bytes get to where backups are kept, and back? A few operations on names, on a folder or a bucket.

use std::collections::BTreeMap;
use std::io::Read;
use std::marker::PhantomData;
use std::path::Path;

use super::{BackupError, Digest};

#[cfg(feature = "object-store")]
mod bucket;
mod folder;
#[cfg(feature = "object-store")]
mod http;

#[cfg(feature = "object-store")]
use bucket::{BucketLock, BucketTarget};
use folder::FileLock;
pub(super) use folder::FolderTarget;

/// An open place of backups.
pub enum Target {
    /// A folder.
    Folder(FolderTarget),
    /// A bucket of an object store, or what is below a prefix of it.
    #[cfg(feature = "object-store")]
    Bucket(Box<BucketTarget>),
}

/// Held while a backup is taken or pruned; ends when dropped.
pub(super) struct Held<'t> {
    _by: HeldBy<'t>,
}

enum HeldBy<'t> {
    /// A lock on a file.
    File(#[expect(dead_code, reason = "held, not read")] FileLock, PhantomData<&'t ()>),
    /// An object.
    #[cfg(feature = "object-store")]
    Object(#[expect(dead_code, reason = "held, not read")] BucketLock<'t>),
}

impl Held<'_> {
    fn by_file(lock: FileLock) -> Self {
        Self { _by: HeldBy::File(lock, PhantomData) }
    }
}

impl Target {
    /// Opens a bucket.
    #[cfg(feature = "object-store")]
    pub(super) fn bucket(address: &str) -> Result<Self, BackupError> {
        BucketTarget::of_address(address).map(|bucket| Self::Bucket(Box::new(bucket)))
    }

    /// Opens a bucket.
    #[cfg(not(feature = "object-store"))]
    pub(super) fn bucket(address: &str) -> Result<Self, BackupError> {
        let why = "this quoin was built without object stores: name a folder".to_owned();
        Err(BackupError::BadPlace { place: address.to_owned(), why })
    }

    /// Any object store that the crate `object_store` knows, below a prefix.
    ///
    /// # Errors
    /// [`BackupError::BadPlace`] for a prefix that is none.
    #[cfg(feature = "object-store")]
    pub fn of_object_store(
        store: std::sync::Arc<dyn object_store::ObjectStore>,
        prefix: &str,
    ) -> Result<Self, BackupError> {
        let name = format!("{store}/{prefix}");
        let bad = |error: object_store::path::Error| BackupError::BadPlace {
            place: prefix.to_owned(),
            why: error.to_string(),
        };
        let prefix = object_store::path::Path::parse(prefix).map_err(bad)?;
        BucketTarget::new(store, prefix, &name).map(|bucket| Self::Bucket(Box::new(bucket)))
    }

    /// What an operator calls it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Folder(folder) => folder.name(),
            #[cfg(feature = "object-store")]
            Self::Bucket(bucket) => bucket.name(),
        }
    }

    /// Keeps others out who would take or prune backups here.
    pub(super) fn hold(&self) -> Result<Held<'_>, BackupError> {
        match self {
            Self::Folder(folder) => folder.hold().map(Held::by_file),
            #[cfg(feature = "object-store")]
            Self::Bucket(bucket) => bucket.hold().map(|lock| Held { _by: HeldBy::Object(lock) }),
        }
    }

    /// Keeps out who would prune while a backup is read, as far as the place has a way to.
    pub(super) fn hold_for_reading(&self) -> Result<Option<Held<'_>>, BackupError> {
        match self {
            Self::Folder(folder) => Ok(folder.hold_for_reading()?.map(Held::by_file)),
            #[cfg(feature = "object-store")]
            Self::Bucket(_) => Ok(None),
        }
    }

    /// Names that begin with a folder's, and their sizes.
    pub(super) fn list(&self, under: &str) -> Result<BTreeMap<String, u64>, BackupError> {
        match self {
            Self::Folder(folder) => folder.list(under),
            #[cfg(feature = "object-store")]
            Self::Bucket(bucket) => bucket.list(under),
        }
    }

    /// Refuses where so many bytes have no room, as far as that can be known.
    pub(super) fn require_space(&self, needed: u64) -> Result<(), BackupError> {
        match self {
            Self::Folder(folder) => folder.require_space(needed),
            #[cfg(feature = "object-store")]
            Self::Bucket(_) => Ok(()),
        }
    }

    /// Copies a file to the place of its digest. It is there whole or not at all.
    pub(super) fn put_file(&self, from: &Path, digest: &Digest) -> Result<(), BackupError> {
        match self {
            Self::Folder(folder) => folder.put_file(from, digest),
            #[cfg(feature = "object-store")]
            Self::Bucket(bucket) => bucket.put_file(from, digest),
        }
    }

    /// Makes durable what was put so far.
    pub(super) fn settle(&self) -> Result<(), BackupError> {
        match self {
            Self::Folder(folder) => folder.settle(),
            #[cfg(feature = "object-store")]
            Self::Bucket(_) => Ok(()),
        }
    }

    /// Puts a few bytes, durably, whole or not at all.
    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> Result<(), BackupError> {
        match self {
            Self::Folder(folder) => folder.put(name, bytes),
            #[cfg(feature = "object-store")]
            Self::Bucket(bucket) => bucket.put(name, bytes),
        }
    }

    /// What is there under a name; none where there is nothing.
    pub(super) fn read(&self, name: &str) -> Result<Option<Box<dyn Read + '_>>, BackupError> {
        match self {
            Self::Folder(folder) => folder.read(name),
            #[cfg(feature = "object-store")]
            Self::Bucket(bucket) => bucket.read(name),
        }
    }

    /// Removes what is there, if anything.
    pub(super) fn remove(&self, name: &str) -> Result<(), BackupError> {
        match self {
            Self::Folder(folder) => folder.remove(name),
            #[cfg(feature = "object-store")]
            Self::Bucket(bucket) => bucket.remove(name),
        }
    }
}

impl std::fmt::Debug for Target {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Target({})", self.name())
    }
}
