//! How are measures written?

use quoin::policy::syntax::{
    AmountOf, Calendar, Period, PeriodLength, PeriodOf, PeriodWindow, RuleMeasure, Scope, What,
};

use super::{accepted, rule, text};

fn period(length: PeriodLength) -> Period {
    Period { length, window: PeriodWindow::Current, calendar: Calendar::Calendar, of: PeriodOf::Contract }
}

fn t() -> String {
    "t".to_owned()
}

#[test]
fn what_and_over() {
    let (month, quarter) = (period(PeriodLength::Month), period(PeriodLength::Quarter));
    let previous = Period { window: PeriodWindow::Previous, calendar: Calendar::Contract, ..quarter };
    let cases = [
        ("what: quantity", What::Quantity { unit: None }, Scope::Line),
        ("what: quantity, unit: t, over: line", What::Quantity { unit: Some(t()) }, Scope::Line),
        ("what: weight, unit: t, over: sku", What::Weight { unit: t() }, Scope::Sku),
        ("what: volume, unit: t, over: group", What::Volume { unit: t() }, Scope::Group),
        ("what: amount, over: cart", What::Amount { of: AmountOf::Net }, Scope::Cart),
        ("what: amount, of: net", What::Amount { of: AmountOf::Net }, Scope::Line),
        ("what: amount, of: list", What::Amount { of: AmountOf::List }, Scope::Line),
        ("what: amount, of: contract", What::Amount { of: AmountOf::Contract }, Scope::Line),
        ("what: attribute, name: length", What::Attribute { name: "length".to_owned() }, Scope::Line),
        ("what: attribute, attribute: length", What::Attribute { name: "length".to_owned() }, Scope::Line),
        ("what: skus, over: month", What::Skus, Scope::Period(month)),
        ("what: categories, over: quarter", What::Categories { level: None }, Scope::Period(quarter)),
        (
            "what: categories, level: 12, over: half",
            What::Categories { level: Some(12) },
            Scope::Period(period(PeriodLength::Half)),
        ),
        (
            "what: skus, over: year, window: current, calendar: calendar, of_whom: contract",
            What::Skus,
            Scope::Period(period(PeriodLength::Year)),
        ),
        (
            "what: skus, over: quarter, window: previous, calendar: contract",
            What::Skus,
            Scope::Period(previous),
        ),
        (
            "what: skus, over: month, of_whom: counterparty",
            What::Skus,
            Scope::Period(Period { of: PeriodOf::Counterparty, ..month }),
        ),
        (
            "what: skus, over: rolling, months: 120, of_whom: holding",
            What::Skus,
            Scope::Period(Period { window: PeriodWindow::Rolling(120), of: PeriodOf::Holding, ..month }),
        ),
        (
            "what: skus, over: month, of_whom: payer",
            What::Skus,
            Scope::Period(Period { of: PeriodOf::Payer, ..month }),
        ),
        (
            "what: skus, over: month, of_whom: ship_to",
            What::Skus,
            Scope::Period(Period { of: PeriodOf::ShipTo, ..month }),
        ),
    ];
    for (written, what, over) in cases {
        let rule =
            rule(&format!("layer: volume, measure: {{ {written} }}, tiers: {{ from: 1, percent: 1 }}"));
        let Some(RuleMeasure::Own(measure)) = rule.measure else { panic!("{written}") };
        assert_eq!((measure.what, measure.over, measure.goods), (what, over, None), "{written}");
    }
}

/// A measure that is stated with a rule is in the currency of the rule, unless it names another.
#[test]
fn currencies() {
    for (keys, code) in [
        ("measure: { what: amount }", None),
        ("currency: USD, measure: { what: amount }", Some("USD")),
        ("currency: USD, measure: { what: amount, currency: USD }", Some("USD")),
        ("measure: { what: amount, currency: RUB }", Some("RUB")),
    ] {
        let rule = rule(&format!("layer: volume, {keys}, tiers: {{ from: 1, percent: 1 }}"));
        let Some(RuleMeasure::Own(measure)) = rule.measure else { panic!("{keys}") };
        assert_eq!(measure.currency.as_ref().map(|currency| currency.code()), code, "{keys}");
    }
}

#[test]
fn measures_that_rules_name() {
    let policy = accepted(
        "quoin_policy: 1\nmeasures:\n  tonnes: { name: Tonnes, what: weight, unit: t, over: cart }\n  length: { what: attribute, \
         attribute: cut, name: Length }\nrules:\n  - { id: a, layer: order, measure: tonnes, tiers: [{ from: 1, percent: 1 }] }\n",
    );
    let RuleMeasure::Named(name, at) = policy.rules[0].measure.as_ref().unwrap() else {
        panic!("a named measure")
    };
    assert_eq!((name.as_str(), at.line, at.column), ("tonnes", 6, 37));
    assert_eq!(policy.measures["tonnes"].name, text("Tonnes"));
    assert_eq!(policy.measures["length"].measure.what, What::Attribute { name: "cut".to_owned() });
    assert_eq!(policy.measures["length"].name, text("Length"));
}
