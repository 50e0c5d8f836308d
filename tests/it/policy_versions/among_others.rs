//! Do policies and imports that are published at once keep out of each other's way?

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use quoin::domain::ids::PublicationNo;
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::engine::import::{ImportJob, ImportProgress, Verdict};
use quoin::exchange::source::Source;

use super::shop::{
    MASTER, import, in_force, open, price, publish, publish_text, reprice, stock, text, text_of_list,
};

/// Publishes policies at every step of an import.
struct Meddler<'e> {
    engine: &'e Engine,
    text: fn(u64) -> String,
    published: AtomicU64,
}

impl<'e> Meddler<'e> {
    fn new(engine: &'e Engine, text: fn(u64) -> String) -> Self {
        Self { engine, text, published: AtomicU64::new(0) }
    }

    fn meddle(&self) {
        let percent = (self.published.fetch_add(1, Ordering::Relaxed) + 10) % 90;
        publish_text(self.engine, "", (self.text)(percent));
    }
}

impl ImportProgress for Meddler<'_> {
    fn begin(&self, _: &str, _: u64) {
        self.meddle();
    }

    fn advance(&self, _: u64) {
        self.meddle();
    }
}

/// Publications ascend, each made from the one before it.
fn numbers_ascend(engine: &Engine) {
    let manifests = engine.publications().unwrap();
    let mut before = PublicationNo(0);
    for manifest in &manifests {
        assert!(manifest.base == before && manifest.number > before, "{manifest:#?} after {before:?}");
        before = manifest.number;
    }
    assert_eq!(engine.view().publication, before);
    assert!(engine.store().next_publication() > before.0);
    assert_eq!(engine.check().unwrap().faults, Vec::<String>::new());
}

#[test]
fn a_small_import_lands_upon_policies_that_overtook_it() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path());
    stock(&engine);
    let meddler = Meddler::new(&engine, text);
    let files = folder.path().join("files");
    std::fs::create_dir(&files).unwrap();
    std::fs::write(files.join("skus.csv"), "sku,base_unit,category\nU,pc,Goods\n").unwrap();
    std::fs::write(files.join("prices.csv"), "price_list,sku,price\nBASE,S,9.00\nBASE,U,1.00\n").unwrap();
    let sources = Source::of_paths([&files], None).unwrap();
    let job = ImportJob { sources, confirm: true, ..ImportJob::default() };
    let report = engine.import(&Caller::operator(), &job, &meddler).unwrap();
    assert_eq!(report.verdict, Verdict::Published);
    let published = meddler.published.load(Ordering::Relaxed);
    assert!(published > 1, "nothing overtook it");
    assert_eq!(in_force(&engine.view()).0, published, "the import keeps the newest policy");
    assert_eq!((report.publication.0, price(&engine, "S", None).0), (published + 2, 900));
    assert_eq!(price(&engine, "S", Some(published + 1)).0, 100);
    assert!(engine.view().catalogue.skus.by_code("U").is_some());
    numbers_ascend(&engine);
}

