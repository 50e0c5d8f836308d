//! Keys of backups that are asked for by call: where they are kept.

use crate::backup::{BackupError, Place};

use super::Config;
use super::contradictions::Contradictions;
use super::key::{Key, put, shown_if_set};

/// Settings of backups.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Backups {
    /// Where they are kept.
    pub place: Option<Place>,
}

/// What the first backup would be refused for, said before it.
pub(super) fn check(config: &Config, told: &mut Contradictions) {
    let Some(Place::Folder(folder)) = &config.backups.place else { return };
    let within = match folder {
        folder if folder.starts_with(&config.store.data) => "lies within store.data",
        folder if config.store.data.starts_with(folder) => "has store.data within it",
        _ => return,
    };
    told.add(&["backups.place", "store.data"], format!("{} {within}: name another folder", folder.display()));
}

/// What is no place is not told: somebody may have put a password into it.
fn place(text: &str) -> Result<Option<Place>, String> {
    Place::parse(text).map(Some).map_err(|error| match error {
        BackupError::BadPlace { why, .. } => format!("that is no place for backups: {why}"),
        other => other.to_string(),
    })
}

pub(super) const KEYS: &[Key] = &[Key {
    path: "backups.place",
    flag: "backups",
    variable: "QUOIN_BACKUPS",
    takes: "PLACE",
    about: "Where `TakeBackup` keeps backups: a folder, or s3://bucket/prefix",
    read: |config, text| put(&mut config.backups.place, place(text)),
    show: |config| shown_if_set(config.backups.place.as_ref()),
}];
