//! How does a backup cross the wire?

use crate::backup::{Digest, Known, Manifest, Pruned, Taken};
use crate::domain::time::Instant;

use super::moment::timestamp;
use super::v1;

/// A backup.
#[must_use]
pub fn backup_of(manifest: &Manifest, digest: &Digest) -> v1::Backup {
    v1::Backup {
        id: manifest.id.clone(),
        taken_at: Instant::parse(&manifest.taken_at).ok().map(timestamp),
        quoin_version: manifest.quoin.clone(),
        store: manifest.store.clone(),
        publication: manifest.publication,
        sequence: manifest.sequence,
        files: u64::try_from(manifest.files.len()).unwrap_or(u64::MAX),
        bytes: manifest.bytes(),
        manifest_sha256: digest.to_string(),
        damage: String::new(),
    }
}

/// A backup of a list.
#[must_use]
pub fn known_of(known: &Known) -> v1::Backup {
    match &known.manifest {
        Ok(manifest) => backup_of(manifest, &known.digest),
        Err(error) => v1::Backup {
            id: known.id.clone(),
            manifest_sha256: known.digest.to_string(),
            damage: error.to_string(),
            ..v1::Backup::default()
        },
    }
}

/// What was taken, and where it is.
#[must_use]
pub fn taken_of(taken: &Taken, place: String) -> v1::TakeBackupResponse {
    v1::TakeBackupResponse {
        backup: Some(backup_of(&taken.manifest, &taken.digest)),
        place,
        copied_files: taken.copied_files,
        copied_bytes: taken.copied_bytes,
        shared_files: taken.shared_files(),
        shared_bytes: taken.shared_bytes(),
    }
}

/// What went.
#[must_use]
pub fn pruned_of(pruned: Pruned) -> v1::PruneBackupsResponse {
    let Pruned { kept, removed, files, bytes } = pruned;
    v1::PruneBackupsResponse { kept, removed, files, bytes }
}
