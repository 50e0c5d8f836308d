//! Is a deadline honoured? What cannot meet it is not begun, and long work asks in between.

use quoin::api::v1;

use super::bare::{EXPLAIN, PRICE_CART, PRICE_CARTS, WINDOW, connected, framed, said, send};
use super::good::{beside, cart};
use crate::wire::server::{Running, block_on};

const PASSED: (&str, &str) = ("4", "the%20call's%20deadline%20has%20passed");
const SERVED: (&str, &str) = ("", "");

#[test]
fn what_nobody_waits_for_is_not_begun() {
    let running = Running::start();
    let cases = [
        ("0n", PASSED.0, PASSED.1),
        ("1n", PASSED.0, PASSED.1),
        ("soon", "3", "grpc-timeout%20%22soon%22%20is%20not%20"),
        ("123456789S", "3", "grpc-timeout%20"),
        ("99999999H", SERVED.0, SERVED.1),
        ("20S", SERVED.0, SERVED.1),
    ];
    beside(&running, |address| {
        block_on(async {
            let (mut client, _) = connected(address, WINDOW).await;
            let explained = framed(&v1::ExplainRequest { cart: Some(cart(1)) });
            for (timeout, code, begins) in cases {
                for (path, message) in [(PRICE_CART, framed(&cart(1))), (EXPLAIN, explained.clone())] {
                    let answer = send(&mut client, path, message, Some(timeout)).await.unwrap();
                    let (found, message) = said(&answer);
                    assert_eq!(found, code, "{path} {timeout}: {message}");
                    assert!(message.starts_with(begins), "{path} {timeout}: {message}");
                }
            }
        });
    });
}

#[test]
fn long_work_ends_when_nobody_waits_any_more() {
    let running = Running::start();
    block_on(async {
        let (mut client, _) = connected(&running.address(), WINDOW).await;
        // A thousand carts of 100 lines take far more than a few milliseconds.
        let carts = framed(&v1::PriceCartsRequest { carts: vec![cart(100); 1_000] });
        let answer = send(&mut client, PRICE_CARTS, carts, Some("5m")).await.unwrap();
        assert_eq!(said(&answer), PASSED);
    });
}
