//! What does a whole cart cost in process under a policy, and does it matter how many rules there are that can't touch it?
//!
//! On random data, where contract prices are known without the engine: every cart's total is worked out by hand first.

use std::path::Path;

use quoin::domain::decimal::Micros;
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::exchange::generate::Generator;
use quoin::pricing::cart::PricedCart;
use quoin::pricing::losers::{RuleLoser, RuleLoss};
use quoin::pricing::request::Detail;
use quoin::pricing::waterfall::Cause;

use super::asked::Asked;
use super::by_hand::{self, Line};
use super::caches::{Caches, first, warm};
use super::carts::{quantity, sheets};
use super::compiling;
use super::figures::{Figures, median};
use super::lookups::{From, Rows};
use super::more_contracts::{self, CONTRACTS as NAMED};
use super::opened::open;
use super::plan::Plan;
use super::policies::{APPLY, DISMISSED, OF_PORTAL, Policy, Shape};
use super::prices::Pricing;
use super::published::publish;

/// Contracts that carts are priced for, evenly spread over all.
const CONTRACTS: usize = 1_000;
/// Contracts for carts of 5,000 lines.
const CONTRACTS_LARGE: usize = 400;
/// Contracts of whose carts the reasoning is looked at.
const CONTRACTS_EXPLAINED: usize = 25;
const SMALL: usize = 100;
const LARGE: usize = 5_000;
/// What a cent is in millionths.
const CENT_MICROS: i128 = 10_000;

/// Prices carts under policies of different sizes, and compiles one.
pub fn measure(plan: &Plan, data: &Path, figures: &mut Figures) {
    let generator = Generator::new(plan.random.clone()).unwrap();
    let engine = open(data);
    let others = more_contracts::add(&engine, &generator);
    let bench = Bench::new(&generator, &engine);
    let of = |rules, own, own_circumstances| {
        Policy::new(&generator, Shape { rules, own, own_circumstances }, others.clone())
    };
    let base = bench.usual(&of(1_000, 0, false), figures);
    for (policy, rules) in [(of(10_000, NAMED, false), 10_000), (of(90_000, NAMED, false), 100_000)] {
        let found = bench.under(&policy);
        for (lines, nanos, base) in [(SMALL, found.small, base.small), (LARGE, found.large, base.large)] {
            figures.micros(&format!("pipeline_{lines}_rules_{rules}_us"), nanos);
            figures.integer(&format!("pipeline_{lines}_rules_{rules}_percent"), nanos * 100 / base);
        }
        figures.micros(&format!("pipeline_100_rules_{rules}_first_us"), found.first);
    }
    figures.micros("pipeline_100_coupons_us", bench.under(&of(10_000, NAMED, true)).small);
    compiling::measure(&of(10_000, 0, false), &engine.view().catalogue, figures);
}

/// Medians of nanoseconds.
struct Found {
    /// Small carts, each the first of its contract under the policy.
    first: u64,
    small: u64,
    large: u64,
}

/// Carts, and the engine that prices them.
struct Bench<'e> {
    generator: &'e Generator,
    engine: &'e Engine,
    small: Vec<Drawn>,
    large: Vec<Drawn>,
}

/// What a contract orders, and its own list's prices in millionths.
struct Drawn {
    contract: u32,
    skus: Vec<u32>,
    prices: Vec<i64>,
}

impl<'e> Bench<'e> {
    fn new(generator: &'e Generator, engine: &'e Engine) -> Self {
        let (mut small, mut large) = (Vec::new(), Vec::new());
        sheets(generator, CONTRACTS, |sheet| {
            for (count, most, drawn) in [(SMALL, CONTRACTS, &mut small), (LARGE, CONTRACTS_LARGE, &mut large)]
            {
                if let Some(skus) = sheet.draw(count).filter(|_| drawn.len() < most) {
                    let price = |sku: &u32| sheet.prices[usize::try_from(*sku).unwrap()];
                    let prices = skus.iter().map(price).collect();
                    drawn.push(Drawn { contract: sheet.contract, skus, prices });
                }
            }
        });
        Self { generator, engine, small, large }
    }

