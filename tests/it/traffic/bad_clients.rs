//! What becomes of clients that say nothing, too little, or too much? Each beside a good one.

use std::time::Duration;

use bytes::Bytes;
use quoin::server::TrafficOptions;

use super::bare::{EXPLAIN, PRICE_CART, WINDOW, connected, framed, head, said};
use super::good::{beside, cart, shed};
use super::raw::{
    CONTINUATION, DATA, END_HEADERS, END_STREAM, ENHANCE_YOUR_CALM, HEADERS, NO_ERROR, RST_STREAM, Raw,
    farewells, frame, names, names_as_portal,
};
use crate::wire::server::{Running, block_on};

const MILLIS: fn(u64) -> Duration = Duration::from_millis;
/// No server takes more of what makes no sense.
const SENSELESS_BYTES: usize = 256 << 20;

#[test]
fn a_body_that_comes_byte_by_byte_is_given_up() {
    let running =
        Running::within(TrafficOptions { body: MILLIS(300), body_rate: 1_024, ..Default::default() });
    for path in [PRICE_CART, EXPLAIN] {
        beside(&running, |address| {
            block_on(async {
                let (mut client, _) = connected(address, WINDOW).await;
                let (response, mut body) = client.send_request(head(path), false).unwrap();
                let dripping = async {
                    // The head of a message of 1,000 bytes, and then one after another of these.
                    for byte in [0, 0, 0, 3, 232].into_iter().chain(std::iter::repeat(1)) {
                        if body.send_data(Bytes::copy_from_slice(&[byte]), false).is_err() {
                            break;
                        }
                        tokio::time::sleep(MILLIS(20)).await;
                    }
                };
                let response = tokio::select! {
                    response = response => response.unwrap(),
                    () = dripping => panic!("the stream ended without an answer"),
                };
                assert_eq!(said(&response), ("4", "the%20request's%20body%20came%20too%20slowly"), "{path}");
            });
        });
    }
}

#[test]
fn who_does_not_begin_is_hung_up_on() {
    let running = Running::within(TrafficOptions { handshake: MILLIS(200), ..Default::default() });
    beside(&running, |address| {
        assert_eq!(Raw::connect(address).until_hung_up(), []);
        let mut slow = Raw::connect(address);
        for byte in b"PRI * HTTP/2.0\r\n\r\n".iter().cycle() {
            if !slow.send(&[*byte]) {
                break;
            }
            std::thread::sleep(MILLIS(20));
        }
        let mut half = Raw::connect(address);
        assert!(half.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0"));
        half.until_hung_up();
    });
}

#[test]
fn streams_that_are_opened_only_to_be_reset_end_the_connection() {
    let running = Running::start();
    beside(&running, |address| {
        let mut raw = Raw::greeted(address);
        let names = names(PRICE_CART);
        let mut sent = 0;
        for stream in (0..10_000_u32).map(|number| number * 2 + 1) {
            let reset = frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes());
            if !raw.send(&[frame(HEADERS, END_HEADERS, stream, &names), reset].concat()) {
                break;
            }
            sent += 1;
        }
        let farewells = farewells(&raw.until_hung_up());
        assert!(farewells.iter().all(|why| *why == ENHANCE_YOUR_CALM), "{sent} sent: {farewells:?}");
    });
}

#[test]
fn whoever_is_refused_by_the_head_and_sends_the_body_all_the_same_keeps_the_connection() {
    let running = Running::start();
    let mut raw = Raw::greeted(&running.address());
    let names = names_as_portal("/quoin.v1.PolicyService/RollbackPolicy");
    let message = frame(DATA, END_STREAM, 0, &[0; 5]);
    // More than the limit of faults, and more at a time than HTTP/2's library remembers streams that it reset.
    let streams: Vec<u32> = (0..400).map(|number| number * 2 + 1).collect();
    for batch in streams.chunks(100) {
        let heads = batch.iter().map(|stream| frame(HEADERS, END_HEADERS, *stream, &names));
        assert!(raw.send(&heads.collect::<Vec<_>>().concat()));
        raw.until_answered(batch[99]);
        for stream in batch {
            let body = [&message[..5], &stream.to_be_bytes(), &message[9..]].concat();
            assert!(raw.send(&body));
        }
    }
    assert!(raw.send(&frame(HEADERS, END_HEADERS | END_STREAM, 801, &names)));
    raw.until_answered(801);
}

