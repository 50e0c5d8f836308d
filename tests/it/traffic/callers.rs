//! What may one caller ask that others may ask all the same? Calls in flight, and lines a second.

use std::time::Duration;

use quoin::api::v1;
use quoin::api::v1::ledger_service_client::LedgerServiceClient;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use quoin::server::access::{AccessOptions, digest_text};
use quoin::server::{ServeOptions, TrafficOptions};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request};

use tempfile::TempDir;

use super::good::{cart, reason, retry_after};
use crate::wire::server::{Running, block_on};

/// A service with limits that tells three callers apart by their keys.
fn running(traffic: TrafficOptions) -> (TempDir, Running) {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "callers:\n".to_owned();
    for name in ["erp", "portal", "desk"] {
        let digest = digest_text(key(name).as_bytes());
        text.push_str(&format!("  - name: {name}\n    key_sha256: {digest}\n"));
        text.push_str("    roles: [price, quote, post]\n    contracts: all\n");
    }
    let callers = folder.path().join("callers.yaml");
    std::fs::write(&callers, text).unwrap();
    let access = AccessOptions { callers: Some(callers), ..AccessOptions::default() };
    (folder, Running::serving(ServeOptions { traffic, access, ..ServeOptions::default() }))
}

fn key(name: &str) -> String {
    format!("quoin_key-of-{name}")
}

/// A call by one of them.
fn by<T>(name: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {}", key(name)).parse().unwrap());
    request
}

#[test]
fn a_caller_has_so_many_calls_in_flight() {
    let (_folder, running) = running(TrafficOptions { caller_in_flight: 2, ..TrafficOptions::default() });
    block_on(async {
        let mut ledger = LedgerServiceClient::new(running.channel().await);
        let mut pricing = PricingServiceClient::new(running.channel().await);
        let (ends, ended) = tokio::sync::mpsc::channel(1);
        let _one = ledger.stream_documents(by("erp", ReceiverStream::new(ended))).await.unwrap();
        let _other = ledger.stream_documents(by("erp", tokio_stream::pending())).await.unwrap();
        let refused = pricing.price_cart(by("erp", cart(1))).await.unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused).as_str()),
            (Code::ResourceExhausted, "CALLER_IN_FLIGHT")
        );
        assert_eq!(retry_after(&refused), (Duration::from_millis(100), Duration::from_millis(100)));
        pricing.price_cart(by("portal", cart(1))).await.unwrap();
        drop(ends);
        while pricing.price_cart(by("erp", cart(1))).await.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
}

#[test]
fn a_caller_has_so_many_lines_priced_a_second() {
    let (_folder, running) = running(TrafficOptions { caller_lines: Some(10), ..TrafficOptions::default() });
    block_on(async {
        let mut client = PricingServiceClient::new(running.channel().await);
        let explain = |lines| by("erp", v1::ExplainRequest { cart: Some(cart(lines)) });
        // Whichever way lines are priced, they count: 10,010 at 10 a second are made up for in 1,000 seconds.
        client.price_cart(by("erp", cart(10_000))).await.unwrap();
        let refused = client.explain(explain(10)).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::ResourceExhausted, "CALLER_LINES"));
        let (told, pushback) = retry_after(&refused);
        assert!((900..1_000).contains(&told.as_secs()) && (900..1_000).contains(&pushback.as_secs()));
        let mut explained = by("portal", v1::ExplainRequest { cart: Some(cart(500)) });
        client.explain(explained).await.unwrap();
        explained = by("portal", v1::ExplainRequest { cart: Some(cart(1)) });
        assert_eq!(reason(&client.explain(explained).await.unwrap_err()), "CALLER_LINES");
        let carts = v1::PriceCartsRequest { carts: vec![cart(300), cart(200)] };
        client.price_carts(by("desk", carts)).await.unwrap();
        assert_eq!(reason(&client.price_cart(by("desk", cart(1))).await.unwrap_err()), "CALLER_LINES");
    });
}
