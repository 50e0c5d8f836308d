//! Quote calls over gRPC: made, given back the same, accepted, watched, and seen by those alone who may.

use quoin::api::caller::{CONTRACTS, ROLES, SEES_COSTS};
use quoin::api::quote::cart_told;
use quoin::api::v1;
use quoin::api::v1::create_quote_result::Result as Created;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use quoin::api::v1::quote_service_client::QuoteServiceClient;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;

use super::server::{CONTRACT, Running, block_on};

const SKU: &str = "INS-000001";

pub(super) fn line(id: &str, sku: &str, quantity: i64) -> v1::CartLine {
    v1::CartLine {
        id: id.to_owned(),
        sku_ref: Some(v1::cart_line::SkuRef::Sku(sku.to_owned())),
        quantity_micros: quantity * 1_000_000,
        ..v1::CartLine::default()
    }
}

pub(super) fn cart(lines: Vec<v1::CartLine>) -> v1::PriceCartRequest {
    v1::PriceCartRequest {
        contract: CONTRACT.to_owned(),
        lines,
        view: v1::CartView::Waterfall.into(),
        ..v1::PriceCartRequest::default()
    }
}

pub(super) fn create(id: &str, quantity: i64) -> v1::CreateQuoteRequest {
    let content = v1::QuoteContent {
        cart: Some(cart(vec![line("1", SKU, quantity)])),
        customer_reference: "PO-7".to_owned(),
        text: "for the roof".to_owned(),
        terms: "30 days".to_owned(),
        divisible_lines: vec!["1".to_owned()],
        ..v1::QuoteContent::default()
    };
    let (request_id, content, reason) = (id.to_owned(), Some(content), "asked for".to_owned());
    v1::CreateQuoteRequest { request_id, content, reason, validate_only: false }
}

pub(super) fn action(number: &str, id: &str) -> Option<v1::QuoteAction> {
    let (number, request_id) = (number.to_owned(), id.to_owned());
    Some(v1::QuoteAction { number, request_id, ..v1::QuoteAction::default() })
}

pub(super) fn reason(status: &Status) -> String {
    status.get_error_details().error_info().unwrap().reason.clone()
}

pub(super) async fn client(running: &Running) -> QuoteServiceClient<Channel> {
    QuoteServiceClient::new(running.channel().await)
}

/// As somebody else than the operator.
pub(super) fn by<T>(message: T, roles: &str, contracts: &str) -> Request<T> {
    let mut request = Request::new(message);
    let metadata = request.metadata_mut();
    metadata.insert(ROLES, roles.parse().unwrap());
    metadata.insert(CONTRACTS, contracts.parse().unwrap());
    metadata.insert(SEES_COSTS, "false".parse().unwrap());
    request
}

