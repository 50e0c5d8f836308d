//! How are the settings of all cases priced? Each gets lists and a contract of its own names in one engine.

use std::collections::BTreeMap;
use std::path::Path;

use quoin::domain::contract::Circumstances;
use quoin::domain::decimal::Micros;
use quoin::domain::time::Instant;
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::engine::import::{ImportReport, Verdict};
use quoin::engine::publication::ImportMode;
use quoin::exchange::kind::Kind;
use quoin::pricing::cart::{
    CartLine, CartRequest, Detail, Layer, LineStatus, PricedCart, PricedLine, SkuRef,
};
use tempfile::TempDir;

use super::answer::{Answer, word};
use super::table::{Case, Rows, Setting, tables};
use crate::import_set::ImportSet;
use crate::ratio::Ratio;

/// Stands between a name and the number of its setting.
pub const NUMBERED: char = '.';

/// An engine in which all settings of some cases are published.
pub struct Shop {
    engine: Engine,
    numbers: BTreeMap<String, usize>,
    _folder: TempDir,
}

/// What a setting is called: the check's place, and which of its two settings it is.
fn name(place: &str, through: bool) -> String {
    format!("{place} {through}")
}

impl Shop {
    pub fn of(cases: &[Case]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine = crate::import_set::engine(folder.path());
        publish(&engine, &world());
        let mut numbers = BTreeMap::new();
        let mut together = ImportSet::default();
        for check in cases.iter().flat_map(|case| &case.checks) {
            let both =
                [(Some(&check.setting), &check.pays, false), (check.through.as_ref(), &check.other, true)];
            for (setting, answers, through) in both {
                let Some(setting) = setting else { continue };
                let number = numbers.len();
                numbers.insert(name(&check.place, through), number);
                if !expects_refusal(answers) {
                    add(&mut together, setting, number);
                }
            }
        }
        publish(&engine, &together);
        Self { engine, numbers, _folder: folder }
    }

    /// What a setting comes to, and the steps of its first line.
    pub fn answers(&self, place: &str, setting: &Setting, stated: &[Answer], through: bool) -> Found {
        let number = self.numbers[&name(place, through)];
        if expects_refusal(stated) {
            let mut alone = ImportSet::default();
            add(&mut alone, setting, number);
            let report = alone.import(&self.engine, ImportMode::Delta, true);
            return Found { answers: vec![refusal(&report)], ..Found::default() };
        }
        self.price(place, setting, number)
    }

    fn price(&self, place: &str, setting: &Setting, number: usize) -> Found {
        let parts: Vec<(Micros, &str, &str)> = setting
            .cart
            .iter()
            .map(|line| ordered(line).unwrap_or_else(|| panic!("{place}: {line}")))
            .collect();
        let lines: Vec<CartLine<'_>> = parts
            .iter()
            .map(|(quantity, unit, sku)| CartLine {
                id: "",
                sku: SkuRef::Code(sku),
                quantity: *quantity,
                unit,
            })
            .collect();
        let contract = format!("c{NUMBERED}{number}");
        let ask = |detail| {
            let request = CartRequest {
                particulars: &quoin::pricing::request::NO_PARTICULARS,
                progress: quoin::pricing::request::ProgressWanted::default(),
                contract: &contract,
                pricing_at: Some(Instant::parse(&setting.at).unwrap()),
                publication: None,
                circumstances: Circumstances::default(),
                lines: &lines,
                detail,
            };
            self.engine.price_cart(&Caller::operator(), &request).unwrap_or_else(|e| panic!("{place}: {e}"))
        };
        let priced = ask(Detail::Explain);
        let plain = ask(Detail::Basic);
        for (one, other) in priced.lines.iter().zip(&plain.lines) {
            let (source, steps, losers) = (one.source.clone(), one.steps.clone(), one.losers.clone());
            let other = PricedLine { source, steps, losers, ..other.clone() };
            assert_eq!(*one, other, "{place}: reasoning changes the figures");
        }
        let answers = priced.lines.iter().map(|line| self.answer(line)).collect();
        let steps: Vec<_> = priced.lines.iter().map(|line| steps(place, &priced, line)).collect();
        Found { answers, steps: steps.into_iter().next().unwrap_or_default() }
    }

    fn answer(&self, line: &PricedLine) -> Answer {
        let Some(source) = &line.source else {
            return Answer { status: Some(word(line.status).to_owned()), ..Answer::default() };
        };
        assert_eq!(line.status, LineStatus::Priced);
        let view = self.engine.view();
        let list = &view.catalogue.list(source.list).unwrap().code;
        let number = |micros: Micros| Some(Ratio::from(micros));
        Answer {
            amount: number(line.amount),
            status: None,
            at: number(line.unit_price),
            list: number(line.list_amount),
            list_at: number(line.list_unit_price),
            from: list.split_once(NUMBERED).map(|(name, _)| name.to_owned()),
            summed: false,
        }
    }
}

/// What a setting came to.
#[derive(Debug, Default)]
pub struct Found {
    pub answers: Vec<Answer>,
    pub steps: String,
}

