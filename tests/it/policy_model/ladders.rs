//! What holds of ladders and spreads whatever the interpreter says? A unit more is never less; parts sum exactly.

use quoin::domain::decimal::Micros;
use quoin::domain::ladder::TierMode;
use quoin::policy::syntax::{At, Benefit, Policy, Rule, RuleLayer, RuleTier, Scope, Tax, TaxRate, What};
use quoin::pricing::request::Detail;

use super::case::drawn;
use super::direct::Direct;
use super::draw::Dice;
use super::rounding::Coins;
use super::shop::{Answer, Cart, Line, Shop};
use super::tree::{ladder, measure, rule};
use crate::ratio::Ratio;

/// A world whose SKUs all have a price in whole coins, and an empty cart.
fn world(stream: u64) -> (Shop, Cart, Dice) {
    let (mut shop, mut policies) = drawn(stream, 1, 1);
    let mut dice = Dice::new(crate::effort::seed(), stream + 5_000);
    for list in shop.lists.values_mut() {
        list.gross = false;
    }
    for sku in shop.skus.keys() {
        let prices = &mut shop.lists.get_mut("base").unwrap().prices;
        let price = super::shop::Price { price: dice.decimal(1, 90, 0), no_discount: false };
        prices.insert(sku.clone(), price);
    }
    let mut cart = policies.remove(0).1.remove(0);
    cart.contract = format!("c{}", dice.at(5));
    cart.positions.clear();
    cart.uses.clear();
    cart.lines.clear();
    (shop, cart, dice)
}

fn line(id: usize, sku: &str, whole: i64) -> Line {
    let quantity = Micros(whole * 1_000_000);
    Line { id: format!("l{id}"), sku: sku.to_owned(), quantity, ..Line::default() }
}

fn priced(shop: &Shop, policy: &Policy, cart: &Cart) -> Answer {
    let direct = Direct::of(shop);
    let policy = direct.compile(policy);
    let order: Vec<&Line> = cart.lines.iter().collect();
    direct.told(&policy, &direct.price(&policy, cart, &order, Detail::Basic), &order)
}

fn policy(shop: &Shop, cart: &Cart, rules: Vec<Rule>) -> Policy {
    Policy { currency: Some(shop.contracts[&cart.contract].currency), rules, ..Policy::default() }
}

#[test]
fn a_unit_more_of_a_graduated_ladder_never_costs_less() {
    for stream in 0..u64::from(crate::effort::count(300)) {
        let (shop, mut cart, mut dice) = world(stream);
        let mut price = 90_000_000;
        let mut lower = 0;
        let mut tiers = Vec::new();
        for _ in 0..dice.between(1, 6) {
            let (at, benefit) = (At::default(), Benefit::Price(Micros(price)));
            tiers.push(RuleTier { lower: Micros(lower), upper: None, benefit, at });
            price -= dice.between(1, 14_000) * 1_000;
            lower += dice.between(1, 9) * 500_000;
        }
        let over_line = measure(What::Quantity { unit: None }, Scope::Line);
        let bare = [("0", "", tiers[0].benefit.clone())];
        let rule = ladder("p", RuleLayer::Contract, over_line, TierMode::Graduated, &bare);
        let policy = policy(&shop, &cart, vec![Rule { tiers, ..rule }]);
        let mut before = Ratio::zero();
        for whole in 1..40 {
            cart.lines = vec![line(0, "s00", whole)];
            let answer = priced(&shop, &policy, &cart);
            assert_eq!(answer.lines["l0"].status, "priced");
            assert!(answer.total >= before, "{whole}: {} after {before}: {policy:?}", answer.total);
            before = answer.total;
        }
    }
}

/// A cart of whole coins, so that what is taken off is the spread sum and nothing else.
#[test]
fn parts_of_a_spread_sum_exactly() {
    for stream in 0..u64::from(crate::effort::count(1_000)) {
        let (shop, mut cart, mut dice) = world(stream);
        let skus: Vec<String> = shop.skus.keys().cloned().collect();
        cart.lines = (0..dice.at(9) + 1).map(|id| line(id, dice.pick::<String>(&skus), dice.between(1, 30))).collect();
        let coins = Coins::of(&shop.contracts[&cart.contract]);
        let plain = priced(&shop, &policy(&shop, &cart, Vec::new()), &cart).total;
        let lump = dice.decimal(0, 1, 2);
        for (benefit, exact) in [
            (Benefit::PerCart(lump), Ratio::from(lump)),
            (Benefit::Percent(Micros(7_310_000)), &plain * Ratio::new(731, 10_000)),
        ] {
            let off = policy(&shop, &cart, vec![rule("o", RuleLayer::Order, benefit)]);
            let answer = priced(&shop, &off, &cart);
            let sum: Ratio = answer.lines.values().map(|line| Ratio::from(line.amount)).sum();
            assert_eq!((&sum, &sum), (&answer.total, &(&plain - coins.amount(&exact))), "{cart:?} {lump}");
        }
        taxes_of_a_document_sum_exactly(shop, cart, &plain);
    }
}

fn taxes_of_a_document_sum_exactly(mut shop: Shop, cart: Cart, net: &Ratio) {
    let contract = shop.contracts.get_mut(&cart.contract).unwrap();
    contract.tax_rounding = quoin::domain::rounding::TaxRounding::Document;
    let coins = Coins::of(contract);
    shop.skus.values_mut().for_each(|sku| sku.tax_class = Some("full".to_owned()));
    let mut policy = policy(&shop, &cart, Vec::new());
    policy.taxes.push(Tax {
        id: "t".to_owned(),
        class: "full".to_owned(),
        contracts: Default::default(),
        priority: 0,
        rates: vec![TaxRate { from: None, percent: Micros(7_700_000) }],
        at: At::default(),
    });
    let answer = priced(&shop, &policy, &cart);
    let sum: Ratio = answer.lines.values().map(|line| Ratio::from(line.tax)).sum();
    assert_eq!(answer.tax_total, Some(sum.clone()));
    assert_eq!(sum, coins.amount(&(net * Ratio::new(77, 1_000))));
}
