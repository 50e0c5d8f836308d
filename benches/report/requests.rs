//! Which requests does the client send, and what must come back? Every cart is priced in process first, and the
//! server's answer must be that very message.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use prost::Message;
use quoin::api::pricing_service::priced;
use quoin::api::v1;
use quoin::domain::time::Instant;
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::exchange::generate::Generator;
use quoin::exchange::generate::lists::contract_code;
use quoin::exchange::generate::prng::Prng;

use super::asked::PRICING_AT;
use super::carts::{quantity, sheets};
use super::frames::Secured;
use super::load::{Cart, Served, ask};
use super::opened::open;
use super::policies::OF_PORTAL;

/// Keeps the order of contracts apart from other streams of chance.
const STREAM: u64 = 1_002;

/// A cart of each contract, all contracts alike, in no order: SKUs by external id, lines called "1", "2" and so on.
pub fn of(generator: &Generator, lines: usize) -> Vec<v1::PriceCartRequest> {
    let mut requests = Vec::new();
    let contracts = usize::try_from(generator.options().contracts).unwrap();
    sheets(generator, contracts, |sheet| {
        if let Some(skus) = sheet.draw(lines) {
            requests.push(request(generator, contract_code(sheet.contract), &skus));
        }
    });
    Prng::new(1, STREAM, 0).shuffle(&mut requests);
    requests
}

/// A cart of SKUs by external id.
pub fn request(generator: &Generator, contract: String, skus: &[u32]) -> v1::PriceCartRequest {
    let line = |(number, sku): (usize, &u32)| v1::CartLine {
        id: number.to_string(),
        sku_ref: Some(v1::cart_line::SkuRef::Sku(generator.assortment().sku_code(*sku))),
        quantity_micros: quantity(generator, *sku).0,
        ..v1::CartLine::default()
    };
    let at = Instant::parse(PRICING_AT).unwrap();
    v1::PriceCartRequest {
        contract,
        pricing_at: Some(prost_types::Timestamp { seconds: at.0, nanos: 0 }),
        lines: (1..).zip(skus).map(line).collect(),
        view: v1::CartView::Basic.into(),
        ..v1::PriceCartRequest::default()
    }
}

/// The same carts, ordered in the portal.
pub fn of_portal(requests: &[v1::PriceCartRequest]) -> Vec<v1::PriceCartRequest> {
    let channel = OF_PORTAL.channel.to_owned();
    let circumstances = v1::Circumstances { channel, ..v1::Circumstances::default() };
    let ordered = |request: &v1::PriceCartRequest| v1::PriceCartRequest {
        circumstances: Some(circumstances.clone()),
        ..request.clone()
    };
    requests.iter().map(ordered).collect()
}

/// The same carts as those ask who keep the handles of SKUs and know their lines by their places: answers in columns, no ids of lines.
pub fn by_handle(engine: &Engine, requests: &[v1::PriceCartRequest]) -> Vec<v1::PriceCartRequest> {
    let view = engine.view();
    let line = |line: &v1::CartLine| {
        let Some(v1::cart_line::SkuRef::Sku(code)) = &line.sku_ref else { panic!("{line:?}") };
        let handle = view.catalogue.skus.number(code).unwrap();
        let sku_ref = Some(v1::cart_line::SkuRef::SkuHandle(handle));
        v1::CartLine { id: String::new(), sku_ref, ..line.clone() }
    };
    let cart = |request: &v1::PriceCartRequest| v1::PriceCartRequest {
        lines: request.lines.iter().map(line).collect(),
        view: v1::CartView::Columns.into(),
        ..request.clone()
    };
    requests.iter().map(cart).collect()
}

/// What the engine itself answers; every line must be priced.
pub fn expected(data: &Path, requests: &[v1::PriceCartRequest]) -> Vec<v1::PriceCartResponse> {
    let engine = open(data);
    let answer = |engine: &Engine, request: &v1::PriceCartRequest| {
        let response = priced(engine, &Caller::operator(), request, None).unwrap();
        let told = response.columns.as_ref().map_or(&[][..], |columns| &columns.told);
        assert!(told.is_empty(), "contract {}: {told:?}", request.contract);
        for line in &response.lines {
            let priced = i32::from(v1::LineStatus::Priced);
            assert_eq!(line.status, priced, "contract {}: {line:?}", request.contract);
        }
        response
    };
    requests.iter().map(|request| answer(&engine, request)).collect()
}

/// Asks a server everything once, over the client that will load it. Panics where an answer is not as `check` wants it.
pub fn verified(
    server: &Served,
    requests: &[v1::PriceCartRequest],
    check: impl Fn(usize, v1::PriceCartResponse),
) -> Arc<Vec<Cart>> {
    verified_by((server.address, None), requests, check)
}

/// The same of a server that may want TLS and a token.
pub fn verified_by(
    (address, secured): (SocketAddr, Option<&Secured>),
    requests: &[v1::PriceCartRequest],
    check: impl Fn(usize, v1::PriceCartResponse),
) -> Arc<Vec<Cart>> {
    let encoded: Vec<Bytes> = requests.iter().map(|request| request.encode_to_vec().into()).collect();
    let answers = ask(address, secured, &encoded);
    let cart = |(number, (request, answer)): (usize, (Bytes, Bytes))| {
        let answer_bytes = answer.len();
        check(number, v1::PriceCartResponse::decode(answer).unwrap());
        Cart { request, answer_bytes }
    };
    Arc::new(encoded.into_iter().zip(answers).enumerate().map(cart).collect())
}
