//! Which stages does a cart go through, and how is each of them run by itself?

use std::hint::black_box;
use std::path::Path;

use prost::Message;
use quoin::api::cart::{audience_of, request_of};
use quoin::api::cart_codec::columns::columns_frame;
use quoin::api::cart_codec::encode::basic_frame;
use quoin::api::cart_codec::request::{CartHead, read_cart};
use quoin::api::particulars::{Stated, particulars_of};
use quoin::api::price_cart::{Quick, from_cache};
use quoin::api::telling::Telling;
use quoin::api::v1;
use quoin::domain::ids::{ContractId, ListId};
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::exchange::generate::Generator;
use quoin::matrix::segment::Segment;
use quoin::pricing::cart::{LineStatus, PricedCart};
use quoin::pricing::request::{CartLine, SkuRef};
use quoin::store::{Cached, RowKey};

use super::super::lookups::Rows;
use super::super::plan::Plan;
use super::super::{opened, requests};
use super::CELLS;

const LINES: usize = 100;

/// A part of the way of a cart.
pub struct Stage {
    /// What it is called.
    pub name: &'static str,
    /// The kind of data folder.
    pub folder: &'static str,
    /// Instructions that it may take, of the release profile on x86-64.
    pub most: u64,
    /// Microseconds of the best that is known of such a stage on such a machine; empty where nothing is.
    pub limit: &'static str,
    /// Does it once.
    pub run: fn(&Bench, &Prepared),
}

const fn stage(folder: &'static str, name: &'static str, most: u64, run: fn(&Bench, &Prepared)) -> Stage {
    Stage { name, folder, most, limit: "", run }
}

impl Stage {
    /// The same, of which a limit is known.
    const fn beside(self, limit: &'static str) -> Self {
        Self { limit, ..self }
    }
}

/// In the order of a cart's way; what stands below another includes it where its name says so.
pub const STAGES: [Stage; 18] = [
    stage("one", "parse", 46_600, Bench::parse).beside("1.0"),
    stage("one", "intern", 11_700, Bench::intern).beside("0.6"),
    stage("one", "fetch", 8_400, Bench::fetch).beside("2.3"),
    stage("one", "fetch and look up", 88_400, Bench::look_up).beside("3.9"),
    stage("one", "price", 211_200, Bench::price),
    stage("one", "encode", 53_600, Bench::encode).beside("0.6"),
    stage("one", "whole", 311_200, Bench::whole),
    stage("one", "parse handles", 29_600, Bench::parse_handles).beside("0.3"),
    stage("one", "encode columns", 28_500, Bench::encode_columns),
    stage("one", "whole columns", 261_500, Bench::whole_columns),
    stage("sequence", "price", 277_200, Bench::price),
    stage("sequence", "whole", 377_300, Bench::whole),
    stage("volume", "price", 384_200, Bench::price),
    stage("order", "price", 387_800, Bench::price),
    stage("loyalty", "price", 328_800, Bench::price),
    stage("policy", "price", 483_400, Bench::price),
    stage("policy", "encode", 88_700, Bench::encode),
    stage("policy", "whole", 618_300, Bench::whole),
];

/// A cart in every form in which a stage takes it.
pub struct Prepared {
    message: &'static [u8],
    /// The same by handles of SKUs, to be answered in columns.
    by_handle: &'static [u8],
    head: CartHead<'static>,
    lines: Vec<CartLine<'static>>,
    row: RowKey,
    priced: PricedCart,
}

/// An engine, and carts of 100 lines that it can price from memory.
pub struct Bench {
    engine: Engine,
    caller: Caller,
    /// One of each contract.
    pub carts: Vec<Prepared>,
}

impl Bench {
    /// Opens a data folder; every row is in the block cache then, and every cart was priced once.
    pub fn open(data: &Path) -> Self {
        let generator = Generator::new(Plan::new(CELLS).structured).unwrap();
        let (engine, caller) = (opened::open(data), Caller::operator());
        Rows::new(&engine, &engine.view()).warm_cache();
        let asked = requests::of_portal(&requests::of(&generator, LINES));
        let by_handle = requests::by_handle(&engine, &asked);
        let carts = asked
            .iter()
            .zip(&by_handle)
            .map(|(by_code, by_handle)| Prepared::of(&engine, by_code, by_handle.encode_to_vec().leak()));
        let carts = carts.collect();
        Self { engine, caller, carts }
    }

