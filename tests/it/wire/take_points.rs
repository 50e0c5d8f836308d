//! Carts that take points, over gRPC and at a terminal.

use quoin::api::v1;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use quoin::domain::decimal::Micros;
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::engine::policy::{PolicyFile, PublishPolicy};
use serde_json::{Value, json};
use tonic::Code;
use tonic_types::StatusExt;

use super::server::{CONTRACT, Running, block_on};
use crate::process::{ended, json, on};

const POLICY: &str = "
quoin_policy: 1
currency: EUR
points:
  - { id: bonus, name: { en: Bonus, ru: Бонусы }, earn: { percent: 10 }, as: discount, worth: 0.5 }
  - { id: gifts, earn: { percent: 10 } }
";

/// Ten points of each programme.
fn ready(engine: &Engine) {
    let files = vec![PolicyFile { name: "policy.yaml".to_owned(), text: POLICY.to_owned() }];
    let asked = PublishPolicy { files, ..PublishPolicy::default() };
    let report = engine.publish_policy(&Caller::operator(), asked).unwrap();
    assert!(report.published, "{:#?}", report.findings);
    let line = v1::DocumentLine {
        sku: "INS-000001".to_owned(),
        quantity_micros: 2_000_000,
        net_amount_micros: 100_000_000,
        ..Default::default()
    };
    let document = v1::Document {
        id: "S1".to_owned(),
        kind: v1::DocumentKind::Shipment.into(),
        contract: CONTRACT.to_owned(),
        day: "2026-02-03".to_owned(),
        lines: vec![line],
        ..Default::default()
    };
    let documents = quoin::api::document::drafts_of(vec![document]).unwrap();
    let asked = quoin::engine::ledger::PostDocuments { documents, ..Default::default() };
    assert!(!engine.post_documents(&Caller::operator(), asked).unwrap().refused());
}

fn cart(take: &[(&str, i64)]) -> v1::PriceCartRequest {
    let points = |(programme, points): &(&str, i64)| v1::TakePoints {
        programme: (*programme).to_owned(),
        points_micros: points * 1_000_000,
    };
    v1::PriceCartRequest {
        contract: CONTRACT.to_owned(),
        // 25 February 2026.
        pricing_at: Some(prost_types::Timestamp { seconds: 1_772_000_000, nanos: 0 }),
        lines: vec![v1::CartLine {
            id: "1".to_owned(),
            sku_ref: Some(v1::cart_line::SkuRef::Sku("INS-000001".to_owned())),
            quantity_micros: 10_000_000,
            ..Default::default()
        }],
        take_points: take.iter().map(points).collect(),
        ..Default::default()
    }
}

#[test]
fn points_are_taken_over_the_wire() {
    let running = Running::start();
    ready(&running.engine);
    block_on(async {
        let mut client = PricingServiceClient::new(running.channel().await);
        let plain = client.price_cart(cart(&[])).await.unwrap().into_inner();
        let whole = plain.lines[0].amount_micros;
        assert_eq!(plain.left_to_pay, "");
        let could = &plain.points[0];
        assert_eq!(
            (could.used_as(), could.payable_micros, could.payable_amount_micros, could.asked_micros),
            (v1::PointsUse::Discount, 10_000_000, 5_000_000, None)
        );
        assert_eq!(plain.points[1].used_as(), v1::PointsUse::Payment);
        // Eight at half a euro come off; of twelve that pay there are ten.
        let asked = cart(&[("gifts", 12), ("bonus", 8)]);
        let priced = client.price_cart(asked.clone()).await.unwrap().into_inner();
        assert_eq!(priced.lines[0].amount_micros, whole - 4_000_000);
        assert_eq!(priced.left_to_pay, Micros(whole - 14_000_000).to_text(2));
        let told = |points: &v1::CartPoints| {
            let left = points.left.iter().map(|left| (left.reason(), left.points_micros));
            let taken = (points.asked_micros, points.taken_micros, points.taken_amount_micros);
            (points.programme.clone(), taken, left.collect::<Vec<_>>())
        };
        let taken = |asked, taken, amount| (Some(asked), Some(taken), Some(amount));
        assert_eq!(
            priced.points.iter().map(told).collect::<Vec<_>>(),
            [
                ("bonus".to_owned(), taken(8_000_000, 8_000_000, 4_000_000), vec![]),
                (
                    "gifts".to_owned(),
                    taken(12_000_000, 10_000_000, 10_000_000),
                    vec![(v1::PointsLossReason::Spendable, 2_000_000)]
                ),
            ]
        );
        assert_eq!(priced.points[1].left[0].explanation, "no more of them can be spent");
        // The way that tonic answers says the same, and Explain has the step.
        let carts = v1::PriceCartsRequest { carts: vec![asked.clone()] };
        let answers = client.price_carts(carts).await.unwrap().into_inner();
        let Some(v1::cart_result::Result::Cart(other)) = &answers.results[0].result else { panic!() };
        assert_eq!(other, &priced);
        let russian = v1::PriceCartRequest { language: "ru".to_owned(), ..asked };
        let explained = client.explain(v1::ExplainRequest { cart: Some(russian) }).await.unwrap();
        let explained = explained.into_inner().cart.unwrap();
        assert_eq!(explained.points[1].left[0].explanation, "больше баллов потратить нельзя");
        let step = explained.lines[0].steps.last().unwrap();
        assert_eq!((step.layer(), step.amount_micros), (v1::Layer::Loyalty, -4_000_000));
        assert_eq!(
            (step.programme.as_str(), step.name.as_str(), step.explanation.as_str(), step.rate_micros),
            ("bonus", "Бонусы", "баллы по 0.50 EUR", 500_000)
        );
        assert_eq!(step.presentation(), v1::Presentation::Discount);
    });
}

