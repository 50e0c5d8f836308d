//! How are benefits written, and what stands beside them?

use quoin::domain::rounding::RoundingMode;
use quoin::policy::syntax::{
    Base, Benefit, Cap, FormulaTerm, FreeGoods, FreeMode, FreePer, Limit, LimitOf, Presentation, RuleLayer,
    Stack, TermOf,
};

use super::{Micros, milli, rule, text};

fn free(mode: FreeMode, per: FreePer, rounding: RoundingMode, sku: Option<&str>) -> Benefit {
    let (every, give) = (milli(10_000), milli(1_500));
    Benefit::Free(FreeGoods { every, give, mode, per, rounding, sku: sku.map(str::to_owned) })
}

#[test]
fn every_benefit() {
    let index = |name: &str, times| FormulaTerm { of: TermOf::Index(name.to_owned()), times };
    let cases = [
        ("layer: volume, percent: 100", RuleLayer::Volume, Benefit::Percent(milli(100_000))),
        ("layer: surcharge, percent: 100.5", RuleLayer::Surcharge, Benefit::Percent(milli(100_500))),
        ("layer: loyalty, per_unit: 0", RuleLayer::Loyalty, Benefit::PerUnit(Micros::ZERO)),
        ("layer: volume, per_line: 0.000001", RuleLayer::Volume, Benefit::PerLine(Micros(1))),
        (
            "layer: order, per_cart: 9000000000000",
            RuleLayer::Order,
            Benefit::PerCart(Micros(9_000_000_000_000_000_000)),
        ),
        ("layer: contract, price: 1234.5", RuleLayer::Contract, Benefit::Price(milli(1_234_500))),
        ("layer: contract, price_of: BASE", RuleLayer::Contract, Benefit::PriceOf("BASE".to_owned())),
        (
            "layer: surcharge, service: s, service_price: 0",
            RuleLayer::Surcharge,
            Benefit::ServicePrice(Micros::ZERO),
        ),
        (
            "layer: surcharge, service: s, service_percent: 100",
            RuleLayer::Surcharge,
            Benefit::ServicePercent(milli(100_000)),
        ),
        (
            "layer: contract, formula: { constant: 5 }",
            RuleLayer::Contract,
            Benefit::Formula { constant: milli(5_000), terms: vec![] },
        ),
        (
            "layer: surcharge, formula: { constant: -5, terms: [{ index: LME, times: -1.5 }, { index: FX }] }",
            RuleLayer::Surcharge,
            Benefit::Formula {
                constant: milli(-5_000),
                terms: vec![index("LME", milli(-1_500)), index("FX", Micros::ONE)],
            },
        ),
        (
            "layer: volume, formula: { terms: { attribute: length, times: 2 } }",
            RuleLayer::Volume,
            Benefit::Formula {
                constant: Micros::ZERO,
                terms: vec![FormulaTerm { of: TermOf::Attribute("length".to_owned()), times: milli(2_000) }],
            },
        ),
        (
            "layer: volume, free: { every: 10, give: 1.5, mode: inside, per: unit }",
            RuleLayer::Volume,
            free(FreeMode::Inside, FreePer::Unit, RoundingMode::Down, None),
        ),
        (
            "layer: volume, free: { every: 10, give: 1.5, mode: on_top, per: whole, sku: GIFT }",
            RuleLayer::Volume,
            free(FreeMode::OnTop, FreePer::Whole, RoundingMode::Down, Some("GIFT")),
        ),
        (
            "layer: volume, free: { every: 10, give: 1.5, mode: on_top, per: proportional, round: half_up }",
            RuleLayer::Volume,
            free(FreeMode::OnTop, FreePer::Proportional, RoundingMode::HalfUp, None),
        ),
    ];
    for (written, layer, benefit) in cases {
        let rule = rule(written);
        assert_eq!((rule.layer, &rule.tiers[0].benefit), (layer, &benefit), "{written}");
    }
}

#[test]
fn what_is_not_stated() {
    let rule = rule("layer: volume, percent: 1");
    assert_eq!((rule.name, rule.per, rule.unit, rule.priority), (text("r"), 1, None, 0));
    assert_eq!((rule.on, rule.stack, rule.stop, rule.best_of), (Base::Running, None, false, None));
    assert_eq!((rule.cap, rule.limit, rule.present), (Cap::default(), None, Presentation::Discount));
}

#[test]
fn what_is_stated() {
    let rule = rule(
        "name: R, layer: volume, percent: 1, on: contract, stack: additive, stop: true, best_of: b, priority: -2147483648, \
         show_as: price, cap: { percent: 100, line: 0.01 }",
    );
    assert_eq!((rule.name, rule.priority), (text("R"), i32::MIN));
    assert_eq!((rule.on, rule.stack, rule.stop), (Base::Contract, Some(Stack::Additive), true));
    assert_eq!((rule.best_of.as_deref(), rule.present), (Some("b"), Presentation::Price));
    assert_eq!(rule.cap, Cap { percent: Some(milli(100_000)), line: Some(milli(10)), cart: None });
}

#[test]
fn limits() {
    let tonnes = || LimitOf::Quantity { unit: Some("t".to_owned()) };
    for (written, of, most, overall) in [
        ("quantity: 100, unit: t", tonnes(), milli(100_000), false),
        ("quantity: 0.5, overall: true", LimitOf::Quantity { unit: None }, milli(500), true),
        ("amount: 5000", LimitOf::Amount, milli(5_000_000), false),
        ("uses: 3, overall: false", LimitOf::Uses, milli(3_000), false),
    ] {
        let rule = rule(&format!("layer: volume, percent: 1, limit: {{ {written} }}"));
        assert_eq!(rule.limit, Some(Limit { of, most, overall }), "{written}");
    }
}
