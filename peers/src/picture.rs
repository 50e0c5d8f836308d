//! How does it look? Carts a second of everybody, as bars on a scale of powers of ten.

use serde_json::{Map, Value};

use super::chart::{Chart, Curve, Look, Scale, picture};
use super::plan::draw;
use super::table::peers;

/// Of a power of ten.
const PARTS: u64 = 1_000;
/// Between two peers on the axis, and between two bars of one.
const PEER: u64 = 100;
const BAR: u64 = 18;
/// From one cart in ten seconds to ten million a second.
const LEAST_PER_1000_S: u64 = 100;
const MOST: u64 = 8;

/// Draws docs/pictures/peers.svg.
pub fn draw_all(found: &Map<String, Value>) {
    let all: Vec<&Value> = peers(found).collect();
    let mut names = Vec::new();
    let mut bars = [("the peer", Vec::new()), ("quoin", Vec::new()), ("quoin, TLS, tokens", Vec::new())];
    for (number, peer) in (0_u64..).zip(&all) {
        let begin = number * PEER + PEER / 4;
        names.push((begin + BAR, axis_name(peer)));
        for side in peer["sides"].as_array().unwrap() {
            let name = side["name"].as_str().unwrap();
            let which = match (name.starts_with("quoin"), name.contains("TLS")) {
                (false, _) => 0,
                (true, false) => 1,
                (true, true) => 2,
            };
            // The first of a kind: contract prices alone.
            let at = begin + u64::try_from(which).unwrap() * BAR;
            if bars[which].1.iter().all(|(across, _)| *across < begin) {
                let height = height(side["carts_per_s"].as_str().unwrap());
                bars[which].1.extend([(at, 0), (at, height), (at, 0)]);
            }
        }
    }
    let curve =
        |(name, points): (&str, Vec<(u64, u64)>)| Curve { name: name.to_owned(), look: Look::Line, points };
    let powers = ["0.1", "1", "10", "100", "1,000", "10,000", "100,000", "1,000,000", "10,000,000"];
    let up = (0_u64..).zip(powers).map(|(power, name)| (power * PARTS, name.to_owned())).collect();
    let chart = Chart {
        heading: "Carts of 100 lines a second, one processor".to_owned(),
        x: Scale { from: 0, to: PEER * u64::try_from(all.len()).unwrap(), names },
        y: Scale { from: 0, to: MOST * PARTS, names: up },
        curves: bars.into_iter().map(curve).collect(),
    };
    draw("peers", &picture(&[chart]));
}

/// The first word of its title, without what only a page needs.
fn axis_name(peer: &Value) -> String {
    let title = peer["title"].as_str().unwrap().replace('`', "");
    let words: Vec<&str> = title.split(&[' ', ',']).collect();
    match words.as_slice() {
        ["rust_decimal", ..] => "HashMap".to_owned(),
        [first, ..] if title.contains("index on") => format!("{first}, indexed"),
        [first, ..] => (*first).to_owned(),
        [] => title,
    }
}

/// Of a rate with three digits after the point: its logarithm, in parts, above the least that is drawn.
fn height(rate: &str) -> u64 {
    let per_1000_s: u64 = rate.replace('.', "").parse().unwrap();
    let mut left = u128::from(per_1000_s.max(LEAST_PER_1000_S)) * 1_000_000 / u128::from(LEAST_PER_1000_S);
    let mut height = 0;
    while left >= 10_000_000 {
        left /= 10;
        height += PARTS;
    }
    // Within a power of ten in steps of its thousandth root, 1.0023052.
    let mut step = 1_000_000_u128;
    while step < left {
        step = step * 10_023_052 / 10_000_000;
        height += 1;
    }
    height
}
