//! What do statements say of periods, before and after they are closed? The stories that `statements` plays.

/// What happens, line by line:
///
/// ```text
/// S1 shipment A 2026-01-05 bolt 1 100       a document is posted
/// policy - { id: q, ... }                   the agreements are others from now on
/// > final A 2026-03-31                      it is settled, perhaps `only q`, `reopens #1`
/// q final to 2026-03-31: 2 - 0 = 2; S1 100  what the statement tells: to which day the period goes, entitlement, less what was
///                                           said before, to pay; and what documents add to the basis, `late` where they are
/// ! no period ends ...                      or why it is refused
/// ```
/// Statements are told by their place in the story, as in `#1`.
pub struct Story {
    pub what: &'static str,
    pub lines: &'static [&'static str],
}

pub const STORIES: &[Story] = &[
    Story {
        what: "a quarter is closed; closing it again is refused; the next one begins at nothing",
        lines: &[
            "policy - { id: q, period: quarter, tiers: [{ from: 1000, percent: 2 }] }",
            "S1 shipment A 2026-01-05 bolt 1 600",
            "S2 shipment A 2026-03-31 bolt 1 400",
            "S3 shipment A 2026-04-01 bolt 1 5000",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 20 - 0 = 20; S1 600, S2 400",
            "> final A 2026-03-31",
            "! statement #1 has closed what ends on or holds 2026-03-31, and nothing has changed since",
            "> final A 2026-06-30",
            "q final to 2026-06-30: 100 - 0 = 100; S3 5000",
        ],
    },
    Story {
        what: "interim, then final: the final pays what is missing",
        lines: &[
            "policy - { id: q, period: quarter, tiers: [{ from: 100, percent: 1 }, { from: 1000, percent: 2 }] }",
            "S1 shipment A 2026-01-05 bolt 1 600",
            "> interim A 2026-01-31",
            "q interim to 2026-03-31: 6 - 0 = 6; S1 600",
            "S2 shipment A 2026-02-05 bolt 1 600",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 24 - 6 = 18; S1 600, S2 600",
        ],
    },
    Story {
        what: "an interim statement leaves out documents of later days, and names those that came late for it",
        lines: &[
            "policy - { id: q, period: quarter, percent: 1 }",
            "S1 shipment A 2026-01-05 bolt 1 600",
            "S2 shipment A 2026-02-01 bolt 1 400",
            "> interim A 2026-01-31",
            "q interim to 2026-03-31: 6 - 0 = 6; S1 600",
            "S3 shipment A 2026-01-31 bolt 1 100",
            "> interim A 2026-01-31",
            "q interim to 2026-03-31: 7 - 6 = 1; S1 600, late S3 100",
            "> interim A 2026-01-30",
            "! statement #2 has told of agreement \"q\" through 2026-01-31 already: settle through that day or a later one",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 11 - 7 = 4; S1 600, S3 100, S2 400",
        ],
    },
    Story {
        what: "an interim statement may fall: a return drops the tier",
        lines: &[
            "policy - { id: q, period: quarter, tiers: [{ from: 1000, percent: 5 }] }",
            "S1 shipment A 2026-01-05 bolt 10 1000",
            "> interim A 2026-01-31",
            "q interim to 2026-03-31: 50 - 0 = 50; S1 1000",
            "R1 return A 2026-02-02 bolt 1 100",
            "> interim A 2026-02-28",
            "q interim to 2026-03-31: 0 - 50 = -50; S1 1000, R1 -100",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 0 - 0 = 0; S1 1000, R1 -100",
        ],
    },
    Story {
        what: "a return without a reference belongs to its own date: the closed period stays",
        lines: &[
            "policy - { id: q, period: quarter, tiers: [{ from: 1000, percent: 5 }] }",
            "S1 shipment A 2026-03-05 bolt 10 1000",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 50 - 0 = 50; S1 1000",
            "R1 return A 2026-04-20 bolt 1 100",
            "> final A 2026-06-30",
            "q final to 2026-06-30: 0 - 0 = 0; R1 -100",
        ],
    },
    Story {
        what: "a shipment and its reversal before closing leave nothing; both are there to see",
        lines: &[
            "policy - { id: q, period: quarter, percent: 10 }",
            "S1 shipment A 2026-03-05 bolt 10 1000",
            "R1 return A 2026-03-06 for S1 bolt 10 1000",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 0 - 0 = 0; S1 1000, R1 -1000",
        ],
    },
    Story {
        what: "a return that waits for its shipment moves within an open period: an interim statement is made good",
        lines: &[
            "policy - { id: q, period: quarter, percent: 10 }",
            "R1 return A 2026-02-20 for S1 bolt 1 100",
            "> interim A 2026-01-31",
            "q interim to 2026-03-31: 0 - 0 = 0;",
            "S1 shipment A 2026-01-15 bolt 3 300",
            "> interim A 2026-01-31",
            "q interim to 2026-03-31: 20 - 0 = 20; late R1 -100, late S1 300",
        ],
    },
    Story {
        what: "some agreements alone: the others stay open, and what comes first is worked out all the same",
        lines: &[
            "policy - { id: a, period: quarter, percent: 10 }\n- { id: b, period: quarter, percent: 10, after: a }",
            "S1 shipment A 2026-03-05 bolt 10 1000",
            "> final A 2026-03-31 only b",
            "b final to 2026-03-31: 90 - 0 = 90; S1 1000",
            "> final A 2026-03-31",
            "a final to 2026-03-31: 100 - 0 = 100; S1 1000",
            "> final A 2026-03-31 only c",
            "! agreement \"c\" is none of contract \"{}.A\"",
        ],
    },
    Story {
        what: "the contract's own quarters, from 15 February; a day on which nothing ends is told when they do",
        lines: &[
            "policy - { id: o, period: quarter, calendar: contract, percent: 1 }\n- { id: y, period: year, calendar: contract, percent: 1 }\n- { id: c, period: quarter, percent: 1 }",
            "S1 shipment A 2026-02-14 bolt 1 100",
            "S2 shipment A 2026-02-15 bolt 1 200",
            "S3 shipment A 2026-05-14 bolt 1 400",
            "> final A 2026-04-30",
            "! no period ends on 2026-04-30; the periods that hold it end: 2026-05-14 (o); 2026-06-30 (c); 2027-02-14 (y)",
            "> final A 2026-05-14",
            "o final to 2026-05-14: 6 - 0 = 6; S2 200, S3 400",
            "> final A 2026-02-14",
            "o final to 2026-02-14: 1 - 0 = 1; S1 100",
            "y final to 2026-02-14: 1 - 0 = 1; S1 100",
        ],
    },
    Story {
        what: "month, quarter, half and year that end on one day are closed by one statement",
        lines: &[
            "policy - { id: a, period: month, percent: 1 }\n- { id: b, period: quarter, percent: 1 }\n- { id: c, period: half, percent: 1 }\n- { id: d, period: year, percent: 1 }",
            "S1 shipment A 2025-12-31 bolt 1 100",
            "S2 shipment A 2025-11-30 bolt 1 200",
            "S3 shipment A 2025-07-01 bolt 1 400",
            "S4 shipment A 2025-03-31 bolt 1 800",
            "> final A 2025-12-31",
            "a final to 2025-12-31: 1 - 0 = 1; S1 100",
            "b final to 2025-12-31: 3 - 0 = 3; S2 200, S1 100",
            "c final to 2025-12-31: 7 - 0 = 7; S3 400, S2 200, S1 100",
            "d final to 2025-12-31: 15 - 0 = 15; S4 800, S3 400, S2 200, S1 100",
            "> final A 2025-11-30",
            "a final to 2025-11-30: 2 - 0 = 2; S2 200",
        ],
    },
    Story {
        what: "an agreement that is edited for next quarter does not rewrite the last one, even where a document comes late for it",
        lines: &[
            "policy - { id: q, period: quarter, percent: 10 }",
            "S1 shipment A 2026-03-05 bolt 10 1000",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 100 - 0 = 100; S1 1000",
            "policy - { id: q, period: quarter, percent: 1 }",
            "> final A 2026-03-31",
            "! statement #1 has closed what ends on or holds 2026-03-31, and nothing has changed since",
            "S2 shipment A 2026-03-06 bolt 1 100",
            "S3 shipment A 2026-04-06 bolt 1 100",
            "> final A 2026-06-30",
            "q final to 2026-06-30: 1 - 0 = 1; S3 100",
            "q correction of #1 to 2026-03-31: 110 - 100 = 10; late S2 100",
        ],
    },
    Story {
        what: "reopening works a closed quarter out by the policy in force, as a correction that names the statement",
        lines: &[
            "policy - { id: q, period: quarter, percent: 10 }",
            "S1 shipment A 2026-03-05 bolt 10 1000",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 100 - 0 = 100; S1 1000",
            "policy - { id: q, period: quarter, percent: 12 }",
            "> final A 2026-03-31 reopens #1",
            "q correction of #1 to 2026-03-31: 120 - 100 = 20;",
            "> final A 2026-03-31",
            "! statement #1 has closed what ends on or holds 2026-03-31, and nothing has changed since",
            "policy - { id: q, period: quarter, percent: 1 }",
            "S2 shipment A 2026-03-06 bolt 1 100",
            "> final A 2026-03-31",
            "q correction of #1 to 2026-03-31: 132 - 120 = 12; late S2 100",
        ],
    },
    Story {
        what: "reopening by an agreement that no longer is takes back what was paid; what closed nothing is not reopened",
        lines: &[
            "policy - { id: q, period: quarter, percent: 10 }",
            "S1 shipment A 2026-03-05 bolt 10 1000",
            "> interim A 2026-02-28",
            "q interim to 2026-03-31: 0 - 0 = 0;",
            "> final A 2026-03-31 reopens #1",
            "! statement #1 closed no period: there is nothing to reopen",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 100 - 0 = 100; S1 1000",
            "policy - { id: z, period: month, percent: 1 }",
            "> final A 2026-03-31 only q reopens #2",
            "q correction of #2 to 2026-03-31: 0 - 100 = -100;",
        ],
    },
    Story {
        what: "an agreement that goes while its period is open: what interims said is taken back at its end",
        lines: &[
            "policy - { id: q, period: quarter, percent: 10 }",
            "S1 shipment A 2026-01-05 bolt 10 1000",
            "> interim A 2026-01-31",
            "q interim to 2026-03-31: 100 - 0 = 100; S1 1000",
            "policy - { id: z, period: quarter, percent: 1 }",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 0 - 100 = -100;",
            "z final to 2026-03-31: 10 - 0 = 10; S1 1000",
        ],
    },
    Story {
        what: "periods that begin within the agreement's time: none other is settled",
        lines: &[
            "policy - { id: a, period: quarter, percent: 1, from: 2026-01-01, through: 2026-03-31 }",
            "S1 shipment A 2026-01-05 bolt 1 100",
            "> final A 2026-06-30",
            "! no retro-bonus is agreed with contract \"{}.A\" for a period that holds 2026-06-30",
            "> final A 2026-03-31",
            "a final to 2026-03-31: 1 - 0 = 1; S1 100",
        ],
    },
    Story {
        what: "a quarter that becomes months: what an interim said of the quarter is taken back at its end, the months stand for themselves",
        lines: &[
            "policy - { id: q, period: quarter, percent: 10 }",
            "S1 shipment A 2026-01-05 bolt 10 1000",
            "> interim A 2026-01-31",
            "q interim to 2026-03-31: 100 - 0 = 100; S1 1000",
            "policy - { id: q, period: month, percent: 10 }",
            "> final A 2026-01-31",
            "q final to 2026-01-31: 100 - 0 = 100; S1 1000",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 0 - 100 = -100;",
            "q final to 2026-03-31: 0 - 0 = 0;",
        ],
    },
    Story {
        what: "nothing was bought: the period is closed at nothing",
        lines: &[
            "policy - { id: q, period: quarter, percent: 10 }",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 0 - 0 = 0;",
        ],
    },
];
