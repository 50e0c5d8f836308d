//! How does quoin stand beside databases that are asked over the wire? In rounds in turn, over the loopback.

use quoin::exchange::generate::Generator;
use serde_json::{Map, Value};

use super::beside::{Beside, Data};
use super::found::{Comparison, Ratio};
use super::medusa::Medusa;
use super::orders;
use super::pinned::Pinned;
use super::plan::Plan;
use super::postgres::Prices;
use super::redis_hashes::Hashes;
use super::rounds::{self, ROUNDS};

/// Contracts that carts are drawn for, at most: all of them.
const CONTRACTS: usize = 10_000;
/// Its rounds are longer.
const ROUNDS_OF_MEDUSA: usize = 3;

/// PostgreSQL.
pub fn postgresql(plan: &Plan, data: &Data, pinned: &Pinned) -> Map<String, Value> {
    let generator = Generator::new(plan.random.clone()).unwrap();
    let orders = orders::of(&generator, CONTRACTS);
    eprintln!("== PostgreSQL: {} carts", orders.len());
    let prices = Prices::load(&generator, &orders, pinned);
    let plain = Beside::plain(data, &generator, &orders, pinned);
    let secured = Beside::secured(data, &generator, &orders, pinned);
    let mut sides = [
        prices.side(pinned),
        plain.side("quoin", &data.kept, pinned),
        secured.side("quoin, TLS and tokens", &data.kept, pinned),
    ];
    rounds::run(&mut sides, ROUNDS);
    let [theirs, ours, with_both] = &sides;
    let ratio = Ratio {
        name: "contract prices",
        to_reach: "20",
        reached: ours.times(theirs),
        secured: Some(with_both.times(theirs)),
    };
    Comparison {
        title: format!("PostgreSQL {}, index-only", first_word(&prices.version)),
        cells: data.cells,
        sides: &sides,
        ratios: vec![ratio],
        told: vec![("PostgreSQL's plan", prices.plan.clone())],
    }
    .put("postgresql")
}

/// Redis, which only looks up: quoin beside it also under its policy.
pub fn redis(plan: &Plan, data: &Data, pinned: &Pinned) -> Map<String, Value> {
    let generator = Generator::new(plan.random.clone()).unwrap();
    let orders = orders::of(&generator, CONTRACTS);
    eprintln!("== Redis: {} carts", orders.len());
    let hashes = Hashes::load(&generator, &orders, pinned);
    let plain = Beside::plain(data, &generator, &orders, pinned);
    let secured = Beside::secured(data, &generator, &orders, pinned);
    let policy = Beside::with_policy(data, &generator, &orders, (pinned, false));
    let policy_secured = Beside::with_policy(data, &generator, &orders, (pinned, true));
    let mut sides = [
        hashes.side(pinned),
        plain.side("quoin", &data.kept, pinned),
        secured.side("quoin, TLS and tokens", &data.kept, pinned),
        policy.side("quoin, 1,000 rules", &data.kept, pinned),
        policy_secured.side("quoin, 1,000 rules, TLS and tokens", &data.kept, pinned),
    ];
    rounds::run(&mut sides, ROUNDS);
    let [theirs, ours, with_both, ruled, ruled_with_both] = &sides;
    let ratio = |name, to_reach, ours: &rounds::Side<'_>, with_both: &rounds::Side<'_>| Ratio {
        name,
        to_reach,
        reached: ours.times(theirs),
        secured: Some(with_both.times(theirs)),
    };
    Comparison {
        title: format!("Redis {}, HMGET", hashes.version),
        cells: data.cells,
        sides: &sides,
        ratios: vec![
            ratio("contract prices", "2", ours, with_both),
            ratio("quoin under its policy of 1,000 rules", "1", ruled, ruled_with_both),
        ],
        told: Vec::new(),
    }
    .put("redis")
}

/// Medusa's pricing module, as shipped and with the index that it lacks.
pub fn medusa(plan: &Plan, data: &Data, pinned: &Pinned) -> Map<String, Value> {
    let generator = Generator::new(plan.random.clone()).unwrap();
    let orders = orders::of(&generator, CONTRACTS);
    eprintln!("== Medusa: {} carts", orders.len());
    let medusa = Medusa::load(&generator, &orders);
    let plain = Beside::plain(data, &generator, &orders, pinned);
    let secured = Beside::secured(data, &generator, &orders, pinned);
    let mut found = Map::new();
    for (key, how) in [("medusa", "as shipped"), ("medusa_indexed", "with the index that it lacks")] {
        if key == "medusa_indexed" {
            medusa.index();
        }
        let mut module = medusa.start(pinned);
        let mut sides = [
            module.side("Medusa's pricing module", &medusa.kept),
            plain.side("quoin", &data.kept, pinned),
            secured.side("quoin, TLS and tokens", &data.kept, pinned),
        ];
        rounds::run(&mut sides, ROUNDS_OF_MEDUSA);
        let [theirs, ours, with_both] = &sides;
        let ratio = Ratio {
            name: "contract prices",
            to_reach: "1,000",
            reached: ours.times(theirs),
            secured: Some(with_both.times(theirs)),
        };
        let comparison = Comparison {
            title: format!("Medusa {}, {how}", medusa.version),
            cells: data.cells,
            sides: &sides,
            ratios: vec![ratio],
            told: Vec::new(),
        };
        found.extend(comparison.put(key));
    }
    found
}

/// What Debian adds to a version is left out.
fn first_word(version: &str) -> &str {
    version.split(' ').next().unwrap_or(version)
}
