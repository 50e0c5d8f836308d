//! How do documents come into the ledger, and what do they come to? Resolved beside the writer, posted by it.

mod accepted;
pub(in crate::engine) mod accounts;
pub mod accruals;
pub(in crate::engine) mod buyers;
pub(in crate::engine) mod expected;
mod filing;
pub(in crate::engine) mod holds;
pub mod limited;
pub mod log;
pub mod loyalty;
pub(in crate::engine) mod parties;
mod plans;
pub(in crate::engine) mod positions;
mod post_files;
pub(in crate::engine) mod posting;
pub mod progress;
pub mod purchases;
pub(in crate::engine) mod records;
mod report;
pub mod settlement;

pub use accepted::{AcceptedQuote, AcceptedQuotes};
pub use plans::PlanStands;
pub use post_files::{FiledDocuments, FilesPosted};
pub use report::{Became, PostDocuments, PostOutcome, PostReport, Posted};

use crate::domain::day::CivilDay;
use crate::domain::limits;
use crate::domain::time::{CivilSecond, Instant};
use crate::ledger::document::{Document, Parties};
use crate::ledger::draft::{DocumentDraft, DocumentFault};
use crate::ledger::whose::Part;
use crate::ledger::{digest, resolve};
use crate::policy::syntax::Scope;

use super::Engine;
use super::caller::{Caller, ContractScope, Role};
use super::error::{LedgerError, RecordError};
use super::view::View;

use posting::{Content, Item};
use records::{DocumentRecord, FactKey, document_key, fact, parked, stored};

/// A document that was posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownDocument {
    /// The document.
    pub document: Document,
    /// On which day it counts now: its own, or that of the shipment which it names.
    pub counts_on: CivilDay,
    /// As whose it counts now: by its own words, its shipment's or its contract's. None of a payment, which goes where what it
    /// pays is.
    pub parties: Parties,
    /// What was answered when it came.
    pub posted: Posted,
}

impl Engine {
    /// Posts documents, all or none. What was posted before changes nothing and gets its first answer. Returns once the new
    /// ones are durable and seen by every later request, or with everything that is wrong.
    ///
    /// # Errors
    /// Where the caller may not, there are too many, or they could not be committed.
    pub fn post_documents(&self, caller: &Caller, asked: PostDocuments) -> Result<PostReport, LedgerError> {
        if !caller.roles.contains(&Role::Post) {
            return Err(LedgerError::NotAllowed { what: "needs the role \"post\"".to_owned() });
        }
        check_size(&asked.documents)?;
        let view = self.view();
        let latest = latest_day(self.clock.now());
        let unseen = self.names_unseen(caller, &view, &asked.documents)?;
        let (mut items, mut faults) = (Vec::with_capacity(asked.documents.len()), Vec::new());
        for (place, draft) in (0_u32..).zip(asked.documents) {
            match item(caller, draft, place, &view, (latest, asked.park_unknown)) {
                Ok(item) => items.push(item),
                Err(found) => faults.extend(found),
            }
        }
        let report = if faults.is_empty() {
            self.writer.post(items, asked.dry_run)?
        } else {
            PostReport { faults, ..PostReport::default() }
        };
        let mut report = cut(report);
        for (outcome, names_unseen) in report.outcomes.iter_mut().zip(unseen) {
            if let Some(posted) = outcome.posted.as_mut().filter(|_| names_unseen) {
                posted.waits = true;
            }
        }
        Ok(report)
    }

    /// Posts documents that were put aside and whose names are known by now. How many were posted.
    ///
    /// # Errors
    /// Where records cannot be read or it could not be committed.
    pub fn post_parked(&self) -> Result<usize, LedgerError> {
        let parked = parked(&self.store)?;
        if parked.is_empty() {
            return Ok(0);
        }
        let view = self.view();
        let latest = latest_day(self.clock.now());
        let mut posted = 0;
        for parked in parked {
            let known = item(&Caller::operator(), parked.draft, 0, &view, (latest, false));
            let Ok(item) = known else { continue };
            // One by one: what is wrong with one does not keep the others out.
            posted += usize::from(!self.writer.post(vec![item], false)?.refused());
        }
        Ok(posted)
    }

    /// Documents that are put aside, the oldest first, each with what is not known.
    ///
    /// # Errors
    /// Where the caller may not, or records cannot be read.
    pub fn parked_documents(
        &self,
        caller: &Caller,
    ) -> Result<Vec<(DocumentDraft, Vec<DocumentFault>)>, LedgerError> {
        if !caller.roles.contains(&Role::Post) {
            return Err(LedgerError::NotAllowed { what: "needs the role \"post\"".to_owned() });
        }
        let (view, latest) = (self.view(), latest_day(self.clock.now()));
        let own = parked(&self.store)?
            .into_iter()
            .filter(|parked| caller.may_name(&view.catalogue, &parked.draft.contract));
        Ok(own
            .map(|parked| {
                let faults = named(caller, (&parked.draft, 0), &view, latest).err().unwrap_or_default();
                (parked.draft, faults)
            })
            .collect())
    }

