//! What may one caller ask that others may ask all the same? Calls in flight, and lines a second.

use std::time::Duration;

use quoin::api::v1;
use quoin::api::v1::ledger_service_client::LedgerServiceClient;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use quoin::server::TrafficOptions;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request};

use super::good::{as_portal, cart, reason, retry_after};
use crate::wire::server::{Running, block_on};

#[test]
fn a_caller_has_so_many_calls_in_flight() {
    let running = Running::within(TrafficOptions { caller_in_flight: 2, ..TrafficOptions::default() });
    block_on(async {
        let mut ledger = LedgerServiceClient::new(running.channel().await);
        let mut pricing = PricingServiceClient::new(running.channel().await);
        let (ends, ended) = tokio::sync::mpsc::channel(1);
        let _one = ledger.stream_documents(ReceiverStream::new(ended)).await.unwrap();
        let _other = ledger.stream_documents(tokio_stream::pending()).await.unwrap();
        let refused = pricing.price_cart(cart(1)).await.unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused).as_str()),
            (Code::ResourceExhausted, "CALLER_IN_FLIGHT")
        );
        assert_eq!(retry_after(&refused), (Duration::from_millis(100), Duration::from_millis(100)));
        pricing.price_cart(as_portal(cart(1))).await.unwrap();
        drop(ends);
        while pricing.price_cart(cart(1)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
}

#[test]
fn a_caller_has_so_many_lines_priced_a_second() {
    let running = Running::within(TrafficOptions { caller_lines: Some(10), ..TrafficOptions::default() });
    block_on(async {
        let mut client = PricingServiceClient::new(running.channel().await);
        let explain = |lines| Request::new(v1::ExplainRequest { cart: Some(cart(lines)) });
        // Whichever way lines are priced, they count: 10,010 at 10 a second are made up for in 1,000 seconds.
        client.price_cart(cart(10_000)).await.unwrap();
        let refused = client.explain(explain(10)).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::ResourceExhausted, "CALLER_LINES"));
        let (told, pushback) = retry_after(&refused);
        assert!((900..1_000).contains(&told.as_secs()) && (900..1_000).contains(&pushback.as_secs()));
        let mut explained = as_portal(v1::ExplainRequest { cart: Some(cart(500)) });
        client.explain(explained).await.unwrap();
        explained = as_portal(v1::ExplainRequest { cart: Some(cart(1)) });
        assert_eq!(reason(&client.explain(explained).await.unwrap_err()), "CALLER_LINES");
        let carts = v1::PriceCartsRequest { carts: vec![cart(300), cart(200)] };
        let mut quoting = Request::new(carts);
        quoting.metadata_mut().insert("quoin-roles", "price,quote".parse().unwrap());
        client.price_carts(quoting).await.unwrap();
        let mut quoting = Request::new(cart(1));
        quoting.metadata_mut().insert("quoin-roles", "price,quote".parse().unwrap());
        assert_eq!(reason(&client.price_cart(quoting).await.unwrap_err()), "CALLER_LINES");
    });
}
