//! Which publications can be priced against, and do rows go with those that can't? Many small publications over one store.

use std::path::Path;
use std::time::{Duration, Instant};

use quoin::domain::contract::Circumstances;
use quoin::domain::decimal::Micros;
use quoin::domain::ids::PublicationNo;
use quoin::engine::caller::Caller;
use quoin::engine::error::PriceError;
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::engine::retention::Retention;
use quoin::engine::{Engine, EngineOptions};
use quoin::exchange::source::Source;
use quoin::pricing::request::{CartLine, CartRequest, Detail, SkuRef};
use quoin::store::{Family, RowKey};

const LISTS: u32 = 3;

fn open(data: &Path, retention: Option<Retention>) -> Engine {
    Engine::open(&EngineOptions { retention, ..EngineOptions::new(data) }).unwrap()
}

/// Publishes files given as name and text.
fn publish(engine: &Engine, files: &[(&str, String)]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let sources = Source::of_paths([folder.path()], None).unwrap();
    let job = ImportJob { sources, confirm: true, ..ImportJob::default() };
    let report = engine.import(&Caller::operator(), &job, &Silent).unwrap();
    assert_eq!(report.verdict, Verdict::Published, "{:#?}", report.refused);
}

/// One SKU, and a contract that asks three lists in turn; only the last one has a price at first.
fn begin(engine: &Engine) {
    let lists: String = (0..LISTS).map(|list| format!("L{list},EUR\n")).collect();
    let access: String = (0..LISTS).map(|list| format!("C,{list},L{list}\n")).collect();
    publish(
        engine,
        &[
            ("units.csv", "unit,decimals\npc,0\n".to_owned()),
            ("skus.csv", "sku,base_unit\nS,pc\nT,pc\n".to_owned()),
            ("price_lists.csv", format!("price_list,currency\n{lists}")),
            ("counterparties.csv", "counterparty\nP\n".to_owned()),
            ("contracts.csv", "contract,counterparty,currency,time_zone\nC,P,EUR,Europe/Berlin\n".to_owned()),
            ("access.csv", format!("contract,position,price_list\n{access}")),
            ("prices.csv", "price_list,sku,price\nL2,S,1.00\nL1,T,7.00\n".to_owned()),
        ],
    );
}

/// Publication `number` prices the SKU at its own number.
fn reprice(engine: &Engine, number: u64) {
    publish(engine, &[("prices.csv", format!("price_list,sku,price\nL2,S,{number}.00\n"))]);
}

fn price(engine: &Engine, publication: u64) -> Result<Micros, PriceError> {
    let line = |sku| CartLine { id: "", sku: SkuRef::Code(sku), quantity: Micros::ONE, unit: "" };
    let request = CartRequest {
        particulars: &quoin::pricing::request::NO_PARTICULARS,
        progress: quoin::pricing::request::ProgressWanted::default(),
        contract: "C",
        pricing_at: None,
        publication: Some(PublicationNo(publication)),
        circumstances: Circumstances::default(),
        lines: &[line("S"), line("T")],
        detail: Detail::Basic,
    };
    let cart = engine.price_cart(&Caller::operator(), &request)?;
    assert_eq!(cart.lines[1].amount, Micros(7_000_000), "the row of the first publication lives on");
    Ok(cart.lines[0].amount)
}

fn retained(engine: &Engine) -> Vec<u64> {
    engine.publications().unwrap().iter().map(|manifest| manifest.number.0).collect()
}

/// The writer retires after it has answered.
fn wait_for(what: &str, done: impl Fn() -> bool) {
    let patience = Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(Instant::now() < patience, "{what} did not come about");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn rows(engine: &Engine) -> Vec<RowKey> {
    let mut rows = engine.store().scan_rows(RowKey::first_of(0), RowKey::last_of(u64::MAX)).unwrap();
    let mut keys = Vec::new();
    while let Some((key, _)) = rows.step().unwrap() {
        keys.push(key);
    }
    keys
}

fn pages(engine: &Engine, family: Family) -> usize {
    let mut scan = engine.store().scan(family, &[]).unwrap();
    let mut count = 0;
    while scan.step().unwrap().is_some() {
        count += 1;
    }
    count
}

#[test]
fn without_a_policy_everything_stays() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path(), None);
    begin(&engine);
    (2..=12).for_each(|number| reprice(&engine, number));
    assert_eq!(retained(&engine), (1..=12).collect::<Vec<_>>());
    for number in 1..=12 {
        assert_eq!(price(&engine, number).unwrap(), Micros(i64::try_from(number).unwrap() * 1_000_000));
    }
}

