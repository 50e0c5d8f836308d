//! Keys of the audit log: where it is kept, if at all, and when it is on the disk.

use std::path::{Path, PathBuf};

use crate::server::audit::{AuditOptions, AuditSync, FOLDER};

use super::Config;
use super::contradictions::Contradictions;
use super::key::{Key, path, put, shown, word};

/// Settings of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audit {
    /// Where it is.
    pub folder: AuditFolder,
    /// When a call that writes is answered.
    pub sync: AuditSync,
}

/// Where the audit log is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AuditFolder {
    /// In the data folder, wherever that is.
    #[default]
    InData,
    /// In a folder of its own.
    At(PathBuf),
    /// Nowhere.
    Nowhere,
}

impl Audit {
    /// How it is kept beside or in a data folder; none where it is not.
    #[must_use]
    pub fn options(&self, data: &Path) -> Option<AuditOptions> {
        let folder = match &self.folder {
            AuditFolder::InData => data.join(FOLDER),
            AuditFolder::At(folder) => folder.clone(),
            AuditFolder::Nowhere => return None,
        };
        Some(AuditOptions { sync: self.sync, ..AuditOptions::new(folder) })
    }
}

/// The store sweeps and checks its folder, and knows no other log there.
pub(super) fn check(config: &Config, told: &mut Contradictions) {
    let data = &config.store.data;
    let AuditFolder::At(folder) = &config.audit.folder else { return };
    if folder.starts_with(data) && *folder != data.join(FOLDER) {
        let what = format!(
            "{} is the store's: name a folder outside of {}, or data",
            folder.display(),
            data.display()
        );
        told.add(&["audit.folder", "store.data"], what);
    }
}

fn folder(text: &str) -> Result<AuditFolder, String> {
    match text {
        "data" => Ok(AuditFolder::InData),
        "none" => Ok(AuditFolder::Nowhere),
        other => path(other).map(AuditFolder::At),
    }
}

const SYNCS: [(&str, AuditSync); 2] =
    [(AuditSync::Call.word(), AuditSync::Call), (AuditSync::Second.word(), AuditSync::Second)];

pub(super) const KEYS: &[Key] = &[
    Key {
        path: "audit.folder",
        flag: "audit",
        variable: "QUOIN_AUDIT",
        takes: "DIR|data|none",
        about: "Folder of the audit log; data is audit/ in the data folder, none keeps no log",
        read: |config, text| put(&mut config.audit.folder, folder(text)),
        show: |config| match &config.audit.folder {
            AuditFolder::InData => shown("data"),
            AuditFolder::At(folder) => shown(folder.display()),
            AuditFolder::Nowhere => shown("none"),
        },
    },
    Key {
        path: "audit.sync",
        flag: "audit-sync",
        variable: "QUOIN_AUDIT_SYNC",
        takes: "call|second",
        about: "When a call that writes is answered: once its line is on the disk, or within a second of that",
        read: |config, text| put(&mut config.audit.sync, word(text, &SYNCS)),
        show: |config| shown(config.audit.sync.word()),
    },
];
