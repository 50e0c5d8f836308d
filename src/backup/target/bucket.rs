//! How are backups kept in a bucket? Objects are put whole or not at all, which is the object store's own promise.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};
use tokio::runtime::{Builder, Runtime};
use tokio_stream::StreamExt;

use crate::backup::digest::Digesting;
use crate::backup::name::{LOCK, of_bytes};
use crate::backup::{BackupError, Digest};

use super::http::Connector;

/// Files up to this size are put in one request, larger ones in parts of it.
const PART_BYTES: u64 = 8 * 1024 * 1024;
/// What is asked for at once where a file is read.
const RANGE_BYTES: u64 = 8 * 1024 * 1024;
/// A lock that was not put anew for so long is that of a process that has gone: files of a backup take far less, and each puts it anew.
const LOCK_SECONDS: i64 = 6 * 60 * 60;
/// Where the time is asked for: an object's, as the object store tells it.
const CLOCK: &str = "quoin-backup.clock";

/// A bucket of an object store, or what is below a prefix of it.
pub struct BucketTarget {
    store: Arc<dyn ObjectStore>,
    prefix: ObjectPath,
    name: String,
    runtime: Runtime,
}

/// Removes the lock when dropped.
pub struct BucketLock<'t> {
    target: &'t BucketTarget,
}

impl Drop for BucketLock<'_> {
    fn drop(&mut self) {
        // Where it can't be removed, it is out of date in a few hours.
        let _later = self.target.remove(LOCK);
    }
}

impl BucketTarget {
    /// A bucket by its address, `s3://bucket/prefix`. Region, endpoint and credentials come from the environment, as the tools of AWS take them.
    pub(super) fn of_address(address: &str) -> Result<Self, BackupError> {
        let bad = |error: object_store::Error| BackupError::BadPlace {
            place: address.to_owned(),
            why: error.to_string(),
        };
        let rest = address.strip_prefix("s3://").unwrap_or(address);
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let built = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_http_connector(Connector)
            .build()
            .map_err(bad)?;
        let prefix = ObjectPath::parse(prefix).map_err(|error| bad(error.into()))?;
        Self::new(Arc::new(built), prefix, address)
    }

    /// Any object store.
    pub(super) fn new(
        store: Arc<dyn ObjectStore>,
        prefix: ObjectPath,
        name: &str,
    ) -> Result<Self, BackupError> {
        let runtime =
            Builder::new_current_thread().enable_all().build().map_err(|error| BackupError::Io {
                doing: "starting to talk to the object store".to_owned(),
                what: error.to_string(),
            })?;
        Ok(Self { store, prefix, name: name.to_owned(), runtime })
    }

    pub(super) fn name(&self) -> String {
        self.name.clone()
    }

    fn at(&self, name: &str) -> ObjectPath {
        name.split('/').fold(self.prefix.clone(), |path, part| path.join(part))
    }

    fn failed(&self, doing: &str, name: &str, error: &object_store::Error) -> BackupError {
        BackupError::Io { doing: format!("{doing} {}/{name}", self.name), what: told(error) }
    }

