//! What may be conceded in a quote, by whom, and what comes of it?

use quoin::domain::contract::Circumstances;
use quoin::domain::decimal::Micros;
use quoin::domain::negotiated::Proposed;
use quoin::engine::caller::Caller;
use quoin::pricing::cart::PricedCart;
use quoin::pricing::request::{
    CartLine, CartRequest, Detail, Negotiated, Particulars, ProgressWanted, SkuRef,
};
use quoin::pricing::waterfall::Cause;

use super::negotiation_stories::{AUTHORITY, GUARDED, PRICES};
use super::played::play_all;
use super::world::{POLICY, World};

#[test]
fn concessions_are_issued_within_authority_and_wait_beyond_it() {
    let checks = play_all(AUTHORITY);
    println!("{} stories of authority, {checks} checks", AUTHORITY.len());
}

#[test]
fn negotiated_prices_are_guarded_as_any_other() {
    let checks = play_all(GUARDED);
    println!("{} stories of guards, {checks} checks", GUARDED.len());
}

#[test]
fn negotiated_prices_take_the_place_of_what_goods_cost() {
    let checks = play_all(PRICES);
    println!("{} stories of prices, {checks} checks", PRICES.len());
}

fn priced(world: &World, contract: &str, negotiated: Negotiated, detail: Detail) -> PricedCart {
    let line = |id, sku, quantity| CartLine {
        id,
        sku: SkuRef::Code(sku),
        quantity: Micros::parse(quantity).unwrap(),
        unit: "",
    };
    let lines = [
        line("1", "bolt", "7"),
        line("2", "nut", "13"),
        line("3", "rebar", "0.333"),
        line("4", "fixed", "3"),
        line("5", "glue", "11"),
    ];
    let particulars = Particulars { negotiated, ..Particulars::default() };
    let request = CartRequest {
        contract,
        pricing_at: None,
        publication: None,
        circumstances: Circumstances::default(),
        lines: &lines,
        particulars: &particulars,
        progress: ProgressWanted::Next,
        detail,
    };
    world.engine().price_cart(&Caller::operator(), &request).unwrap()
}

/// Rule R4, and that a listener changes no figure: with a guard that asks, and with one that trims.
#[test]
fn steps_sum_to_the_net_amount_whoever_listens() {
    let unit = |line, price| (line, Proposed::Unit(Micros::parse(price).unwrap()));
    let cases = [
        (Negotiated::Lines(vec![unit(0, "90.005"), unit(2, "901.237")]), 2),
        (Negotiated::Lines(vec![(1, Proposed::Amount(Micros::parse("555.55").unwrap()))]), 1),
        (Negotiated::Lines(vec![unit(0, "71"), unit(1, "41.5")]), 2),
        (Negotiated::Total(Micros::parse("1600.01").unwrap()), 4),
    ];
    let world = World::new();
    let policies = [POLICY.to_owned(), POLICY.replace("do: approve", "do: clamp")];
    for (policy, contract) in policies.iter().flat_map(|policy| [(policy, "A"), (policy, "U")]) {
        world.publish(policy);
        for (negotiated, steps) in &cases {
            let silent = priced(&world, contract, negotiated.clone(), Detail::Basic);
            let told = priced(&world, contract, negotiated.clone(), Detail::Explain);
            assert_eq!(silent.total, told.total, "{negotiated:?}");
            assert_eq!(silent.tax_total, told.tax_total, "{negotiated:?}");
            assert_eq!(silent.concession, told.concession, "{negotiated:?}");
            assert_eq!(silent.notices, told.notices, "{negotiated:?}");
            assert!(told.concession.unwrap().amount > 0, "{negotiated:?}");
            let mut negotiations = 0;
            for (quiet, line) in silent.lines.iter().zip(&told.lines) {
                assert_eq!(
                    (quiet.amount, quiet.unit_price, quiet.tax),
                    (line.amount, line.unit_price, line.tax)
                );
                let range =
                    usize::try_from(line.steps.start).unwrap()..usize::try_from(line.steps.end).unwrap();
                let own = &told.steps[range];
                let sum: i64 = own.iter().map(|step| step.amount.0).sum();
                assert_eq!(Micros(sum), line.amount, "{negotiated:?} {own:#?}");
                negotiations += own.iter().filter(|step| step.cause == Cause::Negotiated).count();
            }
            assert_eq!(negotiations, *steps, "{negotiated:?}");
        }
    }
}

/// A total is met to the coin wherever nothing gives any of it back.
#[test]
fn a_total_is_what_the_goods_come_to() {
    let world = World::new();
    for total in ["1600.01", "1650.37", "1499.99", "1723.11", "61"] {
        let total = Micros::parse(total).unwrap();
        for contract in ["A", "U"] {
            let cart = priced(&world, contract, Negotiated::Total(total), Detail::Basic);
            assert_eq!(cart.total, i128::from(total.0), "{contract}");
        }
    }
}
