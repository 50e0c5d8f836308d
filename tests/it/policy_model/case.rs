//! What is tried at a time? A cart with its policy and its world; drawn by number, or kept in a file.

use std::path::Path;

use quoin::policy::finding::Source;
use quoin::policy::read::read;
use quoin::policy::syntax::Policy;

use super::draw::{self, Dice};
use super::shop::{Cart, Shop};
use super::yaml::to_yaml;

/// The folder of cases that once failed: of each the policy, and its world and cart.
const KEPT: &str = "tests/it/policy_model/counterexamples";

/// A cart with what it is priced with.
#[derive(Debug, Clone)]
pub struct Case {
    pub shop: Shop,
    pub policy: Policy,
    pub cart: Cart,
}

/// Policies and carts of a stream, with the world that they share.
pub fn drawn(stream: u64, policies: usize, carts: usize) -> (Shop, Vec<(Policy, Vec<Cart>)>) {
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

/// Holds all cases of so many streams to something: `fails` says how it does not hold. What fails is shrunk and told.
pub fn hold(streams: u32, fails: &dyn Fn(&Case) -> Option<String>) {
    for stream in 0..u64::from(crate::effort::count(streams)) {
        let (shop, policies) = drawn(stream, 10, 5);
        for (policy, carts) in policies {
            for cart in carts {
                let case = Case { shop: shop.clone(), policy: policy.clone(), cart };
                if let Some(why) = fails(&case) {
                    let (case, why) = case.shrunk(why, fails);
                    panic!("QUOIN_SEED={}, stream {stream}: {why}\n{}", crate::effort::seed(), case.told());
                }
            }
        }
    }
}

impl Case {
    /// As it is kept: both files, one after the other.
    fn told(&self) -> String {
        let mut shop = self.shop.clone();
        let ordered = |sku: &String| self.cart.lines.iter().any(|line| line.sku == *sku);
        let named = format!("{:?}", self.policy);
        shop.skus.retain(|sku, _| ordered(sku) || named.contains(sku.as_str()));
        shop.lists.values_mut().for_each(|list| list.prices.retain(|sku, _| shop.skus.contains_key(sku)));
        shop.contracts.retain(|code, _| *code == self.cart.contract);
        let world = serde_json::to_string(&(shop, &self.cart)).unwrap();
        format!("to keep it, in {KEPT}/NAME.yaml:\n{}and in NAME.json:\n{world}\n", to_yaml(&self.policy))
    }

    /// The cases that are kept, by name.
    pub fn kept() -> Vec<(String, Self)> {
        let mut cases = Vec::new();
        for entry in std::fs::read_dir(KEPT).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "yaml") {
                let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
                cases.push((name, Self::of_files(&path)));
            }
        }
        cases
    }

    fn of_files(policy: &Path) -> Self {
        let name = policy.to_str().unwrap();
        let text = std::fs::read_to_string(policy).unwrap();
        let policy_read = read(&[Source { name, text: &text }]).unwrap();
        let world = std::fs::read_to_string(policy.with_extension("json")).unwrap();
        let (shop, cart) = serde_json::from_str(&world).unwrap();
        Self { shop, policy: policy_read, cart }
    }
}
