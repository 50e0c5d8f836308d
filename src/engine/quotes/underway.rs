//! What was accepted and has not been shipped yet? Of each quote its accepted parts, and what the documents that follow it shipped.
//!
//! The two come in either order, and both are kept by contract: what documents of another contract say of a quote is not of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::catalogue::Catalogue;
use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;
use crate::domain::ids::{ContractId, SkuId};
use crate::engine::error::RecordError;
use crate::engine::records::{damaged, pack, unpack};
use crate::ledger::document::Document;
use crate::quotes::content::Content;
use crate::quotes::event::Part;
use crate::quotes::number::QuoteNo;
use crate::store::{Batch, Family, Store};

use super::records::found;

/// A contract's quote.
type Place = (ContractId, QuoteNo);

/// What was accepted of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct TakenLine {
    /// Its goods; none, which no measure counts, where the catalogue did not know them.
    pub(in crate::engine) sku: Option<SkuId>,
    /// Net amount, without tax.
    pub(in crate::engine) net: Micros,
}

/// What was accepted of a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Taken {
    pub(in crate::engine) currency: Currency,
    /// The channel by which it was asked for; may be empty.
    pub(in crate::engine) channel: String,
    /// By the position of the line.
    pub(in crate::engine) lines: BTreeMap<u32, TakenLine>,
}

impl Taken {
    fn none(content: &Content) -> Self {
        let channel = content.asked.cart.circumstances.channel.clone();
        Self { currency: content.currency, channel, lines: BTreeMap::new() }
    }

    fn add(&mut self, content: &Content, parts: &[Part], catalogue: &Catalogue) {
        for Part { line, amount, .. } in parts {
            let asked = usize::try_from(*line).ok().and_then(|at| content.asked.cart.lines.get(at));
            let sku = asked.and_then(|asked| catalogue.skus.by_code(&asked.sku)).map(|sku| sku.id);
            let none = TakenLine { sku, net: Micros::ZERO };
            let of = self.lines.entry(*line).or_insert(none);
            // Together they are at most what was quoted.
            of.net = Micros(of.net.0.saturating_add(amount.0));
        }
    }

    fn net(&self) -> i128 {
        self.lines.values().map(|line| i128::from(line.net.0)).sum()
    }
}

/// What was accepted of a quote, and what was shipped: without its lines, since every document writes it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(in crate::engine) struct Underway {
    /// Net amount of the accepted parts, millionths, and its currency; none before anything is accepted.
    pub(in crate::engine) accepted: Option<(Currency, i128)>,
    /// Net amounts of the documents that follow it, millionths, by their currency.
    shipped: BTreeMap<Currency, i128>,
}

impl Underway {
    /// Net amount of the documents, in the quote's currency, millionths.
    pub(in crate::engine) fn shipped(&self) -> i128 {
        self.accepted.and_then(|(currency, _)| self.shipped.get(&currency)).copied().unwrap_or(0)
    }

    /// What is still to be shipped, millionths: nothing where more was shipped than accepted.
    pub(in crate::engine) fn open(&self) -> i128 {
        self.accepted.map_or(0, |(_, accepted)| (accepted - self.shipped()).max(0))
    }
}

/// What the commands of one group wrote, which the store does not have yet.
#[derive(Clone, Default)]
pub(in crate::engine) struct UnderwayDesk {
    quotes: BTreeMap<Place, Underway>,
    taken: BTreeMap<Place, Taken>,
}

impl UnderwayDesk {
    /// The group was committed, or it was not: either way the store says what there is.
    pub(in crate::engine) fn ended(&mut self) {
        self.quotes.clear();
        self.taken.clear();
    }

