//! Does what was acknowledged outlive a crash, once, and are documents that were sent together there all or none?
//!
//! The story. An ERP posts the day's shipments and returns through several connections when the server dies. What was
//! answered must be there as answered; what was in flight may be, whole, or not at all. The ERP does what ERPs do: it sends
//! everything again. Nothing may be there twice, nothing may be lost, and every figure must be what the documents add up to.
//!
//! Between its documents it settles months. A statement that was answered must be there as it was answered, under its number;
//! numbers have no gaps and no request has two, whichever statements were in flight; and what was said of a month in sum is what
//! its documents come to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use quoin::api::document::{drafts_of, sent};
use quoin::api::page::Page;
use quoin::api::statement::{asked, found, settle};
use quoin::api::v1;
use quoin::api::v1::ledger_service_client::LedgerServiceClient;
use quoin::domain::day::CivilDay;
use quoin::domain::language::Language;
use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::engine::error::{LedgerError, SettleRefusal};
use quoin::engine::ledger::settlement::Settle;
use quoin::engine::ledger::{Became, PostDocuments};
use quoin::engine::{Engine, EngineOptions};
use quoin::ledger::document::DocumentKind;
use quoin::ledger::statement::{Statement, StatementKind};

use tempfile::TempDir;

use super::world::{World, document, policy};
use crate::effort::{self, Draws};
use crate::killed::{Numbers, kill_while, some_time};

/// Kills.
const KILLS: u32 = 60;
/// Kills of one folder.
const KILLS_A_FOLDER: u32 = 20;

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

/// Statements that were acknowledged, by number.
type Settled = Arc<Mutex<BTreeMap<u64, v1::Statement>>>;

/// What is handed out and what is written down, outside of the server.
#[derive(Clone, Default)]
struct Outside {
    numbers: Numbers,
    acknowledged: Acknowledged,
    settled: Settled,
}

/// A month's bonus, so that there is something to settle.
const AGREEMENTS: &str = "agreements:\n  - { id: m, period: month, tiers: [{ from: 100, percent: 3 }, { from: 2000, percent: 5 }] }\n";

const MONTH_ENDS: [&str; 2] = ["2026-01-31", "2026-02-28"];

/// The settlement that follows a batch; a request's id stands for its number.
fn settlement(number: u32) -> v1::SettleRequest {
    v1::SettleRequest {
        id: format!("T{number}"),
        contract: batch(number)[0].contract.clone(),
        through: MONTH_ENDS[usize::try_from(number / 3 % 2).unwrap()].to_owned(),
        kind: v1::StatementKind::Final.into(),
        ..Default::default()
    }
}

