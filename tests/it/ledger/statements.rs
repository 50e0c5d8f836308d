//! What do statements say of periods, and of what comes after them? Stories: documents, edits of the policy and settlements in
//! their order, and what each statement tells.

use std::collections::BTreeMap;

use quoin::domain::day::CivilDay;
use quoin::domain::decimal::Micros;
use quoin::engine::caller::Caller;
use quoin::engine::error::LedgerError;
use quoin::engine::ledger::settlement::{Settle, Settled};
use quoin::ledger::statement::{EntryDocument, EntryKind, Statement, StatementEntry, StatementKind};

use super::statement_stories::{STORIES, Story};
use super::stories::policy_of;
use super::world::{World, document};
use super::{party_statements, statement_corrections};

fn text(micros: Micros) -> String {
    micros.to_string()
}

fn documents_told(story: usize, documents: &[&EntryDocument]) -> String {
    let one = |document: &&EntryDocument| {
        let id = document.id.strip_prefix(&format!("{story}.")).unwrap();
        let late = if document.late { "late " } else { "" };
        format!(" {late}{id} {}", text(Micros(i64::try_from(document.to_basis).unwrap())))
    };
    documents.iter().map(one).collect::<Vec<_>>().join(",")
}

fn entry_told(entry: &StatementEntry, place_of: &BTreeMap<u64, usize>) -> String {
    let kind = match (entry.kind, entry.corrects) {
        (EntryKind::Interim, None) => "interim".to_owned(),
        (EntryKind::Final, None) => "final".to_owned(),
        (EntryKind::Correction, Some(of)) => format!("correction of #{}", place_of[&of]),
        other => panic!("{other:?}"),
    };
    format!(
        "{} {kind} to {}: {} - {} = {};",
        entry.agreement,
        entry.period.last,
        text(entry.entitlement),
        text(entry.earlier),
        text(entry.to_pay)
    )
}

/// What a statement tells, entry by entry.
fn told(story: usize, settled: &Settled, place_of: &BTreeMap<u64, usize>) -> Vec<String> {
    let entry = |(place, entry): (u32, &StatementEntry)| {
        let below: Vec<&EntryDocument> =
            settled.documents.iter().filter(|document| document.entry == place).collect();
        assert_eq!(usize::try_from(entry.documents).unwrap(), below.len());
        format!("{}{}", entry_told(entry, place_of), documents_told(story, &below))
    };
    (0..).zip(&settled.statement.entries).map(entry).collect()
}

/// A settlement as a line asks for it.
fn asked(story: usize, number: usize, line: &str, numbers: &[u64]) -> Settle {
    let words: Vec<&str> = line.split(' ').collect();
    let said = |name: &str| words.iter().position(|word| *word == name).map(|at| words[at + 1]);
    let kind = match words[0] {
        "final" => StatementKind::Final,
        "interim" => StatementKind::Interim,
        other => panic!("{other}"),
    };
    let reopens = said("reopens").map(|of| numbers[of[1..].parse::<usize>().unwrap() - 1]);
    Settle {
        id: format!("{story}.{number}"),
        contract: format!("{story}.{}", words[1]),
        through: CivilDay::parse(words[2]).unwrap(),
        kind,
        agreements: said("only").map(|ids| ids.split(',').map(str::to_owned).collect()).unwrap_or_default(),
        reopens,
        dry_run: false,
    }
}

/// What a story's statements were, to be held against what they are later.
type Kept = Vec<(Statement, Vec<EntryDocument>)>;

fn run(world: &World, number: usize, story: &Story, (kept, wrong): (&mut Kept, &mut Vec<String>)) {
    let caller = Caller::operator();
    let (mut numbers, mut place_of) = (Vec::new(), BTreeMap::new());
    let mut lines = story.lines.iter().enumerate().peekable();
    while let Some((at, line)) = lines.next() {
        if let Some(agreements) = line.strip_prefix("policy ") {
            world.publish(&policy_of(agreements));
            continue;
        }
        let Some(settle) = line.strip_prefix("> ") else {
            world.posted(vec![document(number, line)]);
            continue;
        };
        let mut expected = Vec::new();
        while let Some((_, line)) =
            lines.next_if(|(_, line)| line.contains("; ") || line.ends_with(';') || line.starts_with('!'))
        {
            expected.push((*line).to_owned());
        }
        let asked = asked(number, at, settle, &numbers);
        let tried = world.engine.settle(&caller, &Settle { dry_run: true, ..asked.clone() });
        let found = match world.engine.settle(&caller, &asked) {
            Ok(settled) => {
                let of = settled.statement.number;
                numbers.push(of);
                place_of.insert(of, numbers.len());
                let tried = tried.unwrap();
                assert_eq!(
                    (tried.statement.number, &tried.statement.entries),
                    (0, &settled.statement.entries)
                );
                assert_eq!(tried.documents, settled.documents);
                // The same request again.
                let again = world.engine.settle(&caller, &asked).unwrap();
                assert!(again.repeated && !settled.repeated);
                assert_eq!((&again.statement, &again.documents), (&settled.statement, &settled.documents));
                let total: i128 =
                    settled.statement.entries.iter().map(|entry| i128::from(entry.to_pay.0)).sum();
                assert_eq!(settled.statement.total, total);
                let lines = told(number, &settled, &place_of);
                kept.push((settled.statement, settled.documents));
                lines
            }
            Err(LedgerError::Settle(refusal)) => vec![format!("! {refusal}")],
            Err(error) => panic!("{}: {error}", story.what),
        };
        let mut expected: Vec<String> =
            expected.iter().map(|line| line.replace("{}", &number.to_string())).collect();
        for (place, real) in (1..).zip(&numbers) {
            if let Some(first) = expected.first_mut().filter(|line| line.starts_with('!')) {
                *first = first.replace(&format!("#{place}"), &real.to_string());
            }
        }
        if found != expected {
            wrong.push(format!("{}: {settle}:\n  found    {found:#?}\n  expected {expected:#?}", story.what));
        }
    }
}

#[test]
fn statements_say_what_the_stories_say() {
    let of_contracts = STORIES.iter().chain(statement_corrections::STORIES);
    let stories: Vec<&Story> = of_contracts.chain(party_statements::STORIES).collect();
    let mut world = World::of(stories.len());
    let (mut kept, mut wrong) = (Kept::new(), Vec::new());
    for (number, story) in stories.iter().enumerate() {
        run(&world, number, story, (&mut kept, &mut wrong));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Numbers have no gaps, and no statement changes afterwards, also where the folder is opened again.
    let numbers: Vec<u64> = kept.iter().map(|(statement, _)| statement.number).collect();
    assert_eq!(numbers, (1..).take(kept.len()).collect::<Vec<u64>>());
    for _ in 0..2 {
        for (statement, documents) in &kept {
            let found = world.engine.statement(&Caller::operator(), statement.number, (0, 1_000)).unwrap();
            assert_eq!((&found.0, &found.1), (statement, documents));
        }
        world = world.reopened();
    }
    let (page, more) = world.engine.statements(&Caller::operator(), "0.A", (0, 1)).unwrap();
    assert_eq!((page[0].number, page.len(), more), (1, 1, true));
    let statements = kept.len();
    println!("{} stories, {statements} statements", stories.len());
    assert!(STORIES.len() + statement_corrections::STORIES.len() >= 25 && statements > 60, "{statements}");
}
