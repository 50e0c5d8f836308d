//! `quoin backup` and `quoin restore`: copies of a store, and the way back.

mod arguments;
mod report;

use crate::api::backup::{known_of, pruned_of, taken_of};
use crate::api::v1;
use crate::api::v1::backup_service_client::BackupServiceClient;
use crate::backup::Place;
use crate::engine::backup::{list_backups, prune_backups, restore_backup, verify_backups};

use super::arguments::Common;
use super::failure::{CORRUPT, Failure};
use super::{Outcome, ask, output};

pub use arguments::{Backup, Restore};
use arguments::{BackupCommand, Check, Kept, Prune};

/// Runs `quoin backup`.
pub fn run(common: &Common, asked: &Backup) -> Outcome {
    match &asked.command {
        None => take(common, asked),
        Some(BackupCommand::List(kept)) => list(common, kept),
        Some(BackupCommand::Prune(of)) => prune(common, of),
        Some(BackupCommand::Check(of)) => check(common, of),
    }
}

fn take(common: &Common, asked: &Backup) -> Outcome {
    let folder = asked.to.clone().unwrap_or_default();
    let taken = match &asked.server {
        None => {
            let place = Place::parse(&folder)?;
            let engine = ask::folder(common, false)?;
            taken_of(&engine.take_backup(&ask::caller(common)?, &place)?, place.to_string())
        }
        Some(address) => {
            let request = ask::request(common, v1::TakeBackupRequest { folder })?;
            ask::server(common, address, |channel| async {
                Ok(BackupServiceClient::new(channel).take_backup(request).await?.into_inner())
            })?
        }
    };
    match common.json {
        true => output::json(&report::taken_json(&taken)),
        false => output::text(&report::taken(&taken)),
    }
}

fn list(common: &Common, asked: &Kept) -> Outcome {
    let folder = asked.from.clone().unwrap_or_default();
    let found = match &asked.server {
        None => {
            let known = list_backups(&ask::caller(common)?, &Place::parse(&folder)?)?;
            known.iter().rev().map(known_of).collect()
        }
        Some(address) => {
            let request = ask::request(common, v1::ListBackupsRequest { folder })?;
            let answer = ask::server(common, address, |channel| async {
                Ok(BackupServiceClient::new(channel).list_backups(request).await?.into_inner())
            });
            answer?.backups
        }
    };
    match common.json {
        true => output::json(&report::list_json(&found))?,
        false => output::text(&report::list(&found))?,
    }
    match found.iter().any(|backup| !backup.damage.is_empty()) {
        true => Err(Failure::told(CORRUPT)),
        false => Ok(()),
    }
}

fn prune(common: &Common, asked: &Prune) -> Outcome {
    let folder = asked.kept.from.clone().unwrap_or_default();
    let pruned = match &asked.kept.server {
        None => {
            let keep = usize::try_from(asked.keep).unwrap_or(usize::MAX);
            pruned_of(prune_backups(&ask::caller(common)?, &Place::parse(&folder)?, keep)?)
        }
        Some(address) => {
            let request = ask::request(common, v1::PruneBackupsRequest { folder, keep: asked.keep })?;
            ask::server(common, address, |channel| async {
                Ok(BackupServiceClient::new(channel).prune_backups(request).await?.into_inner())
            })?
        }
    };
    match common.json {
        true => output::json(&report::pruned_json(&pruned)),
        false => output::text(&report::pruned(&pruned)),
    }
}

fn check(common: &Common, asked: &Check) -> Outcome {
    let found = verify_backups(&ask::caller(common)?, &asked.from, asked.backup.as_deref())?;
    match common.json {
        true => output::json(&report::verified_json(&found))?,
        false => output::text(&report::verified(&found))?,
    }
    match found.faults.is_empty() {
        true => Ok(()),
        false => Err(Failure::told(CORRUPT)),
    }
}

/// Runs `quoin restore`.
pub fn restore(common: &Common, asked: &Restore) -> Outcome {
    let restored = restore_backup(&ask::caller(common)?, &asked.from, asked.backup.as_deref(), &asked.into)?;
    match common.json {
        true => output::json(&report::restored_json(&restored)),
        false => output::text(&report::restored(&restored)),
    }
}
