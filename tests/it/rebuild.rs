//! Does packing every list anew change nothing but the bytes? The demo, grown by goods that its codec epoch never saw.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use quoin::domain::contract::Circumstances;
use quoin::domain::ids::PublicationNo;
use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::engine::listing::ListRequest;
use quoin::engine::retention::Retention;
use quoin::engine::{Engine, EngineOptions};
use quoin::exchange::source::Source;
use quoin::pricing::cart::ListedPrice;
use quoin::pricing::request::NO_PARTICULARS;
use quoin::store::{RowKey, Store};

/// Inside the demo's contracts and one of its campaigns.
const AT: Instant = Instant(1_790_000_000);

fn import(engine: &Engine, folder: &Path) {
    let job = ImportJob { sources: Source::of_paths([folder], None).unwrap(), ..ImportJob::default() };
    let report = engine.import(&Caller::operator(), &job, &Silent).unwrap();
    assert_eq!(report.verdict, Verdict::Published, "{:#?}", report.refused);
}

/// New goods in a list of every contract, dearer by the step.
fn grow(engine: &Engine) {
    let view = engine.view();
    let folder = tempfile::tempdir().unwrap();
    let like = view.catalogue.skus.iter().next().unwrap();
    let category = &view.catalogue.categories.get(like.category.unwrap().0).unwrap().path;
    let unit = &view.catalogue.unit(like.base_unit).unwrap().code;
    let (mut skus, mut prices) = ("sku,base_unit,category\n".to_owned(), "price_list,sku,price\n".to_owned());
    for number in 0..300 {
        skus.push_str(&format!("NEW-{number:03},{unit},{category}\n"));
        prices.push_str(&format!("BASE,NEW-{number:03},{}.00\n", 100 + number));
        for list in view.catalogue.lists.iter().filter(|list| list.owner.is_some()) {
            // A tenth off, so that an epoch that knows the goods expects it.
            if list.currency == view.catalogue.lists.by_code("BASE").unwrap().currency {
                prices.push_str(&format!(
                    "{},NEW-{number:03},{}.{}0\n",
                    list.code,
                    (100 + number) * 9 / 10,
                    (100 + number) * 9 % 10
                ));
            }
        }
    }
    std::fs::write(folder.path().join("skus.csv"), skus).unwrap();
    std::fs::write(folder.path().join("prices.csv"), prices).unwrap();
    import(engine, folder.path());
}

fn listed(engine: &Engine, publication: u64) -> Vec<(String, ListedPrice)> {
    let view = engine.view();
    let mut all = Vec::new();
    for contract in view.catalogue.contracts.iter() {
        let request = ListRequest {
            contract: &contract.code,
            pricing_at: Some(AT),
            publication: Some(PublicationNo(publication)),
            circumstances: Circumstances::default(),
            particulars: &NO_PARTICULARS,
        };
        let mut sink = |_: &_, price| {
            all.push((contract.code.clone(), price));
            ControlFlow::Continue(())
        };
        engine.list_prices(&Caller::operator(), &request, &mut sink).unwrap();
    }
    all
}

fn row_bytes(store: &Store, publication: u64) -> usize {
    let mut rows = store.scan_rows(RowKey::first_of(publication), RowKey::last_of(publication)).unwrap();
    let mut bytes = 0;
    while let Some((_, row)) = rows.step().unwrap() {
        bytes += row.len();
    }
    bytes
}

#[test]
fn a_rebuild_changes_no_price_and_saves_bytes_and_the_old_epoch_goes_with_its_publications() {
    let folder = tempfile::tempdir().unwrap();
    let retention = Some(Retention { publications: 1, days: 0 });
    let keep = Engine::open(&EngineOptions::new(folder.path())).unwrap();
    import(&keep, &crate::sources::root().join("data/demo"));
    grow(&keep);
    let before = listed(&keep, 2);
    assert!(before.iter().filter(|(_, price)| price.sku.0 >= 200).count() > 1_000);
    let manifest = keep.rebuild(&Caller::operator(), &Silent).unwrap().unwrap();
    assert_eq!((manifest.number, manifest.total_points), (PublicationNo(3), keep.view().points()));
    assert_eq!(listed(&keep, 3), before);
    assert_eq!(listed(&keep, 2), before, "the publications before are priced by their own epoch");
    assert_eq!(keep.view().epochs.keys().copied().collect::<Vec<_>>(), [2]);
    let (old, new) = (row_bytes(keep.store(), 2), row_bytes(keep.store(), 3));
    assert!(new < old, "{new} bytes where {old} were");
    assert_eq!(keep.check().unwrap().faults, Vec::<String>::new());
    drop(keep);

    let engine = Engine::open(&EngineOptions { retention, ..EngineOptions::new(folder.path()) }).unwrap();
    grow(&engine);
    let patience = std::time::Instant::now() + Duration::from_secs(20);
    while engine.publications().unwrap().len() > 1 {
        assert!(std::time::Instant::now() < patience, "nothing was retired");
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(engine);
    let engine = Engine::open(&EngineOptions::new(folder.path())).unwrap();
    let newest = engine.view().publication.0;
    assert_eq!(listed(&engine, newest), before);
    assert_eq!(engine.view().epochs.len(), 1);
    assert_eq!(engine.check().unwrap().faults, Vec::<String>::new());
}

#[test]
fn where_there_is_no_price_list_nothing_is_rebuilt() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(&EngineOptions::new(folder.path())).unwrap();
    assert_eq!(engine.rebuild(&Caller::operator(), &Silent).unwrap(), None);
    assert_eq!(engine.publications().unwrap(), []);
}
