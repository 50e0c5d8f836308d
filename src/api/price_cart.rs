//! `PriceCart` on its quick way: a whole request's bytes in, a gRPC frame out.
//!
//! The cart is read in place ([`super::cart_codec`]), priced from rows in the cache and written once. A cart that needs
//! a row from disk is handed back, so that the caller can wait for it where that stalls no other cart.

use std::cell::RefCell;

use tonic::Status;

use crate::engine::Engine;
use crate::engine::caller::Caller;
use crate::engine::error::PriceError;
use crate::pricing::cart::PricedCart;
use crate::pricing::request::{CartLine, CartRequest, Detail};

use super::cart::{audience_of, request_of, wants_columns};
use super::cart_codec::columns::columns_frame;
use super::cart_codec::encode::{basic_frame, full_frame};
use super::cart_codec::request::{read_cart, recycle};
use super::particulars::{Stated, particulars_of};
use super::status::{malformed_status, price_status, violation_status};
use super::telling::Telling;

/// The path of the call.
pub const PATH: &str = "/quoin.v1.PricingService/PriceCart";

/// What came of the quick way.
#[derive(Debug)]
pub enum Quick {
    /// The answer.
    Answer(Framed),
    /// A row has to be read from disk: ask [`from_disk`], off the runtime's thread.
    Cold,
}

/// An answer, and what was asked for it.
#[derive(Debug)]
pub struct Framed {
    /// The frame.
    pub frame: Vec<u8>,
    /// Lines of the cart.
    pub lines: usize,
}

thread_local! {
    /// The lines' allocation, kept from one request to the next.
    static LINES: RefCell<Vec<CartLine<'static>>> = const { RefCell::new(Vec::new()) };
}

/// Prices a cart whose rows are in the cache.
///
/// # Errors
/// The status of a cart that can't be read or is refused.
pub fn from_cache(engine: &Engine, caller: &Caller, message: &[u8]) -> Result<Quick, Status> {
    answer(engine, caller, message, |request| engine.price_cart_cached(caller, request))
        .map(|answered| answered.map_or(Quick::Cold, Quick::Answer))
}

/// Prices a cart, whatever it takes.
///
/// # Errors
/// The status of a cart that can't be read or is refused.
pub fn from_disk(engine: &Engine, caller: &Caller, message: &[u8]) -> Result<Framed, Status> {
    let answered = answer(engine, caller, message, |request| engine.price_cart(caller, request).map(Some))?;
    answered.ok_or_else(|| Status::internal("a cart read from disk was not priced"))
}

fn answer(
    engine: &Engine,
    caller: &Caller,
    message: &[u8],
    price: impl FnOnce(&CartRequest<'_>) -> Result<Option<PricedCart>, PriceError>,
) -> Result<Option<Framed>, Status> {
    let mut lines = recycle(LINES.take());
    let mut stated = Stated::default();
    let answer = read_cart(message, &mut lines, &mut stated).map_err(malformed_status).and_then(|head| {
        let particulars = particulars_of(stated).map_err(violation_status)?;
        let request = request_of(&head, &lines, &particulars, None).map_err(violation_status)?;
        let audience = audience_of(&head, caller).map_err(violation_status)?;
        let Some(cart) = price(&request).map_err(|error| price_status(&error))? else { return Ok(None) };
        let view = engine.view();
        let telling = Telling::of(&cart, &view.catalogue, audience);
        let frame = match request.detail {
            Detail::Basic if wants_columns(head.view) => columns_frame(&cart, &lines, &telling),
            Detail::Basic => basic_frame(&cart, &lines, &telling),
            Detail::Waterfall | Detail::Explain => full_frame(&cart, &request, &telling),
        };
        Ok(Some(Framed { frame, lines: lines.len() }))
    });
    LINES.set(recycle(lines));
    answer
}
