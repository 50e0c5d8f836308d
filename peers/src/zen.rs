//! How fast does zen-engine work out which discounts a cart's lines are given? Its tables have the same rules as quoin's policy.
//!
//! As kind to it as it can be: tables are compiled and indexed, a cart is evaluated at once with its lines in loop mode, its
//! input is there beforehand as zen-engine has it, group amounts added up; and what is left to do with the percentages
//! (rounding, spreading the order's, totals) is left out. quoin does all of it.

use std::str::FromStr;

use quoin::domain::time::{CivilSecond, Instant};
use quoin::exchange::generate::Generator;
use quoin::policy::syntax::Rule;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use zen_engine::model::GraphContent;
use zen_engine::{Decision, Variable};

use super::asked::PRICING_AT;
use super::beside::{SHAPE, lines};
use super::by_hand::{self, Given, Line};
use super::orders::Order;
use super::policies::{OF_PORTAL, Policy};
use super::rounds::{Kept, Side};
use super::timed_in_process::in_turn;
use super::zen_tables;

/// The rules, and the carts that they are asked about.
pub struct Zen {
    decision: Decision,
    carts: Vec<Variable>,
}

impl Zen {
    /// Compiles the rules, and holds what every cart comes to by them against the amounts that quoin gives, in cents.
    pub fn new(generator: &Generator, rules: &[Rule], orders: &[Order], amounts: &[Vec<i128>]) -> Self {
        let content: GraphContent = serde_json::from_value(zen_tables::graph(rules)).unwrap();
        let mut decision = Decision::from(content);
        decision.compile();
        decision.validate().unwrap();
        let policy = Policy::new(generator, SHAPE, 0..0);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut carts = Vec::new();
        for (order, amounts) in orders.iter().zip(amounts) {
            let lines = lines(generator, order);
            let cart = Variable::from(input(&policy, generator, &lines));
            let found = runtime.block_on(decision.evaluate(cart.clone())).unwrap().result.to_value();
            let given: Vec<Given> = (0..lines.len()).map(|line| given(&found, line)).collect();
            assert_eq!(by_hand::cents_given(&lines, &given), *amounts, "contract {}", order.contract);
            carts.push(cart);
        }
        Self { decision, carts }
    }

    /// For the rounds.
    pub fn side(&self, name: &str) -> Side<'_> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Side::new(name, Kept::default(), move || {
            runtime.block_on(in_turn(self.carts.len(), async |number| {
                let found = self.decision.evaluate(self.carts[number].clone()).await.unwrap();
                assert!(found.result.dot("goods").is_some(), "cart {number}");
            }))
        })
    }
}

/// A cart of the portal as the tables ask for it.
fn input(policy: &Policy<'_>, generator: &Generator, lines: &[Line<'_>]) -> Value {
    let amounts = by_hand::group_amounts(policy, lines);
    // Noon of that day, anywhere in Europe.
    let day = zen_tables::day(CivilSecond(Instant::parse(PRICING_AT).unwrap().0));
    let line = |line: &Line<'_>| {
        let group = policy.group_of(line.leaf);
        let leaf = &generator.assortment().leaves[usize::from(line.leaf)].path;
        json!({
            "leaf": leaf, "channel": OF_PORTAL.channel, "coupon": "", "payment": "", "contracts": "", "day": day,
            "group": format!("group-{group}"), "group_cents": i64::try_from(amounts[group] / 100).unwrap(),
        })
    };
    json!({ "lines": lines.iter().map(line).collect::<Vec<_>>() })
}

/// What the tables give a line.
fn given(found: &Value, line: usize) -> Given {
    let [of_leaf] = found["goods"][line].as_array().unwrap().as_slice() else {
        panic!("line {line}: {:?}", found["goods"][line]);
    };
    let of_everything = |rule: &str| {
        let everything = found["everything"].as_array().unwrap();
        hundredths(everything.iter().find(|given| given["rule"] == rule).unwrap())
    };
    Given {
        of_leaf: hundredths(of_leaf),
        of_group: hundredths(&found["groups"][line]),
        of_order: of_everything("order"),
        of_loyalty: of_everything("loyalty"),
    }
}

/// A percentage in hundredths.
fn hundredths(given: &Value) -> i128 {
    let percent = Decimal::from_str(&given["percent"].to_string()).unwrap();
    let hundredths = percent * Decimal::ONE_HUNDRED;
    assert!(hundredths.is_integer(), "{given}");
    hundredths.try_into().unwrap()
}