/// Posts batches until the server is gone; `numbers` hands out theirs.
async fn post_until_killed(address: String, outside: Outside) {
    let Outside { numbers, acknowledged, settled } = outside;
    let Ok(mut client) = LedgerServiceClient::connect(format!("http://{address}")).await else { return };
    loop {
        let number = numbers.next();
        let request = v1::PostDocumentsRequest { documents: batch(number), ..Default::default() };
        let Ok(answer) = client.post_documents(request).await else { return };
        let report = answer.into_inner().report.unwrap();
        assert!(report.faults.is_empty(), "{:?}", report.faults);
        for outcome in report.outcomes {
            acknowledged.lock().unwrap().insert(outcome.document, outcome.posted.unwrap().sequence);
        }
        match client.settle(settlement(number)).await {
            Ok(answer) => {
                let statement = answer.into_inner().statement.unwrap();
                let twice = settled.lock().unwrap().insert(statement.number, statement);
                assert_eq!(twice, None, "a number was given twice");
            }
            // Another sender's statement has told of this batch.
            Err(status) if status.code() == tonic::Code::FailedPrecondition => {}
            Err(_) => return,
        }
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
fn hold(folder: TempDir, outside: &Outside) -> World {
    let Outside { numbers, acknowledged, .. } = outside;
    let engine = Engine::open(&EngineOptions::new(folder.path().join("data"))).unwrap();
    let batches = numbers.given();
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
    hold_statements(&engine, outside);
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

/// Holds statements against what was acknowledged, and takes those into account whose answer was lost.
fn hold_statements(engine: &Engine, outside: &Outside) {
    let caller = Caller::operator();
    let page = Page::of(1, "").unwrap();
    let found = |number: u64| match found(engine, &caller, (number, page, Language::English)) {
        Ok(found) => found.statement,
        Err(LedgerError::Settle(SettleRefusal::UnknownStatement { .. })) => None,
        Err(error) => panic!("{error}"),
    };
    let all: BTreeMap<u64, v1::Statement> =
        (1..).map_while(|number| Some((number, found(number)?))).collect();
    let mut settled = outside.settled.lock().unwrap();
    for (number, statement) in settled.iter() {
        assert_eq!(all.get(number), Some(statement), "statement {number} was acknowledged");
    }
    let ids: BTreeSet<&str> = all.values().map(|statement| statement.id.as_str()).collect();
    assert_eq!(ids.len(), all.len(), "a request has two statements");
    for contract in ["0.A", "0.B", "0.H"] {
        let (listed, _) = engine.statements(&caller, contract, (0, usize::MAX)).unwrap();
        let own = all.values().filter(|statement| statement.contract == contract);
        assert!(listed.iter().map(|statement| statement.number).eq(own.map(|statement| statement.number)));
        for through in MONTH_ENDS {
            hold_month(engine, (contract, through), &listed);
        }
    }
    // The same requests again are answered with the same statements.
    for statement in all.values() {
        let number = statement.id.strip_prefix('T').unwrap().parse().unwrap();
        let again = asked(settlement(number)).unwrap();
        let again = settle(engine, &caller, (&again, Language::English)).unwrap();
        assert_eq!((again.repeated_request, again.statement.as_ref()), (true, Some(statement)));
    }
    *settled = all;
}

/// What statements said of a month in sum is what its documents came to when the last of them was made: with what came since, a
/// trial says the rest.
fn hold_month(engine: &Engine, (contract, through): (&str, &str), listed: &[Statement]) {
    let last = CivilDay::parse(through).unwrap();
    let of_month = |statement: &Statement| {
        let own = statement.entries.iter().filter(|entry| entry.period.last == last);
        own.map(|entry| entry.to_pay.0).sum::<i64>()
    };
    let said: i64 = listed.iter().map(of_month).sum();
    let trial = Settle {
        id: "trial".to_owned(),
        contract: contract.to_owned(),
        through: last,
        kind: StatementKind::Final,
        agreements: Vec::new(),
        reopens: None,
        dry_run: true,
    };
    let rest = match engine.settle(&Caller::operator(), &trial) {
        Ok(settled) => of_month(&settled.statement),
        Err(LedgerError::Settle(SettleRefusal::Closed { .. })) => 0,
        Err(error) => panic!("{error}"),
    };
    let at = Instant::parse(&format!("{through}T11:00:00Z")).unwrap();
    let (accruals, _) = engine.accruals(&Caller::operator(), contract, Some(at)).unwrap();
    assert_eq!(said + rest, accruals[0].entitlement.0, "{contract} {through}");
}

#[test]
fn documents_that_were_acknowledged_outlive_a_kill_once() {
    let kills = effort::count(KILLS);
    let mut draws = Draws::new(2);
    let (mut done, mut posted, mut settled) = (0, 0, 0);
    while done < kills {
        let mut world = World::of(1);
        world.publish(&[policy().as_str(), AGREEMENTS].concat());
        let outside = Outside::default();
        for _ in 0..KILLS_A_FOLDER.min(kills - done) {
            // The server has the folder to itself.
            let World { folder, engine } = world;
            drop(engine);
            let after = some_time(&mut draws, Duration::from_millis(150));
            let sender = |address| post_until_killed(address, outside.clone());
            kill_while(&folder.path().join("data"), after, sender);
            world = hold(folder, &outside);
            done += 1;
        }
        posted += outside.acknowledged.lock().unwrap().len();
        settled += outside.settled.lock().unwrap().len();
    }
    println!("{done} kills while documents were posted, {posted} documents, {settled} statements");
    assert!(posted > 0 && settled > 0);
}
