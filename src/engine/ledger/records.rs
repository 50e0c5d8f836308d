//! How are documents kept, and found again? By contract and day, and by the sender's id.
//!
//! ```text
//! facts:      contract u32 | day u32 | position u64   ->  format u8 | postcard of the document
//! documents:  1 | its id                              ->  format u8 | postcard of DocumentRecord
//!             2 | id of a shipment that is not there  ->  format u8 | ids of the documents that wait for it
//!             3 | id of a document that is parked     ->  format u8 | postcard of Parked
//!             4 | contract u32 | position u64         ->  format u8 | postcard of a plan, its first day and parties
//!             7 | counterparty u32 | contract u32     ->  nothing: documents of the contract name it as payer
//!             8 | counterparty u32 | contract u32     ->  nothing: or as ship-to
//!            20 and 21: points, see `loyalty::book`; 30 to 33: limits, see `limited::records`
//! ```
//! Numbers are big-endian. The day is the one on which the document counts, which is its shipment's where it names one
//! (rule X4), with its sign bit turned so that keys sort as days do.

use serde::{Deserialize, Serialize};

use crate::domain::day::{CivilDay, Days};
use crate::domain::ids::{ContractId, CounterpartyId, SequenceNo};
use crate::engine::error::RecordError;
use crate::engine::records::{damaged, unpack};
use crate::ledger::document::{Document, Parties, Plan};
use crate::ledger::draft::DocumentDraft;
use crate::ledger::whose::Part;
use crate::store::{Family, Store};

use super::report::Posted;

/// Bytes of a fact's key.
pub(in crate::engine) const FACT_KEY_BYTES: usize = 16;

/// What is known of a document that was posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct DocumentRecord {
    /// Of what was sent.
    pub(in crate::engine) digest: u128,
    /// Under which contract.
    pub(in crate::engine) contract: ContractId,
    /// On which day it counts now.
    pub(in crate::engine) counts_on: CivilDay,
    /// Is it a shipment?
    pub(in crate::engine) is_shipment: bool,
    /// The parties that it names.
    pub(in crate::engine) parties: Parties,
    /// What was answered when it came.
    pub(in crate::engine) posted: Posted,
}

/// A document that names what was not known when it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Parked {
    pub(in crate::engine) draft: DocumentDraft,
    /// Of what was sent.
    pub(in crate::engine) digest: u128,
    pub(in crate::engine) position: SequenceNo,
}

/// Where a document stands among facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::engine) struct FactKey {
    pub(in crate::engine) contract: ContractId,
    pub(in crate::engine) day: CivilDay,
    pub(in crate::engine) position: SequenceNo,
}

impl FactKey {
    pub(in crate::engine) fn encode(self) -> [u8; FACT_KEY_BYTES] {
        let mut key = [0; FACT_KEY_BYTES];
        let parts = self.contract.0.to_be_bytes().into_iter().chain(day_bytes(self.day));
        for (byte, part) in key.iter_mut().zip(parts.chain(self.position.0.to_be_bytes())) {
            *byte = part;
        }
        key
    }

    fn decode(key: &[u8]) -> Option<Self> {
        let (contract, rest) = key.split_first_chunk::<4>()?;
        let (day, rest) = rest.split_first_chunk::<4>()?;
        let day = u32::from_be_bytes(*day) ^ SIGN;
        Some(Self {
            contract: ContractId(u32::from_be_bytes(*contract)),
            day: CivilDay(day.cast_signed()),
            position: SequenceNo(u64::from_be_bytes(rest.try_into().ok()?)),
        })
    }
}

const SIGN: u32 = 1 << 31;

fn day_bytes(day: CivilDay) -> [u8; 4] {
    (day.0.cast_unsigned() ^ SIGN).to_be_bytes()
}

/// The key of what is known of a document.
pub(in crate::engine) fn document_key(id: &str) -> Vec<u8> {
    [&[1], id.as_bytes()].concat()
}

/// The key of what waits for a document.
pub(in crate::engine) fn waiting_key(reference: &str) -> Vec<u8> {
    [&[2], reference.as_bytes()].concat()
}

/// The key of a document that is parked.
pub(in crate::engine) fn parked_key(id: &str) -> Vec<u8> {
    [&[3], id.as_bytes()].concat()
}

/// The key of a contract's plan.
pub(in crate::engine) fn plan_key(contract: ContractId, position: SequenceNo) -> Vec<u8> {
    [&plans_prefix(contract)[..], &position.0.to_be_bytes()].concat()
}

