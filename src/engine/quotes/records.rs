//! How are quotes kept, and found again? By number, and by what people look for.
//!
//! ```text
//! quotes:  1 | number u64                              ->  format u8 | postcard of Head
//!          2 | number u64 | revision u32               ->  format u8 | postcard of Content
//!          3 | number u64 | event u32                  ->  format u8 | postcard of Event
//!          4 | id of the request                       ->  format u8 | postcard of Known
//!          5 | expires at u64 | number u64             ->  nothing, of open quotes
//!          6 | contract u32 | number u64               ->  nothing
//!          7 | state u8 | number u64                   ->  nothing
//!          8 | customer's reference | 0 | number u64   ->  nothing, of the newest revision's
//!          9                                           ->  format u8 | the last number
//!          10 | position u64                           ->  format u8 | number and event that stand there in the log
//!          11 | contract u32 | number u64              ->  format u8 | postcard of Underway, of which some is to be shipped
//!          12 | contract u32 | number u64              ->  format u8 | postcard of Underway, of the others
//!          13 | contract u32 | number u64              ->  format u8 | postcard of Taken
//! ```
//! The last three are written by `underway`. Numbers are big-endian; an instant has its sign bit turned, so that keys sort as time does.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::domain::ids::{ContractId, SequenceNo};
use crate::domain::time::Instant;
use crate::engine::error::RecordError;
use crate::engine::records::{damaged, pack, unpack};
use crate::quotes::content::Content;
use crate::quotes::event::{Change, Event, Head};
use crate::quotes::life::{Act, State};
use crate::quotes::number::QuoteNo;
use crate::store::{Batch, Family, Store};

use super::underway::{Taken, Underway};

/// What a request asked for, so that the same is known again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) enum Asked {
    /// A quote, or another revision of one: what was asked stands in the revision.
    Revision,
    /// Something to be done, of which revision where that was said, and why.
    Act(Act, Option<u32>, String),
}

/// What is known of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Known {
    pub(in crate::engine) asked: Asked,
    /// Of which quote.
    pub(in crate::engine) quote: QuoteNo,
    /// Of which revision, or which revision was made.
    pub(in crate::engine) revision: u32,
    /// The event that came of it.
    pub(in crate::engine) event: u32,
    /// Was a quote named, and not made?
    pub(in crate::engine) names_quote: bool,
}

/// A change of a quote, as the command log says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteChange {
    /// What happened.
    pub event: Event,
    /// Where the quote stands since.
    pub head: Head,
    /// The revision that was made, where one was. The log names it by the event, and it is kept once, beside the log: whoever
    /// reads an entry takes it from there.
    #[serde(skip)]
    pub content: Option<Arc<Content>>,
    /// The caller's id of the request, and what was asked under it.
    pub(in crate::engine) request: Option<(String, Known)>,
}

impl QuoteChange {
    /// Takes the revision that was made from the store whose log has the change.
    pub(in crate::engine) fn with_content(&mut self, store: &Store) -> Result<(), RecordError> {
        if matches!(self.event.change, Change::Created | Change::Revised) {
            let made = content(store, self.event.quote, self.event.revision)?;
            self.content = Some(Arc::new(made.ok_or_else(|| damaged("of a quote's revision"))?));
        }
        Ok(())
    }
}

/// An index by which quotes are found, as the beginning of its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engine) struct Index(Vec<u8>);

impl Index {
    /// Every quote.
    pub(in crate::engine) fn all() -> Self {
        Self(vec![1])
    }

    pub(in crate::engine) fn of_contract(contract: ContractId) -> Self {
        Self([&[6], &contract.0.to_be_bytes()[..]].concat())
    }

    pub(in crate::engine) fn of_state(state: State) -> Self {
        Self(vec![7, state as u8])
    }

    pub(in crate::engine) fn of_reference(reference: &str) -> Self {
        Self([&[8], reference.as_bytes(), &[0]].concat())
    }

