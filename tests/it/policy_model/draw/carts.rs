//! Which carts are tried? A few lines of the dozen SKUs, with now and then all that a cart may say.

use std::collections::{BTreeMap, BTreeSet};

use quoin::domain::decimal::Micros;
use quoin::domain::time::CivilSecond;
use quoin::policy::syntax::{LimitOf, Policy, Scope, What};

use super::conditions::moment;
use super::dice::Dice;
use super::world::{
    BASES, CATEGORIES, CHANNELS, CONTRACTS, COUPONS, FULFILMENTS, GRADES, SKUS, TERMS, WAREHOUSES,
    contract_code, sku_code,
};
use crate::policy_model::measures::of_rule;
use crate::policy_model::shop::{Cart, Line, Shop};

fn stated(dice: &mut Dice, chance: i64, words: &[&str]) -> String {
    dice.maybe(chance, |dice| dice.word(words)).unwrap_or_default()
}

pub fn cart(dice: &mut Dice, shop: &Shop, policy: &Policy) -> Cart {
    let beside = dice.weighted(&[(3, 0), (1, -1), (2, 86_400), (1, 40_000)]);
    let at = CivilSecond(moment(dice).0 + beside);
    let mut cart = Cart {
        contract: contract_code(dice.at(CONTRACTS)),
        at,
        channel: stated(dice, 75, &CHANNELS),
        warehouse: stated(dice, 60, &WAREHOUSES),
        delivery_basis: stated(dice, 60, &BASES),
        fulfilment: stated(dice, 60, &FULFILMENTS),
        payment_terms: stated(dice, 30, &TERMS),
        coupons: if dice.percent(40) { dice.some(&COUPONS, 2) } else { Vec::new() },
        first_order: dice.percent(40),
        positions: BTreeMap::new(),
        uses: BTreeMap::new(),
        lines: Vec::new(),
    };
    positions(dice, policy, &mut cart);
    for rule in &policy.rules {
        if let Some(limit) = rule.limit.as_ref().filter(|_| dice.percent(60)) {
            let used = if limit.of == LimitOf::Uses {
                dice.between(0, limit.most.0 / 1_000_000) * 1_000_000
            } else {
                dice.between(0, limit.most.0 / 10_000 * 12) * 1_000
            };
            cart.uses.insert(rule.id.clone(), used.into());
        }
    }
    let count = dice.weighted(&[(1, 1), (2, 2), (3, 4), (2, 6), (1, 8)]);
    let mut ids: Vec<i64> = (10..10 + count).collect();
    dice.shuffle(&mut ids);
    cart.lines = ids.into_iter().map(|id| line(dice, shop, policy, id)).collect();
    cart
}

/// What was bought, near to the thresholds.
fn positions(dice: &mut Dice, policy: &Policy, cart: &mut Cart) {
    for rule in &policy.rules {
        let Some((key, measure, _)) = of_rule(policy, rule) else { continue };
        if !matches!(measure.over, Scope::Period(_)) || cart.positions.contains_key(key) || !dice.percent(75)
        {
            continue;
        }
        let threshold = dice.pick(&rule.tiers).lower.0.max(1_000_000);
        let value = match measure.what {
            What::Skus | What::Categories { .. } => dice.between(0, 3) * 1_000_000,
            _ => match dice.at(5) {
                0 => threshold,
                1 => threshold / 2,
                2 => dice.between(0, 2 * threshold / 1_000) * 1_000,
                // More came back than was bought.
                3 => -dice.between(1, threshold / 1_000) * 1_000,
                _ => threshold + dice.between(0, 5) * 1_000_000,
            },
        };
        let names: Vec<String> = match measure.what {
            What::Skus => (0..SKUS).map(sku_code).collect(),
            What::Categories { .. } => {
                let mut paths: BTreeSet<String> = BTreeSet::new();
                for path in CATEGORIES {
                    let parts: Vec<&str> = path.split('/').collect();
                    paths.extend((1..=parts.len()).map(|count| parts[..count].join("/")));
                }
                paths.into_iter().collect()
            }
            _ => Vec::new(),
        };
        let members = names.into_iter().filter(|_| dice.percent(20)).collect();
        cart.positions.insert(key.to_owned(), (value.into(), members));
    }
}

fn line(dice: &mut Dice, shop: &Shop, policy: &Policy, id: i64) -> Line {
    let code = if dice.percent(1) { "nowhere".to_owned() } else { sku_code(dice.at(SKUS)) };
    let mut units: Vec<&str> = vec![""];
    let mut base = "pc";
    if let Some(sku) = shop.skus.get(&code) {
        base = &sku.base;
        units.extend(sku.units.keys().map(String::as_str));
    }
    let unit = if dice.percent(2) { "t".to_owned() } else { dice.word(&units) };
    let named = if unit.is_empty() { base } else { unit.as_str() };
    let digits = shop.units[named];
    let quantity = match dice.at(8) {
        0 if digits > 0 => dice.decimal(0, 12, digits).max(Micros(10_i64.pow(6 - digits))),
        1 if dice.percent(10) => Micros(dice.between(0, 3) * 333_333),
        2 => dice.decimal(20, 60, 0),
        _ => dice.decimal(1, 12, 0),
    };
    let mut attributes = BTreeMap::new();
    if dice.percent(25) {
        attributes.insert("grade".to_owned(), dice.word(&GRADES));
    }
    if dice.percent(25) {
        attributes.insert("length".to_owned(), dice.word(&["3", "6", "8.25", "12", "cut"]));
    }
    if dice.percent(30) {
        attributes.insert("thickness".to_owned(), dice.word(&["2", "3.5", "0.75"]));
    }
    let weight = dice.maybe(15, |dice| (dice.decimal(1, 40, 2), dice.word(&["kg", "t", "lb"])));
    let mut services = Vec::new();
    if dice.percent(35) {
        for service in &policy.services {
            if dice.percent(50) {
                services.push((service.id.clone(), dice.decimal(1, 6, 0)));
            }
        }
    }
    if dice.percent(1) {
        services.push(("no service".to_owned(), Micros::ONE));
    }
    Line {
        id: format!("l{id}"),
        sku: code,
        quantity,
        unit,
        attributes,
        weight,
        warehouse: stated(dice, 15, &WAREHOUSES),
        fulfilment: stated(dice, 15, &FULFILMENTS),
        services,
    }
}
