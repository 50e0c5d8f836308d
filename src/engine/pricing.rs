//! What does this cart cost, against which publication? Lists are resolved, rows pinned, and pricing is given slices.

use std::sync::Arc;

use crate::domain::contract::Contract;
use crate::domain::ids::ListId;
use crate::domain::time::{CivilSecond, Instant};
use crate::matrix::segment::Segment;
use crate::pricing::cart::{CartLine, CartRequest, PricedCart, SkuRef};
use crate::pricing::rows::{FetchedRow, RowSet};
use crate::pricing::{PricingInput, price};

use super::caller::{Caller, Role};
use super::clock;
use super::error::PriceError;
use super::rows::{PinnedRow, Reach, corrupt, fetch};
use super::view::View;
use super::{Engine, MatrixRow};

impl Engine {
    /// Prices a cart. Rows that are not in the cache are read from disk.
    ///
    /// # Errors
    /// Why the cart as a whole has no answer; a line's trouble is its status.
    pub fn price_cart(&self, caller: &Caller, request: &CartRequest<'_>) -> Result<PricedCart, PriceError> {
        match self.price_within(caller, request, Reach::Disk)? {
            Some(priced) => Ok(priced),
            None => unreachable_cold(),
        }
    }

    /// Prices a cart from rows in the cache alone; `None` where one is not there, so that the caller asks again where
    /// waiting for the disk stalls nobody else.
    ///
    /// # Errors
    /// As [`Engine::price_cart`].
    pub fn price_cart_cached(
        &self,
        caller: &Caller,
        request: &CartRequest<'_>,
    ) -> Result<Option<PricedCart>, PriceError> {
        self.price_within(caller, request, Reach::Cache)
    }

    fn price_within(
        &self,
        caller: &Caller,
        request: &CartRequest<'_>,
        reach: Reach,
    ) -> Result<Option<PricedCart>, PriceError> {
        caller.require(Role::Price)?;
        let count = request.lines.len();
        if count == 0 {
            return Err(PriceError::EmptyCart);
        }
        if count > self.cart_lines_max {
            return Err(PriceError::CartTooLarge { lines: count, limit: self.cart_lines_max });
        }
        let held;
        let retained;
        let view: &View = match request.publication {
            None => {
                held = self.view.load();
                &held
            }
            Some(number) => {
                retained = self.view_at(number)?;
                &retained
            }
        };
        let pricing_at = request.pricing_at.unwrap_or_else(clock::now);
        let (contract, at) = contract_at(view, caller, request.contract, pricing_at)?;
        let lists = lists_of(view, contract, |entry| entry.conditions.met_by(&request.circumstances));
        let mut pins = Vec::with_capacity(lists.len());
        for list in &lists {
            match self.pin(view, *list, request.lines, reach)? {
                Pinning::None => {}
                Pinning::Cold => return Ok(None),
                Pinning::Row(row) => pins.push(row),
            }
        }
        let rows = row_set(view, &pins)?;
        let input = PricingInput {
            catalogue: &view.catalogue,
            contract,
            at,
            circumstances: request.circumstances,
            rows: &rows,
            detail: request.detail,
        };
        // A row that is torn was named when it was parsed, or is found while it is read.
        let priced = price(&input, request.lines).map_err(|error| PriceError::Corrupt {
            list: contract.code.clone(),
            publication: view.publication.0,
            error,
        })?;
        Ok(Some(PricedCart {
            contract: contract.id,
            currency: contract.currency,
            publication: view.publication,
            position: view.position,
            pricing_at,
            civil: at,
            hold: contract.hold.clone(),
            lines: priced.lines,
            steps: priced.steps,
            losers: priced.losers,
            list_total: priced.list_total,
            total: priced.total,
        }))
    }

