//! Which backups are there, are they whole, and what goes when there are enough of them?

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};

use super::digest::{Digesting, each_piece};
use super::manifest::{Kept, MANIFEST_BYTES, Manifest};
use super::{BackupError, Digest, Target, name};

/// A backup that is there.
#[derive(Debug)]
pub struct Known {
    /// Its id.
    pub id: String,
    /// The digest of its manifest.
    pub digest: Digest,
    /// What it is, or why that can't be told.
    pub manifest: Result<Manifest, BackupError>,
}

/// What reading backups found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// Backups that were read.
    pub backups: u64,
    /// Different files of theirs.
    pub files: u64,
    /// Bytes of those.
    pub bytes: u64,
    /// Files that no manifest names: they go with pruning, or are taken up by the next backup.
    pub unnamed: u64,
    /// What is wrong: backup, file, and how. Empty if all is well.
    pub faults: Vec<String>,
}

/// What pruning removed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pruned {
    /// Backups that stay, the oldest first.
    pub kept: Vec<String>,
    /// Backups that went.
    pub removed: Vec<String>,
    /// Files that went: no manifest that stays names them.
    pub files: u64,
    /// Bytes of those.
    pub bytes: u64,
}

/// Ids of the backups that are there, the oldest first, and their manifests' digests.
pub(super) fn names(target: &Target) -> Result<BTreeMap<String, Digest>, BackupError> {
    let there = target.list(name::BACKUPS)?;
    let known = there.keys().filter_map(|at| name::manifest_of(at));
    Ok(known.map(|(id, digest)| (id.to_owned(), digest)).collect())
}

/// One backup's manifest.
pub(super) fn manifest(target: &Target, id: &str, digest: Digest) -> Result<Manifest, BackupError> {
    let at = name::of_manifest(id, &digest);
    let Some(from) = target.read(&at)? else {
        return Err(BackupError::Damaged { faults: vec![format!("{at} is missing")] });
    };
    let mut text = Vec::new();
    let failed =
        |error: io::Error| BackupError::Io { doing: format!("reading {at}"), what: error.to_string() };
    from.take(MANIFEST_BYTES.saturating_add(1)).read_to_end(&mut text).map_err(failed)?;
    Manifest::read(&at, id, digest, &text)
}

/// The newest backup, or the one with this id.
pub(super) fn find(target: &Target, id: Option<&str>) -> Result<Manifest, BackupError> {
    let known = names(target)?;
    let found = match id {
        Some(id) => known.get_key_value(id),
        None => known.last_key_value(),
    };
    let missing = || BackupError::NoBackup { place: target.name(), id: id.map(str::to_owned) };
    let (id, digest) = found.ok_or_else(missing)?;
    manifest(target, id, *digest)
}

/// The backups that are there, the oldest first.
///
/// # Errors
/// Where the place can't be read. A manifest that can't is among them.
pub fn list(target: &Target) -> Result<Vec<Known>, BackupError> {
    let known = names(target)?;
    Ok(known
        .into_iter()
        .map(|(id, digest)| Known { manifest: manifest(target, &id, digest), id, digest })
        .collect())
}

/// What is wrong with a file of a backup, when every byte of it was handed to `each`; none where nothing is.
///
/// # Errors
/// What `each` says, and where the file can't be read for another reason than that it is not there.
pub(super) fn fault_of(
    target: &Target,
    file: &Kept,
    mut each: impl FnMut(&[u8]) -> Result<(), BackupError>,
) -> Result<Option<String>, BackupError> {
    // Manifests with other digests were refused.
    let Some(digest) = Digest::parse(&file.sha256) else { return Ok(Some("has no digest".to_owned())) };
    let at = name::of_bytes(&digest);
    let Some(mut from) = target.read(&at)? else { return Ok(Some(format!("{at} is missing"))) };
    let mut digesting = Digesting::default();
    let mut read = || -> Result<(), Stop> {
        each_piece(&mut (&mut *from).take(file.bytes.saturating_add(1)), |piece| {
            digesting.add(piece);
            each(piece).map_err(Stop::Told)
        })
    };
    match read() {
        Ok(()) => {}
        Err(Stop::Told(error)) => return Err(error),
        Err(Stop::Unread(error)) => return Ok(Some(format!("{at} can't be read: {error}"))),
    }
    let (found, bytes) = digesting.end();
    Ok(if bytes > file.bytes {
        Some(format!("{at} has more than {} bytes", file.bytes))
    } else if bytes < file.bytes {
        Some(format!("{at} has {bytes} bytes of {}", file.bytes))
    } else if found != digest {
        Some(format!("{at} is not what was backed up"))
    } else {
        None
    })
}