    fn key(&self, number: QuoteNo) -> Vec<u8> {
        [&self.0[..], &number.0.to_be_bytes()].concat()
    }

    /// Hands `each` the quotes of the index below `before`, the newest first, until it wants no more.
    pub(in crate::engine) fn each_down(
        &self,
        store: &Store,
        before: Option<QuoteNo>,
        mut each: impl FnMut(QuoteNo) -> Result<bool, RecordError>,
    ) -> Result<(), RecordError> {
        let from = self.key(before.unwrap_or(QuoteNo(u64::MAX)));
        let mut scan = store.scan_down(Family::Quotes, &self.0, &from)?;
        while let Some((key, _)) = scan.step()? {
            let number = key.get(self.0.len()..).and_then(|rest| rest.try_into().ok());
            let number = number.map(u64::from_be_bytes).ok_or_else(|| damaged("of a quote's index"))?;
            if !each(QuoteNo(number))? {
                break;
            }
        }
        Ok(())
    }
}

const SIGN: u64 = 1 << 63;

fn expiry_key(at: Instant, number: QuoteNo) -> Vec<u8> {
    [&[5], &(at.0.cast_unsigned() ^ SIGN).to_be_bytes()[..], &number.0.to_be_bytes()].concat()
}

fn numbered(kind: u8, number: QuoteNo) -> Vec<u8> {
    [&[kind], &number.0.to_be_bytes()[..]].concat()
}

fn within(kind: u8, number: QuoteNo, place: u32) -> Vec<u8> {
    [&numbered(kind, number)[..], &place.to_be_bytes()].concat()
}

fn request_key(id: &str) -> Vec<u8> {
    [&[4], id.as_bytes()].concat()
}

/// Is what is stored under a key of the quotes what the key says?
pub(in crate::engine) fn is_sound(key: &[u8], value: &[u8]) -> bool {
    let Some((kind, rest)) = key.split_first() else { return false };
    match *kind {
        1 => rest.len() == 8 && unpack::<Head>(value).is_some(),
        2 => rest.len() == 12 && unpack::<Content>(value).is_some(),
        3 => rest.len() == 12 && unpack::<Event>(value).is_some(),
        4 => unpack::<Known>(value).is_some(),
        5 => rest.len() == 16 && value.is_empty(),
        6 => rest.len() == 12 && value.is_empty(),
        7 => rest.len() == 9 && value.is_empty(),
        8 => rest.len() > 8 && value.is_empty(),
        9 => rest.is_empty() && unpack::<u64>(value).is_some(),
        10 => rest.len() == 8 && unpack::<(QuoteNo, u32)>(value).is_some(),
        11 | 12 => rest.len() == 12 && unpack::<Underway>(value).is_some(),
        13 => rest.len() == 12 && unpack::<Taken>(value).is_some(),
        _ => false,
    }
}

pub(super) fn found<T: DeserializeOwned>(store: &Store, key: &[u8]) -> Result<Option<T>, RecordError> {
    match store.get(Family::Quotes, key)? {
        None => Ok(None),
        Some(bytes) => unpack(&bytes).map(Some).ok_or_else(|| damaged("of a quote")),
    }
}

/// The number of the last quote; zero where there is none.
pub(in crate::engine) fn last_number(store: &Store) -> Result<u64, RecordError> {
    Ok(found(store, &[9])?.unwrap_or(0))
}

/// Where a quote stands.
pub(in crate::engine) fn head(store: &Store, number: QuoteNo) -> Result<Option<Head>, RecordError> {
    found(store, &numbered(1, number))
}

/// A revision of a quote.
pub(in crate::engine) fn content(
    store: &Store,
    number: QuoteNo,
    revision: u32,
) -> Result<Option<Content>, RecordError> {
    found(store, &within(2, number, revision))
}

/// One of a quote's events.
pub(in crate::engine) fn event(
    store: &Store,
    number: QuoteNo,
    place: u32,
) -> Result<Option<Event>, RecordError> {
    found(store, &within(3, number, place))
}

