//! Do the keys of a rule go together, and does its layer take them?

use crate::domain::ladder::TierMode;
use crate::policy::syntax::{
    Benefit, BenefitKind, FreeMode, LimitOf, Rule, RuleLayer, RuleMeasure, RuleTier, What,
};

use super::benefit::key_of;
use super::fields::Fields;
use super::reading::Reading;
use super::rule::LAYERS;
use super::tree::Value;

use BenefitKind::{
    Formula, Free, PerCart, PerLine, PerUnit, Percent, Price, PriceOf, ServicePercent, ServicePrice,
};

/// Which layer takes what.
fn kinds_of(layer: RuleLayer) -> &'static [BenefitKind] {
    match layer {
        RuleLayer::Contract => &[Price, PriceOf, Formula],
        RuleLayer::Volume | RuleLayer::Loyalty => {
            &[Percent, PerUnit, PerLine, PerCart, Price, PriceOf, Formula, Free]
        }
        RuleLayer::Order => &[Percent, PerCart],
        RuleLayer::Surcharge => &[Percent, PerUnit, PerLine, PerCart, Formula, ServicePrice, ServicePercent],
    }
}

/// Does it give amounts of money, or is it bounded by some?
pub(super) fn has_amounts(rule: &Rule) -> bool {
    matches!(rule.kind(), PerUnit | PerLine | PerCart | Price | Formula | ServicePrice)
        || rule.cap.line.is_some()
        || rule.cap.cart.is_some()
        || rule.limit.as_ref().is_some_and(|limit| limit.of == LimitOf::Amount)
}

/// Names all that does not go together.
pub(super) fn check_keys(rule: &Rule, fields: &Fields<'_>, r: &mut Reading<'_>) {
    let kind = rule.kind();
    let key = key_of(kind);
    of_layer(rule, fields, r);
    of_limit(rule, fields, r);
    let beside = format!("says nothing beside {key}");
    if !matches!(kind, PerUnit | Price | Formula | Free) {
        fields.misplaced(&["unit"], &beside, r);
    }
    if !matches!(kind, Price | Formula) {
        fields.misplaced(&["per"], &beside, r);
    }
    if kind != PerUnit {
        fields.misplaced(&["times"], &beside, r);
    }
    if kind != Percent && rule.cap.percent.is_none() {
        fields.misplaced(&["on", "stack"], &beside, r);
    }
    of_service(kind, fields, r);
    if rule.mode == TierMode::Graduated
        && matches!(kind, PerLine | PerCart | Free | ServicePrice | ServicePercent)
    {
        let message = format!("{}: {key} has no graduated form", fields.who);
        r.hinted(fields.place("mode"), "no-graduated-form", message, "write mode: volume");
    }
    let has_thresholds = match &rule.measure {
        Some(RuleMeasure::Own(measure)) => matches!(measure.what, What::Amount { .. }),
        Some(RuleMeasure::Named(..)) => true,
        None => false,
    };
    if !has_amounts(rule) && !has_thresholds {
        fields.misplaced(&["currency"], "says nothing where there is no amount", r);
    }
}

fn of_layer(rule: &Rule, fields: &Fields<'_>, r: &mut Reading<'_>) {
    let taken = kinds_of(rule.layer);
    if !taken.contains(&rule.kind()) {
        let word = LAYERS.iter().find(|(_, layer)| *layer == rule.layer).map_or("", |(word, _)| *word);
        let key = key_of(rule.kind());
        let all: Vec<&str> = taken.iter().copied().map(key_of).collect();
        let at = rule.tiers.first().map_or(rule.at, |tier| tier.at);
        let message = format!("{}: the {word} layer does not take {key}", fields.who);
        r.hinted(at, "not-in-layer", message, format!("it takes {}", all.join(", ")));
    }
    if rule.layer == RuleLayer::Contract {
        let why = "is not for the contract layer, where one rule gives the price";
        fields.misplaced(&["best_of", "stop", "cap", "limit"], why, r);
        not_when(&["together", "sets"], fields, why, r);
    }
}

/// Goods on top are given to a cart whole or not at all.
fn of_limit(rule: &Rule, fields: &Fields<'_>, r: &mut Reading<'_>) {
    let on_top =
        |tier: &RuleTier| matches!(&tier.benefit, Benefit::Free(free) if free.mode == FreeMode::OnTop);
    let by_other = rule.limit.as_ref().is_some_and(|limit| limit.of != LimitOf::Uses);
    if by_other && rule.tiers.iter().any(on_top) {
        let message =
            format!("{}: free goods on top are given to a cart whole, and limited by uses alone", fields.who);
        r.hinted(fields.place("limit"), "limit-on-top", message, "write limit: { uses: N }");
    }
}

/// Services are priced by themselves: nothing of them is shared out over lines or compared with goods' benefits.
fn of_service(kind: BenefitKind, fields: &Fields<'_>, r: &mut Reading<'_>) {
    if !matches!(kind, ServicePrice | ServicePercent) {
        fields.misplaced(&["service"], "is for service_price and service_percent alone", r);
        return;
    }
    fields.need("service", r);
    let why = format!("is not for {}", key_of(kind));
    fields.misplaced(&["best_of", "cap", "limit"], &why, r);
    not_when(&["sets"], fields, &why, r);
}

/// Circumstances that a rule can't ask for.
fn not_when(keys: &[&str], fields: &Fields<'_>, why: &str, r: &mut Reading<'_>) {
    let Some(Value::Mapping(when)) = fields.get("when").map(|child| child.value()) else { return };
    for entry in when.entries.iter().filter(|entry| keys.contains(&entry.key.as_str())) {
        let message = format!("{}: {} {why}", fields.who, entry.key);
        r.hinted(entry.key_at, "misplaced-key", message, "leave it out");
    }
}
