//! Which policies are tried? Up to fifteen rules with all that stands beside them, and nothing that the reader refuses.

use std::collections::{BTreeMap, BTreeSet};

use quoin::domain::currency::Currency;
use quoin::policy::syntax::{
    Assortment, At, BenefitKind, Eligibility, Exclusion, Guard, GuardAction, GuardTest, Inclusion, Licence,
    OfAmount, Policy, Rule, RuleLayer, Scope, Service, ServicePer, ShownPrice, Stack, Tax, TaxRate, Text,
};

use super::conditions::moment;
use super::dice::Dice;
use super::rules::{gives_on_top, rule};
use super::selections::{Groups, contract_groups, contracts, goods, sku_groups, some_goods};
use super::{measures, world};
use crate::policy_model::benefits::is_of_cart;
use crate::policy_model::measures::of_rule;
use crate::policy_model::tree::text;

pub fn policy(dice: &mut Dice) -> Policy {
    let mut groups = Groups::default();
    let sku_groups = sku_groups(dice, &mut groups);
    let contract_groups = contract_groups(dice, &mut groups);
    let named = measures::named(dice, &groups);
    let services: Vec<Service> =
        (0..dice.between(0, 3)).map(|number| service(dice, number, &groups)).collect();
    let count = dice.weighted(&[(1, 1), (2, 3), (3, 6), (2, 10), (1, 15)]);
    let rules: Vec<Rule> = (0..count).map(|number| rule(dice, number, &groups, &named, &services)).collect();
    let mut stacks = BTreeMap::new();
    for layer in [RuleLayer::Volume, RuleLayer::Order, RuleLayer::Loyalty, RuleLayer::Surcharge] {
        if dice.percent(25) {
            stacks.insert(layer, if dice.percent(80) { Stack::Additive } else { Stack::Compound });
        }
    }
    let mut policy = Policy {
        currency: Currency::parse("EUR").ok(),
        sku_groups,
        contract_groups,
        measures: named.into_iter().collect(),
        eligibility: if dice.percent(25) { eligibility(dice, &groups) } else { Eligibility::default() },
        stacks,
        rules,
        services,
        taxes: if dice.percent(50) { taxes(dice, &groups) } else { Vec::new() },
        guards: Vec::new(),
        shown_prices: (0..dice.between(0, 1)).map(|_| shown(dice, &groups)).collect(),
        agreements: Vec::new(),
        bonus_caps: Vec::new(),
        authority: Vec::new(),
        holds: Vec::new(),
        levels: Vec::new(),
        points: Vec::new(),
    };
    exclusive(dice, &mut policy);
    one_stop_each(&mut policy);
    for number in 0..dice.weighted(&[(3, 0), (2, 1), (2, 2), (1, 4)]) {
        let guard = guard(dice, number, &groups, &policy.rules);
        policy.guards.push(guard);
    }
    policy
}

/// Puts rules of one layer and level into exclusive groups.
fn exclusive(dice: &mut Dice, policy: &mut Policy) {
    let mut levels: BTreeMap<(RuleLayer, bool), Vec<usize>> = BTreeMap::new();
    for (at, rule) in policy.rules.iter().enumerate() {
        let benefit = &rule.tiers[0].benefit;
        let alone = matches!(benefit.kind(), BenefitKind::ServicePrice | BenefitKind::ServicePercent)
            || gives_on_top(rule)
            || rule.layer == RuleLayer::Contract;
        let scope = of_rule(policy, rule).map(|(_, measure, _)| measure.over);
        let level = is_of_cart(rule, scope.is_none_or(|scope| scope == Scope::Line));
        if !alone {
            levels.entry((rule.layer, level)).or_default().push(at);
        }
    }
    for ((layer, level), rules) in levels {
        if rules.len() > 1 && dice.percent(40) {
            for at in rules {
                policy.rules[at].best_of = dice.maybe(60, |_| format!("best {layer:?} {level}"));
            }
        }
    }
}

/// Two rules of one layer and priority do not both stop it.
fn one_stop_each(policy: &mut Policy) {
    let mut seen = BTreeSet::new();
    for rule in &mut policy.rules {
        rule.stop = rule.stop && seen.insert((rule.layer, rule.priority));
    }
}

fn reason(dice: &mut Dice) -> Text {
    Text { en: "not for you: 'here'".to_owned(), ru: dice.maybe(50, |_| "не для вас".to_owned()) }
}

