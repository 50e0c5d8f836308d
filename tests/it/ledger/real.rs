//! Does a year of a wholesaler's real invoices and returns come to what its lines add up to? In order and out of order, in
//! batches of any size, with duplicates mixed in; against sums made from the raw lines.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use quoin::domain::day::{CivilDay, CivilMonth};
use quoin::domain::decimal::Micros;
use quoin::domain::time::{CivilSecond, Instant};
use quoin::engine::caller::Caller;
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::engine::ledger::purchases::AskPurchases;
use quoin::engine::ledger::{Became, PostDocuments};
use quoin::engine::policy::{PolicyFile, PublishPolicy};
use quoin::engine::{Engine, EngineOptions};
use quoin::exchange::source::Source;
use quoin::ledger::document::DocumentKind;
use quoin::ledger::draft::{DocumentDraft, LineDraft};
use quoin::policy::syntax::PeriodOf;

use crate::effort::{self, Draws};
use crate::replay::lines::{Invoices, NameId};

/// Lines that have a customer, in documents, of which so many are returns.
const LINES: usize = 406_829;
const DOCUMENTS: usize = 22_190;
const RETURNS: usize = 3_654;
/// Lines of returns, and those after which more had come back than was shipped, the documents taken in their order.
const RETURN_LINES: usize = 8_905;
const BEYOND: usize = 1_409;

const POLICY: &str = "
quoin_policy: 1
currency: GBP
measures:
  month:   { name: month, what: amount, over: month }
  quarter: { name: quarter, what: amount, over: quarter }
  rolling: { name: rolling, what: amount, over: rolling, months: 12 }
  pieces:  { name: pieces, what: quantity, over: quarter, window: previous }
  skus:    { name: skus, what: skus, over: year }
rules:
  - { id: a, layer: volume, measure: month, mode: volume, tiers: [{ from: 9000000000, percent: 1 }] }
  - { id: b, layer: volume, measure: quarter, mode: volume, tiers: [{ from: 9000000000, percent: 1 }] }
  - { id: c, layer: volume, measure: rolling, mode: volume, tiers: [{ from: 9000000000, percent: 1 }] }
  - { id: d, layer: volume, measure: pieces, mode: volume, tiers: [{ from: 9000000000, percent: 1 }] }
  - { id: e, layer: volume, measure: skus, mode: volume, tiers: [{ from: 9000000000, percent: 1 }] }
";

/// When measures are asked for: noon in London.
const ASKED_AT: [&str; 4] =
    ["2010-12-31T12:00:00Z", "2011-05-17T11:00:00Z", "2011-09-30T11:00:00Z", "2011-12-09T12:00:00Z"];

/// What was bought on the days of a customer, by SKU: pieces and millionths of a pound.
type Raw = BTreeMap<NameId, BTreeMap<CivilDay, BTreeMap<NameId, (i128, i128)>>>;

pub struct Real {
    pub invoices: Invoices,
    pub documents: Vec<DocumentDraft>,
    pub raw: Raw,
}

impl Real {
    pub fn read(real: &Path) -> Self {
        let invoices = Invoices::read(&real.join("online-retail/lines.parquet"));
        let mut by_invoice: BTreeMap<NameId, DocumentDraft> = BTreeMap::new();
        let mut raw = Raw::new();
        for line in &invoices.lines {
            let Some(customer) = line.customer else { continue };
            let (day, id) =
                (CivilDay::of(CivilSecond(line.wall_seconds)), invoices.invoices.name(line.invoice));
            let kind = if id.starts_with('C') { DocumentKind::Return } else { DocumentKind::Shipment };
            let amount = line.quantity * line.price_mills * 1_000;
            // Invoices of several instants are on one day.
            let draft = by_invoice.entry(line.invoice).or_insert_with(|| DocumentDraft {
                id: id.to_owned(),
                kind,
                contract: invoices.customers.name(customer).to_owned(),
                day,
                currency: "GBP".to_owned(),
                reference: String::new(),
                payer: String::new(),
                ship_to: String::new(),
                quote: String::new(),
                channel: String::new(),
                due: None,
                allocations: Vec::new(),
                plan: None,
                uses: Vec::new(),
                lines: Vec::new(),
            });
            assert_eq!(
                (draft.day, draft.contract.as_str()),
                (day, invoices.customers.name(customer)),
                "{id}"
            );
            let sign = if kind == DocumentKind::Return { -1 } else { 1 };
            draft.lines.push(LineDraft {
                sku: invoices.skus.name(line.sku).to_owned(),
                quantity: Micros::whole(sign * line.quantity).unwrap(),
                net_amount: Micros(sign * amount),
                ..LineDraft::default()
            });
            let bought =
                raw.entry(customer).or_default().entry(day).or_default().entry(line.sku).or_default();
            bought.0 += i128::from(line.quantity);
            bought.1 += i128::from(amount);
        }
        Self { invoices, documents: by_invoice.into_values().collect(), raw }
    }

