//! `quoin load`: what does a running server bear? Carts at a stated rate, whether or not it keeps up (docs/LOAD.md).
//!
//! The load is open: calls are made when they are due, and a call's time runs from when it was due, so that a server that
//! stalls is told by every call that it kept waiting, and not by the one that was in its hands.

pub mod arguments;
mod chance;
mod chart;
mod goods;
mod outcome;
mod report;
mod run;
mod schedule;
mod svg;
mod wire;

use crate::cli::Outcome;
use crate::cli::arguments::Common;
use crate::cli::failure::{Failure, UNAVAILABLE};
use crate::cli::output;

use arguments::Load;
use goods::Goods;
use report::Made;
use run::Run;

/// Runs it.
pub fn run(common: &Common, asked: &Load) -> Outcome {
    let plan = asked.plan()?;
    let goods = match &asked.files {
        Some(folder) => Goods::of_files(folder, asked.contracts)?,
        None => Goods::of_server(common, &asked.server, asked.contracts)?,
    };
    let (contracts, skus) = goods.counts();
    let seconds = (plan.warm_up + plan.duration).as_secs();
    eprintln!("carts of {contracts} contracts and {skus} SKUs; {} runs of {seconds} s", plan.rates.len());
    let mut runs = Vec::new();
    for (number, rate) in (0..).zip(&plan.rates) {
        let run = Run { plan: &plan, asked, common, goods: &goods, rate: *rate, number };
        runs.push(Made { rate: *rate, outcomes: run.make()? });
    }
    if let Some(path) = &asked.svg {
        let written = std::fs::write(path, svg::picture(&runs, &plan));
        written.map_err(|error| Failure::new(UNAVAILABLE, format!("{}: {error}", path.display())))?;
    }
    if common.json {
        output::json(&report::json(&runs, &plan))
    } else {
        output::text(&report::text(&runs, &plan))
    }
}
