//! How are rows kept that many contracts share? Read once, held against their checksums, and kept in memory within a
//! bound, with the plain prices of a dense row laid out by SKU, so that one is a single load away.

use std::sync::Arc;

use moka::sync::Cache;

use crate::domain::ids::ListId;
use crate::matrix::RowError;
use crate::matrix::directory::RowRef;
use crate::matrix::epoch::CodecEpoch;
use crate::matrix::segment::{Found, Segment};
use crate::store::Store;

use super::counts::Counts;
use super::error::PriceError;
use super::rows::{Reach, corrupt, fetch};
use super::view::View;

/// A row is laid out by SKU where at least one SKU in so many is in it.
const DENSE_ONE_IN: usize = 8;
/// The SKU is not in the row.
const ABSENT: i64 = -1;
/// Its cells have to be decoded.
const PACKED: i64 = -2;
/// What an entry takes beside its bytes.
const ENTRY_BYTES: usize = 256;

/// A row in memory.
pub(super) struct SharedRow {
    segments: Vec<Box<[u8]>>,
    /// Prices in millionths by SKU number; empty where the row is not dense.
    plain: Box<[i64]>,
}

/// What the layout by SKU says.
pub(super) enum Laid {
    /// Everything.
    Known(Option<Found<'static>>),
    /// The segments have to be asked.
    Packed,
}

impl SharedRow {
    fn load(store: &Store, view: &View, list: ListId, row: &RowRef) -> Result<Self, PriceError> {
        let mut segments = Vec::with_capacity(row.segments());
        for number in 0..row.segments() {
            if let Some(bytes) = fetch(store, view, list, row, number, Reach::Disk)? {
                Segment::verify(&bytes).map_err(|error| corrupt(view, list, row, error))?;
                segments.push(bytes.to_vec().into_boxed_slice());
            }
        }
        let mut loaded = Self { segments, plain: Box::default() };
        let epoch = view.epochs.get(&row.epoch);
        let epoch = epoch.ok_or_else(|| corrupt(view, list, row, RowError::OtherEpoch(row.epoch)))?;
        loaded.plain = loaded
            .lay_out(epoch, view.catalogue.skus.len())
            .map_err(|error| corrupt(view, list, row, error))?;
        Ok(loaded)
    }

    fn lay_out(&self, epoch: &CodecEpoch, skus: usize) -> Result<Box<[i64]>, RowError> {
        let mut present = 0_usize;
        for bytes in &self.segments {
            present += usize::try_from(Segment::parse(bytes, epoch)?.skus()?).unwrap_or(0);
        }
        if present.saturating_mul(DENSE_ONE_IN) < skus {
            return Ok(Box::default());
        }
        let mut plain = vec![ABSENT; skus];
        for bytes in &self.segments {
            Segment::parse(bytes, epoch)?.each_found(&mut |sku, found| {
                if let Some(slot) = usize::try_from(sku.0).ok().and_then(|sku| plain.get_mut(sku)) {
                    *slot = match found {
                        Found::Plain(price) => price.0,
                        Found::Cells(_) => PACKED,
                    };
                }
                Ok(())
            })?;
        }
        Ok(plain.into_boxed_slice())
    }

    /// The bytes of a segment.
    pub(super) fn segment(&self, number: usize) -> Option<&[u8]> {
        self.segments.get(number).map(AsRef::as_ref)
    }

    /// What the layout by SKU says of a SKU.
    #[inline]
    pub(super) fn laid(&self, sku: u32) -> Laid {
        if self.plain.is_empty() {
            return Laid::Packed;
        }
        match usize::try_from(sku).ok().and_then(|sku| self.plain.get(sku)) {
            None | Some(&ABSENT) => Laid::Known(None),
            Some(&PACKED) => Laid::Packed,
            Some(price) => Laid::Known(Some(Found::Plain(crate::domain::decimal::Micros(*price)))),
        }
    }

    /// Reads the prices of SKUs, so that the processor has them near.
    pub(super) fn approach(&self, skus: &[u32]) {
        let price =
            |sku: &u32| usize::try_from(*sku).ok().and_then(|sku| self.plain.get(sku)).copied().unwrap_or(0);
        std::hint::black_box(skus.iter().map(price).fold(0, |sum, price| sum ^ price));
    }

    fn weight(&self) -> u32 {
        let bytes: usize = self.segments.iter().map(|segment| segment.len()).sum();
        let weight = bytes.saturating_add(self.plain.len().saturating_mul(8)).saturating_add(ENTRY_BYTES);
        u32::try_from(weight).unwrap_or(u32::MAX)
    }
}

/// Rows in memory, by the publication that wrote them and their list: immutable, so never invalid.
pub(super) struct SharedRows {
    rows: Cache<(u64, u32), Arc<SharedRow>>,
    counts: Arc<Counts>,
}

impl SharedRows {
    /// Keeps at most so many bytes.
    pub(super) fn new(most_bytes: u64, counts: Arc<Counts>) -> Self {
        let weight = |_: &(u64, u32), row: &Arc<SharedRow>| row.weight();
        Self { rows: Cache::builder().max_capacity(most_bytes).weigher(weight).build(), counts }
    }

    /// How many there are, and their bytes, as of the last time that was reckoned.
    pub(super) fn held(&self) -> (u64, u64) {
        (self.rows.entry_count(), self.rows.weighted_size())
    }

    /// The row of a list; `None` where it is not in memory and may not be read from disk.
    pub(super) fn get(
        &self,
        store: &Store,
        view: &View,
        (list, row): (ListId, &RowRef),
        reach: Reach,
    ) -> Result<Option<Arc<SharedRow>>, PriceError> {
        let key = (row.publication.0, list.0);
        if let Some(found) = self.rows.get(&key) {
            self.counts.shared_rows_hits.add(1);
            return Ok(Some(found));
        }
        if reach == Reach::Cache {
            return Ok(None);
        }
        let load = || {
            self.counts.shared_rows_misses.add(1);
            SharedRow::load(store, view, list, row).map(Arc::new)
        };
        // Those who want the same row meanwhile wait for it. Why it could not be had, each finds for itself.
        match self.rows.try_get_with(key, load) {
            Ok(loaded) => Ok(Some(loaded)),
            Err(_) => load().map(Some),
        }
    }

    /// Is the row of a list in memory?
    pub(super) fn holds(&self, list: ListId, row: &RowRef) -> bool {
        self.rows.contains_key(&(row.publication.0, list.0))
    }
}
