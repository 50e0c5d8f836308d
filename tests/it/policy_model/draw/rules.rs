//! Which rules are tried? Everything that a layer takes, mixed, and such that they often apply.

use quoin::domain::decimal::Micros;
use quoin::domain::rounding::RoundingMode;
use quoin::policy::syntax::{
    Base, Benefit, BenefitKind, Cap, FormulaTerm, FreeGoods, FreeMode, FreePer, Limit, LimitOf, NamedMeasure,
    Presentation, Rule, RuleLayer, RuleTier, Service, Stack, TermOf,
};

use super::conditions::{part, when};
use super::dice::Dice;
use super::measures::ladder;
use super::selections::{Groups, contracts, goods};
use super::world::{INDICES, LISTS, SKUS, sku_code};
use crate::policy_model::tree::{rule as bare, text};

use BenefitKind::{
    Formula, Free, PerCart, PerLine, PerUnit, Percent, Price, PriceOf, ServicePercent, ServicePrice,
};

fn kind(dice: &mut Dice, layer: RuleLayer, services: bool) -> BenefitKind {
    let service = u32::from(services) * 2;
    match layer {
        RuleLayer::Contract => dice.weighted(&[(3, Price), (1, PriceOf), (1, Formula)]),
        RuleLayer::Volume | RuleLayer::Loyalty => dice.weighted(&[
            (6, Percent),
            (2, PerUnit),
            (1, PerLine),
            (2, PerCart),
            (2, Price),
            (1, PriceOf),
            (1, Formula),
            (2, Free),
        ]),
        RuleLayer::Order => dice.weighted(&[(3, Percent), (2, PerCart)]),
        RuleLayer::Surcharge => dice.weighted(&[
            (3, Percent),
            (2, PerUnit),
            (2, PerLine),
            (2, PerCart),
            (1, Formula),
            (service, ServicePrice),
            (service, ServicePercent),
        ]),
    }
}

fn benefit(dice: &mut Dice, kind: BenefitKind) -> Benefit {
    match kind {
        Percent => Benefit::Percent(percent(dice)),
        PerUnit => Benefit::PerUnit(dice.decimal(0, 6, 3)),
        PerLine => Benefit::PerLine(dice.decimal(0, 60, 2)),
        PerCart => Benefit::PerCart(dice.decimal(0, 300, 2)),
        Price => Benefit::Price(dice.decimal(5, 90, 4).max(Micros(1))),
        PriceOf => Benefit::PriceOf(dice.word(&LISTS)),
        Formula => Benefit::Formula {
            constant: dice.decimal(0, 30, 2),
            terms: (0..dice.between(1, 2)).map(|_| term(dice)).collect(),
        },
        Free => Benefit::Free(free(dice)),
        ServicePrice => Benefit::ServicePrice(dice.decimal(0, 6, 2)),
        ServicePercent => Benefit::ServicePercent(percent(dice)),
    }
}

fn percent(dice: &mut Dice) -> Micros {
    match dice.at(8) {
        0 => dice.decimal(0, 100, 4),
        1 => Micros(0),
        _ => dice.decimal(1, 25, 1),
    }
}

fn term(dice: &mut Dice) -> FormulaTerm {
    let of = if dice.percent(60) {
        TermOf::Index(dice.word(&INDICES))
    } else {
        TermOf::Attribute(dice.word(&["length", "thickness", "weight"]))
    };
    FormulaTerm { of, times: dice.decimal(-1, 2, 3) }
}

fn free(dice: &mut Dice) -> FreeGoods {
    let every = dice.between(2, 10);
    let mode = if dice.percent(60) { FreeMode::Inside } else { FreeMode::OnTop };
    let per = *dice.pick(&[FreePer::Proportional, FreePer::Unit, FreePer::Whole]);
    let modes = [RoundingMode::HalfUp, RoundingMode::HalfEven, RoundingMode::Up, RoundingMode::Down];
    FreeGoods {
        every: Micros(every * 1_000_000),
        give: Micros(dice.between(1, 2) * 1_000_000),
        mode,
        per,
        rounding: if per == FreePer::Proportional { *dice.pick(&modes) } else { RoundingMode::Down },
        sku: if mode == FreeMode::OnTop { dice.maybe(30, |dice| sku_code(dice.at(SKUS))) } else { None },
    }
}

