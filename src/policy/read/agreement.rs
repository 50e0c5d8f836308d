//! Which retro-bonuses are agreed?

use crate::domain::decimal::Micros;
use crate::domain::ladder::TierMode;
use crate::policy::syntax::{
    Agreement, AgreementTier, At, Period, PeriodLength, PeriodOf, PeriodWindow, Reward, Settle, What,
};

use super::condition::conditions;
use super::fields::Fields;
use super::ladder::{in_order, lower};
use super::measure::{amount_of_documents, calendar, of_whom, period_measure};
use super::reading::{Named, Noun, Reading, show};
use super::rule::{id, name};
use super::selection::selection;
use super::tree::Child;
use super::values;
use super::when::window;

const KEYS: &[&str] = &[
    "id",
    "name",
    "contracts",
    "goods",
    "period",
    "calendar",
    "of_whom",
    "basis",
    "basis_of",
    "count",
    "measure",
    "mode",
    "tiers",
    "percent",
    "per_unit",
    "fixed",
    "conditions",
    "minimum",
    "cap",
    "after",
    "settle",
    "supplier_percent",
    "from",
    "to",
    "through",
    "currency",
];
const REWARDS: &[&str] = &["percent", "per_unit", "fixed"];
const TIER_KEYS: &[&str] = &["from", "above", "to", "percent", "per_unit", "fixed"];

pub(super) fn agreement(child: &Child, r: &mut Reading<'_>) -> Option<Agreement> {
    let fields = Fields::of(child, "agreement", KEYS, r)?;
    let id = id(&fields, Noun::Agreement, r);
    let name = name(&fields, id.as_ref(), r);
    let period = period(&fields, r);
    let measure = match (period, fields.get("measure")) {
        (Some(period), Some(child)) => period_measure(child, period, r),
        _ => None,
    };
    let (mode, tiers) = steps(&fields, r);
    let conditions = conditions(&fields, period, r);
    let agreement = Agreement {
        id: id.unwrap_or_default(),
        name,
        contracts: fields.optional("contracts", r, selection).unwrap_or_default(),
        goods: fields.optional("goods", r, selection).unwrap_or_default(),
        period: period?,
        basis_of: fields.optional("basis_of", r, of_whom).unwrap_or_default(),
        basis: fields.optional("basis", r, amount_of_documents).unwrap_or_default(),
        paid: fields.optional("count", r, paid).unwrap_or_default(),
        measure,
        mode,
        tiers: tiers?,
        conditions,
        minimum: fields.optional("minimum", r, values::positive),
        cap: fields.optional("cap", r, values::positive),
        after: fields.get("after").map_or(Vec::new(), |child| named_agreements("after", child, r)),
        settle: fields.optional("settle", r, settle).unwrap_or_default(),
        supplier_percent: fields.optional("supplier_percent", r, values::percent_off).unwrap_or_default(),
        window: window(&fields, r),
        currency: fields.optional("currency", r, values::currency),
        at: child.at,
    };
    goes_together(&agreement, &fields, r);
    Some(agreement)
}

fn period(fields: &Fields<'_>, r: &mut Reading<'_>) -> Option<Period> {
    let words = [
        ("month", PeriodLength::Month),
        ("quarter", PeriodLength::Quarter),
        ("half", PeriodLength::Half),
        ("year", PeriodLength::Year),
    ];
    let length = fields.needed("period", r, |key, child, r| values::word(key, child, &words, r));
    let calendar = fields.optional("calendar", r, calendar).unwrap_or_default();
    let of: PeriodOf = fields.optional("of_whom", r, of_whom).unwrap_or_default();
    let window = PeriodWindow::Current;
    Some(Period { length: length?, window, calendar, of })
}

