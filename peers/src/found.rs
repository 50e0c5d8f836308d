//! What was found beside a peer? As JSON, decimals as strings; a run replaces what it measured anew and leaves the rest.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::figures::{grouped, scaled};
use super::machine::load_average;
use super::plan::target;
use super::rounds::{Side, busy_percent, nanos, rate};

/// A peer beside quoin.
pub struct Comparison<'c, 's> {
    /// Who it is, for people.
    pub title: String,
    /// Prices of each side.
    pub cells: u64,
    /// All of them, quoin too.
    pub sides: &'c [Side<'s>],
    /// What is to be reached, and what was.
    pub ratios: Vec<Ratio>,
    /// Whatever else explains the figures.
    pub told: Vec<(&'static str, String)>,
}

/// How many times as many carts as the peer.
pub struct Ratio {
    /// Of what, for people.
    pub name: &'static str,
    /// Empty where nothing was asked for.
    pub to_reach: &'static str,
    /// In hundredths, tokens and TLS off.
    pub reached: u64,
    /// In hundredths, both on.
    pub secured: Option<u64>,
}

impl Comparison<'_, '_> {
    /// Under a key.
    pub fn put(self, key: &str) -> Map<String, Value> {
        let ratio = |ratio: &Ratio| {
            json!({
                "name": ratio.name, "to_reach": ratio.to_reach, "reached": scaled(ratio.reached, 2),
                "secured": ratio.secured.map(|secured| scaled(secured, 2)),
            })
        };
        let told: Map<String, Value> =
            self.told.into_iter().map(|(name, text)| (name.to_owned(), text.into())).collect();
        let found = json!({
            "title": self.title,
            "cells": self.cells,
            "load_average": load_average(),
            "sides": self.sides.iter().map(side).collect::<Vec<_>>(),
            "ratios": self.ratios.iter().map(ratio).collect::<Vec<_>>(),
            "told": told,
        });
        Map::from_iter([(key.to_owned(), found)])
    }
}

fn side(side: &Side<'_>) -> Value {
    let (p50, p99) = (side.of(|round| nanos(round.p50)), side.of(|round| nanos(round.p99)));
    json!({
        "name": side.name,
        "carts_per_s": scaled(side.of(rate), 3),
        "p50_us": scaled(p50, 3),
        "p99_us": scaled(p99, 3),
        "busy_percent": side.of(busy_percent),
        "bytes_a_cell": side.kept.bytes_a_cell,
        "load_s": side.kept.load_s,
    })
}

/// Puts what was found with what earlier runs found of other peers, and gives all of it.
pub fn write(found: Map<String, Value>) -> Map<String, Value> {
    let mut all: Map<String, Value> = match std::fs::read_to_string(path()) {
        Ok(text) => serde_json::from_str(&text).unwrap(),
        Err(_) => Map::new(),
    };
    all.extend(found);
    std::fs::write(path(), serde_json::to_string_pretty(&all).unwrap() + "\n").unwrap();
    eprintln!("== written: {}", path().display());
    all
}

/// What is told of a peer: over how many cells, how many times as many carts as it, by what is compared, and how long each side took to load.
pub fn told(found: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut told = vec![("cells".to_owned(), grouped(&found["cells"].to_string()))];
    for ratio in found["ratios"].as_array().unwrap() {
        let name = text(&ratio["name"]);
        told.push((format!("{name}/secured"), text(&ratio["secured"])));
        told.push((name, text(&ratio["reached"])));
    }
    for side in found["sides"].as_array().unwrap() {
        told.push((format!("{}/load_s", text(&side["name"])), text(&side["load_s"])));
    }
    told
}

fn path() -> PathBuf {
    target().join("bench-peers.json")
}
