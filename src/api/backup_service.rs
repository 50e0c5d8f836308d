//! Backup calls: take one of the running store, list and prune those that are there.

use tonic::{Request, Response, Status};

use crate::backup::{BackupError, Place};
use crate::engine::Engine;
use crate::engine::backup::{list_backups, prune_backups};

use super::backup::{known_of, pruned_of, taken_of};
use super::backup_status::backup_status;
use super::caller::of_request;
use super::status::{Violation, violation_status};
use super::v1;

/// The service.
#[derive(Clone)]
pub struct Backups {
    /// Whom it asks.
    pub engine: Engine,
}

type Answer<T> = Result<Response<T>, Status>;

/// Does work that reads and writes the disk off the runtime's thread. It goes on where the caller goes.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, Status> {
    super::aside::long(work).await?.map_err(|error| backup_status(&error))
}

impl Backups {
    /// A folder within the server's place for backups.
    fn place(&self, folder: &str) -> Result<Place, BackupError> {
        self.engine.backup_place().ok_or(BackupError::NoPlace)?.within(folder)
    }
}

#[tonic::async_trait]
impl v1::backup_service_server::BackupService for Backups {
    async fn take_backup(&self, request: Request<v1::TakeBackupRequest>) -> Answer<v1::TakeBackupResponse> {
        let caller = of_request(&request)?;
        let (service, asked) = (self.clone(), request.into_inner());
        let answer = aside(move || {
            let place = service.place(&asked.folder)?;
            let taken = service.engine.take_backup(&caller, &place);
            match &taken {
                Ok(taken) => tracing::info!(
                    backup = taken.manifest.id,
                    sequence = taken.manifest.sequence,
                    copied_files = taken.copied_files,
                    copied_bytes = taken.copied_bytes,
                    "backup"
                ),
                Err(error) => tracing::warn!(%error, "no backup"),
            }
            Ok(taken_of(&taken?, place.to_string()))
        });
        Ok(Response::new(answer.await?))
    }

    async fn list_backups(
        &self,
        request: Request<v1::ListBackupsRequest>,
    ) -> Answer<v1::ListBackupsResponse> {
        let caller = of_request(&request)?;
        let (service, asked) = (self.clone(), request.into_inner());
        let known = aside(move || list_backups(&caller, &service.place(&asked.folder)?)).await?;
        Ok(Response::new(v1::ListBackupsResponse { backups: known.iter().rev().map(known_of).collect() }))
    }

    async fn prune_backups(
        &self,
        request: Request<v1::PruneBackupsRequest>,
    ) -> Answer<v1::PruneBackupsResponse> {
        let caller = of_request(&request)?;
        let (service, asked) = (self.clone(), request.into_inner());
        let keep = usize::try_from(asked.keep).unwrap_or(usize::MAX);
        if keep == 0 {
            return Err(violation_status(Violation::new("keep", "keep at least one backup")));
        }
        let pruned = aside(move || prune_backups(&caller, &service.place(&asked.folder)?, keep)).await?;
        tracing::info!(removed = pruned.removed.len(), bytes = pruned.bytes, "backups pruned");
        Ok(Response::new(pruned_of(pruned)))
    }
}