    /// The policy that the others are held against.
    fn usual(&self, policy: &Policy<'_>, figures: &mut Figures) -> Found {
        let found = self.under(policy);
        figures.micros("pipeline_100_us", found.small);
        figures.micros("pipeline_5000_us", found.large);
        let asked = self.asked(policy, &self.small, Detail::Explain);
        figures.micros("pipeline_100_explain_us", self.warm(&asked));
        let asked = self.asked(policy, &self.small, Detail::Basic);
        let view = self.engine.view();
        let rows = Rows::new(self.engine, &view);
        let mut pricing = Pricing::new(self.engine, &view, &rows, &asked, From::Cache);
        figures.micros("pipeline_100_cold_us", median(Caches::new().cold(&mut pricing)));
        found
    }

    fn under(&self, policy: &Policy<'_>) -> Found {
        publish(self.engine, policy);
        let asked = self.asked(policy, &self.small, Detail::Basic);
        let view = self.engine.view();
        let rows = Rows::new(self.engine, &view);
        rows.warm_cache();
        let mut pricing = Pricing::new(self.engine, &view, &rows, &asked, From::Cache);
        let first = median(first(&mut pricing));
        let explained = &self.small[..self.small.len().min(CONTRACTS_EXPLAINED)];
        for asked in self.asked(policy, explained, Detail::Explain) {
            hold_candidates(&self.engine.price_cart(&Caller::operator(), &asked.request()).unwrap());
        }
        let small = self.warm(&asked);
        let large = self.warm(&self.asked(policy, &self.large, Detail::Basic));
        Found { first, small, large }
    }

    fn warm(&self, asked: &[Asked]) -> u64 {
        let view = self.engine.view();
        let rows = Rows::new(self.engine, &view);
        median(warm(&mut Pricing::new(self.engine, &view, &rows, asked, From::Cache)))
    }

    fn asked(&self, policy: &Policy<'_>, drawn: &[Drawn], detail: Detail) -> Vec<Asked> {
        let asked = |drawn: &Drawn| {
            let line = |(sku, price): (&u32, &i64)| Line {
                id: "",
                leaf: self.generator.assortment().sku(*sku).unwrap().leaf,
                price: Micros(*price),
                quantity: quantity(self.generator, *sku),
                no_discount: false,
            };
            let lines: Vec<Line<'_>> = drawn.skus.iter().zip(&drawn.prices).map(line).collect();
            let cents: i128 = by_hand::cents(policy, drawn.contract, true, &lines).iter().sum();
            let (cart, how) = ((drawn.contract, drawn.skus.as_slice()), (OF_PORTAL, detail));
            Asked::known(self.generator, cart, how, cents * CENT_MICROS)
        };
        drawn.iter().map(asked).collect()
    }
}

/// Every line has the candidates that it is meant to have, and four of them hold.
fn hold_candidates(cart: &PricedCart) {
    let by_circumstances = |reason: RuleLoss| {
        use RuleLoss::{Channel, Coupon, OutsideDates, PaymentTerms};
        matches!(reason, Channel | Coupon | OutsideDates | PaymentTerms)
    };
    for (number, line) in (0_u32..).zip(&cart.lines) {
        let losers = cart.rule_losers.iter().filter(|loser| loser.line == number);
        let (dismissed, others): (Vec<&RuleLoser>, Vec<&RuleLoser>) =
            losers.partition(|loser| by_circumstances(loser.reason));
        let steps = usize::try_from(line.steps.start).unwrap()..usize::try_from(line.steps.end).unwrap();
        let gave = cart.steps[steps].iter().filter(|step| matches!(step.cause, Cause::Rule(_))).count();
        // One that holds may give a line less than a cent of the order's percentage, which is nothing.
        assert_eq!((dismissed.len(), gave + others.len()), (DISMISSED, APPLY), "{line:?}: {others:?}");
        assert!(gave + 1 >= APPLY, "{line:?}: {others:?}");
    }
}