#[test]
fn days_keep_what_numbers_would_not() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path(), Some(Retention { publications: 1, days: 1 }));
    begin(&engine);
    (2..=5).for_each(|number| reprice(&engine, number));
    assert_eq!(price(&engine, 1).unwrap(), Micros(1_000_000));
    assert_eq!(retained(&engine), [1, 2, 3, 4, 5]);
}

#[test]
fn what_is_retired_is_refused_and_its_rows_and_pages_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path(), Some(Retention { publications: 3, days: 0 }));
    begin(&engine);
    (2..=9).for_each(|number| reprice(&engine, number));
    wait_for("retirement", || retained(&engine) == [7, 8, 9]);
    for number in 1..=6 {
        let refused = price(&engine, number).unwrap_err();
        assert!(
            matches!(refused, PriceError::UnknownPublication { oldest: 7, newest: 9, .. }),
            "{number}: {refused}"
        );
    }
    let check = |engine: &Engine| {
        for number in 7..=9 {
            assert_eq!(price(engine, number).unwrap(), Micros(i64::try_from(number).unwrap() * 1_000_000));
        }
        // The other list's row is the first publication's, and every publication that is retained names it.
        let of_s: Vec<u64> =
            rows(engine).iter().filter(|key| key.list == 2).map(|key| key.publication).collect();
        let of_t: Vec<u64> =
            rows(engine).iter().filter(|key| key.list == 1).map(|key| key.publication).collect();
        assert_eq!((of_s, of_t), (vec![7, 8, 9], vec![1]));
        assert_eq!(pages(engine, Family::Directory), 3);
        assert_eq!(engine.check().unwrap().faults, Vec::<String>::new());
    };
    wait_for("removal", || rows(&engine).len() == 4);
    check(&engine);
    drop(engine);
    check(&open(folder.path(), None));
}

#[test]
fn a_publication_that_is_held_stays_until_it_is_let_go() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path(), Some(Retention { publications: 1, days: 0 }));
    begin(&engine);
    let held = engine.view();
    (2..=4).for_each(|number| reprice(&engine, number));
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(retained(&engine), [1, 2, 3, 4], "a stream may still read from the first");
    assert_eq!(price(&engine, 2).unwrap(), Micros(2_000_000));
    drop(held);
    reprice(&engine, 5);
    wait_for("retirement", || retained(&engine) == [5]);
    wait_for("removal", || rows(&engine).len() == 2);
}

#[test]
fn a_publication_of_many_rows_goes_by_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path(), Some(Retention { publications: 1, days: 0 }));
    const SKUS: u32 = 100;
    let lists = 5_000;
    let names: String = (0..lists).map(|list| format!("L{list},EUR\n")).collect();
    let prices = |price: u32| -> (&str, String) {
        // Prices without a pattern, so that they take their room.
        let cents = move |list: u32, sku: u32| {
            (list * 7_919 + sku * 104_729 + price * 31).wrapping_mul(2_654_435_761) >> 14
        };
        let skus = |list| {
            (0..SKUS).map(move |sku| {
                let cents = cents(list, sku);
                format!("L{list},S{sku},{}.{:02}\n", 1 + cents / 100, cents % 100)
            })
        };
        ("prices.csv", format!("price_list,sku,price\n{}", (0..lists).flat_map(skus).collect::<String>()))
    };
    let skus: String = (0..SKUS).map(|sku| format!("S{sku},pc\n")).collect();
    let files = [
        ("units.csv", "unit,decimals\npc,0\n".to_owned()),
        ("skus.csv", format!("sku,base_unit\n{skus}")),
        ("price_lists.csv", format!("price_list,currency\n{names}")),
        prices(1),
    ];
    publish(&engine, &files);
    let files = |number: u64| {
        let files = engine.store().files().unwrap();
        let of = |file: &&quoin::store::TableFile| {
            RowKey::decode(&file.first_key).is_some_and(|key| key.publication == number)
        };
        files.iter().filter(|file| file.family == Family::Rows).filter(of).count()
    };
    assert_eq!(files(1), 1, "more than a batch takes");
    publish(&engine, &[prices(2)]);
    wait_for("retirement", || retained(&engine) == [2]);
    wait_for("removal", || files(1) == 0);
    let all = rows(&engine);
    assert_eq!((all.len(), all.iter().all(|key| key.publication == 2)), (5_000, true));
    assert_eq!(engine.check().unwrap().faults, Vec::<String>::new());
}
