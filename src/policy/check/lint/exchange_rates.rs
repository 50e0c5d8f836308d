//! Can the prices of the lists that the policy names, and unit costs, be had in the currencies of the contracts?

use crate::domain::currency::Currency;
use crate::policy::syntax::{At, Benefit, GuardTest};

use super::super::ground::{Extent, Ground};
use super::super::places::Owner;
use super::super::report::{Report, show};
use super::super::sets::SetNo;

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    for held in &ground.rules {
        for tier in &held.rule.tiers {
            if let Benefit::PriceOf(code) = &tier.benefit {
                list(
                    ground,
                    report,
                    Owner::new("rule", &held.rule.id),
                    (tier.at, code, held.extent.contracts),
                );
            }
        }
    }
    for held in &ground.guards {
        let (guard, owner) = (held.guard, Owner::new("guard", &held.guard.id));
        match &guard.test {
            GuardTest::FloorList(code)
            | GuardTest::Margin { cost_list: Some(code), .. }
            | GuardTest::Markup { cost_list: Some(code), .. } => {
                list(ground, report, owner, (guard.at, code, held.extent.contracts));
            }
            GuardTest::Margin { .. } | GuardTest::Markup { .. } => {
                costs(ground, report, owner, guard.at, held.extent)
            }
            GuardTest::Discount { .. } => {}
        }
    }
}

/// Once none of the contracts can be served, the policy is refused; where some cannot, that is told.
fn list(
    ground: &Ground<'_>,
    report: &mut Report,
    owner: Owner<'_>,
    (at, code, contracts): (At, &str, SetNo),
) {
    let Some(list) = ground.catalogue.lists.by_code(code) else { return };
    let paid = ground.currencies_of(contracts);
    let lacking = without_rate(ground, list.currency, &paid);
    if lacking.is_empty() {
        return;
    }
    let told = told(&lacking);
    let message = format!(
        "{owner} takes prices of list {} in {}, of which there is no exchange rate to {told}",
        show(code),
        list.currency
    );
    let hint = "import one with the kind exchange_rates";
    if lacking.len() == paid.len() {
        report.error(at, "no-exchange-rate", message, hint);
    } else {
        report.warn(at, "no-exchange-rate", message, hint);
    }
}

fn costs(ground: &Ground<'_>, report: &mut Report, owner: Owner<'_>, at: At, extent: Extent) {
    let goods = ground.goods.get(extent.goods);
    let paid = ground.currencies_of(extent.contracts);
    for (currency, having) in &ground.goods.index.by_cost_currency {
        let lacking = without_rate(ground, *currency, &paid);
        if !lacking.is_empty() && !having.is_disjoint(goods) {
            let told = told(&lacking);
            let message = format!(
                "{owner} takes unit costs in {currency}, of which there is no exchange rate to {told}"
            );
            report.warn(at, "no-exchange-rate", message, "import one with the kind exchange_rates");
        }
    }
}

fn without_rate(ground: &Ground<'_>, from: Currency, paid: &[Currency]) -> Vec<Currency> {
    let rates = &ground.catalogue.market.rates;
    paid.iter().copied().filter(|to| *to != from && !rates.contains_key(&(from, *to))).collect()
}

fn told(currencies: &[Currency]) -> String {
    currencies.iter().map(Currency::code).collect::<Vec<_>>().join(", ")
}
