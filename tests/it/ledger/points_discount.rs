//! What does a cart come to that takes points: as a discount, or as a payment?

use quoin::domain::day::CivilDay;
use quoin::domain::decimal::{MILLION, Micros};
use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::engine::ledger::loyalty::HoldPoints;
use quoin::pricing::request::Detail;

use super::points_beside_rules;
use super::points_carts::{CASES, Case, TAXED};
use super::points_shop::{AT, Ask, figure, outcome, policy, priced, shop, waterfall};
use super::world::{document, micros};
use crate::effort::{self, Draws};

impl Case {
    fn ask(&self) -> Ask<'_> {
        Ask { letter: self.letter, lines: self.lines, take: self.take }
    }
}

#[test]
fn carts_take_points_as_the_programme_says() {
    let world = shop();
    let mut wrong = Vec::new();
    let cases: Vec<&Case> = CASES.iter().chain(points_beside_rules::CASES).collect();
    for case in &cases {
        world.publish(&policy(case.points, case.more));
        let cart = priced(&world, &case.ask(), Detail::Basic).unwrap();
        let found = outcome(&cart);
        if found != case.comes {
            wrong.push(format!("{}: {} comes to {found}, not to {}", case.what, case.take, case.comes));
        }
        if found == case.other {
            wrong.push(format!("{}: the other reading comes to the same", case.what));
        }
        // With reasoning the same figures, to the bit, and steps that sum to them.
        for detail in [Detail::Waterfall, Detail::Explain] {
            let told = priced(&world, &case.ask(), detail).unwrap();
            let figures = |cart: &quoin::pricing::cart::PricedCart| {
                let lines: Vec<_> =
                    cart.lines.iter().map(|line| (line.unit_price, line.amount, line.tax)).collect();
                (lines, cart.points.clone(), cart.left_to_pay, cart.total, cart.tax_total)
            };
            assert_eq!(figures(&told), figures(&cart), "{}", case.what);
            (0..told.lines.len()).for_each(|line| drop(waterfall(&told, line)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let sided = cases.iter().filter(|case| !case.other.is_empty()).count();
    println!("{} carts, {sided} of them with another reading", cases.len());
}

#[test]
fn what_points_take_off_is_not_taxed() {
    let world = shop();
    for (case, taxed) in TAXED {
        world.publish(&policy(case.points, case.more));
        let cart = priced(&world, &case.ask(), Detail::Basic).unwrap();
        assert_eq!(outcome(&cart), case.comes, "{}", case.what);
        assert_ne!(outcome(&cart), case.other, "{}", case.what);
        let tax = cart.tax_total.unwrap();
        let told = format!("tax {}, with tax {}", figure(tax), figure(cart.total + tax));
        assert_eq!(told, *taxed, "{}", case.what);
    }
}

#[test]
fn the_waterfall_has_a_step_of_the_points() {
    let world = shop();
    let points = "{ id: p, earn: { percent: 1 }, as: discount, worth: 0.5 }";
    let more = "rules:\n- { id: vip, layer: loyalty, percent: 10 }\n- { id: freight, layer: surcharge, percent: 10 }\n\
                guards: [{ id: floor, markup: 20 }]";
    world.publish(&policy(points, more));
    let told = |lines: &str, take: &str| {
        let cart = priced(&world, &Ask { letter: "P", lines, take }, Detail::Waterfall).unwrap();
        let lines = (0..cart.lines.len()).map(|line| waterfall(&cart, line));
        lines.collect::<Vec<_>>()
    };
    // 90 and 45 share the 20 as 13.33 and 6.67.
    assert_eq!(
        told("saw 1, nail 1", "p 40"),
        [
            "Contract list 100, Loyalty vip -10, Loyalty p -13.33, Surcharge freight 7.67",
            "Contract list 50, Loyalty vip -5, Loyalty p -6.67, Surcharge freight 3.83",
        ]
    );
    assert_eq!(
        told("saw 1", "p 80"),
        ["Contract list 100, Loyalty vip -10, Loyalty p -40, Surcharge freight 5, Guard floor 17"]
    );
    assert_eq!(told("saw 1", "p 0"), ["Contract list 100, Loyalty vip -10, Surcharge freight 9"]);
}

#[test]
fn the_order_of_lines_and_of_programmes_changes_nothing() {
    let world = shop();
    let points =
        "{ id: p, earn: { percent: 1 }, as: discount }, { id: q, earn: { percent: 1 }, as: discount }";
    world.publish(&policy(points, ""));
    let amounts = |lines: &str, take: &str| {
        let cart = priced(&world, &Ask { letter: "P", lines, take }, Detail::Basic).unwrap();
        let mut amounts: Vec<_> = cart.lines.iter().map(|line| (line.sku, line.amount)).collect();
        amounts.sort();
        (amounts, cart.points)
    };
    let one = amounts("saw 1, nail 1, oil 1", "p 10.01, q 7.03");
    for lines in ["oil 1, nail 1, saw 1", "nail 1, saw 1, oil 1"] {
        assert_eq!(amounts(lines, "q 7.03, p 10.01"), one);
    }
}

#[test]
fn programmes_that_the_contract_has_not_are_refused() {
    let world = shop();
    let asked = |take| {
        let refused = priced(&world, &Ask { letter: "P", lines: "saw 1", take }, Detail::Basic);
        refused.unwrap_err().to_string()
    };
    assert_eq!(asked("p 1"), "the contract has no programme of points \"p\"; it has none");
    let points = "{ id: p, earn: { percent: 1 }, as: discount }, { id: q, earn: { percent: 1 } }, \
                  { id: others, contracts: { contract: 0.R }, earn: { percent: 1 } }, \
                  { id: dollars, currency: USD, earn: { percent: 1 } }";
    world.publish(&policy(points, ""));
    assert_eq!(
        asked("others 1, q 1, dollars 1, r 1"),
        "the contract has no programme of points \"others\", \"dollars\", \"r\"; it has \"p\", \"q\""
    );
}

#[test]
fn what_could_be_taken_is_told_without_asking() {
    let world = shop();
    let told = |lines: &str| {
        let cart = priced(&world, &Ask { letter: "P", lines, take: "" }, Detail::Basic).unwrap();
        let one = |of: &quoin::pricing::cart::CartPoints| {
            assert_eq!(of.taken, None);
            format!("{} {} {}", figure(of.spendable), of.payable, of.amount)
        };
        cart.points.iter().map(one).collect::<Vec<_>>().join(" | ")
    };
    let points = "{ id: p, earn: { percent: 1 }, as: discount, worth: 0.5, pay: { most_percent: 40 }, step: 1 }, \
                  { id: q, earn: { percent: 10 }, as: discount }";
    world.publish(&policy(points, "rules: [{ id: freight, layer: surcharge, percent: 50 }]"));
    // 40 % of 100 at half a euro, before the surcharge; all of it.
    assert_eq!(told("saw 1"), "100 80 40 | 1000 100 100");
    assert_eq!(told("saw 2"), "100 100 50 | 1000 200 200");
    assert_eq!(told("gift 1"), "100 0 0 | 1000 0 0");
}

#[test]
fn what_a_cart_earns_and_gains_is_of_what_points_leave() {
    let world = shop();
    let points =
        "{ id: p, earn: { percent: 10 }, as: discount }, { id: q, earn: { percent: 10, of: contract } }";
    let more = "agreements: [{ id: a, period: quarter, percent: 10 }]";
    world.publish(&policy(points, more));
    let told = |take: &str| {
        let cart = priced(&world, &Ask { letter: "P", lines: "saw 1", take }, Detail::Basic).unwrap();
        let earns: Vec<String> = cart.points.iter().map(|of| of.earns.to_string()).collect();
        (earns.join(" "), cart.retro.unwrap().total.to_string())
    };
    assert_eq!(told(""), ("10 10".to_owned(), "10".to_owned()));
    assert_eq!(told("p 30"), ("7 10".to_owned(), "7".to_owned()));
    // Points that pay leave what is bought as it is.
    assert_eq!(told("q 30"), ("10 10".to_owned(), "10".to_owned()));
}

/// How a portal does it: it prices the cart with points, holds those that are taken, posts what was shipped as it was priced,
/// and spends them.
#[test]
fn a_cart_is_priced_held_shipped_and_spent() {
    let world = shop();
    world.publish(&policy(
        "{ id: p, earn: { percent: 1 }, as: discount }",
        "guards: [{ id: floor, markup: 20 }]",
    ));
    let ask = Ask { letter: "P", lines: "saw 1", take: "p 50" };
    let cart = priced(&world, &ask, Detail::Basic).unwrap();
    let taken = cart.points[0].taken.clone().unwrap();
    assert_eq!((cart.lines[0].amount, taken.taken), (micros("72"), micros("28")));
    let day = CivilDay::parse("2026-02-20").unwrap();
    let hold =
        HoldPoints { id: "order-1", contract: "0.P", programme: "p", points: taken.taken, day: Some(day) };
    world.engine.hold_points(&Caller::operator(), hold).unwrap();
    world.posted(vec![document(0, "S1 shipment P 2026-02-20 saw 1 72 contract=100")]);
    world.engine.spend_points(&Caller::operator(), "order-1", Some("0.S1")).unwrap();
    let (standings, _) =
        world.engine.points(&Caller::operator(), "0.P", Some(Instant::parse(AT).unwrap())).unwrap();
    let of = &standings[0].balance;
    // A hundred, less 28, and 0.72 of what was paid.
    assert_eq!([of.spendable, of.spent, of.owed].map(figure), ["72.72", "28", "0"]);
    // What is held cannot be taken by the next cart.
    let next = priced(&world, &Ask { lines: "saw 3", take: "p 100", ..ask }, Detail::Basic).unwrap();
    assert_eq!(outcome(&next), "227.28 | p 100>72.72=72.72 Spendable:27.28");
}

/// What a clerk comes to in whole numbers: amounts in cents, points in hundredths.
struct Clerk {
    prices: Vec<(&'static str, i64)>,
    worth: i64,
    step: i64,
    percent: i64,
    spendable: i64,
    most_off: i64,
}

/// By line in cents; points taken, in hundredths; what they come to, in cents.
type Worked = (Vec<i64>, i64, i64);

impl Clerk {
    /// `worth` is of a point in cents, `step` in hundredths of a point.
    fn works_out(&self, asked: i64) -> Worked {
        let whole: i64 = self.prices.iter().map(|(_, cents)| cents).sum();
        // Hundredths of points that an amount of hundredths of a cent buys, in whole steps.
        let in_steps = |points: i64| points / self.step * self.step;
        let share = whole * self.percent / self.worth;
        let points = in_steps(asked.min(self.spendable).min(share));
        let amount = points * self.worth / 100;
        let fewest = (amount * 100 + self.worth * self.step - 1) / (self.worth * self.step) * self.step;
        let mut parts: Vec<(i64, i64)> =
            self.prices.iter().map(|(_, cents)| (amount * cents / whole, amount * cents % whole)).collect();
        let over = amount - parts.iter().map(|(part, _)| part).sum::<i64>();
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|at| (-parts[*at].1, self.prices[*at].0));
        for at in order.into_iter().take(usize::try_from(over).unwrap()) {
            parts[at].0 += 1;
        }
        // A guard leaves so many percent of the contract price off; hundredths of a cent.
        let (mut amounts, mut kept) = (Vec::new(), 0);
        for ((_, cents), (part, _)) in self.prices.iter().zip(parts) {
            let least = cents * (100 - self.most_off);
            let back = (least - (cents - part) * 100).clamp(0, part * 100);
            amounts.push((cents * 100 - part * 100 + back + 99) / 100);
            kept += (part * 100 - back) / 100;
        }
        let taken = if kept == amount { fewest } else { in_steps(kept * 100 / self.worth).min(fewest) };
        (amounts, taken, kept)
    }
}

#[test]
fn drawn_carts_come_to_what_a_clerk_works_out() {
    let world = shop();
    let mut draws = Draws::new(71);
    let rounds = effort::count(600);
    let (mut guarded, mut short) = (0, 0);
    for round in 0..rounds {
        let pick = |draws: &mut Draws, of: &[i64]| of[draws.below(of.len())];
        let (worth, step) =
            (pick(&mut draws, &[1, 3, 30, 50, 100, 700]), pick(&mut draws, &[1, 10, 100, 700]));
        let (percent, most_off) =
            (pick(&mut draws, &[10, 33, 50, 99, 100]), pick(&mut draws, &[7, 13, 29, 100]));
        let points = format!(
            "{{ id: p, earn: {{ percent: 0.5 }}, as: discount, worth: {}, step: {}, pay: {{ most_percent: {percent} }} }}",
            hundredths(worth),
            hundredths(step)
        );
        world.publish(&policy(&points, &format!("guards: [{{ id: most, discount: {most_off} }}]")));
        let mut goods = [("saw", 10_000), ("nail", 5_000), ("oil", 3_333)];
        draws.shuffle(&mut goods);
        let lines = goods[..=draws.below(3)].iter().map(|(sku, cents)| {
            let quantity = i64::try_from(draws.below(4)).unwrap() + 1;
            (*sku, quantity, cents * quantity)
        });
        let lines: Vec<(&str, i64, i64)> = lines.collect();
        let prices = lines.iter().map(|(sku, _, cents)| (*sku, *cents)).collect();
        // Fifty points were earned, in whole steps.
        let clerk = Clerk { prices, worth, step, percent, spendable: 5_000 / step * step, most_off };
        let asked = i64::try_from(draws.below(7_000)).unwrap();
        let text: Vec<String> = lines.iter().map(|(sku, quantity, _)| format!("{sku} {quantity}")).collect();
        let take = format!("p {}", hundredths(asked));
        let ask = Ask { letter: "P", lines: &text.join(", "), take: &take };
        let cart = priced(&world, &ask, Detail::Basic).unwrap();
        let taken = cart.points[0].taken.as_ref().unwrap();
        let found: Worked = (
            cart.lines.iter().map(|line| line.amount.0 / (MILLION / 100)).collect(),
            taken.taken.0 / (MILLION / 100),
            taken.amount.0 / (MILLION / 100),
        );
        assert_eq!(found, clerk.works_out(asked), "round {round}: {} of {points}, {taken:?}", ask.lines);
        let has = |loss| taken.left.iter().any(|(of, _)| *of == loss);
        guarded += u32::from(has(quoin::pricing::points::PointsLoss::Guard));
        short += u32::from(taken.taken < taken.asked);
    }
    println!("{rounds} carts, {short} of them take fewer points than asked, {guarded} because of a guard");
    assert!(guarded > 0 && short > guarded);
}

fn hundredths(figure: i64) -> String {
    Micros(figure * (MILLION / 100)).to_string()
}

#[test]
fn what_was_earned_is_found_anew_after_a_restart() {
    let world = shop();
    world.publish(&policy("{ id: p, earn: { percent: 1 }, as: discount }", ""));
    let ask = Ask { letter: "P", lines: "saw 2", take: "p 150" };
    let before = outcome(&priced(&world, &ask, Detail::Basic).unwrap());
    assert_eq!(before, "100 | p 150>100=100 Spendable:50");
    let world = world.reopened();
    assert_eq!(outcome(&priced(&world, &ask, Detail::Basic).unwrap()), before);
}
