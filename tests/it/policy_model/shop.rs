//! What does the interpreter know of the world? Goods, lists, contracts and carts as plain values.

use std::collections::{BTreeMap, BTreeSet};

use quoin::domain::currency::Currency;
use quoin::domain::decimal::Micros;
use quoin::domain::rounding::{Rounding, TaxRounding};
use quoin::domain::time::CivilSecond;
use serde::{Deserialize, Serialize};

use crate::ratio::Ratio;

/// Everything but policy and cart.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Shop {
    /// Digits that a quantity in each unit may have.
    pub units: BTreeMap<String, u32>,
    pub skus: BTreeMap<String, Sku>,
    pub lists: BTreeMap<String, List>,
    /// Values of indices, which hold at any time.
    pub indices: BTreeMap<String, Micros>,
    pub contracts: BTreeMap<String, Contract>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sku {
    pub base: String,
    /// One of each unit is so many, over so many, base units.
    pub units: BTreeMap<String, (u64, u64)>,
    pub category: Option<String>,
    pub brand: Option<String>,
    pub attributes: BTreeMap<String, String>,
    pub tax_class: Option<String>,
    pub unit_cost: Option<(Micros, Currency)>,
}

impl Sku {
    /// Base units in one of this unit; the base unit where none is named.
    pub fn factor(&self, unit: Option<&str>) -> Option<Ratio> {
        match unit {
            None => Some(Ratio::whole(1)),
            Some(unit) if unit == self.base => Some(Ratio::whole(1)),
            Some(unit) => self.units.get(unit).map(|(num, den)| Ratio::new(*num, *den)),
        }
    }
}

/// A list with prices by the base unit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct List {
    pub currency: Currency,
    /// Do its prices include tax?
    pub gross: bool,
    pub prices: BTreeMap<String, Price>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Price {
    pub price: Micros,
    pub no_discount: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Contract {
    pub counterparty: String,
    pub holding: Option<String>,
    pub currency: Currency,
    pub attributes: BTreeMap<String, String>,
    pub payment_terms: Option<String>,
    /// The first that has a price gives it.
    pub access: Vec<String>,
    pub reference: Option<String>,
    pub rounding: Rounding,
    pub tax_rounding: TaxRounding,
}

/// A cart; empty texts were not stated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Cart {
    pub contract: String,
    /// On the wall of every contract's zone, which is UTC.
    pub at: CivilSecond,
    pub channel: String,
    pub warehouse: String,
    pub delivery_basis: String,
    pub fulfilment: String,
    pub payment_terms: String,
    pub coupons: Vec<String>,
    pub first_order: bool,
    /// By measure or rule: what was bought, in millionths, and which SKUs or categories.
    pub positions: BTreeMap<String, (i128, BTreeSet<String>)>,
    /// By rule: what was used of its limit, in millionths.
    pub uses: BTreeMap<String, i128>,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Line {
    pub id: String,
    pub sku: String,
    pub quantity: Micros,
    /// Empty for the base unit.
    pub unit: String,
    pub attributes: BTreeMap<String, String>,
    pub weight: Option<(Micros, String)>,
    pub warehouse: String,
    pub fulfilment: String,
    pub services: Vec<(String, Micros)>,
}

/// What the interpreter makes of a cart. Millionths that do not fit are a mistake of the test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// By the line's id.
    pub lines: BTreeMap<String, Priced>,
    pub list_total: Ratio,
    pub total: Ratio,
    /// None where the policy has no taxes.
    pub tax_total: Option<Ratio>,
}

impl Answer {
    /// Where the other says otherwise, line by line.
    pub fn against(&self, other: &Self) -> String {
        let mut told = String::new();
        for (id, line) in self.lines.iter().filter(|(id, line)| other.lines.get(*id) != Some(line)) {
            told += &format!("{id}: {line}\n{}: {}\n", " ".repeat(id.len()), other.lines[id]);
        }
        let totals = |answer: &Self| {
            let tax = answer.tax_total.as_ref().map_or("untaxed".to_owned(), ToString::to_string);
            format!("total {} list {} tax {tax}", answer.total, answer.list_total)
        };
        format!("{told}{}\n{}", totals(self), totals(other))
    }
}

impl std::fmt::Display for Priced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} list {} tax {}", self.status, self.amount, self.list_amount, self.tax)?;
        for (word, guards) in
            [("approve", &self.approvals), ("clamped", &self.clamped), ("below", &self.below)]
        {
            if !guards.is_empty() {
                write!(f, " {word} {guards:?}")?;
            }
        }
        if self.free.is_empty() { Ok(()) } else { write!(f, " free {:?}", self.free) }
    }
}

/// What became of a line; figures are zero unless it is priced.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Priced {
    /// `priced`, or why not.
    pub status: String,
    pub list_amount: Micros,
    pub amount: Micros,
    pub tax: Micros,
    /// Guards that ask for approval, that bit, and whose floor is missed without any discount.
    pub approvals: BTreeSet<String>,
    pub clamped: BTreeSet<String>,
    pub below: BTreeSet<String>,
    /// By rule: how many of which SKU in which unit are added without charge.
    pub free: BTreeMap<String, (String, String, Micros)>,
    /// By rule: what it took off or added, exactly. The engine does not tell this, so it is not compared.
    pub gave: BTreeMap<String, Ratio>,
}
