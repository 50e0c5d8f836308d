//! Is a document new? Asked on the writer's thread, of what is known of its id; what is new is given its place (`filing`).

use std::collections::{BTreeMap, BTreeSet};

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::domain::ids::{ContractId, SequenceNo};
use crate::engine::error::RecordError;
use crate::engine::quotes::underway::UnderwayDesk;
use crate::engine::view::View;
use crate::ledger::document::Document;
use crate::ledger::draft::{DocumentDraft, DocumentFault};
use crate::ledger::net_quantities::NetQuantities;
use crate::store::{Batch, Store};

use super::limited::desk::LimitDesk;
use super::records::{DocumentRecord, document_key, parked, stored};
use super::report::{Became, PostOutcome, PostReport};

type Map<K, V> = HashMap<K, V, FixedState>;

/// A document that is to be posted.
pub(in crate::engine) struct Item {
    /// Of what was sent.
    pub(in crate::engine) digest: u128,
    pub(in crate::engine) content: Content,
}

/// What is to be posted.
pub(in crate::engine) enum Content {
    /// All of its names are known.
    Known(Box<Document>),
    /// Not all: it is to be put aside.
    Unknown(Box<DocumentDraft>, Vec<DocumentFault>),
}

impl Item {
    fn id(&self) -> &str {
        match &self.content {
            Content::Known(document) => &document.id,
            Content::Unknown(draft, _) => &draft.id,
        }
    }
}

/// What the writer keeps of the ledger.
pub(in crate::engine) struct Posting {
    pub(super) nets: Map<ContractId, NetQuantities>,
    /// Documents that are put aside, each with the digest of what was sent.
    pub(super) parked: BTreeMap<String, u128>,
    /// What the commands of one group wrote, which the store does not have yet.
    pub(super) documents: Map<String, DocumentRecord>,
    pub(super) waiting: Map<String, Vec<String>>,
    /// By contract, in the order of their positions.
    pub(super) posted: Map<ContractId, Vec<(SequenceNo, Document)>>,
    /// What limits are held, and what documents take off that.
    pub(in crate::engine) limits: LimitDesk,
    /// What was accepted of quotes, and what documents shipped of that.
    pub(in crate::engine) underway: UnderwayDesk,
}

impl Posting {
    /// What a store holds.
    pub(in crate::engine) fn new(store: &Store) -> Result<Self, RecordError> {
        let parked = parked(store)?.into_iter().map(|parked| (parked.draft.id, parked.digest)).collect();
        Ok(Self {
            nets: Map::default(),
            parked,
            documents: Map::default(),
            waiting: Map::default(),
            posted: Map::default(),
            limits: LimitDesk::default(),
            underway: UnderwayDesk::default(),
        })
    }

    /// The group was committed: the store has it all.
    pub(in crate::engine) fn committed(&mut self) {
        self.documents.clear();
        self.waiting.clear();
        self.posted.clear();
        self.limits.ended();
        self.underway.ended();
    }

    /// The group was not committed.
    pub(in crate::engine) fn abandoned(&mut self, store: &Store) {
        if let Ok(anew) = Self::new(store) {
            *self = anew;
        }
    }

    /// Posts documents all or none: where an id was used for other content, that is told and nothing is written.
    pub(in crate::engine) fn post(
        &mut self,
        store: &Store,
        view: &mut View,
        items: Vec<Item>,
        batch: &mut Batch,
    ) -> Result<PostReport, RecordError> {
        let known = self.known(store, &items)?;
        let faults = conflicts(&items, &known);
        if !faults.is_empty() {
            return Ok(PostReport { faults, ..PostReport::default() });
        }
        let mut rest = self.count_new(&items, &known);
        let mut outcomes = Vec::with_capacity(items.len());
        for (item, known) in items.into_iter().zip(known) {
            // The same may stand twice among these.
            let outcome = match self.outcome(&item, known) {
                Some(outcome) => outcome,
                None => {
                    rest = rest.saturating_sub(1);
                    view.position = SequenceNo(view.position.0 + 1);
                    self.post_new(store, view, (item, rest), batch)?
                }
            };
            outcomes.push(outcome);
        }
        Ok(PostReport { outcomes, ..PostReport::default() })
    }

