//! Are limited benefits counted from documents and holds, whatever the order in which they come, and is nothing held twice?

use quoin::domain::contract::Circumstances;
use quoin::domain::decimal::Micros;
use quoin::domain::ids::PublicationNo;
use quoin::domain::limits::DOCUMENT_USES;
use quoin::domain::time::Instant;
use quoin::engine::caller::{Caller, ContractScope, Role};
use quoin::engine::error::{LedgerError, PriceError};
use quoin::engine::ledger::limited::{HoldLimits, LimitRefusal};
use quoin::ledger::document::RuleUse;
use quoin::pricing::cart::PricedCart;
use quoin::pricing::request::{
    CartLine, CartRequest, Detail, Metrics, Particulars, ProgressWanted, SkuRef, Use,
};

use super::limits_stories::{FIRST, STORIES, Story};
use super::world::{World, document, micros, rule_uses};

pub fn policy(rules: &str, number: usize) -> String {
    let rules = rules.replace('~', &format!("{number}."));
    let lines: Vec<String> = rules.lines().map(|line| format!("  {}", line.trim_start())).collect();
    format!("quoin_policy: 1\ncurrency: EUR\nrules:\n{}\n", lines.join("\n"))
}

/// A document of a story whose rules are its own.
fn of_story(number: usize, text: &str) -> quoin::ledger::draft::DocumentDraft {
    let mut draft = document(number, text);
    draft.uses.iter_mut().for_each(|of| of.rule = format!("{number}.{}", of.rule));
    draft
}

/// What is used, held and left of a rule for a contract; nothing where it is not the contract's.
pub fn stands(world: &World, contract: &str, rule: &str) -> String {
    let (standings, view) = world.engine.limits(&Caller::operator(), contract).unwrap();
    let id =
        |of: &quoin::engine::ledger::limited::LimitStanding| view.policy.0.rule(of.rule).unwrap().id.clone();
    let Some(of) = standings.iter().find(|of| id(of) == rule) else { return String::new() };
    let figure = |figure: i128| Micros(i64::try_from(figure).unwrap());
    format!("{} {} {}", figure(of.gone.used), figure(of.gone.held), of.left)
}

/// A cart of `bolt 10, nut 1 kg`, as of a publication, about a hold, with what the caller says was used.
fn cart(
    world: &World,
    (contract, lines): (&str, &str),
    publication: Option<PublicationNo>,
    (hold, used): (&str, &[(&str, i128)]),
) -> PricedCart {
    let lines: Vec<Vec<&str>> = lines.split(',').map(|line| line.split_whitespace().collect()).collect();
    let lines: Vec<CartLine<'_>> = lines
        .iter()
        .map(|words| CartLine {
            id: words[0],
            sku: SkuRef::Code(words[0]),
            quantity: micros(words[1]),
            unit: words.get(2).copied().unwrap_or_default(),
        })
        .collect();
    let uses = used.iter().map(|(rule, used)| Use { rule, used: *used }).collect();
    let particulars =
        Particulars { hold, metrics: Metrics { uses, ..Metrics::default() }, ..Particulars::default() };
    let request = CartRequest {
        contract,
        pricing_at: Some(Instant::parse("2026-03-01T11:00:00Z").unwrap()),
        publication,
        circumstances: Circumstances::default(),
        lines: &lines,
        particulars: &particulars,
        progress: ProgressWanted::Nothing,
        detail: Detail::Explain,
    };
    world.engine.price_cart(&Caller::operator(), &request).unwrap()
}

/// Its total, and what it uses of how much was left.
fn told(cart: &PricedCart, number: usize) -> String {
    let total = Micros(i64::try_from(cart.total).unwrap()).to_string();
    let prefix = format!("{number}.");
    let uses = cart.uses.iter().map(|of| {
        let id = &cart.policy.0.rule(of.rule).unwrap().id;
        format!("{}={}/{}", id.strip_prefix(&prefix).unwrap_or(id), of.used, of.left)
    });
    std::iter::once(total).chain(uses).collect::<Vec<_>>().join(" ")
}

