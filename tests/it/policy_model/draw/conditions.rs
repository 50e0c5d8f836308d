//! Which conditions are tried? Those that carts meet about half of the time.

use quoin::domain::time::{CivilSecond, Window};
use quoin::policy::syntax::{LineCondition, LineTest, Part, RuleLayer, When};

use super::dice::Dice;
use super::selections::{Groups, some_goods};
use super::world::{BASES, CHANNELS, COUPONS, FULFILMENTS, GRADES, TERMS, WAREHOUSES};

/// Begins and ends of windows; carts are priced beside them.
pub const MOMENTS: [&str; 5] =
    ["2026-04-01", "2026-05-01", "2026-05-20T12:00:00", "2026-05-21", "2026-07-01T08:30:00"];

pub fn moment(dice: &mut Dice) -> CivilSecond {
    CivilSecond::parse(&dice.word(&MOMENTS)).unwrap()
}

pub fn when(dice: &mut Dice, groups: &Groups, layer: RuleLayer) -> When {
    let mut when = When::default();
    if dice.percent(65) {
        return when;
    }
    for _ in 0..dice.between(1, 2) {
        match dice.at(11) {
            0 => when.channel = dice.some(&CHANNELS, 2),
            1 => when.warehouse = dice.some(&WAREHOUSES, 2),
            2 => when.delivery_basis = dice.some(&BASES, 2),
            3 => when.fulfilment = dice.some(&FULFILMENTS, 2),
            4 => when.payment_terms = dice.some(&TERMS, 2),
            5 => when.coupon = dice.some(&COUPONS, 2),
            6 => when.first_order = Some(dice.percent(50)),
            7 => when.window = window(dice),
            8 => {
                when.weekdays = (1..=7).filter(|_| dice.percent(70)).collect();
            }
            9 => when.line = vec![line(dice)],
            // No other line has a price yet.
            _ if layer == RuleLayer::Contract => {}
            _ => {
                when.together = (0..dice.between(1, 2)).map(|_| part(dice, groups)).collect();
            }
        }
    }
    when
}

fn window(dice: &mut Dice) -> Window {
    let (one, other) = (moment(dice), moment(dice));
    match dice.at(3) {
        0 => Window { from: Some(one), to: None },
        1 => Window { from: None, to: Some(one) },
        _ if one == other => Window { from: Some(one), to: None },
        _ => Window { from: Some(one.min(other)), to: Some(one.max(other)) },
    }
}

fn line(dice: &mut Dice) -> LineCondition {
    if dice.percent(40) {
        let test = LineTest::OneOf(dice.some(&GRADES, 3));
        return LineCondition { attribute: "grade".to_owned(), test };
    }
    let from = dice.maybe(70, |dice| dice.mostly_whole(1, 8));
    let to = if from.is_none() || dice.percent(40) { Some(dice.mostly_whole(8, 20)) } else { None };
    let attribute = dice.word(&["length", "length", "thickness", "weight"]);
    LineCondition { attribute, test: LineTest::Between { from, to } }
}

pub fn part(dice: &mut Dice, groups: &Groups) -> Part {
    Part {
        goods: some_goods(dice, groups),
        quantity: dice.mostly_whole(1, 6),
        unit: dice.maybe(25, |dice| dice.word(&["kg", "pc", "box"])),
    }
}