    pub(super) fn hold(&self) -> Result<BucketLock<'_>, BackupError> {
        let path = self.at(LOCK);
        let create = || PutOptions::from(PutMode::Create);
        let locked = self.runtime.block_on(self.store.put_opts(&path, PutPayload::default(), create()));
        match locked {
            Ok(_) => Ok(BucketLock { target: self }),
            Err(object_store::Error::AlreadyExists { .. }) if self.is_stale()? => {
                self.put(LOCK, &[])?;
                Ok(BucketLock { target: self })
            }
            Err(object_store::Error::AlreadyExists { .. }) => Err(BackupError::Busy {
                what: format!(
                    "backups in {} are being taken or pruned by another process, or one was killed less than {} hours ago",
                    self.name,
                    LOCK_SECONDS / 3_600
                ),
            }),
            Err(error) => Err(self.failed("locking", LOCK, &error)),
        }
    }

    /// Was the lock put so long ago, by the object store's own time, that nobody can be at work?
    fn is_stale(&self) -> Result<bool, BackupError> {
        self.put(CLOCK, &[])?;
        let seconds = |name: &str| {
            let found = self.runtime.block_on(self.store.head(&self.at(name)));
            found
                .map(|meta| meta.last_modified.timestamp())
                .map_err(|error| self.failed("reading", name, &error))
        };
        let age = seconds(CLOCK)?.saturating_sub(seconds(LOCK)?);
        self.remove(CLOCK)?;
        Ok(age > LOCK_SECONDS)
    }

    pub(super) fn list(&self, under: &str) -> Result<BTreeMap<String, u64>, BackupError> {
        let prefix = self.at(under);
        let whole = self.prefix.as_ref().to_owned();
        let mut found = BTreeMap::new();
        let list = async {
            let mut objects = self.store.list(Some(&prefix));
            while let Some(object) = objects.next().await {
                let object = object?;
                let at = object.location.as_ref();
                let name = at.strip_prefix(whole.as_str()).unwrap_or(at).trim_start_matches('/');
                found.insert(name.to_owned(), object.size);
            }
            Ok(())
        };
        self.runtime.block_on(list).map_err(|error| self.failed("listing", under, &error))?;
        Ok(found)
    }

    pub(super) fn put_file(&self, from: &Path, digest: &Digest) -> Result<(), BackupError> {
        // Others see that somebody is at work.
        self.put(LOCK, &[])?;
        let name = of_bytes(digest);
        let unread = |error: io::Error| BackupError::io("reading", from, &error);
        let mut file = File::open(from).map_err(unread)?;
        let bytes = file.metadata().map_err(unread)?.len();
        let mut digesting = Digesting::default();
        let changed = || BackupError::Io {
            doing: format!("copying {}", from.display()),
            what: "its bytes changed while they were read".to_owned(),
        };
        if bytes <= PART_BYTES {
            let mut text = Vec::new();
            file.read_to_end(&mut text).map_err(unread)?;
            digesting.add(&text);
            return if digesting.end().0 == *digest { self.put(&name, &text) } else { Err(changed()) };
        }
        let failed = |error: object_store::Error| self.failed("writing", &name, &error);
        let mut upload = self.runtime.block_on(self.store.put_multipart(&self.at(&name))).map_err(failed)?;
        let mut send = || -> Result<(), BackupError> {
            loop {
                let mut part = Vec::new();
                (&mut file).take(PART_BYTES).read_to_end(&mut part).map_err(unread)?;
                if part.is_empty() {
                    break;
                }
                digesting.add(&part);
                self.runtime.block_on(upload.put_part(PutPayload::from(part))).map_err(failed)?;
            }
            if std::mem::take(&mut digesting).end().0 != *digest {
                return Err(changed());
            }
            self.runtime.block_on(upload.complete()).map(drop).map_err(failed)
        };
        send().inspect_err(|_| {
            // Parts that stay are the object store's to clear away.
            let _cleared_later = self.runtime.block_on(upload.abort());
        })
    }

    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> Result<(), BackupError> {
        let at = self.at(name);
        let put = self.store.put(&at, PutPayload::from(bytes.to_vec()));
        self.runtime.block_on(put).map(drop).map_err(|error| self.failed("writing", name, &error))
    }

    pub(super) fn read(&self, name: &str) -> Result<Option<Box<dyn Read + '_>>, BackupError> {
        match self.runtime.block_on(self.store.head(&self.at(name))) {
            Ok(meta) => {
                let bytes = meta.size;
                Ok(Some(Box::new(Ranges {
                    target: self,
                    at: self.at(name),
                    bytes,
                    next: 0,
                    read: Bytes::new(),
                })))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.failed("reading", name, &error)),
        }
    }

    pub(super) fn remove(&self, name: &str) -> Result<(), BackupError> {
        match self.runtime.block_on(self.store.delete(&self.at(name))) {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.failed("removing", name, &error)),
        }
    }
}

/// Reads an object range by range.
struct Ranges<'t> {
    target: &'t BucketTarget,
    at: ObjectPath,
    bytes: u64,
    next: u64,
    read: Bytes,
}

impl Read for Ranges<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.read.is_empty() && self.next < self.bytes {
            let end = self.next.saturating_add(RANGE_BYTES).min(self.bytes);
            let BucketTarget { store, runtime, .. } = self.target;
            let got = runtime.block_on(store.get_range(&self.at, self.next..end));
            self.read = got.map_err(|error| io::Error::other(told(&error)))?;
            self.next = end;
        }
        let some = self.read.split_to(self.read.len().min(out.len()));
        for (byte, read) in out.iter_mut().zip(&some) {
            *byte = *read;
        }
        Ok(some.len())
    }
}

/// What an error says, with what is behind it.
fn told(error: &object_store::Error) -> String {
    let mut text = error.to_string();
    let mut behind = std::error::Error::source(error);
    while let Some(error) = behind {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(&format!(": {more}"));
        }
        behind = error.source();
    }
    text
}
