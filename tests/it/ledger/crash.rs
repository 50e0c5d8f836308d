//! Does what was acknowledged outlive a crash, once, and are documents that were sent together there all or none?
//!
//! The story. An ERP posts the day's shipments and returns through several connections when the server dies. What was
//! answered must be there as answered; what was in flight may be, whole, or not at all. The ERP does what ERPs do: it sends
//! everything again. Nothing may be there twice, nothing may be lost, and every figure must be what the documents add up to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use quoin::api::document::{drafts_of, sent};
use quoin::api::v1;
use quoin::api::v1::ledger_service_client::LedgerServiceClient;
use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::engine::error::LedgerError;
use quoin::engine::ledger::{Became, PostDocuments};
use quoin::engine::{Engine, EngineOptions};
use quoin::ledger::document::DocumentKind;

use tempfile::TempDir;

use super::world::{World, document};
use crate::effort::{self, Draws};
use crate::process::Serving;

/// Kills.
const KILLS: u32 = 60;
/// Kills of one folder.
const KILLS_A_FOLDER: u32 = 20;
/// Who posts at once.
const SENDERS: u32 = 4;

/// A batch of documents that follow from its number: shipments, and now and then a return for a shipment of a batch
/// after it.
fn batch(number: u32) -> Vec<v1::Document> {
    let id = |batch: u32, place: u32| format!("D{batch}-{place}");
    let texts = (0..1 + number % 4).map(|place| {
        let (day, letter) =
            (1 + (number + place) % 28, ["A", "B", "H"][usize::try_from(number % 3).unwrap()]);
        match place {
            2 => format!(
                "{} return {letter} 2026-02-{day:02} for {} bolt 1 7",
                id(number, place),
                id(number + 3, 0)
            ),
            _ => format!(
                "{} shipment {letter} 2026-01-{day:02} bolt {} {}.25, nut 2 3",
                id(number, place),
                1 + number % 9,
                number
            ),
        }
    });
    texts.map(|text| sent(&document(0, &text), true)).collect()
}

/// What was acknowledged: by document, its place in the log.
type Acknowledged = Arc<Mutex<BTreeMap<String, u64>>>;

/// Posts batches until the server is gone; `next` hands out their numbers.
async fn post_until_killed(address: String, next: Arc<Mutex<u32>>, acknowledged: Acknowledged) {
    let Ok(mut client) = LedgerServiceClient::connect(format!("http://{address}")).await else { return };
    loop {
        let number = {
            let mut next = next.lock().unwrap();
            *next += 1;
            *next - 1
        };
        let request = v1::PostDocumentsRequest { documents: batch(number), ..Default::default() };
        let Ok(answer) = client.post_documents(request).await else { return };
        let report = answer.into_inner().report.unwrap();
        assert!(report.faults.is_empty(), "{:?}", report.faults);
        let mut acknowledged = acknowledged.lock().unwrap();
        for outcome in report.outcomes {
            acknowledged.insert(outcome.document, outcome.posted.unwrap().sequence);
        }
    }
}

fn kill_while_posting(data: &Path, next: &Arc<Mutex<u32>>, acknowledged: &Acknowledged, after: Duration) {
    let serving = Serving::start(data, &[]);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let senders: Vec<_> = (0..SENDERS)
        .map(|_| {
            let (next, acknowledged) = (Arc::clone(next), Arc::clone(acknowledged));
            runtime.spawn(post_until_killed(serving.address.clone(), next, acknowledged))
        })
        .collect();
    std::thread::sleep(after);
    // Dropped, it is killed.
    drop(serving);
    for sender in senders {
        runtime.block_on(sender).unwrap();
    }
}

