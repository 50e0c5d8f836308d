//! What was accepted and has not been shipped: is it told as a forecast, whatever comes in whatever order, and never as bought?

use quoin::domain::day::CivilDay;
use quoin::domain::decimal::Micros;
use quoin::domain::time::Instant;
use quoin::engine::Engine;
use quoin::engine::caller::{Caller, Role};
use quoin::engine::ledger::PostDocuments;
use quoin::ledger::document::{DocumentKind, Plan};
use quoin::ledger::draft::{DocumentDraft, LineDraft};

use super::played::{Story, play, play_all, story};
use super::world::{POLICY, World};

fn micros(text: &str) -> Micros {
    Micros::parse(text).unwrap()
}

/// A document of nothing yet.
pub fn draft(id: String, kind: DocumentKind, contract: &str, day: &str) -> DocumentDraft {
    DocumentDraft {
        id,
        kind,
        contract: contract.to_owned(),
        day: CivilDay::parse(day).unwrap(),
        currency: String::new(),
        reference: String::new(),
        payer: String::new(),
        ship_to: String::new(),
        quote: String::new(),
        channel: String::new(),
        due: None,
        lines: Vec::new(),
        allocations: Vec::new(),
        plan: None,
        uses: Vec::new(),
    }
}

/// Who sees the dashboard, and nothing of quotes.
fn reader() -> Caller {
    Caller { roles: [Role::Price].into(), sees_costs: false, ..Caller::operator() }
}

/// Posts `S1 shipment A bolt=100.00 nut=50 after=Q-1 for=S0 day=2026-03-02`: a document with the net amounts of its lines.
pub fn post(engine: &Engine, words: &[&str]) -> String {
    let [id, kind, contract, rest @ ..] = words else { panic!("{words:?}") };
    let (_, kind) = DocumentKind::WORDS.into_iter().find(|(word, _)| word == kind).unwrap();
    let mut draft = draft((*id).to_owned(), kind, contract, "2026-03-02");
    for (name, value) in rest.iter().map(|word| word.split_once('=').unwrap()) {
        match name {
            "after" => draft.quote = value.to_owned(),
            "for" => draft.reference = value.to_owned(),
            "day" => draft.day = CivilDay::parse(value).unwrap(),
            sku => draft.lines.push(LineDraft {
                sku: sku.to_owned(),
                quantity: micros("1"),
                net_amount: micros(value),
                ..LineDraft::default()
            }),
        }
    }
    posted(engine, vec![draft])
}

fn posted(engine: &Engine, documents: Vec<DocumentDraft>) -> String {
    let asked = PostDocuments { documents, ..PostDocuments::default() };
    let report = engine.post_documents(&Caller::operator(), asked).unwrap();
    assert!(!report.refused(), "{:#?}", report.faults);
    String::new()
}

/// `Q-2 500-100=400, Q-1 20-0=20; 420`: each as accepted, less shipped, is open; and the sum.
pub fn open(engine: &Engine, contract: &str) -> String {
    let text = |millionths: i128| quoin::api::decimal::total_text(millionths, 0);
    let (progress, _) = engine.progress(&reader(), contract, None).unwrap();
    let quotes: Vec<String> = progress
        .accepted
        .quotes
        .iter()
        .map(|of| format!("{} {}-{}={}", of.number, text(of.accepted), text(of.shipped), text(of.open)))
        .collect();
    assert_eq!(progress.accepted.untold, 0);
    format!("{}; {}", quotes.join(", "), text(progress.accepted.open)).trim_start_matches("; ").to_owned()
}

