//! Does what was done with points outlive a crash, once?
//!
//! The story. A shop holds points for carts and spends them as orders are paid, through several connections, when the server
//! dies. What was answered must be there as answered; what was in flight may be or not, but never in part. The shop sends
//! everything again, and no point may be taken twice.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use quoin::api::v1;
use quoin::api::v1::loyalty_service_client::LoyaltyServiceClient;
use quoin::domain::time::Instant;
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::engine::ledger::loyalty::{MovementKind, PointsStanding};

use super::world::{World, document};
use crate::effort::{self, Draws};
use crate::killed::{Numbers, kill_often};

/// Kills.
const KILLS: u32 = 30;
/// Points of each hold.
const EACH: i64 = 7_000_000;

const POLICY: &str =
    "quoin_policy: 1\ncurrency: EUR\npoints:\n  - { id: p, earn: { percent: 100 }, expire_months: 12 }\n";

/// What was acknowledged: by hold, its place in the log, and whether it was spent.
type Acknowledged = Arc<Mutex<BTreeMap<String, (u64, bool)>>>;

fn hold(number: u32) -> v1::HoldPointsRequest {
    v1::HoldPointsRequest {
        id: format!("H{number}"),
        contract: format!("0.{}", ["A", "B"][usize::try_from(number % 2).unwrap()]),
        programme: "p".to_owned(),
        points_micros: EACH,
        day: "2026-02-01".to_owned(),
    }
}

/// Holds, and spends two in three, until the server is gone.
async fn shop_until_killed(address: String, numbers: Numbers, acknowledged: Acknowledged) {
    let Ok(mut client) = LoyaltyServiceClient::connect(format!("http://{address}")).await else { return };
    loop {
        let number = numbers.next();
        let Ok(answer) = client.hold_points(hold(number)).await else { return };
        let sequence = answer.into_inner().moved.unwrap().sequence;
        acknowledged.lock().unwrap().insert(format!("H{number}"), (sequence, false));
        if number % 3 != 0 {
            let request = v1::SpendPointsRequest { hold: format!("H{number}"), document: String::new() };
            let Ok(_) = client.spend_points(request).await else { return };
            acknowledged.lock().unwrap().insert(format!("H{number}"), (sequence, true));
        }
    }
}

fn standing(engine: &Engine, contract: &str) -> PointsStanding {
    let at = Instant::parse("2026-03-01T10:00:00Z").unwrap();
    engine.points(&Caller::operator(), contract, Some(at)).unwrap().0.remove(0)
}

#[test]
fn holds_that_were_acknowledged_outlive_a_kill_once() {
    let world = World::of(1);
    world.publish(POLICY);
    world.posted(vec![
        document(0, "S1 shipment A 2026-01-15 bolt 1 1000000"),
        document(0, "S2 shipment B 2026-01-15 bolt 1 1000000"),
    ]);
    let World { folder, engine } = world;
    drop(engine);
    let data = folder.path().join("data");
    let (numbers, acknowledged) = (Numbers::default(), Acknowledged::default());
    let kills = effort::count(KILLS);
    let shop = |address| shop_until_killed(address, numbers.clone(), Arc::clone(&acknowledged));
    kill_often(&data, (kills, Duration::from_millis(150), Draws::new(32)), shop, |engine| {
        let mut there = BTreeMap::new();
        for contract in ["0.A", "0.B"] {
            let of = standing(&engine, contract);
            let holds = of.movements.iter().filter(|of| of.kind != MovementKind::Earned);
            let before = there.len();
            there.extend(holds.map(|of| (of.id.clone(), of.kind == MovementKind::Spent)));
            let taken = i128::from(EACH) * i128::try_from(there.len() - before).unwrap();
            assert_eq!(of.balance.held + of.balance.spent, taken, "{contract}");
            assert_eq!(of.balance.spendable, 1_000_000_000_000 - taken, "{contract}");
        }
        for (id, (_, spent)) in acknowledged.lock().unwrap().iter() {
            let found = there.get(id).unwrap_or_else(|| panic!("hold {id} was acknowledged"));
            assert!(*found || !spent, "{id} was spent");
        }
        // All of it again: the answers are those of before, and nothing is taken twice.
        for number in 0..numbers.given() {
            let asked = hold(number);
            let day = quoin::domain::day::CivilDay::parse(&asked.day).unwrap();
            let asked = quoin::engine::ledger::loyalty::HoldPoints {
                id: &asked.id,
                contract: &asked.contract,
                programme: &asked.programme,
                points: quoin::domain::decimal::Micros(asked.points_micros),
                day: Some(day),
            };
            let moved = engine.hold_points(&Caller::operator(), asked).unwrap();
            let mut acknowledged = acknowledged.lock().unwrap();
            let known = acknowledged.entry(asked.id.to_owned()).or_insert((moved.position.0, false));
            assert_eq!(known.0, moved.position.0, "hold {}", asked.id);
        }
    });
    let held = acknowledged.lock().unwrap().len();
    println!("{kills} kills while points were held and spent, {held} holds");
    assert!(held > 0);
}