    /// Pins the segments of a list that the lines need.
    fn pin<'s>(
        &'s self,
        view: &View,
        list: ListId,
        lines: &[CartLine<'_>],
        reach: Reach,
    ) -> Result<Pinning<'s>, PriceError> {
        let Some(row) = view.directory.get(list) else { return Ok(Pinning::None) };
        let Some(first) = fetch(&self.store, view, list, row, 0, reach)? else { return Ok(Pinning::Cold) };
        if row.later_segments.is_empty() {
            return Ok(Pinning::Row(PinnedRow { list, segments: vec![Some(first)] }));
        }
        let epoch = epoch_of(view, list, row, &first)?;
        let mut segments: Vec<_> = (0..row.segments()).map(|_| None).collect();
        if let Some(slot) = segments.first_mut() {
            *slot = Some(first);
        }
        for line in lines {
            let sku = match line.sku {
                SkuRef::Handle(sku) => Some(sku.0),
                SkuRef::Code(code) => view.catalogue.skus.number(code),
            };
            let Some(sku) = sku else { continue };
            let number = row.segment_of(epoch.position(sku));
            let Some(slot @ None) = segments.get_mut(number) else { continue };
            match fetch(&self.store, view, list, row, number, reach)? {
                None => return Ok(Pinning::Cold),
                found => *slot = found,
            }
        }
        Ok(Pinning::Row(PinnedRow { list, segments }))
    }
}

enum Pinning<'s> {
    /// The list has no row.
    None,
    /// A segment is not in the cache.
    Cold,
    Row(PinnedRow<'s>),
}

/// A contract that the caller may ask about, and what its wall clock shows; it must hold then.
pub(super) fn contract_at<'v>(
    view: &'v View,
    caller: &Caller,
    code: &str,
    at: Instant,
) -> Result<(&'v Contract, CivilSecond), PriceError> {
    let unknown = || PriceError::UnknownContract { contract: code.to_owned() };
    let contract =
        view.catalogue.contracts.by_code(code).filter(|_| caller.may_see(code)).ok_or_else(unknown)?;
    let zone =
        view.zone(&contract.zone).ok_or_else(|| PriceError::UnknownZone { zone: contract.zone.clone() })?;
    let civil = at.civil_in(zone).map_err(|_| PriceError::InstantOutOfRange)?;
    match (contract.validity.from, contract.validity.to) {
        (Some(from), _) if civil < from => {
            Err(PriceError::ContractNotBegun { contract: code.to_owned(), from })
        }
        (_, Some(to)) if civil >= to => Err(PriceError::ContractEnded { contract: code.to_owned(), to }),
        _ => Ok((contract, civil)),
    }
}

/// Every list that a contract may need: its access sequence, its reference list, and those that percentages name.
pub(super) fn lists_of(
    view: &View,
    contract: &Contract,
    asked: impl Fn(&crate::domain::contract::AccessEntry) -> bool,
) -> Vec<ListId> {
    let mut lists: Vec<ListId> = Vec::with_capacity(contract.access.len() + 2);
    let mut add = |list: ListId| {
        if !lists.contains(&list) {
            lists.push(list);
        }
    };
    let named = contract.access.iter().filter(|entry| asked(entry)).map(|entry| entry.list);
    for list in named.chain(contract.reference_list) {
        add(list);
        if let Some(row) = view.directory.get(list) {
            row.references.iter().copied().for_each(&mut add);
        }
    }
    lists
}

fn epoch_of<'v>(
    view: &'v View,
    list: ListId,
    row: &crate::matrix::directory::RowRef,
    bytes: &[u8],
) -> MatrixRow<'v> {
    let number = Segment::epoch_of(bytes).map_err(|error| corrupt(view, list, row, error))?;
    let epoch = view.epochs.get(&number).map(Arc::as_ref);
    epoch.ok_or_else(|| corrupt(view, list, row, crate::matrix::RowError::OtherEpoch(number)))
}

/// Pinned rows as pricing takes them.
pub(super) fn row_set<'a>(view: &'a View, pins: &'a [PinnedRow<'a>]) -> Result<RowSet<'a>, PriceError> {
    let mut rows = RowSet::default();
    for pinned in pins {
        let Some(row) = view.directory.get(pinned.list) else { continue };
        let Some(Some(first)) = pinned.segments.first() else { continue };
        let epoch = epoch_of(view, pinned.list, row, first)?;
        let segments = pinned.segments.iter().map(|segment| segment.as_ref().map(|bytes| &**bytes));
        let fetched = FetchedRow::new(pinned.list, epoch, &row.later_segments, segments)
            .map_err(|error| corrupt(view, pinned.list, row, error))?;
        rows.push(fetched);
    }
    Ok(rows)
}

/// Disk reach never leaves a row cold.
fn unreachable_cold() -> Result<PricedCart, PriceError> {
    Err(PriceError::NotAllowed { what: "a row could not be read".to_owned() })
}
