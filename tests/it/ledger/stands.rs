//! Where does each measure stand after these documents? The same, in whatever order and batches they come, with duplicates
//! mixed in, before and after the folder is opened again, and under a policy that is published afterwards.

use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::ledger::draft::DocumentDraft;

use super::world::{World, document, policy};

/// What happened, the documents, and where measures stand: `letter day measure value`.
struct Story {
    what: &'static str,
    documents: &'static [&'static str],
    stands: &'static [&'static str],
}

const STORIES: &[Story] = &[
    Story {
        what: "a shipment counts in the periods that hold its day",
        documents: &["S1 shipment A 2026-02-10 bolt 10 1000"],
        stands: &[
            "A 2026-02-10 month 1000",
            "A 2026-02-28 month 1000",
            "A 2026-03-01 month 0",
            "A 2026-03-31 quarter 1000",
            "A 2026-04-01 quarter 0",
            "A 2026-06-30 half 1000",
            "A 2026-07-01 half 0",
            "A 2026-12-31 year 1000",
            "A 2027-01-01 year 0",
        ],
    },
    Story {
        what: "not before its day: T is documents not after the day of pricing (M2)",
        documents: &["S1 shipment A 2026-02-10 bolt 10 1000"],
        stands: &[
            "A 2026-02-09 month 0",
            "A 2026-02-09 quarter 0",
            "A 2026-02-09 rolling 0",
            "A 2026-01-31 year 0",
        ],
    },
    Story {
        what: "documents of one day and month add up",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 100",
            "S2 shipment A 2026-01-05 nut 2 99.99",
            "S3 shipment A 2026-01-31 bolt 1 0.01",
            "S4 shipment A 2026-03-31 bolt 5 500",
        ],
        stands: &[
            "A 2026-01-05 month 199.99",
            "A 2026-01-31 month 200",
            "A 2026-03-31 quarter 700",
            "A 2026-03-30 quarter 200",
        ],
    },
    Story {
        what: "the previous quarter, whole (M3)",
        documents: &[
            "S1 shipment A 2025-10-01 bolt 1 1",
            "S2 shipment A 2025-12-31 bolt 1 20",
            "S3 shipment A 2026-01-01 bolt 1 300",
        ],
        stands: &[
            "A 2026-01-01 before 21",
            "A 2026-03-31 before 21",
            "A 2026-04-01 before 300",
            "A 2025-12-31 before 0",
        ],
    },
    Story {
        what: "rolling three months: from the day after the same day three months ago",
        documents: &[
            "S1 shipment A 2026-01-15 bolt 1 1",
            "S2 shipment A 2026-01-16 bolt 1 20",
            "S3 shipment A 2026-04-15 bolt 1 300",
        ],
        stands: &[
            "A 2026-04-14 rolling 21",
            "A 2026-04-15 rolling 320",
            "A 2026-04-16 rolling 300",
            "A 2026-07-14 rolling 300",
            "A 2026-07-15 rolling 0",
        ],
    },
    Story {
        what: "rolling at a month's end: 31 May reaches back to 1 March",
        documents: &["S1 shipment A 2026-02-28 bolt 1 1", "S2 shipment A 2026-03-01 bolt 1 20"],
        stands: &["A 2026-05-31 rolling 20", "A 2026-05-28 rolling 20", "A 2026-05-27 rolling 21"],
    },
    Story {
        what: "the contract's own year begins on 15 February",
        documents: &[
            "S1 shipment A 2025-02-14 bolt 1 1",
            "S2 shipment A 2025-02-15 bolt 1 20",
            "S3 shipment A 2026-02-14 bolt 1 300",
        ],
        stands: &[
            "A 2025-02-15 own-year 20",
            "A 2026-02-13 own-year 20",
            "A 2026-02-14 own-year 320",
            "A 2026-02-15 own-year 0",
        ],
    },
    Story {
        what: "the contract's own quarter before: 15 November to 14 February",
        documents: &[
            "S1 shipment A 2025-11-14 bolt 1 1",
            "S2 shipment A 2025-11-15 bolt 1 20",
            "S3 shipment A 2026-02-14 bolt 1 300",
        ],
        stands: &[
            "A 2026-02-15 own-prev 320",
            "A 2026-05-14 own-prev 320",
            "A 2026-02-14 own-prev 1",
            "A 2026-05-15 own-prev 0",
        ],
    },
    Story {
        what: "list, contract and net amounts are measured each by its own (M2)",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 10 700 list=1000 contract=900",
            "S2 shipment A 2026-01-06 nut 1 50",
        ],
        stands: &["A 2026-01-06 list 1050", "A 2026-01-06 contract 950", "A 2026-01-06 quarter 750"],
    },
    Story {
        what: "an amount that is not stated is the next one's: list of contract, contract of net",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 10 700 contract=900",
            "S2 shipment A 2026-01-05 bolt 1 7 list=10",
        ],
        stands: &["A 2026-01-06 list 910", "A 2026-01-06 contract 907"],
    },
    Story {
        what: "whose purchases: contract, counterparty, holding (M3)",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 1",
            "S2 shipment B 2026-01-06 bolt 1 20",
            "S3 shipment H 2026-01-07 bolt 1 300",
        ],
        stands: &[
            "A 2026-01-31 quarter 1",
            "A 2026-01-31 party 21",
            "A 2026-01-31 holding 321",
            "B 2026-01-31 quarter 20",
            "B 2026-01-31 party 21",
            "H 2026-01-31 party 300",
            "H 2026-01-31 holding 321",
            "A 2026-01-06 holding 21",
        ],
    },
    Story {
        what: "an amount counts in its own currency alone",
        documents: &["S1 shipment A 2026-01-05 bolt 1 1", "S2 shipment U 2026-01-06 bolt 1 20"],
        stands: &["A 2026-01-31 party 1", "A 2026-01-31 holding 1", "U 2026-01-31 dollars 20"],
    },
    Story {
        what: "quantities convert exactly; what has no such unit counts nothing",
        documents: &["S1 shipment A 2026-01-05 bolt 2 box 100, bolt 5 10, nut 7 1, rebar 1 5"],
        stands: &["A 2026-01-31 pieces 212"],
    },
    Story {
        what: "weights: converted, or as stated",
        documents: &[
            "S1 shipment A 2026-01-05 rebar 2.5 100, beam 500 kg 50",
            "S2 shipment A 2026-01-06 rebar 1 1 weighs=1.25t",
            "S3 shipment A 2026-01-07 beam 1 1 weighs=750kg",
            "S4 shipment A 2026-01-08 bolt 100 1",
        ],
        stands: &[
            "A 2026-01-31 tonnes 5",
            "A 2026-01-05 tonnes 3",
            "A 2026-01-07 kilos 5000",
            "A 2026-01-08 kilos 5005",
        ],
    },
    Story {
        what: "fifty nuts weigh three kilos: thirds add up exactly",
        documents: &[
            "S1 shipment A 2026-01-05 nut 1 1",
            "S2 shipment A 2026-01-06 nut 24 1",
            "S3 shipment A 2026-01-07 nut 25 1",
        ],
        stands: &["A 2026-01-05 kilos 0.06", "A 2026-01-07 kilos 3"],
    },
    Story {
        what: "distinct SKUs and categories, at a level and at the deepest",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 1, nut 1 1",
            "S2 shipment A 2026-02-05 bolt 1 1, rebar 1 1, beam 1 1, glue 1 1",
        ],
        stands: &[
            "A 2026-01-31 skus 2",
            "A 2026-03-31 skus 5",
            "A 2026-01-31 groups 1",
            "A 2026-03-31 groups 2",
            "A 2026-01-31 kinds 2",
            "A 2026-03-31 kinds 4",
            "A 2026-04-01 skus 0",
        ],
    },
    Story {
        what: "distinct SKUs over the holding are counted once",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 1, nut 1 1",
            "S2 shipment H 2026-02-05 bolt 1 1, rebar 1 1",
        ],
        stands: &["A 2026-03-31 all-skus 3", "A 2026-01-31 all-skus 2"],
    },
    Story {
        what: "a return takes off what was bought; a SKU that came back whole was not bought",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 10 1000, nut 4 200",
            "R1 return A 2026-01-20 bolt 3 300, nut 4 200",
        ],
        stands: &[
            "A 2026-01-19 quarter 1200",
            "A 2026-01-20 quarter 700",
            "A 2026-01-20 skus 1",
            "A 2026-01-19 skus 2",
            "A 2026-01-31 pieces 7",
        ],
    },
    Story {
        what: "a return with a reference belongs to its shipment's period, one without to its own date (X4)",
        documents: &[
            "S1 shipment A 2026-03-30 bolt 10 1000",
            "R1 return A 2026-04-02 for S1 bolt 1 100",
            "R2 return A 2026-04-02 bolt 2 200",
        ],
        stands: &[
            "A 2026-03-31 quarter 900",
            "A 2026-04-02 before 900",
            "A 2026-04-02 quarter -200",
            "A 2026-03-30 month 900",
        ],
    },
    Story {
        what: "several returns for one shipment, one of them years late",
        documents: &[
            "S1 shipment A 2025-06-01 bolt 10 1000",
            "R1 return A 2025-06-02 for S1 bolt 1 100",
            "R2 return A 2026-06-02 for S1 bolt 2 200",
            "S2 shipment A 2026-06-01 bolt 1 100",
        ],
        stands: &[
            "A 2025-06-30 month 700",
            "A 2026-06-30 month 100",
            "A 2026-06-30 year 100",
            "A 2025-12-31 year 700",
        ],
    },
    Story {
        what: "a reference to a shipment that never comes: the return stays on its own day",
        documents: &["R1 return A 2026-04-02 for LOST bolt 1 100"],
        stands: &["A 2026-04-30 month -100", "A 2026-03-31 quarter 0"],
    },
    Story {
        what: "a reference to another contract's shipment, or to a return, moves nothing",
        documents: &[
            "S1 shipment B 2026-01-05 bolt 10 1000",
            "R1 return A 2026-04-02 for S1 bolt 1 100",
            "R2 return A 2026-02-02 bolt 1 10",
            "R3 return A 2026-05-02 for R2 bolt 1 1",
        ],
        stands: &["A 2026-05-31 quarter -101", "A 2026-03-31 quarter -10", "B 2026-03-31 quarter 1000"],
    },
    Story {
        what: "corrections are added with their signs, on their shipment's day where they name one",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 10 1000",
            "K1 correction A 2026-04-10 for S1 bolt 0 -50",
            "K2 correction A 2026-04-10 bolt -1 -100, nut 1 40",
        ],
        stands: &[
            "A 2026-03-31 quarter 950",
            "A 2026-04-30 quarter -60",
            "A 2026-03-31 pieces 10",
            "A 2026-04-30 pieces 0",
        ],
    },
    Story {
        what: "post, then reverse: every figure as before",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 10 1000, nut 1 50, rebar 1 kg 70",
            "R1 return A 2026-01-05 bolt 10 1000, nut 1 50, rebar 1 kg 70",
        ],
        stands: &[
            "A 2026-01-31 quarter 0",
            "A 2026-01-31 skus 0",
            "A 2026-01-31 groups 0",
            "A 2026-01-31 tonnes 0",
            "A 2026-01-31 kilos 0",
            "A 2026-12-31 year 0",
        ],
    },
    Story {
        what: "more returned than shipped is counted (X6)",
        documents: &["S1 shipment A 2026-01-05 bolt 1 100", "R1 return A 2026-01-06 bolt 3 300"],
        stands: &["A 2026-01-31 quarter -200", "A 2026-01-31 skus 0", "A 2026-01-31 pieces -2"],
    },
    Story {
        what: "amounts past what a decimal holds are sums all the same",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 9000000000000",
            "S2 shipment A 2026-01-05 bolt 1 9000000000000",
        ],
        stands: &["A 2026-01-31 quarter 18000000000000"],
    },
];

