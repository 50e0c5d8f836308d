//! What does a publication change, and what does its view look like? Prepared beside the writer, which only commits it.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::catalogue::Catalogue;
use crate::domain::ids::{ListId, PublicationNo};
use crate::matrix::directory::RowRef;
use crate::matrix::epoch::CodecEpoch;
use crate::policy::PolicyInForce;
use crate::policy::syntax::Policy;
use crate::store::{StagedRows, Store, StoreError};

use super::ledger::accounts::Warmed;
use super::policy::PolicyFile;
use super::publication::Manifest;
use super::view::View;

/// A row that is to be named by the directory; `None` removes the list's row.
pub(super) type RowChange = (ListId, Option<RowRef>);

/// A segment that goes into the batch: its list, its number and its bytes.
pub(super) type InlineRow = (ListId, u16, Vec<u8>);

/// Key of an idempotency record, and what finishes its value once the manifest is known.
pub(super) type RequestRecord = (Vec<u8>, Box<dyn Fn(&Manifest) -> Vec<u8> + Send>);

/// Where the rows of a publication are.
pub(super) enum PreparedRows {
    /// Few: they go into the batch.
    Inline(Vec<InlineRow>),
    /// Many: they are in files, under a publication number that was reserved for them.
    Staged(PublicationNo, StagedRows),
    /// Many, and the store has them: they belong to nothing until a commit names them.
    Ingested(PublicationNo),
}

/// A change of prices or of master data.
pub(super) struct DataChange {
    pub(super) catalogue: Catalogue,
    pub(super) changes: Vec<RowChange>,
    pub(super) rows: PreparedRows,
    pub(super) epoch: Option<Arc<CodecEpoch>>,
}

/// A change of the policy.
pub(super) struct PolicyChange {
    pub(super) policy: Policy,
    pub(super) files: Vec<PolicyFile>,
}

/// What a publication changes: one of the two, so that neither can overwrite what the other has published meanwhile.
pub(super) enum Change {
    /// Everything but the policy. Refused where another such change has landed since it was prepared.
    Data(DataChange),
    /// The policy alone, whatever the data are.
    Policy(PolicyChange),
}

/// A publication that only has to be committed.
pub(super) struct Prepared {
    pub(super) change: Change,
    /// The data that it was prepared from, see [`View::data_at`].
    pub(super) data_at: PublicationNo,
    /// What its view will have, compiled for the data and the version that stand beside it.
    pub(super) policy: Compiled,
    /// What its contracts have bought, by that policy: made for those of which it was asked before.
    pub(super) accounts: Option<Warmed>,
    /// Its number, position and time are filled in by the writer.
    pub(super) manifest: Manifest,
    pub(super) request: Option<RequestRecord>,
}

impl Prepared {
    /// A change that was prepared from the data of a view.
    pub(super) fn new(
        change: Change,
        from: &View,
        manifest: Manifest,
        request: Option<RequestRecord>,
    ) -> Self {
        Self { change, data_at: from.data_at, policy: Compiled::default(), accounts: None, manifest, request }
    }
}

/// A compiled policy, and for what it was compiled: where either has moved on, it is compiled anew.
#[derive(Debug, Clone, Default)]
pub(super) struct Compiled {
    pub(super) policy: PolicyInForce,
    pub(super) data_at: PublicationNo,
    pub(super) after_version: u64,
}

impl Compiled {
    /// Was it compiled for what this view has?
    pub(super) fn is_for(&self, before: &View) -> bool {
        self.data_at == before.data_at && self.after_version == before.policy.0.version
    }
}

impl DataChange {
    /// Hands staged rows to the store, so that they can be read by key before they are published.
    pub(super) fn ingest(&mut self, store: &Store) -> Result<(), StoreError> {
        let number = match &self.rows {
            PreparedRows::Staged(number, _) => *number,
            PreparedRows::Inline(_) | PreparedRows::Ingested(_) => return Ok(()),
        };
        if let PreparedRows::Staged(_, staged) =
            std::mem::replace(&mut self.rows, PreparedRows::Ingested(number))
        {
            store.ingest(staged)?;
        }
        Ok(())
    }

    /// Does it change the row of a list?
    pub(super) fn touches(&self, list: ListId) -> bool {
        self.changes.iter().any(|(changed, _)| *changed == list)
    }

    /// Rows that are in memory.
    pub(super) fn inline(&self) -> &[InlineRow] {
        match &self.rows {
            PreparedRows::Inline(rows) => rows,
            PreparedRows::Staged(..) | PreparedRows::Ingested(_) => &[],
        }
    }

    /// The number under which its rows are, where `publication` is its own.
    pub(super) fn rows_at(&self, publication: PublicationNo) -> PublicationNo {
        match &self.rows {
            PreparedRows::Inline(_) => publication,
            PreparedRows::Staged(number, _) | PreparedRows::Ingested(number) => *number,
        }
    }

    /// Puts the change into a copy of the view before it; rows in memory are named under `publication`.
    pub(super) fn apply(&self, view: &mut View, publication: PublicationNo) {
        let rows_at = self.rows_at(publication);
        view.catalogue = self.catalogue.clone();
        for (list, row) in &self.changes {
            view.directory.set(*list, row.clone().map(|row| RowRef { publication: rows_at, ..row }));
        }
        if let Some(epoch) = &self.epoch {
            let mut epochs = (*view.epochs).clone();
            let named: BTreeSet<u32> = view.directory.iter().map(|(_, row)| row.epoch).collect();
            epochs.retain(|number, _| named.contains(number));
            epochs.insert(epoch.number(), Arc::clone(epoch));
            view.epochs = Arc::new(epochs);
        }
    }
}
