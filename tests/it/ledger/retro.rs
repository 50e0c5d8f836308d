//! What is a contract entitled to by its retro-bonus agreements, document for document, and what does a cart add?

use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::pricing::cart::ExpectedRetro;

use super::stories::{Story, hold};
use super::world::{World, document, micros};

const STORIES: &[Story] = &[
    Story {
        what: "all-units: the tier reached pays on everything bought so far (T1); below the first, nothing",
        agreements: "- { id: g, period: quarter, tiers: [{ from: 1000, percent: 2 }, { from: 3000, percent: 3 }] }",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 999.99",
            "S2 shipment A 2026-01-06 bolt 1 0.01",
            "S3 shipment A 2026-02-01 bolt 1 2000",
        ],
        entitled: &[
            "A 2026-01-05 0",
            "A 2026-01-06 20",
            "A 2026-01-31 20",
            "A 2026-02-01 90",
            "A 2026-03-31 90",
            "A 2026-04-01 0",
        ],
    },
    Story {
        what: "graduated: each portion at its own tier (T2)",
        agreements: "- { id: g, period: quarter, mode: graduated, tiers: [{ above: 1000, percent: 2 }, { above: 3000, percent: 3 }] }",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 1000",
            "S2 shipment A 2026-01-06 bolt 1 500",
            "S3 shipment A 2026-02-01 bolt 1 2500",
        ],
        entitled: &["A 2026-01-05 0", "A 2026-01-06 10", "A 2026-02-01 70"],
    },
    Story {
        what: "a ladder may end: volume past its end gives nothing, graduated nothing more (T3)",
        agreements: "- { id: g, period: year, tiers: [{ from: 1000, to: 2000, percent: 10 }] }\n\
                     - { id: h, period: year, mode: graduated, tiers: [{ above: 1000, to: 2000, percent: 10 }] }",
        documents: &["S1 shipment A 2026-01-05 bolt 1 2000", "S2 shipment A 2026-01-06 bolt 1 0.01"],
        entitled: &["A 2026-01-05 200 100", "A 2026-01-06 0 100"],
    },
    Story {
        what: "flat percent of the net, contract or list amount",
        agreements: "- { id: a, period: month, percent: 1 }\n- { id: b, period: month, percent: 1, basis: contract }\n- { id: c, period: month, percent: 1, basis: list }",
        documents: &["S1 shipment A 2026-01-05 bolt 10 700 list=1000 contract=900"],
        entitled: &["A 2026-01-31 7 9 10"],
    },
    Story {
        what: "periods: month, quarter, half and year of the calendar, each from its first day",
        agreements: "- { id: a, period: month, percent: 1 }\n- { id: b, period: quarter, percent: 1 }\n- { id: c, period: half, percent: 1 }\n- { id: d, period: year, percent: 1 }",
        documents: &[
            "S1 shipment A 2025-12-31 bolt 1 100000",
            "S2 shipment A 2026-01-15 bolt 1 100",
            "S3 shipment A 2026-03-31 bolt 1 200",
            "S4 shipment A 2026-04-01 bolt 1 400",
        ],
        entitled: &[
            "A 2026-01-31 1 1 1 1",
            "A 2026-03-31 2 3 3 3",
            "A 2026-04-01 4 4 7 7",
            "A 2026-07-01 0 0 0 7",
        ],
    },
    Story {
        what: "the contract's own years and quarters, from 15 February",
        agreements: "- { id: a, period: year, calendar: contract, percent: 1 }\n- { id: b, period: quarter, calendar: contract, percent: 1 }",
        documents: &["S1 shipment A 2026-02-14 bolt 1 100", "S2 shipment A 2026-02-15 bolt 1 200"],
        entitled: &["A 2026-02-14 1 1", "A 2026-02-15 2 2", "A 2026-05-15 2 0"],
    },
    Story {
        what: "a ladder of tonnes that pays percent of the money, and one that pays for each tonne",
        agreements: "- { id: a, period: quarter, goods: { category: metal }, measure: { what: weight, unit: t }, tiers: [{ from: 10, percent: 2 }] }\n\
                     - { id: b, period: quarter, goods: { category: metal }, measure: { what: weight, unit: t }, tiers: [{ from: 5, per_unit: 3 }, { from: 10, per_unit: 5 }] }",
        documents: &[
            "S1 shipment A 2026-01-05 rebar 9 9000, bolt 1 1000000",
            "S2 shipment A 2026-01-06 beam 1500 kg 1000",
        ],
        entitled: &["A 2026-01-05 0 27", "A 2026-01-06 200 52.50"],
    },
    Story {
        what: "a fixed sum for the quarter",
        agreements: "- { id: a, period: quarter, tiers: [{ from: 1000, fixed: 50 }, { from: 2000, fixed: 120 }] }",
        documents: &["S1 shipment A 2026-01-05 bolt 1 1999.99", "S2 shipment A 2026-01-06 bolt 1 0.01"],
        entitled: &["A 2026-01-05 50", "A 2026-01-06 120"],
    },
    Story {
        what: "a minimum below which nothing is paid, and a cap",
        agreements: "- { id: a, period: quarter, percent: 1, minimum: 10 }\n- { id: b, period: quarter, percent: 1, cap: 15 }",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 999",
            "S2 shipment A 2026-01-06 bolt 1 1",
            "S3 shipment A 2026-01-07 bolt 1 1000",
        ],
        entitled: &["A 2026-01-05 0 9.99", "A 2026-01-06 10 10", "A 2026-01-07 20 15"],
    },
    Story {
        what: "breadth: so many SKUs as well",
        agreements: "- { id: a, period: quarter, percent: 1, conditions: [{ measure: { what: skus }, at_least: 3 }] }",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 100, nut 1 100",
            "S2 shipment A 2026-01-06 bolt 1 100",
            "S3 shipment A 2026-01-07 glue 1 100",
            "R1 return A 2026-01-08 nut 1 100",
        ],
        entitled: &["A 2026-01-06 0", "A 2026-01-07 4", "A 2026-01-08 0"],
    },
    Story {
        what: "regularity: something bought in each month of the quarter",
        agreements: "- { id: a, period: quarter, percent: 1, conditions: [{ months: 3 }] }",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 100",
            "S2 shipment A 2026-01-25 bolt 1 100",
            "S3 shipment A 2026-02-05 bolt 1 100",
            "S4 shipment A 2026-03-31 bolt 1 100",
        ],
        entitled: &["A 2026-03-30 0", "A 2026-03-31 4"],
    },
    Story {
        what: "growth against the same quarter of the year before, in percent and absolute",
        agreements: "- { id: a, period: quarter, percent: 1, conditions: [{ growth_percent: 10 }] }\n- { id: b, period: quarter, percent: 1, conditions: [{ growth: 200 }] }",
        documents: &[
            "S1 shipment A 2025-03-31 bolt 1 1000",
            "S2 shipment A 2026-01-05 bolt 1 1099.99",
            "S3 shipment A 2026-01-06 bolt 1 0.01",
            "S4 shipment A 2026-01-07 bolt 1 100",
        ],
        entitled: &["A 2026-01-05 0 0", "A 2026-01-06 11 0", "A 2026-01-07 12 12"],
    },
    Story {
        what: "without anything a year before there is no growth in percent; in money there is",
        agreements: "- { id: a, period: quarter, percent: 1, conditions: [{ growth_percent: 0 }] }\n- { id: b, period: quarter, percent: 1, conditions: [{ growth: 100 }] }",
        documents: &["S1 shipment A 2026-01-05 bolt 1 100"],
        entitled: &["A 2026-01-05 0 1"],
    },
    Story {
        what: "several conditions, all of which must hold",
        agreements: "- { id: a, period: quarter, percent: 1, conditions: [{ months: 2 }, { measure: { what: quantity, unit: piece, goods: { sku: nut } }, at_least: 5 }] }",
        documents: &["S1 shipment A 2026-01-05 nut 5 100", "S2 shipment A 2026-02-05 bolt 1 100"],
        entitled: &["A 2026-01-31 0", "A 2026-02-28 2"],
    },
    Story {
        what: "one agreement after another is taken of what the first leaves (X3); one beside it is not",
        agreements: "- { id: a, period: quarter, percent: 10 }\n- { id: b, period: quarter, percent: 10, after: a }\n- { id: c, period: quarter, percent: 10 }",
        documents: &["S1 shipment A 2026-01-05 bolt 1 1000"],
        entitled: &["A 2026-01-31 100 90 100"],
    },
    Story {
        what: "a chain of three, stated in whatever order",
        agreements: "- { id: a, period: quarter, percent: 10, after: [b, c] }\n- { id: b, period: quarter, percent: 10, after: c }\n- { id: c, period: quarter, percent: 10 }",
        documents: &["S1 shipment A 2026-01-05 bolt 1 1000"],
        entitled: &["A 2026-01-31 81 90 100"],
    },
    Story {
        what: "the holding's turnover reaches the tier, each contract is paid of its own (X7)",
        agreements: "- { id: a, period: quarter, of_whom: holding, tiers: [{ from: 1000, percent: 2 }] }",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 400",
            "S2 shipment B 2026-01-06 bolt 1 100",
            "S3 shipment H 2026-01-07 bolt 1 500",
        ],
        entitled: &["A 2026-01-06 0", "A 2026-01-07 8", "B 2026-01-07 2", "H 2026-01-07 10"],
    },
    Story {
        what: "one contract receives what the counterparty's purchases earn",
        agreements: "- { id: a, contracts: { contract: \"{}.A\" }, period: quarter, of_whom: counterparty, basis_of: counterparty, percent: 1 }",
        documents: &["S1 shipment A 2026-01-05 bolt 1 400", "S2 shipment B 2026-01-06 bolt 1 100"],
        entitled: &["A 2026-01-31 5", "B 2026-01-31"],
    },
    Story {
        what: "a return that drops the tier takes back the whole difference (X4)",
        agreements: "- { id: a, period: quarter, tiers: [{ from: 1000, percent: 5 }] }",
        documents: &["S1 shipment A 2026-03-05 bolt 10 1000", "R1 return A 2026-04-20 for S1 bolt 1 0.01"],
        entitled: &["A 2026-03-31 0", "A 2026-04-30 0"],
    },
    Story {
        what: "more came back than was bought: nothing is owed, and nothing below zero",
        agreements: "- { id: a, period: quarter, percent: 5 }",
        documents: &["R1 return A 2026-01-20 bolt 1 100"],
        entitled: &["A 2026-01-31 0"],
    },
    Story {
        what: "periods that begin within the agreement's time",
        agreements: "- { id: a, period: quarter, percent: 1, from: 2026-01-01, through: 2026-03-31 }",
        documents: &[
            "S1 shipment A 2025-12-31 bolt 1 100",
            "S2 shipment A 2026-01-05 bolt 1 100",
            "S3 shipment A 2026-04-05 bolt 1 100",
        ],
        entitled: &["A 2025-12-31", "A 2026-01-31 1", "A 2026-04-30"],
    },
    Story {
        what: "rounded once, as the contract rounds amounts: a third of a cent is nothing",
        agreements: "- { id: a, period: quarter, percent: 0.5 }",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 0.33",
            "S2 shipment A 2026-01-06 bolt 1 0.33",
            "S3 shipment A 2026-01-07 bolt 1 0.34",
        ],
        entitled: &["A 2026-01-05 0", "A 2026-01-07 0.01"],
    },
    Story {
        what: "an agreement in euros is not for a contract in dollars",
        agreements: "- { id: a, period: quarter, percent: 1 }\n- { id: b, period: quarter, percent: 1, currency: USD }",
        documents: &["S1 shipment A 2026-01-05 bolt 1 100", "S2 shipment U 2026-01-05 bolt 1 200"],
        entitled: &["A 2026-01-31 1", "U 2026-01-31 2"],
    },
];

