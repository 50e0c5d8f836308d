//! Does a store that takes another's log keep the same quotes, from empty and from a checkpoint on?

use quoin::domain::ids::SequenceNo;
use quoin::engine::quotes::FindQuotes;
use quoin::engine::{Engine, EngineOptions};
use quoin::quotes::number::QuoteNo;

use super::played::play;
use super::underway::open;
use super::world::{World, boss};

const BEFORE: &[&str] = &[
    "create A bolt=5 id=r1 ref=PO-1 why=asked_for",
    "create B bolt=12 glue=3 id=r2",
    "create A bolt=5 coupon=DEEP",
    "create A nut=4 draft through=2026-03-05",
    "revise 1 bolt=6 id=r3 ref=PO-2",
    "approve 3 by=boss",
    "accept 2 bolt id=r4",
    "create A bolt=5@84",
    "post S1 shipment B bolt=400 after=Q-2",
    "post S2 shipment A rebar=150 after=Q-6",
    "post S3 shipment B rebar=10 after=Q-6",
];

const AFTER: &[&str] = &[
    "price bolt=120",
    "create A rebar~=0.5 through=2026-03-06",
    "accept 6 rebar=0.2",
    "accept 2 glue",
    "post R1 return B bolt=100 after=Q-2 for=S1",
    "post S4 shipment A bolt=20 after=Q-6",
    "decline 3 why=too_dear",
    "revise 1 bolt=7",
    "clock 2026-03-07T10:00:00Z",
    "expire",
    "accept 6 late by=boss",
    "withdraw 1",
    "create A nut=10 total=480 through=2026-03-20",
    "create A bolt=5@104 through=2026-03-20",
    "approve 8 by=boss",
    "reject 5 by=boss",
];

/// Everything that can be asked about quotes, as text.
fn all(engine: &Engine) -> String {
    let mut text = String::new();
    let mut number = QuoteNo(1);
    while let Ok((events, contract)) = engine.quote_history(&boss(), number) {
        text.push_str(&format!("{number} {contract} {events:#?}\n"));
        for revision in 1..=events.last().unwrap().revision {
            let quoted = engine.quote(&boss(), number, Some(revision)).unwrap();
            text.push_str(&format!("{:#?} {:#?}\n", quoted.head, quoted.content));
        }
        number = QuoteNo(number.0 + 1);
    }
    let found = engine.find_quotes(&boss(), &FindQuotes { most: 100, ..FindQuotes::default() }).unwrap();
    let told = engine.quote_events(&boss(), SequenceNo(0), None).unwrap();
    let underway = ["A", "B"].map(|contract| open(engine, contract));
    format!("{text}{found:#?}\n{told:#?}\n{underway:#?}")
}

#[test]
fn a_follower_has_the_same_quotes() {
    let mut world = World::new();
    for step in BEFORE {
        let came = play(&mut world, step);
        assert!(!came.starts_with('!'), "{step}: {came}");
    }
    let folder = world.folder.path().join("checkpoint");
    world.engine().store().checkpoint(&folder).unwrap();
    for step in AFTER {
        let came = play(&mut world, step);
        assert!(!came.starts_with('!'), "{step}: {came}");
    }
    let expected = all(world.engine());
    assert_eq!(open(world.engine(), "B"), "Q-2 1161-300=861; 861");
    assert_eq!(open(world.engine(), "A"), "Q-6 500-170=330; 330");
    let clock = world.clock();
    for (name, data) in [("from empty", world.folder.path().join("empty")), ("from a checkpoint", folder)] {
        let options = EngineOptions { clock: clock.clone(), ..EngineOptions::new(&data) };
        let follower = Engine::open(&options).unwrap();
        let taken = follower.follow(world.engine()).unwrap();
        assert!(taken > 0);
        assert!(all(&follower) == expected, "{name}");
        // What has expired was said by the leader; the follower says nothing of its own.
        assert_eq!(follower.view().position, world.engine().view().position, "{name}");
        drop(follower);
        assert!(all(&Engine::open(&options).unwrap()) == expected, "{name}, opened again");
    }
    println!("{} bytes of answers compared", expected.len());
}
