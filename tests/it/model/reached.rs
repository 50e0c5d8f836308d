//! Do the scenarios reach what they are there for? Counts of what lines came to, by kind.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use quoin::domain::cell::Target;
use quoin::domain::ladder::TierMode;
use quoin::domain::time::Window;
use quoin::pricing::cart::PricedLine;

use super::naive::Line;

/// Kinds without which the model would not have been asked.
const WANTED: [&str; 24] = [
    "priced",
    "of the SKU",
    "of a category",
    "of a brand",
    "graduated",
    "graduated past the first tier",
    "volume past the first tier",
    "of an open-ended window",
    "of a bounded window",
    "per more than one",
    "in the ordered unit",
    "converted",
    "percent off a list",
    "beside a list price",
    "of an older publication",
    "no_price",
    "no_price_final",
    "no_base_price",
    "no_exchange_rate",
    "no_index_value",
    "price_not_positive",
    "unknown_unit",
    "quantity_too_precise",
    "off_multiple",
];

#[derive(Default)]
pub struct Reached(Mutex<BTreeMap<String, u64>>);

impl Reached {
    /// Counts a line; `older` where it was priced against an older publication than the newest.
    pub fn note(&self, line: &PricedLine, expected: &Line, older: bool) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut count = |kind: &str| *counts.entry(kind.to_owned()).or_default() += 1;
        let Some(source) = &line.source else {
            let status = expected.as_ref().err().map_or("", String::as_str);
            count(status.split(' ').next().unwrap());
            return;
        };
        count("priced");
        count(match source.target {
            Target::Sku(_) => "of the SKU",
            Target::Category(_) => "of a category",
            Target::Brand(_) => "of a brand",
        });
        let past = source.tier > 0;
        match source.mode {
            TierMode::Volume if past => count("volume past the first tier"),
            TierMode::Volume => {}
            TierMode::Graduated => {
                count("graduated");
                if past {
                    count("graduated past the first tier");
                }
            }
        }
        match source.window {
            Window { from: Some(_), to: Some(_) } => count("of a bounded window"),
            Window::ALWAYS => {}
            _ => count("of an open-ended window"),
        }
        for (so, kind) in [
            (source.per > 1, "per more than one"),
            (source.unit == line.unit, "in the ordered unit"),
            (source.unit.0 != 0 && source.unit != line.unit, "converted"),
            (source.percent_of.is_some(), "percent off a list"),
            (line.list_amount != line.amount, "beside a list price"),
            (older, "of an older publication"),
        ] {
            if so {
                count(kind);
            }
        }
    }

    pub fn hold(&self) {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        println!("lines by what they came to: {counts:#?}");
        let missed: Vec<&str> = WANTED.into_iter().filter(|kind| !counts.contains_key(*kind)).collect();
        assert!(missed.is_empty(), "no scenario reached {missed:?}");
    }
}
