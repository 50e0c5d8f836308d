//! What does a step of a story say? The verb, plain words, and `name=value` options.

use quoin::domain::day::CivilDay;
use quoin::domain::decimal::Micros;
use quoin::domain::ids::PublicationNo;
use quoin::domain::negotiated::Proposed;
use quoin::domain::time::Instant;
use quoin::engine::caller::{Caller, ContractScope};
use quoin::quotes::asked::{AskedCart, AskedLine, AskedQuote};
use quoin::quotes::number::QuoteNo;

use super::world::{boss, clerk};

/// One step, taken apart: the verb, plain words, and `name=value` options.
pub(super) struct Step<'s> {
    pub(super) verb: &'s str,
    pub(super) words: Vec<&'s str>,
    pub(super) caller: Caller,
    pub(super) request_id: Option<String>,
    pub(super) reason: String,
    pub(super) revision: Option<u32>,
    pub(super) dry_run: bool,
    pub(super) late: bool,
    pub(super) asked: AskedQuote,
}

const NAMES: &[&str] = &[
    "points",
    "cut",
    "total",
    "by",
    "id",
    "why",
    "rev",
    "through",
    "ref",
    "coupon",
    "publication",
    "at",
    "text",
];

impl<'s> Step<'s> {
    pub(super) fn read(text: &'s str) -> Self {
        let mut parts = text.split(' ').filter(|part| !part.is_empty());
        let mut step = Self {
            verb: parts.next().unwrap(),
            words: Vec::new(),
            caller: clerk(),
            request_id: None,
            reason: String::new(),
            revision: None,
            dry_run: false,
            late: false,
            asked: AskedQuote::default(),
        };
        for part in parts {
            match part.split_once('=').filter(|(name, _)| NAMES.contains(name)) {
                Some((name, value)) => step.option(name, value),
                None if part == "draft" && step.verb != "list" => step.asked.is_draft = true,
                None if part == "dry" => step.dry_run = true,
                None if part == "late" => step.late = true,
                None => step.words.push(part),
            }
        }
        step.asked.reason.clone_from(&step.reason);
        step
    }

    fn option(&mut self, name: &str, value: &str) {
        let text = || value.replace('_', " ");
        match name {
            "by" if value == "boss" => self.caller = boss(),
            "by" if value == "blind" => self.caller = Caller { sees_costs: false, ..boss() },
            "by" => self.caller.contracts = ContractScope::of([value]),
            "id" => self.request_id = Some(value.to_owned()),
            "why" => self.reason = text(),
            "rev" => self.revision = Some(value.parse().unwrap()),
            "through" => self.asked.valid_through = Some(CivilDay::parse(value).unwrap()),
            "ref" => self.asked.customer_reference = value.to_owned(),
            "points" => self.asked.cart.take_points.push(("bonus".to_owned(), Micros::parse(value).unwrap())),
            "cut" => self.asked.cart.take_points.push(("cut".to_owned(), Micros::parse(value).unwrap())),
            "coupon" => self.asked.cart.coupons.push(value.to_owned()),
            "publication" => self.asked.publication = Some(PublicationNo(value.parse().unwrap())),
            "total" => self.asked.cart.negotiated_total = Some(Micros::parse(value).unwrap()),
            "at" => self.asked.pricing_at = Some(Instant::parse(value).unwrap()),
            _ => self.asked.text = text(),
        }
    }

    pub(super) fn number(&self) -> QuoteNo {
        QuoteNo(self.words[0].parse().unwrap())
    }

    /// `sku=quantity`, or `id:sku=quantity`, with `~` behind the SKU where the line is divisible; behind the quantity `@` and a price
    /// that is proposed for one of them, or `@@` and one for all of them.
    pub(super) fn cart(&self, contract: &str, lines: &[&str]) -> AskedCart {
        let lines = lines.iter().map(|line| {
            let (sku, quantity) = line.split_once('=').unwrap();
            let (quantity, proposed) = quantity.split_once('@').unwrap_or((quantity, ""));
            let negotiated = match proposed.strip_prefix('@') {
                _ if proposed.is_empty() => None,
                Some(amount) => Some(Proposed::Amount(Micros::parse(amount).unwrap())),
                None => Some(Proposed::Unit(Micros::parse(proposed).unwrap())),
            };
            let (sku, is_divisible) = sku.strip_suffix('~').map_or((sku, false), |sku| (sku, true));
            let (id, sku) = sku.split_once(':').unwrap_or((sku, sku));
            AskedLine {
                id: id.to_owned(),
                sku: sku.to_owned(),
                quantity: Micros::parse(quantity).unwrap(),
                unit: String::new(),
                is_divisible,
                negotiated,
                details: None,
            }
        });
        AskedCart { contract: contract.to_owned(), lines: lines.collect(), ..self.asked.cart.clone() }
    }
}
