//! How do points of loyalty stand, whatever the order in which documents come, and does nobody spend what is not there?

use quoin::domain::day::CivilDay;
use quoin::domain::decimal::Micros;
use quoin::domain::time::Instant;
use quoin::engine::caller::{Caller, ContractScope, Role};
use quoin::engine::error::LedgerError;
use quoin::engine::ledger::loyalty::{HoldPoints, MovementKind, PointsRefusal, RestorePoints};

use super::points_stories::{STORIES, TENTH, THREE_MONTHS};
use super::world::{World, document, micros};

fn policy(points: &str, number: usize) -> String {
    let points = points.replace("{}", &number.to_string());
    let line = |line: &str| match line.trim_start() {
        line if line.starts_with('-') => format!("  {line}"),
        line => line.to_owned(),
    };
    let lines: Vec<String> = points.lines().map(line).collect();
    format!("quoin_policy: 1\ncurrency: EUR\npoints:\n{}\n", lines.join("\n"))
}

fn stands(world: &World, contract: &str, day: &str) -> String {
    let at = Instant::parse(&format!("{day}T11:00:00Z")).unwrap();
    let (standings, _) = world.engine.points(&Caller::operator(), contract, Some(at)).unwrap();
    let told = standings.iter().map(|standing| {
        let of = &standing.balance;
        let known = of.spendable + of.pending + of.held + of.spent + of.expired - of.owed;
        assert_eq!(of.earned, known, "{of:?}");
        let coming: i128 = of.expiring.iter().map(|(_, points)| points).sum();
        assert!(coming == 0 || coming == of.spendable + of.pending, "{of:?}");
        let moved: i128 = standing.movements.iter().map(|movement| movement.points).sum();
        assert_eq!(moved, of.spendable + of.pending - of.owed, "{:?}", standing.movements);
        [of.spendable, of.pending, of.held, of.owed, of.expired]
            .map(|figure| Micros(i64::try_from(figure).unwrap()).to_string())
            .join(" ")
    });
    told.collect::<Vec<_>>().join(" | ")
}

fn hold(world: &World, id: &str, contract: &str, day: &str, points: &str) -> Result<u64, LedgerError> {
    let day = (!day.is_empty()).then(|| CivilDay::parse(day).unwrap());
    let asked = HoldPoints { id, contract, programme: "p", points: micros(points), day };
    world.engine.hold_points(&Caller::operator(), asked).map(|moved| moved.position.0)
}

fn restore(world: &World, id: &str, hold: &str, day: &str, points: &str) -> Result<u64, LedgerError> {
    let day = (!day.is_empty()).then(|| CivilDay::parse(day).unwrap());
    let asked = RestorePoints { id, hold, points: micros(points), day };
    world.engine.restore_points(&Caller::operator(), asked).map(|moved| moved.position.0)
}

/// What an act says, done: its place in the log.
fn act(world: &World, number: usize, text: &str) -> Result<u64, LedgerError> {
    let (caller, engine) = (Caller::operator(), &world.engine);
    let id = |id: &str| format!("{number}.{id}");
    match text.split(' ').collect::<Vec<_>>()[..] {
        ["hold", own, letter, day, points] => hold(world, &id(own), &id(letter), day, points),
        ["release", own] => engine.release_points(&caller, &id(own)).map(|moved| moved.position.0),
        ["spend", own] => engine.spend_points(&caller, &id(own), None).map(|moved| moved.position.0),
        ["restore", own, of, day, points] => restore(world, &id(own), &id(of), day, points),
        _ => panic!("{text}"),
    }
}

