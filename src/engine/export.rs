//! How does a contract's whole price list go out? As canonical price rows, net, in the contract's currency.

use std::ops::ControlFlow;
use std::path::Path;

use crate::domain::ladder::TierMode;
use crate::exchange::price_line::{LineValue, PriceLine};
use crate::exchange::source::Format;
use crate::exchange::write::{PriceWriter, WriteFault};
use crate::pricing::cart::{ListedPrice, ListedTier};

use super::Engine;
use super::caller::Caller;
use super::error::PriceError;
use super::listing::{ListRequest, ListSummary};
use super::view::View;

/// Why an export was not written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The question itself.
    #[error(transparent)]
    Price(#[from] PriceError),
    /// The file.
    #[error(transparent)]
    Write(#[from] WriteFault),
}

impl Engine {
    /// Writes what [`Engine::list_prices`] lists, a row a tier, each price for one of the cell's units' base units.
    ///
    /// # Errors
    /// The question's or the file's; a file that was begun is not to be used then.
    pub fn export(
        &self,
        caller: &Caller,
        request: &ListRequest<'_>,
        path: &Path,
        format: Format,
    ) -> Result<(ListSummary, u64), ExportError> {
        let mut out = PriceWriter::create(path, format)?;
        let mut failed = None;
        let summary = self.list_prices(caller, request, &mut |view, listed| match write_tiers(
            &mut out,
            view,
            request.contract,
            &listed,
        ) {
            Ok(()) => ControlFlow::Continue(()),
            Err(fault) => {
                failed = Some(fault);
                ControlFlow::Break(())
            }
        })?;
        match failed {
            Some(fault) => Err(fault.into()),
            None => Ok((summary, out.finish()?)),
        }
    }
}

fn write_tiers(
    out: &mut PriceWriter,
    view: &View,
    contract: &str,
    listed: &ListedPrice,
) -> Result<(), WriteFault> {
    let catalogue = &view.catalogue;
    let Some(sku) = catalogue.sku(listed.sku) else { return Ok(()) };
    let Some(list) = catalogue.list(listed.source.list) else { return Ok(()) };
    let currency = catalogue.contracts.by_code(contract).map(|contract| contract.currency);
    let factor = sku.factor(listed.source.unit);
    let whole = [ListedTier { lower: Default::default(), upper: None, unit_price: listed.unit_price }];
    // Bounds are stated in the cell's unit, prices in the base unit: only where they are one may tiers be written.
    let tiers = match factor {
        Some(factor) if factor.is_one() => listed.tiers.as_slice(),
        _ => &whole,
    };
    for tier in tiers {
        let mut line = PriceLine::plain(&list.code, &sku.code, tier.unit_price);
        line.currency = currency.as_ref().map(|currency| currency.code());
        (line.lower, line.upper) = (tier.lower, tier.upper);
        line.mode = if factor.is_some_and(|f| f.is_one()) { listed.source.mode } else { TierMode::Volume };
        line.flags = listed.source.flags;
        line.value = LineValue::Price(tier.unit_price);
        out.write(&line)?;
    }
    Ok(())
}
