//! Does a policy come to the amounts that its page and the rules of money say, and not to those of their other readings?
//!
//! The cases are tables under `policy_rules/cases`: a policy file, a cart, and what comes of it, worked out beside it.

mod call;
mod found;
mod ordered;
mod outcome;
mod shop;
mod table;

use std::path::Path;

use call::{Counter, Figures};
use found::{Found, FoundLine};
use outcome::Outcome;
use shop::{Shop, text_of};
use table::{Case, Check, cases, world};

/// The folder of the tables; each of its text files but the world is a table of cases.
const FOLDER: &str = "tests/it/policy_rules/cases";
const WORLD: &str = "world.txt";

/// Rules of money that some case must be about, each with the other reading.
const RULES: &[&str] = &[
    "T1", "T2", "T3", "T4", "T5", "C1", "C5", "C6", "C7", "L1", "L2", "L3", "L4", "L5", "L6", "L7", "M1",
    "M2", "M3", "M4", "M5", "R1", "R2", "R3", "R4", "R5", "G1", "G2", "G3", "G4", "G5", "X1",
];

/// The worked examples' topic, and how many of them there are.
const WORKED: (&str, usize) = ("Worked", 12);

fn all() -> Vec<Case> {
    let world = world(&text_of(FOLDER, WORLD));
    let mut files = crate::sources::with_extension("txt");
    files.retain(|path| path.starts_with(FOLDER) && !path.ends_with(WORLD));
    assert!(files.len() > 3, "found {files:?}");
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let read = |path: &std::path::PathBuf| cases(&name(path), &crate::sources::text(path), &world["prices"]);
    files.iter().flat_map(read).collect()
}

#[test]
fn every_policy_comes_to_its_amounts_and_not_to_the_others() {
    let cases = all();
    let shop = Shop::of(&cases, &world(&text_of(FOLDER, WORLD)));
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in &cases {
        for check in &case.checks {
            count += 1;
            let why = check_one(&shop, check);
            if !why.is_empty() {
                let why = why.join("\n    ");
                wrong.push(format!("{} {} ({})\n    {why}", check.place, case.topic, case.story));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_same_comes_over_the_wire() {
    let cases = all();
    let shop = Shop::of(&cases, &world(&text_of(FOLDER, WORLD)));
    let mut wrong = Vec::new();
    let mut counter = Counter::open(shop.engine());
    for (case, check) in cases.iter().flat_map(|case| case.checks.iter().map(move |check| (case, check))) {
        let Ok(found) = shop.found(&check.ask, &check.place) else { continue };
        if case.topic == WORKED.0 {
            counter.publish(&shop.policy(&check.ask), &check.place);
        }
        let told = counter.price(&check.ask, &shop.contract(&check.ask), &check.place);
        let figures: Vec<Figures> = found.lines.iter().map(FoundLine::figures).collect();
        if told != figures {
            wrong.push(format!("{}: {told:?} over the wire, {figures:?} found", check.place));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_rule_has_cases_with_their_other_reading() {
    let cases = all();
    let of = |topic: &str| cases.iter().filter(|case| case.topic == topic).collect::<Vec<_>>();
    for rule in RULES {
        let checks: Vec<&Check> = of(rule).iter().flat_map(|case| &case.checks).collect();
        assert!(checks.len() >= 2, "{rule} has no two cases");
        let one_sided: Vec<&str> =
            checks.iter().filter(|check| check.other.is_empty()).map(|check| check.place.as_str()).collect();
        assert!(one_sided.is_empty(), "{rule}: no other reading in {one_sided:?}");
    }
    assert_eq!(of(WORKED.0).len(), WORKED.1);
    let further = cases.iter().filter(|case| case.topic != WORKED.0 && !RULES.contains(&case.topic.as_str()));
    let further: usize = further.map(|case| case.checks.len()).sum();
    assert!(further >= 150, "only {further} further cases");
}

/// What is wrong with a case.
fn check_one(shop: &Shop, check: &Check) -> Vec<String> {
    let found = match shop.found(&check.ask, &check.place) {
        Ok(found) => found,
        Err(why) => return vec![why],
    };
    let mut wrong = differing(&check.pays, &found, "says");
    for other in check.other.iter().filter(|other| other.agrees(&found)) {
        wrong.push(format!("the other reading comes to the same: {other}"));
    }
    if let Some(through) = &check.through {
        match shop.found(through, &check.place) {
            Ok(found) => wrong.extend(differing(&check.other, &found, "says of the other setting")),
            Err(why) => wrong.push(format!("through: {why}")),
        }
    }
    wrong
}

fn differing(stated: &[Outcome], found: &Found, says: &str) -> Vec<String> {
    let wrong = stated.iter().filter(|outcome| !outcome.agrees(found));
    wrong.map(|outcome| format!("found {} where the table {says} {outcome}", outcome.found(found))).collect()
}