    pub fn engine(&self, folder: &Path) -> Engine {
        let write = |name: &str, header: &str, rows: Vec<String>| {
            let path = folder.join(name);
            std::fs::write(&path, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
            path
        };
        let customers = || self.invoices.customers.all();
        let skus = self.invoices.skus.all().map(|sku| format!("\"{sku}\",piece"));
        let files = [
            write("units.csv", "unit,decimals", vec!["piece,0".to_owned()]),
            write("skus.csv", "sku,base_unit", skus.collect()),
            write("counterparties.csv", "counterparty", customers().map(str::to_owned).collect()),
            write(
                "contracts.csv",
                "contract,counterparty,currency,time_zone",
                customers().map(|customer| format!("{customer},{customer},GBP,Europe/London")).collect(),
            ),
        ];
        let engine = Engine::open(&EngineOptions::new(folder.join("data"))).unwrap();
        let job = ImportJob { sources: Source::of_paths(files, None).unwrap(), ..ImportJob::default() };
        let report = engine.import(&Caller::operator(), &job, &Silent).unwrap();
        assert_eq!(report.verdict, Verdict::Published, "{:#?}", report.refused);
        let files = vec![PolicyFile { name: "policy.yaml".to_owned(), text: POLICY.to_owned() }];
        let asked = PublishPolicy { files, ..PublishPolicy::default() };
        assert!(engine.publish_policy(&Caller::operator(), asked).unwrap().published);
        engine
    }

    /// What a customer's raw lines add up to, by measure, on a day.
    fn expected(&self, customer: NameId, day: CivilDay) -> BTreeMap<&'static str, i128> {
        let sum = |first: CivilDay, last: CivilDay| {
            let (mut pieces, mut amount) = (0, 0);
            let mut by_sku: BTreeMap<NameId, i128> = BTreeMap::new();
            for (sku, (quantity, paid)) in self.raw[&customer].range(first..=last).flat_map(|(_, skus)| skus)
            {
                pieces += quantity;
                amount += paid;
                *by_sku.entry(*sku).or_default() += quantity;
            }
            let skus = by_sku.values().filter(|quantity| **quantity > 0).count();
            (pieces * 1_000_000, amount, i128::try_from(skus).unwrap() * 1_000_000)
        };
        let month = day.month().0;
        let first_of = |months: i32| CivilMonth(month - month.rem_euclid(months)).first();
        let quarter = first_of(3);
        let before = CivilMonth(quarter.month().0 - 3).first();
        BTreeMap::from([
            ("month", sum(first_of(1), day).1),
            ("quarter", sum(quarter, day).1),
            ("rolling", sum(day.plus_months(-12).plus(1), day).1),
            ("pieces", sum(before, quarter.plus(-1)).0),
            ("skus", sum(first_of(12), day).2),
        ])
    }

    /// Holds every customer's measures and months against the raw lines.
    fn hold(&self, engine: &Engine, way: &str) {
        let caller = Caller::operator();
        for customer in self.raw.keys() {
            let contract = self.invoices.customers.name(*customer);
            for at in ASKED_AT {
                let (found, _) =
                    engine.measures(&caller, contract, Some(Instant::parse(at).unwrap())).unwrap();
                let found: BTreeMap<&str, i128> =
                    found.iter().map(|stands| (stands.measure.as_str(), stands.value)).collect();
                let expected = self.expected(*customer, CivilDay::parse(&at[..10]).unwrap());
                assert_eq!(found, expected, "{way}: customer {contract} at {at}");
            }
            let asked = AskPurchases { contract, of: PeriodOf::Contract, days: None };
            let found = engine.purchases(&caller, &asked).unwrap().by_currency;
            let mut months: BTreeMap<CivilMonth, i128> = BTreeMap::new();
            for (day, skus) in &self.raw[customer] {
                *months.entry(day.month()).or_default() += skus.values().map(|(_, paid)| paid).sum::<i128>();
            }
            let found = found.into_values().next().unwrap().months;
            let found: BTreeMap<_, _> = found.into_iter().map(|(month, of)| (month, of.net_amount)).collect();
            assert_eq!(found, months, "{way}: customer {contract}");
        }
    }
}