#[test]
fn a_quote_is_what_was_priced_and_is_given_back_the_same() {
    let running = Running::start();
    block_on(async {
        let mut client = client(&running).await;
        let made = client.create_quote(create("r1", 3)).await.unwrap().into_inner();
        let quote = made.quote.clone().unwrap();
        let summary = quote.summary.clone().unwrap();
        assert_eq!((summary.number.as_str(), summary.contract.as_str()), ("Q-1", CONTRACT));
        assert_eq!((summary.state(), summary.revision), (v1::QuoteState::Issued, 1));
        assert_eq!((quote.text.as_str(), quote.terms.as_str()), ("for the roof", "30 days"));
        assert_eq!(quote.divisible_lines, ["1"]);
        let event = made.event.clone().unwrap();
        assert_eq!(
            (event.change(), event.by.as_str(), event.reason.as_str()),
            (v1::QuoteChange::Created, "operator", "asked for")
        );
        // It is the answer of PriceCart, of the same instant.
        let mut pricing = PricingServiceClient::new(running.channel().await);
        let told = cart_told(&quote.cart).unwrap();
        let same = v1::PriceCartRequest { pricing_at: told.pricing_at, ..cart(vec![line("1", SKU, 3)]) };
        let priced = pricing.price_cart(same).await.unwrap().into_inner();
        assert_eq!(v1::PriceCartResponse { position: told.position, ..priced }, told);
        assert!(!told.lines[0].steps.is_empty());
        assert_eq!(quote.asked.clone().unwrap().lines, cart(vec![line("1", SKU, 3)]).lines);
        // Again by the same id, and asked for by its number.
        let again = client.create_quote(create("r1", 3)).await.unwrap().into_inner();
        assert_eq!(again, made);
        let get = v1::GetQuoteRequest {
            number: "Q-1".to_owned(),
            with_today: true,
            ..v1::GetQuoteRequest::default()
        };
        let got = client.get_quote(get).await.unwrap().into_inner();
        assert_eq!(got.quote, made.quote);
        assert_eq!(cart_told(&got.today).unwrap().total, told.total);
        let reused = client.create_quote(create("r1", 4)).await.unwrap_err();
        assert_eq!((reused.code(), reason(&reused).as_str()), (Code::AlreadyExists, "REQUEST_ID_REUSED"));
        assert!(reused.message().contains("lines[0].quantity"), "{}", reused.message());
        // A part, then the rest.
        let lines = vec![v1::AcceptLine { line_id: "1".to_owned(), quantity_micros: 1_000_000 }];
        let accept = v1::AcceptQuoteRequest { action: action("Q-1", "a1"), lines, allow_late: false };
        let part = client.accept_quote(accept).await.unwrap().into_inner();
        assert_eq!(part.event.unwrap().parts[0].quantity_micros, 1_000_000);
        let rest =
            v1::AcceptQuoteRequest { action: action("Q-1", "a2"), ..v1::AcceptQuoteRequest::default() };
        let rest = client.accept_quote(rest).await.unwrap().into_inner();
        let summary = rest.quote.unwrap().summary.unwrap();
        assert_eq!(summary.state(), v1::QuoteState::Accepted);
        let amounts: i64 = summary.accepted.iter().map(|part| part.amount_micros).sum();
        assert_eq!(amounts, told.lines[0].amount_micros);
        let history = v1::GetQuoteHistoryRequest { number: "Q-1".to_owned() };
        let events = client.get_quote_history(history).await.unwrap().into_inner().events;
        assert_eq!(
            events.iter().map(v1::QuoteEvent::change).collect::<Vec<_>>(),
            [v1::QuoteChange::Created, v1::QuoteChange::Accepted, v1::QuoteChange::Accepted]
        );
    });
}

#[test]
fn many_are_made_and_accepted_each_by_itself() {
    let running = Running::start();
    block_on(async {
        let mut client = client(&running).await;
        let mut quotes: Vec<_> =
            (1..=100).map(|number| create(&format!("m{number}"), number % 9 + 1)).collect();
        quotes[41].content.as_mut().unwrap().cart.as_mut().unwrap().lines[0].quantity_micros = -1;
        let syncs = running.engine.store().commits_synced();
        let made = client.create_quotes(v1::CreateQuotesRequest { quotes }).await.unwrap().into_inner();
        let synced = running.engine.store().commits_synced() - syncs;
        assert!(synced < 99, "99 quotes in {synced} syncs");
        let mut accepts = Vec::new();
        for (place, result) in made.results.iter().enumerate() {
            match &result.result {
                Some(Created::Quote(made)) => accepts.push(v1::AcceptQuoteRequest {
                    action: action(&made.event.as_ref().unwrap().number, ""),
                    ..v1::AcceptQuoteRequest::default()
                }),
                Some(Created::Error(error)) => {
                    assert_eq!((place, error.code), (41, Code::InvalidArgument.into()));
                    assert!(error.message.contains("content.cart.lines[0]"), "{}", error.message);
                }
                None => panic!("no result"),
            }
        }
        assert_eq!(accepts.len(), 99);
        accepts.push(accepts[0].clone());
        let taken =
            client.accept_quotes(v1::AcceptQuotesRequest { quotes: accepts }).await.unwrap().into_inner();
        let errors = taken.results.iter().filter(|result| {
            matches!(&result.result, Some(v1::accept_quote_result::Result::Error(error)) if error.reason == "QUOTE_ACCEPTED")
        });
        assert_eq!(errors.count(), 1, "one of them is there twice");
        let none = client.create_quotes(v1::CreateQuotesRequest::default()).await.unwrap_err();
        assert_eq!(none.code(), Code::InvalidArgument);
    });
}

