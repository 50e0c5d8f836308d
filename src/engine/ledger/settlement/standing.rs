//! On which day did a document count, as of a position of the log?
//!
//! Facts tell where documents count now. A return whose shipment came after it has moved to the shipment's day then; it is
//! found where it was before, so that a statement rests on one position whatever is posted while it is worked out, and so
//! that what moved since an earlier statement can be named.

use crate::domain::contract::Contract;
use crate::domain::day::{CivilDay, Days};
use crate::domain::ids::{ContractId, SequenceNo};
use crate::engine::error::RecordError;
use crate::engine::ledger::records::{DocumentRecord, FactKey, document_key, each_fact, stored};
use crate::engine::view::View;
use crate::ledger::document::Document;
use crate::policy::syntax::PeriodOf;
use crate::store::Store;

/// The documents that may count for a contract, up to a position.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) store: &'a Store,
    pub(super) view: &'a View,
    pub(super) contract: &'a Contract,
}

/// A document, and on which days it counted when.
pub(super) struct Standing {
    pub(super) key: FactKey,
    /// The day on it.
    own: CivilDay,
    /// When it moved from its own day to that of its shipment, where it did.
    moved: Option<SequenceNo>,
    /// Whose it is to the contract.
    pub(super) of: PeriodOf,
}

impl Standing {
    /// The day on which it counted; none where it had not come yet.
    pub(super) fn on(&self, upto: SequenceNo) -> Option<CivilDay> {
        let day = match self.moved {
            Some(moved) if moved > upto => self.own,
            _ => self.key.day,
        };
        (self.key.position <= upto).then_some(day)
    }

    /// How often it counts on those days at a position: once, or not at all.
    pub(super) fn counts(&self, days: &Days, upto: SequenceNo) -> i64 {
        i64::from(self.on(upto).is_some_and(|day| days.hold(day)))
    }

    /// Did it come to count where it does after a position?
    pub(super) fn is_later_than(&self, position: SequenceNo, now: SequenceNo) -> bool {
        self.on(position) != self.on(now)
    }
}

impl<'a> Ground<'a> {
    /// The position up to which it reaches.
    pub(super) fn upto(&self) -> SequenceNo {
        self.view.position
    }

    /// The contracts whose documents count.
    pub(super) fn counted(&self, of: PeriodOf) -> &'a [ContractId] {
        self.view.buyers.counted(&self.view.catalogue, self.contract, of)
    }

    /// Whose a contract's documents are to this one.
    fn whose(&self, contract: ContractId) -> PeriodOf {
        match contract == self.contract.id {
            true => PeriodOf::Contract,
            false if self.counted(PeriodOf::Counterparty).contains(&contract) => PeriodOf::Counterparty,
            false => PeriodOf::Holding,
        }
    }

    /// Hands `each` the documents of the contract and, as far as `of` says, of those beside it.
    pub(super) fn each(
        &self,
        of: PeriodOf,
        mut each: impl FnMut(&Standing, &Document) -> Result<(), RecordError>,
    ) -> Result<(), RecordError> {
        for contract in self.counted(of) {
            let whose = self.whose(*contract);
            let mut failed = None;
            each_fact(self.store, *contract, None, self.upto(), |key, document| {
                if failed.is_some() {
                    return;
                }
                let standing = self
                    .moved(&key, document)
                    .and_then(|moved| each(&Standing { key, own: document.day, moved, of: whose }, document));
                failed = standing.err();
            })?;
            if let Some(error) = failed {
                return Err(error);
            }
        }
        Ok(())
    }

    /// When a document moved to where it is: with its shipment, where that came later.
    fn moved(&self, key: &FactKey, document: &Document) -> Result<Option<SequenceNo>, RecordError> {
        let Some(reference) = document.reference.as_ref().filter(|_| key.day != document.day) else {
            return Ok(None);
        };
        let shipment: Option<DocumentRecord> = stored(self.store, &document_key(reference))?;
        let came = shipment.map(|shipment| shipment.posted.position);
        Ok(came.filter(|came| *came > key.position))
    }
}
