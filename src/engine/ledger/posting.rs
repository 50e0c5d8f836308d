//! How does a document come to be posted? On the writer's thread: held against what is known of its id, given its place in
//! the log, put on its day, and counted.

use std::collections::BTreeSet;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::domain::day::CivilDay;
use crate::domain::ids::{ContractId, SequenceNo};
use crate::engine::error::RecordError;
use crate::engine::log::LogEntry;
use crate::engine::records::{damaged, pack};
use crate::engine::view::View;
use crate::ledger::document::{Document, DocumentKind};
use crate::ledger::draft::{DocumentDraft, DocumentFault};
use crate::ledger::metered::Way;
use crate::ledger::net_quantities::NetQuantities;
use crate::store::{Batch, Family, Store};

use super::log::{ParkedDocument, PostedDocument};
use super::records::{
    DocumentRecord, FactKey, Parked, document_key, each_fact, fact, parked, parked_key, stored, waiting_key,
};
use super::report::{Became, PostOutcome, PostReport, Posted};

/// Contracts whose net quantities are kept at hand.
const AT_HAND: usize = 256;

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
    nets: Map<ContractId, NetQuantities>,
    /// Documents that are put aside, each with its digest.
    parked: BTreeSet<String>,
    /// What the commands of one group wrote, which the store does not have yet.
    documents: Map<String, DocumentRecord>,
    waiting: Map<String, Vec<String>>,
    /// By contract, in the order of their positions.
    posted: Map<ContractId, Vec<(SequenceNo, Document)>>,
}

impl Posting {
    /// What a store holds.
    pub(in crate::engine) fn new(store: &Store) -> Result<Self, RecordError> {
        let parked = parked(store)?.into_iter().map(|parked| parked.draft.id).collect();
        Ok(Self {
            nets: Map::default(),
            parked,
            documents: Map::default(),
            waiting: Map::default(),
            posted: Map::default(),
        })
    }

    /// The group was committed: the store has it all.
    pub(in crate::engine) fn committed(&mut self) {
        self.documents.clear();
        self.waiting.clear();
        self.posted.clear();
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
        let faults = self.conflicts(store, &items)?;
        if !faults.is_empty() {
            return Ok(PostReport { faults, ..PostReport::default() });
        }
        let mut outcomes = Vec::with_capacity(items.len());
        let mut rest = u32::try_from(items.len()).unwrap_or(u32::MAX);
        for item in items {
            rest = rest.saturating_sub(1);
            let id = item.id().to_owned();
            if let Some(known) = self.record(store, &id)? {
                outcomes.push(PostOutcome { id, became: Became::Repeated, posted: Some(known.posted) });
                continue;
            }
            view.position = SequenceNo(view.position.0 + 1);
            let (became, posted) = match item.content {
                Content::Unknown(draft, unknown) => {
                    self.park(view, *draft, rest, batch);
                    (Became::Parked(unknown), None)
                }
                Content::Known(document) => {
                    let posted = self.take(store, view, (*document, item.digest, rest), batch)?;
                    (Became::Posted, Some(posted))
                }
            };
            outcomes.push(PostOutcome { id, became, posted });
        }
        Ok(PostReport { outcomes, ..PostReport::default() })
    }

    /// What would become of documents.
    pub(in crate::engine) fn would_post(
        &self,
        store: &Store,
        items: &[Item],
    ) -> Result<PostReport, RecordError> {
        let faults = self.conflicts(store, items)?;
        if !faults.is_empty() {
            return Ok(PostReport { faults, ..PostReport::default() });
        }
        let outcome = |item: &Item| {
            let id = item.id().to_owned();
            Ok(match (self.record(store, &id)?, &item.content) {
                (Some(known), _) => PostOutcome { id, became: Became::Repeated, posted: Some(known.posted) },
                (None, Content::Known(_)) => PostOutcome { id, became: Became::Posted, posted: None },
                (None, Content::Unknown(_, unknown)) => {
                    PostOutcome { id, became: Became::Parked(unknown.clone()), posted: None }
                }
            })
        };
        let outcomes = items.iter().map(outcome).collect::<Result<Vec<_>, RecordError>>()?;
        Ok(PostReport { outcomes, ..PostReport::default() })
    }