    /// Counts parts that were accepted.
    pub(super) fn accept(
        &mut self,
        (store, catalogue): (&Store, &Catalogue),
        place: Place,
        (content, parts): (&Content, &[Part]),
        batch: &mut Batch,
    ) -> Result<(), RecordError> {
        let mut of = match self.taken.get(&place) {
            Some(known) => known.clone(),
            None => taken(store, place)?.unwrap_or_else(|| Taken::none(content)),
        };
        of.add(content, parts, catalogue);
        batch.put(Family::Quotes, &taken_key(place), &pack(&of));
        let accepted = Some((of.currency, of.net()));
        self.taken.insert(place, of);
        self.change(store, place, batch, |of| of.accepted = accepted)
    }

    /// Counts a document that follows a quote: what comes back is taken off.
    pub(in crate::engine) fn ship(
        &mut self,
        store: &Store,
        document: &Document,
        batch: &mut Batch,
    ) -> Result<(), RecordError> {
        let Some(Ok(number)) = document.quote.as_deref().map(QuoteNo::parse) else { return Ok(()) };
        let sum: i128 = document.lines.iter().map(|line| i128::from(line.net_amount.0)).sum();
        if sum == 0 {
            return Ok(());
        }
        let net = if document.kind.takes_back() { -sum } else { sum };
        self.change(store, (document.contract, number), batch, |of| {
            *of.shipped.entry(document.currency).or_default() += net;
        })
    }

    /// A quote stands either among those that are open or among the others.
    fn change(
        &mut self,
        store: &Store,
        place: Place,
        batch: &mut Batch,
        change: impl FnOnce(&mut Underway),
    ) -> Result<(), RecordError> {
        let mut of = match self.quotes.get(&place) {
            Some(known) => known.clone(),
            None => underway(store, place)?.unwrap_or_default(),
        };
        change(&mut of);
        let is_open = of.open() > 0;
        batch.delete(Family::Quotes, &underway_key(!is_open, place));
        batch.put(Family::Quotes, &underway_key(is_open, place), &pack(&of));
        self.quotes.insert(place, of);
        Ok(())
    }
}

/// Where it stands what was accepted of a contract's quote, and shipped.
fn underway_key(is_open: bool, (contract, number): Place) -> Vec<u8> {
    of_contract(if is_open { 11 } else { 12 }, contract, number)
}

/// Where the accepted lines of a contract's quote stand.
fn taken_key((contract, number): Place) -> Vec<u8> {
    of_contract(13, contract, number)
}

fn of_contract(kind: u8, contract: ContractId, number: QuoteNo) -> Vec<u8> {
    [&[kind], &contract.0.to_be_bytes()[..], &number.0.to_be_bytes()].concat()
}

/// The accepted lines of a contract's quote.
pub(in crate::engine) fn taken(store: &Store, place: Place) -> Result<Option<Taken>, RecordError> {
    found(store, &taken_key(place))
}

/// What was accepted of a contract's quote, and shipped.
fn underway(store: &Store, place: Place) -> Result<Option<Underway>, RecordError> {
    match found(store, &underway_key(true, place))? {
        Some(open) => Ok(Some(open)),
        None => found(store, &underway_key(false, place)),
    }
}

/// Hands `each` the quotes of a contract of which something accepted is still to be shipped, the newest first.
pub(in crate::engine) fn each_underway(
    store: &Store,
    contract: ContractId,
    mut each: impl FnMut(QuoteNo, Underway),
) -> Result<(), RecordError> {
    let prefix = [&[11], &contract.0.to_be_bytes()[..]].concat();
    let mut scan = store.scan_down(Family::Quotes, &prefix, &of_contract(11, contract, QuoteNo(u64::MAX)))?;
    while let Some((key, bytes)) = scan.step()? {
        let number = key.get(prefix.len()..).and_then(|rest| rest.try_into().ok()).map(u64::from_be_bytes);
        let open = number.zip(unpack(bytes));
        let (number, open) = open.ok_or_else(|| damaged("of what is to be shipped of a quote"))?;
        each(QuoteNo(number), open);
    }
    Ok(())
}
