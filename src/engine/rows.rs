//! How are rows fetched? By exact keys of the request's own view: pinned where the store holds them, never copied.

use crate::domain::cell::Target;
use crate::domain::ids::ListId;
use crate::matrix::RowError;
use crate::matrix::cells::CellBuffer;
use crate::matrix::directory::RowRef;
use crate::matrix::segment::Segment;
use crate::matrix::walk::Held;
use crate::store::{Cached, Pinned, RowKey, Store};

use super::error::PriceError;
use super::view::View;

/// May a row come from disk?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Only from the block cache, so that one cold row does not stall other carts.
    Cache,
    /// From disk as well.
    Disk,
    /// The same, for those who read whole lists: carts find in the cache what carts read.
    Once,
}

/// Key of a segment.
pub(super) fn key(list: ListId, row: &RowRef, segment: usize) -> RowKey {
    let segment = u16::try_from(segment).unwrap_or(u16::MAX);
    RowKey { publication: row.publication.0, list: list.0, segment }
}

/// Fetches one segment; `None` where it is not in the cache and may not come from disk.
pub(super) fn fetch<'s>(
    store: &'s Store,
    view: &View,
    list: ListId,
    row: &RowRef,
    segment: usize,
    reach: Reach,
) -> Result<Option<Pinned<'s>>, PriceError> {
    let key = key(list, row, segment);
    let found = match reach {
        Reach::Disk => store.row(key)?,
        Reach::Once => store.row_once(key)?,
        Reach::Cache => match store.row_cached(key)? {
            Cached::NotInCache => return Ok(None),
            Cached::Absent => None,
            Cached::Found(pinned) => Some(pinned),
        },
    };
    found.map(Some).ok_or_else(|| corrupt(view, list, row, RowError::Torn))
}

/// A damaged row, named.
pub(super) fn corrupt(view: &View, list: ListId, row: &RowRef, error: RowError) -> PriceError {
    PriceError::Corrupt {
        list: view.catalogue.list(list).map_or_else(|| list.0.to_string(), |list| list.code.clone()),
        publication: row.publication.0,
        error,
    }
}

/// Hands every segment of a list to `each`.
fn each_segment(
    store: &Store,
    view: &View,
    list: ListId,
    each: &mut impl FnMut(&Segment<'_>) -> Result<(), RowError>,
) -> Result<(), PriceError> {
    let Some(row) = view.directory.get(list) else { return Ok(()) };
    for segment in 0..row.segments() {
        let Some(bytes) = fetch(store, view, list, row, segment, Reach::Once)? else { continue };
        let mut walk = || {
            Segment::verify(&bytes)?;
            let epoch = view.epochs.get(&row.epoch).ok_or(RowError::OtherEpoch(row.epoch))?;
            each(&Segment::parse(&bytes, epoch)?)
        };
        walk().map_err(|error| corrupt(view, list, row, error))?;
    }
    Ok(())
}

/// Hands every cell of a list to `each`, segment by segment.
pub(super) fn walk(
    store: &Store,
    view: &View,
    list: ListId,
    each: &mut impl FnMut(Target, &CellBuffer),
) -> Result<(), PriceError> {
    each_segment(store, view, list, &mut |segment| segment.each(each))
}

/// The same for those who can only say that a row is not what was written; plain prices as what they are.
pub(super) fn walk_row(
    store: &Store,
    view: &View,
    list: ListId,
    each: &mut impl FnMut(Target, Held<'_>) -> Result<(), RowError>,
) -> Result<(), RowError> {
    match each_segment(store, view, list, &mut |segment| segment.walk(each)) {
        Ok(()) => Ok(()),
        Err(PriceError::Corrupt { error, .. }) => Err(error),
        Err(_) => Err(RowError::Torn),
    }
}
