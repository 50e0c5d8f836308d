//! How does a backup become a data folder? In a folder beside, every byte held against its digest, and renamed when all of it is right.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::listing::{fault_of, find};
use super::manifest::{Kept, Manifest};
use super::{BackupError, Target, space};

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Which backup.
    pub manifest: Manifest,
    /// The data folder.
    pub into: PathBuf,
}

/// Makes `into`, which is not there or is empty, a data folder as the newest backup has it, or the one with this id. `look` looks at it before it has
/// that name.
///
/// # Errors
/// [`BackupError::Damaged`] with every file that is not what was backed up, what `look` says, and what the disk says; then `into` is as it was.
pub fn restore(
    target: &Target,
    id: Option<&str>,
    into: &Path,
    look: impl FnOnce(&Path, &Manifest) -> Result<(), BackupError>,
) -> Result<Restored, BackupError> {
    let _held = target.hold_for_reading()?;
    refuse_taken(into)?;
    let (above, beside) = beside(into)?;
    let manifest = find(target, id)?;
    space::require(&above, manifest.bytes())?;
    let failed = |error: io::Error| BackupError::io("making", into, &error);
    if let Err(error) = fs::create_dir(&beside) {
        return Err(match error.kind() {
            io::ErrorKind::AlreadyExists => BackupError::NotFree {
                into: beside,
                why: "is there: another restore is under way, or one was cut off and left it; remove it then"
                    .to_owned(),
            },
            _ => failed(error),
        });
    }
    let making = Making { folder: beside };
    let mut faults = Vec::new();
    for file in &manifest.files {
        if let Some(fault) = copy(target, file, &making.folder)? {
            faults.push(format!("{}: {fault}", file.name));
        }
    }
    if !faults.is_empty() {
        return Err(BackupError::Damaged { faults });
    }
    sync_folders(&making.folder).map_err(failed)?;
    look(&making.folder, &manifest)?;
    // Takes the place of an empty folder, and of nothing else.
    fs::rename(&making.folder, into).map_err(|error| BackupError::io("naming", into, &error))?;
    File::open(&above).and_then(|above| above.sync_all()).map_err(failed)?;
    Ok(Restored { manifest, into: into.to_owned() })
}

/// A folder in the making; removed when dropped, unless it has become something else.
struct Making {
    folder: PathBuf,
}

impl Drop for Making {
    fn drop(&mut self) {
        // It has been renamed, or is not wanted; where it can't be removed the next restore says that it is there.
        let _gone = fs::remove_dir_all(&self.folder);
    }
}

fn refuse_taken(into: &Path) -> Result<(), BackupError> {
    let taken = |why: &str| Err(BackupError::NotFree { into: into.to_owned(), why: why.to_owned() });
    match fs::read_dir(into) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => taken("it is not empty: restore into a new folder"),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => taken("it is not a folder"),
        Err(error) => Err(BackupError::io("reading", into, &error)),
    }
}

/// The folder above, and one beside in which the data folder is made.
fn beside(into: &Path) -> Result<(PathBuf, PathBuf), BackupError> {
    let wrong = |why: &str| BackupError::NotFree { into: into.to_owned(), why: why.to_owned() };
    let name = into.file_name().ok_or_else(|| wrong("it has no name: name a new folder"))?;
    let above = match into.parent() {
        Some(above) if !above.as_os_str().is_empty() => above.to_owned(),
        _ => PathBuf::from("."),
    };
    if !above.is_dir() {
        return Err(wrong("the folder above it is not there"));
    }
    let beside = above.join(format!(".{}.restoring", name.display()));
    Ok((above, beside))
}

/// Copies one file. Returns what is wrong with it.
fn copy(target: &Target, file: &Kept, folder: &Path) -> Result<Option<String>, BackupError> {
    let path = folder.join(&file.name);
    let failed = |error: io::Error| BackupError::io("writing", &path, &error);
    if let Some(above) = path.parent() {
        fs::create_dir_all(above).map_err(failed)?;
    }
    let mut written = File::create(&path).map_err(failed)?;
    let fault = fault_of(target, file, |piece| written.write_all(piece).map_err(failed))?;
    if fault.is_none() {
        written.sync_all().map_err(failed)?;
    }
    Ok(fault)
}

/// Makes the names in a folder, and in those below it, outlive a crash.
fn sync_folders(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    File::open(folder)?.sync_all()
}
