//! Which requests are refused for what they say of lines and earlier purchases, and what is pricing given of others?

use quoin::api::particulars::{particulars_of, stated_by};
use quoin::api::v1;
use quoin::domain::decimal::Micros;
use quoin::pricing::request::{LineDetails, Metrics, NO_PARTICULARS, Position, TakePoints, Use};

fn position(measure: &str, value: &str) -> v1::MeasurePosition {
    v1::MeasurePosition { measure: measure.to_owned(), value: value.to_owned(), members: Vec::new() }
}

fn points(programme: &str, points_micros: i64) -> v1::TakePoints {
    v1::TakePoints { programme: programme.to_owned(), points_micros }
}

fn used(rule: &str, used: &str) -> v1::BenefitUse {
    v1::BenefitUse { rule: rule.to_owned(), used: used.to_owned() }
}

/// A cart of two lines of which the second says more.
fn request(details: v1::LineDetails, metrics: v1::Metrics) -> v1::PriceCartRequest {
    let line = v1::CartLine { details: Some(details), ..Default::default() };
    v1::PriceCartRequest {
        lines: vec![v1::CartLine::default(), line],
        metrics: Some(metrics),
        coupons: vec!["SPRING".to_owned()],
        ..Default::default()
    }
}

#[test]
fn pricing_is_given_what_is_said() {
    let details = v1::LineDetails {
        attributes: [("length".to_owned(), "6".to_owned())].into(),
        weight_micros: 2_960_000,
        weight_unit: "t".to_owned(),
        warehouse: "north".to_owned(),
        fulfilment: "order".to_owned(),
        services: vec![
            v1::ServiceOrder { service: "cutting".to_owned(), quantity_micros: 4_000_000 },
            v1::ServiceOrder { service: "packing".to_owned(), quantity_micros: 0 },
        ],
    };
    let mut breadth = position("breadth", "");
    breadth.members = vec!["A".to_owned(), "B".to_owned()];
    let metrics = v1::Metrics {
        positions: vec![position("turnover", "20000000000000000000.5"), position("net", "-3"), breadth],
        uses: vec![used("first-100-t", "40")],
        first_order: true,
    };
    let mut request = request(details, metrics);
    request.take_points = vec![points("bonus", 2_500_000), points("gifts", 0)];
    let particulars = particulars_of(stated_by(&request)).unwrap();
    assert_eq!(particulars.coupons, ["SPRING"]);
    assert_eq!(
        particulars.details,
        [LineDetails {
            line: 1,
            attributes: vec![("length", "6")],
            weight: Some((Micros(2_960_000), "t")),
            warehouse: "north",
            fulfilment: "order",
            services: vec![("cutting", Micros(4_000_000)), ("packing", Micros::ONE)],
        }]
    );
    let expected = Metrics {
        positions: vec![
            Position { measure: "turnover", value: 20_000_000_000_000_000_000_500_000, members: vec![] },
            Position { measure: "net", value: -3_000_000, members: vec![] },
            Position { measure: "breadth", value: 0, members: vec!["A", "B"] },
        ],
        uses: vec![Use { rule: "first-100-t", used: 40_000_000 }],
        first_order: true,
    };
    assert_eq!(particulars.metrics, expected);
    let take = |programme, micros| TakePoints { programme, points: Micros(micros) };
    assert_eq!(particulars.take_points, [take("bonus", 2_500_000), take("gifts", 0)]);
    let bare = v1::PriceCartRequest { lines: vec![v1::CartLine::default()], ..Default::default() };
    assert_eq!(particulars_of(stated_by(&bare)).unwrap(), NO_PARTICULARS);
}

#[test]
fn what_is_wrong_is_named_by_its_field() {
    let service =
        |name: &str, quantity_micros| v1::ServiceOrder { service: name.to_owned(), quantity_micros };
    let details = v1::LineDetails::default;
    let of_details = |details| request(details, v1::Metrics::default());
    let of_positions = |positions| request(details(), v1::Metrics { positions, ..v1::Metrics::default() });
    let of_uses = |uses| request(details(), v1::Metrics { uses, ..v1::Metrics::default() });
    let of_points = |take_points| v1::PriceCartRequest { take_points, ..Default::default() };
    let cases = [
        (
            of_details(v1::LineDetails { weight_micros: 1, ..details() }),
            "lines[1].details.weight_unit",
            "is missing: name the unit",
        ),
        (
            of_details(v1::LineDetails { weight_micros: -1, weight_unit: "t".to_owned(), ..details() }),
            "lines[1].details.weight_micros",
            "is not above zero",
        ),
        (
            of_details(v1::LineDetails { weight_unit: "t".to_owned(), ..details() }),
            "lines[1].details.weight_micros",
            "is not above zero",
        ),
        (
            of_details(v1::LineDetails { services: vec![service("a", 1), service("b", -1)], ..details() }),
            "lines[1].details.services[1].quantity_micros",
            "is below zero",
        ),
        (
            of_details(v1::LineDetails { services: vec![service("a", 1), service("a", 2)], ..details() }),
            "lines[1].details.services[1].service",
            "names \"a\" again: say once how many",
        ),
        (
            of_details(v1::LineDetails {
                attributes: (0..65).map(|number| (number.to_string(), String::new())).collect(),
                ..details()
            }),
            "lines[1].details.attributes",
            "has 65 entries; at most 64 are taken",
        ),
        (
            of_positions(vec![position("m", "1"), position("m", "2")]),
            "metrics.positions[1].measure",
            "names \"m\" again",
        ),
        (
            of_positions(vec![position("m", "1e3")]),
            "metrics.positions[0].value",
            "\"1e3\" has an exponent: write the digits out",
        ),
        (of_uses(vec![used("r", "1"), used("r", "1")]), "metrics.uses[1].rule", "names \"r\" again"),
        (of_uses(vec![used("r", "-1")]), "metrics.uses[0].used", "\"-1\" is below zero"),
        (of_uses(vec![used("r", "much")]), "metrics.uses[0].used", "\"much\" is not a decimal number"),
        (
            of_uses((0..1_001).map(|number| used(&number.to_string(), "1")).collect()),
            "metrics.uses",
            "has 1001 entries; at most 1000 are taken",
        ),
        (of_points(vec![points("p", 1), points("p", 2)]), "take_points[1].programme", "names \"p\" again"),
        (of_points(vec![points("p", 1), points("q", -1)]), "take_points[1].points_micros", "is below zero"),
        (
            of_points((0..101).map(|number| points(&number.to_string(), 1)).collect()),
            "take_points",
            "has 101 entries; at most 100 are taken",
        ),
        (
            v1::PriceCartRequest { coupons: vec![String::new(); 101], ..Default::default() },
            "coupons",
            "has 101 entries; at most 100 are taken",
        ),
    ];
    for (request, field, description) in cases {
        let wrong = particulars_of(stated_by(&request)).unwrap_err();
        assert_eq!((wrong.field.as_str(), wrong.description.as_str()), (field, description));
    }
}
