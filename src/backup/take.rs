//! How is a backup taken? Every file is read and digested, what is not there yet is copied, and the manifest comes last.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::manifest::{About, Kept, Manifest};
use super::{BackupError, Digest, Target, listing, name};

/// Files of RocksDB that say what it did, and its lock: nothing reads them again.
const LEFT_OUT: [&str; 3] = ["LOCK", "LOG", "IDENTITY"];
const LEFT_OUT_STEM: &str = "LOG.old.";

/// A backup that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What it is.
    pub manifest: Manifest,
    /// The manifest's digest.
    pub digest: Digest,
    /// Files that were copied: they were not there yet.
    pub copied_files: u64,
    /// Bytes of those.
    pub copied_bytes: u64,
}

impl Taken {
    /// Files that it has in common with earlier backups.
    #[must_use]
    pub fn shared_files(&self) -> u64 {
        u64::try_from(self.manifest.files.len()).unwrap_or(u64::MAX).saturating_sub(self.copied_files)
    }

    /// Bytes of those.
    #[must_use]
    pub fn shared_bytes(&self) -> u64 {
        self.manifest.bytes().saturating_sub(self.copied_bytes)
    }
}

/// Takes a backup of a folder that nobody changes: a checkpoint of a store.
///
/// # Errors
/// [`BackupError`]; then there is no such backup, and earlier ones are as they were.
pub fn take(folder: &Path, about: &About, target: &Target) -> Result<Taken, BackupError> {
    let _held = target.hold()?;
    let known = listing::names(target)?;
    refuse_other_store(target, &known, about)?;
    let failed = |error: io::Error| BackupError::io("reading", folder, &error);
    let mut kept = Vec::new();
    let mut paths = Vec::new();
    for (name, path) in files_of(folder).map_err(failed)? {
        let (digest, bytes) =
            Digest::of_file(&path).map_err(|error| BackupError::io("reading", &path, &error))?;
        kept.push(Kept { name, bytes, sha256: digest.to_string() });
        paths.push((digest, bytes, path));
    }
    let there = target.list(name::FILES)?;
    let mut missing: BTreeMap<Digest, (u64, PathBuf)> = BTreeMap::new();
    for (digest, bytes, path) in paths {
        // What is there with another size is no copy: it is made anew.
        if there.get(&name::of_bytes(&digest)) != Some(&bytes) {
            missing.insert(digest, (bytes, path));
        }
    }
    let copied_bytes = missing.values().map(|(bytes, _)| *bytes).fold(0, u64::saturating_add);
    let manifest = Manifest::new(free_id(about, &known), about, kept);
    let text = manifest.text()?;
    let text_bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
    target.require_space(copied_bytes.saturating_add(text_bytes))?;
    for (digest, (_, path)) in &missing {
        target.put_file(path, digest)?;
    }
    target.settle()?;
    let digest = Digest::of(text.as_bytes());
    target.put(&name::of_manifest(&manifest.id, &digest), text.as_bytes())?;
    let copied_files = u64::try_from(missing.len()).unwrap_or(u64::MAX);
    Ok(Taken { manifest, digest, copied_files, copied_bytes })
}

/// Refuses a place that has backups of another store. One that can't be read is no hindrance to another backup.
fn refuse_other_store(
    target: &Target,
    known: &BTreeMap<String, Digest>,
    about: &About,
) -> Result<(), BackupError> {
    let ours = about.store.to_string();
    for (id, digest) in known.iter().rev() {
        match listing::manifest(target, id, *digest) {
            Ok(manifest) if manifest.store == ours => return Ok(()),
            Ok(manifest) => {
                return Err(BackupError::OtherStore { place: target.name(), found: manifest.store, ours });
            }
            Err(BackupError::Damaged { .. } | BackupError::NewerFormat { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The instant without signs, and a number where another backup has that.
fn free_id(about: &About, known: &BTreeMap<String, Digest>) -> String {
    let instant: String = about.taken_at.to_string().chars().filter(|c| !matches!(c, '-' | ':')).collect();
    let numbered = (2_u64..).map(|number| format!("{instant}-{number:04}"));
    std::iter::once(instant.clone()).chain(numbered).find(|id| !known.contains_key(id)).unwrap_or(instant)
}

/// Every file below a folder by its name, in order of name.
fn files_of(folder: &Path) -> io::Result<BTreeMap<String, PathBuf>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![(String::new(), folder.to_owned())];
    while let Some((stem, folder)) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let last = entry.file_name().to_string_lossy().into_owned();
            if LEFT_OUT.contains(&last.as_str()) || last.starts_with(LEFT_OUT_STEM) {
                continue;
            }
            let name = format!("{stem}{last}");
            if !name::is_plain(&name) {
                return Err(io::Error::other(format!(
                    "\"{}\" can't be the name of a file in a backup",
                    name.escape_debug()
                )));
            }
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push((format!("{name}/"), entry.path()));
            } else if kind.is_file() {
                found.insert(name, entry.path());
            }
        }
    }
    Ok(found)
}
