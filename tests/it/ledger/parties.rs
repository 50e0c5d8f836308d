//! What counts by who pays and who received the goods, under whatever contract (rule X7)? Stories of agreements, in every order of
//! their documents.

use quoin::domain::decimal::Micros;
use quoin::domain::time::Instant;
use quoin::engine::caller::{Caller, ContractScope};
use quoin::engine::error::LedgerError;
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::engine::ledger::purchases::AskPurchases;
use quoin::exchange::source::Source;
use quoin::policy::syntax::PeriodOf;

use super::stories::{Story, entitled, policy};
use super::world::{World, document, micros};
use crate::effort::Draws;

/// Orders of a story's documents that are tried: all of those of three, and so many of more.
const ORDERS: usize = 6;

const STORIES: &[Story] = &[
    Story {
        what: "the office receives the bonus of what it paid for on a sister's contract; the sister that of what she paid herself",
        agreements: "- { id: a, period: quarter, of_whom: payer, basis_of: payer, percent: 10 }",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 100",
            "S2 shipment H 2026-01-06 payer own bolt 1 20",
            "S3 shipment H 2026-01-07 bolt 1 3",
        ],
        entitled: &["A 2026-01-05 10", "A 2026-01-31 12", "B 2026-01-31 12", "H 2026-01-31 0.3"],
    },
    Story {
        what: "what is paid reaches the tier, and each contract is paid of its own",
        agreements: "- { id: a, period: quarter, of_whom: payer, tiers: [{ from: 1000, percent: 2 }] }",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 400",
            "S2 shipment H 2026-01-06 payer own bolt 1 600",
            "S3 shipment H 2026-01-06 bolt 1 999",
        ],
        entitled: &["A 2026-01-05 0", "A 2026-01-31 8", "B 2026-01-31 0", "H 2026-01-31 0"],
    },
    Story {
        what: "the builder that the goods went to earns the tier",
        agreements: "- { id: a, period: quarter, of_whom: ship_to, tiers: [{ from: 1000, percent: 10 }] }",
        documents: &["S1 shipment A 2026-01-05 to sister bolt 1 600", "S2 shipment H 2026-01-06 bolt 1 500"],
        entitled: &["H 2026-01-05 0", "H 2026-01-31 50", "A 2026-01-31 0"],
    },
    Story {
        what: "who pays and who receives are asked for apart",
        agreements: "- { id: a, period: quarter, of_whom: payer, basis_of: payer, percent: 10 }\n- { id: b, period: quarter, of_whom: ship_to, basis_of: ship_to, percent: 10 }\n- { id: c, period: quarter, of_whom: ship_to, basis_of: payer, tiers: [{ from: 50, percent: 1 }] }",
        documents: &[
            "S1 shipment A 2026-01-05 payer sister to own bolt 1 100",
            "S2 shipment B 2026-01-05 to sister bolt 1 30",
        ],
        entitled: &["A 2026-01-31 3 10 0.3", "H 2026-01-31 10 3 0"],
    },
    Story {
        what: "a document may name its contract's own counterparty: it counts once",
        agreements: "- { id: a, period: quarter, of_whom: payer, basis_of: payer, percent: 10 }",
        documents: &["S1 shipment A 2026-01-05 payer own bolt 1 100", "S2 shipment A 2026-01-06 bolt 1 50"],
        entitled: &["A 2026-01-31 15", "H 2026-01-31 0"],
    },
    Story {
        // By its own words alone the return would be the sister's: 100 for the office, 40 for her.
        what: "a return that names no payer is its shipment's payer's, whichever comes first",
        agreements: "- { id: a, period: quarter, of_whom: payer, basis_of: payer, percent: 10 }",
        documents: &[
            "S1 shipment H 2026-01-05 payer own bolt 10 1000",
            "R1 return H 2026-02-05 for S1 bolt 1 100",
            "S2 shipment H 2026-01-06 bolt 1 500",
        ],
        entitled: &["A 2026-03-31 90", "H 2026-03-31 50", "A 2026-01-31 90"],
    },
    Story {
        what: "a return of its shipment's own day changes hands with it all the same",
        agreements: "- { id: a, period: quarter, of_whom: ship_to, basis_of: ship_to, percent: 10 }",
        documents: &[
            "S1 shipment H 2026-01-05 to own bolt 10 1000",
            "R1 return H 2026-01-05 for S1 bolt 1 100",
            "K1 correction H 2026-01-05 for S1 bolt 0 -50",
            "S2 shipment H 2026-01-05 bolt 1 500",
        ],
        entitled: &["A 2026-01-31 85", "H 2026-01-31 50"],
    },
    Story {
        what: "a return that names a payer is his, whatever its shipment says; what it does not name is its shipment's",
        agreements: "- { id: a, period: quarter, of_whom: payer, basis_of: payer, percent: 10 }\n- { id: b, period: quarter, of_whom: ship_to, basis_of: ship_to, percent: 10 }",
        documents: &[
            "S1 shipment H 2026-01-05 payer own to own bolt 10 1000",
            "R1 return H 2026-02-05 for S1 payer sister bolt 1 100",
            "S2 shipment H 2026-01-06 bolt 1 500",
        ],
        entitled: &["A 2026-03-31 100 90", "H 2026-03-31 40 50"],
    },
    Story {
        what: "a reference to what never comes, to another contract's shipment or to a return gives no payer",
        agreements: "- { id: a, period: quarter, of_whom: payer, basis_of: payer, percent: 10 }",
        documents: &[
            "S1 shipment A 2026-01-05 payer sister bolt 10 1000",
            "S2 shipment B 2026-01-06 bolt 1 600",
            "R1 return B 2026-02-05 for S1 bolt 1 100",
            "R2 return B 2026-02-05 payer sister bolt 1 20",
            "R3 return B 2026-02-05 for R2 bolt 1 3",
            "R4 return B 2026-02-05 for LOST bolt 1 0.5",
        ],
        entitled: &["A 2026-03-31 49.65", "H 2026-03-31 98"],
    },
    Story {
        what: "amounts in another currency count nothing; quantities count, as a holding's do",
        agreements: "- { id: a, period: quarter, of_whom: payer, basis_of: payer, percent: 10 }\n- { id: b, period: quarter, of_whom: payer, measure: { what: quantity, unit: piece }, tiers: [{ from: 10, fixed: 7 }] }",
        documents: &[
            "S1 shipment U 2026-01-05 payer sister bolt 9 900",
            "S2 shipment H 2026-01-06 bolt 1 50",
        ],
        entitled: &["H 2026-01-05 0 0", "H 2026-01-31 5 7", "A 2026-01-31 0 0"],
    },
    Story {
        what: "distinct SKUs of what one pays for are counted once",
        agreements: "- { id: a, period: quarter, of_whom: payer, measure: { what: skus }, tiers: [{ from: 3, fixed: 5 }, { from: 4, fixed: 9 }] }",
        documents: &[
            "S1 shipment A 2026-01-05 payer sister bolt 1 1, nut 1 1",
            "S2 shipment H 2026-01-06 nut 1 1, glue 1 1",
            "S3 shipment A 2026-01-07 rebar 1 1",
        ],
        entitled: &["H 2026-01-05 0", "H 2026-01-31 5", "A 2026-01-31 0"],
    },
    Story {
        what: "months and growth look at what one pays for",
        agreements: "- { id: a, period: quarter, of_whom: payer, basis_of: payer, percent: 10, conditions: [{ months: 2 }] }\n- { id: b, period: quarter, of_whom: payer, basis_of: payer, percent: 10, conditions: [{ growth: 120 }] }",
        documents: &[
            "S0 shipment A 2025-03-10 payer sister bolt 1 80",
            "S1 shipment A 2026-01-05 payer sister bolt 1 100",
            "S2 shipment H 2026-02-05 bolt 1 100",
        ],
        entitled: &["H 2026-01-31 0 0", "H 2026-03-31 20 20", "A 2026-03-31 0 0"],
    },
    Story {
        what: "plans are whose payer they name",
        agreements: "- { id: a, period: quarter, of_whom: payer, basis_of: payer, percent: 10, conditions: [{ plan_percent: 100, plan: turnover }] }",
        documents: &[
            "L1 plan A 2026-01-01 payer sister turnover 2026-03-31 100",
            "S1 shipment H 2026-01-05 bolt 1 60",
            "S2 shipment B 2026-01-06 payer sister bolt 1 40",
        ],
        entitled: &["H 2026-01-05 0", "H 2026-03-31 10", "A 2026-03-31 0"],
    },
    Story {
        // By who pays the payment, the 10 that she paid would be hers: 4 for the office, 3 for her.
        what: "paid is what is paid of the shipments that one is to pay, whoever pays them",
        agreements: "- { id: a, period: quarter, count: paid, of_whom: payer, basis_of: payer, percent: 10 }",
        documents: &[
            "S1 shipment H 2026-01-05 payer own bolt 1 100",
            "S2 shipment H 2026-01-06 bolt 1 20",
            "P1 payment H 2026-01-10 S1 40",
            "P2 payment H 2026-01-11 payer sister S1 10, S2 20",
        ],
        entitled: &["A 2026-01-31 5", "H 2026-01-31 2"],
    },
    Story {
        what: "debts are his who is to pay them",
        agreements: "- { id: a, period: quarter, of_whom: payer, basis_of: payer, percent: 10, conditions: [{ overdue_days: 0 }] }\n- { id: b, period: quarter, of_whom: payer, basis_of: payer, percent: 10, conditions: [{ punctual_percent: 100 }] }",
        documents: &[
            "S1 shipment H 2026-01-05 due 2026-01-20 payer own bolt 1 100",
            "S2 shipment H 2026-01-06 bolt 1 50",
            "S3 shipment A 2026-01-07 bolt 1 10",
            "P1 payment H 2026-02-01 S1 100",
        ],
        entitled: &["A 2026-01-19 11 11", "A 2026-01-31 0 0", "A 2026-02-01 11 0", "H 2026-01-31 5 5"],
    },
    Story {
        what: "a cap in percent is of the contract's own purchases",
        agreements: "- { id: a, period: quarter, of_whom: payer, basis_of: payer, percent: 10 }\nbonus_caps:\n- { id: c, agreements: [a], most_percent: 20 }",
        documents: &["S1 shipment H 2026-01-05 payer own bolt 1 1000", "S2 shipment A 2026-01-06 bolt 1 50"],
        entitled: &["A 2026-01-31 10", "B 2026-01-31 0", "H 2026-01-31 0"],
    },
];

