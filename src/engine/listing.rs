//! What does a contract pay for everything that its lists price?

use std::ops::ControlFlow;

use crate::domain::contract::Circumstances;
use crate::domain::currency::Currency;
use crate::domain::ids::{PublicationNo, SequenceNo, SkuId};
use crate::domain::time::{CivilSecond, Instant};
use crate::matrix::cells::CellBuffer;
use crate::pricing::cart::ListedPrice;
use crate::pricing::request::Detail;
use crate::pricing::request::{Particulars, ProgressWanted};
use crate::pricing::{PricingError, PricingInput, check_metrics, list_sku};

use super::Engine;
use super::caller::{Caller, Role};
use super::cart_rows::{CartRows, Pins};
use super::error::PriceError;
use super::ledger::holds::hold_ids;
use super::pricing::{contract_at, lists_of, unreachable_cold, why_not};
use super::rows::Reach;
use super::view::View;

/// A question for a contract's whole price list.
#[derive(Debug, Clone, Copy)]
pub struct ListRequest<'a> {
    /// External id of the contract.
    pub contract: &'a str,
    /// As of when; now where absent.
    pub pricing_at: Option<Instant>,
    /// Against which publication; the newest where absent.
    pub publication: Option<PublicationNo>,
    /// What conditional access entries are held against.
    pub circumstances: Circumstances<'a>,
    /// Coupons, and what was bought and used before.
    pub particulars: &'a Particulars<'a>,
}

/// What was listed against what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListSummary {
    /// The currency of every price.
    pub currency: Currency,
    /// The publication.
    pub publication: PublicationNo,
    /// The position of the command log that the answer has seen.
    pub position: SequenceNo,
    /// The instant of pricing.
    pub pricing_at: Instant,
    /// The same on the wall of the contract's zone.
    pub civil: CivilSecond,
    /// SKUs that have a price.
    pub listed: u64,
}

impl Engine {
    /// Hands the price of every SKU that the contract's access sequence prices and that it may buy to `sink`, with the view it is from,
    /// in the order of SKU numbers, until the sink breaks off. Nothing but the SKUs' own numbers bounds it.
    ///
    /// # Errors
    /// As [`Engine::price_cart`].
    pub fn list_prices(
        &self,
        caller: &Caller,
        request: &ListRequest<'_>,
        sink: &mut dyn FnMut(&View, ListedPrice) -> ControlFlow<()>,
    ) -> Result<ListSummary, PriceError> {
        caller.require(Role::Price)?;
        let view = match request.publication {
            None => self.view(),
            Some(number) => self.view_at_for(caller, request.contract, number)?,
        };
        let pricing_at = request.pricing_at.unwrap_or_else(|| self.clock.now());
        let (contract, at) = contract_at(&view, caller, request.contract, pricing_at)?;
        let program = view.policy.0.program_in_force(contract, &view.catalogue);
        let of = (&*view, contract, program.as_deref());
        let bought = self.bought(of, at, "", Reach::Disk)?.unwrap_or_default();
        let levels = self.levels_held(of, at, Reach::Disk)?.unwrap_or_default();
        let held_by = self.held_by(of, at, Reach::Disk)?.unwrap_or_default();
        let held_by = hold_ids(of, &held_by);
        let lists = lists_of(of, |entry| entry.conditions.met_by(&request.circumstances));
        let pins = Pins::new(&view, &lists)?;
        let rows = CartRows::new(self, &pins, Reach::Disk);
        let input = PricingInput {
            particulars: request.particulars,
            bought: &bought,
            levels: &levels,
            held_by: &held_by,
            points: &[],
            policy: &view.policy.0,
            progress: ProgressWanted::Nothing,
            surcharges: false,
            catalogue: &view.catalogue,
            contract,
            at,
            circumstances: request.circumstances,
            rows: &rows,
            detail: Detail::Basic,
        };
        check_metrics(&input).map_err(|error| why_not(error, &rows))?;
        let mut cells = CellBuffer::default();
        let mut listed = 0;
        for number in 0..u32::try_from(view.catalogue.skus.len()).unwrap_or(u32::MAX) {
            let found = match list_sku(&input, SkuId(number), &mut cells) {
                Ok(found) => found,
                Err(PricingError::Unavailable) => {
                    return Err(rows.failure().unwrap_or_else(unreachable_cold));
                }
                Err(error) => return Err(why_not(error, &rows)),
            };
            let Some(found) = found else { continue };
            listed += 1;
            if sink(&view, found).is_break() {
                break;
            }
        }
        Ok(ListSummary {
            currency: contract.currency,
            publication: view.publication,
            position: view.position,
            pricing_at,
            civil: at,
            listed,
        })
    }
}
