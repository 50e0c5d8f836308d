//! In what world do the ledger's stories play? A small catalogue, contracts of one holding for each story, and a policy that
//! measures every kind of period.

use std::path::Path;

use quoin::domain::contract::Circumstances;
use quoin::domain::day::CivilDay;
use quoin::domain::decimal::Micros;
use quoin::domain::ids::PublicationNo;
use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::engine::ledger::{PostDocuments, PostReport};
use quoin::engine::policy::{PolicyFile, PublishPolicy};
use quoin::engine::{Engine, EngineOptions};
use quoin::exchange::source::Source;
use quoin::ledger::document::{Allocation, DocumentKind, Plan, RuleUse};
use quoin::ledger::draft::{DocumentDraft, LineDraft};
use quoin::pricing::cart::PricedCart;
use quoin::pricing::request::{CartLine, CartRequest, Detail, NO_PARTICULARS, ProgressWanted, SkuRef};
use tempfile::TempDir;

const FILES: &[(&str, &str)] = &[
    ("units.csv", "unit,decimals\npiece,0\nbox,0\nkg,3\nt,6\n"),
    (
        "skus.csv",
        "sku,base_unit,category,brand\nbolt,piece,fasteners/bolts/hex,iron\nnut,piece,fasteners/nuts,iron\n\
         rebar,t,metal/long/rebar,steel\nbeam,t,metal/long/beams,steel\nglue,kg,,\n",
    ),
    (
        "sku_units.csv",
        "sku,unit,numerator,denominator\nbolt,box,100,1\nbolt,kg,20,1\nbolt,t,20000,1\nrebar,kg,1,1000\nbeam,kg,1,1000\nnut,kg,50,3\n",
    ),
    ("price_lists.csv", "price_list,currency\nbase,EUR\ndollars,USD\n"),
    (
        "prices.csv",
        "price_list,sku,price\nbase,bolt,100\nbase,nut,50\nbase,rebar,100000\nbase,beam,40000\ndollars,bolt,110\n",
    ),
];

/// Contracts of a story, by letter: A and B are one counterparty's, H another's of the same holding, U is A's in dollars.
const LETTERS: [(&str, &str, &str, &str); 4] = [
    ("A", "own", "EUR", "base"),
    ("B", "own", "EUR", "base"),
    ("H", "sister", "EUR", "base"),
    ("U", "own", "USD", "dollars"),
];

/// The first day of every contract.
const BEGINS: &str = "2025-02-15";

/// Every named measure has a rule that never gives anything, so that it is asked for; `long` gives.
const POLICY: &str = "
quoin_policy: 1
currency: EUR
measures:
  month:     { name: month, what: amount, over: month }
  quarter:   { name: quarter, what: amount, over: quarter }
  half:      { name: half, what: amount, over: half }
  year:      { name: year, what: amount, over: year }
  before:    { name: before, what: amount, over: quarter, window: previous }
  rolling:   { name: rolling, what: amount, over: rolling, months: 3 }
  own-year:  { name: own year, what: amount, over: year, calendar: contract }
  own-prev:  { name: own quarter before, what: amount, over: quarter, calendar: contract, window: previous }
  list:      { name: list, what: amount, of: list, over: quarter }
  contract:  { name: contract, what: amount, of: contract, over: quarter }
  party:     { name: party, what: amount, over: quarter, of_whom: counterparty }
  holding:   { name: holding, what: amount, over: quarter, of_whom: holding }
  pieces:    { name: pieces, what: quantity, unit: piece, over: quarter, goods: { category: fasteners } }
  tonnes:    { name: tonnes, what: weight, unit: t, over: quarter, goods: { category: metal } }
  kilos:     { name: kilos, what: weight, unit: kg, over: year }
  skus:      { name: skus, what: skus, over: quarter }
  all-skus:  { name: holding skus, what: skus, over: year, of_whom: holding }
  groups:    { name: groups, what: categories, level: 1, over: quarter }
  kinds:     { name: kinds, what: categories, over: quarter }
  dollars:   { name: dollars, what: amount, currency: USD, over: quarter, of_whom: counterparty }
rules:
";

const LONG: &str = "
  - { id: long, layer: volume, goods: { category: metal/long }, measure: { what: weight, unit: t, over: quarter },
      mode: graduated, tiers: [{ above: 10, percent: 5 }] }
  - { id: bulk, layer: volume, goods: { sku: nut }, measure: { what: quantity, over: month }, mode: volume,
      tiers: [{ from: 15, percent: 10 }] }
";

