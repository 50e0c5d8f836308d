//! What does a rule or a tier give?

use crate::domain::decimal::Micros;
use crate::domain::rounding::RoundingMode;
use crate::policy::syntax::{
    Benefit, BenefitKind, FormulaTerm, FreeGoods, FreeMode, FreePer, RuleLayer, TermOf,
};

use super::fields::Fields;
use super::reading::Reading;
use super::tree::Child;
use super::values;

/// The keys of benefits.
pub(super) const BENEFITS: &[&str] = &[
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

/// The key of a kind.
pub(super) fn key_of(kind: BenefitKind) -> &'static str {
    match kind {
        BenefitKind::Percent => "percent",
        BenefitKind::PerUnit => "per_unit",
        BenefitKind::PerLine => "per_line",
        BenefitKind::PerCart => "per_cart",
        BenefitKind::Price => "price",
        BenefitKind::PriceOf => "price_of",
        BenefitKind::Formula => "formula",
        BenefitKind::Free => "free",
        BenefitKind::ServicePrice => "service_price",
        BenefitKind::ServicePercent => "service_percent",
    }
}

/// The benefit that stands under `key`. Only surcharges may be over a hundred percent.
pub(super) fn benefit(
    key: &str,
    child: &Child,
    layer: Option<RuleLayer>,
    r: &mut Reading<'_>,
) -> Option<Benefit> {
    let takes_off = layer.is_some_and(|layer| layer != RuleLayer::Surcharge);
    Some(match key {
        "percent" if takes_off => Benefit::Percent(values::percent_off(key, child, r)?),
        "percent" => Benefit::Percent(values::amount(key, child, r)?),
        "per_unit" => Benefit::PerUnit(values::amount(key, child, r)?),
        "per_line" => Benefit::PerLine(values::amount(key, child, r)?),
        "per_cart" => Benefit::PerCart(values::amount(key, child, r)?),
        "price" => Benefit::Price(values::positive(key, child, r)?),
        "price_of" => Benefit::PriceOf(values::id(key, child, r)?),
        "formula" => formula(child, r)?,
        "free" => Benefit::Free(free(child, r)?),
        "service_price" => Benefit::ServicePrice(values::amount(key, child, r)?),
        _ => Benefit::ServicePercent(values::percent_off(key, child, r)?),
    })
}

fn formula(child: &Child, r: &mut Reading<'_>) -> Option<Benefit> {
    let fields = Fields::read(child, "formula", &["constant", "terms"], r)?;
    let constant =
        fields.get("constant").map_or(Some(Micros::ZERO), |child| values::decimal("constant", child, r))?;
    let items = fields.get("terms").map_or(&[][..], |terms| values::items(terms));
    if items.is_empty() && constant <= Micros::ZERO {
        let message = "formula: without terms and a constant above zero it gives no price";
        r.error(fields.at, "empty-formula", message);
    }
    let terms = items.iter().filter_map(|item| term(item, r)).collect();
    Some(Benefit::Formula { constant, terms })
}

fn term(child: &Child, r: &mut Reading<'_>) -> Option<FormulaTerm> {
    let fields = Fields::read(child, "term", &["index", "attribute", "times"], r)?;
    let times = fields.optional("times", r, values::decimal).unwrap_or(Micros::ONE);
    let of = match fields.one_of(&["index", "attribute"], "term-of-what", r)? {
        "index" => TermOf::Index(fields.optional("index", r, values::id)?),
        _ => TermOf::Attribute(fields.optional("attribute", r, values::id)?),
    };
    Some(FormulaTerm { of, times })
}

fn free(child: &Child, r: &mut Reading<'_>) -> Option<FreeGoods> {
    let keys = &["every", "give", "mode", "per", "round", "sku"];
    let fields = Fields::read(child, "free", keys, r)?;
    let every = fields.needed("every", r, values::positive);
    let give = fields.needed("give", r, values::positive);
    let mode = fields.needed("mode", r, |key, child, r| {
        values::word(key, child, &[("inside", FreeMode::Inside), ("on_top", FreeMode::OnTop)], r)
    });
    let per = fields.needed("per", r, |key, child, r| {
        let words =
            [("proportional", FreePer::Proportional), ("unit", FreePer::Unit), ("whole", FreePer::Whole)];
        values::word(key, child, &words, r)
    });
    // rule L7: a proportion's rounding is the rule's to state; nothing else is rounded
    let rounding = match per {
        Some(FreePer::Proportional) => fields.needed("round", r, rounding),
        Some(_) => {
            fields.misplaced(&["round"], "is for per: proportional alone", r);
            Some(RoundingMode::Down)
        }
        None => None,
    };
    if mode == Some(FreeMode::Inside) {
        fields.misplaced(&["sku"], "is for mode: on_top alone", r);
        if let (Some(every), Some(give)) = (every, give)
            && give > every
        {
            let message = format!("free: \"{give}\" of every \"{every}\" ordered cannot be free");
            r.error(fields.place("give"), "free-over-every", message);
        }
    }
    let sku = fields.optional("sku", r, values::id);
    Some(FreeGoods { every: every?, give: give?, mode: mode?, per: per?, rounding: rounding?, sku })
}

fn rounding(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<RoundingMode> {
    let words = [
        ("down", RoundingMode::Down),
        ("up", RoundingMode::Up),
        ("half_up", RoundingMode::HalfUp),
        ("half_even", RoundingMode::HalfEven),
    ];
    values::word(key, child, &words, r)
}
