//! Which goods, lists and contracts are tried? A dozen SKUs in a tree of categories, and contracts that round in all ways.

use std::collections::BTreeMap;

use quoin::domain::currency::Currency;
use quoin::domain::decimal::Micros;
use quoin::domain::rounding::{DiscountOn, RoundAt, Rounding, RoundingMode, RoundingUnit, TaxRounding};

use super::dice::Dice;
use crate::policy_model::shop::{Contract, List, Price, Shop, Sku};

/// Units with the digits that a quantity may have.
pub const UNITS: [(&str, u32); 6] = [("pc", 0), ("box", 1), ("kg", 3), ("t", 6), ("lb", 2), ("m", 2)];
pub const CATEGORIES: [&str; 8] = [
    "metal",
    "metal/long",
    "metal/long/bar",
    "metal/long/rebar",
    "metal/flat",
    "metal/flat/sheet",
    "chem/paint/wet",
    "chem",
];
pub const BRANDS: [&str; 3] = ["norvik", "bright", "oak"];
pub const GRADES: [&str; 4] = ["A", "B", "C", "6"];
pub const CLASSES: [&str; 3] = ["full", "low", "odd"];
pub const SEGMENTS: [&str; 3] = ["dealer", "project", "retail"];
pub const CHANNELS: [&str; 2] = ["portal", "erp"];
pub const WAREHOUSES: [&str; 2] = ["north", "south"];
pub const BASES: [&str; 2] = ["EXW", "FCA"];
pub const FULFILMENTS: [&str; 2] = ["stock", "to_order"];
pub const TERMS: [&str; 2] = ["net30", "prepaid"];
pub const COUPONS: [&str; 2] = ["SPRING", "TEN"];
pub const INDICES: [&str; 2] = ["LME", "URALS"];
/// Lists in euro that policies name.
pub const LISTS: [&str; 4] = ["base", "promo", "floor", "cost"];

pub fn sku_code(number: usize) -> String {
    format!("s{number:02}")
}

pub fn contract_code(number: usize) -> String {
    format!("c{number}")
}

pub const SKUS: usize = 12;
pub const CONTRACTS: usize = 6;

/// The world of the policies of one stream.
pub fn world(dice: &mut Dice) -> Shop {
    let mut shop = Shop::default();
    shop.units.extend(UNITS.map(|(unit, digits)| (unit.to_owned(), digits)));
    shop.indices.insert("LME".to_owned(), dice.decimal(5, 40, 2));
    shop.indices.insert("URALS".to_owned(), dice.decimal(1, 90, 6));
    let euro = Currency::parse("EUR").unwrap();
    let dollar = Currency::parse("USD").unwrap();
    for number in 0..SKUS {
        let sku = sku(dice, euro);
        shop.skus.insert(sku_code(number), sku);
    }
    for (list, currency, present) in [
        ("base", euro, 80),
        ("second", euro, 90),
        ("list", euro, 85),
        ("promo", euro, 60),
        ("floor", euro, 60),
        ("cost", euro, 70),
        ("usd", dollar, 90),
    ] {
        shop.lists.insert(list.to_owned(), prices(dice, list, currency, present));
    }
    for number in 0..CONTRACTS {
        let currency = if number + 1 == CONTRACTS { dollar } else { euro };
        shop.contracts.insert(contract_code(number), contract(dice, number, currency));
    }
    shop
}

