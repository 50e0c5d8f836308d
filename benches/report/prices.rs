//! What does a whole cart cost in process? `Engine::price_cart_cached` in the basic detail, SKUs by handle.

use std::hint::black_box;

use quoin::domain::ids::SkuId;
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::engine::view::View;
use quoin::pricing::cart::{LineStatus, PricedCart};
use quoin::pricing::request::CartRequest;

use super::asked::Asked;
use super::caches::Requests;
use super::lookups::{From, Rows};

/// Carts that are priced through the engine.
pub struct Pricing<'e> {
    engine: &'e Engine,
    view: &'e View,
    rows: &'e Rows<'e>,
    asked: &'e [Asked],
    requests: Vec<CartRequest<'e>>,
    caller: Caller,
    from: From,
}

impl<'e> Pricing<'e> {
    /// With rows from the block cache, or with leave to read the disk.
    pub fn new(
        engine: &'e Engine,
        view: &'e View,
        rows: &'e Rows<'e>,
        asked: &'e [Asked],
        from: From,
    ) -> Self {
        let requests = asked.iter().map(Asked::request).collect();
        Self { engine, view, rows, asked, requests, caller: Caller::operator(), from }
    }
}

impl Requests for Pricing<'_> {
    type Answer = PricedCart;

    fn count(&self) -> usize {
        self.asked.len()
    }

    fn read_shared(&self) -> u64 {
        let facts = (0..u32::try_from(self.view.catalogue.skus.len()).unwrap())
            .filter_map(|sku| self.view.catalogue.facts(SkuId(sku)));
        facts.fold(self.rows.read_shared(), |sum, facts| sum ^ u64::from(facts.decimals))
    }

    fn read_request(&self, number: usize) -> u64 {
        let request = black_box(&self.requests[number]);
        let lines = request.lines.iter().filter_map(|line| u64::try_from(line.quantity.0).ok());
        lines.fold(u64::from(request.contract.as_bytes()[0]), |sum, quantity| sum ^ quantity)
    }

    fn answer(&mut self, number: usize) -> PricedCart {
        let request = &self.requests[number];
        match self.from {
            From::Cache => self.engine.price_cart_cached(&self.caller, request).unwrap().unwrap(),
            From::Disk => self.engine.price_cart(&self.caller, request).unwrap(),
        }
    }

    fn check(&self, number: usize, cart: PricedCart) {
        let asked = &self.asked[number];
        let count = cart.lines.iter().filter(|line| line.status == LineStatus::Priced).count();
        assert_eq!((count, cart.total), (asked.lines.len(), asked.total), "contract {}", asked.contract);
    }
}