const STORIES: &[Story] = &[
    story(
        "accepted, then shipped bit by bit",
        &[
            "open A -> 0",
            "create A bolt=5 -> issued 1 500",
            "open A -> 0",
            "accept 1 dry -> accepted 1 500",
            "open A -> 0",
            "accept 1 -> accepted 1 500",
            "open A -> Q-1 500-0=500; 500",
            "post S1 shipment A bolt=120.5 after=Q-1",
            "open A -> Q-1 500-120.5=379.5; 379.5",
            "reopen",
            "open A -> Q-1 500-120.5=379.5; 379.5",
            "post S1 shipment A bolt=120.5 after=Q-1",
            "open A -> Q-1 500-120.5=379.5; 379.5",
            "post S2 shipment A bolt=379.5 after=Q-1",
            "open A -> 0",
        ],
    ),
    story(
        "more was shipped than accepted: nothing is open, and another quote is not touched",
        &[
            "create A bolt=2 -> issued 1 200",
            "create A nut=2 -> issued 1 100",
            "accept 1 -> accepted 1 200",
            "accept 2 -> accepted 1 100",
            "open A -> Q-2 100-0=100, Q-1 200-0=200; 300",
            "post S1 shipment A bolt=150 nut=100 after=Q-1",
            "open A -> Q-2 100-0=100; 100",
            "post R1 return A nut=100 after=Q-1 for=S1",
            "open A -> Q-2 100-0=100, Q-1 200-150=50; 150",
        ],
    ),
    story(
        "what comes back, or is put right, is to be shipped again where it says the quote, and not where it does not",
        &[
            "create A bolt=2 -> issued 1 200",
            "accept 1 -> accepted 1 200",
            "post S1 shipment A bolt=200 after=Q-1",
            "post R1 return A bolt=100 for=S1",
            "open A -> 0",
            "post R2 return A bolt=100 for=S1 after=Q-1",
            "open A -> Q-1 200-100=100; 100",
            "post C1 correction A bolt=-30 for=S1 after=Q-1",
            "open A -> Q-1 200-70=130; 130",
        ],
    ),
    story(
        "documents come before the acceptance, the quote, and each other",
        &[
            "post R1 return A bolt=50 after=Q-1 for=S1",
            "post S1 shipment A bolt=150 after=Q-1",
            "open A -> 0",
            "create A bolt=5 -> issued 1 500",
            "open A -> 0",
            "reopen",
            "accept 1 -> accepted 1 500",
            "open A -> Q-1 500-100=400; 400",
        ],
    ),
    story(
        "of another contract, of another sender's quotes, of none",
        &[
            "create A bolt=5 -> issued 1 500",
            "accept 1 -> accepted 1 500",
            "post S1 shipment B bolt=100 after=Q-1",
            "post S2 shipment C bolt=100 after=Q-1",
            "post S3 shipment A bolt=100 after=Q-01",
            "post S4 shipment A bolt=100 after=1",
            "post S5 shipment A bolt=100",
            "post S6 shipment A bolt=100 after=Q-2",
            "open A -> Q-1 500-0=500; 500",
            "open B -> 0",
            "open C -> 0",
        ],
    ),
    story(
        "accepted in part: the rest is not expected, and what was accepted stays so when that expires",
        &[
            "create A bolt=2 nut~=4 through=2026-03-05 -> issued 1 400",
            "accept 1 nut=1 -> issued 1 50",
            "open A -> Q-1 50-0=50; 50",
            "accept 1 nut=1 -> issued 1 50",
            "accept 1 bolt -> issued 1 200",
            "open A -> Q-1 300-0=300; 300",
            "post S1 shipment A nut=60 after=Q-1",
            "clock 2026-03-07T10:00:00Z",
            "expire -> 1",
            "show 1 -> expired 1 400 of it 300",
            "open A -> Q-1 300-60=240; 240",
            "accept 1 late by=boss -> accepted 1 100",
            "open A -> Q-1 400-60=340; 340",
        ],
    ),
    story(
        "what was declined or withdrawn, revised or only issued, is expected of nobody",
        &[
            "create A bolt=5 -> issued 1 500",
            "decline 1 -> declined 1 500",
            "create A bolt=5 -> issued 1 500",
            "withdraw 2 -> withdrawn 1 500",
            "create A bolt=5 -> issued 1 500",
            "revise 3 bolt=6 -> issued 2 600",
            "open A -> 0",
            "accept 3 -> accepted 2 600",
            "open A -> Q-3 600-0=600; 600",
        ],
    ),
];

#[test]
fn what_was_accepted_and_is_to_be_shipped_is_told() {
    let checks = play_all(STORIES);
    println!("{} stories of what is to be shipped, {checks} checks", STORIES.len());
}

