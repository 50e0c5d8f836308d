//! What does a folder hold after a crash? Every publication, price by price, and every row and file, which each must
//! belong to one.

use std::collections::BTreeSet;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use quoin::domain::contract::Circumstances;
use quoin::domain::ids::PublicationNo;
use quoin::engine::caller::Caller;
use quoin::engine::listing::ListRequest;
use quoin::engine::publication::Manifest;
use quoin::engine::{Engine, EngineOptions};
use quoin::pricing::request::NO_PARTICULARS;
use quoin::store::{Family, RowKey, Store, StoreOptions};

use super::content;

/// The publications that have rows in the folder, as it lies there: looked at without opening it for writing, which would
/// remove what nobody names. A folder that was never founded has none.
pub fn publications_with_rows(data: &Path) -> BTreeSet<u64> {
    Store::open_read_only(data, &StoreOptions::default())
        .map_or_else(|_| BTreeSet::new(), |store| with_rows(&store))
}

fn with_rows(store: &Store) -> BTreeSet<u64> {
    let mut found = BTreeSet::new();
    let mut rows = store.scan_rows(RowKey::first_of(0), RowKey::last_of(u64::MAX)).unwrap();
    while let Some((key, _)) = rows.step().unwrap() {
        found.insert(key.publication);
    }
    found
}

/// Opens the folder as quoin does, looks at everything in it and gives the number of the newest import that it holds.
/// Imports up to `acknowledged` must be there, those up to `asked` may be.
pub fn newest_import(data: &Path, acknowledged: Option<u32>, asked: u32) -> Option<u32> {
    let options = EngineOptions { block_cache_bytes: 64 << 20, ..EngineOptions::new(data) };
    let engine = Engine::open(&options).unwrap();
    let staged: Vec<_> = fs::read_dir(engine.store().staging_dir()).unwrap().map(Result::unwrap).collect();
    assert!(staged.is_empty(), "left in staging/: {staged:?}");
    let manifests = engine.publications().unwrap();
    let newest = u32::try_from(manifests.len()).unwrap().checked_sub(1);
    assert!(newest >= acknowledged, "acknowledged: {acknowledged:?}; newest that is there: {newest:?}");
    assert!(newest <= Some(asked), "import {newest:?} is there, and {asked} was the last that was asked for");
    let mut before = (0, 0);
    for (manifest, import) in manifests.iter().zip(0..) {
        is_that_of(manifest, import);
        let (number, position) = (manifest.number.0, manifest.position.0);
        assert!(manifest.base.0 == before.0 && number > before.0 && position == before.1 + 1, "{manifest:?}");
        before = (number, position);
        prices_are_those_of(&engine, manifest.number, import);
    }
    assert_eq!(engine.view().publication.0, before.0, "the newest publication is the current one");
    assert!(engine.store().next_publication() > before.0, "a number would be given twice");
    assert_eq!(engine.store().last_log_sequence().unwrap().unwrap_or(0), before.1);
    assert_eq!(engine.check().unwrap().faults, Vec::<String>::new());
    rows_are_those_of(&engine, &manifests);
    files_are_those_of_the_store(&engine);
    newest
}

fn is_that_of(manifest: &Manifest, import: u32) {
    let name = content::file_name(import);
    assert!(manifest.files.iter().any(|file| file.name == name), "{name} is not among {manifest:?}");
    let in_files = manifest.rows_digest != 0;
    assert_eq!(in_files, content::is_bulk(import), "import {import}: the rows went the other way in");
}

/// Every price of every list, against what the import's number says.
fn prices_are_those_of(engine: &Engine, number: PublicationNo, import: u32) {
    let view = engine.view_at(number).unwrap();
    let small = view.catalogue.lists.by_code(&content::list_code(content::SMALL)).unwrap();
    assert_eq!(small.name, content::small_list_name(import));
    for list in 0..=content::SMALL {
        let contract = content::contract_code(list);
        let request = ListRequest {
            contract: &contract,
            pricing_at: None,
            publication: Some(number),
            circumstances: Circumstances::default(),
            particulars: &NO_PARTICULARS,
        };
        let mut found = Vec::with_capacity(10_000);
        let summary = engine.list_prices(&Caller::operator(), &request, &mut |_, price| {
            // SKUs are numbered as they came in, and those without a price come last.
            assert_eq!(usize::try_from(price.sku.0).unwrap(), found.len());
            found.push(price.unit_price.0);
            ControlFlow::Continue(())
        });
        assert_eq!(summary.unwrap().publication, number);
        let wanted: Vec<i64> = content::prices(list, import).collect();
        let differ = wanted.iter().zip(&found).position(|(wanted, found)| wanted != found);
        assert_eq!(
            (differ, found.len()),
            (None, wanted.len()),
            "publication {number:?} (import {import}), list {}",
            content::list_code(list)
        );
    }
}

/// The rows in the store are those that some publication names, and no others.
fn rows_are_those_of(engine: &Engine, manifests: &[Manifest]) {
    let mut named = BTreeSet::new();
    for manifest in manifests {
        for (list, row) in engine.view_at(manifest.number).unwrap().directory.iter() {
            let segments = u16::try_from(row.segments()).unwrap();
            named.extend((0..segments).map(|segment| RowKey::new(row.publication.0, list.0, segment)));
        }
    }
    let mut held = BTreeSet::new();
    let mut rows = engine.store().scan_rows(RowKey::first_of(0), RowKey::last_of(u64::MAX)).unwrap();
    while let Some((key, _)) = rows.step().unwrap() {
        held.insert(key);
    }
    assert_eq!(held.difference(&named).collect::<Vec<_>>(), Vec::<&RowKey>::new(), "rows that nobody names");
    assert_eq!(named.difference(&held).collect::<Vec<_>>(), Vec::<&RowKey>::new(), "rows that are not there");
    for file in engine.store().files().unwrap().iter().filter(|file| file.family == Family::Rows) {
        let (first, last) =
            (RowKey::decode(&file.first_key).unwrap(), RowKey::decode(&file.last_key).unwrap());
        let publications = first.publication..=last.publication;
        let lives = manifests.iter().any(|manifest| publications.contains(&manifest.number.0));
        assert!(lives, "{} holds rows from {first} to {last}, all of them dead", file.name);
    }
}

/// The table files in `db/` are those that RocksDB knows. It may remove old ones in the background, so it is given time.
fn files_are_those_of_the_store(engine: &Engine) {
    let db = engine.store().folder().join("db");
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let there: BTreeSet<String> = fs::read_dir(&db)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".sst"))
            .collect();
        let known: BTreeSet<String> = engine.store().files().unwrap().into_iter().map(|f| f.name).collect();
        if there == known {
            return;
        }
        assert!(Instant::now() < deadline, "files that nobody knows: {:?}", there.difference(&known));
        std::thread::sleep(Duration::from_millis(50));
    }
}