/// The steps as a table states them; they sum to the net amount whatever the case is about (rule R4).
fn steps(place: &str, cart: &PricedCart, line: &PricedLine) -> String {
    let range = line.steps.start as usize..line.steps.end as usize;
    let steps = &cart.steps[range];
    let sum: i64 = steps.iter().map(|step| step.amount.0).sum();
    assert_eq!(sum, line.amount.0, "{place}: the steps don't sum to the net amount");
    let text = steps.iter().map(|step| format!("{} {}", layer(step.layer), step.amount));
    text.collect::<Vec<_>>().join(", ")
}

/// The word of a layer.
pub fn layer(layer: Layer) -> &'static str {
    match layer {
        Layer::List => "list",
        Layer::Contract => "contract",
        Layer::Volume => "volume",
        Layer::Order => "order",
        Layer::Loyalty => "loyalty",
        Layer::Surcharge => "surcharge",
        Layer::Guard => "guard",
        Layer::Rounding => "rounding",
    }
}

fn expects_refusal(answers: &[Answer]) -> bool {
    answers.iter().any(|answer| answer.status.as_ref().is_some_and(|status| status.starts_with("refused ")))
}

fn refusal(report: &ImportReport) -> Answer {
    let status = match report.refused.first() {
        Some(row) => format!("refused {}: {}", row.column, row.reason),
        None => format!("{:?}", report.verdict),
    };
    Answer { status: Some(status), ..Answer::default() }
}

/// `15 bolt` or `2 box of bolt`.
pub fn ordered(line: &str) -> Option<(Micros, &str, &str)> {
    let (quantity, rest) = line.split_once(' ')?;
    let quantity = Ratio::parse(quantity)?.to_micros()?;
    Some(rest.split_once(" of ").map_or((quantity, "", rest), |(unit, sku)| (quantity, unit, sku)))
}

/// Imports rows that must be accepted.
pub fn publish(engine: &Engine, set: &ImportSet) {
    let report = set.import(engine, ImportMode::Delta, false);
    assert_eq!(report.verdict, Verdict::Published, "{:#?}", report.refused);
}

fn world() -> ImportSet {
    let mut set = ImportSet::default();
    for (kind, rows) in tables(&crate::sources::text(&Path::new(super::FOLDER).join(super::WORLD))) {
        add_rows(&mut set, Kind::parse(&kind).unwrap(), &rows, |_, value| value.to_owned());
    }
    set
}

/// Adds the rows of a table, each value renamed.
pub fn add_rows(set: &mut ImportSet, kind: Kind, rows: &Rows, rename: impl Fn(&str, &str) -> String) {
    let (header, rows) = rows.split_first().unwrap();
    for row in rows {
        let fields: Vec<(&str, String)> =
            header.iter().zip(row).map(|(name, value)| (name.as_str(), rename(name, value))).collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        set.add(kind, &fields);
    }
}

/// The rows of a setting, its lists and contract named by its number.
pub fn add(set: &mut ImportSet, setting: &Setting, number: usize) {
    let numbered = |name: &str| format!("{name}{NUMBERED}{number}");
    let rename = |column: &str, value: &str| match column {
        "price_list" | "percent_of" | "reference_list" if !value.is_empty() => numbered(value),
        _ => value.to_owned(),
    };
    let nothing = Rows::new();
    let prices = setting.tables.get("prices").unwrap_or(&nothing);
    let mut lists: Vec<String> = column(prices, "price_list");
    let asked = setting.access.clone().unwrap_or_else(|| lists.clone());
    let stated = setting.tables.get("price_lists").unwrap_or(&nothing);
    lists.extend(column(prices, "percent_of"));
    lists.extend(setting.contract.get("reference_list").cloned());
    lists.extend(asked.iter().cloned());
    lists.retain(|list| !list.is_empty());
    lists.sort();
    lists.dedup();
    if !stated.is_empty() {
        add_rows(set, Kind::PriceLists, stated, rename);
        lists.retain(|list| !column(stated, "price_list").contains(list));
    }
    for list in &lists {
        set.add(Kind::PriceLists, &[("price_list", &numbered(list)), ("currency", "EUR")]);
    }
    let contract = numbered("c");
    let mut terms: BTreeMap<&str, String> = BTreeMap::from([
        ("contract", contract.clone()),
        ("counterparty", "buyer".to_owned()),
        ("currency", "EUR".to_owned()),
        ("time_zone", "Europe/Berlin".to_owned()),
    ]);
    terms.extend(setting.contract.iter().map(|(name, value)| (name.as_str(), rename(name, value))));
    let fields: Vec<(&str, &str)> = terms.iter().map(|(name, value)| (*name, value.as_str())).collect();
    set.add(Kind::Contracts, &fields);
    for (position, list) in asked.iter().enumerate() {
        let fields = [
            ("contract", contract.as_str()),
            ("position", &position.to_string()),
            ("price_list", &numbered(list)),
        ];
        set.add(Kind::Access, &fields);
    }
    if !prices.is_empty() {
        add_rows(set, Kind::Prices, prices, rename);
    }
}

/// The distinct values of a column, in the order of the rows.
fn column(rows: &Rows, name: &str) -> Vec<String> {
    let Some((header, rows)) = rows.split_first() else { return Vec::new() };
    let Some(at) = header.iter().position(|column| column == name) else { return Vec::new() };
    let mut values: Vec<String> = Vec::new();
    for row in rows {
        if !values.contains(&row[at]) {
            values.push(row[at].clone());
        }
    }
    values
}
