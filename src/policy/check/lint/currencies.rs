//! Is a rule with amounts for contracts that do not pay in its currency? It holds for none of those.

use std::collections::BTreeMap;

use roaring::RoaringBitmap;

use crate::domain::currency::Currency;
use crate::policy::syntax::{BenefitKind, RuleLayer};

use super::super::ground::{Ground, Held};
use super::super::report::{Report, several, show};
use super::super::sets::SetNo;

/// Rules that stand for one another in other currencies.
type Kin = (RuleLayer, BenefitKind, SetNo);

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    let mut served: BTreeMap<Kin, RoaringBitmap> = BTreeMap::new();
    for held in &ground.rules {
        if let Some(currency) = held.currency {
            *served.entry(kin(held)).or_default() |= payers(ground, held.extent.contracts, currency);
        }
    }
    for held in &ground.rules {
        if let (Some(currency), Some(served)) = (held.currency, served.get(&kin(held))) {
            rule(ground, report, held, (currency, served));
        }
    }
    for service in &ground.policy.services {
        let Some(currency) = service.currency.or(ground.policy.currency) else { continue };
        let is_empty = ground.contracts.get(SetNo::EVERYTHING).is_empty();
        if !is_empty && payers(ground, SetNo::EVERYTHING, currency).is_empty() {
            let message = format!(
                "service {} is priced in {currency}, and no contract is in {currency}",
                show(&service.id)
            );
            report.error(service.at, "currency-of-nobody", message, "state the currency of the contracts");
        }
    }
}

fn kin(held: &Held<'_>) -> Kin {
    (held.rule.layer, held.rule.kind(), held.extent.goods)
}

/// `served` are the contracts for which a rule like this one, perhaps in another currency, holds.
fn rule(
    ground: &Ground<'_>,
    report: &mut Report,
    held: &Held<'_>,
    (currency, served): (Currency, &RoaringBitmap),
) {
    let contracts = ground.contracts.get(held.extent.contracts);
    let id = show(&held.rule.id);
    if !contracts.is_empty() && payers(ground, held.extent.contracts, currency).is_empty() {
        let message =
            format!("rule {id} has amounts in {currency}, and none of its contracts is in {currency}");
        report.error(held.rule.at, "currency-of-nobody", message, "state the currency of the contracts");
        return;
    }
    let others = contracts - served;
    if !others.is_empty() {
        let names = several(ground.contracts.index.codes(&others), others.len());
        let message =
            format!("rule {id} has amounts in {currency} and does not hold for {names}, in another currency");
        let hint = "state a rule for their currency, or name the contracts that are meant";
        report.warn(held.rule.at, "other-currency", message, hint);
    }
}

/// Those of the contracts that are in this currency.
fn payers(ground: &Ground<'_>, contracts: SetNo, currency: Currency) -> RoaringBitmap {
    let paid = ground.contracts.index.by_currency.get(&currency);
    paid.map(|paid| paid & ground.contracts.get(contracts)).unwrap_or_default()
}