#[test]
fn contracts_are_entitled_to_what_their_documents_earn() {
    hold(STORIES);
}

#[test]
fn a_forecast_goes_on_at_the_pace_of_the_days_so_far() {
    let world = World::of(1);
    world.publish("quoin_policy: 1\ncurrency: EUR\nagreements:\n  - { id: a, period: month, tiers: [{ from: 1000, percent: 1 }, { from: 3000, percent: 2 }] }\n");
    world.posted(vec![document(0, "S1 shipment A 2026-04-05 bolt 1 1200")]);
    let at = Some(Instant::parse("2026-04-10T10:00:00Z").unwrap());
    let (accruals, _) = world.engine.accruals(&Caller::operator(), "0.A", at).unwrap();
    // Ten days of thirty: 1,200 so far are 3,600 at the end.
    assert_eq!((accruals[0].measure, accruals[0].entitlement), (1_200_000_000, micros("12")));
    assert_eq!((accruals[0].forecast_measure, accruals[0].forecast), (3_600_000_000, micros("72")));
    assert_eq!(accruals[0].tier, Some(0));
    // 1,800 to the next tier, whose 2 % of the 1,200 so far are 12 more than its 1 %.
    assert_eq!(accruals[0].next, Some((1, 1_800_000_000, micros("12"))));
    assert_eq!(accruals[0].period.to_string(), "2026-04-01 to 2026-04-30");
}

