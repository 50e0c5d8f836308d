//! How are statements kept, and found again? By number, by contract, by the request's id, and by period.
//!
//! ```text
//! statements:  1 | number u64                            ->  format u8 | postcard of Statement
//!              2 | number u64 | chunk u32                ->  format u8 | postcard of so many EntryDocuments
//!              3 | contract u32 | number u64             ->  nothing
//!              4 | contract u32                          ->  format u8 | its last statement's number
//!              5 | id of the request                     ->  format u8 | postcard of its digest and the number
//!              6 | contract u32 | last u32 | first u32 | agreement's id  ->  format u8 | postcard of Said
//!              7                                         ->  format u8 | the last number
//! ```
//! Numbers are big-endian, days with their sign bit turned.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::domain::day::{CivilDay, Days};
use crate::domain::decimal::Micros;
use crate::domain::ids::{ContractId, SequenceNo};
use crate::engine::error::RecordError;
use crate::engine::records::{damaged, pack, unpack};
use crate::ledger::statement::{EntryDocument, EntryKind, Statement, StatementEntry};
use crate::policy::syntax::Settle;
use crate::store::{Batch, Family, Store};

use super::standing::OfWhom;

/// Documents that are kept together.
pub(super) const CHUNK: usize = 1_000;

/// What the statements of one agreement's period have said so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Said {
    /// What they come to: the entitlement that the last of them told.
    pub(super) sum: Micros,
    /// What of that the supplier bears.
    pub(super) supplier: Micros,
    /// Through which day the last one told.
    pub(super) through: CivilDay,
    /// Which documents it had seen.
    pub(super) position: SequenceNo,
    /// The version of the policy by which it was worked out.
    pub(super) version: u64,
    /// Whose documents count.
    pub(super) of: OfWhom,
    /// The agreement's name, in English and Russian.
    pub(super) name: (String, Option<String>),
    /// As what it is settled.
    pub(super) settle: Settle,
    /// The last statement.
    pub(super) last: u64,
    /// The one that closed the period.
    pub(super) closed_by: Option<u64>,
}

/// A period of an agreement, and what was said of it.
pub(super) type SaidOf = (String, Days, Said);

impl Said {
    /// What has been said once an entry is.
    fn after(entry: &StatementEntry, statement: &Statement) -> Self {
        Self {
            sum: entry.entitlement,
            supplier: entry.supplier,
            through: entry.through,
            position: statement.position,
            version: entry.version,
            of: entry.of.clone(),
            name: (entry.name.clone(), entry.name_ru.clone()),
            settle: entry.settle,
            last: statement.number,
            closed_by: match entry.kind {
                EntryKind::Interim => None,
                EntryKind::Final => Some(statement.number),
                EntryKind::Correction => entry.corrects,
            },
        }
    }
}

const SIGN: u32 = 1 << 31;

fn day_bytes(day: CivilDay) -> [u8; 4] {
    (day.0.cast_unsigned() ^ SIGN).to_be_bytes()
}

fn day_of(bytes: [u8; 4]) -> CivilDay {
    CivilDay((u32::from_be_bytes(bytes) ^ SIGN).cast_signed())
}

fn numbered(kind: u8, number: u64) -> Vec<u8> {
    [&[kind][..], &number.to_be_bytes()].concat()
}

fn chunk_key(number: u64, chunk: u32) -> Vec<u8> {
    [&numbered(2, number)[..], &chunk.to_be_bytes()].concat()
}

fn of_contract(kind: u8, contract: ContractId) -> Vec<u8> {
    [&[kind][..], &contract.0.to_be_bytes()].concat()
}

fn request_key(id: &str) -> Vec<u8> {
    [&[5], id.as_bytes()].concat()
}

fn said_key(contract: ContractId, agreement: &str, period: &Days) -> Vec<u8> {
    let days = [day_bytes(period.last), day_bytes(period.first)].concat();
    [of_contract(6, contract), days, agreement.as_bytes().to_vec()].concat()
}

/// Is what is stored under a key of the statements what the key says?
pub(in crate::engine) fn is_sound(key: &[u8], value: &[u8]) -> bool {
    let Some((kind, rest)) = key.split_first() else { return false };
    match *kind {
        1 => rest.len() == 8 && unpack::<Statement>(value).is_some(),
        2 => rest.len() == 12 && unpack::<Vec<EntryDocument>>(value).is_some(),
        3 => rest.len() == 12 && value.is_empty(),
        4 => rest.len() == 4 && unpack::<u64>(value).is_some(),
        5 => unpack::<(u128, u64)>(value).is_some(),
        6 => rest.get(4..).and_then(period_of).is_some() && unpack::<Said>(value).is_some(),
        7 => rest.is_empty() && unpack::<u64>(value).is_some(),
        _ => false,
    }
}