fn eligibility(dice: &mut Dice, groups: &Groups) -> Eligibility {
    let mut all = Eligibility::default();
    for number in 0..dice.between(0, 2) {
        all.assortments.push(Assortment {
            id: format!("assortment {}", 2 - number),
            contracts: contracts(dice, groups, 20),
            goods: goods(dice, groups),
            reason: reason(dice),
            at: At::default(),
        });
    }
    for number in 0..dice.between(0, 2) {
        all.exclusions.push(Exclusion {
            id: format!("exclusion {}", 2 - number),
            contracts: contracts(dice, groups, 40),
            goods: some_goods(dice, groups),
            reason: reason(dice),
            at: At::default(),
        });
    }
    if dice.percent(40) {
        let (contracts, goods) = (contracts(dice, groups, 50), some_goods(dice, groups));
        all.inclusions.push(Inclusion { id: "inclusion".to_owned(), contracts, goods, at: At::default() });
    }
    for number in 0..dice.between(0, 2) {
        all.licences.push(Licence {
            id: format!("licence {}", 2 - number),
            goods: some_goods(dice, groups),
            attribute: dice.word(&["licence", "licence", "segment"]),
            reason: reason(dice),
            at: At::default(),
        });
    }
    all
}

fn service(dice: &mut Dice, number: i64, groups: &Groups) -> Service {
    let per = match dice.at(4) {
        0 | 1 => ServicePer::Each,
        2 => ServicePer::Unit(dice.maybe(50, |dice| dice.word(&["kg", "pc"]))),
        _ => ServicePer::Line,
    };
    Service {
        id: format!("service {number}"),
        name: text("a service"),
        goods: if dice.percent(80) { Default::default() } else { goods(dice, groups) },
        price: dice.decimal(0, 8, 3),
        per,
        currency: None,
        tax_class: dice.maybe(50, |dice| dice.word(&world::CLASSES)),
        at: At::default(),
    }
}

fn shown(dice: &mut Dice, groups: &Groups) -> ShownPrice {
    ShownPrice {
        id: "shown".to_owned(),
        name: Text { en: "resale".to_owned(), ru: Some("РРЦ".to_owned()) },
        list: dice.word(&world::LISTS),
        contracts: contracts(dice, groups, 60),
        at: At::default(),
    }
}

fn taxes(dice: &mut Dice, groups: &Groups) -> Vec<Tax> {
    let mut taxes = Vec::new();
    for (number, class) in ["full", "low", "full", "odd"].iter().enumerate() {
        if !dice.percent(75) {
            continue;
        }
        let first = dice.maybe(20, moment);
        let mut rates = vec![TaxRate { from: first, percent: *dice.pick(&RATES) }];
        let later = moment(dice);
        if first.is_none_or(|first| first < later) && dice.percent(40) {
            rates.push(TaxRate { from: Some(later), percent: *dice.pick(&RATES) });
        }
        taxes.push(Tax {
            id: format!("tax {number}"),
            class: (*class).to_owned(),
            contracts: contracts(dice, groups, 60),
            priority: i32::try_from(dice.between(0, 1)).unwrap(),
            rates,
            at: At::default(),
        });
    }
    taxes
}

use quoin::domain::decimal::Micros;

/// Percent of tax.
const RATES: [Micros; 4] = [Micros(20_000_000), Micros(10_000_000), Micros(0), Micros(7_700_000)];

fn guard(dice: &mut Dice, number: i64, groups: &Groups, rules: &[Rule]) -> Guard {
    let cost_list = dice.maybe(40, |_| "cost".to_owned());
    let test = match dice.at(5) {
        0 => GuardTest::Margin { percent: dice.decimal(0, 60, 1), cost_list },
        1 => GuardTest::Markup { percent: dice.decimal(0, 120, 1), cost_list },
        2 => GuardTest::FloorList("floor".to_owned()),
        _ => GuardTest::Discount {
            percent: dice.decimal(0, 40, 1),
            of: if dice.percent(60) { OfAmount::Contract } else { OfAmount::List },
        },
    };
    let rules: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
    Guard {
        id: format!("guard {}", 4 - number),
        name: text("a floor"),
        goods: goods(dice, groups),
        contracts: contracts(dice, groups, 70),
        rules: if dice.percent(25) { dice.some(&rules, 3) } else { Vec::new() },
        test,
        action: if dice.percent(65) { GuardAction::Clamp } else { GuardAction::Approve },
        at: At::default(),
    }
}
