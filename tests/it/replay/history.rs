//! Which price did each customer have for each article, and when? And which lines can no price list say?

use std::collections::BTreeMap;

use super::lines::{Invoices, Line, NameId};

/// What becomes of a line of the file: it is priced, or one thing keeps it from being so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It goes into a cart.
    Priced,
    /// A price below zero does not exist (rule C7): bad debt written off by way of an article code.
    NegativePrice,
    /// Nobody to have a contract with.
    NoCustomer,
    /// A quantity below zero is a return, and the ledger's to keep: carts order.
    Return,
    /// The same customer was charged another price for the same article in the same instant, further up in the file: a
    /// cell has one price for a quantity.
    SecondPriceAtOnce,
}

impl Fate {
    pub const ALL: [Self; 5] =
        [Self::Priced, Self::NegativePrice, Self::NoCustomer, Self::Return, Self::SecondPriceAtOnce];

    pub fn words(self) -> &'static str {
        match self {
            Self::Priced => "priced, at the price on its invoice",
            Self::NegativePrice => "price below zero",
            Self::NoCustomer => "no customer",
            Self::Return => "return: quantity below zero, for the ledger",
            Self::SecondPriceAtOnce => "second price for customer and article in one instant",
        }
    }
}

/// A price and from when to when it holds, in seconds of the clock on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub price_mills: i64,
    pub from: i64,
    pub to: Option<i64>,
}

/// A customer and an article.
pub type Pair = (NameId, NameId);

/// The fate of every line, and the price history of every pair.
pub struct History {
    /// In the order of the file.
    pub fates: Vec<Fate>,
    pub held: BTreeMap<Pair, Vec<Held>>,
    /// How many times a pair had several prices in one instant.
    pub instants_with_several: usize,
    /// As many, zero prices (gifts beside what was paid for) left out.
    pub instants_with_several_above_zero: usize,
}

impl History {
    pub fn of(invoices: &Invoices) -> Self {
        // The prices of each pair at each instant, as they come in the file.
        let mut seen: BTreeMap<Pair, BTreeMap<i64, Vec<i64>>> = BTreeMap::new();
        let fates = invoices.lines.iter().map(|line| fate(line, &mut seen)).collect();
        let instants = || seen.values().flat_map(BTreeMap::values);
        let above_zero = |prices: &&Vec<i64>| prices.iter().filter(|price| **price > 0).count() > 1;
        Self {
            fates,
            instants_with_several: instants().filter(|prices| prices.len() > 1).count(),
            instants_with_several_above_zero: instants().filter(above_zero).count(),
            held: seen.iter().map(|(pair, instants)| (*pair, held(instants))).collect(),
        }
    }

    pub fn count(&self, fate: Fate) -> usize {
        self.fates.iter().filter(|found| **found == fate).count()
    }

    pub fn cells(&self) -> impl Iterator<Item = (Pair, Held)> + '_ {
        self.held.iter().flat_map(|(pair, held)| held.iter().map(|held| (*pair, *held)))
    }
}

fn fate(line: &Line, seen: &mut BTreeMap<Pair, BTreeMap<i64, Vec<i64>>>) -> Fate {
    if line.price_mills < 0 {
        return Fate::NegativePrice;
    }
    let Some(customer) = line.customer else { return Fate::NoCustomer };
    assert_ne!(line.quantity, 0, "the file has no line of nothing");
    if line.quantity < 0 {
        return Fate::Return;
    }
    let prices = seen.entry((customer, line.sku)).or_default().entry(line.wall_seconds).or_default();
    if !prices.contains(&line.price_mills) {
        prices.push(line.price_mills);
    }
    if prices[0] == line.price_mills { Fate::Priced } else { Fate::SecondPriceAtOnce }
}

/// The first price of each instant holds until the next that differs.
fn held(instants: &BTreeMap<i64, Vec<i64>>) -> Vec<Held> {
    let mut found: Vec<Held> = Vec::new();
    for (at, prices) in instants {
        if found.last().is_some_and(|last| last.price_mills == prices[0]) {
            continue;
        }
        if let Some(last) = found.last_mut() {
            last.to = Some(*at);
        }
        found.push(Held { price_mills: prices[0], from: *at, to: None });
    }
    found
}