fn documents(story: usize) -> Vec<DocumentDraft> {
    STORIES[story].documents.iter().map(|text| document(story, text)).collect()
}

/// What does not stand where the stories say.
fn wrong(world: &World, order: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for (story, told) in STORIES.iter().enumerate() {
        for stands in told.stands {
            let [letter, day, measure, value] = stands.split(' ').collect::<Vec<_>>()[..] else {
                panic!("{stands}")
            };
            // Noon in Berlin.
            let at = Instant::parse(&format!("{day}T11:00:00Z")).unwrap();
            let contract = format!("{story}.{letter}");
            let (found, _) = world.engine.measures(&Caller::operator(), &contract, Some(at)).unwrap();
            let found = found.iter().find(|found| found.measure == measure).map(|found| found.value);
            let expected = quoin::api::decimal::total_of(value).unwrap();
            if found != Some(expected) {
                wrong.push(format!("{order}: {}: {stands}: found {found:?}", told.what));
            }
        }
    }
    wrong
}

#[test]
fn measures_stand_where_the_documents_put_them_in_whatever_order_they_come() {
    let all: Vec<DocumentDraft> = (0..STORIES.len()).flat_map(documents).collect();
    let mut failed = Vec::new();
    // One by one in their order, with what was asked for kept up to date on the way.
    let world = World::of(STORIES.len());
    drop(wrong(&world, "nothing yet"));
    for document in &all {
        world.posted(vec![document.clone()]);
    }
    failed.extend(wrong(&world, "one by one"));
    let world = world.reopened();
    failed.extend(wrong(&world, "opened again"));
    world.publish(&policy().replace("percent: 5", "percent: 6"));
    failed.extend(wrong(&world, "another policy"));
    // All at once, backwards; and again, in parts, forwards.
    let world = World::of(STORIES.len());
    world.posted(all.iter().rev().cloned().collect());
    failed.extend(wrong(&world, "at once, backwards"));
    for part in all.chunks(7) {
        world.posted(part.to_vec());
    }
    failed.extend(wrong(&world, "repeated"));
    // Backwards one by one while measures are asked for, each twice.
    let world = World::of(STORIES.len());
    drop(wrong(&world, "nothing yet"));
    for document in all.iter().rev() {
        world.posted(vec![document.clone(), document.clone()]);
    }
    failed.extend(wrong(&world, "backwards, twice"));
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    let checks: usize = STORIES.iter().map(|story| story.stands.len()).sum();
    println!("{} stories, {checks} positions, six ways each", STORIES.len());
    assert!(checks > 80, "{checks}");
}