enum Stop {
    Unread(io::Error),
    Told(BackupError),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Unread(error)
    }
}

/// Reads every byte of all backups, or of the one with this id. After damage it goes on.
///
/// # Errors
/// Where the place can't be read; damage is in what is returned.
pub fn verify(target: &Target, id: Option<&str>) -> Result<Verified, BackupError> {
    let _held = target.hold_for_reading()?;
    let mut found = Verified::default();
    let mut named = BTreeSet::new();
    let mut sound = BTreeSet::new();
    let known = names(target)?;
    if id.is_some_and(|id| !known.contains_key(id)) {
        return Err(BackupError::NoBackup { place: target.name(), id: id.map(str::to_owned) });
    }
    for (of, digest) in known {
        let manifest = match manifest(target, &of, digest) {
            Ok(manifest) => manifest,
            Err(BackupError::Damaged { faults }) => {
                found.faults.extend(faults);
                continue;
            }
            Err(error) => {
                found.faults.push(error.to_string());
                continue;
            }
        };
        named.extend(manifest.files.iter().map(|file| file.sha256.clone()));
        if id.is_some_and(|id| id != of) {
            continue;
        }
        found.backups = found.backups.saturating_add(1);
        for file in &manifest.files {
            if sound.contains(&file.sha256) {
                continue;
            }
            match fault_of(target, file, |_| Ok(()))? {
                Some(fault) => found.faults.push(format!("{}: {}: {fault}", manifest.id, file.name)),
                None => {
                    sound.insert(file.sha256.clone());
                    found.files = found.files.saturating_add(1);
                    found.bytes = found.bytes.saturating_add(file.bytes);
                }
            }
        }
    }
    let there = target.list(name::FILES)?;
    let unnamed =
        |at: &&String| name::digest_of(at).is_none_or(|digest| !named.contains(&digest.to_string()));
    found.unnamed = u64::try_from(there.keys().filter(unnamed).count()).unwrap_or(u64::MAX);
    Ok(found)
}

/// Keeps the newest backups, removes the others, and then every file that none of the kept ones names.
///
/// # Errors
/// [`BackupError::Damaged`] where a manifest can't be read: nothing is removed then, since it may name files that are needed.
pub fn prune(target: &Target, keep: usize) -> Result<Pruned, BackupError> {
    let _held = target.hold()?;
    let (mut kept, mut gone, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    let known = list(target)?;
    let first_kept = known.len().saturating_sub(keep.max(1));
    for (at, of) in known.into_iter().enumerate() {
        match of.manifest {
            Ok(manifest) if at >= first_kept => kept.push(manifest),
            Ok(manifest) => gone.push((manifest.id, of.digest)),
            Err(BackupError::Damaged { faults: of }) => faults.extend(of),
            Err(error) => faults.push(error.to_string()),
        }
    }
    if !faults.is_empty() {
        faults.push(
            "nothing was pruned: remove a manifest that is not needed by hand, and prune again".to_owned(),
        );
        return Err(BackupError::Damaged { faults });
    }
    // Manifests first: one whose files are gone must not be there.
    for (id, digest) in &gone {
        target.remove(&name::of_manifest(id, digest))?;
    }
    let named: BTreeSet<String> =
        kept.iter().flat_map(|manifest| &manifest.files).map(|file| file.sha256.clone()).collect();
    let mut pruned = Pruned {
        kept: kept.into_iter().map(|manifest| manifest.id).collect(),
        removed: gone.into_iter().map(|(id, _)| id).collect(),
        ..Pruned::default()
    };
    for (at, bytes) in target.list(name::FILES)? {
        let of = name::digest_of(&at);
        if of.is_some_and(|digest| named.contains(&digest.to_string())) {
            continue;
        }
        // What is neither a file of ours nor one in the making belongs to somebody else.
        let is_part = at.rsplit('/').next().is_some_and(|last| last.starts_with(name::PART));
        if of.is_some() || is_part {
            target.remove(&at)?;
            pruned.files = pruned.files.saturating_add(1);
            pruned.bytes = pruned.bytes.saturating_add(bytes);
        }
    }
    Ok(pruned)
}