fn found<T: DeserializeOwned>(store: &Store, key: &[u8]) -> Result<Option<T>, RecordError> {
    match store.get(Family::Statements, key)? {
        None => Ok(None),
        Some(bytes) => unpack(&bytes).map(Some).ok_or_else(|| damaged("of a statement")),
    }
}

/// The number of the last statement; zero where there is none.
pub(super) fn last_number(store: &Store) -> Result<u64, RecordError> {
    Ok(found(store, &[7])?.unwrap_or(0))
}

/// The number of a contract's last statement; zero where it has none.
pub(super) fn last_of(store: &Store, contract: ContractId) -> Result<u64, RecordError> {
    Ok(found(store, &of_contract(4, contract))?.unwrap_or(0))
}

/// What a request's id stands for: its digest, and the statement.
pub(super) fn of_request(store: &Store, id: &str) -> Result<Option<(u128, u64)>, RecordError> {
    found(store, &request_key(id))
}

/// A statement.
pub(super) fn statement(store: &Store, number: u64) -> Result<Option<Statement>, RecordError> {
    found(store, &numbered(1, number))
}

/// Documents of a statement: so many, from a place on.
pub(super) fn documents(
    store: &Store,
    number: u64,
    (from, size): (usize, usize),
) -> Result<Vec<EntryDocument>, RecordError> {
    let mut page = Vec::new();
    let mut chunk = u32::try_from(from / CHUNK).unwrap_or(u32::MAX);
    let mut skip = from % CHUNK;
    while page.len() < size {
        let Some(documents) = found::<Vec<EntryDocument>>(store, &chunk_key(number, chunk))? else { break };
        page.extend(documents.into_iter().skip(skip).take(size - page.len()));
        (skip, chunk) = (0, chunk.saturating_add(1));
    }
    Ok(page)
}

/// Numbers of a contract's statements, the oldest first.
pub(super) fn numbers_of(store: &Store, contract: ContractId) -> Result<Vec<u64>, RecordError> {
    let prefix = of_contract(3, contract);
    let mut scan = store.scan(Family::Statements, &prefix)?;
    let mut numbers = Vec::new();
    while let Some((key, _)) = scan.step()? {
        let number = key.strip_prefix(&prefix[..]).and_then(|rest| rest.try_into().ok());
        numbers.push(u64::from_be_bytes(number.ok_or_else(|| damaged("of a statement"))?));
    }
    Ok(numbers)
}

/// Everything that was said of a contract's periods, those that end first in front.
pub(super) fn said(store: &Store, contract: ContractId) -> Result<Vec<SaidOf>, RecordError> {
    let prefix = of_contract(6, contract);
    let mut scan = store.scan(Family::Statements, &prefix)?;
    let mut all = Vec::new();
    while let Some((key, bytes)) = scan.step()? {
        let said: Option<Said> = unpack(bytes);
        let period = key.strip_prefix(&prefix[..]).and_then(period_of);
        match (period, said) {
            (Some((agreement, period)), Some(said)) => all.push((agreement, period, said)),
            _ => return Err(damaged("of what a statement said")),
        }
    }
    Ok(all)
}

fn period_of(rest: &[u8]) -> Option<(String, Days)> {
    let (last, rest) = rest.split_first_chunk::<4>()?;
    let (first, id) = rest.split_first_chunk::<4>()?;
    let id = std::str::from_utf8(id).ok()?.to_owned();
    Some((id, Days { first: day_of(*first), last: day_of(*last) }))
}

/// Writes a statement, and what has been said with it.
pub(super) fn write(batch: &mut Batch, statement: &Statement, (documents, digest): (&[EntryDocument], u128)) {
    let Statement { number, contract, .. } = *statement;
    let mut put = |key: &[u8], value: &[u8]| batch.put(Family::Statements, key, value);
    put(&numbered(1, number), &pack(statement));
    for (chunk, documents) in (0..).zip(documents.chunks(CHUNK)) {
        put(&chunk_key(number, chunk), &pack(documents));
    }
    put(&[of_contract(3, contract), number.to_be_bytes().to_vec()].concat(), &[]);
    put(&of_contract(4, contract), &pack(&number));
    put(&request_key(&statement.id), &pack(&(digest, number)));
    put(&[7], &pack(&number));
    for entry in &statement.entries {
        let key = said_key(contract, &entry.agreement, &entry.period);
        put(&key, &pack(&Said::after(entry, statement)));
    }
}
