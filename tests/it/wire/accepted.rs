//! What was accepted and is to be shipped, over gRPC and at a terminal.

use quoin::api::quote::cart_told;
use quoin::api::v1;
use quoin::api::v1::ledger_service_client::LedgerServiceClient;
use quoin::api::v1::quote_service_client::QuoteServiceClient;
use quoin::domain::decimal::Micros;
use serde_json::json;

use super::server::{CONTRACT, Running, block_on, demo_engine};
use crate::process::{ended, json, on};

fn less(total: &str, taken: i64) -> String {
    Micros(Micros::parse(total).unwrap().0 - taken * 1_000_000).to_text(2)
}

#[test]
fn what_is_to_be_shipped_crosses_the_wire() {
    let running = Running::start();
    block_on(async {
        let mut quotes = QuoteServiceClient::new(running.channel().await);
        let line = v1::CartLine {
            id: "1".to_owned(),
            sku_ref: Some(v1::cart_line::SkuRef::Sku("INS-000001".to_owned())),
            quantity_micros: 3_000_000,
            ..v1::CartLine::default()
        };
        let cart = v1::PriceCartRequest {
            contract: CONTRACT.to_owned(),
            lines: vec![line],
            ..v1::PriceCartRequest::default()
        };
        let content = Some(v1::QuoteContent { cart: Some(cart), ..v1::QuoteContent::default() });
        let create = v1::CreateQuoteRequest { content, ..v1::CreateQuoteRequest::default() };
        let made = quotes.create_quote(create).await.unwrap().into_inner();
        let total = cart_told(&made.quote.unwrap().cart).unwrap().total;

        let mut ledger = LedgerServiceClient::new(running.channel().await);
        let asked = || v1::GetProgressRequest { contract: CONTRACT.to_owned(), ..Default::default() };
        let found = ledger.get_progress(asked()).await.unwrap().into_inner();
        assert_eq!((found.accepted_quotes, found.accepted_open.as_str()), (Vec::new(), "0.00"));

        let action = Some(v1::QuoteAction { number: "Q-1".to_owned(), ..v1::QuoteAction::default() });
        let accept = v1::AcceptQuoteRequest { action, ..v1::AcceptQuoteRequest::default() };
        quotes.accept_quote(accept).await.unwrap();
        let mut shipped = super::ledger::document("S1", v1::DocumentKind::Shipment, "", 10_000_000);
        shipped.quote = "Q-1".to_owned();
        ledger.post_documents(super::ledger::asked(vec![shipped])).await.unwrap();
        let found = ledger.get_progress(asked()).await.unwrap().into_inner();
        let open = less(&total, 10);
        let quote = v1::AcceptedQuote {
            number: "Q-1".to_owned(),
            accepted: less(&total, 0),
            shipped: "10.00".to_owned(),
            open: open.clone(),
            currency: "EUR".to_owned(),
        };
        assert_eq!(found.accepted_quotes, [quote]);
        assert_eq!((found.accepted_open, found.untold_accepted_quotes), (open, 0));
    });
}

#[test]
fn what_is_to_be_shipped_is_told_at_a_terminal() {
    let (own, engine) = demo_engine();
    drop(engine);
    let data = own.path().join("data");
    let made = on(&data, &["--json", "quote", "create", "--contract", CONTRACT, "INS-000001=3"]);
    let total = json(&made)["quote"]["cart"]["total"].as_str().unwrap().to_owned();
    let progress = || on(&data, &["ledger", "progress", "--contract", CONTRACT]);
    let text = String::from_utf8(progress().stdout).unwrap();
    assert!(!text.contains("not yet shipped"), "{text}");
    assert_eq!(ended(&on(&data, &["quote", "accept", "Q-1"])).0, 0);
    let file = own.path().join("documents.csv");
    let rows = "document,kind,contract,day,quote,sku,quantity,net_amount\n\
                S1,shipment,C-00001,2026-02-03,Q-1,INS-000001,1,10\n";
    std::fs::write(&file, rows).unwrap();
    assert_eq!(ended(&on(&data, &["ledger", "post", file.to_str().unwrap()])), (0, String::new()));
    let told = json(&on(&data, &["--json", "ledger", "progress", "--contract", CONTRACT]));
    let open = less(&total, 10);
    assert_eq!(
        told["accepted_quotes"],
        json!([{ "number": "Q-1", "accepted": less(&total, 0), "shipped": "10.00", "open": open, "currency": "EUR" }])
    );
    assert_eq!(told["accepted_open"], json!(open));
    let text = String::from_utf8(progress().stdout).unwrap();
    let expected = format!("{open} EUR open of these\n");
    assert!(text.contains("accepted, not yet shipped") && text.contains(&expected), "{text}");
}
