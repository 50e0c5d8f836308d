//! Is a contract held while debts are overdue, and is it told with the cart?

use quoin::pricing::cart::PricedCart;

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
