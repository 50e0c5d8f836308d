//! What do statements say of periods, and of what comes after them? Stories: documents, edits of the policy and settlements in
//! their order, and what each statement tells.

use std::collections::BTreeMap;

use quoin::domain::day::CivilDay;
use quoin::domain::decimal::Micros;
use quoin::engine::caller::Caller;
use quoin::engine::error::LedgerError;
use quoin::engine::ledger::settlement::{Settle, Settled};
use quoin::ledger::statement::{EntryDocument, EntryKind, Statement, StatementEntry, StatementKind};

use super::stories::policy_of;
use super::world::{World, document};

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
struct Story {
    what: &'static str,
    lines: &'static [&'static str],
}

const STORIES: &[Story] = &[
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
        what: "a shipment that comes late lands in the next statement as a correction, named",
        lines: &[
            "policy - { id: q, period: quarter, tiers: [{ from: 100, percent: 1 }, { from: 1000, percent: 2 }] }",
            "S1 shipment A 2026-01-05 bolt 1 600",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 6 - 0 = 6; S1 600",
            "S2 shipment A 2026-03-20 bolt 1 400",
            "S3 shipment A 2026-04-20 bolt 1 300",
            "> final A 2026-06-30",
            "q final to 2026-06-30: 3 - 0 = 3; S3 300",
            "q correction of #1 to 2026-03-31: 20 - 6 = 14; late S2 400",
        ],
    },
    Story {
        what: "a return that comes late drops the tier and takes back the whole difference (X4)",
        lines: &[
            "policy - { id: q, period: quarter, tiers: [{ from: 1000, percent: 5 }] }",
            "S1 shipment A 2026-03-05 bolt 10 1000",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 50 - 0 = 50; S1 1000",
            "R1 return A 2026-04-20 for S1 bolt 1 0.01",
            "> interim A 2026-04-30",
            "q interim to 2026-06-30: 0 - 0 = 0;",
            "q correction of #1 to 2026-03-31: 0 - 50 = -50; late R1 -0.01",
            "> interim A 2026-05-31",
            "q interim to 2026-06-30: 0 - 0 = 0;",
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
        what: "a return after closing, then another: each lands in the statement after it",
        lines: &[
            "policy - { id: q, period: quarter, percent: 10 }",
            "S1 shipment A 2026-03-05 bolt 10 1000",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 100 - 0 = 100; S1 1000",
            "R1 return A 2026-04-20 for S1 bolt 1 100",
            "> final A 2026-03-31",
            "q correction of #1 to 2026-03-31: 90 - 100 = -10; late R1 -100",
            "R2 return A 2026-05-20 for S1 bolt 2 200",
            "> final A 2026-03-31",
            "q correction of #1 to 2026-03-31: 70 - 90 = -20; late R2 -200",
            "> final A 2026-03-31",
            "! statement #1 has closed what ends on or holds 2026-03-31, and nothing has changed since",
        ],
    },
    Story {
        what: "a late document without effect changes nothing, and is named once something does",
        lines: &[
            "policy - { id: q, period: quarter, tiers: [{ from: 100, fixed: 7 }, { from: 1000, fixed: 70 }] }",
            "S1 shipment A 2026-03-05 bolt 1 600",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 7 - 0 = 7; S1 600",
            "S2 shipment A 2026-03-06 bolt 1 100",
            "> final A 2026-03-31",
            "! statement #1 has closed what ends on or holds 2026-03-31, and nothing has changed since",
            "S3 shipment A 2026-03-07 bolt 1 300",
            "> final A 2026-03-31",
            "q correction of #1 to 2026-03-31: 70 - 7 = 63; late S2 100, late S3 300",
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
        what: "a correction of figures after closing is one of the statement",
        lines: &[
            "policy - { id: q, period: quarter, percent: 10 }",
            "S1 shipment A 2026-03-05 bolt 10 1000",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 100 - 0 = 100; S1 1000",
            "K1 correction A 2026-05-05 for S1 bolt 0 -50.05",
            "> final A 2026-06-30",
            "q final to 2026-06-30: 0 - 0 = 0;",
            "q correction of #1 to 2026-03-31: 95 - 100 = -5; late K1 -50.05",
        ],
    },
    Story {
        what: "a return that came before its shipment moves out of one closed period and into another, and is named in both",
        lines: &[
            "policy - { id: m, period: month, percent: 10 }",
            "S0 shipment A 2026-02-10 bolt 10 1000",
            "S9 shipment A 2026-01-10 bolt 5 500",
            "R1 return A 2026-02-20 for S1 bolt 1 100",
            "> final A 2026-01-31",
            "m final to 2026-01-31: 50 - 0 = 50; S9 500",
            "> final A 2026-02-28",
            "m final to 2026-02-28: 90 - 0 = 90; S0 1000, R1 -100",
            "S1 shipment A 2026-01-15 bolt 3 300",
            "> final A 2026-02-28",
            "m correction of #1 to 2026-01-31: 70 - 50 = 20; late R1 -100, late S1 300",
            "m correction of #2 to 2026-02-28: 100 - 90 = 10; late R1 100",
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
        what: "several agreements, one after another (X3): a late document corrects both",
        lines: &[
            "policy - { id: a, period: quarter, percent: 10 }\n- { id: b, period: quarter, percent: 10, after: a }",
            "S1 shipment A 2026-03-05 bolt 10 1000",
            "> final A 2026-03-31",
            "a final to 2026-03-31: 100 - 0 = 100; S1 1000",
            "b final to 2026-03-31: 90 - 0 = 90; S1 1000",
            "S2 shipment A 2026-03-06 bolt 1 100",
            "> final A 2026-06-30",
            "a final to 2026-06-30: 0 - 0 = 0;",
            "b final to 2026-06-30: 0 - 0 = 0;",
            "a correction of #1 to 2026-03-31: 110 - 100 = 10; late S2 100",
            "b correction of #1 to 2026-03-31: 99 - 90 = 9; late S2 100",
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
        what: "a correction crosses the cap: only what is below it is paid",
        lines: &[
            "policy - { id: q, period: quarter, percent: 10, cap: 105 }",
            "S1 shipment A 2026-03-05 bolt 10 1000",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 100 - 0 = 100; S1 1000",
            "S2 shipment A 2026-03-06 bolt 1 500",
            "> final A 2026-03-31",
            "q correction of #1 to 2026-03-31: 105 - 100 = 5; late S2 500",
            "S3 shipment A 2026-03-07 bolt 1 500",
            "> final A 2026-03-31",
            "! statement #1 has closed what ends on or holds 2026-03-31, and nothing has changed since",
        ],
    },
    Story {
        what: "a correction falls below the minimum: all is taken back; and comes above it again",
        lines: &[
            "policy - { id: q, period: quarter, percent: 10, minimum: 100 }",
            "S1 shipment A 2026-03-05 bolt 10 1000",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 100 - 0 = 100; S1 1000",
            "R1 return A 2026-04-06 for S1 bolt 1 0.10",
            "> final A 2026-03-31",
            "q correction of #1 to 2026-03-31: 0 - 100 = -100; late R1 -0.1",
            "S2 shipment A 2026-03-07 bolt 1 1000.10",
            "> final A 2026-03-31",
            "q correction of #1 to 2026-03-31: 200 - 0 = 200; late S2 1000.1",
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
        what: "growth: a late document of the year before spoils it after closing, and is named",
        lines: &[
            "policy - { id: q, period: quarter, percent: 10, conditions: [{ growth_percent: 10 }] }",
            "S1 shipment A 2025-03-05 bolt 10 1000",
            "S2 shipment A 2026-03-05 bolt 10 1100",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 110 - 0 = 110; S2 1100",
            "S3 shipment A 2025-03-06 bolt 1 0.01",
            "> final A 2026-03-31",
            "q correction of #1 to 2026-03-31: 0 - 110 = -110; late S3 0",
        ],
    },
    Story {
        what: "breadth: a late return takes a SKU out, and the condition fails after closing",
        lines: &[
            "policy - { id: q, period: quarter, goods: { category: fasteners }, percent: 10, conditions: [{ measure: { what: skus, goods: { any: [{ category: fasteners }, { sku: rebar }] } }, at_least: 3 }] }",
            "S1 shipment A 2026-03-05 bolt 10 1000, nut 1 50, rebar 1 70",
            "S2 shipment A 2026-03-06 rebar 1 70",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 105 - 0 = 105; S1 1050, S2 0",
            "R1 return A 2026-04-05 for S1 nut 1 50",
            "> final A 2026-03-31",
            "q correction of #1 to 2026-03-31: 0 - 105 = -105; late R1 -50",
        ],
    },
    Story {
        what: "regularity: a late shipment of the empty month meets the condition after closing",
        lines: &[
            "policy - { id: q, period: quarter, percent: 10, conditions: [{ months: 3 }] }",
            "S1 shipment A 2026-01-05 bolt 1 100",
            "S2 shipment A 2026-03-05 bolt 1 100",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 0 - 0 = 0; S1 100, S2 100",
            "S3 shipment A 2026-02-28 bolt 1 1",
            "> final A 2026-03-31",
            "q correction of #1 to 2026-03-31: 20.1 - 0 = 20.1; late S3 1",
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
        what: "a holding's turnover reaches the tier, each contract is settled on its own, and a late document of one corrects the other",
        lines: &[
            "policy - { id: q, period: quarter, of_whom: holding, tiers: [{ from: 1000, percent: 5 }, { from: 2000, percent: 6 }] }",
            "S1 shipment A 2026-01-05 bolt 1 400",
            "S2 shipment H 2026-01-06 bolt 1 600",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 20 - 0 = 20; S1 400, S2 0",
            "> final H 2026-03-31",
            "q final to 2026-03-31: 30 - 0 = 30; S1 0, S2 600",
            "S3 shipment B 2026-03-31 bolt 1 1000",
            "> final A 2026-03-31",
            "q correction of #1 to 2026-03-31: 24 - 20 = 4; late S3 0",
            "> final H 2026-03-31",
            "q correction of #2 to 2026-03-31: 36 - 30 = 6; late S3 0",
            "> final B 2026-03-31",
            "q final to 2026-03-31: 60 - 0 = 60; S1 0, S2 0, S3 1000",
        ],
    },
    Story {
        what: "graduated, per tonne and fixed: each portion at its own tier, before and after a late document",
        lines: &[
            "policy - { id: g, period: quarter, mode: graduated, tiers: [{ above: 1000, percent: 2 }, { above: 3000, percent: 3 }] }\n- { id: t, period: quarter, goods: { category: metal }, measure: { what: weight, unit: t }, tiers: [{ from: 10, per_unit: 50 }] }",
            "S1 shipment A 2026-01-05 bolt 1 1500",
            "S2 shipment A 2026-01-06 rebar 10 1000",
            "> final A 2026-03-31",
            "g final to 2026-03-31: 30 - 0 = 30; S1 1500, S2 1000",
            "t final to 2026-03-31: 500 - 0 = 500; S2 1000",
            "S3 shipment A 2026-01-07 rebar 500 kg 1000",
            "> final A 2026-03-31",
            "g correction of #1 to 2026-03-31: 55 - 30 = 25; late S3 1000",
            "t correction of #1 to 2026-03-31: 525 - 500 = 25; late S3 1000",
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
        what: "only what is paid counts: what is paid after closing is a correction that names the payment and its part",
        lines: &[
            "policy - { id: q, period: quarter, count: paid, percent: 10 }",
            "S1 shipment A 2026-01-05 bolt 1 1000",
            "S2 shipment A 2026-02-05 bolt 1 500",
            "P1 payment A 2026-01-20 S1 400",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 40 - 0 = 40; S1 400, S2 0",
            "P2 payment A 2026-04-20 S1 600, S2 100",
            "P3 payment A 2026-04-21 - 100",
            "> final A 2026-06-30",
            "q final to 2026-06-30: 0 - 0 = 0;",
            "q correction of #1 to 2026-03-31: 110 - 40 = 70; late P2 700",
            "P4 payment A 2026-07-01 S2 -100",
            "> interim A 2026-07-31",
            "q interim to 2026-09-30: 0 - 0 = 0;",
            "q correction of #1 to 2026-03-31: 100 - 110 = -10; late P4 -100",
        ],
    },
    Story {
        what: "only what is paid counts: a shipment that comes late counts as far as it is paid",
        lines: &[
            "policy - { id: q, period: quarter, count: paid, percent: 10 }",
            "S1 shipment A 2026-01-05 bolt 1 1000",
            "P1 payment A 2026-01-20 S1 1000, S2 250",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 100 - 0 = 100; S1 1000",
            "S2 shipment A 2026-02-05 bolt 1 500",
            "> final A 2026-06-30",
            "q final to 2026-06-30: 0 - 0 = 0;",
            "q correction of #1 to 2026-03-31: 125 - 100 = 25; late S2 250",
        ],
    },
    Story {
        what: "lost while overdue at the end of the period: a payment that was made in time and comes late gives it back, a later one does not",
        lines: &[
            "policy - { id: q, period: quarter, percent: 10, conditions: [{ overdue_days: 0 }] }",
            "S1 shipment A 2026-01-05 due 2026-03-20 bolt 1 1000",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 0 - 0 = 0; S1 1000",
            "P1 payment A 2026-04-10 S1 400",
            "> final A 2026-06-30",
            "q final to 2026-06-30: 0 - 0 = 0;",
            "P2 payment A 2026-03-25 S1 600",
            "> interim A 2026-07-31",
            "q interim to 2026-09-30: 0 - 0 = 0;",
            "P3 payment A 2026-03-30 S1 400",
            "> interim A 2026-08-31",
            "q interim to 2026-09-30: 0 - 0 = 0;",
            "q correction of #1 to 2026-03-31: 100 - 0 = 100; late P2 0, late P3 0, late P1 0",
        ],
    },
    Story {
        what: "a plan that is lowered after closing is a correction that names it",
        lines: &[
            "policy - { id: q, period: quarter, percent: 10, conditions: [{ plan_percent: 90, plan: turnover }] }",
            "L1 plan A 2026-01-01 turnover 2026-03-31 1000",
            "S1 shipment A 2026-01-05 bolt 1 800",
            "> final A 2026-03-31",
            "q final to 2026-03-31: 0 - 0 = 0; L1 0, S1 800",
            "L2 plan A 2026-01-01 turnover 2026-03-31 -200",
            "> final A 2026-06-30",
            "q final to 2026-06-30: 0 - 0 = 0;",
            "q correction of #1 to 2026-03-31: 80 - 0 = 80; late L2 0",
        ],
    },
    Story {
        what: "a cap over several agreements, and a return that lets the second have something again",
        lines: &[
            "policy - { id: a, period: quarter, percent: 3 }\n- { id: b, period: quarter, goods: { sku: nut }, percent: 50 }\nbonus_caps:\n- { id: m, agreements: [a, b], most: 40 }",
            "S1 shipment A 2026-01-05 bolt 1 1200, nut 1 100",
            "> final A 2026-03-31",
            "a final to 2026-03-31: 39 - 0 = 39; S1 1300",
            "b final to 2026-03-31: 1 - 0 = 1; S1 100",
            "R1 return A 2026-02-05 bolt 1 1000",
            "> final A 2026-06-30",
            "a final to 2026-06-30: 0 - 0 = 0;",
            "b final to 2026-06-30: 0 - 0 = 0;",
            "a correction of #1 to 2026-03-31: 9 - 39 = -30; late R1 -1000",
            "b correction of #1 to 2026-03-31: 31 - 1 = 30;",
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

fn text(micros: Micros) -> String {
    micros.to_string()
}

fn documents_told(story: usize, documents: &[&EntryDocument]) -> String {
    let one = |document: &&EntryDocument| {
        let id = document.id.strip_prefix(&format!("{story}.")).unwrap();
        let late = if document.late { "late " } else { "" };
        format!(" {late}{id} {}", text(Micros(i64::try_from(document.to_basis).unwrap())))
    };
    documents.iter().map(one).collect::<Vec<_>>().join(",")
}

fn entry_told(entry: &StatementEntry, place_of: &BTreeMap<u64, usize>) -> String {
    let kind = match (entry.kind, entry.corrects) {
        (EntryKind::Interim, None) => "interim".to_owned(),
        (EntryKind::Final, None) => "final".to_owned(),
        (EntryKind::Correction, Some(of)) => format!("correction of #{}", place_of[&of]),
        other => panic!("{other:?}"),
    };
    format!(
        "{} {kind} to {}: {} - {} = {};",
        entry.agreement,
        entry.period.last,
        text(entry.entitlement),
        text(entry.earlier),
        text(entry.to_pay)
    )
}

/// What a statement tells, entry by entry.
fn told(story: usize, settled: &Settled, place_of: &BTreeMap<u64, usize>) -> Vec<String> {
    let entry = |(place, entry): (u32, &StatementEntry)| {
        let below: Vec<&EntryDocument> =
            settled.documents.iter().filter(|document| document.entry == place).collect();
        assert_eq!(usize::try_from(entry.documents).unwrap(), below.len());
        format!("{}{}", entry_told(entry, place_of), documents_told(story, &below))
    };
    (0..).zip(&settled.statement.entries).map(entry).collect()
}

/// A settlement as a line asks for it.
fn asked(story: usize, number: usize, line: &str, numbers: &[u64]) -> Settle {
    let words: Vec<&str> = line.split(' ').collect();
    let said = |name: &str| words.iter().position(|word| *word == name).map(|at| words[at + 1]);
    let kind = match words[0] {
        "final" => StatementKind::Final,
        "interim" => StatementKind::Interim,
        other => panic!("{other}"),
    };
    let reopens = said("reopens").map(|of| numbers[of[1..].parse::<usize>().unwrap() - 1]);
    Settle {
        id: format!("{story}.{number}"),
        contract: format!("{story}.{}", words[1]),
        through: CivilDay::parse(words[2]).unwrap(),
        kind,
        agreements: said("only").map(|ids| ids.split(',').map(str::to_owned).collect()).unwrap_or_default(),
        reopens,
        dry_run: false,
    }
}

/// What a story's statements were, to be held against what they are later.
type Kept = Vec<(Statement, Vec<EntryDocument>)>;

fn run(world: &World, number: usize, story: &Story, (kept, wrong): (&mut Kept, &mut Vec<String>)) {
    let caller = Caller::operator();
    let (mut numbers, mut place_of) = (Vec::new(), BTreeMap::new());
    let mut lines = story.lines.iter().enumerate().peekable();
    while let Some((at, line)) = lines.next() {
        if let Some(agreements) = line.strip_prefix("policy ") {
            world.publish(&policy_of(agreements));
            continue;
        }
        let Some(settle) = line.strip_prefix("> ") else {
            world.posted(vec![document(number, line)]);
            continue;
        };
        let mut expected = Vec::new();
        while let Some((_, line)) =
            lines.next_if(|(_, line)| line.contains("; ") || line.ends_with(';') || line.starts_with('!'))
        {
            expected.push((*line).to_owned());
        }
        let asked = asked(number, at, settle, &numbers);
        let tried = world.engine.settle(&caller, &Settle { dry_run: true, ..asked.clone() });
        let found = match world.engine.settle(&caller, &asked) {
            Ok(settled) => {
                let of = settled.statement.number;
                numbers.push(of);
                place_of.insert(of, numbers.len());
                let tried = tried.unwrap();
                assert_eq!(
                    (tried.statement.number, &tried.statement.entries),
                    (0, &settled.statement.entries)
                );
                assert_eq!(tried.documents, settled.documents);
                // The same request again.
                let again = world.engine.settle(&caller, &asked).unwrap();
                assert!(again.repeated && !settled.repeated);
                assert_eq!((&again.statement, &again.documents), (&settled.statement, &settled.documents));
                let total: i128 =
                    settled.statement.entries.iter().map(|entry| i128::from(entry.to_pay.0)).sum();
                assert_eq!(settled.statement.total, total);
                let lines = told(number, &settled, &place_of);
                kept.push((settled.statement, settled.documents));
                lines
            }
            Err(LedgerError::Settle(refusal)) => vec![format!("! {refusal}")],
            Err(error) => panic!("{}: {error}", story.what),
        };
        let mut expected: Vec<String> =
            expected.iter().map(|line| line.replace("{}", &number.to_string())).collect();
        for (place, real) in (1..).zip(&numbers) {
            if let Some(first) = expected.first_mut().filter(|line| line.starts_with('!')) {
                *first = first.replace(&format!("#{place}"), &real.to_string());
            }
        }
        if found != expected {
            wrong.push(format!("{}: {settle}:\n  found    {found:#?}\n  expected {expected:#?}", story.what));
        }
    }
}

#[test]
fn statements_say_what_the_stories_say() {
    let mut world = World::of(STORIES.len());
    let (mut kept, mut wrong) = (Kept::new(), Vec::new());
    for (number, story) in STORIES.iter().enumerate() {
        run(&world, number, story, (&mut kept, &mut wrong));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Numbers have no gaps, and no statement changes afterwards, also where the folder is opened again.
    let numbers: Vec<u64> = kept.iter().map(|(statement, _)| statement.number).collect();
    assert_eq!(numbers, (1..).take(kept.len()).collect::<Vec<u64>>());
    for _ in 0..2 {
        for (statement, documents) in &kept {
            let found = world.engine.statement(&Caller::operator(), statement.number, (0, 1_000)).unwrap();
            assert_eq!((&found.0, &found.1), (statement, documents));
        }
        world = world.reopened();
    }
    let (page, more) = world.engine.statements(&Caller::operator(), "0.A", (0, 1)).unwrap();
    assert_eq!((page[0].number, page.len(), more), (1, 1, true));
    let statements = kept.len();
    println!("{} stories, {statements} statements", STORIES.len());
    assert!(STORIES.len() >= 25 && statements > 60, "{statements}");
}