pub fn hold(world: &World, id: &str, contract: &str, uses: &[RuleUse]) -> Result<u64, LedgerError> {
    let asked = HoldLimits { id, contract, uses };
    world.engine.hold_limits(&Caller::operator(), asked).map(|moved| moved.position.0)
}

/// What an act says, done: its place in the log.
fn act(world: &World, number: usize, text: &str) -> Result<u64, LedgerError> {
    let id = |id: &str| format!("{number}.{id}");
    match text.split(' ').collect::<Vec<_>>()[..] {
        ["hold", own, letter, uses] => {
            let mut uses = rule_uses(uses);
            uses.iter_mut().for_each(|of| of.rule = id(&of.rule));
            hold(world, &id(own), &id(letter), &uses)
        }
        ["release", own] => {
            world.engine.release_limits(&Caller::operator(), &id(own)).map(|moved| moved.position.0)
        }
        _ => panic!("{text}"),
    }
}

/// What is told instead of what a story expects.
fn otherwise(world: &World, number: usize, story: &Story) -> Vec<String> {
    let id = |id: &str| format!("{number}.{id}");
    let wrong = |expected: &&str| {
        let found = match expected.split_whitespace().collect::<Vec<_>>()[..] {
            ["left", letter, rule, ..] => {
                format!("left {letter} {rule} {}", stands(world, &id(letter), &id(rule)))
            }
            ["cart", letter, "under", under, ..] => {
                let asked = expected.split(" | ").next().unwrap();
                let lines = asked.split_once(under).unwrap().1;
                let cart = cart(world, (&id(letter), lines), None, (&id(under), &[]));
                format!("{asked} | {}", told(&cart, number))
            }
            ["cart", letter, ..] => {
                let asked = expected.split(" | ").next().unwrap();
                let cart = cart(world, (&id(letter), asked.split_once(letter).unwrap().1), None, ("", &[]));
                format!("{asked} | {}", told(&cart, number))
            }
            _ => panic!("{expected}"),
        };
        (found != **expected).then(|| format!("{}: {expected}: found {found}", story.what))
    };
    story.told.iter().filter_map(wrong).collect()
}

