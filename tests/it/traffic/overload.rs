//! What happens where there is more to do than can be done? What is too much is refused at once, and the rest is done.

use std::time::Duration;

use quoin::api::v1;
use quoin::api::v1::catalogue_service_client::CatalogueServiceClient;
use quoin::api::v1::ledger_service_client::LedgerServiceClient;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use quoin::server::TrafficOptions;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use super::bare::{PRICE_CART, WINDOW, connected, framed, said, send};
use super::good::{as_portal, beside, cart, reason, retry_after, shed};
use crate::wire::server::{Running, block_on};

#[test]
fn two_blocked_calls_fill_a_limit_of_two() {
    let running = Running::within(TrafficOptions { calls_in_flight: 2, ..TrafficOptions::default() });
    beside(&running, |_| {
        block_on(async {
            let mut ledger = LedgerServiceClient::new(running.channel().await);
            let mut catalogue = CatalogueServiceClient::new(running.channel().await);
            let asked = v1::ListContractsRequest::default();
            let (ends, ended) = tokio::sync::mpsc::channel(1);
            let _one = ledger.stream_documents(ReceiverStream::new(ended)).await.unwrap();
            let _other = ledger.stream_documents(tokio_stream::pending()).await.unwrap();
            let refused = catalogue.list_contracts(asked.clone()).await.unwrap_err();
            assert_eq!(
                (refused.code(), reason(&refused).as_str()),
                (Code::ResourceExhausted, "CALLS_IN_FLIGHT")
            );
            assert_eq!(retry_after(&refused), (Duration::from_millis(100), Duration::from_millis(100)));
            assert_eq!((shed(&running, "CALLS_IN_FLIGHT"), shed(&running, "OVERLOADED")), (1, 0));
            // Carts have no part in that limit, and whether the service is there is always told.
            let mut pricing = PricingServiceClient::new(running.channel().await);
            pricing.price_cart(cart(1)).await.unwrap();
            let mut health = HealthClient::new(running.channel().await);
            health.check(HealthCheckRequest::default()).await.unwrap();
            drop(ends);
            while catalogue.list_contracts(asked.clone()).await.is_err() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
    });
}

#[test]
fn carts_that_would_wait_too_long_are_refused_and_told_when_to_come_back() {
    // The waterfalls of a cart of 500 lines take a millisecond or more: most of the hundred that come at once would wait longer.
    let (wait_target, wait_most) = (Duration::from_micros(500), Duration::from_millis(2));
    let running = Running::within(TrafficOptions { wait_target, wait_most, ..TrafficOptions::default() });
    block_on(async {
        let (mut client, _) = connected(&running.address(), WINDOW).await;
        let asked = v1::PriceCartRequest { view: v1::CartView::Waterfall.into(), ..cart(500) };
        let message = framed(&asked);
        send(&mut client, PRICE_CART, message.clone(), None).await.unwrap();
        let calls: Vec<_> = (0..100).map(|_| send(&mut client, PRICE_CART, message.clone(), None)).collect();
        let (mut served, mut refused) = (0, 0);
        for call in calls {
            let answer = call.await.unwrap();
            if said(&answer).0.is_empty() {
                served += 1;
                continue;
            }
            let status = Status::from_header_map(answer.headers()).unwrap();
            assert_eq!((status.code(), reason(&status).as_str()), (Code::ResourceExhausted, "OVERLOADED"));
            let (told, pushback) = retry_after(&status);
            assert_eq!(told, pushback);
            assert!((100..200).contains(&told.as_millis()), "{told:?}");
            refused += 1;
        }
        assert!(served > 0 && refused > 0, "{served} served, {refused} refused");
        assert_eq!(shed(&running, "OVERLOADED"), refused);
        // It is over: whoever asks is served again.
        let mut client = PricingServiceClient::new(running.channel().await);
        client.price_cart(as_portal(cart(2_000))).await.unwrap();
    });
}
