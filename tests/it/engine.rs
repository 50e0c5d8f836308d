//! Does an import become prices? The demo's files, published and priced through the engine.

use quoin::domain::contract::Circumstances;
use quoin::domain::decimal::Micros;
use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::engine::import::{ImportJob, ImportReport, Silent, Verdict};
use quoin::engine::publication::ImportMode;
use quoin::engine::{Engine, EngineOptions};
use quoin::exchange::source::Source;
use quoin::pricing::cart::LineStatus;
use quoin::pricing::request::{CartLine, CartRequest, Detail, SkuRef};

fn demo(data: &std::path::Path) -> (Engine, ImportReport) {
    let engine = Engine::open(&EngineOptions::new(data)).unwrap();
    let folder = crate::sources::root().join("data/demo");
    let sources = Source::of_paths([folder], None).unwrap();
    let job = ImportJob { sources, mode: ImportMode::Delta, ..ImportJob::default() };
    let report = engine.import(&Caller::operator(), &job, &Silent).unwrap();
    (engine, report)
}

#[test]
fn the_demo_is_published_and_priced_and_the_same_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, report) = demo(folder.path());
    assert_eq!(report.verdict, Verdict::Published, "{:#?}", report.refused);
    let view = engine.view();
    let contract = view.catalogue.contracts.iter().next().unwrap().code.clone();
    let skus: Vec<String> = view.catalogue.skus.iter().map(|sku| sku.code.clone()).collect();
    let lines: Vec<CartLine<'_>> = skus
        .iter()
        .map(|sku| CartLine { id: "", sku: SkuRef::Code(sku), quantity: Micros(12_000_000), unit: "" })
        .collect();
    let request = CartRequest {
        particulars: &quoin::pricing::request::NO_PARTICULARS,
        progress: quoin::pricing::request::ProgressWanted::default(),
        contract: &contract,
        pricing_at: Some(Instant::parse("2026-06-01T10:00:00Z").unwrap()),
        publication: None,
        circumstances: Circumstances::default(),
        lines: &lines,
        detail: Detail::Explain,
    };
    let priced = engine.price_cart(&Caller::operator(), &request).unwrap();
    let count = priced.lines.iter().filter(|line| line.status == LineStatus::Priced).count();
    assert!(count > 10, "{count} lines priced");
    for line in &priced.lines {
        let steps = &priced.steps[line.steps.start as usize..line.steps.end as usize];
        assert_eq!(steps.iter().map(|step| step.amount.0).sum::<i64>(), line.amount.0);
    }
    drop(view);
    drop(engine);
    let engine = Engine::open(&EngineOptions::new(folder.path())).unwrap();
    let again = engine.price_cart(&Caller::operator(), &request).unwrap();
    assert_eq!(again, priced);
    let check = engine.check().unwrap();
    assert_eq!(check.faults, Vec::<String>::new());
    assert_eq!(check.points, report.points.added);
}
