//! Does a store that takes another's log answer what that one answers, from empty and from a checkpoint on?

use std::path::Path;

use quoin::domain::day::CivilDay;
use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::engine::error::{FollowError, LedgerError};
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::engine::ledger::PostDocuments;
use quoin::engine::ledger::limited::HoldLimits;
use quoin::engine::ledger::loyalty::{HoldPoints, RestorePoints};
use quoin::engine::ledger::purchases::AskPurchases;
use quoin::engine::ledger::settlement::Settle;
use quoin::engine::{Engine, EngineOptions};
use quoin::exchange::source::Source;
use quoin::ledger::statement::StatementKind;
use quoin::policy::syntax::PeriodOf;

use super::world::{World, document, micros, policy, rule_uses};
use crate::effort::Draws;

/// Rules that go behind those of the world's policy.
const LIMITED: &str =
    "  - { id: first, layer: volume, percent: 1, limit: { quantity: 10000, overall: true } }
  - { id: fund, layer: order, percent: 1, limit: { amount: 2000 } }
";

const AGREEMENTS: &str = "
agreements:
  - { id: a, period: quarter, tiers: [{ from: 100, percent: 2 }, { from: 5000, percent: 3 }] }
  - { id: b, period: year, count: paid, percent: 1, conditions: [{ overdue_days: 30 }] }
  - { id: c, period: quarter, of_whom: payer, basis_of: ship_to, tiers: [{ from: 5000, percent: 1 }] }
  - { id: d, period: quarter, count: paid, of_whom: payer, basis_of: payer, percent: 1, conditions: [{ overdue_days: 30 }] }
holds: [{ id: late, overdue_days: 3 }]
levels:
  - { id: status, period: quarter, grace: 1, levels: [{ id: silver, conditions: [{ months: 2 }] }, { id: gold, conditions: [{ measure: { what: amount }, at_least: 20000 }], multiplier: 2 }] }
points:
  - { id: club, earn: { percent: 10 }, levels: status, expire_months: 6, pay: { most_percent: 30 } }
";

/// So many days of documents of every kind, in any order: returns and payments before their shipments too.
fn post(world: &World, draws: &mut Draws, first: usize, last: usize) {
    let mut texts = Vec::new();
    for number in first..last {
        let (month, day) = (1 + draws.below(3), 1 + draws.below(28));
        let letter = ["A", "B", "H", "U"][draws.below(4)];
        let (quantity, amount) = (1 + draws.below(30), 10 + draws.below(5_000));
        let date = format!("2026-{month:02}-{day:02}");
        let sku = ["bolt", "nut", "glue"][draws.below(3)];
        let parties = ["", "payer own ", "payer sister ", "to own ", "payer own to sister "][draws.below(5)];
        let limits = format!("after Q{}.{} uses first={quantity};fund=1.5", 1 + number / 40, number % 3);
        texts.push(format!(
            "S{number} shipment {letter} {date} due {date} {limits} {parties}{sku} {quantity} {amount}"
        ));
        match draws.below(4) {
            0 => texts.push(format!(
                "R{number} return {letter} 2026-03-30 for S{number} uses first=1 {sku} 1 {}",
                amount / 2
            )),
            1 => texts.push(format!("P{number} payment {letter} 2026-03-29 S{number} {amount}")),
            2 => texts.push(format!("L{number} plan {letter} 2026-01-01 quarter 2026-03-31 {amount}")),
            _ => texts.push(format!("C{number} correction {letter} {date} {sku} 1 -{}.5", amount / 3)),
        }
    }
    draws.shuffle(&mut texts);
    let mut rest = texts.as_slice();
    while !rest.is_empty() {
        let (now, later) = rest.split_at(rest.len().min(1 + draws.below(5)));
        world.posted(now.iter().map(|text| document(0, text)).collect());
        rest = later;
    }
}

