//! Which contracts have documents that name a counterparty as payer or ship-to? What is counted by payer is looked for there, and
//! nowhere else.
//!
//! Kept in the store by counterparty and contract, and in the view in copy-on-write pages. A pair is written once, with the first
//! document that names it; documents that take the parties of their shipment are under its contract and add none.

use std::sync::Arc;

use crate::domain::ids::{ContractId, CounterpartyId};
use crate::domain::paged::Paged;
use crate::engine::error::RecordError;
use crate::ledger::document::Document;
use crate::ledger::whose::Part;
use crate::store::{Batch, Family, Store};

use super::records::{named_by, party_key};

/// Contracts by counterparty, ascending.
type Contracts = Paged<Arc<Vec<ContractId>>>;

/// Contracts by the counterparties that their documents name.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct PartyContracts {
    payers: Contracts,
    ship_tos: Contracts,
}

impl PartyContracts {
    /// What a store holds.
    pub(in crate::engine) fn load(store: &Store) -> Result<Self, RecordError> {
        let mut parties = Self::default();
        for part in Part::ALL {
            named_by(store, part, None, |party, contract| {
                parties.put(part, party, contract);
            })?;
        }
        Ok(parties)
    }

    /// The contracts whose documents name a counterparty.
    pub(in crate::engine) fn of(&self, part: Part, party: CounterpartyId) -> &[ContractId] {
        let contracts = match part {
            Part::Payer => &self.payers,
            Part::ShipTo => &self.ship_tos,
        };
        contracts.get(party.index()).map(|contracts| contracts.as_slice()).unwrap_or_default()
    }

    /// Notes whom a document names; pairs that are new go into the batch. A payment goes where what it pays is.
    pub(in crate::engine) fn note(&mut self, document: &Document, batch: &mut Batch) {
        if !document.allocations.is_empty() {
            return;
        }
        for part in Part::ALL {
            let Some(party) = document.named().of(part) else { continue };
            if self.put(part, party, document.contract) {
                batch.put(Family::Documents, &party_key(part, party, document.contract), &[]);
            }
        }
    }

    /// Puts a pair in; false where it is there.
    fn put(&mut self, part: Part, party: CounterpartyId, contract: ContractId) -> bool {
        let Err(place) = self.of(part, party).binary_search(&contract) else { return false };
        let contracts = match part {
            Part::Payer => &mut self.payers,
            Part::ShipTo => &mut self.ship_tos,
        };
        let nobodys = Arc::default();
        while contracts.len() <= party.index() {
            contracts.push(Arc::clone(&nobodys));
        }
        if let Some(named) = contracts.get_mut(party.index()) {
            Arc::make_mut(named).insert(place, contract);
        }
        true
    }
}
