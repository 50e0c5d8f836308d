//! How does quoin stand beside what runs in the caller's own process: a plain program, and zen-engine for discount rules?
//!
//! In a process of its own, whose memory says what the plain program's prices take.

use std::ffi::OsStr;
use std::path::Path;

use quoin::domain::contract::Circumstances;
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::exchange::generate::Generator;
use quoin::pricing::cart::LineStatus;
use quoin::pricing::request::Detail;
use serde_json::{Map, Value};

use super::asked::Asked;
use super::beside::{Data, SHAPE, lines};
use super::by_hand;
use super::children;
use super::found::{Comparison, Ratio};
use super::opened::open;
use super::orders::{self, Order};
use super::pinned::Pinned;
use super::plain_program::PlainProgram;
use super::plan::Plan;
use super::policies::{OF_PORTAL, Policy};
use super::rounds::{self, Kept, ROUNDS, Side};
use super::timed_in_process::in_turn_at_once;
use super::zen::Zen;

/// The argument that makes this binary that process: `--in-process SIZE PRICES POLICY`.
pub const ARGUMENT: &str = "--in-process";
/// Contracts that carts are priced for, evenly spread.
const CONTRACTS: usize = 1_000;
const CENT_MICROS: i128 = 10_000;
const ZEN: &str = "30";

/// Both comparisons.
pub fn measure(plan: &Plan, data: &Data, pinned: &Pinned) -> Map<String, Value> {
    let size = plan.size.to_string();
    let mut part: Vec<&OsStr> = vec![ARGUMENT.as_ref(), size.as_ref()];
    part.extend([data.folder.as_os_str(), data.with_policy().as_os_str()]);
    children::run(&part, pinned.clients())
}

/// Prints what was found.
pub fn child(plan: &Plan, prices: &Path, with_policy: &Path) {
    let generator = Generator::new(plan.random.clone()).unwrap();
    let orders = orders::of(&generator, CONTRACTS);
    let mut found = beside_plain_program(&generator, &orders, prices);
    found.extend(beside_zen(&generator, &orders, with_policy));
    println!("{}", Value::Object(found));
}

fn beside_plain_program(generator: &Generator, orders: &[Order], prices: &Path) -> Map<String, Value> {
    let program = PlainProgram::load(generator, orders);
    let engine = open(prices);
    let asked: Vec<Asked> = orders
        .iter()
        .map(|order| {
            let how = (Circumstances::default(), Detail::Basic);
            Asked::known(generator, (order.contract, &order.skus), how, order.total().into())
        })
        .collect();
    let amounts = |cart: usize, line: usize| i128::from(orders[cart].amount(line));
    hold(&engine, &asked, amounts);
    let mut sides = [program.side(orders), quoin("quoin, in process", &engine, &asked)];
    rounds::run(&mut sides, ROUNDS);
    let [theirs, ours] = &sides;
    let ratio = Ratio { name: "contract prices", to_reach: "", reached: ours.times(theirs), secured: None };
    Comparison {
        title: "`rust_decimal` and `HashMap`, in process".to_owned(),
        cells: engine.view().points(),
        sides: &sides,
        ratios: vec![ratio],
        told: Vec::new(),
    }
    .put("hash_map")
}

fn beside_zen(generator: &Generator, orders: &[Order], with_policy: &Path) -> Map<String, Value> {
    let engine = open(with_policy);
    let policy = Policy::new(generator, SHAPE, 0..0);
    let by_hand = |order: &Order| by_hand::cents(&policy, order.contract, true, &lines(generator, order));
    let cents: Vec<Vec<i128>> = orders.iter().map(by_hand).collect();
    let asked: Vec<Asked> = orders
        .iter()
        .zip(&cents)
        .map(|(order, cents)| {
            let total = cents.iter().sum::<i128>() * CENT_MICROS;
            let cart = (order.contract, order.skus.as_slice());
            Asked::known(generator, cart, (OF_PORTAL, Detail::Basic), total)
        })
        .collect();
    hold(&engine, &asked, |cart, line| cents[cart][line] * CENT_MICROS);
    let view = engine.view();
    let rules = &view.policy.0.policy().rules;
    let those_that_hold: Vec<_> = rules.iter().filter(|rule| may_hold(&rule.id)).cloned().collect();
    let few = Zen::new(generator, &those_that_hold, orders, &cents);
    let all = Zen::new(generator, rules, orders, &cents);
    let mut sides = [
        few.side(&format!("zen-engine, the {} rules that can hold", those_that_hold.len())),
        all.side(&format!("zen-engine, all {} rules", rules.len())),
        quoin(&format!("quoin, in process, all {} rules", rules.len()), &engine, &asked),
    ];
    rounds::run(&mut sides, ROUNDS);
    let [few, all, ours] = &sides;
    let ratio = |name, theirs| Ratio { name, to_reach: ZEN, reached: ours.times(theirs), secured: None };
    Comparison {
        title: "`zen-engine`, discount rules in process".to_owned(),
        cells: view.points(),
        sides: &sides,
        ratios: vec![ratio("all rules", all), ratio("where zen-engine has only those that can hold", few)],
        told: Vec::new(),
    }
    .put("zen")
}

/// Rules by leaf category for the portal, by group, of the order and of loyalty; all others ask for what no cart here has.
fn may_hold(id: &str) -> bool {
    id.starts_with("goods-0-") || !id.starts_with("goods-")
}

/// Every line must come to what it is known to.
fn hold(engine: &Engine, asked: &[Asked], amount: impl Fn(usize, usize) -> i128) {
    for (cart, asked) in asked.iter().enumerate() {
        let priced = engine.price_cart(&Caller::operator(), &asked.request()).unwrap();
        for (number, line) in priced.lines.iter().enumerate() {
            assert_eq!(line.status, LineStatus::Priced, "cart {cart}");
            assert_eq!(i128::from(line.amount.0), amount(cart, number), "cart {cart}, line {number}");
        }
    }
}

fn quoin<'s>(name: &str, engine: &'s Engine, asked: &'s [Asked]) -> Side<'s> {
    let caller = Caller::operator();
    let requests: Vec<_> = asked.iter().map(Asked::request).collect();
    Side::new(name, Kept::default(), move || {
        in_turn_at_once(requests.len(), |number| {
            let cart = engine.price_cart_cached(&caller, &requests[number]).unwrap().unwrap();
            assert_eq!(cart.total, asked[number].total, "cart {number}");
        })
    })
}
