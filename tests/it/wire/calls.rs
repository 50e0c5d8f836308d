//! Do calls for prices and for the catalogue answer over gRPC what the engine answers, and refuse what is to be refused?

use prost_types::Timestamp;
use quoin::api::v1;
use quoin::api::v1::cart_line::SkuRef;
use quoin::api::v1::catalogue_service_client::CatalogueServiceClient;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use tonic::codec::CompressionEncoding;
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;

use super::server::{CONTRACT, Running, block_on, listed};

/// The demo holds at this instant.
const AT: Timestamp = Timestamp { seconds: 1_790_000_000, nanos: 0 };

pub(super) fn line(sku: &str, quantity: i64) -> v1::CartLine {
    v1::CartLine {
        id: format!("line {sku}"),
        sku_ref: Some(SkuRef::Sku(sku.to_owned())),
        quantity_micros: quantity * 1_000_000,
        ..v1::CartLine::default()
    }
}

pub(super) fn cart(lines: Vec<v1::CartLine>) -> v1::PriceCartRequest {
    v1::PriceCartRequest { contract: CONTRACT.to_owned(), pricing_at: Some(AT), lines, ..Default::default() }
}

pub(super) fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| format!("{}/{}", info.domain, info.reason)).unwrap_or_default()
}

#[test]
fn the_quick_way_and_tonics_way_give_the_same_answer() {
    let running = Running::start();
    block_on(async {
        let mut quick = PricingServiceClient::new(running.channel().await);
        // Compressed requests go through tonic and prost.
        let mut long =
            PricingServiceClient::new(running.channel().await).send_compressed(CompressionEncoding::Gzip);
        for view in [v1::CartView::Unspecified, v1::CartView::Basic, v1::CartView::Waterfall] {
            let mut asked = cart(vec![line("INS-000001", 12), line("NOBODYS", 1), line("FAS-000068", 100)]);
            asked.view = view.into();
            asked.language = "ru".to_owned();
            asked.metrics = Some(v1::Metrics { first_order: true, ..Default::default() });
            asked.lines[0].details = Some(v1::LineDetails {
                attributes: [("a".to_owned(), "1".to_owned())].into(),
                ..Default::default()
            });
            let one = quick.price_cart(asked.clone()).await.unwrap().into_inner();
            let other = long.price_cart(asked).await.unwrap().into_inner();
            assert_eq!(one, other);
            let statuses: Vec<_> = one.lines.iter().map(v1::PricedLine::status).collect();
            use v1::LineStatus::{Priced, UnknownSku};
            assert_eq!(statuses, [Priced, UnknownSku, Priced]);
            assert_eq!(one.lines[0].id, "line INS-000001");
            assert_eq!((one.publication, one.currency.as_str()), (1, "EUR"));
            assert_eq!(one.lines[1].problem.as_ref().unwrap().reason, "артикула с таким кодом нет");
            assert!(one.what_if);
        }
    });
}

#[test]
fn carts_of_none_of_five_thousand_and_of_too_many_lines() {
    let running = Running::start();
    block_on(async {
        let mut client =
            PricingServiceClient::new(running.channel().await).max_decoding_message_size(64 << 20);
        let many = |count: usize| cart(vec![line("INS-000001", 12); count]);
        assert_eq!(client.price_cart(many(5_000)).await.unwrap().into_inner().lines.len(), 5_000);
        assert_eq!(client.price_cart(many(20_000)).await.unwrap().into_inner().lines.len(), 20_000);
        for (count, expected) in [(0, "quoin/EMPTY_CART"), (20_001, "quoin/CART_TOO_LARGE")] {
            let refused = client.price_cart(many(count)).await.unwrap_err();
            assert_eq!((refused.code(), reason(&refused).as_str()), (Code::InvalidArgument, expected));
            let fields = refused.get_details_bad_request().unwrap().field_violations;
            assert_eq!(fields[0].field, "lines");
        }
    });
}

