//! How is a table of policy cases read? The blocks of the rules of money, with a policy, circumstances and more outcomes.
//!
//! `cases/README.md` says what each word means.

use std::collections::BTreeMap;

use super::outcome::Outcome;
use crate::rules::table::{Block, Rows, Setting, blocks, change, is_rule};

/// A story about one rule or one part of the policy.
#[derive(Debug)]
pub struct Case {
    pub topic: String,
    pub story: String,
    pub checks: Vec<Check>,
}

/// A cart, what comes of it, and what would by the other reading.
#[derive(Debug)]
pub struct Check {
    /// File and line.
    pub place: String,
    pub ask: Ask,
    pub pays: Vec<Outcome>,
    pub other: Vec<Outcome>,
    /// What quoin itself is asked to take the other reading.
    pub through: Option<Ask>,
}

/// What is imported, published and asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    pub setting: Setting,
    /// The policy file, without its first two keys.
    pub policy: String,
    /// Circumstances of the cart.
    pub with: Vec<String>,
    /// Positions of measures, as `turnover=300000`.
    pub bought: Vec<String>,
    /// Uses of limited benefits, as `first-tons=98`.
    pub used: Vec<String>,
}

/// The cases of a file; their stories begin with the standing prices.
pub fn cases(file: &str, text: &str, prices: &Rows) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut ask = Ask::default();
    for block in blocks(text) {
        let place = format!("{file}:{}", block.line);
        if is_rule(block.word) {
            ask = Ask::default();
            ask.setting.at = "2026-05-15T12:00:00Z".to_owned();
            ask.setting.tables.insert("prices".to_owned(), prices.clone());
            let story = [&[block.rest], block.rows.as_slice()].concat().join(" ");
            cases.push(Case { topic: block.word.to_owned(), story, checks: Vec::new() });
            continue;
        }
        let case = cases.last_mut().unwrap_or_else(|| panic!("{place}: stands before the first story"));
        apply(case, &mut ask, &block, &place);
    }
    for check in cases.iter().flat_map(|case| &case.checks) {
        let computed = check.through.is_some() || check.other.iter().all(Outcome::is_computed);
        assert!(computed, "{}: the other reading's amount needs a sum or a `through`", check.place);
        assert!(check.pays.iter().all(Outcome::is_computed), "{}: an amount needs a sum", check.place);
    }
    cases
}

fn apply(case: &mut Case, ask: &mut Ask, block: &Block<'_>, place: &str) {
    let last = case.checks.last_mut();
    let last = || last.unwrap_or_else(|| panic!("{place}: stands before the first `pays`"));
    let read = |word: &str, text: &str| {
        Outcome::read(word, text)
            .unwrap_or_else(|why| panic!("{place}: {why}"))
            .unwrap_or_else(|| panic!("{place}: {word:?} is no outcome"))
    };
    match block.word {
        "pays" => case.checks.push(Check {
            place: place.to_owned(),
            ask: ask.clone(),
            pays: vec![read("pays", &joined(block))],
            other: Vec::new(),
            through: None,
        }),
        "other" => {
            let inner = block.inner();
            let other = if Outcome::is_word(inner.word) {
                read(inner.word, &joined(&inner))
            } else {
                read("pays", &joined(block))
            };
            last().other.push(other);
        }
        "through" => {
            let check = last();
            let through = check.through.get_or_insert_with(|| check.ask.clone());
            through.change(&block.inner(), place);
        }
        word if Outcome::is_word(word) => last().pays.push(read(word, &joined(block))),
        _ => ask.change(block, place),
    }
}

/// All of a block in one line.
fn joined(block: &Block<'_>) -> String {
    [&[block.rest], block.rows.as_slice()].concat().join(" ").trim().to_owned()
}

impl Ask {
    fn change(&mut self, block: &Block<'_>, place: &str) {
        let parts = |between: char| match joined(block).as_str() {
            "nothing" => Vec::new(),
            text => text.split(between).map(|part| part.trim().to_owned()).collect(),
        };
        match block.word {
            "policy" => self.policy = indented(block),
            "with" => self.with = parts(','),
            "bought" => self.bought = parts(','),
            "used" => self.used = parts(','),
            "cart" => self.setting.cart = parts(';'),
            _ => change(&mut self.setting, block, place),
        }
    }
}

/// The text of a block as it stands, moved to the margin.
fn indented(block: &Block<'_>) -> String {
    let first = format!("{}{}", " ".repeat(block.column), block.rest);
    let lines: Vec<&str> = std::iter::once(first.as_str())
        .chain(block.lines.iter().copied())
        .filter(|l| !l.trim().is_empty())
        .collect();
    let margin = lines.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    lines.iter().map(|line| format!("{}\n", &line[margin..])).collect()
}

/// Words of `name=value`.
pub fn pairs<'a>(words: &'a [String], place: &str) -> Vec<(&'a str, &'a str)> {
    let pair = |word: &'a String| {
        word.split_once('=').unwrap_or_else(|| panic!("{place}: no `name=value` in {word:?}"))
    };
    words.iter().map(pair).map(|(name, value)| (name.trim(), value.trim())).collect()
}

/// Tables of master data by their kinds.
pub fn world(text: &str) -> BTreeMap<String, Rows> {
    crate::rules::table::tables(text)
}
