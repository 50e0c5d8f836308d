//! Where does a document stand once it is posted? In the log, under its contract and day, and counted in its account.

use crate::domain::day::CivilDay;
use crate::domain::ids::SequenceNo;
use crate::engine::error::RecordError;
use crate::engine::log::LogEntry;
use crate::engine::records::{damaged, pack};
use crate::engine::view::View;
use crate::ledger::document::{Document, DocumentKind, Parties};
use crate::ledger::draft::DocumentDraft;
use crate::ledger::metered::Way;
use crate::ledger::net_quantities::NetQuantities;
use crate::store::{Batch, Family, Store};

use super::limited::desk::without_limit;
use super::log::{ParkedDocument, PostedDocument};
use super::posting::Posting;
use super::records::{
    DocumentRecord, FactKey, Parked, document_key, each_fact, fact, parked_key, plan_key, stored, waiting_key,
};
use super::report::Posted;

/// Contracts whose net quantities are kept at hand.
const AT_HAND: usize = 256;

impl Posting {
    fn waiting(&self, store: &Store, reference: &str) -> Result<Vec<String>, RecordError> {
        match self.waiting.get(reference) {
            Some(known) => Ok(known.clone()),
            None => Ok(stored(store, &waiting_key(reference))?.unwrap_or_default()),
        }
    }

    /// Puts a document aside.
    pub(in crate::engine) fn park(
        &mut self,
        view: &View,
        (draft, digest, rest): (DocumentDraft, u128, u32),
        batch: &mut Batch,
    ) {
        self.parked.insert(draft.id.clone(), digest);
        let parked = Parked { draft: draft.clone(), digest, position: view.position };
        batch.put(Family::Documents, &parked_key(&draft.id), &pack(&parked));
        let entry = LogEntry::Parked(ParkedDocument { draft, digest, at: view.command_time, rest });
        batch.put_log(view.position.0, &pack(&entry));
    }

    /// Gives a document its place and day.
    pub(super) fn take(
        &mut self,
        store: &Store,
        view: &mut View,
        (mut document, digest, rest): (Document, u128, u32),
        batch: &mut Batch,
    ) -> Result<Posted, RecordError> {
        let referred = match &document.reference {
            Some(reference) => self.record(store, reference)?,
            None => None,
        };
        let shipment = referred.as_ref().filter(|of| of.is_shipment && of.contract == document.contract);
        document.of_shipment = shipment.map_or_else(Parties::default, |shipment| shipment.parties);
        let answer = Posted {
            position: view.position,
            at: view.command_time,
            counts_on: shipment.map_or(document.day, |shipment| shipment.counts_on),
            waits: self.waits(store, &document, referred.is_some())?,
            beyond: self.beyond(store, view, &document)?,
            unlimited: without_limit(view, &document),
        };
        let entry = LogEntry::Posted(PostedDocument { document, digest, answer, rest });
        batch.put_log(view.position.0, &pack(&entry));
        let LogEntry::Posted(posted) = entry else { return Err(damaged("of a document")) };
        self.apply(store, view, &posted, batch)?;
        let PostedDocument { document, answer, .. } = posted;
        self.posted.entry(document.contract).or_default().push((answer.position, document));
        Ok(answer)
    }

    /// Keeps a document of a leader's log at hand until the store has it. What came back beyond what was shipped has been counted
    /// by the leader: what is known of that here is found anew once it is asked for.
    pub(in crate::engine) fn keep(&mut self, position: SequenceNo, document: Document) {
        self.nets.remove(&document.contract);
        self.posted.entry(document.contract).or_default().push((position, document));
    }

    /// Does it name what has not come yet?
    fn waits(&self, store: &Store, document: &Document, has_come: bool) -> Result<bool, RecordError> {
        let mut waits = document.reference.is_some() && !has_come;
        for paid in document.allocations.iter().filter(|paid| !paid.document.is_empty()) {
            waits |= self.record(store, &paid.document)?.is_none();
        }
        Ok(waits)
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
            parties: document.named(),
            posted: answer.clone(),
        };
        let key = FactKey { contract: document.contract, day: answer.counts_on, position: answer.position };
        batch.put(Family::Facts, &key.encode(), &pack(document));
        self.remember(&document.id, record, batch);
        if self.parked.remove(&document.id).is_some() {
            batch.delete(Family::Documents, &parked_key(&document.id));
        }
        if let Some(plan) = &document.plan {
            let key = plan_key(document.contract, answer.position);
            batch.put(Family::Documents, &key, &pack(&(document.day, plan, document.named())));
        }
        view.parties.note(document, batch);
        count(view, document, answer.counts_on, Way::In);
        self.limits.count(store, view, document, batch)?;
        self.underway.ship(store, document, batch)?;
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
                    self.refile(store, view, (&id, document, answer.counts_on), batch)?;
                }
            }
        }
        Ok(())
    }

    /// Moves a document that waited for its shipment to the shipment's day and parties.
    fn refile(
        &mut self,
        store: &Store,
        view: &mut View,
        (id, shipment, day): (&str, &Document, CivilDay),
        batch: &mut Batch,
    ) -> Result<(), RecordError> {
        let record = self.record(store, id)?.ok_or_else(|| damaged("of a document that waits"))?;
        let (contract, parties) = (shipment.contract, shipment.named());
        let stays = record.counts_on == day && parties == Parties::default();
        if record.contract != contract || stays {
            return Ok(());
        }
        let position = record.posted.position;
        let old = FactKey { contract, day: record.counts_on, position };
        let of_group = self.posted.get(&contract).and_then(|posted| {
            let at = posted.binary_search_by_key(&position, |(position, _)| *position).ok()?;
            posted.get(at).map(|(_, document)| document.clone())
        });
        let before = match of_group {
            Some(document) => document,
            None => fact(store, old)?.ok_or_else(|| damaged("of a document that waits"))?,
        };
        let document = Document { of_shipment: parties, ..before.clone() };
        batch.delete(Family::Facts, &old.encode());
        batch.put(Family::Facts, &FactKey { day, ..old }.encode(), &pack(&document));
        self.remember(id, DocumentRecord { counts_on: day, ..record }, batch);
        count(view, &before, old.day, Way::Out);
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
