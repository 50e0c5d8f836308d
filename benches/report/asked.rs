//! What is the engine asked? A cart in the basic detail or another, SKUs by handle, at a stated instant.

use quoin::domain::contract::Circumstances;
use quoin::domain::decimal::MILLION;
use quoin::domain::ids::SkuId;
use quoin::domain::time::Instant;
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::exchange::generate::Generator;
use quoin::exchange::generate::lists::contract_code;
use quoin::pricing::cart::LineStatus;
use quoin::pricing::request::{CartLine, CartRequest, Detail, SkuRef};

use super::carts::{Sheet, quantity};

/// Within the validity of every generated contract, on no campaign's first or last day.
pub const PRICING_AT: &str = "2026-06-17T10:00:00Z";

/// A cart for the engine; handles, so that what is measured is pricing and not the look-up of ids.
pub struct Asked {
    /// The contract's code.
    pub contract: String,
    /// What is ordered.
    pub lines: Vec<CartLine<'static>>,
    circumstances: Circumstances<'static>,
    detail: Detail,
    /// What it costs, in millionths.
    pub total: i128,
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
