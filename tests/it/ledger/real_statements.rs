//! Are a wholesaler's real quarters settled to the penny, in whatever order the documents come? Against sums of the raw lines.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use quoin::domain::day::{CivilDay, CivilMonth, Days};
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::engine::error::{LedgerError, SettleRefusal};
use quoin::engine::ledger::settlement::Settle;
use quoin::engine::policy::{PolicyFile, PublishPolicy};
use quoin::ledger::draft::DocumentDraft;
use quoin::ledger::statement::{StatementEntry, StatementKind};

use super::real::{Real, post, shuffled};
use crate::effort::{self, Draws};

const POLICY: &str = "
quoin_policy: 1
currency: GBP
agreements:
  - { id: q, period: quarter, tiers: [{ from: 300, percent: 1 }, { from: 1000, percent: 1.5 }, { from: 5000, percent: 2.25 }] }
";

/// In hundredths of a percent, by the pounds from which.
const TIERS: [(i128, i128); 3] = [(5_000, 225), (1_000, 150), (300, 100)];

const QUARTER_ENDS: [&str; 5] = ["2010-12-31", "2011-03-31", "2011-06-30", "2011-09-30", "2011-12-31"];

fn quarters() -> Vec<Days> {
    let days = |last: &&str| {
        let last = CivilDay::parse(last).unwrap();
        Days { first: CivilMonth(last.month().0 - 2).first(), last }
    };
    QUARTER_ENDS.iter().map(days).collect()
}

/// By customer and the last day of a quarter.
type ByQuarter<T> = BTreeMap<(String, CivilDay), T>;

/// What was paid by customer and quarter, and what the last statement said.
#[derive(Default, Debug, PartialEq)]
struct Paid {
    sums: ByQuarter<(i64, StatementEntry)>,
    statements: u64,
}

struct Way<'r> {
    engine: Engine,
    customers: &'r BTreeSet<String>,
    paid: Paid,
}

impl Way<'_> {
    /// Settles a quarter of every customer; what is closed and has not changed is refused.
    fn settle(&mut self, quarter: &Days, round: usize) {
        for contract in self.customers {
            let asked = Settle {
                id: format!("{contract}.{}.{round}", quarter.last),
                contract: contract.clone(),
                through: quarter.last,
                kind: StatementKind::Final,
                agreements: Vec::new(),
                reopens: None,
                dry_run: false,
            };
            let statement = match self.engine.settle(&Caller::operator(), &asked) {
                Ok(settled) => settled.statement,
                Err(LedgerError::Settle(SettleRefusal::Closed { .. })) if round > 0 => continue,
                Err(error) => panic!("{error}"),
            };
            self.paid.statements += 1;
            assert_eq!(statement.number, self.paid.statements);
            for entry in statement.entries {
                let key = (contract.clone(), entry.period.last);
                let before = self.paid.sums.get(&key).map_or(0, |(sum, _)| *sum);
                assert_eq!(entry.earlier.0, before);
                self.paid.sums.insert(key, (before + entry.to_pay.0, entry));
            }
        }
    }
}

fn begun<'r>(real: &Real, folder: &Path, customers: &'r BTreeSet<String>) -> Way<'r> {
    let engine = real.engine(folder);
    let files = vec![PolicyFile { name: "policy.yaml".to_owned(), text: POLICY.to_owned() }];
    let asked = PublishPolicy { files, ..PublishPolicy::default() };
    assert!(engine.publish_policy(&Caller::operator(), asked).unwrap().published);
    Way { engine, customers, paid: Paid::default() }
}

/// What the raw lines of a customer's quarter are entitled to.
fn owed(real: &Real, contract: &str, quarter: &Days) -> i64 {
    let customer = real.raw.keys().find(|id| real.invoices.customers.name(**id) == contract).unwrap();
    let days = real.raw[customer].range(quarter.first..=quarter.last);
    let net: i128 = days.flat_map(|(_, skus)| skus.values()).map(|(_, paid)| paid).sum();
    let rate = TIERS.iter().find(|(from, _)| net >= from * 1_000_000).map_or(0, |(_, rate)| *rate);
    // To a whole penny, half up.
    i64::try_from((net * rate + 50_000_000) / 100_000_000 * 10_000).unwrap()
}

#[test]
fn real_quarters_are_settled_to_the_penny_in_any_order() {
    let Some(data) = std::env::var_os("QUOIN_REAL_DATA") else {
        println!("skipped: QUOIN_REAL_DATA is not set");
        return;
    };
    let real = Real::read(Path::new(&data));
    let mut draws = Draws::new(41);
    let share = usize::try_from(effort::count(100)).unwrap();
    let customers: BTreeSet<String> =
        real.invoices.customers.all().filter(|_| draws.below(100) < share).map(str::to_owned).collect();
    let mut documents: Vec<DocumentDraft> =
        real.documents.iter().filter(|document| customers.contains(&document.contract)).cloned().collect();
    documents.sort_by_key(|document| document.day);

    // Quarter by quarter, as they were.
    let folder = tempfile::tempdir().unwrap();
    let mut in_order = begun(&real, folder.path(), &customers);
    for quarter in quarters() {
        let of: Vec<DocumentDraft> =
            documents.iter().filter(|document| quarter.hold(document.day)).cloned().collect();
        post(&in_order.engine, &of);
        in_order.settle(&quarter, 0);
    }
    let mut owed_in_all = 0;
    for quarter in quarters() {
        for contract in &customers {
            let (sum, entry) = &in_order.paid.sums[&(contract.clone(), quarter.last)];
            assert_eq!(
                (*sum, entry.entitlement.0),
                (owed(&real, contract, &quarter), *sum),
                "{contract} {quarter}"
            );
            owed_in_all += sum;
        }
    }
    let figures = |way: &Way<'_>| -> ByQuarter<(i64, i128, i128, Option<u32>)> {
        let of = |(sum, entry): &(i64, StatementEntry)| (*sum, entry.measure, entry.basis, entry.tier);
        way.paid.sums.iter().map(|(key, told)| (key.clone(), of(told))).collect()
    };
    let expected = figures(&in_order);
    let statements = in_order.paid.statements;
    drop(in_order);

    // All in one batch; and out of order, in batches; settled when all are there.
    for shuffle in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let mut way = begun(&real, folder.path(), &customers);
        match shuffle {
            false => drop(post(&way.engine, &documents)),
            true => {
                for part in shuffled(&documents, &mut draws).chunks(300) {
                    post(&way.engine, part);
                }
            }
        }
        quarters().iter().for_each(|quarter| way.settle(quarter, 0));
        assert_eq!((figures(&way), way.paid.statements), (expected.clone(), statements));
    }

    // Out of order, settled while they come: what was said in sum is the same.
    let folder = tempfile::tempdir().unwrap();
    let mut way = begun(&real, folder.path(), &customers);
    let out_of_order = shuffled(&documents, &mut draws);
    for (round, part) in out_of_order.chunks(documents.len().div_ceil(3)).enumerate() {
        post(&way.engine, part);
        quarters().iter().for_each(|quarter| way.settle(quarter, round));
    }
    let sums = |figures: ByQuarter<(i64, i128, i128, Option<u32>)>| -> ByQuarter<i64> {
        figures.into_iter().map(|(key, (sum, ..))| (key, sum)).collect()
    };
    assert_eq!(sums(figures(&way)), sums(expected));
    println!(
        "{} customers, {} documents, {statements} statements, {} while they come; {} pounds owed",
        customers.len(),
        documents.len(),
        way.paid.statements,
        owed_in_all / 1_000_000
    );
}
