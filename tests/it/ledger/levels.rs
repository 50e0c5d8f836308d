//! Which level of loyalty does a contract hold, day by day, and what do rules give by it?

use quoin::domain::day::CivilDay;
use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::engine::ledger::loyalty::LevelStanding;
use quoin::policy::syntax::LevelProgramme;

use super::world::{World, document, micros};
use crate::effort::{self, Draws};

/// Programmes as they are written, documents, and where contracts stand: letter, day, and by programme the level held; where
/// another is reached, the last day of the one held and the one reached, as in `gold~2026-03-31/silver`.
struct Story {
    what: &'static str,
    levels: &'static str,
    documents: &'static [&'static str],
    stands: &'static [&'static str],
}

const QUARTER: &str = "- { id: p, period: quarter, levels: [\
    { id: silver, conditions: [{ measure: { what: amount }, at_least: 1000 }] }, \
    { id: gold, conditions: [{ measure: { what: amount }, at_least: 5000 }] }] }";

const GRACE: &str = "- { id: p, period: month, grace: 2, levels: [\
    { id: silver, conditions: [{ measure: { what: amount }, at_least: 1000 }] }, \
    { id: gold, conditions: [{ measure: { what: amount }, at_least: 5000 }] }] }";

const STORIES: &[Story] = &[
    Story {
        what: "a level is reached on the day of the document that completes it, and lost with the quarter",
        levels: QUARTER,
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 999.99",
            "S2 shipment A 2026-02-10 bolt 1 0.01",
            "S3 shipment A 2026-03-31 bolt 1 4000",
        ],
        stands: &[
            "A 2026-01-04 -",
            "A 2026-01-05 -",
            "A 2026-02-10 silver",
            "A 2026-03-30 silver",
            "A 2026-03-31 gold",
            "A 2026-04-01 -",
        ],
    },
    Story {
        what: "by the quarter before: what was reached there is held for this one",
        levels: "- { id: p, period: quarter, window: previous, levels: [{ id: silver, conditions: [{ measure: { what: amount }, at_least: 1000 }] }] }",
        documents: &["S1 shipment A 2026-01-05 bolt 1 1000", "S2 shipment A 2026-04-05 bolt 1 999.99"],
        stands: &[
            "A 2026-01-05 -",
            "A 2026-03-31 -",
            "A 2026-04-01 silver",
            "A 2026-06-30 silver",
            "A 2026-07-01 -",
        ],
    },
    Story {
        what: "rolling months: three months to 31 May begin on 1 March",
        levels: "- { id: p, period: rolling, months: 3, levels: [{ id: silver, conditions: [{ measure: { what: amount }, at_least: 1000 }] }] }",
        documents: &["S1 shipment A 2026-03-01 bolt 1 600", "S2 shipment A 2026-05-20 bolt 1 400"],
        stands: &["A 2026-05-19 -", "A 2026-05-20 silver", "A 2026-05-31 silver", "A 2026-06-01 -"],
    },
    Story {
        what: "grace: reached on the last day of one of the two months before, it is held, and then lost",
        levels: GRACE,
        documents: &["S1 shipment A 2026-01-05 bolt 1 1000"],
        stands: &[
            "A 2026-01-31 silver",
            "A 2026-02-01 silver~2026-03-31/-",
            "A 2026-03-31 silver~2026-03-31/-",
            "A 2026-04-01 -",
        ],
    },
    Story {
        what: "reached in the month and gone before its end, since goods came back: no grace of that",
        levels: GRACE,
        documents: &["S1 shipment A 2026-01-05 bolt 10 1000", "R1 return A 2026-01-20 bolt 1 100"],
        stands: &["A 2026-01-19 silver", "A 2026-01-20 -", "A 2026-02-01 -"],
    },
    Story {
        what: "a return for a shipment drops the level that it reached, on every day since, and the grace with it",
        levels: GRACE,
        documents: &["S1 shipment A 2026-01-05 bolt 10 1000", "R1 return A 2026-02-20 for S1 bolt 1 0.01"],
        stands: &["A 2026-01-05 -", "A 2026-01-31 -", "A 2026-02-28 -"],
    },
    Story {
        what: "the higher level by grace beats the lower one that is reached, each with its own end",
        levels: GRACE,
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 5000",
            "S2 shipment A 2026-02-05 bolt 1 1000",
            "S3 shipment A 2026-03-05 bolt 1 1000",
        ],
        stands: &[
            "A 2026-01-05 gold",
            "A 2026-02-05 gold~2026-03-31/silver",
            "A 2026-03-01 gold~2026-03-31/-",
            "A 2026-03-31 gold~2026-03-31/silver",
            "A 2026-04-01 silver~2026-05-31/-",
            "A 2026-05-31 silver~2026-05-31/-",
            "A 2026-06-01 -",
        ],
    },
    Story {
        what: "ends of months: grace looks at 28 February and 31 January from the 31st of March",
        levels: GRACE,
        documents: &["S1 shipment A 2026-02-28 bolt 1 1000", "S2 shipment A 2026-01-31 bolt 1 5000"],
        stands: &[
            "A 2026-01-30 -",
            "A 2026-01-31 gold",
            "A 2026-03-31 gold~2026-03-31/-",
            "A 2026-04-30 silver~2026-04-30/-",
            "A 2026-05-01 -",
        ],
    },
    Story {
        what: "the holding's purchases together, for each of its contracts",
        levels: "- { id: p, period: quarter, of_whom: holding, levels: [{ id: silver, conditions: [{ measure: { what: amount }, at_least: 1000 }] }] }",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 400",
            "S2 shipment B 2026-01-06 bolt 1 100",
            "S3 shipment H 2026-01-07 bolt 1 500",
        ],
        stands: &["A 2026-01-06 -", "A 2026-01-07 silver", "B 2026-01-07 silver", "H 2026-01-07 silver"],
    },
    Story {
        what: "the counterparty's: another of the holding counts nothing",
        levels: "- { id: p, period: quarter, of_whom: counterparty, levels: [{ id: silver, conditions: [{ measure: { what: amount }, at_least: 500 }] }] }",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 400",
            "S2 shipment B 2026-01-06 bolt 1 100",
            "S3 shipment H 2026-01-07 bolt 1 499",
        ],
        stands: &["A 2026-01-05 -", "A 2026-01-06 silver", "B 2026-01-06 silver", "H 2026-01-07 -"],
    },
    Story {
        what: "turnover and breadth, both of them",
        levels: "- { id: p, period: quarter, levels: [{ id: silver, conditions: [{ measure: { what: amount }, at_least: 1000 }, { measure: { what: skus }, at_least: 3 }] }] }",
        documents: &[
            "S1 shipment A 2026-01-05 bolt 1 1000, nut 1 1",
            "S2 shipment A 2026-01-06 glue 1 1",
            "R1 return A 2026-01-07 nut 1 1",
        ],
        stands: &["A 2026-01-05 -", "A 2026-01-06 silver", "A 2026-01-07 -"],
    },
    Story {
        what: "regularity and growth, in money and in percent",
        levels: "- { id: p, period: quarter, levels: [{ id: often, conditions: [{ months: 2 }] }] }\n\
                 - { id: q, period: quarter, levels: [{ id: grown, conditions: [{ growth: 100 }] }, { id: much, conditions: [{ growth_percent: 50 }] }] }",
        documents: &[
            "S0 shipment A 2025-02-20 bolt 1 1000",
            "S1 shipment A 2026-01-05 bolt 1 1099.99",
            "S2 shipment A 2026-02-05 bolt 1 0.01",
            "S3 shipment A 2026-03-05 bolt 1 400",
        ],
        stands: &["A 2026-01-31 - -", "A 2026-02-05 often grown", "A 2026-03-05 often much"],
    },
    Story {
        what: "growth over rolling months against the same days a year before",
        levels: "- { id: p, period: rolling, months: 1, levels: [{ id: grown, conditions: [{ growth: 1 }] }] }",
        documents: &["S0 shipment A 2025-03-10 bolt 1 100", "S1 shipment A 2026-03-05 bolt 1 100"],
        stands: &["A 2026-03-09 grown", "A 2026-03-10 -", "A 2026-04-04 -"],
    },
    Story {
        what: "several programmes, each with levels of its own",
        levels: "- { id: p, period: month, levels: [{ id: silver, conditions: [{ measure: { what: amount }, at_least: 100 }] }] }\n\
                 - { id: q, period: year, goods: { category: metal }, levels: [{ id: steel, conditions: [{ measure: { what: weight, unit: t }, at_least: 2 }] }] }",
        documents: &["S1 shipment A 2026-01-05 bolt 1 100", "S2 shipment A 2026-02-05 rebar 2 50"],
        stands: &["A 2026-01-31 silver -", "A 2026-02-05 - steel", "A 2026-12-31 - steel"],
    },
    Story {
        what: "the contract's own quarters, from 15 February",
        levels: "- { id: p, period: quarter, calendar: contract, levels: [{ id: silver, conditions: [{ measure: { what: amount }, at_least: 1000 }] }] }",
        documents: &[
            "S1 shipment A 2026-02-14 bolt 1 600",
            "S2 shipment A 2026-02-15 bolt 1 400",
            "S3 shipment A 2026-05-14 bolt 1 600",
        ],
        stands: &["A 2026-02-15 -", "A 2026-05-14 silver", "A 2026-05-15 -"],
    },
    Story {
        what: "a higher level needs its own conditions alone: the lower one's may fail",
        levels: "- { id: p, period: quarter, levels: [{ id: broad, conditions: [{ measure: { what: skus }, at_least: 2 }] }, { id: big, conditions: [{ measure: { what: amount }, at_least: 1000 }] }] }",
        documents: &["S1 shipment A 2026-01-05 bolt 1 1000", "S2 shipment H 2026-01-05 bolt 1 1, nut 1 1"],
        stands: &["A 2026-01-05 big", "H 2026-01-05 broad"],
    },
    Story {
        what: "a programme for some contracts is none for others",
        levels: "- { id: p, contracts: { contract: \"{}.A\" }, period: quarter, levels: [{ id: silver, conditions: [{ measure: { what: amount }, at_least: 1 }] }] }",
        documents: &["S1 shipment A 2026-01-05 bolt 1 1", "S2 shipment B 2026-01-05 bolt 1 1"],
        stands: &["A 2026-01-05 silver", "B 2026-01-05"],
    },
];