fn sku(dice: &mut Dice, euro: Currency) -> Sku {
    let base = dice.weighted(&[(4, "pc"), (3, "kg"), (1, "m")]).to_owned();
    let mut units = BTreeMap::new();
    for unit in ["box", "t", "lb", "kg", "pc"] {
        if unit != base && dice.percent(55) {
            let factor = match (unit, base.as_str()) {
                ("t", "kg") => (1_000, 1),
                ("lb", _) => (4_536, 10_000),
                ("t", _) => (*dice.pick(&[400, 333, 1_000]), 1),
                ("kg", _) => *dice.pick(&[(2, 1), (1, 3), (10, 7)]),
                _ => *dice.pick(&[(12, 1), (10, 1), (7, 3), (1, 1)]),
            };
            units.insert(unit.to_owned(), factor);
        }
    }
    let mut attributes = BTreeMap::new();
    if dice.percent(70) {
        attributes.insert("grade".to_owned(), dice.word(&GRADES));
    }
    if dice.percent(60) {
        attributes.insert("length".to_owned(), dice.word(&["6", "11.7", "12", "2.5", "long"]));
    }
    Sku {
        base,
        units,
        category: dice.maybe(92, |dice| dice.word(&CATEGORIES)),
        brand: dice.maybe(85, |dice| dice.word(&BRANDS)),
        attributes,
        tax_class: dice.maybe(90, |dice| dice.word(&CLASSES)),
        unit_cost: dice.maybe(70, |dice| (dice.decimal(2, 60, 2), euro)),
    }
}

fn prices(dice: &mut Dice, list: &str, currency: Currency, present: i64) -> List {
    let mut prices = BTreeMap::new();
    for number in 0..SKUS {
        if dice.percent(present) {
            let (least, most) = match list {
                "list" => (40, 120),
                "floor" | "cost" => (10, 60),
                _ => (20, 100),
            };
            let digits = dice.weighted(&[(6, 2), (2, 0), (1, 4)]);
            let price = if dice.percent(8) {
                dice.decimal(0, 1, 3).max(Micros(1_000))
            } else {
                dice.decimal(least, most, digits)
            };
            let no_discount = matches!(list, "base" | "second") && dice.percent(8);
            prices.insert(sku_code(number), Price { price, no_discount });
        }
    }
    List { currency, gross: dice.percent(12), prices }
}

fn contract(dice: &mut Dice, number: usize, currency: Currency) -> Contract {
    let mut attributes = BTreeMap::new();
    if dice.percent(80) {
        attributes.insert("segment".to_owned(), dice.word(&SEGMENTS));
    }
    if dice.percent(50) {
        attributes
            .insert("licence".to_owned(), dice.word(&["yes", "2026-05-20", "2026-06-30", "2026-04-30"]));
    }
    let dollar = currency.code() == "USD";
    let mode = |dice: &mut Dice| {
        dice.weighted(&[
            (4, RoundingMode::HalfUp),
            (1, RoundingMode::HalfEven),
            (1, RoundingMode::Up),
            (1, RoundingMode::Down),
        ])
    };
    // The first contract rounds as most do.
    let odd = if number == 0 { 0 } else { 100 };
    let rounding = Rounding {
        amount_step: dice
            .maybe(odd * 3 / 10, |dice| *dice.pick(&[Micros(1_000_000), Micros(50_000), Micros(1_000)])),
        amount_mode: if odd == 0 { RoundingMode::HalfUp } else { mode(dice) },
        unit_step: dice
            .maybe(odd * 3 / 10, |dice| *dice.pick(&[Micros(100_000), Micros(1_000), Micros(50_000)])),
        unit_mode: if odd == 0 { RoundingMode::HalfUp } else { mode(dice) },
        round_at: if dice.percent(odd * 4 / 10) { RoundAt::Layer } else { RoundAt::End },
        discount_on: if dice.percent(odd / 2) { DiscountOn::Unit } else { DiscountOn::Line },
        rounding_unit: if dice.percent(odd * 3 / 10) { RoundingUnit::Price } else { RoundingUnit::Ordered },
    };
    Contract {
        counterparty: format!("buyer{}", number % 3),
        holding: (number % 3 != 2).then(|| format!("holding{}", number % 3)),
        currency,
        attributes,
        payment_terms: dice.maybe(60, |dice| dice.word(&TERMS)),
        access: if dollar { vec!["usd".to_owned()] } else { vec!["base".to_owned(), "second".to_owned()] },
        reference: if dollar { None } else { dice.maybe(80, |_| "list".to_owned()) },
        rounding,
        tax_rounding: if dice.percent(40) { TaxRounding::Document } else { TaxRounding::Line },
    }
}