pub fn shuffled(documents: &[DocumentDraft], draws: &mut Draws) -> Vec<DocumentDraft> {
    let mut documents = documents.to_vec();
    draws.shuffle(&mut documents);
    documents
}

pub fn post(engine: &Engine, documents: &[DocumentDraft]) -> (usize, usize) {
    let asked = PostDocuments { documents: documents.to_vec(), ..PostDocuments::default() };
    let report = engine.post_documents(&Caller::operator(), asked).unwrap();
    assert!(!report.refused(), "{:#?}", report.faults);
    let posted = report.outcomes.iter().filter(|outcome| outcome.became == Became::Posted);
    let beyond =
        posted.clone().filter_map(|outcome| outcome.posted.as_ref()).map(|posted| posted.beyond.len());
    (posted.clone().count(), beyond.sum())
}

#[test]
fn a_year_of_real_documents_comes_to_what_its_lines_add_up_to() {
    let Some(real) = std::env::var_os("QUOIN_REAL_DATA") else {
        println!("skipped: QUOIN_REAL_DATA is not set");
        return;
    };
    let real = Real::read(Path::new(&real));
    let lines =
        |documents: &[DocumentDraft]| documents.iter().map(|document| document.lines.len()).sum::<usize>();
    let returns: Vec<DocumentDraft> =
        real.documents.iter().filter(|document| document.kind == DocumentKind::Return).cloned().collect();
    assert_eq!((real.documents.len(), lines(&real.documents)), (DOCUMENTS, LINES));
    assert_eq!((returns.len(), lines(&returns)), (RETURNS, RETURN_LINES));
    let mut draws = Draws::new(1);

    // All in one batch, and again.
    let folder = tempfile::tempdir().unwrap();
    let engine = real.engine(folder.path());
    let (posted, beyond) = post(&engine, &real.documents);
    assert_eq!((posted, beyond), (DOCUMENTS, BEYOND));
    real.hold(&engine, "at once");
    assert_eq!(post(&engine, &real.documents), (0, 0));
    real.hold(&engine, "at once, and again");
    drop(engine);

    // Out of order, in batches of any size, with duplicates of some in other batches, while measures are asked for.
    let folder = tempfile::tempdir().unwrap();
    let engine = real.engine(folder.path());
    let documents = shuffled(&real.documents, &mut draws);
    let (mut at, mut posted) = (0, 0);
    while at < documents.len() {
        let end = documents.len().min(at + 1 + draws.below(2_000));
        let again: Vec<DocumentDraft> =
            (0..draws.below(50)).map(|_| documents[draws.below(end)].clone()).collect();
        let batch = [&documents[at..end], &again].concat();
        posted += post(&engine, &shuffled(&batch, &mut draws)).0;
        let some = documents[draws.below(end)].contract.clone();
        engine.measures(&Caller::operator(), &some, Some(Instant::parse(ASKED_AT[3]).unwrap())).unwrap();
        at = end;
    }
    assert_eq!(posted, DOCUMENTS);
    real.hold(&engine, "shuffled");
    drop(engine);

    // One by one, out of order: those of some customers.
    let folder = tempfile::tempdir().unwrap();
    let engine = real.engine(folder.path());
    let share = usize::try_from(effort::count(100)).unwrap();
    let customers: BTreeSet<&str> =
        real.invoices.customers.all().filter(|_| draws.below(100) < share).collect();
    let (alone, together): (Vec<DocumentDraft>, Vec<DocumentDraft>) =
        documents.into_iter().partition(|document| customers.contains(document.contract.as_str()));
    println!("one by one: {} documents of {} customers", alone.len(), customers.len());
    if !together.is_empty() {
        post(&engine, &together);
    }
    for document in &alone {
        assert_eq!(post(&engine, std::slice::from_ref(document)).0, 1);
    }
    real.hold(&engine, "one by one");
}
