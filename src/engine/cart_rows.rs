//! Where do the rows of one request come from? Lists of one contract are pinned in the block cache, lists that many share
//! lie in memory; either is fetched, and its header read, when a line first asks for it.
//!
//! [`Pins`] owns what was fetched and [`CartRows`] borrows it, so that both live on the request's stack. A row that can't
//! be had ends the request: what was wrong is kept here, since pricing has no words for it.

use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

use crate::domain::ids::ListId;
use crate::matrix::RowError;
use crate::matrix::directory::RowRef;
use crate::matrix::epoch::CodecEpoch;
use crate::matrix::segment::{Found, Segment};
use crate::pricing::rows::{RowSource, Unavailable};
use crate::store::Pinned;

use super::Engine;
use super::error::PriceError;
use super::rows::{Reach, corrupt, fetch};
use super::shared_rows::{Laid, SharedRow};
use super::view::View;

/// A list that a request may ask.
struct Asked<'s> {
    list: ListId,
    row: &'s RowRef,
    epoch: &'s CodecEpoch,
    shared: bool,
    /// Its first segment in the vectors of segments.
    first: usize,
}

/// What was fetched for a request.
pub(super) struct Pins<'s> {
    view: &'s View,
    asked: Vec<Asked<'s>>,
    segments: Vec<OnceCell<Pinned<'s>>>,
    shared: Vec<OnceCell<Arc<SharedRow>>>,
}

impl<'s> Pins<'s> {
    /// Nothing is fetched yet of these lists.
    pub(super) fn new(view: &'s View, lists: &[ListId]) -> Result<Self, PriceError> {
        let mut asked = Vec::with_capacity(lists.len());
        let mut segments = 0;
        for list in lists {
            let Some(row) = view.directory.get(*list) else { continue };
            let epoch = view.epochs.get(&row.epoch);
            let epoch = epoch.ok_or_else(|| corrupt(view, *list, row, RowError::OtherEpoch(row.epoch)))?;
            asked.push(Asked { list: *list, row, epoch, shared: view.is_shared(*list), first: segments });
            segments += row.segments();
        }
        let shared = asked.iter().map(|_| OnceCell::new()).collect();
        Ok(Self { view, asked, segments: (0..segments).map(|_| OnceCell::new()).collect(), shared })
    }
}

/// The rows of one request, fetched as they are asked for.
pub(super) struct CartRows<'p, 's> {
    engine: &'s Engine,
    pins: &'p Pins<'s>,
    parsed: Vec<OnceCell<Segment<'p>>>,
    reach: Reach,
    failure: RefCell<Option<PriceError>>,
}

impl<'p, 's> CartRows<'p, 's> {
    /// Over pins of the same engine's view.
    pub(super) fn new(engine: &'s Engine, pins: &'p Pins<'s>, reach: Reach) -> Self {
        let parsed = pins.segments.iter().map(|_| OnceCell::new()).collect();
        Self { engine, pins, parsed, reach, failure: RefCell::new(None) }
    }

    /// Why a row was unavailable: `None` where it only was not in memory.
    pub(super) fn failure(self) -> Option<PriceError> {
        self.failure.into_inner()
    }

    /// What a damaged row of this request is called.
    pub(super) fn corrupt(&self, list: ListId, error: RowError) -> PriceError {
        match self.pins.asked.iter().find(|asked| asked.list == list) {
            Some(asked) => corrupt(self.pins.view, list, asked.row, error),
            None => PriceError::Corrupt { list: list.0.to_string(), publication: 0, error },
        }
    }

    fn fail(&self, error: PriceError) -> Unavailable {
        self.failure.borrow_mut().get_or_insert(error);
        Unavailable
    }

    fn slot(&self, list: ListId) -> Option<(usize, &'p Asked<'s>)> {
        self.pins.asked.iter().enumerate().find(|(_, asked)| asked.list == list)
    }

    fn shared(&self, number: usize, asked: &Asked<'s>) -> Result<&'p SharedRow, Unavailable> {
        let slot = self.pins.shared.get(number).ok_or(Unavailable)?;
        if let Some(row) = slot.get() {
            return Ok(row);
        }
        let (store, view) = (&*self.engine.store, self.pins.view);
        let found = self.engine.shared_rows.get(store, view, (asked.list, asked.row), self.reach);
        let found = found.map_err(|error| self.fail(error))?.ok_or(Unavailable)?;
        Ok(slot.get_or_init(|| found))
    }

    fn pinned(&self, asked: &Asked<'s>, segment: usize) -> Result<&'p [u8], Unavailable> {
        let slot = self.pins.segments.get(asked.first + segment).ok_or(Unavailable)?;
        if let Some(bytes) = slot.get() {
            return Ok(bytes);
        }
        let (store, view) = (&*self.engine.store, self.pins.view);
        let found = fetch(store, view, asked.list, asked.row, segment, self.reach);
        let found = found.map_err(|error| self.fail(error))?.ok_or(Unavailable)?;
        Ok(slot.get_or_init(|| found))
    }

    #[inline]
    fn segment(
        &self,
        number: usize,
        asked: &'p Asked<'s>,
        segment: usize,
    ) -> Result<&Segment<'p>, Unavailable> {
        let slot = self.parsed.get(asked.first + segment).ok_or(Unavailable)?;
        match slot.get() {
            Some(parsed) => Ok(parsed),
            None => self.parse(number, asked, segment, slot),
        }
    }

    #[cold]
    fn parse<'a>(
        &self,
        number: usize,
        asked: &'p Asked<'s>,
        segment: usize,
        slot: &'a OnceCell<Segment<'p>>,
    ) -> Result<&'a Segment<'p>, Unavailable> {
        let torn = |error| self.fail(corrupt(self.pins.view, asked.list, asked.row, error));
        let bytes = if asked.shared {
            self.shared(number, asked)?.segment(segment).ok_or_else(|| torn(RowError::Torn))?
        } else {
            self.pinned(asked, segment)?
        };
        let parsed = Segment::parse(bytes, asked.epoch).map_err(torn)?;
        Ok(slot.get_or_init(|| parsed))
    }
}

impl RowSource for CartRows<'_, '_> {
    fn approach(&self, list: ListId, skus: &[u32]) {
        let Some((number, asked)) = self.slot(list).filter(|_| !skus.is_empty()) else { return };
        if asked.shared {
            if let Ok(row) = self.shared(number, asked) {
                row.approach(skus);
            }
        } else if asked.row.segments() == 1
            && let Ok(segment) = self.segment(number, asked, 0)
        {
            asked.epoch.approach(skus);
            segment.approach(skus.len());
        }
        // A row that can't be had is told of when a line asks for it, and not before.
        self.failure.take();
    }

    #[inline]
    fn find(&self, list: ListId, sku: u32) -> Result<Option<Found<'_>>, Unavailable> {
        let Some((number, asked)) = self.slot(list) else { return Ok(None) };
        if asked.shared
            && let Laid::Known(found) = self.shared(number, asked)?.laid(sku)
        {
            return Ok(found);
        }
        let position = asked.epoch.position(sku);
        let segment = self.segment(number, asked, asked.row.segment_of(position))?;
        segment.find(position).map_err(|error| self.fail(corrupt(self.pins.view, list, asked.row, error)))
    }

    #[inline]
    fn targets(&self, list: ListId) -> Result<Option<&Segment<'_>>, Unavailable> {
        let Some((number, asked)) = self.slot(list) else { return Ok(None) };
        let segment = self.segment(number, asked, 0)?;
        Ok(segment.has_targets().then_some(segment))
    }
}
