//! Does a dashboard tell how far a contract is from its plans and the next tiers?

use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::engine::ledger::progress::ContractProgress;

use super::world::{World, document, micros};

const POLICY: &str = "
quoin_policy: 1
currency: EUR
measures:
  turnover: { name: { en: Turnover, ru: Оборот }, what: amount, over: year }
  glued: { name: glued, what: quantity, unit: kg, over: month, goods: { sku: glue } }
  tonnes: { name: tonnes, what: weight, unit: t, over: year, of_whom: holding, goods: { category: metal } }
rules:
  - { id: r, layer: order, measure: turnover, mode: volume, tiers: [{ from: 1000, percent: 1 }, { from: 5000, percent: 2 }] }
  - { id: s, layer: volume, goods: { category: metal }, measure: { what: weight, unit: t, over: quarter }, mode: graduated, tiers: [{ above: 10, percent: 5 }] }
  - { id: t, layer: order, measure: { what: amount, over: cart }, mode: volume, tiers: [{ from: 10, percent: 1 }] }
  - { id: u, layer: order, contracts: { contract: 0.B }, measure: turnover, mode: volume, tiers: [{ from: 10, percent: 1 }] }
holds:
  - { id: late }
";

fn progress(world: &World, contract: &str, day: &str) -> ContractProgress {
    let at = Instant::parse(&format!("{day}T11:00:00Z")).unwrap();
    world.engine.progress(&Caller::operator(), contract, Some(at)).unwrap().0
}

/// `measure first target fact percent forecast`.
fn plans(progress: &ContractProgress) -> Vec<String> {
    let whole = |micros: i128| micros / 10_000;
    let one = |plan: &quoin::engine::ledger::PlanStands| {
        let percent = plan.percent.map_or("-".to_owned(), |percent| whole(percent).to_string());
        let (target, fact, forecast) = (whole(plan.target), whole(plan.fact), whole(plan.forecast));
        format!("{} {}: {target} {fact} {percent} {forecast}", plan.measure, plan.days)
    };
    progress.plans.iter().map(one).collect()
}

#[test]
fn plans_stand_against_what_was_bought() {
    let world = World::of(1);
    world.publish(POLICY);
    assert!(plans(&progress(&world, "0.A", "2026-02-20")).is_empty());
    for text in [
        "L1 plan A 2026-01-01 turnover 2026-12-31 36500",
        "L2 plan A 2026-02-01 turnover 2026-02-28 1000",
        "L3 plan A 2026-02-01 turnover 2026-02-28 -200",
        "L4 plan A 2026-01-01 tonnes 2026-01-31 7",
        "L5 plan H 2026-01-01 tonnes 2026-12-31 20",
        "S1 shipment A 2026-01-10 bolt 1 500",
        "S2 shipment A 2026-02-10 rebar 3 100",
        "S3 shipment H 2026-02-11 rebar 1000 kg 100",
    ] {
        world.posted(vec![document(0, text)]);
    }
    // In hundredths. 4 of the holding's 20 t; 100 of 800 in 20 of 28 days; 600 of 36,500 in 51 of 365.
    assert_eq!(
        plans(&progress(&world, "0.A", "2026-02-20")),
        [
            "tonnes 2026-01-01 to 2026-12-31: 2000 400 2000 2862",
            "turnover 2026-01-01 to 2026-12-31: 3650000 60000 164 429411",
            "turnover 2026-02-01 to 2026-02-28: 80000 10000 1250 14000",
        ]
    );
    assert_eq!(
        plans(&progress(&world, "0.A", "2026-01-31")),
        [
            "tonnes 2026-01-01 to 2026-01-31: 700 0 0 0",
            "tonnes 2026-01-01 to 2026-12-31: 2000 0 0 0",
            "turnover 2026-01-01 to 2026-12-31: 3650000 50000 136 588709",
        ]
    );
    assert_eq!(
        plans(&progress(&world, "0.U", "2026-02-20")),
        ["tonnes 2026-01-01 to 2026-12-31: 2000 400 2000 2862"]
    );
    let world = world.reopened();
    assert_eq!(plans(&progress(&world, "0.A", "2026-01-31")).len(), 3);
    // What is planned is measured for the plan alone: no rule or agreement asks for it.
    world.posted(vec![document(0, "L6 plan A 2026-02-01 glued 2026-02-28 10")]);
    world.posted(vec![document(0, "S4 shipment A 2026-02-12 glue 4 100")]);
    assert_eq!(
        plans(&progress(&world, "0.A", "2026-02-28"))[0],
        "glued 2026-02-01 to 2026-02-28: 1000 400 4000 400"
    );
}

/// A rule's number, where its measure stands, the tier reached, and where the next begins and what is missing to it.
type Ladder = (u32, i128, Option<usize>, Option<(String, i128)>);

#[test]
fn ladders_over_periods_tell_what_is_missing() {
    let world = World::of(1);
    world.publish(POLICY);
    let ladders = |day: &str| -> Vec<Ladder> {
        let found = progress(&world, "0.A", day).ladders;
        let one = |of: &quoin::engine::ledger::progress::LadderStands| {
            let next = of.next.map(|(lower, missing)| (lower.to_string(), missing));
            (of.rule.0, of.stands, of.tier, next)
        };
        found.iter().map(one).collect()
    };
    let view = world.engine.view();
    let number = |id: &str| view.policy.0.rule_by_id(id).unwrap().0;
    let next = |lower: &str, missing: &str| Some((lower.to_owned(), i128::from(micros(missing).0)));
    assert_eq!(
        ladders("2026-02-20"),
        [(number("s"), 0, None, next("10", "10")), (number("r"), 0, None, next("1000", "1000"))]
    );
    world.posted(vec![document(0, "S1 shipment A 2026-02-10 rebar 12 1000.01 tax=200")]);
    assert_eq!(
        ladders("2026-02-20"),
        [
            (number("s"), 12_000_000, Some(0), None),
            (number("r"), 1_000_010_000, Some(0), next("5000", "3999.99")),
        ]
    );
    world.posted(vec![document(0, "S2 shipment A 2026-02-10 due 2026-02-12 rebar 1 1")]);
    let held = progress(&world, "0.A", "2026-02-20").held_by;
    assert_eq!((held.len(), held[0].overdue_amount, held[0].overdue_days), (1, 1_000_000, 8));
}
