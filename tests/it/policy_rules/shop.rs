//! How is a case asked? All lists and contracts stand in one engine; each case publishes its policy and prices its cart.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use quoin::domain::contract::Circumstances;
use quoin::domain::decimal::Micros;
use quoin::domain::time::Instant;
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::engine::policy::{PolicyFile, PublishPolicy};
use quoin::exchange::kind::Kind;
use quoin::pricing::cart::{PricedCart, PricedLine};
use quoin::pricing::request::{CartLine, CartRequest, Detail, SkuRef};
use quoin::pricing::request::{LineDetails, Metrics, Particulars, Position, ProgressWanted, Use};
use tempfile::TempDir;

use super::found::{Found, Reader};
use super::ordered::Line;
use super::table::{Ask, Case, pairs};
use crate::import_set::ImportSet;
use crate::ratio::Ratio;
use crate::rules::shop::{NUMBERED, add, add_rows, publish};
use crate::rules::table::{Rows, Setting};

/// Keys of the policy whose values are lists or contracts, which bear their setting's number in the engine.
const NUMBERED_KEYS: &[&str] = &["price_of:", "list:", "floor_list:", "cost_list:", "contract:"];

/// An engine in which all settings of some cases are published.
pub struct Shop {
    engine: Engine,
    settings: Vec<Setting>,
    /// The policy in force.
    policy: RefCell<String>,
    _folder: TempDir,
}

/// A setting without its carts: what is imported.
fn imported(setting: &Setting) -> Setting {
    Setting { cart: Vec::new(), at: String::new(), ..setting.clone() }
}

impl Shop {
    pub fn of(cases: &[Case], world: &BTreeMap<String, Rows>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine = crate::import_set::engine(folder.path());
        let mut set = ImportSet::default();
        for (kind, rows) in world {
            if let Some(kind) = Kind::parse(kind).filter(|kind| *kind != Kind::Prices) {
                add_rows(&mut set, kind, rows, |_, value| value.to_owned());
            }
        }
        publish(&engine, &set);
        let mut settings: Vec<Setting> = Vec::new();
        let mut together = ImportSet::default();
        for check in cases.iter().flat_map(|case| &case.checks) {
            for ask in std::iter::once(&check.ask).chain(check.through.as_ref()) {
                let setting = imported(&ask.setting);
                if !settings.contains(&setting) {
                    add(&mut together, &setting, settings.len());
                    settings.push(setting);
                }
            }
        }
        publish(&engine, &together);
        Self { engine, settings, policy: RefCell::default(), _folder: folder }
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    fn number(&self, ask: &Ask) -> usize {
        let setting = imported(&ask.setting);
        self.settings.iter().position(|known| *known == setting).unwrap()
    }

    /// The contract of a case.
    pub fn contract(&self, ask: &Ask) -> String {
        format!("c{NUMBERED}{}", self.number(ask))
    }

    /// The policy file of a case, as it is published.
    pub fn policy(&self, ask: &Ask) -> String {
        format!("quoin_policy: 1\ncurrency: EUR\n{}", numbered(&ask.policy, self.number(ask)))
    }

    /// What comes of it, or what is wrong with the policy.
    pub fn found(&self, ask: &Ask, place: &str) -> Result<Found, String> {
        let number = self.number(ask);
        self.publish_policy(&self.policy(ask))?;
        let lines = Line::read_all(&ask.setting.cart, place);
        let ids: Vec<String> = lines.iter().map(|line| line.id.clone()).collect();
        let priced = self.price(ask, &lines, number, Detail::Explain, place);
        for detail in [Detail::Basic, Detail::Waterfall] {
            same_figures(&priced, &self.price(ask, &lines, number, detail, place))?;
        }
        let last = u32::try_from(lines.len() - 1).unwrap();
        let turned: Vec<Line> = lines.iter().rev().cloned().collect();
        let mut other = self.price(ask, &turned, number, Detail::Explain, place);
        other.lines.reverse();
        other.notices.iter_mut().for_each(|(line, _)| *line = last - *line);
        other.notices.sort_by_key(|(line, _)| *line);
        same_figures(&priced, &other)?;
        sums(&priced)?;
        let view = self.engine.view();
        Ok(Reader { catalogue: &view.catalogue, cart: &priced, ids: &ids }.found())
    }

    /// Puts a policy in force, unless it is.
    fn publish_policy(&self, text: &str) -> Result<(), String> {
        if *self.policy.borrow() == text {
            return Ok(());
        }
        let files = vec![PolicyFile { name: "policy.yaml".to_owned(), text: text.to_owned() }];
        let asked = PublishPolicy { files, ..PublishPolicy::default() };
        let report = self.engine.publish_policy(&Caller::operator(), asked).unwrap();
        if !report.published {
            let told = report.findings.iter().filter(|finding| finding.error);
            let told = told.map(|f| format!("{}:{}: {}; {}", f.line, f.column, f.message, f.hint));
            return Err(format!("the policy is refused: {}", told.collect::<Vec<_>>().join(" | ")));
        }
        text.clone_into(&mut self.policy.borrow_mut());
        Ok(())
    }

    fn price(&self, ask: &Ask, lines: &[Line], number: usize, detail: Detail, place: &str) -> PricedCart {
        let cart: Vec<CartLine<'_>> = lines
            .iter()
            .map(|line| CartLine {
                id: &line.id,
                sku: SkuRef::Code(&line.sku),
                quantity: line.quantity,
                unit: &line.unit,
            })
            .collect();
        let mut circumstances = Circumstances::default();
        let mut particulars = Particulars {
            coupons: Vec::new(),
            details: lines
                .iter()
                .enumerate()
                .filter_map(|(at, line)| line.details(at))
                .collect::<Vec<LineDetails<'_>>>(),
            metrics: metrics(ask, place),
            ..Particulars::default()
        };
        for word in &ask.with {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            match name {
                "warehouse" => circumstances.warehouse = value,
                "delivery_basis" => circumstances.delivery_basis = value,
                "channel" => circumstances.channel = value,
                "fulfilment" => circumstances.fulfilment = value,
                "payment_terms" => circumstances.payment_terms = value,
                "coupon" => particulars.coupons.push(value),
                "first_order" => particulars.metrics.first_order = true,
                _ => panic!("{place}: unknown circumstance {name:?}"),
            }
        }
        let request = CartRequest {
            contract: &format!("c{NUMBERED}{number}"),
            pricing_at: Some(Instant::parse(&ask.setting.at).unwrap()),
            publication: None,
            circumstances,
            lines: &cart,
            particulars: &particulars,
            progress: ProgressWanted::Ladders,
            detail,
        };
        self.engine.price_cart(&Caller::operator(), &request).unwrap_or_else(|e| panic!("{place}: {e}"))
    }
}

/// What was bought and used before.
fn metrics<'a>(ask: &'a Ask, place: &str) -> Metrics<'a> {
    let whole = |text: &str| i128::from(micros(text, place).0);
    let position = |(measure, value): (&'a str, &'a str)| {
        let (value, members) = value.split_once(" of ").unwrap_or((value, ""));
        Position { measure, value: whole(value), members: members.split_whitespace().collect() }
    };
    Metrics {
        positions: pairs(&ask.bought, place).into_iter().map(position).collect(),
        uses: pairs(&ask.used, place)
            .into_iter()
            .map(|(rule, used)| Use { rule, used: whole(used) })
            .collect(),
        first_order: false,
    }
}