fn expected(world: &World, lines: &[(&str, &str)]) -> Option<ExpectedRetro> {
    world.priced("2026-02-20T11:00:00Z", None, lines).retro
}

#[test]
fn a_cart_tells_what_it_is_expected_to_earn() {
    let world = World::of(1);
    assert_eq!(expected(&world, &[("bolt", "1")]), None);
    world.publish("quoin_policy: 1\ncurrency: EUR\nagreements:\n  - { id: a, period: quarter, goods: { category: fasteners }, tiers: [{ from: 1000, percent: 2 }, { from: 2000, percent: 3 }] }\n");
    let retro = |total: &str, lines: &[(u32, &str)]| {
        let lines = lines.iter().map(|(line, part)| (*line, micros(part))).collect();
        Some(ExpectedRetro { total: micros(total), lines })
    };
    // Nothing below the first tier; metal is not of the basis.
    assert_eq!(expected(&world, &[("bolt", "9"), ("rebar", "1")]), retro("0", &[]));
    // 10 x 100 reach the tier: 2 % of all of it.
    assert_eq!(expected(&world, &[("bolt", "10"), ("rebar", "1")]), retro("20", &[(0, "20")]));
    // What was bought before counts: the jump is on everything so far (X3): (1,900 + 200) x 3 % - 1,900 x 2 %.
    world.posted(vec![document(0, "S1 shipment A 2026-01-15 bolt 19 1900")]);
    assert_eq!(expected(&world, &[("bolt", "1"), ("nut", "2")]), retro("25", &[(0, "12.50"), (1, "12.50")]));
    // Within a tier: 2 % of the cart alone.
    assert_eq!(expected(&world, &[("bolt", "0.5")]), retro("0", &[]), "half a bolt is not sold");
    assert_eq!(expected(&world, &[("nut", "1")]), retro("1", &[(0, "1")]));
    // Thirds: rounded once, spread by basis, the largest remainders first, ties by line id.
    world.publish("quoin_policy: 1\ncurrency: EUR\nagreements:\n  - { id: a, period: quarter, goods: { category: fasteners }, percent: 0.01 }\n  - { id: b, period: quarter, goods: { sku: bolt }, percent: 0.005 }\n");
    assert_eq!(expected(&world, &[("nut", "1"), ("bolt", "1")]), retro("0.02", &[(1, "0.02")]));
    // A fixed sum that is reached by what is measured goes to what was measured.
    world.publish("quoin_policy: 1\ncurrency: EUR\nagreements:\n  - { id: a, period: quarter, goods: { category: metal }, measure: { what: quantity, unit: piece, goods: { sku: nut } }, tiers: [{ from: 3, fixed: 30 }] }\n");
    assert_eq!(expected(&world, &[("nut", "3"), ("bolt", "1")]), retro("30", &[(0, "30")]));
}
