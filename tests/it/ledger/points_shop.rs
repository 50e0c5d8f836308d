//! A shop whose buyers have points: what carts come to that take some of them.

use quoin::domain::contract::Circumstances;
use quoin::domain::decimal::Micros;
use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::engine::error::PriceError;
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::exchange::source::Source;
use quoin::pricing::cart::{CartPoints, PricedCart};
use quoin::pricing::request::{
    CartLine, CartRequest, Detail, Particulars, ProgressWanted, SkuRef, TakePoints,
};
use quoin::pricing::waterfall::Cause;

use super::world::{World, document, micros};

/// `gift` takes no discounts; only `saw` has a cost. The prices of `gross` include the tax.
const FILES: &[(&str, &str)] = &[
    (
        "skus.csv",
        "sku,base_unit,category,tax_class,unit_cost,cost_currency\nsaw,piece,tools,full,60,EUR\n\
         nail,piece,tools,full,,\noil,piece,tools,full,,\ngift,piece,gifts,full,,\n",
    ),
    ("price_lists.csv", "price_list,currency,tax\nshop,EUR,excluded\ngross,EUR,included\n"),
    (
        "prices.csv",
        "price_list,sku,price,flags\nshop,saw,100,\nshop,nail,50,\nshop,oil,33.33,\nshop,gift,60,no_discount\n\
         gross,saw,120,\n",
    ),
    (
        "contracts.csv",
        "contract,counterparty,currency,time_zone,valid_from,amount_step,round,discount_on,tax_rounding\n\
         0.P,0.own,EUR,Europe/Berlin,2025-02-15,,,,\n0.R,0.own,EUR,Europe/Berlin,2025-02-15,1,,,\n\
         0.L,0.own,EUR,Europe/Berlin,2025-02-15,,layer,,\n0.T,0.own,EUR,Europe/Berlin,2025-02-15,,,unit,\n\
         0.G,0.own,EUR,Europe/Berlin,2025-02-15,,,,\n0.D,0.own,EUR,Europe/Berlin,2025-02-15,,,,document\n",
    ),
    (
        "access.csv",
        "contract,position,price_list\n0.P,1,shop\n0.R,1,shop\n0.L,1,shop\n0.T,1,shop\n0.G,1,gross\n0.D,1,shop\n",
    ),
];

/// The day on which carts are priced.
pub const AT: &str = "2026-02-20T11:00:00Z";

/// Every contract bought for 10,000: at a percent that is a hundred points.
pub fn shop() -> World {
    let world = World::of(1);
    let folder = tempfile::tempdir().unwrap();
    let write = |(name, text): &(&str, &str)| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let sources = Source::of_paths(FILES.iter().map(write).collect::<Vec<_>>(), None).unwrap();
    let job = ImportJob { sources, ..ImportJob::default() };
    let report = world.engine.import(&Caller::operator(), &job, &Silent).unwrap();
    assert_eq!(report.verdict, Verdict::Published, "{:#?}", report.refused);
    for letter in ["P", "R", "L", "T", "G", "D"] {
        world.posted(vec![document(0, &format!("S-{letter} shipment {letter} 2026-01-05 nail 200 10000"))]);
    }
    world
}

/// A policy of these programmes and what else it says.
pub fn policy(points: &str, more: &str) -> String {
    format!("quoin_policy: 1\ncurrency: EUR\npoints: [{points}]\n{more}\n")
}

/// A cart: `saw 1, nail 2`, which takes points: `p 30, q 5`.
pub struct Ask<'a> {
    pub letter: &'a str,
    pub lines: &'a str,
    pub take: &'a str,
}

/// Pairs of a name and a figure.
fn pairs(text: &str) -> Vec<(&str, Micros)> {
    text.split(',')
        .filter_map(|one| one.trim().split_once(' '))
        .map(|(name, figure)| (name, micros(figure)))
        .collect()
}

pub fn priced(world: &World, ask: &Ask<'_>, detail: Detail) -> Result<PricedCart, PriceError> {
    let line = |(sku, quantity)| CartLine { id: sku, sku: SkuRef::Code(sku), quantity, unit: "" };
    let lines: Vec<CartLine<'_>> = pairs(ask.lines).into_iter().map(line).collect();
    let take = |(programme, points)| TakePoints { programme, points };
    let particulars = Particulars {
        take_points: pairs(ask.take).into_iter().map(take).collect(),
        ..Particulars::default()
    };
    let request = CartRequest {
        contract: &format!("0.{}", ask.letter),
        pricing_at: Some(Instant::parse(AT).unwrap()),
        publication: None,
        circumstances: Circumstances::default(),
        lines: &lines,
        particulars: &particulars,
        progress: ProgressWanted::Nothing,
        detail,
    };
    world.engine.price_cart(&Caller::operator(), &request)
}

/// A sum in millionths.
pub fn figure(millionths: i128) -> String {
    Micros(i64::try_from(millionths).unwrap()).to_string()
}

/// What came of a programme's points: how many of those asked are taken, what they come to, and why others are not, as in
/// `p 80>50=25 Share:30`; nothing where nothing was asked.
fn told(cart: &PricedCart, of: &CartPoints) -> Option<String> {
    let taken = of.taken.as_ref()?;
    let left: i64 = taken.left.iter().map(|(_, points)| points.0).sum();
    assert_eq!(taken.asked.0, taken.taken.0 + left, "{taken:?}");
    let id = &cart.policy.0.points_written(of.programme).unwrap().id;
    let left = taken.left.iter().map(|(loss, points)| format!(" {loss:?}:{points}"));
    Some(format!("{id} {}>{}={}{}", taken.asked, taken.taken, taken.amount, left.collect::<String>()))
}

/// The net amounts, the points, and what is left to pay where points pay: `70 60 | p 30>30=30 | left 100`.
pub fn outcome(cart: &PricedCart) -> String {
    let amounts: Vec<String> = cart.lines.iter().map(|line| line.amount.to_string()).collect();
    let points: Vec<String> = cart.points.iter().filter_map(|of| told(cart, of)).collect();
    let mut outcome = format!("{} | {}", amounts.join(" "), points.join("; "));
    if let Some(left) = cart.left_to_pay {
        outcome.push_str(&format!(" | left {}", figure(left)));
    }
    outcome
}

/// A line's waterfall: what made each step, and what it adds.
pub fn waterfall(cart: &PricedCart, line: usize) -> String {
    let policy = &cart.policy.0;
    let of = &cart.lines[line].steps;
    let steps = &cart.steps[of.start as usize..of.end as usize];
    let sum: i64 = steps.iter().map(|step| step.amount.0).sum();
    assert_eq!(sum, cart.lines[line].amount.0, "steps sum to the net amount: {steps:#?}");
    let cause = |cause| match cause {
        Cause::Rounding => "rounding".to_owned(),
        Cause::List(_) => "list".to_owned(),
        Cause::Rule(number) => policy.rule(number).unwrap().id.clone(),
        Cause::Service(number) => policy.service(number).unwrap().id.clone(),
        Cause::Guard(number) => policy.guard(number).unwrap().id.clone(),
        Cause::Points(number) => policy.points_written(number).unwrap().id.clone(),
        Cause::Negotiated => "negotiated".to_owned(),
    };
    let told: Vec<String> =
        steps.iter().map(|step| format!("{:?} {} {}", step.layer, cause(step.cause), step.amount)).collect();
    told.join(", ")
}
