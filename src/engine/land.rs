//! How does a prepared change land? Its rows are handed to the store, its policy is compiled for what it will stand
//! beside, and the writer commits it; where something overtook it, its policy is compiled again. The writer compiles nothing.

use super::Engine;
use super::change::{Change, Prepared, PreparedRows};
use super::error::WriteError;
use super::policy_of_view::follow;
use super::publication::Manifest;
use super::writer::Written;

impl Engine {
    /// Commits a change; returns once it is durable and seen by every later request.
    pub(super) fn land(&self, mut prepared: Prepared) -> Result<Manifest, WriteError> {
        if let Change::Data(change) = &mut prepared.change {
            change.ingest(&self.store)?;
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
        landed
    }

    fn commit(&self, mut prepared: Box<Prepared>) -> Result<Manifest, WriteError> {
        loop {
            prepared.policy = follow(&self.store, &self.view(), &prepared.change)?;
            match self.writer.publish(prepared)? {
                Written::Published(manifest) => return Ok(*manifest),
                Written::Overtaken(again) => prepared = again,
            }
        }
    }
}
