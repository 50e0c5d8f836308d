//! Do statements add up, whatever comes when? Documents drawn at random, in any order, with settlements and edits of the
//! policy in between, against a model that adds up all documents anew for each statement.

use std::collections::BTreeMap;

use quoin::domain::day::{CivilDay, CivilMonth, Days};
use quoin::domain::decimal::Micros;
use quoin::engine::caller::Caller;
use quoin::engine::error::{LedgerError, SettleRefusal};
use quoin::engine::ledger::settlement::{Settle, Settled};
use quoin::ledger::document::DocumentKind;
use quoin::ledger::draft::{DocumentDraft, LineDraft};
use quoin::ledger::statement::{EntryKind, StatementKind};

use super::stories::policy_of;
use super::world::World;
use crate::effort::{self, Draws};

/// Stories of one world, and worlds.
const STORIES: usize = 20;
const WORLDS: u32 = 20;
/// What happens in a story.
const STEPS: usize = 60;
const LETTERS: [&str; 3] = ["A", "B", "H"];

/// The first days of the months that are settled: January to June.
fn month(number: usize) -> Days {
    CivilMonth(2026 * 12 + i32::try_from(number).unwrap()).days()
}

fn quarter(day: CivilDay) -> Days {
    let first = CivilMonth(day.month().0 - day.month().0.rem_euclid(3));
    Days { first: first.first(), last: first.plus(3).first().plus(-1) }
}

/// Monthly tiers; a holding's quarter with a cap; one percent of the month behind the first; and what is paid for, once enough is
/// received. `percent` is what edits change.
fn agreements(percent: i128) -> String {
    format!(
        "- {{ id: a, period: month, tiers: [{{ from: 500, percent: {percent} }}, {{ from: 1500, percent: 7 }}] }}\n\
         - {{ id: b, period: quarter, of_whom: holding, cap: 150, tiers: [{{ from: 2000, percent: 3 }}, {{ from: 5000, percent: 4 }}] }}\n\
         - {{ id: c, period: month, percent: 1, after: a }}\n\
         - {{ id: d, period: month, of_whom: ship_to, basis_of: payer, tiers: [{{ from: 300, percent: 4 }}] }}"
    )
}

const MILLION: i128 = 1_000_000;

/// To whole cents, half up.
fn rounded(micros: i128) -> i128 {
    (micros.max(0) + 5_000) / 10_000 * 10_000
}

/// Everything that was posted, in its order.
#[derive(Default)]
struct Model {
    posted: Vec<DocumentDraft>,
    /// Percent of the first agreement by version of the policy.
    percents: BTreeMap<u64, i128>,
}

impl Model {
    /// The shipment that a document names, where it is there.
    fn shipment(&self, document: &DocumentDraft) -> Option<&DocumentDraft> {
        self.posted.iter().find(|of| {
            of.id == document.reference
                && of.kind == DocumentKind::Shipment
                && of.contract == document.contract
        })
    }

    /// On which day a document counts, its shipment being there or not.
    fn counts_on(&self, document: &DocumentDraft) -> CivilDay {
        self.shipment(document).map_or(document.day, |shipment| shipment.day)
    }

    /// Who has a part in a document: as it says, or its shipment, or else its contract's counterparty.
    fn party(&self, document: &DocumentDraft, part: fn(&DocumentDraft) -> &String) -> String {
        let said = [Some(document), self.shipment(document)].into_iter().flatten().map(part);
        let mut said = said.filter(|party| !party.is_empty());
        said.next().cloned().unwrap_or_else(|| counterparty(&document.contract))
    }

    /// What was bought by some contracts on some days.
    fn net(&self, days: &Days, of: impl Fn(&str) -> bool) -> i128 {
        self.sum(days, |document| of(&document.contract))
    }

    /// What some documents come to on some days.
    fn sum(&self, days: &Days, of: impl Fn(&DocumentDraft) -> bool) -> i128 {
        let counted =
            self.posted.iter().filter(|document| of(document) && days.hold(self.counts_on(document)));
        counted
            .map(|document| {
                let sign = if document.kind == DocumentKind::Return { -1 } else { 1 };
                sign * i128::from(document.lines[0].net_amount.0)
            })
            .sum()
    }

    fn own(&self, contract: &str, days: &Days) -> i128 {
        self.net(days, |of| of == contract)
    }

    /// What a contract's counterparty pays for.
    fn paid_for(&self, contract: &str, days: &Days) -> i128 {
        self.sum(days, |document| self.party(document, |of| &of.payer) == counterparty(contract))
    }

    /// The basis of an agreement.
    fn basis(&self, agreement: &str, contract: &str, days: &Days) -> i128 {
        if agreement == "d" { self.paid_for(contract, days) } else { self.own(contract, days) }
    }

