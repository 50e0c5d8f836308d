//! What do the tests of policies publish? A small shop, and policies of which each says its own number.

use std::path::Path;

use quoin::domain::contract::Circumstances;
use quoin::domain::decimal::Micros;
use quoin::domain::ids::PublicationNo;
use quoin::engine::caller::Caller;
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::engine::policy::{PolicyFile, PolicyReport, PublishPolicy};
use quoin::engine::retention::Retention;
use quoin::engine::view::View;
use quoin::engine::{Engine, EngineOptions};
use quoin::exchange::source::Source;
use quoin::policy::syntax::Benefit;
use quoin::pricing::cart::LineStatus;
use quoin::pricing::request::{CartLine, CartRequest, Detail, SkuRef};
use quoin::pricing::request::{NO_PARTICULARS, ProgressWanted};

pub fn open(data: &Path) -> Engine {
    Engine::open(&EngineOptions { block_cache_bytes: 8 << 20, ..EngineOptions::new(data) }).unwrap()
}

pub fn open_retaining(data: &Path, publications: usize) -> Engine {
    let retention = Some(Retention { publications, days: 0 });
    let options = EngineOptions { block_cache_bytes: 8 << 20, retention, ..EngineOptions::new(data) };
    Engine::open(&options).unwrap()
}

pub const MASTER: [(&str, &str); 6] = [
    ("units.csv", "unit,decimals\npc,0\n"),
    ("skus.csv", "sku,base_unit,category\nS,pc,Goods\nT,pc,Goods\n"),
    ("price_lists.csv", "price_list,currency\nBASE,EUR\nPROMO,EUR\n"),
    ("counterparties.csv", "counterparty\nP\n"),
    ("contracts.csv", "contract,counterparty,currency,time_zone\nC,P,EUR,Europe/Berlin\n"),
    ("access.csv", "contract,position,price_list\nC,10,BASE\n"),
];

/// Publishes files given as name and text.
pub fn import(engine: &Engine, files: &[(&str, &str)]) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let sources = Source::of_paths([folder.path()], None).unwrap();
    let job = ImportJob { sources, confirm: true, ..ImportJob::default() };
    let report = engine.import(&Caller::operator(), &job, &Silent).unwrap();
    assert_eq!(report.verdict, Verdict::Published, "{:#?}", report.refused);
    report.publication.0
}

/// Goods, a contract and its prices.
pub fn stock(engine: &Engine) -> u64 {
    import(
        engine,
        &[&MASTER[..], &[("prices.csv", "price_list,sku,price\nBASE,S,1.00\nPROMO,T,7.00\n")]].concat(),
    )
}

pub fn reprice(engine: &Engine, list: &str, price: u64) -> u64 {
    import(engine, &[("prices.csv", &format!("price_list,sku,price\n{list},S,{price}.00\n"))])
}

/// A policy that takes so many percent off everything.
pub fn text(percent: u64) -> String {
    format!(
        "quoin_policy: 1\ncurrency: EUR\nrules:\n  - id: all\n    layer: volume\n    percent: {percent}\n"
    )
}

/// The same off what stands in a list.
pub fn text_of_list(list: &str, percent: u64) -> String {
    text(percent).replace("    layer", &format!("    goods: [{{ list: {list} }}]\n    layer"))
}

/// A policy with one error: a key that there is not, in line 7.
pub fn broken(percent: u64) -> String {
    text(percent) + "    colour: red\n"
}

pub fn file(name: &str, text: impl Into<String>) -> PolicyFile {
    PolicyFile { name: name.to_owned(), text: text.into() }
}

pub fn of(text: impl Into<String>) -> PublishPolicy {
    PublishPolicy { files: vec![file("policy.yaml", text)], ..PublishPolicy::default() }
}

pub fn try_publish(engine: &Engine, asked: PublishPolicy) -> PolicyReport {
    engine.publish_policy(&Caller::operator(), asked).unwrap()
}

/// Publishes the policy of a percentage and gives version and publication.
pub fn publish(engine: &Engine, percent: u64) -> (u64, u64) {
    publish_text(engine, &format!("{percent} off"), text(percent))
}

pub fn publish_text(engine: &Engine, note: &str, text: String) -> (u64, u64) {
    let report = try_publish(engine, PublishPolicy { note: note.to_owned(), ..of(text) });
    assert!(report.published, "{report:#?}");
    (report.version, report.publication.0)
}

/// The version that a view has and the percentage that its only rule gives.
pub fn in_force(view: &View) -> (u64, u64) {
    let policy = &view.policy.0;
    let Some(rule) = policy.policy().rules.first() else { return (policy.version, 0) };
    let Benefit::Percent(Micros(percent)) = rule.tiers[0].benefit else { panic!("{rule:?}") };
    (policy.version, u64::try_from(percent / 1_000_000).unwrap())
}

/// What one piece costs under the contract: by list and net, in whole hundredths.
pub fn price(engine: &Engine, sku: &str, publication: Option<u64>) -> (i64, i64) {
    let line = CartLine { id: "", sku: SkuRef::Code(sku), quantity: Micros::ONE, unit: "" };
    let request = CartRequest {
        particulars: &NO_PARTICULARS,
        progress: ProgressWanted::default(),
        contract: "C",
        pricing_at: None,
        publication: publication.map(PublicationNo),
        circumstances: Circumstances::default(),
        lines: &[line],
        detail: Detail::Basic,
    };
    let cart = engine.price_cart(&Caller::operator(), &request).unwrap();
    let line = &cart.lines[0];
    assert_eq!(line.status, LineStatus::Priced);
    (line.list_unit_price.0 / 10_000, line.amount.0 / 10_000)
}
