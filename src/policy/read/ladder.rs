//! Which tiers does a rule have, and do they make a ladder?

use crate::domain::decimal::Micros;
use crate::domain::ladder::{Ladder, LadderError, Over, TIERS_MAX, Tier, TierMode};
use crate::policy::syntax::{At, RuleLayer, RuleMeasure, RuleTier};

use super::benefit::{BENEFITS, benefit, key_of};
use super::fields::Fields;
use super::measure::rule_measure;
use super::reading::Reading;
use super::tree::Child;
use super::values;

const TIER_KEYS: &[&str] = &[
    "from",
    "above",
    "to",
    "percent",
    "per_unit",
    "per_line",
    "per_cart",
    "price",
    "price_of",
    "formula",
    "free",
    "service_price",
    "service_percent",
];

/// A rule's benefit, or its benefits and what decides among them.
pub(super) struct Steps {
    pub(super) measure: Option<RuleMeasure>,
    pub(super) mode: TierMode,
    /// None where they could not all be read.
    pub(super) tiers: Option<Vec<RuleTier>>,
}

pub(super) fn steps(fields: &Fields<'_>, layer: Option<RuleLayer>, r: &mut Reading<'_>) -> Steps {
    let measure = fields.optional("measure", r, |_, child, r| rule_measure(child, r));
    let Some(child) = fields.get("tiers") else {
        if fields.has("measure") {
            let message = format!("{}: the measure decides nothing without tiers", fields.who);
            r.hinted(
                fields.place("measure"),
                "measure-without-tiers",
                message,
                "write tiers, or leave it out",
            );
        }
        fields.misplaced(&["mode"], "says nothing without tiers", r);
        return Steps {
            measure,
            mode: TierMode::Volume,
            tiers: flat(fields, layer, r).map(|tier| vec![tier]),
        };
    };
    if !fields.has("measure") {
        let message = format!("{}: nothing says what the tiers measure", fields.who);
        r.hinted(fields.place("tiers"), "tiers-without-measure", message, "write measure");
    }
    for key in BENEFITS.iter().filter(|key| fields.has(key)) {
        let message = format!("{}: {key} stands beside tiers", fields.who);
        r.hinted(fields.place(key), "benefit-beside-tiers", message, "write it into a tier");
    }
    let words = [("volume", TierMode::Volume), ("graduated", TierMode::Graduated)];
    let mode = match fields.get("mode") {
        Some(child) => values::word("mode", child, &words, r),
        None => Some(TierMode::Volume),
    };
    let tiers = tiers(child, mode, layer, r);
    Steps { measure, mode: mode.unwrap_or_default(), tiers }
}

/// The one benefit of a rule without tiers.
fn flat(fields: &Fields<'_>, layer: Option<RuleLayer>, r: &mut Reading<'_>) -> Option<RuleTier> {
    let key = fields.one_of(BENEFITS, "one-benefit", r)?;
    let benefit = fields.optional(key, r, |key, child, r| benefit(key, child, layer, r))?;
    Some(RuleTier { lower: Micros::ZERO, upper: None, benefit, at: fields.place(key) })
}

fn tiers(
    child: &Child,
    mode: Option<TierMode>,
    layer: Option<RuleLayer>,
    r: &mut Reading<'_>,
) -> Option<Vec<RuleTier>> {
    let items = values::items(child);
    if items.len() > TIERS_MAX {
        let message = format!("tiers: {} are more than {TIERS_MAX}", items.len());
        r.error(child.at, "too-many-tiers", message);
        return None;
    }
    let read: Vec<RuleTier> = items.iter().filter_map(|item| tier(item, mode, layer, r)).collect();
    if read.len() < items.len() {
        return None;
    }
    one_kind(&read, r);
    if let Some(mode) = mode {
        in_order(child, mode, read.iter().map(|tier| (tier.lower, tier.upper, tier.at)), r);
    }
    (!read.is_empty()).then_some(read)
}

fn tier(
    child: &Child,
    mode: Option<TierMode>,
    layer: Option<RuleLayer>,
    r: &mut Reading<'_>,
) -> Option<RuleTier> {
    let fields = Fields::read(child, "tier", TIER_KEYS, r)?;
    let lower = lower(&fields, mode, r);
    let upper = fields.optional("to", r, values::amount);
    let upper_is_read = upper.is_some() || !fields.has("to");
    let key = fields.one_of(BENEFITS, "one-benefit", r);
    let benefit = key.and_then(|key| fields.optional(key, r, |key, child, r| benefit(key, child, layer, r)));
    if !upper_is_read {
        return None;
    }
    Some(RuleTier { lower: lower?, upper, benefit: benefit?, at: child.at })
}

/// `from` in volume, `above` in graduated: the word says whether the bound itself is in the tier.
pub(super) fn lower(fields: &Fields<'_>, mode: Option<TierMode>, r: &mut Reading<'_>) -> Option<Micros> {
    let (wanted, other, word) = match mode? {
        TierMode::Volume => ("from", "above", "graduated"),
        TierMode::Graduated => ("above", "from", "volume"),
    };
    if !fields.has(other) {
        return fields.needed(wanted, r, values::amount);
    }
    let message = format!("tier: {other} is for mode: {word}");
    r.hinted(fields.place(other), "wrong-bound", message, format!("write {wanted}, or mode: {word}"));
    None
}

fn one_kind(tiers: &[RuleTier], r: &mut Reading<'_>) {
    let Some(first) = tiers.first().map(|tier| tier.benefit.kind()) else { return };
    for tier in tiers.iter().filter(|tier| tier.benefit.kind() != first) {
        let (other, first) = (key_of(tier.benefit.kind()), key_of(first));
        let message = format!("tier: {other} stands in a ladder of {first}");
        r.hinted(tier.at, "mixed-benefits", message, "make a rule of each kind");
    }
}

/// The rules of all ladders.
pub(super) fn in_order(
    child: &Child,
    mode: TierMode,
    tiers: impl Iterator<Item = (Micros, Option<Micros>, At)> + Clone,
    r: &mut Reading<'_>,
) {
    let bounds = tiers.clone().map(|(lower, upper, _)| Tier { lower, upper, value: () }).collect();
    let Err(error) = Ladder::new(mode, Over::Line, bounds) else { return };
    let (code, position, fault) = match error {
        LadderError::Empty => ("no-tiers", 0, "there is none"),
        LadderError::TooMany => ("too-many-tiers", 0, "there are more than 64"),
        LadderError::Negative(position) => ("negative", position, "has a negative bound"),
        LadderError::OutOfOrder(position) => {
            ("tiers-out-of-order", position, "does not begin after the tier before it")
        }
        LadderError::EmptyTier(position) => ("empty-tier", position, "ends where it begins or before"),
        LadderError::Overlap(position) => {
            ("tiers-overlap", position, "begins before the tier before it has ended")
        }
        LadderError::Gap(position) => (
            "tiers-gap",
            position,
            "does not begin where the tier before it ends: graduated tiers have no gaps",
        ),
    };
    match tiers.clone().nth(position) {
        Some((lower, _, at)) => r.error(at, code, format!("tier {} from \"{lower}\" {fault}", position + 1)),
        None => r.error(child.at, code, format!("tiers: {fault}")),
    }
}
