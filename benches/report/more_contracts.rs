//! Which contracts are there for a policy to name besides those that carts are priced for? As many as make ten thousand.

use std::ops::Range;

use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::exchange::generate::Generator;
use quoin::exchange::generate::lists::contract_code;
use quoin::exchange::source::Source;

use super::plan::fresh_folder;

/// Contracts in all, at least.
pub const CONTRACTS: u32 = 10_000;
/// Contracts that no cart is priced for, at least.
const OTHERS: u32 = 1_000;

/// Publishes further contracts, without price lists, and says which contracts no cart is priced for.
pub fn add(engine: &Engine, generator: &Generator) -> Range<u32> {
    let there = generator.options().contracts;
    let all = CONTRACTS.max(there + OTHERS);
    let folder = fresh_folder("run/more-contracts");
    let mut out = csv::Writer::from_path(folder.join("contracts.csv")).unwrap();
    out.write_record(["contract", "counterparty", "currency", "time_zone"]).unwrap();
    for contract in there..all {
        out.write_record([contract_code(contract).as_str(), "CP-00001", "EUR", "Europe/Berlin"]).unwrap();
    }
    out.flush().unwrap();
    let points = engine.view().points();
    let job = ImportJob { sources: Source::of_paths([folder], None).unwrap(), ..ImportJob::default() };
    let report = engine.import(&Caller::operator(), &job, &Silent).unwrap();
    assert_eq!(report.verdict, Verdict::Published, "{:?}", report.refused);
    let view = engine.view();
    assert_eq!(view.points(), points);
    assert_eq!(view.catalogue.contracts.len(), usize::try_from(all).unwrap());
    all - OTHERS..all
}