    /// Ids that stand for other content already, in the store or among these documents.
    fn conflicts(&self, store: &Store, items: &[Item]) -> Result<Vec<DocumentFault>, RecordError> {
        let mut among: Map<&str, u128> = Map::default();
        let mut faults = Vec::new();
        for (place, item) in (0_u32..).zip(items) {
            let known = self.record(store, item.id())?.map(|known| known.digest);
            let first = *among.entry(item.id()).or_insert(item.digest);
            let reason = match known {
                Some(known) if known != item.digest => {
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
        Ok(faults)
    }

    fn record(&self, store: &Store, id: &str) -> Result<Option<DocumentRecord>, RecordError> {
        match self.documents.get(id) {
            Some(known) => Ok(Some(known.clone())),
            None => stored(store, &document_key(id)),
        }
    }

    fn waiting(&self, store: &Store, reference: &str) -> Result<Vec<String>, RecordError> {
        match self.waiting.get(reference) {
            Some(known) => Ok(known.clone()),
            None => Ok(stored(store, &waiting_key(reference))?.unwrap_or_default()),
        }
    }

    fn park(&mut self, view: &View, draft: DocumentDraft, rest: u32, batch: &mut Batch) {
        self.parked.insert(draft.id.clone());
        let parked = Parked { draft: draft.clone(), position: view.position };
        batch.put(Family::Documents, &parked_key(&draft.id), &pack(&parked));
        let entry = LogEntry::Parked(ParkedDocument { draft, at: view.command_time, rest });
        batch.put_log(view.position.0, &pack(&entry));
    }

    fn take(
        &mut self,
        store: &Store,
        view: &mut View,
        (document, digest, rest): (Document, u128, u32),
        batch: &mut Batch,
    ) -> Result<Posted, RecordError> {
        let referred = match &document.reference {
            Some(reference) => self.record(store, reference)?,
            None => None,
        };
        let shipment = referred.as_ref().filter(|of| of.is_shipment && of.contract == document.contract);
        let answer = Posted {
            position: view.position,
            at: view.command_time,
            counts_on: shipment.map_or(document.day, |shipment| shipment.counts_on),
            waits: document.reference.is_some() && referred.is_none(),
            beyond: self.beyond(store, view, &document)?,
        };
        let entry = LogEntry::Posted(PostedDocument { document, digest, answer, rest });
        batch.put_log(view.position.0, &pack(&entry));
        let LogEntry::Posted(posted) = entry else { return Err(damaged("of a document")) };
        self.apply(store, view, &posted, batch)?;
        let PostedDocument { document, answer, .. } = posted;
        self.posted.entry(document.contract).or_default().push((answer.position, document));
        Ok(answer)
    }

    /// Puts a document where the log says. What waited for it moves to its day.
    pub(in crate::engine) fn apply(
        &mut self,
        store: &Store,
        view: &mut View,
        posted: &PostedDocument,
        batch: &mut Batch,
    ) -> Result<(), RecordError> {
        let PostedDocument { document, digest, answer, .. } = posted;
        let is_shipment = document.kind == DocumentKind::Shipment;
        let record = DocumentRecord {
            digest: *digest,
            contract: document.contract,
            counts_on: answer.counts_on,
            is_shipment,
            posted: answer.clone(),
        };
        let key = FactKey { contract: document.contract, day: answer.counts_on, position: answer.position };
        batch.put(Family::Facts, &key.encode(), &pack(document));
        self.remember(&document.id, record, batch);
        if self.parked.remove(&document.id) {
            batch.delete(Family::Documents, &parked_key(&document.id));
        }
        count(view, document, answer.counts_on, Way::In);
        if answer.waits
            && let Some(reference) = &document.reference
        {
            let mut waiting = self.waiting(store, reference)?;
            waiting.push(document.id.clone());
            batch.put(Family::Documents, &waiting_key(reference), &pack(&waiting));
            self.waiting.insert(reference.clone(), waiting);
        }
        let waiting = self.waiting(store, &document.id)?;
        if !waiting.is_empty() {
            batch.delete(Family::Documents, &waiting_key(&document.id));
            self.waiting.insert(document.id.clone(), Vec::new());
            if is_shipment {
                for id in waiting {
                    self.refile(store, view, (&id, document.contract, answer.counts_on), batch)?;
                }
            }
        }
        Ok(())
    }

    /// Moves a document that waited for its shipment to the shipment's day.
    fn refile(
        &mut self,
        store: &Store,
        view: &mut View,
        (id, contract, day): (&str, ContractId, CivilDay),
        batch: &mut Batch,
    ) -> Result<(), RecordError> {
        let record = self.record(store, id)?.ok_or_else(|| damaged("of a document that waits"))?;
        if record.contract != contract || record.counts_on == day {
            return Ok(());
        }
        let position = record.posted.position;
        let old = FactKey { contract, day: record.counts_on, position };
        let of_group = self.posted.get(&contract).and_then(|posted| {
            let at = posted.binary_search_by_key(&position, |(position, _)| *position).ok()?;
            posted.get(at).map(|(_, document)| document.clone())
        });
        let document = match of_group {
            Some(document) => document,
            None => fact(store, old)?.ok_or_else(|| damaged("of a document that waits"))?,
        };
        batch.delete(Family::Facts, &old.encode());
        batch.put(Family::Facts, &FactKey { day, ..old }.encode(), &pack(&document));
        self.remember(id, DocumentRecord { counts_on: day, ..record }, batch);
        count(view, &document, old.day, Way::Out);
        count(view, &document, day, Way::In);
        Ok(())
    }

    fn remember(&mut self, id: &str, record: DocumentRecord, batch: &mut Batch) {
        batch.put(Family::Documents, &document_key(id), &pack(&record));
        self.documents.insert(id.to_owned(), record);
    }

    /// The lines of a return after which more has come back than was shipped.
    fn beyond(&mut self, store: &Store, view: &View, document: &Document) -> Result<Vec<u32>, RecordError> {
        let contract = document.contract;
        if let Some(nets) = self.nets.get_mut(&contract) {
            return Ok(nets.count(&view.catalogue, document));
        }
        if document.kind != DocumentKind::Return {
            return Ok(Vec::new());
        }
        if self.nets.len() >= AT_HAND {
            self.nets.clear();
        }
        let mut nets = NetQuantities::default();
        each_fact(store, contract, None, view.position, |_, document| {
            nets.count(&view.catalogue, document);
        })?;
        // Documents of this group are not in the store yet.
        for (_, document) in self.posted.get(&contract).into_iter().flatten() {
            nets.count(&view.catalogue, document);
        }
        let beyond = nets.count(&view.catalogue, document);
        self.nets.insert(contract, nets);
        Ok(beyond)
    }
}

/// Counts a document in its contract's account.
fn count(view: &mut View, document: &Document, day: CivilDay, way: Way) {
    let mut accounts = std::mem::take(&mut view.accounts);
    accounts.count(view, view.position, document, (day, way));
    view.accounts = accounts;
}
