//! How do points of loyalty stand? The stories that `points` plays.

/// Programmes as they are written, documents, what is done with points then, documents after that, and how points stand:
/// letter, day, and by programme what can be spent, pending, held, owed and expired.
pub struct Story {
    pub what: &'static str,
    pub points: &'static str,
    pub documents: &'static [&'static str],
    pub acts: &'static [&'static str],
    pub later: &'static [&'static str],
    pub stands: &'static [&'static str],
}

/// Nothing is done with points, and nothing comes later.
const fn earned(
    what: &'static str,
    points: &'static str,
    documents: &'static [&'static str],
    stands: &'static [&'static str],
) -> Story {
    Story { what, points, documents, acts: &[], later: &[], stands }
}

pub const TENTH: &str = "- { id: p, earn: { percent: 10 } }";
pub const THREE_MONTHS: &str = "- { id: p, earn: { percent: 10 }, expire_months: 3 }";

pub const STORIES: &[Story] = &[
    earned(
        "a tenth of the net amount, on the day of the document",
        TENTH,
        &["S1 shipment A 2026-01-05 bolt 10 900 list=1100 contract=1000"],
        &["A 2026-01-04 0 0 0 0 0", "A 2026-01-05 90 0 0 0 0", "A 2036-01-05 90 0 0 0 0"],
    ),
    earned(
        "what is paid alone: the paid part of a shipment and of what came back of it, on the shipment's day",
        "- { id: p, count: paid, earn: { percent: 10 } }",
        &[
            "S1 shipment A 2026-01-05 bolt 10 900 tax=100",
            "P1 payment A 2026-01-20 S1 250",
            "S2 shipment A 2026-02-05 bolt 10 500",
            "R2 return A 2026-02-10 for S2 bolt 5 250",
            "P2 payment A 2026-02-20 S2 250",
            "S3 shipment A 2026-02-25 bolt 1 100",
        ],
        &["A 2026-01-05 22.5 0 0 0 0", "A 2026-02-28 47.5 0 0 0 0"],
    ),
    earned(
        "of the contract amount, of the list amount, and by the unit, exactly",
        "- { id: a, earn: { percent: 10, of: contract } }\n- { id: b, earn: { percent: 10, of: list } }\n\
         - { id: c, earn: { per_unit: 3, unit: box } }",
        &["S1 shipment A 2026-01-05 bolt 250 900 list=1100 contract=1000"],
        &["A 2026-01-05 100 0 0 0 0 | 110 0 0 0 0 | 7.5 0 0 0 0"],
    ),
    earned(
        "goods of the programme alone",
        "- { id: p, goods: { category: fasteners }, earn: { percent: 10 } }",
        &["S1 shipment A 2026-01-05 bolt 1 100, rebar 1 1000"],
        &["A 2026-01-05 10 0 0 0 0"],
    ),
    earned(
        "pending for fourteen days",
        "- { id: p, earn: { percent: 10 }, pending_days: 14 }",
        &["S1 shipment A 2026-01-05 bolt 1 100"],
        &["A 2026-01-05 0 10 0 0 0", "A 2026-01-18 0 10 0 0 0", "A 2026-01-19 10 0 0 0 0"],
    ),
    earned(
        "what comes back while it is pending simply nets",
        "- { id: p, earn: { percent: 10 }, pending_days: 14 }",
        &["S1 shipment A 2026-01-05 bolt 10 1000", "R1 return A 2026-01-10 for S1 bolt 4 400"],
        &["A 2026-01-05 0 60 0 0 0", "A 2026-01-19 60 0 0 0 0"],
    ),
    earned(
        "expired on the same day three months later, of November's 30th at February's end",
        THREE_MONTHS,
        &["S1 shipment A 2025-11-30 bolt 1 100", "S2 shipment A 2026-01-15 bolt 1 200"],
        &[
            "A 2026-02-27 30 0 0 0 0",
            "A 2026-02-28 20 0 0 0 10",
            "A 2026-04-14 20 0 0 0 10",
            "A 2026-04-15 0 0 0 0 30",
        ],
    ),
    Story {
        what: "first in, first out: a hold takes the oldest lot whole and of the next what is missing",
        points: THREE_MONTHS,
        documents: &["S1 shipment A 2026-01-15 bolt 1 1000", "S2 shipment A 2026-02-15 bolt 1 1000"],
        acts: &["hold h A 2026-03-01 150", "spend h"],
        later: &[],
        stands: &[
            "A 2026-02-28 200 0 0 0 0",
            "A 2026-03-01 50 0 0 0 0",
            "A 2026-04-15 50 0 0 0 0",
            "A 2026-05-15 0 0 0 0 50",
        ],
    },
    Story {
        what: "of a lot that was spent in part the rest expires",
        points: THREE_MONTHS,
        documents: &["S1 shipment A 2026-01-15 bolt 1 1000"],
        acts: &["hold h A 2026-03-01 30", "spend h"],
        later: &[],
        stands: &["A 2026-04-14 70 0 0 0 0", "A 2026-04-15 0 0 0 0 70"],
    },
    Story {
        what: "what is held cannot be spent; released, it is as if it had never been held",
        points: TENTH,
        documents: &["S1 shipment A 2026-01-15 bolt 1 1000"],
        acts: &["hold h A 2026-02-01 30", "hold i A 2026-02-02 50", "release i"],
        later: &[],
        stands: &["A 2026-01-31 100 0 0 0 0", "A 2026-02-01 70 0 30 0 0", "A 2026-02-02 70 0 30 0 0"],
    },
    Story {
        what: "held the day before they expire, points can be spent later",
        points: THREE_MONTHS,
        documents: &["S1 shipment A 2026-01-15 bolt 1 1000"],
        acts: &["hold h A 2026-04-14 60", "spend h"],
        later: &[],
        stands: &["A 2026-04-14 40 0 0 0 0", "A 2026-04-15 0 0 0 0 40"],
    },
    Story {
        what: "released after their lots expired, they expire",
        points: THREE_MONTHS,
        documents: &["S1 shipment A 2026-01-15 bolt 1 1000"],
        acts: &["hold h A 2026-04-14 60", "release h"],
        later: &[],
        stands: &["A 2026-04-14 100 0 0 0 0", "A 2026-04-15 0 0 0 0 100"],
    },
    Story {
        what: "goods came back that were paid with points: those go back into their lots, from that day",
        points: THREE_MONTHS,
        documents: &["S1 shipment A 2026-01-15 bolt 1 1000"],
        acts: &["hold h A 2026-02-01 80", "spend h", "restore r h 2026-03-01 50"],
        later: &[],
        stands: &["A 2026-02-28 20 0 0 0 0", "A 2026-03-01 70 0 0 0 0", "A 2026-04-15 0 0 0 0 70"],
    },
    Story {
        what: "given back after their lots expired, they are expired",
        points: THREE_MONTHS,
        documents: &["S1 shipment A 2026-01-15 bolt 1 1000"],
        acts: &[
            "hold h A 2026-02-01 80",
            "spend h",
            "restore r h 2026-05-01 50",
            "restore s h 2026-05-02 30",
        ],
        later: &[],
        stands: &["A 2026-04-30 0 0 0 0 20", "A 2026-05-01 0 0 0 0 70", "A 2026-05-02 0 0 0 0 100"],
    },
    Story {
        what: "a return before anything is spent lessens what there is",
        points: TENTH,
        documents: &["S1 shipment A 2026-01-15 bolt 10 1000", "R1 return A 2026-02-01 for S1 bolt 5 500"],
        acts: &["hold h A 2026-02-02 50", "spend h"],
        later: &[],
        stands: &["A 2026-02-02 0 0 0 0 0"],
    },
    Story {
        what: "a return after the points were spent leaves a debt, which new points pay first",
        points: TENTH,
        documents: &["S1 shipment A 2026-01-15 bolt 10 1000"],
        acts: &["hold h A 2026-02-01 80", "spend h"],
        later: &["R1 return A 2026-02-10 for S1 bolt 5 500", "S2 shipment A 2026-03-01 bolt 1 1000"],
        stands: &["A 2026-02-01 0 0 0 30 0", "A 2026-02-28 0 0 0 30 0", "A 2026-03-01 70 0 0 0 0"],
    },
    Story {
        what: "a debt is paid by new points once they can be spent",
        points: "- { id: p, earn: { percent: 10 }, pending_days: 10 }",
        documents: &["S1 shipment A 2026-01-15 bolt 10 1000"],
        acts: &["hold h A 2026-02-01 80", "spend h"],
        later: &["R1 return A 2026-02-10 for S1 bolt 5 500", "S2 shipment A 2026-03-01 bolt 1 1000"],
        stands: &["A 2026-03-10 0 100 0 30 0", "A 2026-03-11 70 0 0 0 0"],
    },
    earned(
        "a return for no shipment takes of the oldest lots on its own day",
        THREE_MONTHS,
        &[
            "S1 shipment A 2026-01-15 bolt 10 1000",
            "S2 shipment A 2026-02-15 bolt 10 1000",
            "R1 return A 2026-03-01 bolt 7 700",
        ],
        &["A 2026-02-28 200 0 0 0 0", "A 2026-03-01 130 0 0 0 0", "A 2026-04-15 100 0 0 0 30"],
    ),
    earned(
        "more came back than was bought: a debt and nothing else",
        TENTH,
        &["R1 return A 2026-03-01 bolt 7 700"],
        &["A 2026-03-01 0 0 0 70 0"],
    ),
    earned(
        "a correction adds with its sign",
        TENTH,
        &["S1 shipment A 2026-01-15 bolt 10 1000", "C1 correction A 2026-01-20 for S1 bolt 0 -300"],
        &["A 2026-01-15 70 0 0 0 0"],
    ),
    earned(
        "rounded down by document; a whole return takes off the same",
        "- { id: p, earn: { percent: 10 }, step: 1 }",
        &[
            "S1 shipment A 2026-01-05 bolt 1 109",
            "S2 shipment A 2026-01-06 bolt 1 9.99",
            "S3 shipment A 2026-01-07 bolt 1 59",
            "R3 return A 2026-01-08 for S3 bolt 1 59",
        ],
        &["A 2026-01-05 10 0 0 0 0", "A 2026-01-06 10 0 0 0 0", "A 2026-01-07 10 0 0 0 0"],
    ),
    earned(
        "returned in three parts, each rounded down: one of ten points stays",
        "- { id: p, earn: { percent: 10 }, step: 1 }",
        &[
            "S1 shipment A 2026-01-05 bolt 3 100.50",
            "R1 return A 2026-01-06 for S1 bolt 1 33.50",
            "R2 return A 2026-01-07 for S1 bolt 1 33.50",
            "R3 return A 2026-01-08 for S1 bolt 1 33.50",
        ],
        &["A 2026-01-05 1 0 0 0 0"],
    ),
    Story {
        what: "a document that comes late earns on its own day, and a hold takes of it first",
        points: THREE_MONTHS,
        documents: &["S2 shipment A 2026-02-15 bolt 10 1000"],
        acts: &["hold h A 2026-03-01 60", "spend h"],
        later: &["S1 shipment A 2026-01-15 bolt 10 1000"],
        stands: &["A 2026-03-01 140 0 0 0 0", "A 2026-04-15 100 0 0 0 40"],
    },
    earned(
        "documents within the programme's time",
        "- { id: p, earn: { percent: 10 }, from: 2026-02-01, through: 2026-02-28 }",
        &[
            "S1 shipment A 2026-01-31 bolt 1 100",
            "S2 shipment A 2026-02-01 bolt 1 200",
            "S3 shipment A 2026-02-28 bolt 1 400",
            "S4 shipment A 2026-03-01 bolt 1 800",
            "R1 return A 2026-03-02 for S2 bolt 1 100",
        ],
        &["A 2026-03-02 50 0 0 0 0"],
    ),
    earned(
        "by the level held on the day: silver once, gold twice and a half",
        "- { id: p, earn: { percent: 10 }, levels: l }\n\
         levels:\n- { id: l, period: year, levels: [{ id: silver, conditions: [{ measure: { what: amount }, at_least: 1000 }] }, \
         { id: gold, multiplier: 2.5, conditions: [{ measure: { what: amount }, at_least: 2000 }] }] }",
        &[
            "S1 shipment A 2026-01-05 bolt 1 1000",
            "S2 shipment A 2026-01-06 bolt 1 500",
            "S3 shipment A 2026-01-07 bolt 1 500",
            "S4 shipment A 2026-01-08 bolt 1 100",
        ],
        &[
            "A 2026-01-05 100 0 0 0 0",
            "A 2026-01-06 150 0 0 0 0",
            "A 2026-01-07 275 0 0 0 0",
            "A 2026-01-08 300 0 0 0 0",
        ],
    ),
    earned(
        "a return that drops the level lessens what was earned by it since",
        "- { id: p, earn: { percent: 10 }, levels: l }\n\
         levels:\n- { id: l, period: year, levels: [{ id: gold, multiplier: 2, conditions: [{ measure: { what: amount }, at_least: 2000 }] }] }",
        &[
            "S1 shipment A 2026-01-05 bolt 20 2000",
            "S2 shipment A 2026-02-06 bolt 1 500",
            "R1 return A 2026-03-01 for S1 bolt 10 1000",
        ],
        &["A 2026-01-05 100 0 0 0 0", "A 2026-02-06 150 0 0 0 0"],
    ),
    earned(
        "levels that are not for the contract multiply nothing, and nothing is earned by what is multiplied by none",
        "- { id: p, earn: { percent: 10 }, levels: l }\n- { id: q, earn: { percent: 10 }, levels: m }\n\
         levels:\n- { id: l, contracts: { contract: \"{}.B\" }, period: year, levels: [{ id: gold, multiplier: 2, conditions: [{ measure: { what: amount }, at_least: 1 }] }] }\n\
         - { id: m, period: year, levels: [{ id: lead, multiplier: 0, conditions: [{ measure: { what: amount }, at_least: 1 }] }] }",
        &["S1 shipment A 2026-01-05 bolt 1 100", "S2 shipment B 2026-01-05 bolt 1 100"],
        &["A 2026-01-05 10 0 0 0 0 | 0 0 0 0 0", "B 2026-01-05 20 0 0 0 0 | 0 0 0 0 0"],
    ),
    earned(
        "a programme in euros is not for a contract in dollars",
        "- { id: p, earn: { percent: 10 } }\n- { id: q, earn: { percent: 20 }, currency: USD }",
        &["S1 shipment A 2026-01-05 bolt 1 100", "S2 shipment U 2026-01-05 bolt 1 100"],
        &["A 2026-01-05 10 0 0 0 0", "U 2026-01-05 20 0 0 0 0"],
    ),
];