/// Orders of so many documents: as they are, backwards, and drawn ones.
fn orders(documents: usize, draws: &mut Draws) -> Vec<Vec<usize>> {
    let forwards: Vec<usize> = (0..documents).collect();
    let mut orders = vec![forwards.clone(), forwards.iter().rev().copied().collect()];
    while orders.len() < ORDERS {
        let mut order = forwards.clone();
        draws.shuffle(&mut order);
        if documents > 2 && orders.contains(&order) {
            continue;
        }
        orders.push(order);
    }
    orders
}

#[test]
fn agreements_by_payer_and_ship_to_give_the_same_in_every_order() {
    let mut world = World::of(STORIES.len() * ORDERS);
    let mut draws = Draws::new(71);
    let mut wrong = Vec::new();
    for (place, story) in STORIES.iter().enumerate() {
        let orders = orders(story.documents.len(), &mut draws);
        let check = |world: &World, way: &str, wrong: &mut Vec<String>| {
            for (number, order) in orders.iter().enumerate() {
                for told in story.entitled {
                    let mut words = told.split(' ');
                    let (letter, day) = (words.next().unwrap(), words.next().unwrap());
                    let expected: Vec<Micros> = words.map(micros).collect();
                    let found = entitled(world, &format!("{}.{letter}", place * ORDERS + number), day);
                    if found != expected {
                        wrong.push(format!("{}: {way}, {order:?}: {told}: found {found:?}", story.what));
                    }
                }
            }
        };
        world.publish(&policy(place, story));
        // Asked for before, so that accounts are carried on.
        check(&world, "nothing yet", &mut Vec::new());
        for (number, order) in orders.iter().enumerate() {
            for at in order {
                world.posted(vec![document(place * ORDERS + number, story.documents[*at])]);
            }
        }
        check(&world, "carried on", &mut wrong);
        world.publish(&policy(place, story));
        check(&world, "walked over", &mut wrong);
        world = world.reopened();
        check(&world, "opened again", &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let checks: usize = STORIES.iter().map(|story| story.entitled.len()).sum();
    println!("{} stories, {checks} checks, {ORDERS} orders and three ways each", STORIES.len());
}

/// Writes contracts anew, each with its payer and ship-to.
fn import_contracts(world: &World, rows: &str) {
    let path = world.folder.path().join("contracts.csv");
    let head = "contract,counterparty,currency,time_zone,valid_from,payer,ship_to\n";
    std::fs::write(&path, format!("{head}{rows}")).unwrap();
    let job = ImportJob { sources: Source::of_paths([path], None).unwrap(), ..ImportJob::default() };
    let report = world.engine.import(&Caller::operator(), &job, &Silent).unwrap();
    assert_eq!(report.verdict, Verdict::Published, "{:#?}", report.refused);
}

const BY_PAYER: &str = "- { id: a, period: quarter, of_whom: payer, basis_of: payer, percent: 10 }\n- { id: b, period: quarter, of_whom: ship_to, basis_of: ship_to, percent: 10 }";

#[test]
fn documents_that_name_nobody_are_whose_the_contract_says() {
    let world = World::of(1);
    world.publish(&super::stories::policy_of(BY_PAYER));
    world.posted(vec![
        document(0, "S1 shipment A 2026-01-05 bolt 1 100"),
        document(0, "S2 shipment H 2026-01-06 bolt 1 20"),
        document(0, "S3 shipment H 2026-01-07 payer sister to sister bolt 1 3"),
    ]);
    let told = |contract: &str| entitled(&world, contract, "2026-01-31");
    let money = |texts: [&str; 2]| texts.map(micros).to_vec();
    assert_eq!((told("0.A"), told("0.H")), (money(["10", "10"]), money(["2.30", "2.30"])));
    // The office pays for the sister's contract: it receives the bonus of that, and so does her contract, whose payer it is.
    import_contracts(&world, "0.H,0.sister,EUR,Europe/Berlin,2025-02-15,0.own,\n");
    assert_eq!((told("0.A"), told("0.H")), (money(["12", "10"]), money(["12", "2.30"])));
    // It receives the goods, too, and no longer pays.
    import_contracts(&world, "0.H,0.sister,EUR,Europe/Berlin,2025-02-15,,0.own\n");
    assert_eq!((told("0.A"), told("0.H")), (money(["10", "12"]), money(["2.30", "12"])));
    world.posted(vec![document(0, "S4 shipment H 2026-01-08 bolt 1 1")]);
    assert_eq!((told("0.A"), told("0.H")), (money(["10", "12.10"]), money(["2.40", "12.10"])));
}

#[test]
fn a_cart_counts_as_one_that_names_nobody() {
    let world = World::of(1);
    world.publish(
        "quoin_policy: 1\ncurrency: EUR\nagreements:\n  - { id: a, period: quarter, of_whom: payer, basis_of: payer, tiers: [{ from: 1000, percent: 10 }] }\nrules:\n  \
         - { id: r, layer: volume, measure: { what: amount, over: quarter, of_whom: ship_to }, mode: volume, tiers: [{ from: 1000, percent: 5 }] }\n",
    );
    let priced = |world: &World| {
        let priced = world.priced("2026-02-20T11:00:00Z", None, &[("bolt", "1")]);
        (priced.lines[0].amount, priced.retro.unwrap().total)
    };
    assert_eq!(priced(&world), (micros("100"), micros("0")));
    // 900 that the sister bought and the office pays for: with the cart of 100, 1,000 reach the tier, and all of it is paid for.
    world.posted(vec![document(0, "S1 shipment H 2026-02-10 payer own bolt 1 900")]);
    assert_eq!(priced(&world), (micros("100"), micros("100")));
    // The goods went to the office as well: 900 and the cart reach the rule's tier; the cart's 95 no longer the agreement's.
    world.posted(vec![document(0, "S2 shipment H 2026-02-11 payer sister to own bolt 1 900")]);
    assert_eq!(priced(&world), (micros("95"), micros("0")));
    let world = world.reopened();
    assert_eq!(priced(&world), (micros("95"), micros("0")));
}

#[test]
fn an_older_publication_sees_the_newest_payers() {
    let world = World::of(1);
    world.publish(
        "quoin_policy: 1\ncurrency: EUR\nrules:\n  - { id: r, layer: volume, measure: { what: amount, over: quarter, of_whom: payer }, mode: volume, tiers: [{ from: 1000, percent: 5 }] }\n",
    );
    let older = world.engine.view().publication;
    world.publish("quoin_policy: 1\ncurrency: EUR\n");
    let amount =
        |publication| world.priced("2026-02-20T11:00:00Z", publication, &[("bolt", "1")]).lines[0].amount;
    assert_eq!((amount(None), amount(Some(older))), (micros("100"), micros("100")));
    world.posted(vec![document(0, "S1 shipment H 2026-02-10 payer own bolt 1 900")]);
    assert_eq!((amount(None), amount(Some(older))), (micros("100"), micros("95")));
}

#[test]
fn plans_stand_against_what_one_pays_for() {
    let world = World::of(1);
    world.publish(
        "quoin_policy: 1\ncurrency: EUR\nmeasures:\n  paid: { name: paid, what: amount, over: quarter, of_whom: payer }\nrules:\n  \
         - { id: r, layer: volume, measure: paid, mode: volume, tiers: [{ from: 9000000000, percent: 1 }] }\n",
    );
    world.posted(vec![
        document(0, "L1 plan A 2026-01-01 payer sister paid 2026-03-31 100"),
        document(0, "L2 plan H 2026-01-01 paid 2026-03-31 50"),
        document(0, "L3 plan B 2026-01-01 paid 2026-03-31 7"),
        document(0, "S1 shipment H 2026-01-05 bolt 1 60"),
        document(0, "S2 shipment B 2026-01-06 payer sister bolt 1 15"),
    ]);
    let at = Some(Instant::parse("2026-01-31T11:00:00Z").unwrap());
    let stands = |contract| {
        let (progress, _) = world.engine.progress(&Caller::operator(), contract, at).unwrap();
        progress.plans.iter().map(|plan| (plan.of, plan.target, plan.fact)).collect::<Vec<_>>()
    };
    assert_eq!(stands("0.H"), [(PeriodOf::Payer, 150_000_000, 75_000_000)]);
    assert_eq!(stands("0.A"), [(PeriodOf::Payer, 7_000_000, 0)]);
}

#[test]
fn a_level_is_reached_by_what_one_pays_for() {
    let world = World::of(1);
    world.publish(
        "quoin_policy: 1\ncurrency: EUR\nlevels:\n  - { id: p, period: quarter, of_whom: payer, levels: [{ id: gold, conditions: [{ measure: { what: amount }, at_least: 1000 }] }] }\nrules:\n  \
         - { id: g, layer: loyalty, percent: 10, when: { level: gold } }\n",
    );
    let amount = || world.priced("2026-02-20T11:00:00Z", None, &[("bolt", "1")]).lines[0].amount;
    assert_eq!(amount(), micros("100"));
    world.posted(vec![document(0, "S1 shipment H 2026-02-10 payer own bolt 1 1000")]);
    assert_eq!(amount(), micros("90"));
    let at = Some(Instant::parse("2026-02-20T11:00:00Z").unwrap());
    let held = |contract| world.engine.levels(&Caller::operator(), contract, at).unwrap().0[0].held;
    assert_eq!((held("0.A"), held("0.B"), held("0.H")), (Some(0), Some(0), None));
    world.posted(vec![document(0, "R1 return H 2026-02-12 for S1 bolt 1 0.01")]);
    assert_eq!(amount(), micros("100"));
}

#[test]
fn a_hold_looks_at_the_debts_of_who_pays() {
    let world = World::of(1);
    world.publish("quoin_policy: 1\ncurrency: EUR\nholds: [{ id: late, of_whom: payer }]\n");
    let held = || world.priced("2026-02-20T11:00:00Z", None, &[("bolt", "1")]).held_by.len();
    world.posted(vec![document(0, "S1 shipment A 2026-02-01 due 2026-02-10 payer sister bolt 1 100")]);
    assert_eq!(held(), 0);
    world.posted(vec![document(0, "S2 shipment H 2026-02-01 due 2026-02-10 payer own bolt 1 100")]);
    assert_eq!(held(), 1);
    world.posted(vec![document(0, "P1 payment H 2026-02-15 S2 100")]);
    assert_eq!(held(), 0);
}

#[test]
fn purchases_by_payer_and_ship_to_are_told_to_who_may_see_all_of_them() {
    let world = World::of(1);
    world.posted(vec![
        document(0, "S1 shipment A 2026-01-05 bolt 1 100"),
        document(0, "S2 shipment H 2026-01-06 payer own bolt 1 20"),
        document(0, "S3 shipment A 2026-01-07 to sister bolt 1 3"),
        document(0, "R1 return H 2026-02-06 for S2 bolt 1 5"),
    ]);
    let found = |caller: &Caller, of| {
        world.engine.purchases(caller, &AskPurchases { contract: "0.A", of, days: None })
    };
    let net = |of| {
        let found = found(&Caller::operator(), of).unwrap().by_currency;
        found.into_values().map(|of| of.total.net_amount / 1_000_000).collect::<Vec<_>>()
    };
    assert_eq!(
        (net(PeriodOf::Payer), net(PeriodOf::ShipTo), net(PeriodOf::Contract)),
        (vec![118], vec![100], vec![103])
    );
    let contracts = ContractScope::of(["0.A", "0.B", "0.U"]);
    let own = Caller { contracts, ..Caller::operator() };
    assert!(matches!(found(&own, PeriodOf::Payer), Err(LedgerError::NotAllowed { .. })));
    // Whether others' documents name it is nothing that a refusal tells.
    assert!(matches!(found(&own, PeriodOf::ShipTo), Err(LedgerError::NotAllowed { .. })));
    assert!(found(&own, PeriodOf::Contract).is_ok());
}