    /// What a contract is entitled to by an agreement, over days of its period.
    fn entitled(&self, agreement: &str, contract: &str, days: &Days, version: u64) -> i128 {
        let own = self.own(contract, days);
        let percent = self.percents[&version];
        let first = match own {
            net if net >= 1_500 * MILLION => net * 7 / 100,
            net if net >= 500 * MILLION => net * percent / 100,
            _ => 0,
        };
        match agreement {
            "a" => rounded(first),
            "b" => {
                let story = contract.split('.').next().unwrap();
                let held = self.net(days, |of| of.split('.').next() == Some(story));
                let percent = match held {
                    held if held >= 5_000 * MILLION => 4,
                    held if held >= 2_000 * MILLION => 3,
                    _ => 0,
                };
                rounded((own * percent / 100).min(150 * MILLION))
            }
            "c" => rounded((own - first) / 100),
            "d" => {
                let buyer = counterparty(contract);
                let received = self.sum(days, |document| self.party(document, |of| &of.ship_to) == buyer);
                let percent = if received >= 300 * MILLION { 4 } else { 0 };
                rounded(self.paid_for(contract, days) * percent / 100)
            }
            other => panic!("{other}"),
        }
    }
}

/// Who buys under a contract.
fn counterparty(contract: &str) -> String {
    let (story, letter) = contract.split_once('.').unwrap();
    format!("{story}.{}", if letter == "H" { "sister" } else { "own" })
}

/// What was said of a period: the sum, by which version, whether it is closed, and what was on the basis then.
struct Said {
    sum: i128,
    version: u64,
    closed: bool,
    basis: i128,
}

fn drawn(story: usize, number: usize, draws: &mut Draws) -> DocumentDraft {
    let kind = match draws.below(10) {
        0..=6 => DocumentKind::Shipment,
        7..=8 => DocumentKind::Return,
        _ => DocumentKind::Correction,
    };
    let cents = i64::try_from(100 + draws.below(90_000)).unwrap();
    let cents = match kind {
        DocumentKind::Shipment => cents,
        DocumentKind::Return => cents / 2,
        _ => cents - 45_000,
    };
    let letter = LETTERS[draws.below(3)];
    // Some name what never comes, or what is another's, or no shipment.
    let reference = match (kind, draws.below(4)) {
        (DocumentKind::Shipment, _) | (_, 0) => String::new(),
        _ => format!("{story}.D{}", draws.below(STEPS * 2)),
    };
    let party = |draw: usize| match draw {
        0 => format!("{story}.own"),
        1 => format!("{story}.sister"),
        _ => String::new(),
    };
    let id = format!("{story}.D{number}");
    let days = month(draws.below(6));
    DocumentDraft {
        reference: if reference == id { String::new() } else { reference },
        id,
        kind,
        contract: format!("{story}.{letter}"),
        day: days.first.plus(i32::try_from(draws.below(28)).unwrap()),
        currency: String::new(),
        payer: party(draws.below(4)),
        ship_to: party(draws.below(4)),
        quote: String::new(),
        channel: String::new(),
        due: None,
        allocations: Vec::new(),
        plan: None,
        uses: Vec::new(),
        lines: vec![LineDraft {
            sku: "bolt".to_owned(),
            quantity: Micros(1_000_000),
            net_amount: Micros(cents * 10_000),
            ..LineDraft::default()
        }],
    }
}

/// One folder, and what its statements have to be.
struct Run {
    world: World,
    model: Model,
    said: BTreeMap<(String, String, Days), Said>,
    kept: Vec<Settled>,
    refused: usize,
}

impl Run {
    fn publish(&mut self, percent: i128) {
        self.world.publish(&policy_of(&agreements(percent)));
        self.model.percents.insert(self.world.engine.view().policy.0.version, percent);
    }