/// All events of a quote, in order.
pub(in crate::engine) fn events(store: &Store, number: QuoteNo) -> Result<Vec<Event>, RecordError> {
    let mut events = Vec::new();
    let mut scan = store.scan(Family::Quotes, &numbered(3, number))?;
    while let Some((_, bytes)) = scan.step()? {
        events.push(unpack(bytes).ok_or_else(|| damaged("of a quote's event"))?);
    }
    Ok(events)
}

/// Events behind a position of the log, in order: at most so many.
pub(in crate::engine) fn events_after(
    store: &Store,
    after: SequenceNo,
    most: usize,
) -> Result<Vec<Event>, RecordError> {
    let mut places: Vec<(QuoteNo, u32)> = Vec::new();
    let from = numbered(10, QuoteNo(after.0.saturating_add(1)));
    let mut scan = store.scan_within(Family::Quotes, &[10], &from)?;
    while places.len() < most
        && let Some((_, bytes)) = scan.step()?
    {
        places.push(unpack(bytes).ok_or_else(|| damaged("of the events of quotes"))?);
    }
    let found = places
        .into_iter()
        .map(|(number, place)| event(store, number, place)?.ok_or_else(|| damaged("of a quote's event")));
    found.collect()
}

/// What is known of a request.
pub(in crate::engine) fn request(store: &Store, id: &str) -> Result<Option<Known>, RecordError> {
    found(store, &request_key(id))
}

/// The open quotes that expire first, from an instant on: at most so many, with theirs. Keys before it were mostly deleted, and
/// are not walked over again.
pub(in crate::engine) fn expiring(
    store: &Store,
    from: Instant,
    most: usize,
) -> Result<Vec<(Instant, QuoteNo)>, RecordError> {
    let mut found = Vec::new();
    let mut scan = store.scan_within(Family::Quotes, &[5], &expiry_key(from, QuoteNo(0)))?;
    while found.len() < most
        && let Some((key, _)) = scan.step()?
    {
        let mut parts = key.get(1..).unwrap_or_default().chunks_exact(8).map(<[u8; 8]>::try_from);
        let mut next = || parts.next().and_then(Result::ok).map(u64::from_be_bytes);
        let (Some(at), Some(number)) = (next(), next()) else {
            return Err(damaged("of the quotes that expire"));
        };
        found.push((Instant((at ^ SIGN).cast_signed()), QuoteNo(number)));
    }
    Ok(found)
}

/// Adds a change to a batch; `before` is where the quote stood.
pub(in crate::engine) fn write(batch: &mut Batch, change: &QuoteChange, before: Option<&Head>) {
    let QuoteChange { event, head, content, request } = change;
    let number = head.number;
    let mut put = |key: &[u8], value: &[u8]| batch.put(Family::Quotes, key, value);
    put(&numbered(1, number), &pack(head));
    put(&within(3, number, event.number), &pack(event));
    if let Some(content) = content {
        put(&within(2, number, event.revision), &pack(&**content));
    }
    if let Some((id, known)) = request {
        put(&request_key(id), &pack(known));
    }
    put(&numbered(10, QuoteNo(event.position.0)), &pack(&(number, event.number)));
    if before.is_none() {
        put(&[9], &pack(&number.0));
    }
    let old = before.map(keys).unwrap_or_default();
    let new = keys(head);
    new.iter().filter(|key| !old.contains(key)).for_each(|key| put(key, &[]));
    old.iter().filter(|key| !new.contains(key)).for_each(|key| batch.delete(Family::Quotes, key));
}

/// The keys of the indexes that a quote stands in.
fn keys(head: &Head) -> Vec<Vec<u8>> {
    let mut keys = vec![
        Index::of_contract(head.contract).key(head.number),
        Index::of_state(head.state).key(head.number),
    ];
    if !head.customer_reference.is_empty() {
        keys.push(Index::of_reference(&head.customer_reference).key(head.number));
    }
    if head.state.is_open() {
        keys.push(expiry_key(head.expires_at, head.number));
    }
    keys
}