#[test]
fn a_large_import_whose_number_was_overtaken_takes_another() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path());
    // More rows than are packed at a time, so that the import goes on after it has reserved its number.
    const LISTS: u64 = 42;
    const SKUS: u64 = 10_000;
    let skus: String = (0..SKUS).map(|sku| format!("G{sku},pc\n")).collect();
    let lists: String = (0..LISTS).map(|list| format!("L{list},EUR\n")).collect();
    import(&engine, &MASTER);
    import(&engine, &[("skus.csv", &format!("sku,base_unit\n{skus}"))]);
    import(&engine, &[("price_lists.csv", &format!("price_list,currency\n{lists}"))]);
    let mut rows = String::from("price_list,sku,price\nBASE,S,2.00\nBASE,G0,10.00\n");
    for list in 0..LISTS {
        for sku in 0..SKUS {
            // Prices without a pattern, so that they take their room.
            let bits = (list << 32 | sku).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            rows.push_str(&format!("L{list},G{sku},{}\n", (bits ^ bits >> 31) % 1_000_000_000_000 + 1));
        }
    }
    let path = folder.path().join("prices.csv");
    std::fs::write(&path, rows).unwrap();
    let sources = Source::of_paths([&path], None).unwrap();
    let job = ImportJob { sources, confirm: true, ..ImportJob::default() };
    let meddler = Meddler::new(&engine, |percent| text_of_list("L0", percent));
    let report = engine.import(&Caller::operator(), &job, &meddler).unwrap();
    assert_eq!(report.verdict, Verdict::Published);
    let manifest = engine.publications().unwrap().pop().unwrap();
    assert_eq!((manifest.number, manifest.rows_digest != 0), (report.publication, true));
    let view = engine.view();
    let row = view.directory.iter().last().unwrap().1;
    assert!(row.publication < manifest.number, "nothing overtook it: {row:?}");
    assert_eq!(view.points(), LISTS * SKUS + 2);
    numbers_ascend(&engine);
    let ((version, percent), at) = (in_force(&view), row.publication);
    // The import's own rows say what the policy is for, though it was compiled before they were named.
    let expected = ((1_000, 1_000 - 10 * i64::try_from(percent).unwrap()), (200, 200));
    assert_eq!((price(&engine, "G0", None), price(&engine, "S", None)), expected);
    drop(view);
    drop(engine);
    let engine = open(folder.path());
    assert_eq!(in_force(&engine.view()), (version, percent));
    assert_eq!((price(&engine, "G0", None), price(&engine, "S", None)), expected);
    numbers_ascend(&engine);
    // The number under which the rows are is no publication's.
    assert!(engine.view_at(at).is_err());
}

#[test]
fn publishers_and_importers_at_once_lose_nothing() {
    const ROUNDS: u64 = 12;
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path());
    stock(&engine);
    publish(&engine, 1);
    let (landed, repriced) = std::thread::scope(|scope| {
        let engine = &engine;
        let publisher = |from: u64| {
            scope.spawn(move || {
                (0..ROUNDS).map(|round| (publish(engine, from + round), from + round)).collect()
            })
        };
        let publishers: Vec<std::thread::ScopedJoinHandle<'_, Vec<_>>> = vec![publisher(20), publisher(50)];
        let importer = scope.spawn(move || {
            (0..ROUNDS).map(|round| (reprice(engine, "BASE", 100 + round), 100 + round)).collect::<Vec<_>>()
        });
        let landed: BTreeMap<(u64, u64), u64> =
            publishers.into_iter().flat_map(|publisher| publisher.join().unwrap()).collect();
        (landed, importer.join().unwrap())
    });
    let versions: Vec<u64> = landed.keys().map(|(version, _)| *version).collect();
    assert_eq!(versions, (2..=2 * ROUNDS + 1).collect::<Vec<_>>(), "each has a version of its own");
    let check = |engine: &Engine| {
        for ((version, publication), percent) in &landed {
            let view = engine.view_at(PublicationNo(*publication)).unwrap();
            assert_eq!(in_force(&view), (*version, *percent), "publication {publication}");
            let (kept, files) = engine.policy_text(&Caller::operator(), Some(*version)).unwrap();
            assert_eq!((kept.publication.0, &*files[0].text), (*publication, &*text(*percent)));
        }
        for (publication, list) in &repriced {
            let found = price(engine, "S", Some(*publication)).0;
            assert_eq!(found, i64::try_from(*list).unwrap() * 100, "publication {publication}");
            let version = landed.keys().rfind(|(_, at)| at < publication).map_or(1, |(version, _)| *version);
            assert_eq!(in_force(&engine.view_at(PublicationNo(*publication)).unwrap()).0, version);
        }
        numbers_ascend(engine);
    };
    check(&engine);
    drop(engine);
    check(&open(folder.path()));
}