pub fn micros(text: &str, place: &str) -> Micros {
    let value = Ratio::parse(text).and_then(|value| value.to_micros());
    value.unwrap_or_else(|| panic!("{place}: {text:?} is no decimal"))
}

/// The policy with the names that its lists and contracts have in the engine.
fn numbered(policy: &str, number: usize) -> String {
    let mut out = String::new();
    let mut rest = policy;
    while let Some((at, key)) =
        NUMBERED_KEYS.iter().filter_map(|key| rest.find(key).map(|at| (at, *key))).min_by_key(|(at, _)| *at)
    {
        let stands_alone = rest[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let (before, after) = rest.split_at(at + key.len());
        out.push_str(before);
        rest = after;
        if !stands_alone {
            continue;
        }
        let value = rest.trim_start_matches(' ');
        out.push_str(&rest[..rest.len() - value.len()]);
        let many = value.starts_with('[');
        let end = value.find(if many { &[']'][..] } else { &[',', '}', '\n'][..] }).unwrap_or(value.len());
        let names: Vec<String> = value[..end]
            .trim_start_matches('[')
            .split(',')
            .map(|name| format!("{}{NUMBERED}{number}", name.trim()))
            .collect();
        out.push_str(if many { "[" } else { "" });
        out.push_str(&names.join(", "));
        rest = &value[end..];
    }
    out.push_str(rest);
    out
}

/// The same line by line, whatever else is told and in whatever order lines came.
fn same_figures(one: &PricedCart, other: &PricedCart) -> Result<(), String> {
    let figures = |cart: &PricedCart| {
        let bare = |line: &PricedLine| PricedLine { source: None, steps: 0..0, losers: 0..0, ..line.clone() };
        let lines: Vec<PricedLine> = cart.lines.iter().map(bare).collect();
        (lines, cart.notices.clone(), cart.list_total, cart.total, cart.tax_total)
    };
    let (one, other) = (figures(one), figures(other));
    if one == other {
        return Ok(());
    }
    Err(format!("reasoning or the order of lines changes the answer:\n      {one:?}\n      {other:?}"))
}

/// Steps sum to the net amount (rule R4), lines to the totals.
fn sums(cart: &PricedCart) -> Result<(), String> {
    for line in &cart.lines {
        let steps = &cart.steps[line.steps.start as usize..line.steps.end as usize];
        let sum: i64 = steps.iter().map(|step| step.amount.0).sum();
        if sum != line.amount.0 {
            return Err(format!("the steps don't sum to the net amount {}: {steps:?}", line.amount));
        }
    }
    let total: i128 = cart.lines.iter().map(|line| i128::from(line.amount.0)).sum();
    let tax: i128 = cart.lines.iter().map(|line| i128::from(line.tax.0)).sum();
    if (cart.total, cart.tax_total.unwrap_or(0)) == (total, tax) {
        return Ok(());
    }
    Err(format!("the totals are {} and {:?}, the lines sum to {total} and {tax}", cart.total, cart.tax_total))
}

/// The folder of the tables.
pub fn text_of(folder: &str, file: &str) -> String {
    crate::sources::text(&Path::new(folder).join(file))
}