#[test]
fn limits_follow_from_documents_and_holds_whatever_the_order() {
    let world = World::of(STORIES.len() * 2);
    let mut wrong = Vec::new();
    for (number, story) in STORIES.iter().enumerate().flat_map(|(at, of)| [(at * 2, of), (at * 2 + 1, of)]) {
        world.publish(&policy(story.rules, number));
        let post = |documents: &[&str]| {
            let mut documents = documents.to_vec();
            if number % 2 == 1 {
                documents.reverse();
            }
            for text in documents {
                let report = world.posted(vec![of_story(number, text)]);
                let posted = report.outcomes[0].posted.as_ref().unwrap();
                assert_eq!(posted.unlimited, Vec::<String>::new(), "{text}");
            }
        };
        post(story.documents);
        for text in story.acts {
            let first =
                act(&world, number, text).unwrap_or_else(|error| panic!("{}: {text}: {error}", story.what));
            assert_eq!(act(&world, number, text).unwrap(), first, "{text}: the same again, the same answer");
        }
        post(story.later);
        wrong.extend(otherwise(&world, number, story));
        // The policy goes and comes back: nothing is lost meanwhile.
        world.publish(&super::world::policy());
        world.publish(&policy(story.rules, number));
        wrong.extend(otherwise(&world, number, story));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let world = world.reopened();
    for (number, story) in STORIES.iter().enumerate().flat_map(|(at, of)| [(at * 2, of), (at * 2 + 1, of)]) {
        world.publish(&policy(story.rules, number));
        wrong.extend(otherwise(&world, number, story));
    }
    assert!(wrong.is_empty(), "opened again: {}", wrong.join("\n"));
    let checks: usize = STORIES.iter().map(|story| story.told.len()).sum();
    println!("{} stories of limits, {checks} checks, two orders, three times each", STORIES.len());
}

/// What is asked, and what is said of it.
const REFUSED: &[(&str, &str)] = &[
    ("hold h A first=61", "61 of rule \"0.first\": 60 are left"),
    (
        "hold h A none=1;first=200;always=2;theirs=3;fund=50.000001",
        "1 of rule \"0.none\": the policy in force has no such rule; 200 of rule \"0.first\": 60 are left; \
         2 of rule \"0.always\": the rule has no limit: nothing of it need be held; \
         3 of rule \"0.theirs\": the rule is not for this contract; 50.000001 of rule \"0.fund\": 50 are left",
    ),
    ("hold h U fund=1", "1 of rule \"0.fund\": the rule is not for this contract"),
    (
        "hold h A first=0;fund=-1",
        "0 of rule \"0.first\": is not above zero; -1 of rule \"0.fund\": is not above zero",
    ),
    (
        "hold h A first=1;first=2",
        "2 of rule \"0.first\": the rule is named above: name each once, with all that is held of it",
    ),
    ("hold h N first=1", "contract \"0.N\" is unknown"),
    ("release none", "hold \"0.none\" is unknown"),
    // What is there: open (40 of first), gone (released).
    ("hold open A first=41", "id \"0.open\" was used before for other content: use a new one"),
    ("hold open A first=40;fund=1", "id \"0.open\" was used before for other content: use a new one"),
    ("hold open B first=40", "id \"0.open\" was used before for other content: use a new one"),
    ("hold gone A first=11", "id \"0.gone\" was used before for other content: use a new one"),
];

#[test]
fn what_cannot_be_held_is_refused_and_changes_nothing() {
    let world = World::of(1);
    let rules = "- { id: ~first, layer: volume, percent: 10, limit: { quantity: 100, unit: piece } }\n\
                 - { id: ~fund, layer: order, percent: 10, limit: { amount: 50 } }\n\
                 - { id: ~always, layer: order, percent: 1 }\n\
                 - { id: ~theirs, layer: volume, contracts: { contract: ~B }, percent: 1, limit: { uses: 5 } }";
    world.publish(&policy(rules, 0));
    for text in ["hold open A first=40", "hold gone A first=10", "release gone"] {
        act(&world, 0, text).unwrap();
    }
    let state = || ["first", "fund"].map(|rule| stands(&world, "0.A", &format!("0.{rule}")));
    let before = (state(), world.engine.view().position);
    let mut wrong = Vec::new();
    for (text, expected) in REFUSED {
        let told = act(&world, 0, text).map_or_else(|error| error.to_string(), |_| "done".to_owned());
        if told != *expected {
            wrong.push(format!("{text}: {told}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((state(), world.engine.view().position), before);
    assert_eq!(before.0, ["0 40 60", "0 0 50"]);
    // In the order in which they were asked for, whatever that of their ids.
    let asked = rule_uses("zzz=1;aaa=1");
    let Err(LedgerError::Limits(LimitRefusal::NotLeft(rules))) = hold(&world, "h", "0.A", &asked) else {
        panic!()
    };
    assert_eq!(
        rules.iter().map(|of| (of.place, of.rule.as_str())).collect::<Vec<_>>(),
        [(0, "zzz"), (1, "aaa")]
    );
    // The same in another order is the same.
    let asked = rule_uses("0.fund=1;0.first=1");
    let first = hold(&world, "two", "0.A", &asked).unwrap();
    assert_eq!(hold(&world, "two", "0.A", &rule_uses("0.first=1;0.fund=1")).unwrap(), first);
    let refused = |id: &str, uses: &[RuleUse]| hold(&world, id, "0.A", uses).unwrap_err().to_string();
    assert_eq!(refused("", &asked), "id \"\" is empty");
    assert_eq!(refused("h", &[]), "0 rules: a hold is of 1 to 1000");
    let many = vec![asked[0].clone(); DOCUMENT_USES + 1];
    assert_eq!(refused("h", &many), "1001 rules: a hold is of 1 to 1000");
    let most = [RuleUse { rule: "0.first".to_owned(), used: Micros(i64::MAX) }];
    assert_eq!(refused("h", &most), "9223372036854.775807 of rule \"0.first\": is beyond 9,000,000,000,000");
    assert_eq!(refused("h", &rule_uses(" x=1")), "1 of rule \" x\": the id begins or ends with a blank");
}

#[test]
fn what_is_anothers_is_as_unknown_as_what_is_not_there() {
    let world = World::of(1);
    world.publish(&policy(FIRST, 0));
    act(&world, 0, "hold h A first=10").unwrap();
    let mut other = Caller::operator();
    other.contracts = ContractScope::of(["0.B"]);
    let engine = &world.engine;
    let told = engine.release_limits(&other, "0.h").unwrap_err().to_string();
    assert_eq!(told, "hold \"0.h\" is unknown");
    assert_eq!(engine.limits(&other, "0.A").unwrap_err().to_string(), "contract \"0.A\" is unknown");
    let uses = rule_uses("0.first=1");
    let asked = HoldLimits { id: "i", contract: "0.A", uses: &uses };
    assert_eq!(engine.hold_limits(&other, asked).unwrap_err().to_string(), "contract \"0.A\" is unknown");
    assert!(engine.limits(&other, "0.B").is_ok());
    let mut pricer = Caller::operator();
    pricer.roles = [Role::Price].into_iter().collect();
    assert!(engine.limits(&pricer, "0.A").is_ok());
    let refused = "not allowed: needs the role \"post\"";
    assert_eq!(engine.hold_limits(&pricer, asked).unwrap_err().to_string(), refused);
    assert_eq!(engine.release_limits(&pricer, "0.h").unwrap_err().to_string(), refused);
    let mut poster = Caller::operator();
    poster.roles = [Role::Post].into_iter().collect();
    assert!(matches!(engine.limits(&poster, "0.A"), Err(LedgerError::Asked(PriceError::NotAllowed { .. }))));
}

#[test]
fn two_holds_at_once_never_take_the_same_remainder() {
    let world = World::of(1);
    let rules = "- { id: ~own, layer: volume, percent: 10, limit: { quantity: 100 } }\n\
                 - { id: ~all, layer: order, percent: 1, limit: { amount: 150, overall: true } }";
    world.publish(&policy(rules, 0));
    let held = |rule: &'static str, contracts: [&'static str; 4]| -> usize {
        std::thread::scope(|scope| {
            let world = &world;
            let one = |(thread, contract): (usize, &'static str)| {
                move || {
                    let uses = rule_uses(&format!("0.{rule}=7"));
                    let hold =
                        |number: usize| hold(world, &format!("{rule}-{thread}-{number}"), contract, &uses);
                    (0..10).filter(|number| hold(*number).is_ok()).count()
                }
            };
            let threads: Vec<_> = contracts.into_iter().enumerate().map(|of| scope.spawn(one(of))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        })
    };
    assert_eq!(held("own", ["0.A"; 4]), 14);
    assert_eq!(stands(&world, "0.A", "0.own"), "0 98 2");
    assert_eq!(held("all", ["0.A", "0.B", "0.H", "0.B"]), 21);
    assert_eq!(stands(&world, "0.H", "0.all"), "0 147 3");
}

#[test]
fn a_rule_that_the_policy_has_no_limit_of_is_counted_and_flagged() {
    let world = World::of(1);
    world.publish(&policy("- { id: ~always, layer: order, percent: 1 }", 0));
    let late = "S1 shipment A 2026-01-05 uses first=30;always=2 bolt 30 2700";
    let report = world.posted(vec![of_story(0, late)]);
    let posted = report.outcomes[0].posted.clone().unwrap();
    assert_eq!(posted.unlimited, ["0.first", "0.always"]);
    // The promotion comes back, and what was used of it is known; the same again gets its first answer.
    world.publish(&policy(FIRST, 0));
    assert_eq!(stands(&world, "0.A", "0.first"), "30 0 70");
    let again = world.posted(vec![of_story(0, late)]);
    assert_eq!(again.outcomes[0].posted, Some(posted.clone()));
    let known = world.engine.document(&Caller::operator(), "0.S1").unwrap();
    assert_eq!((known.document.uses, known.posted), (rule_uses("0.first=30;0.always=2"), posted));
    assert_eq!(stands(&world, "0.A", "0.first"), "30 0 70");
    // What it used is part of what was sent.
    let other = world.post(vec![of_story(0, &late.replace("first=30", "first=31"))]);
    assert!(other.faults[0].reason.contains("was posted before with other content"), "{:?}", other.faults);
}

#[test]
fn a_cart_of_an_older_publication_sees_todays_uses() {
    let world = World::of(1);
    world.publish(&policy(FIRST, 0));
    let then = world.engine.view().publication;
    world.publish(&policy(&FIRST.replace("100", "90"), 0));
    world.posted(vec![of_story(0, "S1 shipment A 2026-01-05 uses first=30 bolt 30 2700")]);
    act(&world, 0, "hold q A first=20").unwrap();
    let asked = ("0.A", "bolt 100");
    assert_eq!(told(&cart(&world, asked, Some(then), ("", &[])), 0), "9500 first=50/50");
    assert_eq!(told(&cart(&world, asked, Some(then), ("0.q", &[])), 0), "9300 first=70/70");
    assert_eq!(told(&cart(&world, asked, None, ("", &[])), 0), "9600 first=40/40");
    let world = world.reopened();
    assert_eq!(told(&cart(&world, asked, Some(then), ("", &[])), 0), "9500 first=50/50");
}

#[test]
fn what_the_caller_says_was_used_wins() {
    let world = World::of(1);
    let rules = "- { id: ~first, layer: volume, percent: 10, limit: { quantity: 100 } }\n\
                 - { id: ~fund, layer: order, percent: 10, limit: { amount: 50 } }";
    world.publish(&policy(rules, 0));
    world.posted(vec![of_story(0, "S1 shipment A 2026-01-05 uses first=30;fund=20 bolt 30 2700")]);
    let asked = ("0.A", "bolt 10");
    let found = cart(&world, asked, None, ("", &[("0.first", 95_000_000)]));
    assert_eq!((told(&found, 0).as_str(), found.what_if), ("920 first=5/5 fund=30/30", true));
    let found = cart(&world, asked, None, ("", &[("0.first", 0)]));
    assert_eq!(told(&found, 0), "870 first=10/100 fund=30/30");
    let found = cart(&world, asked, None, ("", &[]));
    assert_eq!((told(&found, 0).as_str(), found.what_if), ("870 first=10/70 fund=30/30", false));
    let found = cart(&world, asked, None, ("", &[("0.fund", 60_000_000)]));
    assert_eq!(told(&found, 0), "900 first=10/70");
}

#[test]
fn what_a_guard_takes_back_is_used_all_the_same() {
    let world = World::of(1);
    let rules = format!("{FIRST}\nguards:\n- {{ id: g, discount: 4 }}");
    let text = policy(&rules, 0).replace("  guards:", "guards:");
    world.publish(&text);
    assert_eq!(told(&cart(&world, ("0.A", "bolt 10"), None, ("", &[])), 0), "960 first=10/100");
}

#[test]
fn a_cart_whose_contract_has_no_limited_rule_uses_nothing() {
    let world = World::of(1);
    let rules =
        "- { id: ~theirs, layer: volume, contracts: { contract: ~B }, percent: 1, limit: { uses: 5 } }";
    world.publish(&policy(rules, 0));
    assert_eq!(told(&cart(&world, ("0.A", "bolt 10"), None, ("", &[])), 0), "1000");
    assert_eq!(told(&cart(&world, ("0.B", "bolt 10"), None, ("", &[])), 0), "990 theirs=1/5");
    assert_eq!(world.engine.limits(&Caller::operator(), "0.A").unwrap().0, []);
    // Where no policy was ever published there is no limit.
    world.publish(&super::world::policy());
    assert_eq!(world.engine.limits(&Caller::operator(), "0.B").unwrap().0, []);
}
