//! Which share of a request does each stage take, and how far is it from its limit? In BENCHMARKS.md, by `make stages`.

use std::time::Instant;

use super::super::figures::{median, scaled};
use super::super::page;
use super::of_cart::{Bench, STAGES, Stage};

const MARKERS: (&str, &str) = ("<!-- stages -->\n", "<!-- end of stages -->");
/// Of every stage, in turn with the others of its folder.
const ROUNDS: usize = 41;

/// Nanoseconds of a cart, by the number of the stage: medians of rounds in turn, each over all carts of a folder.
pub fn rounds(folder: &str, bench: &Bench, found: &mut [u64; STAGES.len()]) {
    let stages = || STAGES.iter().enumerate().filter(|(_, stage)| stage.folder == folder);
    let mut times = vec![Vec::new(); STAGES.len()];
    for _ in 0..ROUNDS {
        for (number, stage) in stages() {
            let begun = Instant::now();
            for cart in &bench.carts {
                (stage.run)(bench, cart);
            }
            let nanos = u64::try_from(begun.elapsed().as_nanos()).unwrap();
            times[number].push(nanos / u64::try_from(bench.carts.len()).unwrap());
        }
    }
    for (number, _) in stages() {
        found[number] = median(std::mem::take(&mut times[number]));
    }
}

/// Writes what was found.
pub fn rewrite(found: &[u64; STAGES.len()]) {
    let mut out = String::from(
        "| data | stage | us | of the whole | instructions, at most | the limit, us |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for (stage, nanos) in STAGES.iter().zip(found) {
        let of_folder = |(other, _): &(&Stage, &u64)| other.folder == stage.folder && other.name == "whole";
        let whole = STAGES.iter().zip(found).find(of_folder).map(|(_, whole)| *whole);
        let share = whole.map_or(String::new(), |whole| format!("{} %", nanos * 100 / whole.max(1)));
        let us = scaled(*nanos, 3);
        let most = super::super::figures::grouped(&stage.most.to_string());
        out.push_str(&format!(
            "| {} | {} | {us} | {share} | {most} | {} |\n",
            stage.folder, stage.name, stage.limit
        ));
    }
    assert!(page::put(MARKERS, &out), "BENCHMARKS.md has no place for stages");
}
