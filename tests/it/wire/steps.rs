//! What is told of a waterfall's steps: rules, services and guards by name, with their rates?

use quoin::api::v1;
use quoin::api::waterfall::step_of;
use quoin::domain::decimal::Micros;
use quoin::domain::ids::ListId;
use quoin::domain::language::Language::{English, Russian};
use quoin::policy::syntax::Presentation;
use quoin::pricing::waterfall::{Cause, Layer, Step};

use super::policy::{CUTTING, buyer, cart, catalogue, guard_no, micros, rule_no, seller, telling};

fn step(layer: Layer, cause: Cause, rate: &str) -> Step {
    Step {
        layer,
        cause,
        base: micros("1000"),
        amount: micros("-75"),
        taken_of: micros("1000"),
        rate: micros(rate),
        shown_as: Presentation::Discount,
    }
}

#[test]
fn steps_name_what_made_them_and_their_rate() {
    let cart = cart(vec![]);
    let catalogue = catalogue();
    let rule = |id: &str| Cause::Rule(rule_no(&cart.policy, id));
    use v1::BenefitKind as Kind;
    let cases = [
        (
            rule("tonnes"),
            "7.5",
            "By the tonne",
            "По тоннам",
            Kind::Percent,
            "7.5 % of 1000.00",
            "7.5 % от 1000.00",
        ),
        (rule("tonnes"), "0", "By the tonne", "По тоннам", Kind::Percent, "", ""),
        (
            rule("per-unit"),
            "2.5",
            "per-unit",
            "per-unit",
            Kind::PerUnit,
            "2.50 EUR per t, times length",
            "2.50 EUR за t, умножить на length",
        ),
        (
            rule("breadth"),
            "10",
            "breadth",
            "breadth",
            Kind::PerCart,
            "10.00 EUR a cart",
            "10.00 EUR на корзину",
        ),
        (
            rule("roubles"),
            "100",
            "roubles",
            "roubles",
            Kind::PerLine,
            "100.00 RUB a line",
            "100.00 RUB на строку",
        ),
        (
            rule("list-price"),
            "9",
            "list-price",
            "list-price",
            Kind::PriceOf,
            "price 9.00 EUR per base unit",
            "цена 9.00 EUR за базовую единицу",
        ),
        (
            rule("cheap-cutting"),
            "20",
            "cheap-cutting",
            "cheap-cutting",
            Kind::ServicePercent,
            "20 % off service Cutting",
            "скидка 20 % на услугу Резка",
        ),
        (
            Cause::Service(CUTTING),
            "30",
            "Cutting",
            "Резка",
            Kind::ServicePrice,
            "30.00 EUR each",
            "30.00 EUR за каждую",
        ),
        (Cause::Rounding, "0", "", "", Kind::Unspecified, "", ""),
        (Cause::List(ListId(0)), "0", "", "", Kind::Unspecified, "", ""),
    ];
    for (cause, rate, en_name, ru_name, kind, en, ru) in cases {
        let step = step(Layer::Volume, cause, rate);
        let english = step_of(&step, &telling(&cart, &catalogue, buyer(English)));
        let russian = step_of(&step, &telling(&cart, &catalogue, buyer(Russian)));
        assert_eq!((english.name.as_str(), english.explanation.as_str()), (en_name, en), "{cause:?}");
        assert_eq!((russian.name.as_str(), russian.explanation.as_str()), (ru_name, ru), "{cause:?}");
        assert_eq!(english.benefit(), kind, "{cause:?}");
        let rated =
            if matches!(cause, Cause::Rule(_) | Cause::Service(_)) { micros(rate) } else { Micros::ZERO };
        assert_eq!(english.rate_micros, rated.0, "{cause:?}");
        assert_eq!((english.base_micros, english.amount_micros), (1_000_000_000, -75_000_000));
    }
    let ids = |cause| {
        let step = step_of(&step(Layer::Volume, cause, "1"), &telling(&cart, &catalogue, buyer(English)));
        (step.price_list, step.rule, step.service, step.guard)
    };
    let text = |parts: [&str; 4]| {
        let [list, rule, service, guard] = parts.map(str::to_owned);
        (list, rule, service, guard)
    };
    assert_eq!(ids(Cause::List(ListId(0))), text(["BASE", "", "", ""]));
    assert_eq!(ids(rule("tonnes")), text(["", "tonnes", "", ""]));
    assert_eq!(ids(Cause::Service(CUTTING)), text(["", "", "cutting", ""]));
    assert_eq!(ids(Cause::Guard(guard_no(&cart.policy, "most"))), text(["", "", "", "most"]));
    let shown = Step { shown_as: Presentation::Price, ..step(Layer::Contract, rule("list-price"), "9") };
    let shown = step_of(&shown, &telling(&cart, &catalogue, buyer(English)));
    assert_eq!((shown.presentation(), shown.layer()), (v1::Presentation::Price, v1::Layer::Contract));
}

#[test]
fn guards_say_what_they_demand_to_those_who_may_see_costs() {
    let cart = cart(vec![]);
    let catalogue = catalogue();
    let cases = [
        ("margin", "a margin of at least 37.123456 %", "маржа не меньше 37.123456 %"),
        ("markup", "at least 41.654321 % above the cost", "не меньше чем на 41.654321 % выше себестоимости"),
        ("floor", "at least the price of list FLOORS-SECRET", "не ниже цены прайс-листа FLOORS-SECRET"),
        ("most", "at most 15 % off the list price", "не больше 15 % от прейскурантной цены"),
    ];
    for (guard, en, ru) in cases {
        let step = step(Layer::Guard, Cause::Guard(guard_no(&cart.policy, guard)), "15");
        let told = |audience| step_of(&step, &telling(&cart, &catalogue, audience));
        assert_eq!(told(seller(English)).explanation, en);
        assert_eq!(told(seller(Russian)).explanation, ru);
        assert_eq!(
            (told(seller(English)).rate_micros, told(seller(English)).guard),
            (15_000_000, guard.to_owned())
        );
        let hidden = told(buyer(English));
        let figures = (hidden.rate_micros, hidden.taken_of_micros, hidden.explanation.as_str());
        assert_eq!((figures, hidden.guard.as_str()), ((0, 0, ""), guard));
        assert_eq!((hidden.base_micros, hidden.amount_micros), (1_000_000_000, -75_000_000));
    }
}