#[test]
fn carts_are_refused_with_the_reason() {
    let running = Running::start();
    let good = || cart(vec![line("INS-000001", 12)]);
    type Change = fn(&mut v1::PriceCartRequest);
    let bad = (Code::InvalidArgument, "quoin/BAD_FIELD");
    let cases: [(Change, Code, &str); 12] = [
        (|cart| cart.contract = "C-99999".to_owned(), Code::NotFound, "quoin/UNKNOWN_CONTRACT"),
        (|cart| cart.contract.clear(), Code::NotFound, "quoin/UNKNOWN_CONTRACT"),
        (
            |cart| cart.pricing_at = Some(Timestamp { seconds: 0, nanos: 0 }),
            Code::FailedPrecondition,
            "quoin/CONTRACT_NOT_BEGUN",
        ),
        (
            |cart| cart.pricing_at = Some(Timestamp { seconds: i64::MAX, nanos: 0 }),
            Code::InvalidArgument,
            "quoin/BAD_FIELD",
        ),
        (
            |cart| cart.pricing_at = Some(Timestamp { seconds: 0, nanos: -1 }),
            Code::InvalidArgument,
            "quoin/BAD_FIELD",
        ),
        (|cart| cart.view = 99, Code::InvalidArgument, "quoin/BAD_FIELD"),
        (|cart| cart.publication = 99, Code::OutOfRange, "quoin/UNKNOWN_PUBLICATION"),
        (|cart| cart.progress = 99, bad.0, bad.1),
        (|cart| cart.language = "de".to_owned(), bad.0, bad.1),
        (|cart| cart.coupons = vec!["X".to_owned(); 101], bad.0, bad.1),
        (
            |cart| {
                let details = v1::LineDetails { weight_micros: 1, ..Default::default() };
                cart.lines[0].details = Some(details);
            },
            bad.0,
            bad.1,
        ),
        (
            |cart| {
                let position =
                    v1::MeasurePosition { measure: "m".to_owned(), value: "1e3".to_owned(), members: vec![] };
                cart.metrics = Some(v1::Metrics { positions: vec![position], ..Default::default() });
            },
            bad.0,
            bad.1,
        ),
    ];
    block_on(async {
        let mut client = PricingServiceClient::new(running.channel().await);
        for (change, code, expected) in cases {
            let mut asked = good();
            change(&mut asked);
            let refused = client.price_cart(asked.clone()).await.unwrap_err();
            assert_eq!((refused.code(), reason(&refused).as_str()), (code, expected), "{asked:?}");
            let answers = client.price_carts(v1::PriceCartsRequest { carts: vec![good(), asked] }).await;
            let results = answers.unwrap().into_inner().results;
            assert!(matches!(results[0].result, Some(v1::cart_result::Result::Cart(_))));
            let Some(v1::cart_result::Result::Error(error)) = &results[1].result else {
                panic!("{results:?}")
            };
            assert_eq!((error.code, format!("quoin/{}", error.reason).as_str()), (i32::from(code), expected));
        }
    });
}

#[test]
fn callers_see_and_do_what_their_metadata_say() {
    let running = Running::start();
    let with = |pairs: &[(&'static str, &str)]| {
        let mut request = Request::new(cart(vec![line("INS-000001", 12)]));
        for (name, value) in pairs {
            request.metadata_mut().insert(*name, value.parse().unwrap());
        }
        request
    };
    type Metadata = &'static [(&'static str, &'static str)];
    let cases: [(Metadata, Option<(Code, &str)>); 6] = [
        (&[], None),
        (&[("quoin-roles", "price, quote")], None),
        (&[("quoin-roles", "publish")], Some((Code::PermissionDenied, "quoin/NOT_ALLOWED"))),
        (&[("quoin-roles", "king")], Some((Code::InvalidArgument, "quoin/BAD_METADATA"))),
        (&[("quoin-contracts", "C-00001")], None),
        (&[("quoin-contracts", "C-00002")], Some((Code::NotFound, "quoin/UNKNOWN_CONTRACT"))),
    ];
    block_on(async {
        let mut client = PricingServiceClient::new(running.channel().await);
        for (pairs, expected) in cases {
            let refused = client.price_cart(with(pairs)).await.err();
            let found = refused.as_ref().map(|status| (status.code(), reason(status)));
            let expected = expected.map(|(code, reason)| (code, reason.to_owned()));
            assert_eq!(found, expected, "{pairs:?}");
        }
        let mut catalogue = CatalogueServiceClient::new(running.channel().await);
        let sku = |costs: &'static str| {
            let mut request = Request::new(v1::GetSkuRequest { sku: "INS-000001".to_owned() });
            request.metadata_mut().insert("quoin-sees-costs", costs.parse().unwrap());
            request
        };
        let seen = catalogue.get_sku(sku("true")).await.unwrap().into_inner().sku.unwrap();
        let hidden = catalogue.get_sku(sku("false")).await.unwrap().into_inner().sku.unwrap();
        assert_eq!((seen.unit_cost_micros, seen.cost_currency.as_str()), (Some(4_596_400), "EUR"));
        assert_eq!((hidden.unit_cost_micros, hidden.cost_currency.as_str()), (None, ""));
    });
}