#[test]
fn callers_see_and_do_what_they_may() {
    let running = Running::start();
    block_on(async {
        let mut client = client(&running).await;
        let made = client.create_quote(create("", 3)).await.unwrap().into_inner();
        let get = || v1::GetQuoteRequest { number: "Q-1".to_owned(), ..v1::GetQuoteRequest::default() };
        let own = client.get_quote(by(get(), "quote", CONTRACT)).await.unwrap().into_inner().quote.unwrap();
        assert!(own.margin.is_none(), "no margin for a caller who may not see costs");
        assert_eq!(own.cart, made.quote.as_ref().unwrap().cart);
        let other = client.get_quote(by(get(), "quote", "C-00002")).await.unwrap_err();
        assert_eq!(other.code(), Code::NotFound);
        let price = client.get_quote(by(get(), "price", CONTRACT)).await.unwrap_err();
        assert_eq!(price.code(), Code::PermissionDenied);
        let approve = v1::ApproveQuoteRequest { action: action("Q-1", "") };
        let status = client.approve_quote(by(approve, "quote", CONTRACT)).await.unwrap_err();
        assert_eq!(status.code(), Code::PermissionDenied);
        let list =
            client.list_quotes(by(v1::ListQuotesRequest::default(), "quote", "C-00002")).await.unwrap();
        assert!(list.into_inner().quotes.is_empty());
    });
}

#[test]
fn a_watcher_is_told_everything_once_from_any_position_on() {
    let running = Running::start();
    block_on(async {
        let mut client = client(&running).await;
        client.create_quote(create("", 1)).await.unwrap();
        let from =
            |after_position| v1::WatchQuotesRequest { after_position, ..v1::WatchQuotesRequest::default() };
        let mut all = client.watch_quotes(from(Some(0))).await.unwrap().into_inner();
        let mut new = client.watch_quotes(from(None)).await.unwrap().into_inner();
        let mut none = client.watch_quotes(by(from(Some(0)), "quote", "C-00002")).await.unwrap().into_inner();
        client.create_quote(create("", 2)).await.unwrap();
        let decline = v1::DeclineQuoteRequest { action: action("Q-2", "") };
        client.decline_quote(decline).await.unwrap();
        let told = |event: v1::WatchQuotesResponse| {
            let event = event.event.unwrap();
            (event.number.clone(), event.change(), event.position)
        };
        let mut first = Vec::new();
        for _ in 0..3 {
            first.push(told(all.message().await.unwrap().unwrap()));
        }
        let names: Vec<_> = first.iter().map(|(number, change, _)| (number.as_str(), *change)).collect();
        assert_eq!(
            names,
            [
                ("Q-1", v1::QuoteChange::Created),
                ("Q-2", v1::QuoteChange::Created),
                ("Q-2", v1::QuoteChange::Declined)
            ]
        );
        for expected in &first[1..] {
            assert_eq!(&told(new.message().await.unwrap().unwrap()), expected);
        }
        // Going on from what was told last.
        let mut rest = client.watch_quotes(from(Some(first[1].2))).await.unwrap().into_inner();
        assert_eq!(told(rest.message().await.unwrap().unwrap()), first[2]);
        let waited = tokio::time::timeout(std::time::Duration::from_millis(50), none.message()).await;
        assert!(waited.is_err(), "another's quotes are told to nobody");
    });
}
