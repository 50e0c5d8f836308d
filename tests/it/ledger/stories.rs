//! What are stories of agreements told in, and held against what quoin says?

use quoin::domain::decimal::Micros;
use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;

use super::world::{World, document, micros};

/// Agreements as they are written, documents, and what the contracts are entitled to: `letter day entitlement...`, one for each
/// agreement.
pub struct Story {
    pub what: &'static str,
    pub agreements: &'static str,
    pub documents: &'static [&'static str],
    pub entitled: &'static [&'static str],
}

/// Measures that agreements and plans may name.
const MEASURES: &str = "
measures:
  turnover: { name: turnover, what: amount, over: quarter }
  tonnes: { name: tonnes, what: weight, unit: t, over: year, goods: { category: metal } }
";

/// The policy of a story.
pub fn policy(number: usize, story: &Story) -> String {
    policy_of(&story.agreements.replace("{}", &number.to_string()))
}

/// A policy of agreements, each a line; a line that begins with no dash begins another section.
pub fn policy_of(agreements: &str) -> String {
    let lines = agreements.lines().map(str::trim_start);
    let lines: Vec<String> =
        lines.map(|line| if line.starts_with('-') { format!("  {line}") } else { line.to_owned() }).collect();
    format!("quoin_policy: 1\ncurrency: EUR{MEASURES}agreements:\n{}\n", lines.join("\n"))
}

/// What a contract is entitled to by each agreement that holds for it, by id.
pub fn entitled(world: &World, contract: &str, day: &str) -> Vec<Micros> {
    let at = Instant::parse(&format!("{day}T11:00:00Z")).unwrap();
    let (accruals, _) = world.engine.accruals(&Caller::operator(), contract, Some(at)).unwrap();
    accruals.iter().map(|accrual| accrual.entitlement).collect()
}

/// Posts the documents of every story backwards, so that returns and payments come before their shipments, and holds what is said
/// against what is expected: carried on from document to document, and walked over anew.
pub fn hold(stories: &[Story]) {
    let world = World::of(stories.len());
    let mut wrong = Vec::new();
    for (number, story) in stories.iter().enumerate() {
        world.publish(&policy(number, story));
        let check = |order: &str, wrong: &mut Vec<String>| {
            for told in story.entitled {
                let mut words = told.split(' ');
                let (letter, day) = (words.next().unwrap(), words.next().unwrap());
                let expected: Vec<Micros> = words.map(micros).collect();
                let found = entitled(&world, &format!("{number}.{letter}"), day);
                if found != expected {
                    wrong.push(format!("{}: {order}: {told}: found {found:?}", story.what));
                }
            }
        };
        // Asked for before, so that accounts are carried on.
        check("nothing yet", &mut Vec::new());
        for text in story.documents.iter().rev() {
            world.posted(vec![document(number, text)]);
        }
        check("carried on", &mut wrong);
        world.publish(&policy(number, story));
        check("walked over", &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let checks: usize = stories.iter().map(|story| story.entitled.len()).sum();
    println!("{} stories of agreements, {checks} checks, two ways each", stories.len());
}