    /// What would become of documents.
    pub(in crate::engine) fn would_post(
        &self,
        store: &Store,
        items: &[Item],
    ) -> Result<PostReport, RecordError> {
        let known = self.known(store, items)?;
        let faults = conflicts(items, &known);
        if !faults.is_empty() {
            return Ok(PostReport { faults, ..PostReport::default() });
        }
        let outcome = |(item, known): (&Item, Option<DocumentRecord>)| {
            self.outcome(item, known).unwrap_or_else(|| {
                let became = match &item.content {
                    Content::Known(_) => Became::Posted,
                    Content::Unknown(_, unknown) => Became::Parked(unknown.clone()),
                };
                PostOutcome { id: item.id().to_owned(), became, posted: None }
            })
        };
        Ok(PostReport { outcomes: items.iter().zip(known).map(outcome).collect(), ..PostReport::default() })
    }

    pub(super) fn record(&self, store: &Store, id: &str) -> Result<Option<DocumentRecord>, RecordError> {
        match self.documents.get(id) {
            Some(known) => Ok(Some(known.clone())),
            None => stored(store, &document_key(id)),
        }
    }

    /// What is known of each id.
    fn known(&self, store: &Store, items: &[Item]) -> Result<Vec<Option<DocumentRecord>>, RecordError> {
        items.iter().map(|item| self.record(store, item.id())).collect()
    }

    /// What becomes of a document of which nothing is to be written; `None` where it is new.
    fn outcome(&self, item: &Item, known: Option<DocumentRecord>) -> Option<PostOutcome> {
        let id = item.id().to_owned();
        if let Some(known) = known.or_else(|| self.documents.get(&id).cloned()) {
            return Some(PostOutcome { id, became: Became::Repeated, posted: Some(known.posted) });
        }
        match &item.content {
            Content::Unknown(_, unknown) if self.parked.get(&id) == Some(&item.digest) => {
                Some(PostOutcome { id, became: Became::Parked(unknown.clone()), posted: None })
            }
            _ => None,
        }
    }

    /// How many entries of the log these documents make.
    fn count_new(&self, items: &[Item], known: &[Option<DocumentRecord>]) -> u32 {
        let new =
            items.iter().zip(known).filter(|(item, known)| self.outcome(item, (*known).clone()).is_none());
        let ids: BTreeSet<&str> = new.map(|(item, _)| item.id()).collect();
        u32::try_from(ids.len()).unwrap_or(u32::MAX)
    }

    /// Posts a document, or puts it aside.
    fn post_new(
        &mut self,
        store: &Store,
        view: &mut View,
        (item, rest): (Item, u32),
        batch: &mut Batch,
    ) -> Result<PostOutcome, RecordError> {
        let id = item.id().to_owned();
        let (became, posted) = match item.content {
            Content::Unknown(draft, unknown) => {
                self.park(view, (*draft, item.digest, rest), batch);
                (Became::Parked(unknown), None)
            }
            Content::Known(document) => {
                let posted = self.take(store, view, (*document, item.digest, rest), batch)?;
                (Became::Posted, Some(posted))
            }
        };
        Ok(PostOutcome { id, became, posted })
    }
}

/// Ids that stand for other content already, in the store or among these documents.
fn conflicts(items: &[Item], known: &[Option<DocumentRecord>]) -> Vec<DocumentFault> {
    let mut among: Map<&str, u128> = Map::default();
    let mut faults = Vec::new();
    for ((place, item), known) in (0_u32..).zip(items).zip(known) {
        let first = *among.entry(item.id()).or_insert(item.digest);
        let reason = match known {
            Some(known) if known.digest != item.digest => {
                "was posted before with other content: send a correction or a return under an id of its own"
            }
            _ if first != item.digest => "is there twice with different content: mend one of them",
            _ => continue,
        };
        faults.push(DocumentFault {
            place,
            document: item.id().to_owned(),
            line: None,
            field: "document",
            value: item.id().to_owned(),
            reason: reason.to_owned(),
            unknown: false,
        });
    }
    faults
}