    /// A document by its sender's id.
    ///
    /// # Errors
    /// Where there is none that the caller may know of, or records cannot be read.
    pub fn document(&self, caller: &Caller, id: &str) -> Result<KnownDocument, LedgerError> {
        let unknown = || LedgerError::UnknownDocument { id: id.to_owned() };
        let record: DocumentRecord = stored(&self.store, &document_key(id))?.ok_or_else(unknown)?;
        let view = self.view();
        let contract = view.catalogue.contract(record.contract).ok_or_else(unknown)?;
        if !caller.may_see(contract, &view.catalogue) {
            return Err(unknown());
        }
        let DocumentRecord { counts_on, posted, .. } = record;
        let key = FactKey { contract: contract.id, day: counts_on, position: posted.position };
        let document = fact(&self.store, key)?.ok_or_else(unknown)?;
        let mut posted = posted;
        let named = document.reference.iter().chain(document.allocations.iter().map(|of| &of.document));
        posted.waits |= self.is_unseen(caller, &view, named)?;
        let party = |part: Part| document.parties().of(part).unwrap_or_else(|| part.by_contract(contract));
        let parties = match document.allocations.is_empty() {
            true => Parties { payer: Some(party(Part::Payer)), ship_to: Some(party(Part::ShipTo)) },
            false => Parties::default(),
        };
        Ok(KnownDocument { document, counts_on, parties, posted })
    }

    /// Which documents name one that the caller may not know of. It is told that these wait, as those do that name what has not come.
    fn names_unseen(
        &self,
        caller: &Caller,
        view: &View,
        documents: &[DocumentDraft],
    ) -> Result<Vec<bool>, RecordError> {
        if caller.contracts == ContractScope::All {
            return Ok(Vec::new());
        }
        let named = |draft: &DocumentDraft| {
            let allocations = draft.allocations.iter().map(|of| of.document.clone());
            std::iter::once(draft.reference.clone()).chain(allocations).collect::<Vec<_>>()
        };
        documents.iter().map(|draft| self.is_unseen(caller, view, named(draft).iter())).collect()
    }

    /// Is one of these documents there, and none of the caller's?
    fn is_unseen<'d>(
        &self,
        caller: &Caller,
        view: &View,
        ids: impl Iterator<Item = &'d String>,
    ) -> Result<bool, RecordError> {
        if caller.contracts == ContractScope::All {
            return Ok(false);
        }
        for id in ids.filter(|id| !id.is_empty()) {
            let record: Option<DocumentRecord> = stored(&self.store, &document_key(id))?;
            let contract = record.and_then(|record| view.catalogue.contract(record.contract));
            if contract.is_some_and(|contract| !caller.may_see(contract, &view.catalogue)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How much memory is taken by what was bought of each contract, about.
    #[must_use]
    pub fn accounts_bytes(&self) -> usize {
        self.view().accounts.bytes()
    }
}

/// The last day that a document may be of: it is tomorrow somewhere already.
pub(in crate::engine) fn latest_day(now: Instant) -> CivilDay {
    CivilDay::of(CivilSecond(now.0)).plus(1)
}

fn check_size(documents: &[DocumentDraft]) -> Result<(), LedgerError> {
    let lines: usize = documents.iter().map(|of| of.lines.len() + of.allocations.len() + of.uses.len()).sum();
    let too_many = |what: &str, count: usize, most: usize| {
        let what = format!("{count} {what}; at most {most} are posted together: send them in parts");
        Err(LedgerError::TooLarge { what })
    };
    match (documents.len(), lines) {
        (0, _) => Err(LedgerError::Nothing),
        (count, _) if count > limits::BATCH_DOCUMENTS => {
            too_many("documents", count, limits::BATCH_DOCUMENTS)
        }
        (_, lines) if lines > limits::BATCH_LINES => too_many("lines", lines, limits::BATCH_LINES),
        _ => Ok(()),
    }
}

/// A document with its names resolved; the measure of a plan must be one that the policy in force states over a period.
fn named(
    caller: &Caller,
    (draft, place): (&DocumentDraft, u32),
    view: &View,
    latest: CivilDay,
) -> Result<Document, Vec<DocumentFault>> {
    let contract = caller.contract(&view.catalogue, &draft.contract);
    let resolved = resolve(draft, place, (&view.catalogue, contract), latest);
    let policy = view.policy.0.policy();
    let unknown = draft.plan.as_ref().filter(|plan| {
        let named = policy.measures.get(&plan.measure);
        !named.is_some_and(|named| matches!(named.measure.over, Scope::Period(_)))
    });
    match (resolved, unknown) {
        (resolved, None) => resolved,
        (resolved, Some(plan)) => {
            let mut faults = resolved.err().unwrap_or_default();
            faults.push(DocumentFault::unknown_measure(draft, place, &plan.measure));
            Err(faults)
        }
    }
}

/// A document as the writer takes it. What the caller may not know of is as unknown as what is not there.
fn item(
    caller: &Caller,
    draft: DocumentDraft,
    place: u32,
    view: &View,
    (latest, park_unknown): (CivilDay, bool),
) -> Result<Item, Vec<DocumentFault>> {
    let digest = digest(&draft);
    match named(caller, (&draft, place), view, latest) {
        Ok(document) => Ok(Item { digest, content: Content::Known(Box::new(document)) }),
        Err(faults)
            if park_unknown
                && caller.may_name(&view.catalogue, &draft.contract)
                && faults.iter().all(|fault| fault.unknown) =>
        {
            Ok(Item { digest, content: Content::Unknown(Box::new(draft), faults) })
        }
        Err(faults) => Err(faults),
    }
}

/// As many faults as are told.
fn cut(mut report: PostReport) -> PostReport {
    let untold = report.faults.len().saturating_sub(limits::DOCUMENT_FAULTS);
    report.untold = u64::try_from(untold).unwrap_or(u64::MAX);
    report.faults.truncate(limits::DOCUMENT_FAULTS);
    report
}