#[test]
fn headers_that_never_end_end_the_connection() {
    let running = Running::start();
    beside(&running, |address| {
        let mut raw = Raw::greeted(address);
        assert!(raw.send(&frame(HEADERS, 0, 1, &names(PRICE_CART))));
        // A header of one letter and no value, as text, two thousand times a frame.
        let more = frame(CONTINUATION, 0, 1, &[0, 1, b'x', 0].repeat(2_000));
        raw.send_endlessly(&more, SENSELESS_BYTES);
        let mut raw = Raw::greeted(address);
        assert!(raw.send(&frame(HEADERS, 0, 1, &names(PRICE_CART))));
        raw.send_endlessly(&frame(CONTINUATION, 0, 1, &[]), SENSELESS_BYTES);
    });
}

#[test]
fn empty_frames_without_end_end_the_connection() {
    let running = Running::start();
    beside(&running, |address| {
        let mut raw = Raw::greeted(address);
        assert!(raw.send(&frame(HEADERS, END_HEADERS, 1, &names(PRICE_CART))));
        raw.send_endlessly(&frame(DATA, 0, 1, &[]).repeat(100), SENSELESS_BYTES);
    });
}

#[test]
fn a_message_of_a_gibibyte_is_refused_by_its_head() {
    let running = Running::start();
    for path in [PRICE_CART, EXPLAIN] {
        beside(&running, |address| {
            block_on(async {
                let (mut client, _) = connected(address, WINDOW).await;
                let (response, mut body) = client.send_request(head(path), false).unwrap();
                let stated = [&[0], (1_u32 << 30).to_be_bytes().as_slice(), &[7; 1_000]].concat();
                body.send_data(Bytes::from(stated), false).unwrap();
                let response = response.await.unwrap();
                assert_eq!(said(&response).0, "11", "{path}: {:?}", said(&response));
            });
        });
    }
}

#[test]
fn requests_that_wait_for_their_rest_have_so_much_room_together() {
    let running = Running::within(TrafficOptions { unread: 100_000, ..Default::default() });
    beside(&running, |address| {
        block_on(async {
            let (mut client, _) = connected(address, WINDOW).await;
            let half = [&[0], 60_000_u32.to_be_bytes().as_slice(), &[7; 55_000]].concat();
            let mut open = Vec::new();
            for _ in 0..2 {
                let (response, mut body) = client.send_request(head(PRICE_CART), false).unwrap();
                body.reserve_capacity(half.len());
                body.send_data(Bytes::from(half.clone()), false).unwrap();
                open.push((response, body));
            }
            let (second, _body) = open.pop().unwrap();
            assert_eq!(said(&second.await.unwrap()).0, "8");
            assert_eq!(shed(&running, "REQUESTS_NOT_WHOLE"), 1);
        });
    });
}

#[test]
fn a_client_that_takes_no_answer_is_hung_up_on() {
    let running =
        Running::within(TrafficOptions { handshake: MILLIS(50), send: MILLIS(300), ..Default::default() });
    beside(&running, |address| {
        block_on(async {
            let (mut client, ended) = connected(address, 0).await;
            let (_response, mut body) = client.send_request(head(PRICE_CART), false).unwrap();
            body.send_data(framed(&cart(10)), true).unwrap();
            tokio::time::timeout(Duration::from_secs(20), ended).await.unwrap().unwrap();
        });
    });
}

#[test]
fn too_many_connections_of_one_peer_are_not_taken() {
    let running = Running::within(TrafficOptions { connections_per_peer: 4, ..Default::default() });
    beside(&running, |address| {
        // The good client has the fourth.
        let hold = |_| {
            let mut raw = Raw::greeted(address);
            // Workers take connections in any order: until it is answered, another one could be taken in its place.
            assert!(raw.answers());
            raw
        };
        let held: Vec<Raw> = (0..3).map(hold).collect();
        assert!(!Raw::greeted(address).answers(), "a fifth is closed without a word");
        assert_eq!(shed(&running, "CONNECTIONS"), 1);
        drop(held);
        while !Raw::greeted(address).answers() {
            std::thread::sleep(MILLIS(5));
        }
    });
}

#[test]
fn who_asks_nothing_and_who_is_old_is_told_to_go() {
    let (handshake, idle) = (MILLIS(50), MILLIS(200));
    let running = Running::within(TrafficOptions { handshake, idle, ..Default::default() });
    beside(&running, |address| {
        let mut idle = Raw::greeted(address);
        assert!(farewells(&idle.until_hung_up()).contains(&NO_ERROR));
    });
    let (age, grace) = (MILLIS(200), MILLIS(200));
    let running = Running::within(TrafficOptions { handshake, age, grace, ..Default::default() });
    let address = running.address();
    let mut old = Raw::greeted(&address);
    // A call that does not end does not keep it for longer than the grace.
    assert!(old.send(&frame(HEADERS, END_HEADERS, 1, &names(PRICE_CART))));
    assert!(farewells(&old.until_hung_up()).contains(&NO_ERROR));
}