/// Each order of an acceptance in two parts, two shipments and a return comes to the same.
#[test]
fn every_order_of_arrival_comes_to_the_same() {
    let steps = [
        "accept 1 nut=1",
        "accept 1 nut=2",
        "post S1 shipment A nut=90 after=Q-1",
        "post S2 shipment A nut=30 after=Q-1",
        "post R1 return A nut=40 after=Q-1 for=S1",
    ];
    let mut orders: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in &steps {
        let longer = |order: &Vec<usize>| -> Vec<Vec<usize>> {
            let left = (0..steps.len()).filter(|step| !order.contains(step));
            left.map(|step| [&order[..], &[step]].concat()).collect()
        };
        orders = orders.iter().flat_map(longer).collect();
    }
    assert_eq!(orders.len(), 120);
    // One in eleven of the orders, in as many worlds.
    for order in orders.iter().step_by(11) {
        let mut world = World::new();
        assert_eq!(play(&mut world, "create A nut~=4"), "issued 1 200");
        for step in order {
            let came = play(&mut world, steps[*step]);
            assert!(!came.starts_with('!'), "{order:?}: {came}");
        }
        assert_eq!(open(world.engine(), "A"), "Q-1 150-80=70; 70", "{order:?}");
    }
}

const MEASURES: &str = "
measures:
  turnover: { name: turnover, what: amount, over: year }
  fast: { name: fasteners, what: amount, over: year, goods: { category: fasteners } }
  all: { name: all, what: amount, over: year, of_whom: holding }
  listed: { name: listed, what: amount, of: list, over: year }
  pieces: { name: pieces, what: quantity, unit: piece, over: year, goods: { sku: bolt } }
";

/// `measure fact with`, in hundredths, of contract A; what is not said is `-`.
fn plans(world: &World) -> Vec<String> {
    let at = Instant::parse("2026-03-02T11:00:00Z").unwrap();
    let (progress, _) = world.engine().progress(&reader(), "A", Some(at)).unwrap();
    let with = |micros: Option<i128>| micros.map_or("-".to_owned(), |micros| (micros / 10_000).to_string());
    let one = |of: &quoin::engine::ledger::PlanStands| {
        format!("{} {} {}", of.measure, of.fact / 10_000, with(of.with_accepted))
    };
    progress.plans.iter().map(one).collect()
}

#[test]
fn plans_stand_as_they_would_with_what_is_to_be_shipped() {
    let mut world = World::new();
    world.publish(&[POLICY, MEASURES].concat());
    let plan = |(place, measure): (usize, &str)| DocumentDraft {
        plan: Some(Plan {
            measure: measure.to_owned(),
            last_day: CivilDay::parse("2026-12-31").unwrap(),
            target: micros("1000"),
        }),
        ..draft(format!("L{place}"), DocumentKind::Plan, "A", "2026-01-01")
    };
    let named = ["turnover", "fast", "all", "listed", "pieces"];
    posted(world.engine(), named.into_iter().enumerate().map(plan).collect());
    assert_eq!(plans(&world), ["all 0 0", "fast 0 0", "listed 0 -", "pieces 0 -", "turnover 0 0"]);
    for step in [
        "create A bolt=4 glue=30",
        "accept 1",
        "create C nut=2",
        "accept 2",
        "create B bolt=7",
        "accept 3",
        "create A bolt=9",
    ] {
        let came = play(&mut world, step);
        assert!(!came.starts_with('!'), "{step}: {came}");
    }
    // 400 of bolts and 210 of glue; of C's in the holding 100 more.
    assert_eq!(
        plans(&world),
        ["all 0 71000", "fast 0 40000", "listed 0 -", "pieces 0 -", "turnover 0 61000"]
    );
    // A quarter of it was shipped: three quarters of each are expected, whichever goods it was.
    play(&mut world, "post S1 shipment A glue=152.5 after=Q-1");
    assert_eq!(
        plans(&world),
        ["all 15250 71000", "fast 0 30000", "listed 15250 -", "pieces 0 -", "turnover 15250 61000"]
    );
    // All of it was: what was bought is what was shipped.
    play(&mut world, "post S2 shipment A glue=457.51 after=Q-1");
    let told = plans(&world);
    assert_eq!(told[4], "turnover 61001 61001");
    assert_eq!(told[0], "all 61001 71001");
    world.reopen();
    assert_eq!(plans(&world), told);
}

#[test]
fn the_newest_hundred_are_told_and_the_others_counted() {
    let mut world = World::new();
    for _ in 0..103 {
        play(&mut world, "create A glue=1");
    }
    for number in 1..=103 {
        assert_eq!(play(&mut world, &format!("accept {number}")), "accepted 1 7");
    }
    let accepted = world.engine().progress(&reader(), "A", None).unwrap().0.accepted;
    let told: Vec<u64> = accepted.quotes.iter().map(|quote| quote.number.0).collect();
    assert_eq!(told, (4..=103).rev().collect::<Vec<u64>>());
    assert_eq!((accepted.untold, accepted.open), (3, 103 * 7_000_000));
}