#[test]
fn points_that_cannot_be_meant_are_refused() {
    let running = Running::start();
    ready(&running.engine);
    block_on(async {
        let mut client = PricingServiceClient::new(running.channel().await);
        let unknown = client.price_cart(cart(&[("bonus", 1), ("none", 1)])).await.unwrap_err();
        assert_eq!(
            (unknown.code(), unknown.message()),
            (
                Code::InvalidArgument,
                "the contract has no programme of points \"none\"; it has \"bonus\", \"gifts\""
            )
        );
        let details = unknown.get_error_details();
        assert_eq!(details.error_info().unwrap().reason, "UNKNOWN_PROGRAMME");
        assert_eq!(details.bad_request().unwrap().field_violations[0].field, "take_points");
        let twice = client.price_cart(cart(&[("bonus", 1), ("bonus", 1)])).await.unwrap_err();
        assert_eq!(twice.message(), "take_points[1].programme: names \"bonus\" again");
        let below = client.price_cart(cart(&[("bonus", -1)])).await.unwrap_err();
        assert_eq!(below.message(), "take_points[0].points_micros: is below zero");
        // One of several carts fails alone.
        let carts = v1::PriceCartsRequest { carts: vec![cart(&[("none", 1)]), cart(&[("bonus", 1)])] };
        let answers = client.price_carts(carts).await.unwrap().into_inner();
        let Some(v1::cart_result::Result::Error(error)) = &answers.results[0].result else { panic!() };
        assert_eq!(error.reason, "UNKNOWN_PROGRAMME");
        assert!(matches!(answers.results[1].result, Some(v1::cart_result::Result::Cart(_))));
    });
}

#[test]
fn points_are_taken_at_a_terminal() {
    let told = |data: &std::path::Path, server: &[&str]| {
        let cart = data.join("cart.json");
        std::fs::create_dir_all(data).unwrap();
        let text = r#"{"lines": [{"sku": "INS-000001", "quantity": 10}], "take_points": {"bonus": "8"}}"#;
        std::fs::write(&cart, text).unwrap();
        let price = ["price", "--contract", CONTRACT, "--at", "2026-02-25T10:00:00Z"];
        let from_file = ["--cart", cart.to_str().unwrap(), "--take-points", "gifts=12"];
        let priced = json(&on(data, &[&["--json"], &price[..], &from_file, server].concat()));
        let (bonus, gifts) = (&priced["points"][0], &priced["points"][1]);
        assert_eq!(
            [&bonus["used_as"], &bonus["asked"], &bonus["taken"], &bonus["taken_amount"], &bonus["left"]],
            [&json!("discount"), &json!("8"), &json!("8"), &json!("4"), &Value::Null]
        );
        assert_eq!(
            (&gifts["used_as"], &gifts["taken"], &gifts["left"][0]["reason"], &gifts["left"][0]["points"]),
            (&json!("payment"), &json!("10"), &json!("spendable"), &json!("2"))
        );
        let text = on(data, &[&price[..], &from_file, server].concat());
        let text = String::from_utf8(text.stdout).unwrap();
        let lines = [
            "Bonus: 8 of 8 points take off 4.00 EUR\n",
            "gifts: 10 of 12 points pay 10.00 EUR\n  2 not taken: no more of them can be spent\n",
            &format!("left to pay {} EUR\n", priced["left_to_pay"].as_str().unwrap()),
        ];
        assert!(text.contains(&lines.concat()), "{text}");
        let explain = on(data, &[&["explain"], &price[1..], &from_file, server].concat());
        let explain = String::from_utf8(explain.stdout).unwrap();
        assert!(explain.contains("points at 0.50 EUR each"), "{explain}");
        let run = |take: &str| {
            ended(&on(data, &[&price[..], &["INS-000001=1", "--take-points", take], server].concat()))
        };
        let (code, said) = run("bonus=much");
        assert!(code == 2 && said.contains("--take-points bonus: \"much\" is not a decimal"), "{said}");
        let (code, said) = run("bonus");
        assert!(code == 2 && said.contains("write PROGRAMME=POINTS, as in bonus=100"), "{said}");
        let (code, said) = run("none=1");
        assert!(code == 1 && said.contains("no programme of points \"none\"; it has \"bonus\""), "{said}");
    };
    let (own, engine) = super::server::demo_engine();
    ready(&engine);
    drop(engine);
    told(&own.path().join("data"), &[]);
    let running = Running::start();
    ready(&running.engine);
    let folder = tempfile::tempdir().unwrap();
    told(&folder.path().join("none"), &["--server", &running.address()]);
}
