//! Does the compiled policy price as a naive interpreter of its syntax tree does?
//!
//! The interpreter walks the tree with exact fractions and shares no code with quoin's compiled policy and pricing.

mod benefits;
mod conditions;
mod contract_price;
mod draw;
mod eligibility;
mod guards;
mod interpret;
mod layers;
mod line;
mod measures;
mod meeting;
mod rounding;
mod services;
mod shop;
mod taxes;
mod tree;
mod worked;
mod yaml;

use draw::Dice;
use interpret::interpret;

/// Policies and carts of a stream, each with its world.
fn drawn(
    stream: u64,
    policies: usize,
    carts: usize,
) -> (shop::Shop, Vec<(quoin::policy::syntax::Policy, Vec<shop::Cart>)>) {
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

#[test]
fn dump() {
    let mut rules = std::collections::BTreeMap::<String, u32>::new();
    for stream in 0..100 {
        let (shop, policies) = drawn(stream, 10, 5);
        for (policy, carts) in policies {
            for cart in carts {
                let answer = interpret(&shop, &policy, &cart);
                for line in answer.lines.values() {
                    *rules.entry(line.status.split(' ').next().unwrap().to_owned()).or_default() += 1;
                    for (id, n) in [
                        ("approve", line.approvals.len()),
                        ("clamp", line.clamped.len()),
                        ("below", line.below.len()),
                        ("free", line.free.len()),
                        ("gave", line.gave.len()),
                        ("gavelines", usize::from(!line.gave.is_empty())),
                    ] {
                        *rules.entry(id.to_owned()).or_default() += n as u32;
                    }
                    for rule in &policy.rules {
                        let kind = format!("{:?} {:?}", rule.layer, rule.tiers[0].benefit.kind());
                        *rules.entry(format!("{kind} all")).or_default() += 1;
                        if line.gave.contains_key(&rule.id) {
                            *rules.entry(kind).or_default() += 1;
                        }
                    }
                }
            }
            if stream == 0 {
                println!("{}", yaml::to_yaml(&policy));
            }
        }
    }
    println!("{rules:#?}");
}
