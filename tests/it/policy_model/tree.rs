//! How is a syntax tree put together by hand? Rules and measures with everything left out that can be.

use quoin::domain::decimal::Micros;
use quoin::domain::ladder::TierMode;
use quoin::policy::syntax::{
    AllOf, At, Base, Benefit, Calendar, Cap, Measure, Period, PeriodLength, PeriodOf, PeriodWindow,
    Presentation, Rule, RuleLayer, RuleMeasure, RuleTier, Scope, Selection, SkuCriterion, Text, What, When,
};

/// A decimal.
pub fn micros(text: &str) -> Micros {
    Micros::parse(text).unwrap_or_else(|why| panic!("{text:?} {why}"))
}

pub fn text(en: &str) -> Text {
    Text { en: en.to_owned(), ru: None }
}

/// A rule on everything with one benefit.
pub fn rule(id: &str, layer: RuleLayer, benefit: Benefit) -> Rule {
    Rule {
        id: id.to_owned(),
        name: text(id),
        layer,
        goods: Selection::default(),
        contracts: Selection::default(),
        when: When::default(),
        currency: None,
        measure: None,
        mode: TierMode::Volume,
        tiers: vec![RuleTier { lower: Micros::ZERO, upper: None, benefit, at: At::default() }],
        unit: None,
        per: 1,
        service: None,
        times: None,
        on: Base::Running,
        stack: None,
        priority: 0,
        best_of: None,
        stop: false,
        cap: Cap::default(),
        limit: None,
        present: Presentation::Discount,
        at: At::default(),
    }
}

/// A rule on everything with a ladder of lower bounds, ends (empty where open) and benefits.
pub fn ladder(
    id: &str,
    layer: RuleLayer,
    measure: Measure,
    mode: TierMode,
    tiers: &[(&str, &str, Benefit)],
) -> Rule {
    let tiers: Vec<RuleTier> = tiers
        .iter()
        .map(|(lower, upper, benefit)| RuleTier {
            lower: micros(lower),
            upper: (!upper.is_empty()).then(|| micros(upper)),
            benefit: benefit.clone(),
            at: At::default(),
        })
        .collect();
    let first = tiers[0].benefit.clone();
    Rule { measure: Some(RuleMeasure::Own(measure)), mode, tiers, ..rule(id, layer, first) }
}

pub fn measure(what: What, over: Scope) -> Measure {
    Measure { what, over, goods: None, currency: None, at: At::default() }
}

/// The contract's current quarter of the calendar.
pub fn quarter(window: PeriodWindow) -> Scope {
    let (length, calendar, of) = (PeriodLength::Quarter, Calendar::Calendar, PeriodOf::Contract);
    Scope::Period(Period { length, window, calendar, of })
}

/// These SKUs.
pub fn skus(codes: &[&str]) -> Selection<SkuCriterion> {
    let codes = codes.iter().map(|code| (*code).to_owned()).collect();
    let all = AllOf { criteria: vec![SkuCriterion::Sku(codes)], at: At::default() };
    Selection { any: vec![all], except: Vec::new(), at: At::default() }
}

pub fn percent(text: &str) -> Benefit {
    Benefit::Percent(micros(text))
}

pub fn price(text: &str) -> Benefit {
    Benefit::Price(micros(text))
}