/// The policy's text.
pub fn policy() -> String {
    let named = |line: &str| {
        line.strip_prefix("  ").and_then(|line| line.split_once(':')).map(|(name, _)| name.to_owned())
    };
    let names = POLICY.lines().skip_while(|line| *line != "measures:").skip(1).map_while(named);
    let idle = names.filter(|name| !name.is_empty()).map(|name| {
        format!("  - {{ id: of-{name}, layer: volume, measure: {name}, mode: volume, tiers: [{{ from: 9000000000, percent: 1 }}] }}\n")
    });
    [POLICY.to_owned(), idle.collect(), LONG.trim_start_matches('\n').to_owned()].concat()
}

/// An engine over a folder of its own.
pub struct World {
    pub folder: TempDir,
    pub engine: Engine,
}

/// The files of the world, with contracts for so many stories.
pub fn write_files(folder: &Path, stories: usize) -> Vec<Source> {
    let mut contracts = "contract,counterparty,currency,time_zone,valid_from\n".to_owned();
    let mut parties = "counterparty,holding\n".to_owned();
    let mut access = "contract,position,price_list\n".to_owned();
    for story in 0..stories {
        for (party, holding) in [("own", "all"), ("sister", "all")] {
            parties.push_str(&format!("{story}.{party},{story}.{holding}\n"));
        }
        for (letter, party, currency, list) in LETTERS {
            contracts
                .push_str(&format!("{story}.{letter},{story}.{party},{currency},Europe/Berlin,{BEGINS}\n"));
            access.push_str(&format!("{story}.{letter},1,{list}\n"));
        }
    }
    let made = [("contracts.csv", contracts), ("counterparties.csv", parties), ("access.csv", access)];
    let all = FILES.iter().map(|(name, text)| (*name, (*text).to_owned())).chain(made);
    let write = |(name, text): (&str, String)| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    Source::of_paths(all.map(write).collect::<Vec<_>>(), None).unwrap()
}

impl World {
    /// With contracts for so many stories.
    pub fn of(stories: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sources = write_files(folder.path(), stories);
        let engine = Engine::open(&EngineOptions::new(folder.path().join("data"))).unwrap();
        let job = ImportJob { sources, ..ImportJob::default() };
        let report = engine.import(&Caller::operator(), &job, &Silent).unwrap();
        assert_eq!(report.verdict, Verdict::Published, "{:#?}", report.refused);
        let world = Self { folder, engine };
        world.publish(&policy());
        world
    }

    pub fn publish(&self, text: &str) {
        let files = vec![PolicyFile { name: "policy.yaml".to_owned(), text: text.to_owned() }];
        let asked = PublishPolicy { files, ..PublishPolicy::default() };
        let report = self.engine.publish_policy(&Caller::operator(), asked).unwrap();
        assert!(report.published, "{:#?}", report.findings);
    }

    /// The same folder, opened again.
    pub fn reopened(self) -> Self {
        let Self { folder, engine } = self;
        drop(engine);
        let engine = Engine::open(&EngineOptions::new(folder.path().join("data"))).unwrap();
        Self { folder, engine }
    }

    /// A cart of SKUs and quantities under the contract A of the first story; a line's id is its SKU's.
    pub fn priced(&self, at: &str, publication: Option<PublicationNo>, lines: &[(&str, &str)]) -> PricedCart {
        self.priced_by("", at, publication, lines)
    }

    /// The same, ordered by a channel.
    pub fn priced_by(
        &self,
        channel: &str,
        at: &str,
        publication: Option<PublicationNo>,
        lines: &[(&str, &str)],
    ) -> PricedCart {
        self.asked((channel, at, publication), lines, Detail::Basic)
    }

    /// The same, with all reasoning.
    pub fn explained(&self, at: &str, lines: &[(&str, &str)]) -> PricedCart {
        self.asked(("", at, None), lines, Detail::Explain)
    }

    fn asked(
        &self,
        (channel, at, publication): (&str, &str, Option<PublicationNo>),
        lines: &[(&str, &str)],
        detail: Detail,
    ) -> PricedCart {
        let lines: Vec<CartLine<'_>> = lines
            .iter()
            .map(|(sku, quantity)| CartLine {
                id: sku,
                sku: SkuRef::Code(sku),
                quantity: micros(quantity),
                unit: "",
            })
            .collect();
        let request = CartRequest {
            contract: "0.A",
            pricing_at: Some(Instant::parse(at).unwrap()),
            publication,
            circumstances: Circumstances { channel, ..Circumstances::default() },
            lines: &lines,
            particulars: &NO_PARTICULARS,
            progress: ProgressWanted::Nothing,
            detail,
        };
        self.engine.price_cart(&Caller::operator(), &request).unwrap()
    }

    pub fn post(&self, documents: Vec<DocumentDraft>) -> PostReport {
        let asked = PostDocuments { documents, ..PostDocuments::default() };
        self.engine.post_documents(&Caller::operator(), asked).unwrap()
    }