#[test]
fn points_follow_from_documents_and_holds_whatever_the_order() {
    let world = World::of(STORIES.len() * 2);
    let mut wrong = Vec::new();
    for (number, story) in STORIES.iter().enumerate().flat_map(|(at, of)| [(at * 2, of), (at * 2 + 1, of)]) {
        world.publish(&policy(story.points, number));
        let told = |order: &str, wrong: &mut Vec<String>| {
            for expected in story.stands {
                let mut words = expected.splitn(3, ' ');
                let (letter, day) = (words.next().unwrap(), words.next().unwrap());
                let found = stands(&world, &format!("{number}.{letter}"), day);
                if found != words.next().unwrap() {
                    wrong.push(format!("{}: {order}: {expected}: found {found}", story.what));
                }
            }
        };
        told("nothing yet", &mut Vec::new());
        let post = |documents: &[&str]| {
            let mut documents = documents.to_vec();
            if number % 2 == 1 {
                documents.reverse();
            }
            documents.iter().for_each(|text| drop(world.posted(vec![document(number, text)])));
        };
        post(story.documents);
        for text in story.acts {
            let first = act(&world, number, text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(act(&world, number, text).unwrap(), first, "{text}: the same again, the same answer");
        }
        post(story.later);
        told("carried on", &mut wrong);
        world.publish(&policy(story.points, number));
        told("walked over", &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // All of it after a restart.
    let world = world.reopened();
    for (at, story) in STORIES.iter().enumerate() {
        world.publish(&policy(story.points, at * 2));
        for expected in story.stands {
            let mut words = expected.splitn(3, ' ');
            let (letter, day) = (words.next().unwrap(), words.next().unwrap());
            let found = stands(&world, &format!("{}.{letter}", at * 2), day);
            assert_eq!(found, words.next().unwrap(), "{}: {letter} {day}", story.what);
        }
    }
    let checks: usize = STORIES.iter().map(|story| story.stands.len()).sum();
    println!("{} stories of points, {checks} checks, two orders and two ways each", STORIES.len());
}

/// What is asked, and what is said of it.
const REFUSED: &[(&str, &str)] = &[
    ("hold h A 2026-02-01 100.000001", "100.000001 points are more than the 100 that can be held"),
    ("hold h A 2026-01-14 1", "1 points are more than the 0 that can be held"),
    ("hold h A 2026-02-01 0", "points \"0\" are not above zero"),
    ("hold h A 2026-02-01 -1", "points \"-1\" are not above zero"),
    ("hold h N 2026-02-01 1", "contract \"0.N\" is unknown"),
    ("hold h U 2026-02-01 1", "programme of points \"p\" is not for this contract: it earns none there"),
    ("release none", "hold \"0.none\" is unknown"),
    ("spend none", "hold \"0.none\" is unknown"),
    ("restore r none 2026-02-01 1", "hold \"0.none\" is unknown"),
    // What is there: open (10), gone (released), out (20 spent, 5 given back).
    ("hold open A 2026-02-01 11", "id \"0.open\" was used before for other content: use a new one"),
    ("hold open A 2026-02-02 10", "id \"0.open\" was used before for other content: use a new one"),
    ("hold open B 2026-02-01 10", "id \"0.open\" was used before for other content: use a new one"),
    ("hold back A 2026-02-01 10", "id \"0.back\" was used before for other content: use a new one"),
    ("hold h A 2026-02-01 76", "76 points are more than the 75 that can be held"),
    ("hold h A 2026-01-20 76", "76 points are more than the 75 that can be held"),
    ("release out", "hold \"0.out\" was spent: give points back with restore"),
    ("release back", "hold \"0.back\" is unknown"),
    ("spend gone", "hold \"0.gone\" was released"),
    ("restore r open 2026-02-01 1", "hold \"0.open\" was not spent: release it"),
    ("restore r gone 2026-02-01 1", "hold \"0.gone\" was released"),
    ("restore r out 2026-02-01 15.5", "15.5 points are more than the 15 that are left of hold \"0.out\""),
    ("restore back out 2026-02-01 6", "id \"0.back\" was used before for other content: use a new one"),
    ("restore open out 2026-02-01 6", "id \"0.open\" was used before for other content: use a new one"),
    ("restore r out 2999-02-01 1", "is in the future"),
    ("hold h A 2999-02-01 1", "is in the future"),
];

#[test]
fn what_cannot_be_done_with_points_is_refused_and_changes_nothing() {
    let world = World::of(1);
    world.publish(&policy(TENTH, 0));
    world.posted(vec![document(0, "S1 shipment A 2026-01-15 bolt 10 1000")]);
    let mut wrong = Vec::new();
    for (text, expected) in REFUSED.iter().take(9) {
        let told = act(&world, 0, text).unwrap_err().to_string();
        if !told.contains(expected) {
            wrong.push(format!("{text}: {told}"));
        }
    }
    for text in [
        "hold open A 2026-02-01 10",
        "hold gone A 2026-02-01 10",
        "release gone",
        "hold out A 2026-02-01 20",
        "spend out",
        "restore back out 2026-02-01 5",
    ] {
        act(&world, 0, text).unwrap();
    }
    let before = (stands(&world, "0.A", "2026-03-01"), world.engine.view().position);
    for (text, expected) in REFUSED.iter().skip(9) {
        let told = act(&world, 0, text).map_or_else(|error| error.to_string(), |_| "done".to_owned());
        if !told.contains(expected) {
            wrong.push(format!("{text}: {told}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((stands(&world, "0.A", "2026-03-01"), world.engine.view().position), before);
    assert_eq!(before.0, "75 0 10 0 0");
    // Spent on one document, and told to be on another.
    let engine = &world.engine;
    let spend = |document| engine.spend_points(&Caller::operator(), "0.open", document);
    let first = spend(Some("INV-1")).unwrap();
    assert_eq!(spend(Some("INV-1")).unwrap(), first);
    assert!(matches!(spend(Some("INV-2")), Err(LedgerError::Points(PointsRefusal::Reused { .. }))));
    // More than there ever is.
    let asked = HoldPoints { id: "h", contract: "0.A", programme: "p", points: Micros(i64::MAX), day: None };
    let told = engine.hold_points(&Caller::operator(), asked).unwrap_err().to_string();
    assert_eq!(told, "points \"9223372036854.775807\" are beyond 9,000,000,000,000");
    // An id that is none; a day that nobody stated is today, and the same again is the same on any day.
    assert!(matches!(
        hold(&world, "", "0.A", "", "1"),
        Err(LedgerError::Points(PointsRefusal::BadId { .. }))
    ));
    let first = hold(&world, "0.today", "0.A", "", "1").unwrap();
    assert_eq!(hold(&world, "0.today", "0.A", "", "1").unwrap(), first);
}

#[test]
fn what_is_anothers_is_as_unknown_as_what_is_not_there() {
    let world = World::of(1);
    world.publish(&policy(TENTH, 0));
    world.posted(vec![document(0, "S1 shipment A 2026-01-15 bolt 10 1000")]);
    act(&world, 0, "hold h A 2026-02-01 10").unwrap();
    let mut other = Caller::operator();
    other.contracts = ContractScope::of(["0.B"]);
    let engine = &world.engine;
    let told = engine.release_points(&other, "0.h").unwrap_err().to_string();
    assert_eq!(told, engine.release_points(&other, "0.x").unwrap_err().to_string().replace("0.x", "0.h"));
    let told = engine.spend_points(&other, "0.h", None).unwrap_err().to_string();
    assert_eq!(told, "hold \"0.h\" is unknown");
    let asked = HoldPoints { id: "i", contract: "0.A", programme: "p", points: micros("1"), day: None };
    assert_eq!(engine.hold_points(&other, asked).unwrap_err().to_string(), "contract \"0.A\" is unknown");
    assert_eq!(engine.points(&other, "0.A", None).unwrap_err().to_string(), "contract \"0.A\" is unknown");
    let mut pricer = Caller::operator();
    pricer.roles = [Role::Price].into_iter().collect();
    let asked = HoldPoints { id: "i", contract: "0.A", programme: "p", points: micros("1"), day: None };
    let told = engine.hold_points(&pricer, asked).unwrap_err().to_string();
    assert_eq!(told, "not allowed: needs the role \"post\"");
}

#[test]
fn two_holds_at_once_never_take_the_same_points() {
    let world = World::of(1);
    world.publish(&policy(TENTH, 0));
    world.posted(vec![document(0, "S1 shipment A 2026-01-15 bolt 10 1000")]);
    let taken: usize = std::thread::scope(|scope| {
        let world = &world;
        let one = |thread: usize| {
            move || {
                let hold =
                    |number: usize| hold(world, &format!("{thread}-{number}"), "0.A", "2026-02-01", "7");
                (0..10).filter(|number| hold(*number).is_ok()).count()
            }
        };
        let threads: Vec<_> = (0..4).map(|thread| scope.spawn(one(thread))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(taken, 14);
    assert_eq!(stands(&world, "0.A", "2026-02-01"), "2 0 98 0 0");
}

#[test]
fn a_hold_of_an_earlier_day_leaves_later_ones_covered() {
    let world = World::of(1);
    world.publish(&policy(THREE_MONTHS, 0));
    world.posted(vec![
        document(0, "S1 shipment A 2026-01-15 bolt 10 1000"),
        document(0, "S2 shipment A 2026-02-15 bolt 10 1000"),
    ]);
    act(&world, 0, "hold late A 2026-03-01 150").unwrap();
    // A hundred could be spent on 1 February, fifty of which the later hold needs.
    let told = act(&world, 0, "hold early A 2026-02-01 51").unwrap_err().to_string();
    assert_eq!(told, "51 points are more than the 50 that can be held");
    act(&world, 0, "hold early A 2026-02-01 50").unwrap();
    assert_eq!(stands(&world, "0.A", "2026-03-01"), "0 0 200 0 0");
}

#[test]
fn a_document_and_its_return_leave_points_as_they_were() {
    let world = World::of(1);
    world.publish(&policy("- { id: p, earn: { percent: 10 }, expire_months: 3, step: 1 }", 0));
    world.posted(vec![document(0, "S1 shipment A 2026-01-15 bolt 10 1000")]);
    act(&world, 0, "hold h A 2026-02-01 30").unwrap();
    let days = ["2026-01-15", "2026-02-01", "2026-03-01", "2026-04-15", "2026-06-01"];
    let all = || days.map(|day| stands(&world, "0.A", day));
    let before = all();
    world.posted(vec![document(0, "S2 shipment A 2026-02-15 bolt 10 77.77, nut 3 12.34")]);
    assert_ne!(all(), before);
    world.posted(vec![document(0, "R2 return A 2026-03-15 for S2 bolt 10 77.77, nut 3 12.34")]);
    assert_eq!(all(), before);
}

#[test]
fn a_cart_tells_what_it_earns_and_how_much_of_it_points_can_pay() {
    let world = World::of(1);
    let told = |day: &str, lines: &[(&str, &str)]| {
        let priced = world.priced(&format!("{day}T11:00:00Z"), None, lines);
        let one = |of: &quoin::pricing::cart::CartPoints| {
            let spendable = Micros(i64::try_from(of.spendable).unwrap());
            format!("{} {spendable} {} {}", of.earns, of.payable, of.amount)
        };
        priced.points.iter().map(one).collect::<Vec<_>>().join(" | ")
    };
    assert_eq!(told("2026-02-20", &[("bolt", "1")]), "");
    world.publish(&policy(
        "- { id: p, goods: { category: fasteners }, earn: { percent: 1.15 }, step: 1, worth: 0.5, pay: { most_percent: 30 }, levels: l }\n\
         - { id: q, earn: { percent: 10, of: contract }, pay: { most_percent: 0 } }\n\
         levels:\n- { id: l, period: year, levels: [{ id: gold, multiplier: 2, conditions: [{ measure: { what: amount }, at_least: 50000 }] }] }",
        0,
    ));
    // Metal earns in the second alone. Nothing is there to pay with.
    assert_eq!(told("2026-02-20", &[("bolt", "3"), ("rebar", "1")]), "3 0 0 0 | 10030 0 0 0");
    // 575 points twice over, since the shipment itself reaches gold on its day; they pay 30 % of 100, at half a euro each.
    world.posted(vec![document(0, "S1 shipment A 2026-02-01 bolt 500 50000")]);
    assert_eq!(told("2026-02-20", &[("bolt", "1")]), "2 1150 60 30 | 10 5000 0 0");
    // And no more than there is.
    assert_eq!(told("2026-02-20", &[("bolt", "50")]), "115 1150 1150 575 | 500 5000 0 0");
    act(&world, 0, "hold h A 2026-02-10 1100").unwrap();
    assert_eq!(told("2026-02-20", &[("bolt", "1")]), "2 50 50 25 | 10 5000 0 0");
}

#[test]
fn a_cart_sees_what_moved_points_since_the_cart_before() {
    let world = World::of(1);
    let levels = "levels:\n- { id: l, period: year, of_whom: holding, levels: [{ id: gold, multiplier: 2, conditions: [{ measure: { what: amount }, at_least: 5000 }] }] }";
    let programmes = format!(
        "- {{ id: p, earn: {{ percent: 10 }} }}\n- {{ id: q, earn: {{ percent: 10 }}, levels: l }}\n{levels}"
    );
    world.publish(&policy(&programmes, 0));
    let spendable = |day: &str| {
        let priced = world.priced(&format!("{day}T11:00:00Z"), None, &[("bolt", "1")]);
        let told = priced.points.iter().map(|of| Micros(i64::try_from(of.spendable).unwrap()).to_string());
        told.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(spendable("2026-02-20"), "0 0");
    world.posted(vec![document(0, "S1 shipment A 2026-02-01 bolt 1 1000")]);
    assert_eq!((spendable("2026-02-20"), spendable("2026-01-31")), ("100 100".to_owned(), "0 0".to_owned()));
    act(&world, 0, "hold h A 2026-02-10 40").unwrap();
    assert_eq!(
        (spendable("2026-02-20"), spendable("2026-02-09")),
        ("60 100".to_owned(), "100 100".to_owned())
    );
    // Another contract of the holding reaches the level for all of them.
    world.posted(vec![document(0, "S2 shipment H 2026-02-01 bolt 1 4000")]);
    assert_eq!(spendable("2026-02-20"), "60 200");
    act(&world, 0, "release h").unwrap();
    assert_eq!(spendable("2026-02-20"), "100 200");
    world.posted(vec![document(0, "R1 return A 2026-02-15 for S1 bolt 1 500")]);
    assert_eq!(spendable("2026-02-20"), "50 50");
}

#[test]
fn movements_are_told_the_latest_first() {
    let world = World::of(1);
    world.publish(&policy(THREE_MONTHS, 0));
    world.posted(vec![
        document(0, "S1 shipment A 2026-01-15 bolt 10 1000"),
        document(0, "S2 shipment A 2026-02-15 bolt 10 500"),
        document(0, "R2 return A 2026-02-20 bolt 1 50"),
    ]);
    for text in ["hold h A 2026-02-16 20", "spend h", "restore r h 2026-02-18 5", "hold o A 2026-02-17 10"] {
        act(&world, 0, text).unwrap();
    }
    let at = Instant::parse("2026-04-16T11:00:00Z").unwrap();
    let (standings, _) = world.engine.points(&Caller::operator(), "0.A", Some(at)).unwrap();
    let told: Vec<String> = standings[0]
        .movements
        .iter()
        .map(|of| format!("{} {:?} {} {}", of.day, of.kind, of.id, of.points / 1_000_000))
        .collect();
    assert_eq!(
        told,
        [
            "2026-04-15 Expired  -70",
            "2026-02-20 Earned 0.R2 -5",
            "2026-02-18 Restored 0.r 5",
            "2026-02-17 Held 0.o -10",
            "2026-02-16 Spent 0.h -20",
            "2026-02-15 Earned 0.S2 50",
            "2026-01-15 Earned 0.S1 100",
        ]
    );
    assert_eq!(standings[0].movements[0].kind, MovementKind::Expired);
    let day = |day: &str| CivilDay::parse(day).unwrap();
    assert_eq!(standings[0].balance.expiring, [(day("2026-05-15"), 50_000_000)]);
}
