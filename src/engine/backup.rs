//! How is a backup taken of a store that is in use, and how does one become a store again?

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, TryLockError};

use crate::backup::{About, BackupError, Known, Manifest, Place, Pruned, Restored, Taken, Target, Verified};
use crate::store::{FORMAT, Store, StoreOptions};

use super::Engine;
use super::caller::{Caller, Role};
use super::check::{faults_of, position_of};
use super::error::{OpenError, PriceError};

/// Where the checkpoint lies while it is copied, within `staging/`.
const CHECKPOINT: &str = "backup";
/// Cache of a store that is only looked at.
const CACHE_BYTES: usize = 8 << 20;

/// Where backups go, one at a time.
pub(super) struct Backups {
    place: Option<Place>,
    one_at_a_time: Mutex<()>,
}

impl Backups {
    pub(super) fn in_place(place: Option<Place>) -> Self {
        Self { place, one_at_a_time: Mutex::default() }
    }
}

impl Engine {
    /// Where backups that are asked for by call are kept.
    #[must_use]
    pub fn backup_place(&self) -> Option<&Place> {
        self.backups.place.as_ref()
    }

    /// Takes a backup while all else goes on: of everything that was committed when it began, and nothing else. The whole store is read
    /// against its checksums first. One at a time.
    ///
    /// # Errors
    /// [`BackupError`]; earlier backups are as they were.
    pub fn take_backup(&self, caller: &Caller, place: &Place) -> Result<Taken, BackupError> {
        operate(caller)?;
        self.take_backup_into(caller, &place.open_for(self.store.folder())?)
    }

    /// As [`Engine::take_backup`], into a place that is open.
    ///
    /// # Errors
    /// [`BackupError`]; earlier backups are as they were.
    pub fn take_backup_into(&self, caller: &Caller, target: &Target) -> Result<Taken, BackupError> {
        operate(caller)?;
        let _one_at_a_time = match self.backups.one_at_a_time.try_lock() {
            Ok(held) => held,
            Err(TryLockError::Poisoned(held)) => held.into_inner(),
            Err(TryLockError::WouldBlock) => {
                return Err(BackupError::Busy { what: "a backup of this store is being taken".to_owned() });
            }
        };
        let checkpoint = Checkpoint { folder: self.store.staging_dir().join(CHECKPOINT) };
        checkpoint.remove()?;
        self.store.checkpoint_with_others(&checkpoint.folder)?;
        let about = self.about(&checkpoint.folder)?;
        crate::backup::take(&checkpoint.folder, &about, target)
    }

    fn about(&self, checkpoint: &Path) -> Result<About, BackupError> {
        let mut inspected = Store::inspect_checkpoint(checkpoint)?;
        let about = match &inspected.store {
            None => None,
            Some(store) => {
                let (publication, sequence) = position_of(store).map_err(unread)?;
                let id = store.id()?;
                id.map(|id| About {
                    taken_at: self.clock.now(),
                    store: id,
                    store_format: FORMAT,
                    publication,
                    sequence,
                })
            }
        };
        inspected.notes.clear();
        let faults = faults_of(inspected);
        match about {
            Some(about) if faults.is_empty() => Ok(about),
            _ => Err(BackupError::StoreDamaged { faults }),
        }
    }
}

/// A checkpoint; removed when dropped.
struct Checkpoint {
    folder: PathBuf,
}

impl Checkpoint {
    fn remove(&self) -> Result<(), BackupError> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(BackupError::Io {
                doing: format!("removing {}", self.folder.display()),
                what: error.to_string(),
            }),
            _ => Ok(()),
        }
    }
}

impl Drop for Checkpoint {
    fn drop(&mut self) {
        // What can't be removed now is swept at the next opening.
        let _swept_later = self.remove();
    }
}

/// The backups in a place, the oldest first.
///
/// # Errors
/// [`BackupError`].
pub fn list_backups(caller: &Caller, place: &Place) -> Result<Vec<Known>, BackupError> {
    operate(caller)?;
    crate::backup::list(&place.open()?)
}

/// Keeps the newest backups in a place, and removes the others with what only they need.
///
/// # Errors
/// [`BackupError`].
pub fn prune_backups(caller: &Caller, place: &Place, keep: usize) -> Result<Pruned, BackupError> {
    operate(caller)?;
    crate::backup::prune(&place.open()?, keep)
}

/// Reads every byte of the backups in a place, or of one.
///
/// # Errors
/// [`BackupError`]; damage is in what is returned.
pub fn verify_backups(caller: &Caller, place: &Place, id: Option<&str>) -> Result<Verified, BackupError> {
    operate(caller)?;
    crate::backup::verify(&place.open()?, id)
}

/// Makes a new data folder of the newest backup in a place, or of the one with this id.
///
/// # Errors
/// [`BackupError`]; then there is no such folder, or it is as empty as it was.
pub fn restore_backup(
    caller: &Caller,
    place: &Place,
    id: Option<&str>,
    into: &Path,
) -> Result<Restored, BackupError> {
    operate(caller)?;
    restore_backup_from(caller, &place.open()?, id, into)
}

/// As [`restore_backup`], from a place that is open.
///
/// # Errors
/// As [`restore_backup`].
pub fn restore_backup_from(
    caller: &Caller,
    target: &Target,
    id: Option<&str>,
    into: &Path,
) -> Result<Restored, BackupError> {
    operate(caller)?;
    crate::backup::restore(target, id, into, look)
}

/// Holds a folder that was restored against what its manifest says of it.
fn look(folder: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    let options =
        StoreOptions { block_cache_bytes: CACHE_BYTES, statistics: false, ..StoreOptions::default() };
    let store = Store::open_read_only(folder, &options)?;
    let (publication, sequence) = position_of(&store).map_err(unread)?;
    let id = store.id()?.map(|id| id.to_string()).unwrap_or_default();
    let found = (id.as_str(), publication, sequence);
    let said = (manifest.store.as_str(), manifest.publication, manifest.sequence);
    match found == said {
        true => Ok(()),
        false => Err(BackupError::Damaged {
            faults: vec![format!(
                "store {}, publication {}, position {} were restored, and the manifest says {}, {}, {}",
                found.0, found.1, found.2, said.0, said.1, said.2
            )],
        }),
    }
}

fn unread(error: OpenError) -> BackupError {
    BackupError::StoreDamaged { faults: vec![error.to_string()] }
}

/// A backup has everything of everybody.
fn operate(caller: &Caller) -> Result<(), BackupError> {
    caller.require_over_all(Role::Operate).map_err(|error| match error {
        PriceError::NotAllowed { what } => BackupError::NotAllowed { what },
        other => BackupError::NotAllowed { what: other.to_string() },
    })
}