    /// Posts what must be right.
    pub fn posted(&self, documents: Vec<DocumentDraft>) -> PostReport {
        let report = self.post(documents);
        assert!(!report.refused(), "{:#?}", report.faults);
        report
    }
}

pub fn micros(text: &str) -> Micros {
    Micros::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A document of a story: `S1 shipment A 2026-01-15 bolt 10 100.00, rebar 2 kg 5`, that is id, kind, contract's letter, day,
/// then perhaps `for S1` (what a return names), `due 2026-02-15`, `by portal` (a channel), `after Q1` (a quote), `uses spring=5;fund=2`
/// (of limits), `payer sister` and `to own` (who pays and who received the goods), in that order, and lines of SKU, quantity, perhaps
/// a unit, and the net amount; behind that perhaps `list=`, `contract=`, `tax=` and `cost=`, `weighs=5kg`. A payment has lines of
/// what it pays and how much (`P1 payment A 2026-02-01 S1 50, - 10`), a plan a measure, its last day and how much
/// (`L1 plan A 2026-01-01 turnover 2026-03-31 5000`).
pub fn document(story: usize, text: &str) -> DocumentDraft {
    let mut parts = text.split(',');
    let mut words: Vec<&str> = parts.next().unwrap().split_whitespace().collect();
    let mut rest = words.split_off(4);
    let [id, kind, contract, day] = words[..] else { panic!("{text}") };
    let (_, kind) = DocumentKind::WORDS.into_iter().find(|(word, _)| *word == kind).unwrap();
    let mut stated = |word: &str| match rest[..] {
        [first, value, ..] if first == word => rest.drain(..2).nth(1).map(|_| value),
        _ => None,
    };
    let (reference, due, channel) = (stated("for"), stated("due"), stated("by"));
    let (quote, uses) = (stated("after"), stated("uses"));
    let (payer, ship_to) = (stated("payer"), stated("to"));
    let parts: Vec<Vec<&str>> =
        std::iter::once(rest).chain(parts.map(|part| part.split_whitespace().collect())).collect();
    let of = |id: &str| format!("{story}.{id}");
    let mut draft = DocumentDraft {
        id: of(id),
        kind,
        contract: of(contract),
        day: CivilDay::parse(day).unwrap(),
        currency: String::new(),
        reference: reference.map_or(String::new(), of),
        payer: payer.map_or(String::new(), of),
        ship_to: ship_to.map_or(String::new(), of),
        quote: quote.map_or(String::new(), of),
        channel: channel.unwrap_or_default().to_owned(),
        due: due.map(|due| CivilDay::parse(due).unwrap()),
        lines: Vec::new(),
        allocations: Vec::new(),
        plan: None,
        uses: uses.map_or_else(Vec::new, rule_uses),
    };
    match kind {
        DocumentKind::Payment => {
            let one = |words: &Vec<&str>| Allocation {
                document: if words[0] == "-" { String::new() } else { of(words[0]) },
                amount: micros(words[1]),
            };
            draft.allocations = parts.iter().map(one).collect();
        }
        DocumentKind::Plan => {
            let [measure, last, target] = parts[0][..] else { panic!("{text}") };
            let (last_day, target) = (CivilDay::parse(last).unwrap(), micros(target));
            draft.plan = Some(Plan { measure: measure.to_owned(), last_day, target });
        }
        _ => draft.lines = parts.iter().filter(|words| !words.is_empty()).map(|words| line(words)).collect(),
    }
    draft
}

/// What is used of rules, as in `spring=5;fund=-2.5`.
pub fn rule_uses(text: &str) -> Vec<RuleUse> {
    let one = |text: &str| {
        let (rule, used) = text.split_once('=').unwrap();
        RuleUse { rule: rule.to_owned(), used: micros(used) }
    };
    text.split(';').map(one).collect()
}

fn line(words: &[&str]) -> LineDraft {
    let (stated, words): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| word.contains('='));
    let (sku, quantity, unit, net) = match words[..] {
        [sku, quantity, net] => (sku, quantity, "", net),
        [sku, quantity, unit, net] => (sku, quantity, unit, net),
        _ => panic!("{words:?}"),
    };
    let said = |name: &str| stated.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    let weight = said("weighs").map(|text| {
        let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        (micros(text.strip_suffix(unit).unwrap()), unit.to_owned())
    });
    LineDraft {
        sku: sku.to_owned(),
        unit: unit.to_owned(),
        quantity: micros(quantity),
        list_amount: said("list").map(micros),
        contract_amount: said("contract").map(micros),
        net_amount: micros(net),
        tax_amount: said("tax").map(micros).unwrap_or_default(),
        cost: said("cost").map(micros),
        weight,
    }
}
