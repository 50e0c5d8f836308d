//! How does a prepared change land? Its rows are handed to the store and read ahead, its policy is compiled for what it will stand
//! beside, and the writer commits it; where something overtook it, its policy is compiled again. The writer compiles nothing.

use std::sync::Arc;

use super::Engine;
use super::change::{Change, Prepared, PreparedRows};
use super::error::WriteError;
use super::ledger::accounts::Warmed;
use super::policy_of_view::follow;
use super::publication::Manifest;
use super::view::View;
use super::writer::Written;

impl Engine {
    /// Commits a change; returns once it is durable and seen by every later request.
    pub(super) fn land(&self, mut prepared: Prepared) -> Result<Manifest, WriteError> {
        if let Change::Data(change) = &mut prepared.change {
            change.ingest(&self.store)?;
            self.warm(&self.view(), change);
        }
        let reserved = match &prepared.change {
            Change::Data(change) => match &change.rows {
                PreparedRows::Ingested(number) => Some(number.0),
                PreparedRows::Inline(_) | PreparedRows::Staged(..) => None,
            },
            Change::Policy(_) => None,
        };
        let landed = self.commit(Box::new(prepared));
        if landed.is_err()
            && let Some(number) = reserved
            && let Err(error) = self.store.remove_unowned(&[number])
        {
            // A store that refuses writes is opened again anyway, which removes them.
            tracing::warn!(number, %error, "rows of a change that did not land stay behind");
        }
        if landed.is_ok()
            && let Err(error) = self.post_parked()
        {
            tracing::warn!(%error, "documents that were put aside stay there");
        }
        landed
    }

    /// What contracts have bought by a policy that is about to come.
    fn warmed(&self, before: &View, prepared: &Prepared) -> Result<Option<Warmed>, WriteError> {
        if Arc::ptr_eq(&prepared.policy.policy.0, &before.policy.0) {
            return Ok(None);
        }
        let mut after = before.clone();
        after.policy = prepared.policy.policy.clone();
        if let Change::Data(change) = &prepared.change {
            after.catalogue = change.catalogue.clone();
        }
        Ok(Some(Warmed::new(&self.store, before, &after)?))
    }

    fn commit(&self, mut prepared: Box<Prepared>) -> Result<Manifest, WriteError> {
        loop {
            let before = self.view();
            prepared.policy = follow(&self.store, &before, &prepared.change)?;
            prepared.accounts = self.warmed(&before, &prepared)?;
            match self.writer.publish(prepared)? {
                Written::Published(manifest) => return Ok(*manifest),
                Written::Overtaken(again) => prepared = again,
            }
        }
    }
}
