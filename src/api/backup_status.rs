//! Which gRPC status does each error about backups become?

use tonic::{Code, Status};

use crate::backup::BackupError;
use crate::engine::error::StoreOpenError;

use super::status::{Entry, bare, field, of_store, resource};

/// The row of an error about backups.
#[must_use]
pub fn of_backup(error: &BackupError) -> Entry {
    match error {
        BackupError::NotAllowed { .. } => bare(Code::PermissionDenied, "NOT_ALLOWED"),
        BackupError::NoPlace => bare(Code::FailedPrecondition, "NO_PLACE_FOR_BACKUPS"),
        BackupError::Busy { .. } => bare(Code::Unavailable, "BUSY"),
        BackupError::BadPlace { .. } => field(Code::InvalidArgument, "BAD_PLACE", "folder", error),
        BackupError::OtherStore { .. } => bare(Code::FailedPrecondition, "OTHER_STORE"),
        BackupError::NoBackup { id, .. } => {
            resource(Code::NotFound, "NO_BACKUP", "quoin.v1.Backup", id.as_deref().unwrap_or_default())
        }
        BackupError::NewerFormat { .. } => bare(Code::Unimplemented, "NEWER_FORMAT"),
        BackupError::StoreDamaged { .. } => bare(Code::DataLoss, "CORRUPT"),
        BackupError::Damaged { .. } => bare(Code::DataLoss, "BACKUP_DAMAGED"),
        BackupError::NotFree { .. } => bare(Code::AlreadyExists, "NOT_FREE"),
        BackupError::NoSpace { .. } => bare(Code::ResourceExhausted, "NO_SPACE"),
        BackupError::Io { .. } => bare(Code::Unavailable, "STORAGE"),
        BackupError::Storage(error) => of_store(error),
        BackupError::Open(StoreOpenError::Corrupt { .. }) => bare(Code::DataLoss, "CORRUPT"),
        BackupError::Open(StoreOpenError::OtherFormat { .. }) => bare(Code::Unimplemented, "OTHER_FORMAT"),
        BackupError::Open(
            StoreOpenError::DataFolderInUse { .. }
            | StoreOpenError::NotAStore { .. }
            | StoreOpenError::Io { .. },
        ) => bare(Code::Unavailable, "STORAGE"),
    }
}

/// The status of an error about backups.
#[must_use]
pub fn backup_status(error: &BackupError) -> Status {
    of_backup(error).status(error.to_string())
}
