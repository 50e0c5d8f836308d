//! What may not be settled, is it said why, and is nothing written then?

use quoin::domain::day::CivilDay;
use quoin::domain::time::CivilSecond;
use quoin::engine::caller::{Caller, ContractScope, Role};
use quoin::engine::error::{LedgerError, SettleRefusal};
use quoin::engine::ledger::settlement::Settle;
use quoin::ledger::statement::StatementKind;

use super::stories::policy_of;
use super::world::{World, document};

const AGREEMENTS: &str = "- { id: q, period: quarter, percent: 100 }\n- { id: s, period: quarter, contracts: { contract: \"0.H\" }, percent: 1 }";

fn quarter(id: &str, letter: &str) -> Settle {
    Settle {
        id: id.to_owned(),
        contract: format!("0.{letter}"),
        through: CivilDay::parse("2026-03-31").unwrap(),
        kind: StatementKind::Final,
        agreements: Vec::new(),
        reopens: None,
        dry_run: false,
    }
}

/// Why a request is refused; nothing is written then.
fn refused(world: &World, caller: &Caller, asked: &Settle) -> LedgerError {
    let position = world.engine.view().position;
    for dry_run in [true, false] {
        world.engine.settle(caller, &Settle { dry_run, ..asked.clone() }).unwrap_err();
    }
    let error = world.engine.settle(caller, asked).unwrap_err();
    assert_eq!(world.engine.view().position, position, "{error}");
    error
}

#[test]
fn what_cannot_be_settled_is_refused_and_nothing_is_written() {
    let world = World::of(1);
    let operator = Caller::operator();
    let told = |asked: Settle| refused(&world, &operator, &asked).to_string();
    // Nothing was agreed yet.
    let nothing = "no retro-bonus is agreed with contract \"0.A\" for a period that holds 2026-03-31";
    assert_eq!(told(quarter("1", "A")), nothing);
    world.publish(&policy_of(AGREEMENTS));
    assert_eq!(told(quarter("1", "nobody")), "contract \"0.nobody\" is unknown");
    // A contract that the caller may not see is as unknown as one that is not there.
    let mut own = operator.clone();
    own.contracts = ContractScope::of(["0.B"]);
    assert_eq!(refused(&world, &own, &quarter("1", "A")).to_string(), "contract \"0.A\" is unknown");
    let mut asks = operator.clone();
    asks.roles = [Role::Price, Role::Publish].into();
    assert_eq!(
        refused(&world, &asks, &quarter("1", "A")).to_string(),
        "not allowed: needs the role \"post\""
    );
    assert_eq!(told(quarter("", "A")), "id \"\" is empty");
    let agreements = vec!["q".to_owned(), "s".to_owned()];
    // Known to the policy, but another contract's.
    assert_eq!(
        told(Settle { agreements, ..quarter("1", "A") }),
        "agreement \"s\" is none of contract \"0.A\""
    );
    let reopens = Some(1);
    assert_eq!(told(Settle { reopens, ..quarter("1", "A") }), "statement 1 is unknown");
    let first = world.engine.settle(&operator, &quarter("1", "B")).unwrap().statement;
    assert_eq!(first.number, 1);
    assert_eq!(told(Settle { reopens, ..quarter("2", "A") }), "statement 1 is unknown");
    // The same id for anything else.
    let reused = "id \"1\" was used before for another request: take a new one for a new statement";
    assert_eq!(told(quarter("1", "A")), reused);
    let later = CivilDay::parse("2026-06-30").unwrap();
    assert_eq!(told(Settle { through: later, ..quarter("1", "B") }), reused);
    assert_eq!(told(Settle { kind: StatementKind::Interim, ..quarter("1", "B") }), reused);
    // A caller who may not see the contract learns nothing of the statement.
    let mut other = operator.clone();
    other.contracts = ContractScope::of(["0.A"]);
    let hidden = world.engine.statement(&other, 1, (0, 10)).unwrap_err();
    assert_eq!(hidden.to_string(), "statement 1 is unknown");
    let none = world.engine.statement(&operator, 2, (0, 10)).unwrap_err();
    assert_eq!(none.to_string(), "statement 2 is unknown");
    assert_eq!(
        world.engine.statements(&other, "0.B", (0, 10)).unwrap_err().to_string(),
        "contract \"0.B\" is unknown"
    );
}

#[test]
fn a_day_is_over_on_the_wall_clock_of_the_contract() {
    let world = World::of(1);
    world.publish(&policy_of(AGREEMENTS));
    let utc = CivilDay::of(CivilSecond(world.engine.view().command_time.0));
    for (kind, ahead) in
        [(StatementKind::Interim, 1), (StatementKind::Interim, 40), (StatementKind::Final, 1)]
    {
        let asked = Settle { through: utc.plus(ahead), kind, ..quarter("1", "A") };
        let error = refused(&world, &Caller::operator(), &asked);
        let LedgerError::Settle(SettleRefusal::NotOver { through, today, .. }) = error else {
            panic!("{error}")
        };
        // In Berlin it may be tomorrow already.
        assert_eq!(through, utc.plus(ahead));
        assert!(today == utc || today == utc.plus(1));
    }
    let asked = Settle { through: utc.plus(-2), kind: StatementKind::Interim, ..quarter("1", "A") };
    world.engine.settle(&Caller::operator(), &asked).unwrap();
}

#[test]
fn figures_that_do_not_fit_are_refused() {
    let world = World::of(1);
    world.publish(&policy_of(AGREEMENTS));
    world.posted(vec![
        document(0, "S1 shipment A 2026-01-05 bolt 1 9000000000000"),
        document(0, "S2 shipment A 2026-01-06 bolt 1 9000000000000"),
    ]);
    let error = refused(&world, &Caller::operator(), &quarter("1", "A"));
    assert!(matches!(error, LedgerError::Overflow), "{error}");
    // What fits is settled, also past what a decimal holds.
    world.publish(&policy_of("- { id: q, period: quarter, percent: 1 }"));
    let settled = world.engine.settle(&Caller::operator(), &quarter("1", "A")).unwrap();
    assert_eq!(settled.statement.entries[0].basis, 18_000_000_000_000_000_000);
    assert_eq!(settled.statement.number, 1);
}

#[test]
fn documents_of_other_contracts_are_shown_to_those_who_may_see_them() {
    let world = World::of(1);
    world.publish(&policy_of("- { id: q, period: quarter, of_whom: holding, percent: 1 }"));
    world.posted(vec![
        document(0, "S1 shipment A 2026-01-05 bolt 1 100"),
        document(0, "S2 shipment H 2026-01-05 bolt 1 200"),
    ]);
    let mut own = Caller::operator();
    own.contracts = ContractScope::of(["0.A"]);
    let settled = world.engine.settle(&own, &quarter("1", "A")).unwrap();
    let ids = |documents: &[quoin::ledger::statement::EntryDocument]| {
        documents.iter().map(|document| document.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        (ids(&settled.documents), settled.statement.entries[0].documents),
        (vec!["0.S1".to_owned()], 2)
    );
    let (_, documents) = world.engine.statement(&own, 1, (0, 10)).unwrap();
    assert_eq!(ids(&documents), ["0.S1"]);
    let (_, documents) = world.engine.statement(&Caller::operator(), 1, (0, 10)).unwrap();
    assert_eq!(ids(&documents), ["0.S1", "0.S2"]);
    // Whoever may only post may ask again for what it settled.
    let mut posts = Caller::operator();
    posts.roles = [Role::Post].into();
    assert!(world.engine.settle(&posts, &quarter("1", "A")).unwrap().repeated);
}