/// A month is settled, points are held, spent, given back and released, limits are held and released.
fn settle_and_hold(world: &World, number: usize) {
    let (engine, caller) = (&world.engine, Caller::operator());
    for (contract, kind) in [("0.A", StatementKind::Interim), ("0.B", StatementKind::Final)] {
        let asked = Settle {
            id: format!("{contract}.{number}"),
            contract: contract.to_owned(),
            through: CivilDay::parse("2026-03-31").unwrap(),
            kind,
            agreements: Vec::new(),
            reopens: None,
            dry_run: false,
        };
        // Nothing may have changed for what is closed.
        if let Err(refusal) = engine.settle(&caller, &asked) {
            assert!(matches!(refusal, LedgerError::Settle(_)), "{refusal}");
        }
    }
    let day = Some(CivilDay::parse("2026-04-15").unwrap());
    let ids: Vec<String> = (0..3).map(|hold| format!("H{number}.{hold}")).collect();
    for id in &ids {
        let asked = HoldPoints { id, contract: "0.A", programme: "club", points: micros("1.5"), day };
        engine.hold_points(&caller, asked).unwrap();
    }
    engine.spend_points(&caller, &ids[0], Some("0.S1")).unwrap();
    let (back, points) = (format!("B{number}"), micros("0.5"));
    engine.restore_points(&caller, RestorePoints { id: &back, hold: &ids[0], points, day }).unwrap();
    engine.release_points(&caller, &ids[1]).unwrap();
    for (hold, contract) in [(0, "0.A"), (1, "0.B"), (2, "0.A")] {
        let (id, uses) = (format!("0.Q{number}.{hold}"), rule_uses("first=70;fund=9"));
        engine.hold_limits(&caller, HoldLimits { id: &id, contract, uses: &uses }).unwrap();
    }
    engine.release_limits(&caller, &format!("0.Q{number}.1")).unwrap();
}

fn import(engine: &Engine, folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    let job = ImportJob { sources: Source::of_paths([path], None).unwrap(), ..ImportJob::default() };
    let report = engine.import(&Caller::operator(), &job, &Silent).unwrap();
    assert_eq!(report.verdict, Verdict::Published, "{:#?}", report.refused);
}

/// Everything that an engine says, as text.
fn told(engine: &Engine) -> String {
    let caller = Caller::operator();
    let view = engine.view();
    let mut text = format!("{} {} {}\n", view.publication.0, view.position.0, view.command_time.0);
    for manifest in engine.publications().unwrap() {
        text.push_str(&format!("{manifest:?}\n"));
    }
    for contract in ["0.A", "0.B", "0.H", "0.U"] {
        for of in [PeriodOf::Contract, PeriodOf::Holding, PeriodOf::Payer, PeriodOf::ShipTo] {
            let asked = AskPurchases { contract, of, days: None };
            text.push_str(&format!("{:?}\n", engine.purchases(&caller, &asked).unwrap()));
        }
        for day in ["2026-02-15", "2026-03-31", "2026-06-30"] {
            let at = Some(Instant::parse(&format!("{day}T11:00:00Z")).unwrap());
            let (accruals, _) = engine.accruals(&caller, contract, at).unwrap();
            let (progress, _) = engine.progress(&caller, contract, at).unwrap();
            let measures = engine.measures(&caller, contract, at).unwrap();
            text.push_str(&format!("{accruals:?}\n{progress:?}\n{measures:?}\n"));
            let (levels, points) = (
                engine.levels(&caller, contract, at).unwrap().0,
                engine.points(&caller, contract, at).unwrap().0,
            );
            text.push_str(&format!("{levels:?}\n{points:?}\n"));
        }
        text.push_str(&format!("{:?}\n", engine.limits(&caller, contract).unwrap().0));
        let (statements, more) = engine.statements(&caller, contract, (0, 100)).unwrap();
        assert!(!more);
        for statement in statements {
            let whole = engine.statement(&caller, statement.number, (0, 1_000)).unwrap();
            text.push_str(&format!("{whole:?}\n"));
        }
    }
    for id in (0..60).flat_map(|number| ["S", "R", "P", "L", "C"].map(|kind| format!("0.{kind}{number}"))) {
        if let Ok(known) = engine.document(&caller, &id) {
            text.push_str(&format!("{known:?}\n"));
        }
    }
    let parked = engine.parked_documents(&caller).unwrap();
    text.push_str(&format!("{parked:?}\n"));
    text
}

