//! Where are backups kept? In a folder, or in a bucket of an object store: `s3://bucket/prefix`.

use std::fmt;
use std::path::{Path, PathBuf};

use super::target::{FolderTarget, Target};
use super::{BackupError, name};

const S3: &str = "s3://";

/// Where backups are kept, or are to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder.
    Folder(PathBuf),
    /// A bucket of an object store, as its address.
    Bucket(String),
}

impl Place {
    /// Reads a path or an address.
    ///
    /// # Errors
    /// [`BackupError::BadPlace`].
    pub fn parse(text: &str) -> Result<Self, BackupError> {
        let bad = |why: &str| Err(BackupError::BadPlace { place: text.to_owned(), why: why.to_owned() });
        if let Some(rest) = text.strip_prefix(S3) {
            return match rest.trim_end_matches('/') {
                rest if name::is_plain(rest) => Ok(Self::Bucket(format!("{S3}{rest}"))),
                _ => bad("write s3://bucket or s3://bucket/prefix"),
            };
        }
        match text {
            "" => bad("name a folder, or s3://bucket/prefix"),
            _ if text.contains("://") => bad("only folders and s3:// are known"),
            _ => Ok(Self::Folder(PathBuf::from(text))),
        }
    }

    /// A place within this one.
    ///
    /// # Errors
    /// [`BackupError::BadPlace`] where the name leads out of it.
    pub fn within(&self, part: &str) -> Result<Self, BackupError> {
        if part.is_empty() {
            return Ok(self.clone());
        }
        if !name::is_plain(part) {
            let why = "name a folder within the server's place for backups, without \"..\"".to_owned();
            return Err(BackupError::BadPlace { place: part.to_owned(), why });
        }
        match self {
            Self::Folder(root) => {
                let folder = root.join(part);
                // A link on the way may lead anywhere.
                let within = |folder: &Path| match (folder.canonicalize(), root.canonicalize()) {
                    (Ok(folder), Ok(root)) => folder.starts_with(root),
                    _ => true,
                };
                match folder.ancestors().take_while(|above| *above != root).all(within) {
                    true => Ok(Self::Folder(folder)),
                    false => Err(BackupError::BadPlace {
                        place: part.to_owned(),
                        why: "a link leads out of the server's place for backups".to_owned(),
                    }),
                }
            }
            Self::Bucket(address) => Ok(Self::Bucket(format!("{address}/{part}"))),
        }
    }

    /// Opens what is there.
    ///
    /// # Errors
    /// [`BackupError::BadPlace`] where there is nothing, or something else.
    pub fn open(&self) -> Result<Target, BackupError> {
        match self {
            Self::Folder(folder) => FolderTarget::open(folder).map(Target::Folder),
            Self::Bucket(address) => Target::bucket(address),
        }
    }

    /// Opens it for the backups of a data folder, and makes the folder where it is not there.
    ///
    /// # Errors
    /// [`BackupError::BadPlace`] where it is something else, or one of the two lies within the other.
    pub fn open_for(&self, data: &Path) -> Result<Target, BackupError> {
        if let Self::Folder(folder) = self {
            FolderTarget::make(folder)?;
            let bad = |why: &str| {
                Err(BackupError::BadPlace { place: folder.display().to_string(), why: why.to_owned() })
            };
            match (folder.canonicalize(), data.canonicalize()) {
                (Ok(folder), Ok(data)) if folder.starts_with(&data) => {
                    return bad("it lies within the data folder");
                }
                (Ok(folder), Ok(data)) if data.starts_with(&folder) => {
                    return bad("the data folder lies within it");
                }
                _ => {}
            }
        }
        self.open()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(out, "{}", folder.display()),
            Self::Bucket(address) => out.write_str(address),
        }
    }
}
