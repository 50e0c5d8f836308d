//! How is a view kept on disk and found again? Pages of records, each under the publication that wrote it.
//!
//! ```text
//! records:   kind u8 | page u32 | publication u64   ->  format u8 | postcard of the page's records
//! directory:           page u32 | publication u64   ->  format u8 | postcard of the page's rows
//! ```
//! A view of publication N is made of the newest version of every page that is not newer than N. A publication also notes
//! which pages it wrote: their older versions go when the publication before it is retired.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::catalogue::{Catalogue, Named};
use crate::domain::ids::{ListId, PublicationNo};
use crate::domain::market::Market;
use crate::domain::paged::PAGE_RECORDS;
use crate::matrix::directory::{RowDirectory, RowRef};
use crate::matrix::epoch::CodecEpoch;
use crate::store::{Batch, Family, Store};

use super::error::RecordError;
use super::policy_of_view;
use super::publication::Manifest;
use super::view::View;

/// Format of every page.
const FORMAT: u8 = 1;

/// What a page holds. The number stands in its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Units = 1,
    Categories = 2,
    Brands = 3,
    Skus = 4,
    Lists = 5,
    Counterparties = 6,
    Contracts = 7,
    Market = 8,
    Epochs = 9,
    Publications = 10,
    Written = 11,
    /// One page a version of the policy, written once: neither superseded nor retired, see `policy::records`.
    Policies = 12,
    /// The files of that version.
    PolicyFiles = 13,
}

/// The kinds that a view is made of.
const OF_A_VIEW: [Kind; 9] = [
    Kind::Units,
    Kind::Categories,
    Kind::Brands,
    Kind::Skus,
    Kind::Lists,
    Kind::Counterparties,
    Kind::Contracts,
    Kind::Market,
    Kind::Epochs,
];

/// The key of a page.
pub(super) fn key(kind: Option<Kind>, page: usize, publication: PublicationNo) -> Vec<u8> {
    let mut key = Vec::with_capacity(13);
    key.extend(kind.map(|kind| kind as u8));
    key.extend(u32::try_from(page).unwrap_or(u32::MAX).to_be_bytes());
    key.extend(publication.0.to_be_bytes());
    key
}

/// Bytes of anything that a page, a log entry or an answer holds.
pub(super) fn pack<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    // Serialising into a vector has no way to fail but running out of memory.
    postcard::to_extend(value, vec![FORMAT]).unwrap_or_default()
}

/// The way back from [`pack`].
pub(super) fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    match bytes.split_first() {
        Some((&FORMAT, rest)) => postcard::from_bytes(rest).ok(),
        _ => None,
    }
}

/// A page of the directory or, with its kind, of records.
pub(super) type PageName = (Option<u8>, u32);

/// Pages that a publication writes.
struct Pages<'b> {
    batch: &'b mut Batch,
    at: PublicationNo,
    written: Vec<PageName>,
}

impl Pages<'_> {
    fn put<T: Serialize + ?Sized>(&mut self, kind: Option<Kind>, page: usize, value: &T) {
        self.batch.put(family_of(kind.is_some()), &key(kind, page, self.at), &pack(value));
        self.written.push((kind.map(|kind| kind as u8), u32::try_from(page).unwrap_or(u32::MAX)));
    }

    fn table<T: Clone + Serialize>(&mut self, kind: Kind, before: &Named<T>, after: &Named<T>) {
        for (page, records) in after.records().changed_since(before.records()) {
            self.put(Some(kind), page, records);
        }
    }
}

/// Where a page is, of records or of the directory.
pub(super) fn family_of(records: bool) -> Family {
    if records { Family::Records } else { Family::Directory }
}

