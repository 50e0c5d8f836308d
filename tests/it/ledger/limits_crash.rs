//! Does what was held and used of limits outlive a crash, once?
//!
//! The story. A shop holds a scarce benefit for quotes and ships them, through several connections, when the server dies. What
//! was answered must be there as answered; what was in flight may be or not, but never in part. The shop sends everything again,
//! and nothing may be held or used twice.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use quoin::api::document::drafts_of;
use quoin::api::v1;
use quoin::api::v1::ledger_service_client::LedgerServiceClient;
use quoin::domain::decimal::MILLION;
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::engine::ledger::PostDocuments;
use quoin::engine::ledger::limited::Gone;

use super::limits::hold;
use super::world::{World, rule_uses};
use crate::effort::{self, Draws};
use crate::killed::{Numbers, kill_often};

/// Kills.
const KILLS: u32 = 20;
/// What each hold is of, and each shipment uses.
const EACH: i128 = 7;

const POLICY: &str = "quoin_policy: 1\ncurrency: EUR\nrules:\n  - { id: scarce, layer: volume, percent: 1, limit: { quantity: 1000000, overall: true } }\n";

/// What was acknowledged: by hold, its place in the log, and whether it was shipped.
type Acknowledged = Arc<Mutex<BTreeMap<u32, (u64, bool)>>>;

fn contract(number: u32) -> String {
    format!("0.{}", ["A", "B"][usize::try_from(number % 2).unwrap()])
}

fn uses() -> Vec<v1::LimitUse> {
    vec![v1::LimitUse { rule: "scarce".to_owned(), used_micros: i64::try_from(EACH).unwrap() * MILLION }]
}

fn quoted(number: u32) -> v1::PlaceLimitHoldRequest {
    v1::PlaceLimitHoldRequest { id: format!("Q{number}"), contract: contract(number), uses: uses() }
}

/// Two quotes in three are shipped.
fn shipment(number: u32) -> Option<v1::Document> {
    let line = v1::DocumentLine {
        sku: "bolt".to_owned(),
        quantity_micros: MILLION,
        net_amount_micros: MILLION,
        ..Default::default()
    };
    let document = v1::Document {
        id: format!("S{number}"),
        contract: contract(number),
        day: "2026-02-01".to_owned(),
        quote: format!("Q{number}"),
        lines: vec![line],
        uses: uses(),
        ..Default::default()
    };
    (number % 3 != 0).then_some(document)
}

async fn shop_until_killed(address: String, numbers: Numbers, acknowledged: Acknowledged) {
    let Ok(mut client) = LedgerServiceClient::connect(format!("http://{address}")).await else { return };
    loop {
        let number = numbers.next();
        let Ok(answer) = client.place_limit_hold(quoted(number)).await else { return };
        let sequence = answer.into_inner().sequence;
        acknowledged.lock().unwrap().insert(number, (sequence, false));
        if let Some(document) = shipment(number) {
            let asked = v1::PostDocumentsRequest { documents: vec![document], ..Default::default() };
            let Ok(_) = client.post_documents(asked).await else { return };
            acknowledged.lock().unwrap().insert(number, (sequence, true));
        }
    }
}

/// What is gone of the limit, in holds of it.
fn gone(engine: &Engine) -> Gone {
    let Gone { used, held } = engine.limits(&Caller::operator(), "0.H").unwrap().0.remove(0).gone;
    let each = EACH * i128::from(MILLION);
    assert_eq!((used % each, held % each), (0, 0));
    Gone { used: used / each, held: held / each }
}

fn post(engine: &Engine, document: v1::Document) {
    let asked = PostDocuments { documents: drafts_of(vec![document]).unwrap(), ..Default::default() };
    assert!(!engine.post_documents(&Caller::operator(), asked).unwrap().refused());
}

#[test]
fn what_was_held_and_used_outlives_a_kill_once() {
    let world = World::of(1);
    world.publish(POLICY);
    let World { folder, engine } = world;
    drop(engine);
    let data = folder.path().join("data");
    let (numbers, acknowledged) = (Numbers::default(), Acknowledged::default());
    let kills = effort::count(KILLS);
    let shop = |address| shop_until_killed(address, numbers.clone(), Arc::clone(&acknowledged));
    kill_often(&data, (kills, Duration::from_millis(150), Draws::new(63)), shop, |engine| {
        let numbers = numbers.given();
        let there = gone(&engine);
        let count = |of: fn(&(u64, bool)) -> bool| {
            let known = acknowledged.lock().unwrap();
            i128::try_from(known.values().filter(|known| of(known)).count()).unwrap()
        };
        assert!(there.used >= count(|(_, shipped)| *shipped), "what was shipped is used: {there:?}");
        assert!(there.used + there.held >= count(|_| true), "what was held is held or used: {there:?}");
        assert!(there.used + there.held <= i128::from(numbers), "nothing is held twice: {there:?}");
        // All of it again: the answers are those of before, and nothing is taken twice.
        let again = World { folder: tempfile::tempdir().unwrap(), engine };
        let each = rule_uses(&format!("scarce={EACH}"));
        for number in 0..numbers {
            let position = hold(&again, &format!("Q{number}"), &contract(number), &each).unwrap();
            let mut acknowledged = acknowledged.lock().unwrap();
            let known = acknowledged.entry(number).or_insert((position, false));
            assert_eq!(known.0, position, "hold {number}");
            if let Some(document) = shipment(number) {
                post(&again.engine, document);
                known.1 = true;
            }
        }
        let shipped = i128::try_from((0..numbers).filter_map(shipment).count()).unwrap();
        assert_eq!(gone(&again.engine), Gone { used: shipped, held: i128::from(numbers) - shipped });
    });
    let held = acknowledged.lock().unwrap().len();
    println!("{kills} kills while limits were held and used, {held} holds");
    assert!(held > 0);
}
