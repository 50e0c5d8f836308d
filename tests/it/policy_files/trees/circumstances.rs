//! How are circumstances written?

use quoin::domain::time::Window;
use quoin::policy::syntax::{LineCondition, LineTest, Part, When};

use super::{Micros, civil, milli, rule, strings};

fn when(written: &str) -> When {
    rule(&format!("layer: order, percent: 1, when: {{ {written} }}")).when
}

/// Rule C1: a bare date is its midnight; `to` is outside; `through` is inside, a bare date for the whole of its day.
#[test]
fn windows() {
    for (written, from, to) in [
        ("from: 2026-05-01", Some("2026-05-01"), None),
        ("to: 2026-05-01", None, Some("2026-05-01")),
        ("through: 2026-05-01", None, Some("2026-05-02")),
        ("through: 2026-05-01T12:30:00", None, Some("2026-05-01T12:30:01")),
        (
            "from: 2026-05-01T12:30:00, to: '2026-05-01 12:30:01'",
            Some("2026-05-01T12:30:00"),
            Some("2026-05-01T12:30:01"),
        ),
        ("from: 2026-05-01, through: 2026-05-01", Some("2026-05-01"), Some("2026-05-02")),
        ("from: 2028-02-29, through: 9999-12-31", Some("2028-02-29"), None),
    ] {
        let window = when(written).window;
        assert_eq!(window.from, from.map(civil), "{written}");
        if !written.contains("9999") {
            assert_eq!(window.to, to.map(civil), "{written}");
        }
    }
    assert_eq!(when("channel: portal").window, Window::ALWAYS);
}

#[test]
fn of_cart_and_contract() {
    let when = when(
        "channel: [portal, erp], warehouse: W-1, delivery_basis: EXW, fulfilment: [stock, order], payment_terms: net 30, \
         coupon: [A, B], first_order: false, weekdays: [sun, mon]",
    );
    assert_eq!((when.channel, when.warehouse), (strings(&["portal", "erp"]), strings(&["W-1"])));
    assert_eq!((when.delivery_basis, when.fulfilment), (strings(&["EXW"]), strings(&["stock", "order"])));
    assert_eq!((when.payment_terms, when.coupon), (strings(&["net 30"]), strings(&["A", "B"])));
    assert_eq!((when.first_order, when.weekdays, when.sets), (Some(false), vec![7, 1], false));
}

#[test]
fn of_overdue_holds() {
    let rule = |written: &str| {
        let text = format!(
            "quoin_policy: 1\ncurrency: EUR\nholds: [{{ id: late }}, {{ id: worse, overdue_days: 30 }}]\n\
             rules: {{ id: r, layer: order, percent: 1, when: {{ {written} }} }}\n"
        );
        super::accepted(&text).rules.remove(0).when
    };
    let (none, held) = (rule("held: false"), rule("held: true"));
    assert_eq!((none.held, held.held), (Some(false), Some(true)));
    let named = rule("held_by: late, not_held_by: [worse]");
    assert_eq!(
        (named.held, named.held_by, named.not_held_by),
        (None, strings(&["late"]), strings(&["worse"]))
    );
}

#[test]
fn of_the_line() {
    let between = |from, to| LineTest::Between { from, to };
    let one_of = |texts: &[&str]| LineTest::OneOf(strings(texts));
    for (written, test) in [
        ("{ from: 6, to: 12 }", between(Some(milli(6_000)), Some(milli(12_000)))),
        ("{ from: -0.5 }", between(Some(milli(-500)), None)),
        ("{ to: 12 }", between(None, Some(milli(12_000)))),
        ("{ from: 6, to: 6 }", between(Some(milli(6_000)), Some(milli(6_000)))),
        ("A", one_of(&["A"])),
        ("[A, 12.0, true]", one_of(&["A", "12.0", "true"])),
    ] {
        let condition = LineCondition { attribute: "length".to_owned(), test };
        assert_eq!(when(&format!("line: {{ length: {written} }}")).line, [condition], "{written}");
    }
}

#[test]
fn bundles() {
    let when = when(
        "together: [{ goods: g, quantity: 1 }, { goods: { sku: x }, quantity: 2.5, unit: box }], sets: true",
    );
    let of = |part: &Part| (part.quantity, part.unit.clone());
    assert_eq!(
        when.together.iter().map(of).collect::<Vec<_>>(),
        [(Micros::ONE, None), (milli(2_500), Some("box".to_owned()))]
    );
    assert!(when.sets);
}