fn policy(story: &Story, number: usize, rules: &str) -> String {
    let levels = story.levels.replace("{}", &number.to_string());
    let lines: Vec<String> = levels.lines().map(|line| format!("  {}", line.trim_start())).collect();
    format!("quoin_policy: 1\ncurrency: EUR\nlevels:\n{}\n{rules}", lines.join("\n"))
}

fn standings(world: &World, contract: &str, day: &str) -> Vec<LevelStanding> {
    let at = Instant::parse(&format!("{day}T11:00:00Z")).unwrap();
    world.engine.levels(&Caller::operator(), contract, Some(at)).unwrap().0
}

fn told(world: &World, contract: &str, day: &str) -> Vec<String> {
    let view = world.engine.view();
    let one = |standing: LevelStanding| {
        let written: &LevelProgramme = view.policy.0.levels_written(standing.programme).unwrap();
        let id = |level: Option<usize>| level.map_or("-", |level| written.levels[level].id.as_str());
        let (held, reached) = (id(standing.held), id(standing.reached));
        match standing.until {
            Some(until) => format!("{held}~{until}/{reached}"),
            None => {
                assert_eq!(held, reached);
                held.to_owned()
            }
        }
    };
    standings(world, contract, day).into_iter().map(one).collect()
}

#[test]
fn levels_follow_from_what_was_bought_whatever_the_order() {
    let world = World::of(STORIES.len() * 2);
    let mut wrong = Vec::new();
    for (number, story) in STORIES.iter().enumerate().flat_map(|(at, of)| [(at * 2, of), (at * 2 + 1, of)]) {
        world.publish(&policy(story, number, ""));
        let hold = |order: &str, wrong: &mut Vec<String>| {
            for expected in story.stands {
                let mut words = expected.split(' ');
                let (letter, day) = (words.next().unwrap(), words.next().unwrap());
                let found = told(&world, &format!("{number}.{letter}"), day);
                if found != words.collect::<Vec<_>>() {
                    wrong.push(format!("{}: {order}: {expected}: found {found:?}", story.what));
                }
            }
        };
        // Asked for before, so that accounts are carried on.
        hold("nothing yet", &mut Vec::new());
        let mut documents: Vec<&str> = story.documents.to_vec();
        if number % 2 == 1 {
            documents.reverse();
        }
        for text in documents {
            world.posted(vec![document(number, text)]);
        }
        hold("carried on", &mut wrong);
        world.publish(&policy(story, number, ""));
        hold("walked over", &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let checks: usize = STORIES.iter().map(|story| story.stands.len()).sum();
    println!("{} programmes, {checks} checks, two orders and two ways each", STORIES.len());
}

const RULES: &str = "rules:\n  - { id: s, layer: loyalty, percent: 3, when: { level: [silver, gold] } }\n  \
                     - { id: g, layer: loyalty, percent: 10, when: { level: gold, channel: portal } }\n  \
                     - { id: h, layer: loyalty, percent: 2, when: { level: gold } }\n";

#[test]
fn rules_hold_for_the_holders_of_a_level() {
    let world = World::of(1);
    let story = &STORIES[3];
    let amount = |day: &str| {
        let priced = world.priced(&format!("{day}T11:00:00Z"), None, &[("bolt", "1")]);
        assert_eq!(priced.position, world.engine.view().position);
        priced.lines[0].amount
    };
    world.publish(&policy(story, 0, RULES));
    assert_eq!(amount("2026-01-05"), micros("100"));
    // The level is held as soon as the shipment is acknowledged, and through its grace.
    world.posted(vec![document(0, "S1 shipment A 2026-01-05 bolt 1 1000")]);
    assert_eq!(amount("2026-01-04"), micros("100"));
    assert_eq!(amount("2026-01-05"), micros("97"));
    assert_eq!(amount("2026-03-31"), micros("97"));
    assert_eq!(amount("2026-04-01"), micros("100"));
    // Gold is no silver unless the rule says so, and the first rule does: 3 %, and 2 % of what that leaves.
    world.posted(vec![document(0, "S2 shipment A 2026-01-06 bolt 1 4000")]);
    assert_eq!(amount("2026-01-06"), micros("95.06"));
    // A cart does not count toward the level on which it is priced.
    let priced = world.priced("2026-06-01T11:00:00Z", None, &[("bolt", "10")]);
    assert_eq!(priced.lines[0].amount, micros("1000"));
    // It comes back, and with it the level goes, after a restart too.
    world.posted(vec![document(0, "R1 return A 2026-02-01 for S2 bolt 1 4000")]);
    assert_eq!(amount("2026-01-06"), micros("97"));
    let world = world.reopened();
    let priced = world.priced("2026-01-06T11:00:00Z", None, &[("bolt", "1")]);
    assert_eq!(priced.lines[0].amount, micros("97"));
}

#[test]
fn an_older_publication_knows_the_levels_of_its_own_policy() {
    let world = World::of(1);
    world.publish(&policy(&STORIES[3], 0, RULES));
    let older = world.engine.view().publication;
    world.publish(&policy(&STORIES[3], 0, ""));
    world.posted(vec![document(0, "S1 shipment A 2026-01-05 bolt 1 1000")]);
    let amount =
        |publication| world.priced("2026-01-05T11:00:00Z", publication, &[("bolt", "1")]).lines[0].amount;
    assert_eq!((amount(None), amount(Some(older))), (micros("100"), micros("97")));
}

#[test]
fn what_is_missing_is_told() {
    let world = World::of(1);
    world.publish(&policy(&STORIES[10], 0, ""));
    world.posted(vec![document(0, "S1 shipment A 2026-01-05 bolt 1 1000, nut 1 1")]);
    let standing = &standings(&world, "0.A", "2026-01-05")[0];
    assert_eq!(standing.levels, [vec![(1_001_000_000, true), (2_000_000, false)]]);
    assert_eq!(standing.days.to_string(), "2026-01-01 to 2026-01-05");
    // A document and its return leave everything as it was.
    let before = standings(&world, "0.A", "2026-03-31");
    world.posted(vec![document(0, "S2 shipment A 2026-02-05 glue 1 500")]);
    assert_ne!(standings(&world, "0.A", "2026-03-31"), before);
    world.posted(vec![document(0, "R2 return A 2026-03-05 for S2 glue 1 500")]);
    assert_eq!(standings(&world, "0.A", "2026-03-31"), before);
}

/// The holding's documents of the model: letter, day, cents.
type Bought = Vec<(&'static str, CivilDay, i64)>;

/// The level reached on a day by the purchases of all in its month, as a clerk adds them up.
fn reached(bought: &Bought, day: CivilDay) -> Option<usize> {
    let first = day.month().first();
    let sum: i64 =
        bought.iter().filter(|(_, of, _)| first <= *of && *of <= day).map(|(_, _, cents)| cents).sum();
    [10_000, 40_000, 90_000].iter().rposition(|least| sum >= *least)
}

#[test]
fn levels_are_those_of_a_clerk_who_adds_up_month_by_month() {
    let world = World::of(1);
    let levels = [(0, 100), (1, 400), (2, 900)].map(|(level, least)| {
        format!("{{ id: l{level}, conditions: [{{ measure: {{ what: amount }}, at_least: {least} }}] }}")
    });
    world.publish(&format!(
        "quoin_policy: 1\ncurrency: EUR\nlevels:\n  - {{ id: p, period: month, of_whom: holding, grace: 2, levels: [{}] }}\n",
        levels.join(", ")
    ));
    let mut draws = Draws::new(33);
    let start = CivilDay::parse("2026-01-20").unwrap();
    let mut bought: Bought = Vec::new();
    let (mut by_grace, mut plain) = (0, 0);
    let rounds = effort::count(600);
    for round in 0..rounds {
        let letter = ["A", "B", "H"][draws.below(3)];
        let day = start.plus(i32::try_from(draws.below(150)).unwrap());
        let cents = i64::try_from(draws.below(40_000)).unwrap() + 1;
        let kind = if draws.below(3) == 0 { "return" } else { "shipment" };
        bought.push((letter, day, if kind == "return" { -cents } else { cents }));
        let amount = format!("{}.{:02}", cents / 100, cents % 100);
        world.posted(vec![document(0, &format!("D{round} {kind} {letter} {day} bolt 1 {amount}"))]);
        for _ in 0..4 {
            let day = start.plus(i32::try_from(draws.below(240)).unwrap());
            let months = (1..=2).map(|back| day.month().plus(-back));
            let before: Vec<_> =
                months.filter_map(|month| Some((reached(&bought, month.days().last)?, month))).collect();
            let now = reached(&bought, day);
            let best = before.iter().map(|(level, _)| *level).max();
            let (held, until) = if best > now {
                let month =
                    before.iter().filter(|(level, _)| Some(*level) == best).map(|(_, month)| *month).max();
                (best, month.map(|month| month.plus(2).days().last))
            } else {
                (now, None)
            };
            let standing = &standings(&world, ["0.A", "0.B", "0.H"][draws.below(3)], &day.to_string())[0];
            let found = (standing.held, standing.until, standing.reached);
            assert_eq!(found, (held, until, now), "round {round}: {day}: {bought:?}");
            by_grace += u32::from(until.is_some());
            plain += u32::from(now.is_some());
        }
    }
    println!("{rounds} documents, {plain} levels reached, {by_grace} held by grace");
    assert!(by_grace > 0 && plain > 0);
}
