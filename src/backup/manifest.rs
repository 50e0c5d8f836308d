//! What is a backup? The files of a data folder, each with its size and digest, and which store they are, as of when.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::time::Instant;
use crate::store::StoreId;

use super::{BackupError, Digest, name};

/// The format that this binary writes, and the newest that it reads.
pub const FORMAT: u32 = 1;
/// Largest manifest that is read.
pub(super) const MANIFEST_BYTES: u64 = 64 * 1024 * 1024;
/// Most files of a backup.
const FILES_MOST: usize = 100_000;

/// What a store is, as of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// When the backup was taken.
    pub taken_at: Instant,
    /// Which store it is of.
    pub store: StoreId,
    /// The format of its data folder.
    pub store_format: u32,
    /// The newest publication.
    pub publication: u64,
    /// The last position of the command log: what was written up to there is in the backup, and nothing else.
    pub sequence: u64,
}

/// A backup, as its manifest says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format of the manifest.
    pub format: u32,
    /// The backup's id: the instant at which it was taken, and a number where that was taken.
    pub id: String,
    /// When it was taken, RFC 3339.
    pub taken_at: String,
    /// The version of quoin that took it.
    pub quoin: String,
    /// Which store it is of.
    pub store: String,
    /// The format of the data folder.
    pub store_format: u32,
    /// The newest publication.
    pub publication: u64,
    /// The last position of the command log.
    pub sequence: u64,
    /// Every file, in order of name.
    pub files: Vec<Kept>,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Its name in the data folder, with slashes.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    pub sha256: String,
}

/// What every format begins with.
#[derive(Deserialize)]
struct AnyFormat {
    format: u32,
}

impl Manifest {
    pub(super) fn new(id: String, about: &About, files: Vec<Kept>) -> Self {
        Self {
            format: FORMAT,
            id,
            taken_at: about.taken_at.to_string(),
            quoin: env!("CARGO_PKG_VERSION").to_owned(),
            store: about.store.to_string(),
            store_format: about.store_format,
            publication: about.publication,
            sequence: about.sequence,
            files,
        }
    }

    /// Bytes of all its files.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).fold(0, u64::saturating_add)
    }

    /// The text that is stored.
    pub(super) fn text(&self) -> Result<String, BackupError> {
        let failed = |error: serde_json::Error| BackupError::Io {
            doing: "writing a manifest".to_owned(),
            what: error.to_string(),
        };
        serde_json::to_string_pretty(self).map(|text| text + "\n").map_err(failed)
    }

    /// The way back, held against the digest and the id in its name.
    pub(super) fn read(at: &str, id: &str, digest: Digest, text: &[u8]) -> Result<Self, BackupError> {
        let damaged = |what: String| BackupError::Damaged { faults: vec![format!("{at}: {what}")] };
        if Digest::of(text) != digest {
            return Err(damaged("its bytes are not those that its name says".to_owned()));
        }
        let format =
            serde_json::from_slice::<AnyFormat>(text).map_err(|error| damaged(error.to_string()))?.format;
        if format > FORMAT {
            return Err(BackupError::NewerFormat { id: id.to_owned(), found: format, supported: FORMAT });
        }
        let manifest: Self = serde_json::from_slice(text).map_err(|error| damaged(error.to_string()))?;
        if manifest.id != id {
            return Err(damaged(format!("it says that it is backup \"{}\"", manifest.id)));
        }
        let faults = manifest.faults();
        match faults.is_empty() {
            true => Ok(manifest),
            false => Err(BackupError::Damaged {
                faults: faults.iter().map(|fault| format!("{at}: {fault}")).collect(),
            }),
        }
    }

    /// What no backup of ours would say.
    fn faults(&self) -> Vec<String> {
        if self.files.len() > FILES_MOST {
            return vec![format!("{} files, and at most {FILES_MOST} are read", self.files.len())];
        }
        let mut seen = BTreeSet::new();
        let mut faults = Vec::new();
        for file in &self.files {
            if !name::is_plain(&file.name) {
                faults.push(format!("\"{}\" is no name within a data folder", file.name.escape_debug()));
            } else if !seen.insert(&file.name) {
                faults.push(format!("\"{}\" is there twice", file.name));
            }
            if Digest::parse(&file.sha256).is_none() {
                faults.push(format!("\"{}\" has no digest", file.name.escape_debug()));
            }
        }
        faults
    }
}