fn cart(engine: Engine, folder: tempfile::TempDir) -> String {
    let world = World { folder, engine };
    let carts = ["2026-02-15", "2026-03-31"].map(|day| {
        let priced = world.priced(&format!("{day}T11:00:00Z"), None, &[("bolt", "3"), ("nut", "40")]);
        format!("{:?}", (priced.lines, priced.retro, priced.held_by, priced.position, priced.publication))
    });
    carts.join("\n")
}

/// A life: two policies, prices that change, and documents of every kind between.
#[test]
fn a_follower_answers_what_its_leader_answers() {
    let mut draws = Draws::new(7);
    let world = World::of(1);
    post(&world, &mut draws, 0, 20);
    let unknown = PostDocuments {
        documents: vec![
            document(0, "S90 shipment A 2026-01-05 cog 1 10"),
            document(0, "S91 shipment A 2026-01-05 wheel 1 10"),
        ],
        park_unknown: true,
        dry_run: false,
    };
    world.engine.post_documents(&Caller::operator(), unknown).unwrap();
    world.publish(&format!("{}{LIMITED}{AGREEMENTS}", policy()));
    post(&world, &mut draws, 20, 40);
    settle_and_hold(&world, 1);

    // From a checkpoint in the middle, and the tail.
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("data");
    world.engine.store().checkpoint(&folder).unwrap();
    let follower = Engine::open(&EngineOptions::new(&folder)).unwrap();
    assert_eq!(told(&follower), told(&world.engine));

    import(
        &world.engine,
        world.folder.path(),
        "prices.csv",
        "price_list,sku,price\nbase,bolt,90\nbase,nut,45\n",
    );
    import(
        &world.engine,
        world.folder.path(),
        "skus.csv",
        "sku,base_unit,category,brand\ncog,piece,fasteners/cogs,iron\n",
    );
    post(&world, &mut draws, 40, 60);
    settle_and_hold(&world, 2);
    assert!(told(&world.engine).contains("Correction"), "a late document makes no correction");
    let tail = world.engine.view().position.0 - follower.view().position.0;
    assert_eq!(follower.follow(&world.engine).unwrap(), tail);
    assert_eq!(told(&follower), told(&world.engine));
    assert_eq!(follower.follow(&world.engine).unwrap(), 0);

    // From empty.
    let other = tempfile::tempdir().unwrap();
    let empty = Engine::open(&EngineOptions::new(other.path().join("data"))).unwrap();
    assert_eq!(empty.follow(&world.engine).unwrap(), world.engine.view().position.0);
    assert_eq!(told(&empty), told(&world.engine));
    assert_eq!(empty.check().unwrap().faults, Vec::<String>::new());
    println!("{} entries of the log, {tail} of them a tail", world.engine.view().position.0);

    // Opened again, and gone on with by itself: numbers are not taken twice.
    drop(empty);
    let empty = Engine::open(&EngineOptions::new(other.path().join("data"))).unwrap();
    assert_eq!(told(&empty), told(&world.engine));
    for engine in [&empty, &world.engine] {
        import(engine, other.path(), "units-more.csv", "unit,decimals\nroll,0\n");
    }
    assert_eq!(empty.view().publication, world.engine.view().publication);

    // A leader that is behind has nothing to give, and one whose publications are gone says so.
    assert_eq!(world.engine.follow(&follower).unwrap(), 0);
    let expected = cart(world.engine, world.folder);
    assert_eq!(cart(empty, other), expected);
    assert_eq!(follower.follow(&follower).unwrap(), 0);
}

#[test]
fn a_leader_that_lacks_what_was_published_is_named() {
    let world = World::of(1);
    let retention = Some(quoin::engine::retention::Retention { publications: 1, days: 0 });
    let World { folder, engine } = world;
    drop(engine);
    let options = EngineOptions { retention, ..EngineOptions::new(folder.path().join("data")) };
    let world = World { engine: Engine::open(&options).unwrap(), folder };
    world.publish(&policy());
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while world.engine.publications().unwrap().len() > 1 {
        assert!(std::time::Instant::now() < deadline, "publications were not retired");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let other = tempfile::tempdir().unwrap();
    let empty = Engine::open(&EngineOptions::new(other.path().join("data"))).unwrap();
    assert!(matches!(empty.follow(&world.engine), Err(FollowError::Retired { number: 1 })));
}
