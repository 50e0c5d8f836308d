//! Is there room for it? Asked before anything is written, so that nothing is left half.

use std::path::Path;

use super::BackupError;

/// Refuses where fewer than `needed` bytes are free on the disk of `folder`.
pub(super) fn require(folder: &Path, needed: u64) -> Result<(), BackupError> {
    let asked = rustix::fs::statvfs(folder)
        .map_err(|error| BackupError::io("asking the disk of", folder, &error.into()))?;
    let free = asked.f_bavail.saturating_mul(asked.f_frsize);
    match needed <= free {
        true => Ok(()),
        false => Err(BackupError::NoSpace { place: folder.display().to_string(), needed, free }),
    }
}