fn page_of(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Adds a publication to a batch: what differs between two views, its manifest, and the names of the pages written.
pub(super) fn write_publication(batch: &mut Batch, before: &View, after: &View, manifest: &Manifest) {
    let mut pages = Pages { batch, at: after.publication, written: Vec::new() };
    let (old, new) = (&before.catalogue, &after.catalogue);
    pages.table(Kind::Units, &old.units, &new.units);
    pages.table(Kind::Categories, &old.categories, &new.categories);
    pages.table(Kind::Brands, &old.brands, &new.brands);
    pages.table(Kind::Skus, &old.skus, &new.skus);
    pages.table(Kind::Lists, &old.lists, &new.lists);
    pages.table(Kind::Counterparties, &old.counterparties, &new.counterparties);
    pages.table(Kind::Contracts, &old.contracts, &new.contracts);
    if !Arc::ptr_eq(&old.market, &new.market) {
        pages.put(Some(Kind::Market), 0, &*new.market);
    }
    for (number, epoch) in after.epochs.iter().filter(|(number, _)| !before.epochs.contains_key(number)) {
        pages.put(Some(Kind::Epochs), page_of(*number), &Some(&**epoch));
    }
    for number in before.epochs.keys().filter(|number| !after.epochs.contains_key(number)) {
        // Its bytes go with the last publication that has rows in it.
        pages.put(Some(Kind::Epochs), page_of(*number), &None::<CodecEpoch>);
    }
    for (page, rows) in after.directory.changed_since(&before.directory) {
        pages.put(None, page, rows);
    }
    let written = pages.written;
    batch.put(Family::Records, &key(Some(Kind::Written), 0, manifest.number), &pack(&written));
    batch.put(Family::Records, &key(Some(Kind::Publications), 0, manifest.number), &pack(manifest));
}

/// Adds the end of a publication to a batch: its manifest goes, and every page that its successor wrote anew. Returns the
/// rows that it named and the successor does not, which nothing names any more.
pub(super) fn write_retirement(
    batch: &mut Batch,
    store: &Store,
    retired: PublicationNo,
    successor: PublicationNo,
) -> Result<Vec<(ListId, RowRef)>, RecordError> {
    batch.delete(Family::Records, &key(Some(Kind::Publications), 0, retired));
    let written_key = key(Some(Kind::Written), 0, successor);
    let written = store.get(Family::Records, &written_key)?;
    let written: Option<Vec<PageName>> = written.and_then(|bytes| unpack(&bytes));
    let mut dead = Vec::new();
    for (kind, page) in written.ok_or_else(|| damaged("of a publication's pages"))? {
        let family = family_of(kind.is_some());
        let stem: Vec<u8> = kind.into_iter().chain(page.to_be_bytes()).collect();
        let Some((number, old)) = store.version_before(family, &stem, successor.0)? else { continue };
        batch.delete(family, &[stem.as_slice(), &number.to_be_bytes()].concat());
        if family == Family::Directory {
            let now = store.get(family, &[stem.as_slice(), &successor.0.to_be_bytes()].concat())?;
            let now = now.ok_or_else(|| damaged("of the directory"))?;
            dead.extend(superseded(page, &old, &now).ok_or_else(|| damaged("of the directory"))?);
        }
    }
    batch.delete(Family::Records, &written_key);
    Ok(dead)
}

/// The rows of a directory page that its next version no longer names.
fn superseded(page: u32, old: &[u8], now: &[u8]) -> Option<Vec<(ListId, RowRef)>> {
    let (old, now): (Vec<Option<RowRef>>, Vec<Option<RowRef>>) = (unpack(old)?, unpack(now)?);
    let first = page.checked_mul(u32::try_from(PAGE_RECORDS).ok()?)?;
    let named = |at: usize| now.get(at).and_then(Option::as_ref).map(|row| row.publication);
    let lists = old.into_iter().enumerate().zip(first..);
    Some(
        lists
            .filter_map(|((at, row), list)| row.map(|row| (at, ListId(list), row)))
            .filter(|(at, _, row)| named(*at) != Some(row.publication))
            .map(|(_, list, row)| (list, row))
            .collect(),
    )
}

/// The manifest of a publication that is retained.
pub(super) fn publication(store: &Store, number: PublicationNo) -> Result<Option<Manifest>, RecordError> {
    match store.get(Family::Records, &key(Some(Kind::Publications), 0, number))? {
        None => Ok(None),
        Some(bytes) => unpack(&bytes).map(Some).ok_or_else(|| damaged("of a publication")),
    }
}

/// Every publication that is retained, the oldest first.
pub(super) fn publications(store: &Store) -> Result<Vec<Manifest>, RecordError> {
    let mut found = Vec::new();
    let mut scan = store.scan_records(&[Kind::Publications as u8])?;
    while let Some((_, bytes)) = scan.step()? {
        found.push(unpack(bytes).ok_or_else(|| damaged("of a publication"))?);
    }
    Ok(found)
}

/// A record that is not what was written.
pub(super) fn damaged(what: &str) -> RecordError {
    RecordError::Damaged { what: what.to_owned() }
}

/// The pages of one publication's view, read once for all tables.
struct StoredPages(BTreeMap<(u8, u32), Vec<u8>>);

impl StoredPages {
    fn read(store: &Store, upto: PublicationNo) -> Result<Self, RecordError> {
        let mut pages = BTreeMap::new();
        let mut read = |kind: Option<Kind>| {
            let prefix: Vec<u8> = kind.map(|kind| kind as u8).into_iter().collect();
            store.each_version(family_of(kind.is_some()), &prefix, upto.0, |stem, bytes| {
                if let Some(page) = stem.get(prefix.len()..).and_then(|page| page.first_chunk::<4>()) {
                    let kind = kind.map_or(0, |kind| kind as u8);
                    pages.insert((kind, u32::from_be_bytes(*page)), bytes.to_vec());
                }
                Ok::<(), RecordError>(())
            })
        };
        OF_A_VIEW.into_iter().try_for_each(|kind| read(Some(kind)))?;
        read(None)?;
        Ok(Self(pages))
    }

    fn of<T: DeserializeOwned>(&self, kind: u8) -> Result<Vec<T>, RecordError> {
        self.0
            .range((kind, 0)..=(kind, u32::MAX))
            .map(|((kind, page), bytes)| {
                unpack(bytes).ok_or_else(|| damaged(&format!("page {page} of kind {kind}")))
            })
            .collect()
    }
}

/// The row directory of a publication.
pub(super) fn directory(store: &Store, number: PublicationNo) -> Result<RowDirectory, RecordError> {
    let mut pages = Vec::new();
    store.each_version(Family::Directory, &[], number.0, |_, bytes| {
        pages.push(unpack(bytes).ok_or_else(|| damaged("of the directory"))?);
        Ok::<(), RecordError>(())
    })?;
    Ok(RowDirectory::from_pages(pages))
}

/// The view of a publication.
pub(super) fn load(store: &Store, manifest: &Manifest) -> Result<View, RecordError> {
    let pages = StoredPages::read(store, manifest.number)?;
    let mut catalogue = Catalogue::default();
    catalogue.units = Named::from_pages(pages.of(Kind::Units as u8)?, |unit| &unit.code);
    catalogue.categories = Named::from_pages(pages.of(Kind::Categories as u8)?, |category| &category.path);
    catalogue.brands = Named::from_pages(pages.of(Kind::Brands as u8)?, |brand| &brand.code);
    catalogue.skus = Named::from_pages(pages.of(Kind::Skus as u8)?, |sku| &sku.code);
    catalogue.lists = Named::from_pages(pages.of(Kind::Lists as u8)?, |list| &list.code);
    catalogue.counterparties = Named::from_pages(pages.of(Kind::Counterparties as u8)?, |party| &party.code);
    catalogue.contracts = Named::from_pages(pages.of(Kind::Contracts as u8)?, |contract| &contract.code);
    catalogue.market = Arc::new(pages.of::<Market>(Kind::Market as u8)?.pop().unwrap_or_default());
    catalogue.refresh_facts(&Catalogue::default());
    let epochs: Vec<Option<CodecEpoch>> = pages.of(Kind::Epochs as u8)?;
    let mut view = View::empty();
    view.publication = manifest.number;
    view.position = manifest.position;
    view.command_time = manifest.committed_at;
    view.data_at = manifest.number;
    view.catalogue = catalogue;
    view.directory = RowDirectory::from_pages(pages.of::<Vec<Option<RowRef>>>(0)?);
    view.epochs =
        Arc::new(epochs.into_iter().flatten().map(|epoch| (epoch.number(), Arc::new(epoch))).collect());
    view.refresh_contracts(&View::empty());
    view.policy = policy_of_view::load(store, &view)?;
    Ok(view)
}
