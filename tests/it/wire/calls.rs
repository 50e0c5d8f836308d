//! Does each call answer over gRPC what the engine answers, and refuse what is to be refused?

use prost_types::Timestamp;
use quoin::api::v1;
use quoin::api::v1::cart_line::SkuRef;
use quoin::api::v1::catalogue_service_client::CatalogueServiceClient;
use quoin::api::v1::import_request::Part;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use quoin::api::v1::publication_service_client::PublicationServiceClient;
use quoin::server::access::AccessOptions;
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

fn reason(status: &Status) -> String {
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

fn import(parts: Vec<Part>) -> impl tonic::IntoStreamingRequest<Message = v1::ImportRequest> {
    tokio_stream::iter(parts.into_iter().map(|part| v1::ImportRequest { part: Some(part) }))
}

fn file(name: &str, text: &'static str) -> [Part; 2] {
    let opening = v1::ImportFile { name: name.to_owned(), ..Default::default() };
    [Part::File(opening), Part::Chunk(text.as_bytes().into())]
}

#[test]
fn files_come_in_by_a_stream_and_are_published_together_or_not_at_all() {
    let running = Running::start();
    let header = || Part::Header(v1::ImportHeader::default());
    let spool = running.engine.store().staging_dir();
    block_on(async {
        let mut client = PublicationServiceClient::new(running.channel().await);
        let good = file("prices.csv", "price_list,sku,price\nBASE,INS-000001,6.72\n");
        let [opening, chunk] = good.clone();
        let end = || Part::End(v1::ImportEnd { files: 1 });
        let answer =
            client.import(import(vec![header(), opening.clone(), chunk.clone(), end()])).await.unwrap();
        let report = answer.into_inner().report.unwrap();
        assert_eq!((report.verdict(), report.publication), (v1::ImportVerdict::Published, 2), "{report:?}");
        assert_eq!(report.greatest_rise.unwrap().after_micros, 6_720_000);

        let [bad, rows] = file("prices.csv", "price_list,sku,price\nBASE,INS-000001,\"1,234.5\"\n");
        let answer = client.import(import(vec![header(), bad, rows, end()])).await.unwrap();
        let report = answer.into_inner().report.unwrap();
        assert_eq!((report.verdict(), report.rejected), (v1::ImportVerdict::Rejected, 1));
        let row = &report.rejected_rows[0];
        assert_eq!((row.row, row.column.as_str(), row.value.as_str()), (2, "price", "1,234.5"));

        let wrong: [(Vec<Part>, &str); 4] = [
            (vec![header(), end()], "end.files"),
            (vec![opening.clone()], "header"),
            (vec![header(), chunk.clone()], "chunk"),
            (vec![header(), header()], "header"),
        ];
        for (parts, field) in wrong {
            let refused = client.import(import(parts)).await.unwrap_err();
            let fields = refused.get_details_bad_request().unwrap().field_violations;
            assert_eq!((refused.code(), fields[0].field.as_str()), (Code::InvalidArgument, field));
        }
        let broken: [Vec<Part>; 3] = [vec![], vec![header()], vec![header(), opening.clone(), chunk.clone()]];
        for parts in broken {
            let refused = client.import(import(parts)).await.unwrap_err();
            assert_eq!((refused.code(), reason(&refused).as_str()), (Code::Aborted, "quoin/BROKEN_OFF"));
        }
        let [odd, rows] = file("stuff.csv", "a\n1\n");
        let refused = client.import(import(vec![header(), odd, rows, end()])).await.unwrap_err();
        assert!(refused.message().contains("files[0].kind"), "{refused}");
        let listed =
            client.list_publications(v1::ListPublicationsRequest::default()).await.unwrap().into_inner();
        let numbers: Vec<u64> = listed.publications.iter().map(|one| one.number).collect();
        assert_eq!(numbers, [2, 1]);
        let newest =
            client.get_publication(v1::GetPublicationRequest { number: 0 }).await.unwrap().into_inner();
        assert_eq!(newest.publication.unwrap().number, 2);
    });
    assert_eq!(spool.read_dir().unwrap().count(), 0, "uploads leave nothing behind");
}

#[test]
fn how_tax_is_rounded_and_which_lists_include_it_comes_in_and_is_told() {
    let running = Running::start();
    block_on(async {
        let mut client = PublicationServiceClient::new(running.channel().await);
        let [contracts, contract_rows] = file(
            "contracts.csv",
            "contract,counterparty,currency,time_zone,tax_rounding\nC-00001,CP-00001,EUR,Europe/Berlin,document\n",
        );
        let [lists, list_rows] =
            file("price_lists.csv", "price_list,currency,tax\nBASE,EUR,included\nL-C-00002,EUR,\n");
        let header = Part::Header(v1::ImportHeader::default());
        let end = Part::End(v1::ImportEnd { files: 2 });
        let parts = vec![header, contracts, contract_rows, lists, list_rows, end];
        let report = client.import(import(parts)).await.unwrap().into_inner().report.unwrap();
        assert_eq!(report.verdict(), v1::ImportVerdict::Published, "{report:?}");
        let mut catalogue = CatalogueServiceClient::new(running.channel().await);
        let mut rounding = async |contract: &str| {
            let asked = v1::GetContractRequest { contract: contract.to_owned() };
            let found = catalogue.get_contract(asked).await.unwrap().into_inner().contract.unwrap();
            found.rounding.unwrap().tax_rounding
        };
        assert_eq!(
            (rounding("C-00001").await, rounding("C-00002").await),
            ("document".to_owned(), "line".to_owned())
        );
        let asked = v1::ListPriceListsRequest::default();
        let listed = catalogue.list_price_lists(asked).await.unwrap().into_inner().price_lists;
        let included: Vec<&str> =
            listed.iter().filter(|list| list.tax_included).map(|list| list.price_list.as_str()).collect();
        assert_eq!(included, ["BASE"]);
    });
}

#[test]
fn an_upload_that_breaks_off_leaves_nothing_behind() {
    let running = Running::start();
    let spool = running.engine.store().staging_dir();
    block_on(async {
        let mut client = PublicationServiceClient::new(running.channel().await);
        let (sender, receiver) = tokio::sync::mpsc::channel(4);
        let stream = tokio_stream::wrappers::ReceiverStream::new(receiver);
        let call = tokio::spawn(async move { client.import(stream).await });
        let [opening, chunk] = file("prices.csv", "price_list,sku,price\nBASE,INS-000001,9.99\n");
        for part in [Part::Header(v1::ImportHeader::default()), opening, chunk] {
            sender.send(v1::ImportRequest { part: Some(part) }).await.unwrap();
        }
        wait_until(|| spool.read_dir().unwrap().count() == 1).await;
        call.abort();
        wait_until(|| spool.read_dir().unwrap().count() == 0).await;
    });
    assert_eq!(running.engine.view().publication.0, 1);
}

async fn wait_until(true_soon: impl Fn() -> bool) {
    for _ in 0..500 {
        if true_soon() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("waited for five seconds");
}

#[test]
fn health_answers_and_reflection_names_the_services() {
    use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
    use tonic_reflection::pb::v1::ServerReflectionRequest;
    use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
    use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
    use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
    let running = Running::with(AccessOptions { reflection: true, ..AccessOptions::default() });
    let silent = Running::start();
    block_on(async {
        let mut health = HealthClient::new(running.channel().await);
        for service in ["", "quoin.v1.PricingService"] {
            let answer = health.check(HealthCheckRequest { service: service.to_owned() }).await.unwrap();
            assert_eq!(answer.into_inner().status().as_str_name(), "SERVING");
        }
        let mut reflection = ServerReflectionClient::new(running.channel().await);
        let ask = ServerReflectionRequest {
            host: String::new(),
            message_request: Some(MessageRequest::ListServices(String::new())),
        };
        let mut answers =
            reflection.server_reflection_info(tokio_stream::iter([ask])).await.unwrap().into_inner();
        let answer = answers.message().await.unwrap().unwrap().message_response.unwrap();
        let MessageResponse::ListServicesResponse(listed) = answer else { panic!("{answer:?}") };
        let names: Vec<_> = listed.service.into_iter().map(|service| service.name).collect();
        assert!(names.contains(&"quoin.v1.PricingService".to_owned()), "{names:?}");
        // Nobody is told of services unless the operator asked for that.
        let mut reflection = ServerReflectionClient::new(silent.channel().await);
        let refused = reflection.server_reflection_info(tokio_stream::empty()).await.unwrap_err();
        assert_eq!(refused.code(), Code::Unimplemented);
    });
}
