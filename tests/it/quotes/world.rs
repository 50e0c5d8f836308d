//! In what world do the stories of quotes play? A small catalogue, a policy with thresholds and a guard, and a clock that obeys.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use quoin::api::quote::Told;
use quoin::domain::language::Language;
use quoin::domain::time::Instant;
use quoin::engine::caller::{Caller, Role};
use quoin::engine::clock::Clock;
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::engine::policy::{PolicyFile, PublishPolicy};
use quoin::engine::retention::Retention;
use quoin::engine::{Engine, EngineOptions};
use quoin::exchange::source::Source;
use tempfile::TempDir;

pub const TELLER: Told = Told(Language::English);

/// When every story begins: a Monday, 11 o'clock in Berlin.
pub const BEGINS: &str = "2026-03-02T10:00:00Z";

const FILES: &[(&str, &str)] = &[
    ("units.csv", "unit,decimals\npiece,0\nt,3\n"),
    (
        "skus.csv",
        "sku,base_unit,category,unit_cost,cost_currency,tax_class\nbolt,piece,fasteners,70,EUR,full\n\
         nut,piece,fasteners,40,EUR,full\nrebar,t,metal,700,EUR,\nglue,piece,,,,\nrare,piece,,10,EUR,\nfixed,piece,,5,EUR,\n",
    ),
    ("price_lists.csv", "price_list,currency\nbase,EUR\n"),
    (
        "prices.csv",
        "price_list,sku,price,flags\nbase,bolt,100,\nbase,nut,50,\nbase,rebar,1000,\nbase,glue,7,\n\
         base,fixed,20,no_discount\n",
    ),
    ("counterparties.csv", "counterparty,holding\nown,all\nother,else\n"),
    (
        "contracts.csv",
        "contract,counterparty,currency,time_zone,discount_on,round\nA,own,EUR,Europe/Berlin,,\n\
         B,other,EUR,Europe/Berlin,,\nC,own,EUR,America/New_York,,\nD,own,EUR,Africa/Cairo,,\n\
         U,own,EUR,Europe/Berlin,unit,layer\n",
    ),
    ("access.csv", "contract,position,price_list\nA,1,base\nB,1,base\nC,1,base\nD,1,base\nU,1,base\n"),
];

/// 5 % from 1,000 on, 40 % by coupon, and a margin of a fifth below which somebody has to approve.
pub const POLICY: &str = "
quoin_policy: 1
currency: EUR
rules:
  - { id: order, layer: order, goods: { category: [fasteners, metal] }, measure: { what: amount, over: cart }, mode: volume,
      tiers: [{ from: 1000, percent: 5 }] }
  - { id: pair, layer: volume, goods: { sku: nut }, measure: { what: quantity, over: line }, mode: volume,
      tiers: [{ from: 100, percent: 10 }] }
  - { id: deep, layer: loyalty, goods: { sku: bolt }, when: { coupon: DEEP }, percent: 40 }
guards:
  - { id: floor, goods: { category: [fasteners, metal] }, margin: 5, do: approve }
taxes:
  - { id: vat, class: full, rates: [{ percent: 19 }] }
authority:
  - { role: quote, concession: 5 }
  - { role: approve, concession: 15, margin: 10 }
";

pub struct World {
    pub folder: TempDir,
    pub engine: Option<Engine>,
    now: Arc<AtomicI64>,
    imports: u32,
    retention: Option<Retention>,
}

impl World {
    pub fn new() -> Self {
        let mut world = Self::empty();
        for (name, text) in FILES {
            std::fs::write(world.folder.path().join(name), text).unwrap();
        }
        let paths: Vec<_> = FILES.iter().map(|(name, _)| world.folder.path().join(name)).collect();
        world.import(Source::of_paths(paths, None).unwrap());
        world.publish(POLICY);
        world
    }

    /// With nothing in it yet.
    pub fn empty() -> Self {
        let now = Arc::new(AtomicI64::new(Instant::parse(BEGINS).unwrap().0));
        let mut world =
            Self { folder: tempfile::tempdir().unwrap(), engine: None, now, imports: 0, retention: None };
        world.open();
        world
    }

    /// The clock that obeys.
    pub fn clock(&self) -> Clock {
        let now = Arc::clone(&self.now);
        Clock::new(move || Instant(now.load(Ordering::SeqCst)))
    }

    fn open(&mut self) {
        let clock = self.clock();
        let retention = self.retention;
        let options =
            EngineOptions { clock, retention, ..EngineOptions::new(self.folder.path().join("data")) };
        self.engine = Some(Engine::open(&options).unwrap());
    }

    /// Opens it again, to keep no more publications than that.
    pub fn retain(&mut self, retention: Retention) {
        self.retention = Some(retention);
        self.reopen();
    }

    pub fn reopen(&mut self) {
        self.engine = None;
        self.open();
    }

    pub fn engine(&self) -> &Engine {
        self.engine.as_ref().unwrap()
    }

    pub fn set_clock(&self, text: &str) {
        self.now.store(Instant::parse(text).unwrap().0, Ordering::SeqCst);
    }

    pub fn import(&mut self, sources: Vec<Source>) {
        let job = ImportJob { sources, confirm: true, ..ImportJob::default() };
        let report = self.engine().import(&Caller::operator(), &job, &Silent).unwrap();
        assert_eq!(report.verdict, Verdict::Published, "{:#?}", report.refused);
    }

    /// A new price of a SKU.
    pub fn price(&mut self, sku: &str, price: &str) {
        self.imports += 1;
        let path = self.folder.path().join(format!("prices-{}.csv", self.imports));
        std::fs::write(&path, format!("price_list,sku,price\nbase,{sku},{price}\n")).unwrap();
        self.import(Source::of_paths([path], None).unwrap());
    }

    pub fn publish(&self, text: &str) {
        let files = vec![PolicyFile { name: "policy.yaml".to_owned(), text: text.to_owned() }];
        let asked = PublishPolicy { files, ..PublishPolicy::default() };
        let report = self.engine().publish_policy(&Caller::operator(), asked).unwrap();
        assert!(report.published, "{:#?}", report.findings);
    }
}

/// A seller's clerk, who may quote and nothing else.
pub fn clerk() -> Caller {
    Caller { name: "clerk".to_owned(), roles: [Role::Quote].into(), sees_costs: false, ..Caller::operator() }
}

/// Who may approve as well.
pub fn boss() -> Caller {
    let roles = [Role::Quote, Role::Approve].into();
    Caller { name: "boss".to_owned(), roles, ..Caller::operator() }
}