    fn settle(&mut self, id: String, story: usize, draws: &mut Draws) {
        let contract = format!("{story}.{}", LETTERS[draws.below(3)]);
        let days = month(draws.below(6));
        let (kind, through) = match draws.below(3) {
            0 => (StatementKind::Interim, days.first.plus(i32::try_from(draws.below(28)).unwrap())),
            _ => (StatementKind::Final, days.last),
        };
        let (agreements, reopens, dry_run) = (Vec::new(), None, false);
        let asked = Settle { id, contract, through, kind, agreements, reopens, dry_run };
        match self.world.engine.settle(&Caller::operator(), &asked) {
            Ok(settled) => self.hold(&asked, settled),
            Err(LedgerError::Settle(SettleRefusal::Behind { .. })) => self.refused += 1,
            Err(LedgerError::Settle(SettleRefusal::Closed { .. })) => {
                self.refused += 1;
                self.hold_closed(&asked.contract);
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// Holds a statement against the documents.
    fn hold(&mut self, asked: &Settle, settled: Settled) {
        let statement = &settled.statement;
        assert_eq!(statement.number, u64::try_from(self.kept.len()).unwrap() + 1);
        for (place, entry) in (0..).zip(&statement.entries) {
            let key = (asked.contract.clone(), entry.agreement.clone(), entry.period);
            let days = Days { last: entry.through, ..entry.period };
            let expected = match entry.agreement.as_str() {
                "b" => quarter(entry.period.first),
                _ => entry.period.first.month().days(),
            };
            assert_eq!(entry.period, expected);
            let before = self.said.get(&key);
            let entitled = self.model.entitled(&entry.agreement, &asked.contract, &days, entry.version);
            let what = format!("{} {:?} of {asked:?}", entry.agreement, entry.kind);
            assert_eq!(i128::from(entry.entitlement.0), entitled, "{what}");
            assert_eq!(i128::from(entry.earlier.0), before.map_or(0, |said| said.sum), "{what}");
            assert_eq!(entry.to_pay.0, entry.entitlement.0 - entry.earlier.0, "{what}");
            let below = settled.documents.iter().filter(|document| document.entry == place);
            let listed: i128 = below.clone().map(|document| document.to_basis).sum();
            let basis = self.model.basis(&entry.agreement, &asked.contract, &days);
            match entry.kind {
                EntryKind::Correction => {
                    let before = before.unwrap();
                    assert!(before.closed && before.version == entry.version, "{what}");
                    assert_eq!(listed, basis - before.basis, "{what}");
                    assert!(
                        below.clone().count() > 0 && below.clone().all(|document| document.late),
                        "{what}"
                    );
                }
                EntryKind::Interim | EntryKind::Final => {
                    assert!(before.is_none_or(|said| !said.closed), "{what}");
                    assert_eq!(entry.version, self.world.engine.view().policy.0.version);
                    assert_eq!(listed, basis, "{what}");
                }
            }
            let closed = entry.kind != EntryKind::Interim;
            let said = Said { sum: entitled, version: entry.version, closed, basis };
            self.said.insert(key, said);
        }
        if asked.kind == StatementKind::Final {
            for agreement in ["a", "c"] {
                let key = (asked.contract.clone(), agreement.to_owned(), asked.through.month().days());
                assert!(self.said[&key].closed);
            }
        }
        self.hold_closed(&asked.contract);
        self.kept.push(settled);
    }

    /// What was said of every closed period of a contract is what its documents come to now.
    fn hold_closed(&self, contract: &str) {
        let own = self.said.iter().filter(|((of, _, _), said)| of == contract && said.closed);
        for ((_, agreement, period), said) in own {
            let now = self.model.entitled(agreement, contract, period, said.version);
            assert_eq!(said.sum, now, "{agreement} of {contract} in {period}");
        }
    }
}

#[test]
fn what_statements_say_in_sum_is_what_the_documents_come_to() {
    let mut draws = Draws::new(31);
    let (mut statements, mut corrections, mut refused) = (0, 0, 0);
    for _ in 0..effort::count(WORLDS) {
        let (world, model) = (World::of(STORIES), Model::default());
        let mut run = Run { world, model, said: BTreeMap::new(), kept: Vec::new(), refused: 0 };
        run.publish(2);
        for story in 0..STORIES {
            for step in 0..STEPS {
                if draws.below(10) < 7 {
                    let documents: Vec<DocumentDraft> = (0..1 + draws.below(2))
                        .map(|place| drawn(story, step * 2 + place, &mut draws))
                        .collect();
                    run.world.posted(documents.clone());
                    run.model.posted.extend(documents);
                } else {
                    run.settle(format!("{story}.{step}"), story, &mut draws);
                }
            }
            run.publish(i128::try_from(2 + draws.below(4)).unwrap());
            // Only this story's documents count for its contracts.
            run.model.posted.clear();
        }
        run.world = run.world.reopened();
        for settled in &run.kept {
            let number = settled.statement.number;
            let found = run.world.engine.statement(&Caller::operator(), number, (0, 1_000)).unwrap();
            assert_eq!((&found.0, &found.1), (&settled.statement, &settled.documents));
            corrections +=
                settled.statement.entries.iter().filter(|entry| entry.kind == EntryKind::Correction).count();
        }
        statements += run.kept.len();
        refused += run.refused;
    }
    println!("{statements} statements, {corrections} corrections, {refused} refused");
    assert!(statements > 100 && corrections > 50);
}
