//! How does a contract look that has its own price list and nothing else? The same data folder, with other contracts
//! and access sequences published into it: no shared list is asked, and there is no reference list.

use std::path::Path;

use quoin::engine::caller::Caller;
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::engine::{Engine, EngineOptions};
use quoin::exchange::source::Source;

use super::files::Files;
use super::folders::copy;
use super::plan::fresh_folder;

/// Copies a data folder that was imported from `files`, and publishes the other contracts into the copy.
pub fn make(files: &Files, data: &Path, single: &Path) {
    copy(data, single);
    let variant = fresh_folder("run/single-files");
    let mut contracts = csv::Reader::from_path(files.folder.join("contracts.csv")).unwrap();
    let header = contracts.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (contract, reference) = (place("contract"), place("reference_list"));
    let mut out = csv::Writer::from_path(variant.join("contracts.csv")).unwrap();
    let mut access = csv::Writer::from_path(variant.join("access.csv")).unwrap();
    out.write_record(&header).unwrap();
    access.write_record(["contract", "position", "price_list"]).unwrap();
    for record in contracts.records() {
        let record = record.unwrap();
        let kept = record.iter().enumerate();
        out.write_record(kept.map(|(at, text)| if at == reference { "" } else { text })).unwrap();
        let code = &record[contract];
        access.write_record([code, "10", &format!("L-{code}")]).unwrap();
    }
    out.flush().unwrap();
    access.flush().unwrap();
    publish(&variant, single);
}

fn publish(variant: &Path, single: &Path) {
    let options = EngineOptions { create: false, ..EngineOptions::new(single) };
    let engine = Engine::open(&options).unwrap();
    let before = engine.view();
    let job = ImportJob { sources: Source::of_paths([variant], None).unwrap(), ..ImportJob::default() };
    let report = engine.import(&Caller::operator(), &job, &Silent).unwrap();
    assert_eq!(report.verdict, Verdict::Published, "{:?}", report.refused);
    let view = engine.view();
    assert_eq!(view.points(), before.points());
    assert_eq!(view.catalogue.contracts.len(), before.catalogue.contracts.len());
    for contract in view.catalogue.contracts.iter() {
        assert!(contract.reference_list.is_none(), "{} has a reference list", contract.code);
        assert_eq!(contract.access.len(), 1, "{} asks several lists", contract.code);
    }
}
