//! A well-behaved client, which asks for a small cart again and again while others misbehave.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use quoin::api::v1;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use tonic::transport::Channel;
use tonic::{Request, Status};
use tonic_types::StatusExt;

use crate::operating::asking::page;
use crate::wire::server::{CONTRACT, Running, block_on};

/// Carts that must be served while something goes on.
const SERVED_LEAST: usize = 3;

/// A cart of so many lines.
pub fn cart(lines: usize) -> v1::PriceCartRequest {
    let line = |number: usize| v1::CartLine {
        id: number.to_string(),
        sku_ref: Some(v1::cart_line::SkuRef::Sku("INS-000001".to_owned())),
        quantity_micros: 12_000_000,
        ..v1::CartLine::default()
    };
    v1::PriceCartRequest {
        contract: CONTRACT.to_owned(),
        pricing_at: Some(prost_types::Timestamp { seconds: 1_790_000_000, nanos: 0 }),
        lines: (0..lines).map(line).collect(),
        ..v1::PriceCartRequest::default()
    }
}

/// A call with the role `price` alone.
pub fn as_portal<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("quoin-roles", "price".parse().unwrap());
    request
}

/// `google.rpc.ErrorInfo`'s reason.
pub fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// How often the server says that it turned something away for this reason.
pub fn shed(running: &Running, reason: &str) -> u64 {
    let ops = running.server.as_ref().unwrap().ops_address().unwrap().to_string();
    let (_, page) = page(&ops, "/metrics");
    let sample = format!("quoin_shed_total{{reason=\"{reason}\"}} ");
    page.lines().find_map(|line| line.strip_prefix(&sample)).unwrap().parse().unwrap()
}

/// How long a status says to wait before the call is tried again, in both ways.
pub fn retry_after(status: &Status) -> (Duration, Duration) {
    let told = status.get_details_retry_info().unwrap().retry_delay.unwrap();
    let pushback = status.metadata().get("grpc-retry-pushback-ms").unwrap().to_str().unwrap();
    (told, Duration::from_millis(pushback.parse().unwrap()))
}

/// Does something while a good client asks, which must be served all the while.
pub fn beside<T>(running: &Running, bad: impl FnOnce(&str) -> T) -> T {
    let (served, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let address = running.address();
    let good = {
        let (served, done, address) = (Arc::clone(&served), Arc::clone(&done), address.clone());
        std::thread::spawn(move || block_on(asks(address, served, done)))
    };
    let wait_for_more = || {
        let wanted = served.load(Ordering::Relaxed) + SERVED_LEAST;
        while served.load(Ordering::Relaxed) < wanted && !good.is_finished() {
            std::thread::sleep(Duration::from_millis(1));
        }
    };
    wait_for_more();
    let outcome = bad(&address);
    wait_for_more();
    done.store(true, Ordering::Relaxed);
    good.join().unwrap();
    outcome
}

async fn asks(address: String, served: Arc<AtomicUsize>, done: Arc<AtomicBool>) {
    let channel = Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
    let mut client = PricingServiceClient::new(channel);
    while !done.load(Ordering::Relaxed) {
        let asked = tokio::time::timeout(Duration::from_secs(20), client.price_cart(as_portal(cart(3))));
        let answer = asked.await.expect("the good client waits too long").unwrap().into_inner();
        assert_eq!(answer.lines.len(), 3);
        served.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
