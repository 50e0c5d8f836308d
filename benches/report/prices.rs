//! What does a whole cart cost in process? `Engine::price_cart_cached` in the basic detail, SKUs by handle.

use std::hint::black_box;

use quoin::domain::contract::Circumstances;
use quoin::domain::decimal::MILLION;
use quoin::domain::ids::SkuId;
use quoin::domain::time::Instant;
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::engine::view::View;
use quoin::exchange::generate::Generator;
use quoin::exchange::generate::lists::contract_code;
use quoin::pricing::cart::{LineStatus, PricedCart};
use quoin::pricing::request::{CartLine, CartRequest, Detail, SkuRef};

use super::caches::Requests;
use super::carts::{Sheet, quantity};
use super::lookups::{From, Rows};

/// Within the validity of every generated contract, on no campaign's first or last day.
pub const PRICING_AT: &str = "2026-06-17T10:00:00Z";

/// A cart for the engine; handles, so that what is measured is pricing and not the look-up of ids.
pub struct Asked {
    contract: String,
    lines: Vec<CartLine<'static>>,
    circumstances: Circumstances<'static>,
    detail: Detail,
    /// What it costs, in millionths.
    total: i128,
}

impl Asked {
    fn of(generator: &Generator, contract: u32, skus: &[u32]) -> Self {
        let line = |sku: &u32| CartLine {
            id: "",
            sku: SkuRef::Handle(SkuId(*sku)),
            quantity: quantity(generator, *sku),
            unit: "",
        };
        Self {
            contract: contract_code(contract),
            lines: skus.iter().map(line).collect(),
            circumstances: Circumstances::default(),
            detail: Detail::Basic,
            total: 0,
        }
    }

    /// A cart under given circumstances, whose total is known.
    pub fn known(
        generator: &Generator,
        (contract, skus): (u32, &[u32]),
        (circumstances, detail): (Circumstances<'static>, Detail),
        total: i128,
    ) -> Self {
        Self { circumstances, detail, total, ..Self::of(generator, contract, skus) }
    }

    /// A cart of random data: a price is for one unit whatever the quantity, so the total is known without the engine.
    pub fn random(generator: &Generator, sheet: &Sheet, skus: &[u32]) -> Self {
        let mut asked = Self::of(generator, sheet.contract, skus);
        let amount = |(sku, line): (&u32, &CartLine<'_>)| {
            let price = sheet.prices[usize::try_from(*sku).unwrap()];
            i128::from(price) * i128::from(line.quantity.0 / MILLION)
        };
        asked.total = skus.iter().zip(&asked.lines).map(amount).sum();
        asked
    }

    /// A cart of structured data, priced once: every line must have a price.
    pub fn structured(generator: &Generator, engine: &Engine, contract: u32, skus: &[u32]) -> Self {
        let mut asked = Self::of(generator, contract, skus);
        let cart = engine.price_cart(&Caller::operator(), &asked.request()).unwrap();
        for line in &cart.lines {
            assert_eq!(line.status, LineStatus::Priced, "contract {}, SKU {:?}", asked.contract, line.sku);
        }
        assert!(cart.total > 0, "contract {}", asked.contract);
        asked.total = cart.total;
        asked
    }

    /// What the engine is asked.
    pub fn request(&self) -> CartRequest<'_> {
        CartRequest {
            particulars: &quoin::pricing::request::NO_PARTICULARS,
            progress: quoin::pricing::request::ProgressWanted::default(),
            contract: &self.contract,
            pricing_at: Some(Instant::parse(PRICING_AT).unwrap()),
            publication: None,
            circumstances: self.circumstances,
            lines: &self.lines,
            detail: self.detail,
        }
    }
}

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
