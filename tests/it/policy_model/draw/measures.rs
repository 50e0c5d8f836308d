//! Which measures and ladders are tried? Thresholds near to what carts of a few lines come to.

use quoin::domain::decimal::Micros;
use quoin::domain::ladder::TierMode;
use quoin::policy::syntax::{
    AmountOf, At, Benefit, BenefitKind, Calendar, Measure, NamedMeasure, Period, PeriodLength, PeriodOf,
    PeriodWindow, Rule, RuleLayer, RuleMeasure, RuleTier, Scope, What,
};

use super::dice::Dice;
use super::selections::{Groups, some_goods};
use crate::policy_model::tree::text;

fn what(dice: &mut Dice, contract_layer: bool) -> What {
    match dice.at(if contract_layer { 8 } else { 14 }) {
        0..=3 => What::Quantity { unit: dice.maybe(40, |dice| dice.word(&["pc", "kg", "box", "lb"])) },
        4 | 5 => What::Weight { unit: dice.word(&["kg", "t", "lb"]) },
        6 => What::Volume { unit: dice.word(&["m", "box"]) },
        7 => What::Attribute { name: dice.word(&["length", "thickness"]) },
        8..=11 => What::Amount {
            of: dice.weighted(&[(3, AmountOf::Net), (1, AmountOf::Contract), (1, AmountOf::List)]),
        },
        12 => What::Skus,
        _ => What::Categories { level: dice.maybe(70, |dice| u8::try_from(dice.between(1, 3)).unwrap()) },
    }
}

fn period(dice: &mut Dice) -> Scope {
    let window = match dice.at(5) {
        0 | 1 => PeriodWindow::Previous,
        2 => PeriodWindow::Rolling(u16::try_from(dice.between(1, 12)).unwrap()),
        _ => PeriodWindow::Current,
    };
    let of = dice.weighted(&[
        (3, PeriodOf::Contract),
        (1, PeriodOf::Counterparty),
        (1, PeriodOf::Holding),
        (1, PeriodOf::Payer),
        (1, PeriodOf::ShipTo),
    ]);
    if matches!(window, PeriodWindow::Rolling(_)) {
        return Scope::Period(Period {
            length: PeriodLength::Month,
            window,
            calendar: Calendar::Calendar,
            of,
        });
    }
    let length =
        *dice.pick(&[PeriodLength::Month, PeriodLength::Quarter, PeriodLength::Half, PeriodLength::Year]);
    let calendar = dice.weighted(&[(2, Calendar::Calendar), (1, Calendar::Contract)]);
    Scope::Period(Period { length, window, calendar, of })
}

/// A measure: in the contract layer, of the line alone; of a rule for the cart, of more than the line.
fn measure(dice: &mut Dice, groups: &Groups, contract_layer: bool, of_cart: bool) -> Measure {
    let what = what(dice, contract_layer);
    let over = match &what {
        _ if contract_layer => Scope::Line,
        What::Attribute { .. } => Scope::Line,
        What::Skus | What::Categories { .. } => *dice.pick(&[Scope::Group, Scope::Cart]),
        _ if of_cart => *dice.pick(&[Scope::Group, Scope::Cart]),
        _ => dice.weighted(&[(3, Scope::Line), (1, Scope::Sku), (3, Scope::Group), (2, Scope::Cart)]),
    };
    let over = if matches!(what, What::Attribute { .. }) || contract_layer || dice.percent(65) {
        over
    } else {
        period(dice)
    };
    let what = match what {
        What::Attribute { .. } if of_cart => What::Quantity { unit: None },
        what => what,
    };
    let over = if of_cart && over == Scope::Line { Scope::Cart } else { over };
    let goods = (over != Scope::Cart).then(|| dice.maybe(20, |dice| some_goods(dice, groups))).flatten();
    Measure { what, over, goods, currency: None, at: At::default() }
}

/// Measures that rules name.
pub fn named(dice: &mut Dice, groups: &Groups) -> Vec<(String, NamedMeasure)> {
    (0..dice.between(0, 2))
        .map(|number| {
            let id = format!("measure {number}");
            let measure = measure(dice, groups, false, true);
            (id.clone(), NamedMeasure { name: text(&id), measure, at: At::default() })
        })
        .collect()
}

/// The steps of thresholds, in halves of them.
fn step(dice: &mut Dice, what: &What) -> Micros {
    match what {
        What::Quantity { .. } => dice.mostly_whole(1, 15),
        What::Weight { unit } if unit == "t" => dice.decimal(0, 3, 2).max(Micros(10_000)),
        What::Weight { .. } | What::Volume { .. } => dice.mostly_whole(1, 40),
        What::Amount { .. } => dice.decimal(50, 900, 0),
        What::Skus | What::Categories { .. } => Micros(dice.between(1, 2) * 1_000_000),
        What::Attribute { .. } => dice.mostly_whole(1, 6),
    }
}

/// Gives a rule a measure and a ladder, whose benefits `benefit` draws.
pub fn ladder(
    dice: &mut Dice,
    rule: &mut Rule,
    groups: &Groups,
    named: &[(String, NamedMeasure)],
    benefit: impl Fn(&mut Dice) -> Benefit,
) {
    let kind = rule.tiers[0].benefit.kind();
    let contract_layer = rule.layer == RuleLayer::Contract;
    let name = (!contract_layer && !named.is_empty() && dice.percent(30)).then(|| dice.at(named.len()));
    let (measure, what, over) = match name {
        Some(at) => {
            let (id, named) = &named[at];
            (RuleMeasure::Named(id.clone(), At::default()), named.measure.what.clone(), named.measure.over)
        }
        None => {
            let own = measure(dice, groups, contract_layer, kind == BenefitKind::PerCart);
            (RuleMeasure::Own(own.clone()), own.what, own.over)
        }
    };
    let portions = !matches!(
        kind,
        BenefitKind::PerLine
            | BenefitKind::PerCart
            | BenefitKind::Free
            | BenefitKind::ServicePrice
            | BenefitKind::ServicePercent
    );
    let previous = matches!(over, Scope::Period(Period { window: PeriodWindow::Previous, .. }));
    rule.measure = Some(measure);
    rule.mode =
        if portions && !previous && dice.percent(50) { TierMode::Graduated } else { TierMode::Volume };
    rule.tiers = tiers(dice, &what, rule.mode, kind, benefit);
}

fn tiers(
    dice: &mut Dice,
    what: &What,
    mode: TierMode,
    kind: BenefitKind,
    benefit: impl Fn(&mut Dice) -> Benefit,
) -> Vec<RuleTier> {
    let is_price = matches!(kind, BenefitKind::Price | BenefitKind::PriceOf | BenefitKind::Formula);
    let mut lower =
        if dice.percent(if is_price { 80 } else { 35 }) { Micros::ZERO } else { step(dice, what) };
    let count = dice.between(1, 4);
    let mut tiers = Vec::new();
    for number in 1..=count {
        let next = Micros(lower.0 + step(dice, what).0);
        let last = number == count;
        // In volume a tier may end before the next begins; in graduated it must not.
        let gap = mode == TierMode::Volume && dice.percent(10);
        let end = if gap { Micros(lower.0 + (next.0 - lower.0) / 2) } else { next };
        let states_end = if last { dice.percent(25) } else { gap || dice.percent(30) };
        let end = Some(end).filter(|end| states_end && *end > lower);
        tiers.push(RuleTier { lower, upper: end, benefit: benefit(dice), at: At::default() });
        lower = next;
    }
    tiers
}
