//! How is a view kept on disk and found again? Pages of records, each under the publication that wrote it.
//!
//! ```text
//! records:   kind u8 | page u32 | publication u64   ->  format u8 | postcard of the page's records
//! directory:           page u32 | publication u64   ->  format u8 | postcard of the page's rows
//! ```
//! A view of publication N is made of the newest version of every page that is not newer than N.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::catalogue::{Catalogue, Named};
use crate::domain::ids::PublicationNo;
use crate::domain::market::Market;
use crate::domain::paged::Paged;
use crate::matrix::directory::{RowDirectory, RowRef};
use crate::matrix::epoch::CodecEpoch;
use crate::store::{Batch, Family, Store};

use super::error::OpenError;
use super::publication::Manifest;
use super::view::View;

/// Format of every page.
const FORMAT: u8 = 1;

/// What a page holds. The number stands in its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
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
}

fn key(kind: Option<Kind>, page: usize, publication: PublicationNo) -> Vec<u8> {
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

/// Adds what differs between two views to a batch.
pub(super) fn write_changes(batch: &mut Batch, before: &View, after: &View) {
    let at = after.publication;
    fn table<T: Clone + Serialize>(
        batch: &mut Batch,
        kind: Kind,
        at: PublicationNo,
        before: &Named<T>,
        after: &Named<T>,
    ) {
        pages(batch, kind, at, before.records(), after.records());
    }
    fn pages<T: Clone + Serialize>(
        batch: &mut Batch,
        kind: Kind,
        at: PublicationNo,
        before: &Paged<T>,
        after: &Paged<T>,
    ) {
        for (page, records) in after.changed_since(before) {
            batch.put(Family::Records, &key(Some(kind), page, at), &pack(records));
        }
    }
    let (old, new) = (&before.catalogue, &after.catalogue);
    table(batch, Kind::Units, at, &old.units, &new.units);
    table(batch, Kind::Categories, at, &old.categories, &new.categories);
    table(batch, Kind::Brands, at, &old.brands, &new.brands);
    table(batch, Kind::Skus, at, &old.skus, &new.skus);
    table(batch, Kind::Lists, at, &old.lists, &new.lists);
    table(batch, Kind::Counterparties, at, &old.counterparties, &new.counterparties);
    table(batch, Kind::Contracts, at, &old.contracts, &new.contracts);
    if !Arc::ptr_eq(&old.market, &new.market) {
        batch.put(Family::Records, &key(Some(Kind::Market), 0, at), &pack(&*new.market));
    }
    for (number, epoch) in after.epochs.iter().filter(|(number, _)| !before.epochs.contains_key(number)) {
        let page = usize::try_from(*number).unwrap_or(usize::MAX);
        batch.put(Family::Records, &key(Some(Kind::Epochs), page, at), &pack(&**epoch));
    }
    for (page, rows) in after.directory.changed_since(&before.directory) {
        batch.put(Family::Directory, &key(None, page, at), &pack(rows));
    }
}

/// Adds the record of a publication.
pub(super) fn write_publication(batch: &mut Batch, manifest: &Manifest) {
    let key = key(Some(Kind::Publications), 0, manifest.number);
    batch.put(Family::Records, &key, &pack(manifest));
}

/// Every publication that is retained, the oldest first.
pub(super) fn publications(store: &Store) -> Result<Vec<Manifest>, OpenError> {
    let mut found = Vec::new();
    let mut scan = store.scan_records(&[Kind::Publications as u8])?;
    while let Some((_, bytes)) = scan.step()? {
        found.push(unpack(bytes).ok_or_else(|| damaged("of a publication"))?);
    }
    Ok(found)
}

fn damaged(what: &str) -> OpenError {
    OpenError::Damaged { what: what.to_owned() }
}

/// The newest version of every page up to a publication, read once for all tables.
struct Pages(BTreeMap<(u8, u32), Vec<u8>>);

impl Pages {
    fn read(store: &Store, upto: PublicationNo) -> Result<Self, OpenError> {
        let mut pages = BTreeMap::new();
        for family in [Family::Records, Family::Directory] {
            let mut scan = store.scan(family, &[])?;
            while let Some((key, bytes)) = scan.step()? {
                let (kind, rest) = match (family, key.split_first()) {
                    (Family::Directory, _) => (0, key),
                    (_, Some((kind, rest))) => (*kind, rest),
                    _ => continue,
                };
                let Some((page, publication)) = rest.split_first_chunk::<4>() else { continue };
                let Some(publication) = publication.first_chunk::<8>() else { continue };
                if kind != Kind::Publications as u8 && u64::from_be_bytes(*publication) <= upto.0 {
                    // Versions of a page come in ascending order: the last one stays.
                    pages.insert((kind, u32::from_be_bytes(*page)), bytes.to_vec());
                }
            }
        }
        Ok(Self(pages))
    }

    fn of<T: DeserializeOwned>(&self, kind: u8) -> Result<Vec<T>, OpenError> {
        self.0
            .range((kind, 0)..=(kind, u32::MAX))
            .map(|((kind, page), bytes)| {
                unpack(bytes).ok_or_else(|| damaged(&format!("page {page} of kind {kind}")))
            })
            .collect()
    }
}

/// The view of a publication.
pub(super) fn load(store: &Store, manifest: &Manifest) -> Result<View, OpenError> {
    let pages = Pages::read(store, manifest.number)?;
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
    let epochs: Vec<CodecEpoch> = pages.of(Kind::Epochs as u8)?;
    let mut view = View::empty();
    view.publication = manifest.number;
    view.position = manifest.position;
    view.command_time = manifest.committed_at;
    view.catalogue = catalogue;
    view.directory = RowDirectory::from_pages(pages.of::<Vec<Option<RowRef>>>(0)?);
    view.epochs = Arc::new(epochs.into_iter().map(|epoch| (epoch.number(), Arc::new(epoch))).collect());
    view.refresh_zones();
    Ok(view)
}