fn settle(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<Settle> {
    let words = [("premium", Settle::Premium), ("price_correction", Settle::PriceCorrection)];
    values::word(key, child, &words, r)
}

/// Does only what is paid count?
pub(super) fn paid(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<bool> {
    values::word(key, child, &[("posted", false), ("paid", true)], r)
}

/// The ids of agreements.
pub(super) fn named_agreements(key: &str, child: &Child, r: &mut Reading<'_>) -> Vec<(String, At)> {
    let items = values::some_items(key, child, r);
    let mut named = Vec::with_capacity(items.len());
    for item in items {
        if let Some(id) = values::id(key, item, r) {
            r.mention(Named::Other(Noun::Agreement), &id, item.at);
            named.push((id, item.at));
        }
    }
    named
}

fn steps(fields: &Fields<'_>, r: &mut Reading<'_>) -> (TierMode, Option<Vec<AgreementTier>>) {
    let Some(child) = fields.get("tiers") else {
        fields.misplaced(&["mode"], "says nothing without tiers", r);
        let key = fields.one_of(REWARDS, "one-reward", r);
        let reward = key.and_then(|key| reward(fields, key, r));
        let at = key.map_or(fields.at, |key| fields.place(key));
        let tier = reward.map(|reward| vec![AgreementTier { lower: Micros::ZERO, upper: None, reward, at }]);
        return (TierMode::Volume, tier);
    };
    for key in REWARDS.iter().filter(|key| fields.has(key)) {
        let message = format!("{}: {key} stands beside tiers", fields.who);
        r.hinted(fields.place(key), "benefit-beside-tiers", message, "write it into a tier");
    }
    let words = [("volume", TierMode::Volume), ("graduated", TierMode::Graduated)];
    let mode = match fields.get("mode") {
        Some(child) => values::word("mode", child, &words, r),
        None => Some(TierMode::Volume),
    };
    let items = values::items(child);
    let tiers: Vec<AgreementTier> = items.iter().filter_map(|item| tier(item, mode, r)).collect();
    if tiers.len() < items.len() {
        return (mode.unwrap_or_default(), None);
    }
    if let Some(mode) = mode {
        in_order(child, mode, tiers.iter().map(|tier| (tier.lower, tier.upper, tier.at)), r);
    }
    (mode.unwrap_or_default(), (!tiers.is_empty()).then_some(tiers))
}

fn tier(child: &Child, mode: Option<TierMode>, r: &mut Reading<'_>) -> Option<AgreementTier> {
    let fields = Fields::read(child, "tier", TIER_KEYS, r)?;
    let lower = lower(&fields, mode, r);
    let upper = fields.optional("to", r, values::amount);
    let upper_is_read = upper.is_some() || !fields.has("to");
    let key = fields.one_of(REWARDS, "one-reward", r);
    let reward = key.and_then(|key| reward(&fields, key, r));
    upper_is_read.then_some(AgreementTier { lower: lower?, upper, reward: reward?, at: child.at })
}

fn reward(fields: &Fields<'_>, key: &str, r: &mut Reading<'_>) -> Option<Reward> {
    match key {
        "percent" => fields.optional(key, r, values::percent_off).map(Reward::Percent),
        "per_unit" => fields.optional(key, r, values::amount).map(Reward::PerUnit),
        _ => fields.optional(key, r, values::amount).map(Reward::Fixed),
    }
}

/// What the ladder measures must go with what it gives.
fn goes_together(agreement: &Agreement, fields: &Fields<'_>, r: &mut Reading<'_>) {
    let countable = agreement.measure.as_ref().is_some_and(|measure| {
        matches!(measure.what, What::Quantity { .. } | What::Weight { .. } | What::Volume { .. })
    });
    for tier in &agreement.tiers {
        match tier.reward {
            Reward::PerUnit(_) if !countable => {
                let message = format!("{}: per_unit of what has no unit", fields.who);
                r.hinted(tier.at, "reward-without-unit", message, "measure a quantity, a weight or a volume");
            }
            Reward::Fixed(_) if agreement.mode == TierMode::Graduated => {
                let message = format!("{}: a fixed sum has no portions", fields.who);
                r.hinted(tier.at, "graduated-fixed", message, "write mode: volume");
            }
            Reward::Percent(_) | Reward::PerUnit(_) | Reward::Fixed(_) => {}
        }
    }
    let distinct = agreement
        .measure
        .as_ref()
        .is_some_and(|measure| matches!(measure.what, What::Skus | What::Categories { .. }));
    if distinct && agreement.mode == TierMode::Graduated {
        let message = format!("{}: distinct things have no portions", fields.who);
        r.hinted(fields.place("mode"), "graduated-distinct", message, "write mode: volume");
    }
}

/// Rule X3: an agreement that comes after itself, by whatever way, comes after nothing.
pub(super) fn check_circles(agreements: &[Agreement], r: &mut Reading<'_>) {
    for agreement in agreements {
        let mut begun = vec![agreement.id.as_str()];
        let mut waiting: Vec<&str> = agreement.after.iter().map(|(id, _)| id.as_str()).collect();
        while let Some(next) = waiting.pop() {
            if next == agreement.id {
                let message = format!("agreement {} comes after itself", show(&agreement.id));
                r.hinted(agreement.at, "agreement-circle", message, "take one of them out of after");
                break;
            }
            if begun.contains(&next) {
                continue;
            }
            begun.push(next);
            let others = agreements.iter().filter(|other| other.id == next);
            waiting.extend(others.flat_map(|other| other.after.iter().map(|(id, _)| id.as_str())));
        }
    }
}
