//! On which day did a document count, and as whose, as of a position of the log?
//!
//! Facts tell where documents count now. A return whose shipment came after it has moved to the shipment's day and parties then;
//! it is found where it was before, so that a statement rests on one position whatever is posted while it is worked out, and
//! so that what moved since an earlier statement can be named.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::contract::Contract;
use crate::domain::day::{CivilDay, Days};
use crate::domain::ids::{ContractId, SequenceNo};
use crate::engine::error::RecordError;
use crate::engine::ledger::buyers::Counted;
use crate::engine::ledger::records::{DocumentRecord, FactKey, document_key, each_fact, stored};
use crate::engine::view::View;
use crate::ledger::document::{Document, Parties};
use crate::ledger::whose::Whose;
use crate::policy::syntax::PeriodOf;
use crate::store::Store;

/// The documents that may count for a contract, up to a position.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) store: &'a Store,
    pub(super) view: &'a View,
    pub(super) contract: &'a Contract,
}

/// Whose documents count.
pub(super) type OfWhom = BTreeSet<PeriodOf>;

/// A document, and on which days it counted when.
pub(super) struct Standing<'s> {
    pub(super) key: FactKey,
    /// The day on it, and the parties that it names.
    own: (CivilDay, Parties),
    /// The parties that it has now.
    parties: Parties,
    /// When it moved from its own day and parties to those of its shipment, where it did.
    moved: Option<SequenceNo>,
    pays: bool,
    /// Which documents of its contract count to this one.
    counted: &'s [(PeriodOf, Whose)],
}

impl Standing<'_> {
    /// Had it yet to move to its shipment?
    fn is_before_moving(&self, upto: SequenceNo) -> bool {
        self.moved.is_some_and(|moved| moved > upto)
    }

    /// The day on which it counted; none where it had not come yet.
    pub(super) fn on(&self, upto: SequenceNo) -> Option<CivilDay> {
        let day = if self.is_before_moving(upto) { self.own.0 } else { self.key.day };
        (self.key.position <= upto).then_some(day)
    }

    /// The day on which it counted among the documents `of` whomever; none where it had not come yet, or was another's.
    pub(super) fn place(&self, of: PeriodOf, upto: SequenceNo) -> Option<CivilDay> {
        let parties = if self.is_before_moving(upto) { self.own.1 } else { self.parties };
        let mut counted = self.counted.iter().filter(|(by, _)| *by == of);
        let counts = counted.any(|(_, whose)| self.pays || whose.covers(parties));
        self.on(upto).filter(|_| counts)
    }

    /// How often it counts there on those days at a position: once, or not at all.
    pub(super) fn counts(&self, of: PeriodOf, days: &Days, upto: SequenceNo) -> i64 {
        i64::from(self.place(of, upto).is_some_and(|day| days.hold(day)))
    }

    /// Did it come to count where it does there after a position?
    pub(super) fn is_later_than(&self, of: PeriodOf, position: SequenceNo, now: SequenceNo) -> bool {
        self.place(of, position) != self.place(of, now)
    }
}

impl<'a> Ground<'a> {
    /// The position up to which it reaches.
    pub(super) fn upto(&self) -> SequenceNo {
        self.view.position
    }

    /// Whose documents count.
    pub(super) fn counted(&self, of: PeriodOf) -> Counted<'a> {
        self.view.counted(self.contract, of)
    }

    /// Hands `each` the documents of all contracts of which some count, as they stood at the position.
    pub(super) fn each(
        &self,
        of_whom: &OfWhom,
        mut each: impl FnMut(&Standing<'_>, &Document) -> Result<(), RecordError>,
    ) -> Result<(), RecordError> {
        let mut by_contract: BTreeMap<ContractId, Vec<(PeriodOf, Whose)>> = BTreeMap::new();
        for of in of_whom {
            for (contract, whose) in self.counted(*of).iter() {
                by_contract.entry(contract).or_default().push((*of, whose));
            }
        }
        for (contract, counted) in &by_contract {
            let mut failed = None;
            each_fact(self.store, *contract, None, self.upto(), |key, document| {
                if failed.is_some() {
                    return;
                }
                let standing = self.standing((key, document), counted);
                failed = standing.and_then(|standing| self.stood(&standing, document, &mut each)).err();
            })?;
            if let Some(error) = failed {
                return Err(error);
            }
        }
        Ok(())
    }

    fn standing<'s>(
        &self,
        (key, document): (FactKey, &Document),
        counted: &'s [(PeriodOf, Whose)],
    ) -> Result<Standing<'s>, RecordError> {
        Ok(Standing {
            key,
            own: (document.day, document.named()),
            parties: document.parties(),
            moved: self.moved(&key, document)?,
            pays: !document.allocations.is_empty(),
            counted,
        })
    }

    /// Hands `each` a document as it stood at the position: without the parties of a shipment that came after that.
    fn stood(
        &self,
        standing: &Standing<'_>,
        document: &Document,
        each: &mut impl FnMut(&Standing<'_>, &Document) -> Result<(), RecordError>,
    ) -> Result<(), RecordError> {
        match standing.is_before_moving(self.upto()) {
            true => each(standing, &Document { of_shipment: Parties::default(), ..document.clone() }),
            false => each(standing, document),
        }
    }

    /// When a document moved to where it is: with its shipment, where that came later.
    fn moved(&self, key: &FactKey, document: &Document) -> Result<Option<SequenceNo>, RecordError> {
        let is_moved = key.day != document.day || document.parties() != document.named();
        let Some(reference) = document.reference.as_ref().filter(|_| is_moved) else {
            return Ok(None);
        };
        let shipment: Option<DocumentRecord> = stored(self.store, &document_key(reference))?;
        let came = shipment.map(|shipment| shipment.posted.position);
        Ok(came.filter(|came| *came > key.position))
    }
}
