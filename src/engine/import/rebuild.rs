//! How does a catalogue that has grown get its rows packed as if it had always been so? By a publication that changes no
//! price and packs every list in a new codec epoch: SKUs in their order of today, expected prices from today's reference
//! lists.

use std::sync::Arc;

use crate::engine::caller::{Caller, Role};
use crate::engine::change::{Change, DataChange, Prepared};
use crate::engine::error::ImportError;
use crate::engine::publication::{Manifest, PointCounts};
use crate::engine::{Engine, rows};

use super::bases::Bases;
use super::pass::Pass;
use super::{ImportJob, ImportProgress};

impl Engine {
    /// Packs every price list anew. Nothing is published where there is no price list.
    ///
    /// # Errors
    /// What kept the rows from being read, or the publication from being made.
    pub fn rebuild(
        &self,
        caller: &Caller,
        progress: &dyn ImportProgress,
    ) -> Result<Option<Manifest>, ImportError> {
        caller
            .require_over_all(Role::Operate)
            .map_err(|error| ImportError::NotAllowed { what: error.to_string() })?;
        let _one_at_a_time = self.imports.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let view = self.view();
        let Some(newest) = view.newest_epoch().map(|epoch| epoch.number()) else { return Ok(None) };
        let mut bases = Bases::new(&view.catalogue);
        for (list, _) in view.directory.iter() {
            rows::walk(&self.store, &view, list, &mut |target, cells| bases.note_cells(list, target, cells))?;
        }
        let epoch = bases.epoch(newest.saturating_add(1));
        let job = ImportJob::default();
        let complete = true;
        let pass =
            Pass { engine: self, view: &view, catalogue: &view.catalogue, job: &job, progress, complete };
        let packed = pass.repack(&epoch)?;
        let manifest = Manifest {
            points: PointCounts { unchanged: view.points(), ..PointCounts::default() },
            lists: u64::try_from(packed.changes.len()).unwrap_or(u64::MAX),
            rows_digest: packed.digest,
            ..Manifest::draft()
        };
        let (changes, rows) = (packed.changes, packed.rows);
        let catalogue = view.catalogue.clone();
        let change = DataChange { catalogue, changes, rows, epoch: Some(Arc::new(epoch)) };
        Ok(self.land(Prepared::new(Change::Data(change), &view, manifest, None)).map(Some)?)
    }
}