#[test]
fn the_catalogue_is_read_page_by_page() {
    let running = Running::start();
    block_on(async {
        let mut client = CatalogueServiceClient::new(running.channel().await);
        let (mut codes, mut token, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let page = v1::ListSkusRequest { page_size: 60, page_token: token };
            let answer = client.list_skus(page).await.unwrap().into_inner();
            codes.extend(answer.skus.into_iter().map(|sku| (sku.sku, sku.handle)));
            (token, pages) = (answer.next_page_token, pages + 1);
            if token.is_empty() {
                break;
            }
        }
        assert_eq!((codes.len(), pages), (200, 4));
        let skus = codes.iter().map(|(code, _)| code.clone()).chain(["NOBODYS".to_owned()]).collect();
        let resolved = client.resolve_skus(v1::ResolveSkusRequest { skus }).await.unwrap().into_inner();
        let pairs: Vec<_> = resolved.resolved.into_iter().map(|one| (one.sku, one.handle)).collect();
        assert_eq!((pairs, resolved.unknown), (codes, vec!["NOBODYS".to_owned()]));
        let bad = client.list_skus(v1::ListSkusRequest { page_size: 1, page_token: "x".to_owned() }).await;
        assert_eq!(bad.unwrap_err().code(), Code::InvalidArgument);
        let contracts =
            client.list_contracts(v1::ListContractsRequest::default()).await.unwrap().into_inner();
        assert_eq!(contracts.contracts.len(), 12);
        let gone =
            client.get_contract(v1::GetContractRequest { contract: "x".to_owned() }).await.unwrap_err();
        assert_eq!((gone.code(), reason(&gone).as_str()), (Code::NotFound, "quoin/NOT_FOUND"));
        let lists = client.list_price_lists(v1::ListPriceListsRequest::default()).await.unwrap().into_inner();
        assert!(
            lists.price_lists.iter().any(|list| list.price_list == "L-C-00001" && list.contract == CONTRACT)
        );
    });
}

#[test]
fn prices_are_listed_as_a_stream() {
    let running = Running::start();
    block_on(async {
        let mut client = PricingServiceClient::new(running.channel().await);
        let asked = v1::ListPricesRequest {
            contract: CONTRACT.to_owned(),
            pricing_at: Some(AT),
            ..Default::default()
        };
        let (prices, summary) = listed(&mut client, asked).await.unwrap();
        assert_eq!((summary.prices, summary.publication), (200, 1));
        assert_eq!(prices.len(), 200);
        let first = prices.iter().find(|price| price.sku == "INS-000001").unwrap();
        let one = client.price_cart(cart(vec![line("INS-000001", 1)])).await.unwrap().into_inner();
        assert_eq!(first.unit_price_micros, one.lines[0].unit_price_micros);
        let unknown = v1::ListPricesRequest { contract: "x".to_owned(), ..Default::default() };
        assert_eq!(listed(&mut client, unknown).await.unwrap_err().code(), Code::NotFound);
    });
}