    fn parse(&self, cart: &Prepared) {
        Self::read(cart.message);
    }

    fn parse_handles(&self, cart: &Prepared) {
        Self::read(cart.by_handle);
    }

    fn read(message: &'static [u8]) {
        let mut lines = Vec::with_capacity(LINES);
        black_box(read_cart(message, &mut lines, &mut Stated::default()).unwrap());
        black_box(&lines);
    }

    fn intern(&self, cart: &Prepared) {
        let view = self.engine.view();
        let codes = cart.lines.iter().map(|line| match line.sku {
            SkuRef::Code(code) => Some(code),
            SkuRef::Handle(_) => None,
        });
        black_box(view.catalogue.skus.numbers(codes));
    }

    fn fetch(&self, cart: &Prepared) {
        assert!(matches!(self.engine.store().row_cached(cart.row).unwrap(), Cached::Found(_)));
    }

    fn look_up(&self, cart: &Prepared) {
        let view = self.engine.view();
        let epoch = view.newest_epoch().unwrap();
        let Cached::Found(row) = self.engine.store().row_cached(cart.row).unwrap() else { panic!("cold") };
        let segment = Segment::parse(&row, epoch).unwrap();
        for line in &cart.priced.lines {
            black_box(segment.find(epoch.position(line.sku.unwrap().0)).unwrap());
        }
    }

    fn price(&self, cart: &Prepared) {
        let particulars = particulars_of(Stated::default()).unwrap();
        let request = request_of(&cart.head, &cart.lines, &particulars, None).unwrap();
        black_box(self.engine.price_cart_cached(&self.caller, &request).unwrap().unwrap());
    }

    fn encode(&self, cart: &Prepared) {
        self.written(cart, basic_frame);
    }

    fn encode_columns(&self, cart: &Prepared) {
        self.written(cart, columns_frame);
    }

    fn written(&self, cart: &Prepared, frame: fn(&PricedCart, &[CartLine<'_>], &Telling<'_>) -> Vec<u8>) {
        let view = self.engine.view();
        let audience = audience_of(&cart.head, &self.caller).unwrap();
        let telling = Telling::of(&cart.priced, &view.catalogue, audience);
        black_box(frame(&cart.priced, &cart.lines, &telling));
    }

    fn whole(&self, cart: &Prepared) {
        self.answered(cart.message);
    }

    fn whole_columns(&self, cart: &Prepared) {
        self.answered(cart.by_handle);
    }

    fn answered(&self, message: &[u8]) {
        let answered = from_cache(&self.engine, &self.caller, message).unwrap();
        assert!(matches!(answered, Quick::Answer(_)));
        black_box(answered);
    }
}

impl Prepared {
    fn of(engine: &Engine, request: &v1::PriceCartRequest, by_handle: &'static [u8]) -> Self {
        // Kept to the end: the lines borrow their texts.
        let message: &'static [u8] = request.encode_to_vec().leak();
        let view = engine.view();
        let id = view.catalogue.contracts.number(&request.contract).unwrap();
        let contract = view.catalogue.contract(ContractId(id)).unwrap();
        let owned = |list: &ListId| view.catalogue.list(*list).unwrap().owner == Some(contract.id);
        let list = contract.access.iter().map(|entry| entry.list).find(owned).unwrap();
        let publication = view.directory.get(list).unwrap().publication;
        let row = RowKey::new(publication.0, list.0, 0);
        let mut lines = Vec::new();
        let head = read_cart(message, &mut lines, &mut Stated::default()).unwrap();
        let particulars = particulars_of(Stated::default()).unwrap();
        let asked = request_of(&head, &lines, &particulars, None).unwrap();
        let priced = engine.price_cart(&Caller::operator(), &asked).unwrap();
        for line in &priced.lines {
            assert_eq!(line.status, LineStatus::Priced, "contract {}", request.contract);
        }
        Self { message, by_handle, head, lines, row, priced }
    }
}
