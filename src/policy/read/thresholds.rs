//! Does a rule go with what it measures, and is the currency of every amount stated, and one?

use std::collections::BTreeMap;

use crate::domain::currency::Currency;
use crate::domain::ladder::TierMode;
use crate::policy::syntax::{
    BenefitKind, ConditionOf, LevelProgramme, Measure, PeriodWindow, Policy, Rule, RuleLayer, RuleMeasure,
    Scope, What,
};

use super::measure::place_of;
use super::reading::{Reading, show};
use super::rule_keys::has_amounts;

pub(super) fn check_thresholds(policy: &Policy, r: &mut Reading<'_>) {
    // where it could not be read, it is meant to be there
    let is_stated = policy.currency.is_some() || r.currency_at.is_some();
    for (id, named) in &policy.measures {
        if !is_stated && is_without_currency(&named.measure) {
            no_currency(named.measure.at, &format!("measure {}", show(id)), r);
        }
    }
    for service in policy.services.iter().filter(|service| !is_stated && service.currency.is_none()) {
        no_currency(service.at, &format!("service {}", show(&service.id)), r);
    }
    for agreement in policy.agreements.iter().filter(|one| !is_stated && one.currency.is_none()) {
        no_currency(agreement.at, &format!("agreement {}", show(&agreement.id)), r);
    }
    for hold in policy.holds.iter().filter(|one| !is_stated && one.currency.is_none()) {
        no_currency(hold.at, &format!("hold {}", show(&hold.id)), r);
    }
    for points in policy.points.iter().filter(|one| !is_stated && one.currency.is_none()) {
        no_currency(points.at, &format!("programme of points {}", show(&points.id)), r);
    }
    for levels in policy.levels.iter().filter(|levels| !is_stated && looks_at_amounts(levels)) {
        let who = format!("programme of levels {}", show(&levels.id));
        let message = format!("{who}: nothing says in which currency its amounts are");
        r.hinted(
            levels.at,
            "no-currency",
            message,
            "write currency with its measures, or once for the whole policy",
        );
    }
    service_prices(policy, r);
    for rule in &policy.rules {
        let who = format!("rule {}", show(&rule.id));
        if !is_stated && rule.currency.is_none() && has_amounts(rule) {
            no_currency(rule.at, &who, r);
        }
        let Some(stated) = &rule.measure else { continue };
        let measure = match stated {
            RuleMeasure::Own(measure) => measure,
            RuleMeasure::Named(name, _) => match policy.measures.get(name) {
                Some(named) => &named.measure,
                None => continue,
            },
        };
        if !is_stated && matches!(stated, RuleMeasure::Own(_)) && is_without_currency(measure) {
            no_currency(measure.at, &who, r);
        }
        one_currency(rule, stated, measure, policy.currency, &who, r);
        goes_with(rule, stated, measure, &who, r);
    }
}

/// A service's price is compared with a rule's.
fn service_prices(policy: &Policy, r: &mut Reading<'_>) {
    let currencies: BTreeMap<&str, Option<Currency>> = policy
        .services
        .iter()
        .map(|service| (service.id.as_str(), service.currency.or(policy.currency)))
        .collect();
    for rule in policy.rules.iter().filter(|rule| rule.kind() == BenefitKind::ServicePrice) {
        let of_service = rule.service.as_ref().and_then(|id| currencies.get(id.as_str()).copied().flatten());
        if let (Some(theirs), Some(ours)) = (of_service, rule.currency.or(policy.currency))
            && theirs != ours
        {
            let message =
                format!("rule {}: a price in \"{ours}\" for a service in \"{theirs}\"", show(&rule.id));
            r.hinted(rule.at, "two-currencies", message, "write both in the contract's currency");
        }
    }
}

fn is_without_currency(measure: &Measure) -> bool {
    matches!(measure.what, What::Amount { .. }) && measure.currency.is_none()
}

/// Does a condition look at amounts without saying in which currency? Months and growth are of the programme's own.
fn looks_at_amounts(levels: &LevelProgramme) -> bool {
    let conditions = levels.levels.iter().flat_map(|level| &level.conditions);
    conditions.into_iter().any(|condition| match &condition.of {
        ConditionOf::Measure(measure) => is_without_currency(measure),
        _ => true,
    })
}

fn no_currency(at: crate::policy::syntax::At, who: &str, r: &mut Reading<'_>) {
    let message = format!("{who}: nothing says in which currency its amounts are");
    r.hinted(at, "no-currency", message, "write currency here, or once for the whole policy");
}

/// A rule holds for contracts in the currency of its amounts, and of its thresholds: in two it would never hold.
fn one_currency(
    rule: &Rule,
    stated: &RuleMeasure,
    measure: &Measure,
    policy: Option<Currency>,
    who: &str,
    r: &mut Reading<'_>,
) {
    if !matches!(measure.what, What::Amount { .. }) {
        let is_named = matches!(stated, RuleMeasure::Named(..));
        if is_named && !has_amounts(rule) && rule.currency.is_some() {
            let message = format!("{who}: currency says nothing where there is no amount");
            r.hinted(rule.at, "misplaced-key", message, "leave it out, or write what it belongs to");
        }
        return;
    }
    let thresholds = measure.currency.or(policy);
    let amounts = if has_amounts(rule) { rule.currency.or(policy) } else { rule.currency };
    if let (Some(thresholds), Some(amounts)) = (thresholds, amounts)
        && thresholds != amounts
    {
        let message = format!(
            "{who}: amounts in \"{amounts}\" and thresholds in \"{thresholds}\" hold for no contract together"
        );
        r.hinted(place_of(stated), "two-currencies", message, "write both in the contract's currency");
    }
}

fn goes_with(rule: &Rule, stated: &RuleMeasure, measure: &Measure, who: &str, r: &mut Reading<'_>) {
    let at = place_of(stated);
    if rule.layer == RuleLayer::Contract {
        let is_before_prices = matches!(
            measure.what,
            What::Quantity { .. } | What::Weight { .. } | What::Volume { .. } | What::Attribute { .. }
        );
        if measure.over != Scope::Line || !is_before_prices {
            let message = format!("{who}: before there is a price, only the line itself can be measured");
            let hint =
                "measure quantity, weight, volume or an attribute over: line, or take the volume layer";
            r.hinted(at, "contract-layer-measure", message, hint);
        }
    }
    if let Scope::Period(period) = measure.over
        && period.window == PeriodWindow::Previous
        && rule.mode == TierMode::Graduated
    {
        let message =
            format!("{who}: nothing of the cart lies in a previous period, so that it has no portions");
        r.hinted(at, "graduated-previous", message, "write mode: volume");
    }
}