/// Every document of the batches so far that is there, by id, with its place in the log.
fn there(engine: &Engine, batches: u32) -> BTreeMap<String, u64> {
    let caller = Caller::operator();
    let mut there = BTreeMap::new();
    for number in 0..batches {
        let documents = batch(number);
        let found: Vec<Option<u64>> = documents
            .iter()
            .map(|document| match engine.document(&caller, &document.id) {
                Ok(known) => Some(known.posted.position.0),
                Err(LedgerError::UnknownDocument { .. }) => None,
                Err(error) => panic!("{error}"),
            })
            .collect();
        let whole = found.iter().all(Option::is_some) || found.iter().all(Option::is_none);
        assert!(whole, "batch {number} is there in part: {found:?}");
        there.extend(
            documents.iter().zip(found).filter_map(|(document, place)| Some((document.id.clone(), place?))),
        );
    }
    there
}

/// Where the quarter of each contract must stand.
fn expected(there: &BTreeMap<String, u64>, batches: u32) -> BTreeMap<String, i128> {
    let mut sums: BTreeMap<String, i128> = BTreeMap::new();
    for document in (0..batches).flat_map(batch).filter(|document| there.contains_key(&document.id)) {
        let sign = if document.kind() == v1::DocumentKind::Return { -1 } else { 1 };
        let net: i64 = document.lines.iter().map(|line| line.net_amount_micros).sum();
        *sums.entry(document.contract).or_default() += sign * i128::from(net);
    }
    sums
}

/// Opens the folder, and holds it against what was acknowledged.
fn hold(folder: TempDir, next: &Arc<Mutex<u32>>, acknowledged: &Acknowledged) -> World {
    let engine = Engine::open(&EngineOptions::new(folder.path().join("data"))).unwrap();
    let batches = *next.lock().unwrap();
    let found = there(&engine, batches);
    for (id, place) in acknowledged.lock().unwrap().iter() {
        assert_eq!(found.get(id), Some(place), "document {id} was acknowledged");
    }
    let places: BTreeSet<u64> = found.values().copied().collect();
    assert_eq!(places.len(), found.len(), "a place in the log was given twice");
    let caller = Caller::operator();
    let at = Instant::parse("2026-03-31T10:00:00Z").unwrap();
    for (contract, sum) in expected(&found, batches) {
        let (measures, _) = engine.measures(&caller, &contract, Some(at)).unwrap();
        let quarter = measures.iter().find(|stands| stands.measure == "quarter").unwrap();
        assert_eq!(quarter.value, sum, "contract {contract}");
    }
    // All of it again: what was there is repeated, what was not is posted.
    for number in 0..batches {
        let documents = drafts_of(batch(number)).unwrap();
        let returns = documents.iter().filter(|document| document.kind == DocumentKind::Return).count();
        assert_eq!(returns, usize::from(number % 4 >= 2));
        let report =
            engine.post_documents(&caller, PostDocuments { documents, ..PostDocuments::default() }).unwrap();
        for outcome in &report.outcomes {
            assert_eq!(outcome.became == Became::Repeated, found.contains_key(&outcome.id), "{outcome:?}");
        }
    }
    let all = there(&engine, batches);
    *acknowledged.lock().unwrap() = all;
    World { folder, engine }
}

#[test]
fn documents_that_were_acknowledged_outlive_a_kill_once() {
    let kills = effort::count(KILLS);
    let mut draws = Draws::new(2);
    let (mut done, mut posted) = (0, 0);
    while done < kills {
        let mut world = World::of(1);
        let (next, acknowledged) = (Arc::new(Mutex::new(0)), Acknowledged::default());
        for _ in 0..KILLS_A_FOLDER.min(kills - done) {
            // The server has the folder to itself.
            let World { folder, engine } = world;
            drop(engine);
            let after = Duration::from_millis(u64::try_from(draws.below(150)).unwrap());
            kill_while_posting(&folder.path().join("data"), &next, &acknowledged, after);
            world = hold(folder, &next, &acknowledged);
            done += 1;
        }
        posted += acknowledged.lock().unwrap().len();
    }
    println!("{done} kills while documents were posted, {posted} documents");
    assert!(posted > 0);
}
