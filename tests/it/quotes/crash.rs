//! Does every quote outlive a crash as it was answered, once?
//!
//! The story. Portals make quotes, revise, accept and decline them through several connections when the server dies. What was
//! answered must be there as answered; what was in flight may be or not, but never in part. The portals send everything again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use prost::Message;
use quoin::api::quote_calls;
use quoin::api::v1;
use quoin::api::v1::quote_service_client::QuoteServiceClient;
use quoin::engine::Engine;
use quoin::quotes::number::QuoteNo;

use super::world::{World, boss};
use crate::effort::{self, Draws};
use crate::killed::{Numbers, kill_often};

const KILLS: u32 = 60;
const LINES: i64 = 10;

/// By request id: the request, and its whole answer.
type Acknowledged = Arc<Mutex<BTreeMap<String, (Asked, Vec<u8>)>>>;

#[derive(Debug, Clone)]
enum Asked {
    Create(v1::CreateQuoteRequest),
    Revise(v1::ReviseQuoteRequest),
    Accept(v1::AcceptQuoteRequest),
    Decline(v1::DeclineQuoteRequest),
}

fn cart(quantity: i64) -> v1::PriceCartRequest {
    let line = |number: i64| v1::CartLine {
        id: number.to_string(),
        sku_ref: Some(v1::cart_line::SkuRef::Sku(
            ["bolt", "nut"][usize::try_from(number % 2).unwrap()].to_owned(),
        )),
        quantity_micros: (quantity + number) * 1_000_000,
        ..v1::CartLine::default()
    };
    v1::PriceCartRequest {
        contract: "A".to_owned(),
        lines: (0..LINES).map(line).collect(),
        ..v1::PriceCartRequest::default()
    }
}

fn content(quantity: i64) -> Option<v1::QuoteContent> {
    Some(v1::QuoteContent { cart: Some(cart(quantity)), ..v1::QuoteContent::default() })
}

/// Makes quotes, and does something with each, until the server is gone.
async fn portal_until_killed(address: String, numbers: Numbers, acknowledged: Acknowledged) {
    let Ok(mut client) = QuoteServiceClient::connect(format!("http://{address}")).await else { return };
    loop {
        let number = numbers.next();
        let note = |asked: Asked, id: &str, answer: Vec<u8>| {
            acknowledged.lock().unwrap().insert(id.to_owned(), (asked, answer));
        };
        let id = format!("c{number}");
        let create = v1::CreateQuoteRequest {
            request_id: id.clone(),
            content: content(i64::from(number % 7) + 1),
            ..v1::CreateQuoteRequest::default()
        };
        let Ok(answer) = client.create_quote(create.clone()).await else { return };
        let answer = answer.into_inner();
        let quote = answer.event.as_ref().unwrap().number.clone();
        note(Asked::Create(create), &id, answer.encode_to_vec());
        let id = format!("d{number}");
        let action = Some(v1::QuoteAction {
            request_id: id.clone(),
            number: quote.clone(),
            ..v1::QuoteAction::default()
        });
        let done = match number % 4 {
            0 => {
                let content = content(i64::from(number % 5) + 2);
                let asked = v1::ReviseQuoteRequest {
                    request_id: id.clone(),
                    number: quote,
                    content,
                    ..v1::ReviseQuoteRequest::default()
                };
                let answer = client.revise_quote(asked.clone()).await;
                answer.map(|answer| (Asked::Revise(asked), answer.into_inner().encode_to_vec()))
            }
            1 | 2 => {
                let asked = v1::AcceptQuoteRequest { action, ..v1::AcceptQuoteRequest::default() };
                let answer = client.accept_quote(asked.clone()).await;
                answer.map(|answer| (Asked::Accept(asked), answer.into_inner().encode_to_vec()))
            }
            _ => {
                let asked = v1::DeclineQuoteRequest { action };
                let answer = client.decline_quote(asked.clone()).await;
                answer.map(|answer| (Asked::Decline(asked), answer.into_inner().encode_to_vec()))
            }
        };
        let Ok((asked, answer)) = done else { return };
        note(asked, &id, answer);
    }
}

/// The answer to the same request.
fn again(engine: &Engine, asked: &Asked) -> Vec<u8> {
    // As the server's callers without metadata: who may do and see everything.
    let caller = quoin::engine::caller::Caller::operator();
    match asked {
        Asked::Create(asked) => quote_calls::create(engine, &caller, asked).unwrap().encode_to_vec(),
        Asked::Revise(asked) => quote_calls::revise(engine, &caller, asked).unwrap().encode_to_vec(),
        Asked::Accept(asked) => quote_calls::accept(engine, &caller, asked).unwrap().encode_to_vec(),
        Asked::Decline(asked) => {
            let decline = quoin::quotes::life::Act::Decline;
            let done = quote_calls::act(engine, &caller, (asked.action.as_ref(), decline)).unwrap();
            v1::DeclineQuoteResponse { quote: done.0, event: done.1 }.encode_to_vec()
        }
    }
}

#[test]
fn quotes_that_were_acknowledged_outlive_a_kill_as_answered() {
    let World { folder, engine, .. } = World::new();
    drop(engine);
    let data = folder.path().join("data");
    let (numbers, acknowledged) = (Numbers::default(), Acknowledged::default());
    let kills = effort::count(KILLS);
    let mut quotes = 0;
    let portal = |address| portal_until_killed(address, numbers.clone(), Arc::clone(&acknowledged));
    kill_often(&data, (kills, Duration::from_millis(200), Draws::new(71)), portal, |engine| {
        // All of it again: each answer is the first one, byte for byte.
        for (id, (asked, answer)) in acknowledged.lock().unwrap().iter() {
            assert_eq!(&again(&engine, asked), answer, "request {id}");
        }
        // What is there has no gap, and every quote its whole history.
        let mut there = 0;
        while let Ok((events, _)) = engine.quote_history(&boss(), QuoteNo(there + 1)) {
            there += 1;
            let quoted = engine.quote(&boss(), QuoteNo(there), None).unwrap();
            assert_eq!(quoted.head.events, u32::try_from(events.len()).unwrap());
            assert_eq!(Some(&quoted.event), events.last());
        }
        let made = acknowledged.lock().unwrap().keys().filter(|id| id.starts_with('c')).count();
        assert!(there >= u64::try_from(made).unwrap(), "{there} quotes, {made} acknowledged");
        assert!(there <= u64::from(numbers.given()), "{there} quotes");
        quotes = there;
    });
    println!(
        "{kills} kills while quotes were made, {quotes} quotes, {} answers",
        acknowledged.lock().unwrap().len()
    );
    assert!(quotes > 0);
}
