//! Are limits those of a clerk who keeps every document and hold in a heap and counts them anew each time?

use std::collections::{BTreeMap, BTreeSet};

use quoin::engine::error::LedgerError;
use quoin::engine::ledger::limited::LimitRefusal;
use quoin::ledger::document::RuleUse;

use super::limits::{hold, policy, stands};
use super::world::{World, document, micros};
use crate::effort::{self, Draws};
use quoin::engine::caller::Caller;
use quoin::ledger::draft::DocumentDraft;

/// Rules with their limits, and whether each is for all contracts; the last is now and then not in the policy.
const RULES: [(&str, i128, bool); 4] =
    [("own", 60, false), ("small", 7, false), ("shared", 90, true), ("comes-and-goes", 40, true)];
const CONTRACTS: [&str; 3] = ["A", "B", "H"];

fn rules(all: bool) -> String {
    let one = |(id, most, overall): &(&str, i128, bool)| {
        format!(
            "- {{ id: ~{id}, layer: volume, percent: 1, limit: {{ quantity: {most}, overall: {overall} }} }}"
        )
    };
    let there = if all { RULES.len() } else { RULES.len() - 1 };
    RULES.iter().take(there).map(one).collect::<Vec<_>>().join("\n")
}

type Figures = BTreeMap<String, i128>;

/// Everything that was done, in a heap.
#[derive(Default)]
struct Clerk {
    /// Contract, quote, does it give back, what it used.
    documents: Vec<(String, String, bool, Figures)>,
    /// By id: contract, what is held, released?
    holds: BTreeMap<String, (String, Figures, bool)>,
}

impl Clerk {
    fn used(&self, contract: Option<&str>, rule: &str) -> i128 {
        let of = self.documents.iter().filter(|(of, ..)| contract.is_none_or(|contract| contract == of));
        of.map(|(_, _, back, uses)| uses.get(rule).map_or(0, |used| if *back { -used } else { *used })).sum()
    }

    /// What a hold would keep.
    fn open(&self, id: &str, (contract, held): (&str, &Figures), rule: &str) -> i128 {
        let following =
            self.documents.iter().filter(|(of, quote, back, _)| of == contract && quote == id && !back);
        let taken: i128 = following.filter_map(|(.., uses)| uses.get(rule)).sum();
        let held = held.get(rule).copied().unwrap_or(0);
        (held - taken.max(0)).max(0)
    }

    fn held(&self, contract: Option<&str>, rule: &str) -> i128 {
        let open = self
            .holds
            .iter()
            .filter(|(_, (of, _, released))| !released && contract.is_none_or(|contract| contract == of));
        open.map(|(id, (of, held, _))| self.open(id, (of, held), rule)).sum()
    }

    fn left(&self, contract: &str, (rule, most, overall): (&str, i128, bool)) -> i128 {
        let whose = (!overall).then_some(contract);
        (most * 1_000_000 - self.used(whose, rule).max(0) - self.held(whose, rule)).max(0)
    }

    /// What is told of a rule for a contract.
    fn told(&self, contract: &str, of: (&str, i128, bool)) -> String {
        let whose = (!of.2).then_some(contract);
        let figure = |figure: i128| quoin::domain::decimal::Micros(i64::try_from(figure).unwrap());
        let (used, held) = (self.used(whose, of.0), self.held(whose, of.0));
        format!("{} {} {}", figure(used), figure(held), figure(self.left(contract, of)))
    }

    /// Places a hold, or says of which rules too little is left.
    fn hold(&mut self, id: &str, contract: &str, asked: &Figures, in_force: usize) -> BTreeSet<String> {
        let lacks = |(rule, _): &(&String, &i128)| match RULES.iter().take(in_force).find(|of| of.0 == *rule)
        {
            None => true,
            Some(of) => self.open(id, (contract, asked), rule) > self.left(contract, *of),
        };
        let lacking: BTreeSet<String> = asked.iter().filter(lacks).map(|(rule, _)| rule.clone()).collect();
        if lacking.is_empty() {
            self.holds.insert(id.to_owned(), (contract.to_owned(), asked.clone(), false));
        }
        lacking
    }
}

/// So many hundredths of some rules.
fn draw_uses(draws: &mut Draws, most: usize, signed: bool) -> Figures {
    let mut uses = Figures::new();
    for (rule, ..) in RULES {
        if draws.below(3) == 0 {
            let sign = if signed && draws.below(2) == 0 { -1 } else { 1 };
            uses.insert(rule.to_owned(), sign * 10_000 * i128::try_from(1 + draws.below(most)).unwrap());
        }
    }
    uses
}

fn written(number: usize, uses: &Figures) -> Vec<RuleUse> {
    let one = |(rule, used): (&String, &i128)| RuleUse {
        rule: format!("{number}.{rule}"),
        used: quoin::domain::decimal::Micros(i64::try_from(*used).unwrap()),
    };
    uses.iter().map(one).collect()
}

/// A document as it is posted, and as the clerk keeps it.
fn draw_document(
    draws: &mut Draws,
    number: usize,
    at: usize,
) -> (DocumentDraft, (String, String, bool, Figures)) {
    let contract = CONTRACTS[draws.below(CONTRACTS.len())];
    let kind = ["shipment", "shipment", "return", "correction"][draws.below(4)];
    let mut draft = document(number, &format!("D{at} {kind} {contract} 2026-01-05 bolt 1 90"));
    let uses = draw_uses(draws, 1_500, kind == "correction");
    draft.uses = written(number, &uses);
    draft.quote = if draws.below(2) == 0 { format!("{number}.Q{}", draws.below(6)) } else { String::new() };
    let kept = (format!("{number}.{contract}"), draft.quote.clone(), kind == "return", uses);
    (draft, kept)
}

