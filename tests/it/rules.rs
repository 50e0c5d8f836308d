//! Does each figure mean what the rules of money say, and not what their other reading would make of it?
//!
//! The cases are tables under `rules/cases`; each states the amount of the rule and that of the other reading, computed
//! beside it or got from quoin itself by an option that takes the other reading.

pub mod answer;
pub mod arithmetic;
pub mod shop;
pub mod table;

use std::path::Path;

use answer::Answer;
use shop::Shop;
use table::{Case, Check, cases};

/// The folder of the tables; each of its text files but this one is a table of cases.
const FOLDER: &str = "tests/it/rules/cases";
const WORLD: &str = "world.txt";

/// Rules that some case must be about.
const RULES: &[&str] =
    &["T1", "T2", "T3", "T4", "T5", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "L2", "R1", "R2", "R3", "R4"];

fn all() -> Vec<Case> {
    let mut files = crate::sources::with_extension("txt");
    files.retain(|path| path.starts_with(FOLDER) && !path.ends_with(WORLD));
    assert!(files.len() > 3, "found {files:?}");
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    files.iter().flat_map(|path| cases(&name(path), &crate::sources::text(path))).collect()
}

#[test]
fn every_case_comes_to_the_amount_of_its_rule_and_not_to_the_other() {
    let cases = all();
    let shop = Shop::of(&cases);
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in &cases {
        for check in &case.checks {
            count += 1;
            let failed = check_one(&shop, check);
            wrong.extend(
                failed.map(|why| format!("{} {} ({})\n    {why}", check.place, case.rule, case.story)),
            );
        }
    }
    assert!(wrong.is_empty(), "{} of {count} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 200, "only {count} cases were found");
}

#[test]
fn every_rule_has_cases() {
    let cases = all();
    for rule in RULES {
        let checks = cases.iter().filter(|case| case.rule == *rule).map(|case| case.checks.len());
        assert!(checks.sum::<usize>() >= 2, "{rule} has no two cases");
    }
}

/// What is wrong with a case, if anything.
fn check_one(shop: &Shop, check: &Check) -> Option<String> {
    let found = shop.answers(&check.place, &check.setting, &check.pays, false);
    if !agree(&check.pays, &found.answers) {
        return Some(format!("pays {} where the table says {}", text(&found.answers), text(&check.pays)));
    }
    if check.steps.as_ref().is_some_and(|steps| *steps != found.steps) {
        return Some(format!("takes the steps {}", found.steps));
    }
    if agree(&check.other, &found.answers) {
        return Some("the other reading comes to the same".to_owned());
    }
    let through = check.through.as_ref()?;
    let other = shop.answers(&check.place, through, &check.other, true);
    (!agree(&check.other, &other.answers)).then(|| {
        format!("the other setting pays {} where the table says {}", text(&other.answers), text(&check.other))
    })
}

fn agree(stated: &[Answer], found: &[Answer]) -> bool {
    stated.len() == found.len() && stated.iter().zip(found).all(|(stated, found)| stated.agrees_with(found))
}

fn text(answers: &[Answer]) -> String {
    answers.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
