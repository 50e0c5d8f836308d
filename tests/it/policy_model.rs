//! Does the compiled policy price as a naive interpreter of its syntax tree does?
//!
//! The interpreter walks the tree with exact fractions and shares no code with quoin's compiled policy and pricing.

mod ask;
mod benefits;
mod conditions;
mod contract_price;
mod direct;
mod draw;
mod eligibility;
mod guards;
mod interpret;
mod layers;
mod line;
mod measures;
mod meeting;
mod reading;
mod readings;
mod rounding;
mod services;
mod shop;
mod shrink;
mod taxes;
mod tree;
mod worked;
mod yaml;

use std::panic::{AssertUnwindSafe, catch_unwind};

use quoin::policy::syntax::Policy;
use quoin::pricing::cart::Detail;

use direct::Direct;
use draw::Dice;
use interpret::interpret;
use shop::{Answer, Cart, Line, Shop};
use shrink::Case;

/// Policies and carts of a stream, with the world that they share.
fn drawn(stream: u64, policies: usize, carts: usize) -> (Shop, Vec<(Policy, Vec<Cart>)>) {
    let mut dice = Dice::new(crate::effort::seed(), stream);
    let shop = draw::world(&mut dice);
    let policies = (0..policies).map(|_| {
        let policy = draw::policy(&mut dice);
        let carts = (0..carts).map(|_| draw::cart(&mut dice, &shop, &policy)).collect();
        (policy, carts)
    });
    let policies = policies.collect();
    (shop, policies)
}

/// What the interpreter says, without what the engine does not tell.
fn expected(case: &Case) -> Answer {
    let mut answer = interpret(&case.shop, &case.policy, &case.cart);
    answer.lines.values_mut().for_each(|line| line.gave.clear());
    answer
}

/// How the compiled policy prices otherwise; none where it does not.
fn differs(case: &Case) -> Option<String> {
    let expected = expected(case);
    let found = catch_unwind(AssertUnwindSafe(|| {
        let direct = Direct::of(&case.shop);
        let policy = direct.compile(&case.policy);
        let order: Vec<&Line> = case.cart.lines.iter().collect();
        direct.told(&policy, &direct.price(&policy, &case.cart, &order, Detail::Basic), &order)
    }));
    match found {
        Ok(found) if found == expected => None,
        Ok(found) => Some(found.against(&expected)),
        Err(panic) => {
            let told = panic.downcast_ref::<String>().cloned();
            Some(format!("a panic: {}", told.unwrap_or_default()))
        }
    }
}

#[test]
fn the_compiled_policy_prices_as_the_interpreter_does() {
    let (mut count, mut wrong) = (0, 0);
    let mut signatures = std::collections::BTreeSet::new();
    std::panic::set_hook(Box::new(|p| eprintln!("PANIC {:?}", p.location())));
    for stream in 0..u64::from(crate::effort::count(300)) {
        let (shop, policies) = drawn(stream, 10, 5);
        for (policy, carts) in policies {
            for cart in carts {
                let case = Case { shop: shop.clone(), policy: policy.clone(), cart };
                count += 1;
                let Some(why) = differs(&case) else { continue };
                wrong += 1;
                if wrong > 100 || signatures.len() > 10 {
                    continue;
                }
                let (case, why) = case.shrunk(why, &differs);
                let mut signature: Vec<String> = case
                    .policy
                    .rules
                    .iter()
                    .map(|rule| {
                        format!(
                            "{:?} {:?} {:?} {:?}",
                            rule.layer,
                            rule.tiers[0].benefit.kind(),
                            rule.mode,
                            rule.measure.is_some()
                        )
                    })
                    .collect();
                signature.extend(case.policy.guards.iter().map(|g| format!("{:?}", g.test)));
                signature.extend(case.policy.taxes.iter().map(|_| "tax".to_owned()));
                if signatures.insert(signature) {
                    println!(
                        "QUOIN_SEED={}, stream {stream}: \n{why}\n{}",
                        crate::effort::seed(),
                        case.told()
                    );
                }
            }
        }
    }
    assert_eq!(wrong, 0, "of {count}");
}