fn plans_prefix(contract: ContractId) -> Vec<u8> {
    [&[4], &contract.0.to_be_bytes()[..]].concat()
}

/// A plan, its first day and its parties.
pub(in crate::engine) type FiledPlan = (CivilDay, Plan, Parties);

/// The plans of a contract that had been posted at `upto`.
pub(in crate::engine) fn plans(
    store: &Store,
    contract: ContractId,
    upto: SequenceNo,
) -> Result<Vec<FiledPlan>, RecordError> {
    let mut found = Vec::new();
    let last = plan_key(contract, upto);
    let mut scan = store.scan(Family::Documents, &plans_prefix(contract))?;
    while let Some((key, bytes)) = scan.step()? {
        if key <= last.as_slice() {
            found.push(unpack(bytes).ok_or_else(|| damaged("of a plan"))?);
        }
    }
    Ok(found)
}

/// The key under which it stands that documents of a contract name a counterparty.
pub(in crate::engine) fn party_key(part: Part, party: CounterpartyId, contract: ContractId) -> Vec<u8> {
    [&parties_prefix(part, Some(party))[..], &contract.0.to_be_bytes()].concat()
}

fn parties_prefix(part: Part, party: Option<CounterpartyId>) -> Vec<u8> {
    let kind = match part {
        Part::Payer => 7,
        Part::ShipTo => 8,
    };
    std::iter::once(kind).chain(party.into_iter().flat_map(|party| party.0.to_be_bytes())).collect()
}

/// Hands `each` the counterparties that documents name, or one of them, each with a contract whose documents do.
pub(in crate::engine) fn named_by(
    store: &Store,
    part: Part,
    party: Option<CounterpartyId>,
    mut each: impl FnMut(CounterpartyId, ContractId),
) -> Result<(), RecordError> {
    let mut scan = store.scan(Family::Documents, &parties_prefix(part, party))?;
    while let Some((key, _)) = scan.step()? {
        let pair = key.get(1..).and_then(|rest| rest.split_first_chunk::<4>());
        let pair = pair.and_then(|(party, rest)| Some((party, rest.first_chunk::<4>()?)));
        let (party, contract) = pair.ok_or_else(|| damaged("of a payer or ship-to"))?;
        each(CounterpartyId(u32::from_be_bytes(*party)), ContractId(u32::from_be_bytes(*contract)));
    }
    Ok(())
}

/// What is stored under a key of the documents.
pub(in crate::engine) fn stored<T: serde::de::DeserializeOwned>(
    store: &Store,
    key: &[u8],
) -> Result<Option<T>, RecordError> {
    match store.get(Family::Documents, key)? {
        None => Ok(None),
        Some(bytes) => unpack(&bytes).map(Some).ok_or_else(|| damaged("of a document")),
    }
}

/// A document where it stands.
pub(in crate::engine) fn fact(store: &Store, key: FactKey) -> Result<Option<Document>, RecordError> {
    match store.get(Family::Facts, &key.encode())? {
        None => Ok(None),
        Some(bytes) => unpack(&bytes).map(Some).ok_or_else(|| damaged("of a document")),
    }
}

/// Hands `each` the documents of a contract that count on `days` and had been posted at `upto`.
pub(in crate::engine) fn each_fact(
    store: &Store,
    contract: ContractId,
    days: Option<Days>,
    upto: SequenceNo,
    mut each: impl FnMut(FactKey, &Document),
) -> Result<(), RecordError> {
    let prefix = contract.0.to_be_bytes();
    let from = days.map_or(prefix.to_vec(), |days| [prefix, day_bytes(days.first)].concat());
    let mut scan = store.scan_within(Family::Facts, &prefix, &from)?;
    while let Some((key, bytes)) = scan.step()? {
        let key = FactKey::decode(key).ok_or_else(|| damaged("of a document"))?;
        if days.is_some_and(|days| key.day > days.last) {
            break;
        }
        if key.position <= upto {
            let document: Document = unpack(bytes).ok_or_else(|| damaged("of a document"))?;
            each(key, &document);
        }
    }
    Ok(())
}

/// Every document that is parked.
pub(in crate::engine) fn parked(store: &Store) -> Result<Vec<Parked>, RecordError> {
    let mut found: Vec<Parked> = Vec::new();
    let mut scan = store.scan(Family::Documents, &[3])?;
    while let Some((_, bytes)) = scan.step()? {
        found.push(unpack(bytes).ok_or_else(|| damaged("of a parked document"))?);
    }
    found.sort_by_key(|parked| parked.position);
    Ok(found)
}