/// A rule by its number.
pub fn rule(
    dice: &mut Dice,
    number: usize,
    groups: &Groups,
    named: &[(String, NamedMeasure)],
    services: &[Service],
) -> Rule {
    let layer = dice.weighted(&[
        (2, RuleLayer::Contract),
        (5, RuleLayer::Volume),
        (3, RuleLayer::Order),
        (2, RuleLayer::Loyalty),
        (3, RuleLayer::Surcharge),
    ]);
    let kind = kind(dice, layer, !services.is_empty());
    let id = format!("r{} {number}", dice.word(&["a", "b", "c"]));
    let mut rule = bare(&id, layer, benefit(dice, kind));
    if dice.percent(30) {
        rule.name.ru = Some(format!("правило «{number}»: # 1, \"да\""));
        rule.name.en = format!("it's {{rule}} {number}: \\ yes");
    } else if dice.percent(30) {
        rule.name = text("- ~");
    }
    rule.goods = goods(dice, groups);
    rule.contracts = contracts(dice, groups, 65);
    rule.when = when(dice, groups, layer);
    rule.priority = dice.weighted(&[(3, 0), (1, 1), (1, 5), (1, -2)]);
    rule.present = if dice.percent(20) { Presentation::Price } else { Presentation::Discount };
    if matches!(kind, ServicePrice | ServicePercent) {
        rule.service = Some(dice.pick(services).id.clone());
    }
    if dice.percent(50) {
        ladder(dice, &mut rule, groups, named, |dice| benefit(dice, kind));
    }
    units(dice, &mut rule, kind);
    restrict(dice, &mut rule, kind, groups);
    rule
}

/// Are goods added in one of its tiers?
pub fn gives_on_top(rule: &Rule) -> bool {
    let on_top =
        |tier: &RuleTier| matches!(&tier.benefit, Benefit::Free(free) if free.mode == FreeMode::OnTop);
    rule.tiers.iter().any(on_top)
}

fn units(dice: &mut Dice, rule: &mut Rule, kind: BenefitKind) {
    if matches!(kind, PerUnit | Price | Formula | Free) {
        rule.unit = dice.maybe(30, |dice| dice.word(&["pc", "kg", "box", "lb"]));
    }
    if matches!(kind, Price | Formula) && dice.percent(15) {
        rule.per = *dice.pick(&[3, 10]);
    }
    if kind == PerUnit {
        rule.times = dice.maybe(20, |dice| dice.word(&["length", "thickness"]));
    }
}

/// Caps, limits, bases, stacking, sets, stops, and now and then another currency.
fn restrict(dice: &mut Dice, rule: &mut Rule, kind: BenefitKind, groups: &Groups) {
    rule.stop = rule.layer != RuleLayer::Contract && dice.percent(8);
    let on_top = gives_on_top(rule);
    let amounts = matches!(kind, PerUnit | PerLine | PerCart | Price | Formula | ServicePrice);
    if rule.measure.is_none() && amounts && dice.percent(6) {
        rule.currency = quoin::domain::currency::Currency::parse(&dice.word(&["USD", "EUR"])).ok();
    }
    if rule.layer == RuleLayer::Contract || on_top || matches!(kind, ServicePrice | ServicePercent) {
        return;
    }
    rule.cap = Cap {
        percent: dice.maybe(8, |dice| dice.decimal(1, 15, 1)),
        line: dice.maybe(8, |dice| dice.decimal(1, 40, 2)),
        cart: dice.maybe(8, |dice| dice.decimal(5, 100, 2)),
    };
    if kind == Percent || rule.cap.percent.is_some() {
        rule.on = dice.weighted(&[(6, Base::Running), (2, Base::List), (2, Base::Contract)]);
        rule.stack = dice.maybe(25, |dice| if dice.percent(70) { Stack::Additive } else { Stack::Compound });
    }
    if dice.percent(12) {
        let of = match dice.at(3) {
            0 => LimitOf::Quantity { unit: dice.maybe(50, |dice| dice.word(&["kg", "pc"])) },
            1 => LimitOf::Amount,
            _ => LimitOf::Uses,
        };
        let most =
            if of == LimitOf::Uses { Micros(dice.between(1, 5) * 1_000_000) } else { dice.decimal(5, 60, 1) };
        rule.limit = Some(Limit { of, most, overall: dice.percent(30) });
    }
    if dice.percent(8) {
        rule.when.together = (0..dice.between(1, 2)).map(|_| part(dice, groups)).collect();
        rule.when.sets = true;
    }
}
