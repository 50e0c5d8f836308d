//! What do statements say where another reading was possible, and where several are made at once?

use std::sync::Mutex;

use quoin::domain::day::CivilDay;
use quoin::domain::decimal::Micros;
use quoin::engine::caller::Caller;
use quoin::engine::error::{LedgerError, SettleRefusal};
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::engine::ledger::settlement::{Settle, Settled};
use quoin::exchange::source::Source;
use quoin::ledger::statement::{Statement, StatementKind};

use super::stories::policy_of;
use super::world::{World, document, micros};

fn asked(id: &str, kind: StatementKind) -> Settle {
    Settle {
        id: id.to_owned(),
        contract: "0.A".to_owned(),
        through: CivilDay::parse("2026-03-31").unwrap(),
        kind,
        agreements: Vec::new(),
        reopens: None,
        dry_run: false,
    }
}

fn settled(world: &World, id: &str) -> Statement {
    world.engine.settle(&Caller::operator(), &asked(id, StatementKind::Final)).unwrap().statement
}

/// Entitlement, to pay, and the supplier's share of that, of a statement's only entry.
fn figures(statement: &Statement) -> (Micros, Micros, Micros) {
    let [entry] = &statement.entries[..] else { panic!("{statement:?}") };
    (entry.entitlement, entry.to_pay, entry.supplier_to_pay)
}

fn money(figures: [&str; 3]) -> (Micros, Micros, Micros) {
    let [entitlement, to_pay, supplier] = figures.map(micros);
    (entitlement, to_pay, supplier)
}

#[test]
fn what_a_supplier_bears_is_in_sum_his_rounded_share() {
    let world = World::of(1);
    world.publish(&policy_of("- { id: q, period: quarter, percent: 1, supplier_percent: 40 }"));
    world.posted(vec![document(0, "S1 shipment A 2026-01-05 bolt 1 6")]);
    assert_eq!(figures(&settled(&world, "1")), money(["0.06", "0.06", "0.02"]));
    world.posted(vec![document(0, "S2 shipment A 2026-01-06 bolt 1 1")]);
    // 40 % of 0.07 is 0.03; of the 0.01 alone it would be nothing.
    assert_eq!(figures(&settled(&world, "2")), money(["0.07", "0.01", "0.01"]));
}

/// Moves bolts into another category.
fn moved(world: &World) {
    let path = world.folder.path().join("skus.csv");
    std::fs::write(&path, "sku,base_unit,category,brand\nbolt,piece,metal/bolts,iron\n").unwrap();
    let job = ImportJob { sources: Source::of_paths([path], None).unwrap(), ..ImportJob::default() };
    let report = world.engine.import(&Caller::operator(), &job, &Silent).unwrap();
    assert_eq!(report.verdict, Verdict::Published, "{:#?}", report.refused);
}

#[test]
fn goods_that_move_touch_a_closed_period_with_the_next_document_only() {
    let world = World::of(1);
    world.publish(&policy_of("- { id: q, period: quarter, goods: { category: fasteners }, percent: 10 }"));
    world.posted(vec![document(0, "S1 shipment A 2026-01-05 bolt 1 1000")]);
    assert_eq!(figures(&settled(&world, "1")), money(["100", "100", "0"]));
    moved(&world);
    let closed = world.engine.settle(&Caller::operator(), &asked("2", StatementKind::Final)).unwrap_err();
    assert!(matches!(closed, LedgerError::Settle(SettleRefusal::Closed { by: 1, .. })), "{closed}");
    // The policy of the closing version, against the goods of today.
    world.publish(&policy_of("- { id: q, period: quarter, percent: 1 }"));
    world.posted(vec![document(0, "S2 shipment A 2026-01-06 nut 1 50")]);
    assert_eq!(figures(&settled(&world, "3")), money(["5", "-95", "0"]));
}

#[test]
fn a_statement_may_have_more_documents_than_one_page() {
    let world = World::of(1);
    world.publish(&policy_of(
        "- { id: q, period: quarter, percent: 1 }\n- { id: r, period: quarter, percent: 1 }",
    ));
    let shipments =
        (0..1_500).map(|number| document(0, &format!("S{number} shipment A 2026-01-05 bolt 1 1")));
    world.posted(shipments.collect());
    let caller = Caller::operator();
    let answer = world.engine.settle(&caller, &asked("1", StatementKind::Final)).unwrap();
    assert_eq!((answer.documents.len(), answer.first().len()), (3_000, 1_000));
    let again = world.engine.settle(&caller, &asked("1", StatementKind::Final)).unwrap();
    assert_eq!(again.documents, answer.first());
    let mut pages = Vec::new();
    for from in (0..).step_by(700) {
        let (_, page) = world.engine.statement(&caller, 1, (from, 700)).unwrap();
        if page.is_empty() {
            break;
        }
        pages.extend(page);
    }
    assert_eq!(pages, answer.documents);
}

#[test]
fn statements_that_are_made_at_once_stand_one_upon_another() {
    const THREADS: usize = 8;
    const EACH: usize = 12;
    let world = World::of(1);
    world.publish(&policy_of("- { id: q, period: quarter, percent: 1 }"));
    let made: Mutex<Vec<Settled>> = Mutex::default();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (world, made) = (&world, &made);
            scope.spawn(move || {
                for number in 0..EACH {
                    let id = format!("S{thread}-{number}");
                    world.posted(vec![document(0, &format!("{id} shipment A 2026-01-05 bolt 1 100"))]);
                    // Two threads send each request.
                    let asked = asked(&format!("{}-{number}", thread / 2), StatementKind::Interim);
                    made.lock().unwrap().push(world.engine.settle(&Caller::operator(), &asked).unwrap());
                }
            });
        }
    });
    let mut made = made.into_inner().unwrap();
    assert_eq!(made.len(), THREADS * EACH);
    assert_eq!(made.iter().filter(|settled| !settled.repeated).count(), THREADS / 2 * EACH);
    made.sort_by_key(|settled| (settled.statement.number, settled.repeated));
    made.dedup_by(|again, first| {
        let same = again.statement.number == first.statement.number;
        assert!(!same || (again.repeated && again.statement == first.statement));
        same
    });
    let mut before = (0, Micros::ZERO);
    for Settled { statement, .. } in &made {
        assert_eq!(statement.number, before.0 + 1);
        assert_eq!(statement.entries[0].earlier, before.1);
        before = (statement.number, statement.entries[0].entitlement);
    }
}
