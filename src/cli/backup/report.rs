//! How does an operator read what became of backups? Tables and sentences, or JSON with the protocol's names.

use serde_json::{Value, json};

use crate::api::v1;
use crate::backup::{Restored, Verified};
use crate::cli::json::object;
use crate::cli::report::instant;
use crate::cli::table::{Side, Table, grouped};

/// Digits of a digest in a table.
const DIGITS: usize = 12;

fn backup_json(backup: &v1::Backup) -> Value {
    object([
        ("id", json!(backup.id)),
        ("taken_at", json!(instant(backup.taken_at.as_ref()))),
        ("quoin_version", json!(backup.quoin_version)),
        ("store", json!(backup.store)),
        ("publication", json!(backup.publication)),
        ("sequence", json!(backup.sequence)),
        ("files", json!(backup.files)),
        ("bytes", json!(backup.bytes)),
        ("manifest_sha256", json!(backup.manifest_sha256)),
        ("damage", json!(backup.damage)),
    ])
}

/// What was taken.
pub(super) fn taken_json(taken: &v1::TakeBackupResponse) -> Value {
    json!({
        "backup": taken.backup.as_ref().map(backup_json),
        "place": taken.place,
        "copied_files": taken.copied_files,
        "copied_bytes": taken.copied_bytes,
        "shared_files": taken.shared_files,
        "shared_bytes": taken.shared_bytes,
    })
}

pub(super) fn taken(taken: &v1::TakeBackupResponse) -> String {
    let backup = taken.backup.clone().unwrap_or_default();
    format!(
        "backup {} in {}: publication {}, position {}\n\
         {} files with {} bytes copied, {} files with {} bytes shared with earlier backups\n\
         manifest {}\n",
        backup.id,
        taken.place,
        backup.publication,
        backup.sequence,
        grouped(taken.copied_files),
        grouped(taken.copied_bytes),
        grouped(taken.shared_files),
        grouped(taken.shared_bytes),
        backup.manifest_sha256,
    )
}

/// The backups there.
pub(super) fn list_json(backups: &[v1::Backup]) -> Value {
    json!({ "backups": backups.iter().map(backup_json).collect::<Vec<_>>() })
}

pub(super) fn list(backups: &[v1::Backup]) -> String {
    let mut table = Table::new(&[
        ("backup", Side::Left),
        ("publication", Side::Right),
        ("position", Side::Right),
        ("files", Side::Right),
        ("bytes", Side::Right),
        ("quoin", Side::Left),
        ("manifest", Side::Left),
    ]);
    for backup in backups.iter().filter(|backup| backup.damage.is_empty()) {
        table.row([
            backup.id.clone(),
            grouped(backup.publication),
            grouped(backup.sequence),
            grouped(backup.files),
            grouped(backup.bytes),
            backup.quoin_version.clone(),
            backup.manifest_sha256.chars().take(DIGITS).collect(),
        ]);
    }
    let mut text = if backups.is_empty() { "no backup\n".to_owned() } else { table.text() };
    for backup in backups.iter().filter(|backup| !backup.damage.is_empty()) {
        text.push_str(&format!("DAMAGED: {}: {}\n", backup.id, backup.damage));
    }
    text
}

/// What went.
pub(super) fn pruned_json(pruned: &v1::PruneBackupsResponse) -> Value {
    json!({
        "kept": pruned.kept,
        "removed": pruned.removed,
        "files": pruned.files,
        "bytes": pruned.bytes,
    })
}

pub(super) fn pruned(pruned: &v1::PruneBackupsResponse) -> String {
    let mut text: String = pruned.removed.iter().map(|id| format!("removed {id}\n")).collect();
    text.push_str(&format!(
        "{} backups stay; {} files with {} bytes went\n",
        pruned.kept.len(),
        grouped(pruned.files),
        grouped(pruned.bytes)
    ));
    text
}

/// What reading backups found.
pub(super) fn verified_json(found: &Verified) -> Value {
    json!({
        "backups": found.backups,
        "files": found.files,
        "bytes": found.bytes,
        "unnamed": found.unnamed,
        "faults": found.faults,
    })
}

pub(super) fn verified(found: &Verified) -> String {
    let mut text = format!(
        "{} backups, {} files, {} bytes\n",
        grouped(found.backups),
        grouped(found.files),
        grouped(found.bytes)
    );
    if found.unnamed > 0 {
        text.push_str(&format!(
            "{} files belong to no backup; pruning removes them\n",
            grouped(found.unnamed)
        ));
    }
    for fault in &found.faults {
        text.push_str(&format!("DAMAGED: {fault}\n"));
    }
    text.push_str(if found.faults.is_empty() { "sound\n" } else { "take a new backup elsewhere\n" });
    text
}

/// What was restored.
pub(super) fn restored_json(restored: &Restored) -> Value {
    json!({
        "backup": restored.manifest.id,
        "into": restored.into.display().to_string(),
        "store": restored.manifest.store,
        "publication": restored.manifest.publication,
        "sequence": restored.manifest.sequence,
        "files": restored.manifest.files.len(),
        "bytes": restored.manifest.bytes(),
    })
}

pub(super) fn restored(restored: &Restored) -> String {
    let manifest = &restored.manifest;
    format!(
        "restored backup {} into {}: publication {}, position {}, {} files with {} bytes, each as it was backed up\n",
        manifest.id,
        restored.into.display(),
        manifest.publication,
        manifest.sequence,
        manifest.files.len(),
        grouped(manifest.bytes())
    )
}
