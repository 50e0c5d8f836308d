//! Is a contract held while debts are overdue, and is it told with the cart?

use std::ops::ControlFlow;

use quoin::domain::contract::Circumstances;
use quoin::domain::decimal::Micros;
use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::engine::listing::ListRequest;
use quoin::engine::view::View;
use quoin::pricing::cart::{ListedPrice, PricedCart};
use quoin::pricing::losers::RuleLoss;
use quoin::pricing::request::{
    CartLine, CartRequest, Detail, NO_PARTICULARS, Particulars, ProgressWanted, SkuRef,
};
use quoin::pricing::waterfall::Cause;

use super::world::{World, document};

const POLICY: &str = "
quoin_policy: 1
currency: EUR
holds:
  - { id: own, overdue_days: 5, overdue_amount: 100 }
  - { id: any, name: anything late in the holding, of_whom: holding, action: notice }
  - { id: other, contracts: { contract: 0.B } }
";

/// Documents, the day of pricing, and what holds 0.A: `hold amount days`.
type Case = (&'static [&'static str], &'static str, &'static [&'static str]);

const CASES: &[Case] = &[
    (&[], "2026-02-20", &[]),
    (&["S1 shipment A 2026-01-05 due 2026-02-20 bolt 1 400 tax=80"], "2026-02-20", &[]),
    (&[], "2026-02-21", &["any 480 1"]),
    (&[], "2026-02-25", &["any 480 5"]),
    (&[], "2026-02-26", &["any 480 6", "own 480 6"]),
    // 380 of 480 are paid: the rest is not more than 100.
    (&["P1 payment A 2026-02-24 S1 380"], "2026-02-26", &["any 100 6"]),
    // What is paid later was owed until then.
    (&["P2 payment A 2026-03-01 S1 100"], "2026-02-28", &["any 100 8"]),
    (&[], "2026-03-01", &[]),
    // A sister's debt is told, and is not its own.
    (&["S2 shipment H 2026-01-05 due 2026-03-05 bolt 1 900"], "2026-03-31", &["any 900 26"]),
    // What came back is not owed.
    (&["R2 return H 2026-03-20 for S2 bolt 1 900"], "2026-03-31", &[]),
    // Without a due date nothing is overdue; in another currency it is another agreement's.
    (
        &["S3 shipment A 2026-01-05 bolt 1 900", "S4 shipment U 2026-01-05 due 2026-01-06 bolt 1 900"],
        "2026-03-31",
        &[],
    ),
    // Two that are late: the sum, and the oldest.
    (
        &[
            "S5 shipment A 2026-04-01 due 2026-04-10 bolt 1 60",
            "S6 shipment A 2026-04-01 due 2026-04-12 bolt 1 50",
        ],
        "2026-04-16",
        &["any 110 6", "own 110 6"],
    ),
];

fn held(cart: &PricedCart) -> Vec<String> {
    let one = |held: &quoin::pricing::cart::HeldBy| {
        let (hold, _) = cart.policy.0.hold(held.hold).unwrap();
        format!("{} {} {}", hold.id, held.overdue_amount / 1_000_000, held.overdue_days)
    };
    cart.held_by.iter().map(one).collect()
}

#[test]
fn contracts_are_held_while_debts_are_overdue() {
    let mut world = World::of(1);
    world.publish(POLICY);
    for (documents, day, expected) in CASES {
        for text in *documents {
            world.posted(vec![document(0, text)]);
        }
        let at = format!("{day}T11:00:00Z");
        let told = |world: &World| held(&world.priced(&at, None, &[("bolt", "1")]));
        assert_eq!(told(&world), *expected, "{documents:?} on {day}");
        // Found anew from the documents.
        world = world.reopened();
        assert_eq!(told(&world), *expected, "{documents:?} on {day}, after a restart");
    }
}

/// Rules of 0.A that are lost while debts are overdue, or hold only then.
const RULES: &str = "
rules:
  - { id: good, layer: loyalty, percent: 10, when: { held: false } }
  - { id: mild, layer: loyalty, percent: 5, when: { not_held_by: own } }
  - { id: both, layer: loyalty, percent: 1, when: { held_by: [any, own], not_held_by: own } }
  - { id: late, layer: surcharge, per_line: 1, when: { held: true } }
  - { id: very, layer: surcharge, per_line: 2, when: { held_by: [own, other] } }
";

/// Documents, the day of pricing, and which rules hold; the others are told with the reason.
const ASKED: &[(&[&str], &str, &str, &str)] = &[
    (&["S1 shipment A 2026-01-05 due 2026-02-20 bolt 1 400"], "2026-02-20", "good mild", "85.5"),
    // A debt of the holding is told by a hold: the one that asks for none at all is lost.
    (&[], "2026-02-21", "both mild late", "95.05"),
    (&[], "2026-02-26", "late very", "103"),
    (&["P1 payment A 2026-02-27 S1 400"], "2026-02-26", "late very", "103"),
    (&[], "2026-02-27", "good mild", "85.5"),
    // A sister's debt counts for the hold that looks at the holding.
    (&["S2 shipment H 2026-01-05 due 2026-02-28 bolt 1 900"], "2026-03-01", "both mild late", "95.05"),
    (&["R2 return H 2026-03-20 for S2 bolt 1 900"], "2026-03-01", "good mild", "85.5"),
];

#[test]
fn rules_are_lost_while_debts_are_overdue() {
    let mut world = World::of(1);
    world.publish(&format!("{POLICY}{RULES}"));
    let told = |world: &World, day: &str| {
        let cart = world.explained(&format!("{day}T11:00:00Z"), &[("bolt", "1")]);
        let basic = world.priced(&format!("{day}T11:00:00Z"), None, &[("bolt", "1")]);
        assert_eq!(cart.lines[0].amount, basic.lines[0].amount);
        let policy = &cart.policy.0;
        let steps = cart.steps.iter().filter_map(|step| match step.cause {
            Cause::Rule(number) => Some(policy.rule(number).unwrap().id.as_str()),
            _ => None,
        });
        let steps: Vec<&str> = steps.collect();
        let lost = cart.rule_losers.iter().map(|loser| {
            let rule = policy.rule(loser.rule).unwrap();
            let excludes = rule.when.held == Some(false) || !rule.when.not_held_by.is_empty();
            match loser.reason {
                RuleLoss::Held => assert!(excludes, "{}", rule.id),
                RuleLoss::NotHeld => {
                    assert!(rule.when.held == Some(true) || !rule.when.held_by.is_empty(), "{}", rule.id);
                }
                reason => panic!("{}: {reason:?}", rule.id),
            }
            rule.id.as_str()
        });
        let mut all: Vec<&str> = lost.chain(steps.iter().copied()).collect();
        all.sort_unstable();
        assert_eq!(all, ["both", "good", "late", "mild", "very"]);
        (steps.join(" "), cart.lines[0].amount.to_string())
    };
    for (documents, day, rules, amount) in ASKED {
        for text in *documents {
            world.posted(vec![document(0, text)]);
        }
        let expected = ((*rules).to_owned(), (*amount).to_owned());
        assert_eq!(told(&world, day), expected, "{documents:?} on {day}");
        // Found anew from the documents.
        world = world.reopened();
        assert_eq!(told(&world, day), expected, "{documents:?} on {day}, after a restart");
    }
}

#[test]
fn a_catalogue_and_an_older_publication_know_what_holds_the_contract() {
    let world = World::of(1);
    world.publish(&format!("{POLICY}{RULES}"));
    let older = world.engine.view().publication;
    world.publish(POLICY);
    world.posted(vec![document(0, "S1 shipment A 2026-01-05 due 2026-02-20 bolt 1 400")]);
    let amount = |publication| {
        world.priced("2026-02-21T11:00:00Z", publication, &[("bolt", "1")]).lines[0].amount.to_string()
    };
    assert_eq!((amount(None), amount(Some(older))), ("100".to_owned(), "95.05".to_owned()));
    // Listed prices are without surcharges.
    let listed = |day: &str| {
        let request = ListRequest {
            contract: "0.A",
            pricing_at: Some(Instant::parse(&format!("{day}T11:00:00Z")).unwrap()),
            publication: Some(older),
            circumstances: Circumstances::default(),
            particulars: &NO_PARTICULARS,
        };
        let mut prices = Vec::new();
        let mut sink = |_: &View, price: ListedPrice| {
            prices.push(price.net_unit_price.to_string());
            ControlFlow::Continue(())
        };
        world.engine.list_prices(&Caller::operator(), &request, &mut sink).unwrap();
        prices.remove(0)
    };
    assert_eq!([listed("2026-02-20"), listed("2026-02-21"), listed("2026-02-26")], ["85.5", "94.05", "100"]);
}

#[test]
fn a_hold_is_taken_for_no_coupon_and_no_level() {
    let world = World::of(1);
    let rules = "rules:
  - { id: c, layer: loyalty, percent: 1, when: { coupon: A } }
  - { id: g, layer: loyalty, percent: 2, when: { level: gold } }
  - { id: h, layer: loyalty, percent: 4, when: { held_by: any } }
levels: [{ id: l, period: year, levels: [{ id: gold, conditions: [{ measure: { what: amount }, at_least: 1000 }] }] }]
";
    world.publish(&format!("{POLICY}{rules}"));
    world.posted(vec![
        document(0, "S1 shipment A 2026-01-05 due 2026-02-20 bolt 1 400"),
        document(0, "P1 payment A 2026-02-25 S1 400"),
        document(0, "S2 shipment A 2026-03-05 bolt 1 600"),
        document(0, "S3 shipment A 2026-03-05 due 2026-03-10 bolt 1 10"),
    ]);
    let amount = |day: &str, coupons: &[&'static str]| {
        let lines = [CartLine { id: "1", sku: SkuRef::Code("bolt"), quantity: Micros::ONE, unit: "" }];
        let particulars = Particulars { coupons: coupons.to_vec(), ..Particulars::default() };
        let request = CartRequest {
            contract: "0.A",
            pricing_at: Some(Instant::parse(&format!("{day}T11:00:00Z")).unwrap()),
            publication: None,
            circumstances: Circumstances::default(),
            lines: &lines,
            particulars: &particulars,
            progress: ProgressWanted::Nothing,
            detail: Detail::Basic,
        };
        world.engine.price_cart(&Caller::operator(), &request).unwrap().lines[0].amount.to_string()
    };
    // Nothing, a coupon, a hold, a level, a level and a hold: each by itself, all in one process.
    assert_eq!(amount("2026-02-01", &[]), "100");
    assert_eq!(amount("2026-02-01", &["A"]), "99");
    assert_eq!(amount("2026-02-24", &[]), "96");
    assert_eq!(amount("2026-03-06", &[]), "98");
    assert_eq!(amount("2026-03-11", &[]), "94.08");
    assert_eq!(amount("2026-02-24", &["A"]), "95.04");
}