#[test]
fn limits_are_those_of_a_clerk_who_counts_all_anew() {
    let rounds = usize::try_from(effort::count(200)).unwrap();
    let mut draws = Draws::new(61);
    let mut world = World::of(rounds);
    let (mut held, mut refused, mut released, mut checks) = (0, 0, 0, 0);
    for number in 0..rounds {
        let id = |text: &str| format!("{number}.{text}");
        let (mut clerk, mut in_force) = (Clerk::default(), RULES.len());
        world.publish(&policy(&rules(true), number));
        for at in 0..30 {
            match draws.below(12) {
                0..=4 => {
                    let (draft, kept) = draw_document(&mut draws, number, at);
                    let missing =
                        draft.uses.iter().any(|of| of.rule == id(RULES[3].0)) && in_force < RULES.len();
                    let report = world.posted(vec![draft]);
                    let flagged = !report.outcomes[0].posted.as_ref().unwrap().unlimited.is_empty();
                    assert_eq!(flagged, missing, "round {number}");
                    clerk.documents.push(kept);
                }
                5..=8 => {
                    let (hold_id, contract) =
                        (id(&format!("Q{}", draws.below(6))), id(CONTRACTS[draws.below(CONTRACTS.len())]));
                    let asked = draw_uses(&mut draws, 3_000, false);
                    if asked.is_empty() || clerk.holds.contains_key(&hold_id) {
                        continue;
                    }
                    let found = hold(&world, &hold_id, &contract, &written(number, &asked));
                    let lacking = clerk.hold(&hold_id, &contract, &asked, in_force);
                    match found {
                        Ok(_) => held += 1,
                        Err(LedgerError::Limits(LimitRefusal::NotLeft(rules))) => {
                            let named: BTreeSet<String> = rules.iter().map(|of| of.rule.clone()).collect();
                            let lacking: BTreeSet<String> = lacking.iter().map(|rule| id(rule)).collect();
                            assert_eq!(named, lacking, "round {number}, {hold_id}");
                            refused += 1;
                            continue;
                        }
                        Err(error) => panic!("{error}"),
                    }
                    assert_eq!(lacking, BTreeSet::new(), "round {number}, {hold_id}");
                }
                9 => {
                    let hold_id = id(&format!("Q{}", draws.below(6)));
                    let found = world.engine.release_limits(&Caller::operator(), &hold_id);
                    assert_eq!(found.is_ok(), clerk.holds.contains_key(&hold_id));
                    if let Some(known) = clerk.holds.get_mut(&hold_id) {
                        known.2 = true;
                        released += 1;
                    }
                }
                10 => {
                    in_force = RULES.len() - draws.below(2);
                    world.publish(&policy(&rules(in_force == RULES.len()), number));
                }
                _ if draws.below(4) == 0 => world = world.reopened(),
                _ => {}
            }
            for contract in CONTRACTS {
                for of in RULES.iter().take(in_force) {
                    let found = stands(&world, &id(contract), &id(of.0));
                    assert_eq!(
                        found,
                        clerk.told(&id(contract), *of),
                        "round {number}, step {at}: {contract} {}",
                        of.0
                    );
                    checks += 1;
                }
            }
        }
    }
    println!(
        "{rounds} histories of limits: {held} holds, {refused} refused, {released} released, {checks} figures"
    );
    assert!(held > 0 && refused > 0 && released > 0);
}

#[test]
fn documents_and_holds_come_to_the_same_in_whatever_order() {
    let rounds = usize::try_from(effort::count(60)).unwrap();
    let world = World::of(rounds * 2);
    let mut draws = Draws::new(62);
    for round in 0..rounds {
        // Enough is there for everybody, so that no hold is refused for what came before it.
        let uses: Vec<Figures> = (0..6).map(|_| draw_uses(&mut draws, 100, false)).collect();
        let documents: Vec<usize> = (0..12).map(|_| draws.below(usize::MAX)).collect();
        let mut found = Vec::new();
        for number in [round * 2, round * 2 + 1] {
            world.publish(&policy(&rules(true), number));
            let mut deeds: Vec<(Option<DocumentDraft>, usize)> =
                (0..uses.len()).map(|hold| (None, hold)).collect();
            for (at, seed) in documents.iter().enumerate() {
                let (letter, quote) = (CONTRACTS[seed % 2], seed / 2 % 6);
                let kind = ["shipment", "return", "correction"][seed / 12 % 3];
                let mut draft = document(number, &format!("D{at} {kind} {letter} 2026-01-05 bolt 1 90"));
                let used = micros(&format!("0.{:02}", 1 + seed / 36 % 99));
                draft.uses = vec![RuleUse { rule: format!("{number}.{}", RULES[seed % 3].0), used }];
                draft.quote = format!("{number}.Q{quote}");
                deeds.push((Some(draft), 0));
            }
            draws.shuffle(&mut deeds);
            for (draft, at) in deeds {
                if let Some(draft) = draft {
                    world.posted(vec![draft]);
                } else if !uses[at].is_empty() {
                    let contract = format!("{number}.{}", CONTRACTS[at % 2]);
                    hold(&world, &format!("{number}.Q{at}"), &contract, &written(number, &uses[at])).unwrap();
                }
            }
            let told = CONTRACTS.iter().flat_map(|contract| {
                RULES.map(|of| stands(&world, &format!("{number}.{contract}"), &format!("{number}.{}", of.0)))
            });
            found.push(told.collect::<Vec<_>>());
        }
        assert_eq!(found[0], found[1], "round {round}");
    }
}
