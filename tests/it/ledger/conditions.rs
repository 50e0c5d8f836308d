//! Do payments, plans, channels, margins and due dates decide what a contract is entitled to?

use quoin::domain::decimal::Micros;

use super::stories::{Story, hold, policy_of};
use super::world::{World, document, micros};

const STORIES: &[Story] = &[
    Story {
        what: "paid: a shipment counts as far as it is paid, in its own period, whenever it is paid; the rest of the ladder follows",
        agreements: "- { id: a, period: quarter, count: paid, tiers: [{ from: 1000, percent: 2 }] }\n- { id: b, period: quarter, percent: 1 }",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 10 1000 tax=200",
            "P1 payment A 2026-01-20 S1 600",
            "S2 shipment A 2026-02-05 bolt 10 800 tax=160",
            "P2 payment A 2026-04-20 S1 600, S2 480",
        ],
        // 1,000 + half of 800, at 2 %; nothing is asked of when it was paid.
        entitled: &["A 2026-02-28 28 18", "A 2026-06-30 0 0"],
    },
    Story {
        what: "paid in part: a third of a shipment counts a third, to the millionth",
        agreements: "- { id: a, period: quarter, count: paid, percent: 10 }",
        documents: &["S1 shipment A 2026-01-05 bolt 10 1000", "P1 payment A 2026-01-20 S1 333"],
        entitled: &["A 2026-03-31 33.30"],
    },
    Story {
        what: "paid: what came back is owed no more, and what is left is paid whole",
        agreements: "- { id: a, period: quarter, count: paid, percent: 10 }",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 10 1000",
            "P1 payment A 2026-01-20 S1 500",
            "R1 return A 2026-04-15 for S1 bolt 5 500",
        ],
        entitled: &["A 2026-03-31 50"],
    },
    Story {
        what: "paid: more than is owed counts once; an allocation that is taken back counts no more; what is on account pays nothing",
        agreements: "- { id: a, period: quarter, count: paid, percent: 10 }",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 10 1000",
            "S2 shipment A 2026-01-06 bolt 10 500",
            "S3 shipment A 2026-01-07 bolt 10 200",
            "P1 payment A 2026-01-20 S1 1500, S2 500",
            "P2 payment A 2026-01-21 S2 -500, - 500",
        ],
        entitled: &["A 2026-03-31 100"],
    },
    Story {
        what: "paid: a payment that names another contract's shipment pays nothing of it",
        agreements: "- { id: a, period: quarter, count: paid, percent: 10 }",
        documents: &[
            "S1 shipment B 2026-01-05 bolt 10 1000",
            "P1 payment A 2026-01-20 S1 1000",
            "P2 payment B 2026-01-20 S1 400",
        ],
        entitled: &["A 2026-03-31 0", "B 2026-03-31 40"],
    },
    Story {
        what: "paid: a correction without reference is paid under its own id; a return without reference counts whole",
        agreements: "- { id: a, period: quarter, count: paid, percent: 10 }",
        documents: &[
            "C1 correction A 2026-01-05 bolt 1 300",
            "P1 payment A 2026-01-06 C1 300",
            "R1 return A 2026-01-07 bolt 1 100",
        ],
        entitled: &["A 2026-03-31 20"],
    },
    Story {
        what: "paid tonnes: the paid part of a shipment's weight",
        agreements: "- { id: a, period: year, count: paid, goods: { category: metal }, measure: { what: weight, unit: t }, tiers: [{ from: 10, per_unit: 5 }] }",
        documents: &[
            "S1 shipment A 2026-01-05 rebar 12 1200",
            "S2 shipment A 2026-01-06 rebar 8 800, bolt 1 200",
            "P1 payment A 2026-01-20 S1 1200, S2 500",
        ],
        // 12 + 8 x 500 / 1,000 tonnes.
        entitled: &["A 2026-12-31 80"],
    },
    Story {
        what: "gross: percent of what was paid in money, tax and all",
        agreements: "- { id: a, period: quarter, percent: 10, basis: gross }\n- { id: b, period: quarter, measure: { what: amount, of: gross }, tiers: [{ from: 120, percent: 10 }] }",
        documents: &["S1 shipment A 2026-01-05 bolt 1 100 tax=20"],
        entitled: &["A 2026-03-31 12 10"],
    },
    Story {
        what: "plan: 90 % of it must be fulfilled; a plan is changed by the difference",
        agreements: "- { id: a, period: quarter, percent: 10, conditions: [{ plan_percent: 90, plan: turnover }] }",
        documents: &[
            "L1 plan A 2026-01-01 turnover 2026-03-31 800",
            "S1 shipment A 2026-01-05 bolt 1 720",
            "L2 plan A 2026-04-01 turnover 2026-06-30 800",
            "L3 plan A 2026-04-01 turnover 2026-06-30 200",
            "S2 shipment A 2026-04-05 bolt 1 899.99",
            "S3 shipment A 2026-05-05 bolt 1 0.01",
        ],
        entitled: &["A 2026-03-31 72", "A 2026-04-30 0", "A 2026-06-30 90"],
    },
    Story {
        what: "plan: a year's plan is the sum of its quarters'; where nothing was planned, nothing is fulfilled",
        agreements: "- { id: a, period: year, percent: 10, conditions: [{ plan_percent: 100, plan: turnover }] }",
        documents: &[
            "L1 plan A 2026-01-01 turnover 2026-03-31 300",
            "L2 plan A 2026-04-01 turnover 2026-06-30 700",
            "S1 shipment A 2026-01-05 bolt 1 999",
            "S2 shipment A 2026-07-05 bolt 1 1",
            "S3 shipment B 2026-07-05 bolt 1 1000",
        ],
        entitled: &["A 2026-03-31 99.90", "A 2026-06-30 0", "A 2026-07-31 100", "B 2026-07-31 0"],
    },
    Story {
        what: "plan of tonnes, of one group of goods, while money is paid for all of them",
        agreements: "- { id: a, period: year, percent: 1, conditions: [{ plan_percent: 50, plan: tonnes }] }",
        documents: &[
            "L1 plan A 2026-01-01 tonnes 2026-12-31 10",
            "S1 shipment A 2026-02-05 rebar 4999 kg 4000, bolt 1 1000",
            "S2 shipment A 2026-03-05 rebar 1 kg 1",
        ],
        entitled: &["A 2026-02-28 0", "A 2026-03-31 50.01"],
    },
    Story {
        what: "plan of a holding: what all of its contracts plan against what all of them buy",
        agreements: "- { id: a, period: quarter, of_whom: holding, percent: 10, conditions: [{ plan_percent: 100, plan: turnover }] }",
        documents: &[
            "L1 plan A 2026-01-01 turnover 2026-03-31 600",
            "L2 plan H 2026-01-01 turnover 2026-03-31 400",
            "S1 shipment A 2026-01-05 bolt 1 100",
            "S2 shipment B 2026-01-05 bolt 1 100",
            "S3 shipment H 2026-02-05 bolt 1 800",
        ],
        entitled: &["A 2026-01-31 0", "A 2026-02-28 10", "H 2026-02-28 80"],
    },
    Story {
        what: "online: the share that was ordered by these channels; a return counts where it says that it was ordered",
        agreements: "- { id: a, period: quarter, percent: 10, conditions: [{ channel_percent: 30, channels: [portal, app] }] }",
        documents: &[
            "S1 shipment A 2026-01-05 by phone bolt 1 700",
            "S2 shipment A 2026-01-06 by portal bolt 1 200",
            "S3 shipment A 2026-02-06 by app bolt 1 100",
            "R1 return A 2026-03-06 by app bolt 1 100",
        ],
        entitled: &["A 2026-01-31 0", "A 2026-02-28 100", "A 2026-03-31 0"],
    },
    Story {
        what: "mix: the share of some goods in all that was bought, whatever the goods of the agreement",
        agreements: "- { id: a, period: quarter, goods: { category: metal }, percent: 10, conditions: [{ share_percent: 25, goods: { category: fasteners } }] }",
        documents: &[
            "S1 shipment A 2026-01-05 rebar 1 700, bolt 1 200",
            "S2 shipment A 2026-02-05 bolt 1 100",
            "S3 shipment A 2026-03-05 glue 1 500",
        ],
        entitled: &["A 2026-01-31 0", "A 2026-02-28 70", "A 2026-03-31 0"],
    },
    Story {
        what: "margin: what is left after cost, of lines that state their cost",
        agreements: "- { id: a, period: quarter, percent: 10, conditions: [{ margin_percent: 20 }] }",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 100 cost=81, nut 1 900",
            "S2 shipment A 2026-02-05 bolt 1 100 cost=79",
            "S3 shipment B 2026-02-05 bolt 1 100",
        ],
        entitled: &["A 2026-01-31 0", "A 2026-02-28 110", "B 2026-02-28 0"],
    },
    Story {
        what: "on time: of what fell due in the period, so much was paid by then",
        agreements: "- { id: a, period: quarter, percent: 10, conditions: [{ punctual_percent: 80 }] }",
        documents: &[
            "S1 shipment A 2026-01-05 due 2026-01-20 bolt 1 400",
            "S2 shipment A 2026-01-06 due 2026-02-20 bolt 1 600",
            "P1 payment A 2026-01-20 S1 400",
            "P2 payment A 2026-02-20 S2 400",
            "P3 payment A 2026-02-21 S2 200",
        ],
        // Nothing due: nothing late. 400 of 400; then 800 of 1,000 by the due dates.
        entitled: &["A 2026-01-19 100", "A 2026-01-20 100", "A 2026-02-20 100", "A 2026-03-31 100"],
    },
    Story {
        what: "on time: a day late is late, and what came back is not due",
        agreements: "- { id: a, period: quarter, percent: 10, conditions: [{ punctual_percent: 80 }] }",
        documents: &[
            "S1 shipment A 2026-01-05 due 2026-01-20 bolt 1 400",
            "P1 payment A 2026-01-21 S1 400",
            "S2 shipment B 2026-01-05 due 2026-01-20 bolt 1 400",
            "R2 return B 2026-01-25 for S2 bolt 1 400",
        ],
        entitled: &["A 2026-01-19 40", "A 2026-03-31 0", "B 2026-03-31 0"],
    },
    Story {
        what: "overdue: lost while the oldest unpaid shipment is more than five days past its due date on the last day that counts",
        agreements: "- { id: a, period: quarter, percent: 10, conditions: [{ overdue_days: 5 }] }",
        documents: &[
            "S1 shipment A 2026-01-05 due 2026-01-20 bolt 1 400",
            "S2 shipment A 2026-01-06 bolt 1 600",
            "P1 payment A 2026-01-15 S1 399.99",
            "P2 payment A 2026-02-10 S1 0.01",
        ],
        entitled: &[
            "A 2026-01-20 100",
            "A 2026-01-25 100",
            "A 2026-01-26 0",
            "A 2026-02-09 0",
            "A 2026-02-10 100",
        ],
    },
    Story {
        what: "overdue in one contract of a holding costs the others their bonus, where the agreement looks at the holding",
        agreements: "- { id: a, period: quarter, of_whom: holding, percent: 10, conditions: [{ overdue_days: 0 }] }\n- { id: b, period: quarter, percent: 1, conditions: [{ overdue_days: 0 }] }",
        documents: &[
            "S1 shipment H 2026-01-05 due 2026-01-20 bolt 1 400",
            "S2 shipment A 2026-01-06 bolt 1 600",
        ],
        entitled: &["A 2026-01-20 60 6", "A 2026-01-21 0 6", "H 2026-01-21 0 0"],
    },
    Story {
        what: "conditions of several kinds, all of them",
        agreements: "- { id: a, period: quarter, percent: 10, conditions: [{ plan_percent: 50, plan: turnover }, { channel_percent: 50, channels: portal }, { months: 2 }] }",
        documents: &[
            "L1 plan A 2026-01-01 turnover 2026-03-31 1000",
            "S1 shipment A 2026-01-05 by portal bolt 1 400",
            "S2 shipment A 2026-02-05 by phone bolt 1 100",
        ],
        entitled: &["A 2026-01-31 0", "A 2026-02-28 50"],
    },
    Story {
        what: "cap over several: what is too much is taken from the last of them; an agreement outside is left alone",
        agreements: "- { id: a, period: quarter, percent: 3 }\n- { id: b, period: quarter, percent: 2 }\n- { id: c, period: quarter, percent: 1 }\n- { id: d, period: year, percent: 1 }\nbonus_caps:\n- { id: m, agreements: [a, b, c], most: 40 }",
        documents: &["S1 shipment A 2026-01-05 bolt 1 500", "S2 shipment A 2026-02-05 bolt 1 500"],
        entitled: &["A 2026-01-31 15 10 5 5", "A 2026-02-28 30 10 0 10"],
    },
    Story {
        what: "cap in percent of all that was bought, whatever the goods of the agreements",
        agreements: "- { id: a, period: quarter, goods: { category: metal }, percent: 10 }\n- { id: b, period: quarter, goods: { category: fasteners }, percent: 2 }\nbonus_caps:\n- { id: m, agreements: [a, b], most_percent: 5 }",
        documents: &[
            "S1 shipment A 2026-01-05 rebar 1 1000",
            "S2 shipment A 2026-02-05 bolt 1 500, glue 1 500",
        ],
        entitled: &["A 2026-01-31 50 0", "A 2026-02-28 100 0", "B 2026-02-28 0 0"],
    },
    Story {
        what: "cap: what comes after an agreement deducts what that gives before the cap",
        agreements: "- { id: a, period: quarter, percent: 10 }\n- { id: b, period: quarter, percent: 10, after: a }\nbonus_caps:\n- { id: m, agreements: b, most: 50 }\n- { id: n, agreements: [a, b], most: 120 }",
        documents: &["S1 shipment A 2026-01-05 bolt 1 1000"],
        // 100 and 90: b is capped at 50, then both at 120.
        entitled: &["A 2026-01-31 100 20"],
    },
];

#[test]
fn conditions_decide_what_contracts_are_entitled_to() {
    hold(STORIES);
}

#[test]
fn a_cart_counts_where_it_is_ordered_and_as_paid() {
    let world = World::of(1);
    world.publish(&policy_of(
        "- { id: a, period: quarter, count: paid, percent: 10, conditions: [{ channel_percent: 50, channels: [portal] }] }",
    ));
    for text in ["S1 shipment A 2026-01-05 by phone bolt 1 100", "P1 payment A 2026-01-06 S1 100"] {
        world.posted(vec![document(0, text)]);
    }
    let earns = |channel, pieces| {
        let cart = world.priced_by(channel, "2026-02-20T11:00:00Z", None, &[("bolt", pieces)]);
        cart.retro.map(|retro| retro.total)
    };
    // A piece is 100: with one by the portal half is ordered there, and all of it gets the bonus.
    assert_eq!(earns("portal", "1"), Some(micros("20")));
    assert_eq!(earns("portal", "3"), Some(micros("40")));
    assert_eq!(earns("phone", "3"), Some(Micros::ZERO));
    assert_eq!(earns("", "3"), Some(Micros::ZERO));
}
