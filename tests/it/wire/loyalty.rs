//! Loyalty calls over gRPC, and the same at a terminal: in a folder and into a running server.

use quoin::api::v1;
use quoin::api::v1::ledger_service_client::LedgerServiceClient;
use quoin::api::v1::loyalty_service_client::LoyaltyServiceClient;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::engine::policy::{PolicyFile, PublishPolicy};
use serde_json::Value;
use tonic::Code;
use tonic_types::StatusExt;

use super::server::{CONTRACT, Running, block_on};
use crate::process::{ended, json, on};

const POLICY: &str = "
quoin_policy: 1
currency: EUR
levels:
  - { id: status, name: { en: Status, ru: Статус }, period: month, grace: 1, levels: [
      { id: silver, name: { en: Silver, ru: Серебро }, conditions: [{ measure: { what: amount }, at_least: 50 }] },
      { id: gold, name: { en: Gold, ru: Золото }, multiplier: 2, conditions: [{ measure: { what: amount }, at_least: 90 }, { months: 1 }] } ] }
points:
  - { id: bonus, name: { en: Bonus, ru: Бонусы }, earn: { percent: 10 }, expire_months: 6, levels: status, pay: { most_percent: 50 } }
rules:
  - { id: silver-off, layer: loyalty, percent: 10, when: { level: [silver, gold] } }
";

fn publish(engine: &Engine) {
    let files = vec![PolicyFile { name: "policy.yaml".to_owned(), text: POLICY.to_owned() }];
    let asked = PublishPolicy { files, ..PublishPolicy::default() };
    let report = engine.publish_policy(&Caller::operator(), asked).unwrap();
    assert!(report.published, "{:#?}", report.findings);
}

fn shipment(id: &str, net_micros: i64) -> v1::PostDocumentsRequest {
    let line = v1::DocumentLine {
        sku: "INS-000001".to_owned(),
        quantity_micros: 2_000_000,
        net_amount_micros: net_micros,
        ..Default::default()
    };
    let document = v1::Document {
        id: id.to_owned(),
        kind: v1::DocumentKind::Shipment.into(),
        contract: CONTRACT.to_owned(),
        day: "2026-02-03".to_owned(),
        lines: vec![line],
        ..Default::default()
    };
    v1::PostDocumentsRequest { documents: vec![document], ..Default::default() }
}

/// 25 February 2026.
const AT: i64 = 1_772_000_000;

fn at(seconds: i64) -> Option<prost_types::Timestamp> {
    Some(prost_types::Timestamp { seconds, nanos: 0 })
}

fn hold(id: &str, points: i64) -> v1::HoldPointsRequest {
    v1::HoldPointsRequest {
        id: id.to_owned(),
        contract: CONTRACT.to_owned(),
        programme: "bonus".to_owned(),
        points_micros: points * 1_000_000,
        day: "2026-02-10".to_owned(),
    }
}

#[test]
fn levels_are_told_with_what_is_missing() {
    let running = Running::start();
    publish(&running.engine);
    block_on(async {
        let mut ledger = LedgerServiceClient::new(running.channel().await);
        ledger.post_documents(shipment("S1", 60_000_000)).await.unwrap();
        let mut client = LoyaltyServiceClient::new(running.channel().await);
        let request =
            v1::GetLevelsRequest { contract: CONTRACT.to_owned(), at: at(AT), language: "ru".to_owned() };
        let answer = client.get_levels(request.clone()).await.unwrap().into_inner();
        let of = &answer.programmes[0];
        assert_eq!((of.programme.as_str(), of.name.as_str()), ("status", "Статус"));
        assert_eq!((of.first_day.as_str(), of.last_day.as_str()), ("2026-02-01", "2026-02-25"));
        assert_eq!((of.held.as_str(), of.reached.as_str(), of.next.as_str()), ("silver", "silver", "gold"));
        assert_eq!(of.held_until, "");
        let gold = &of.levels[1];
        assert_eq!((gold.name.as_str(), gold.reached, gold.multiplier_micros), ("Золото", false, 2_000_000));
        let amount = &gold.conditions[0];
        assert_eq!(
            (amount.of.as_str(), amount.stands.as_str(), amount.at_least.as_str(), amount.missing.as_str()),
            ("measure", "60", "90", "30")
        );
        assert_eq!((gold.conditions[1].met, gold.conditions[1].missing.as_str()), (true, ""));
        // A month later by grace, and what is missing to keep it.
        let later = v1::GetLevelsRequest { at: at(AT + 20 * 86_400), ..request.clone() };
        let answer = client.get_levels(later).await.unwrap().into_inner();
        let of = &answer.programmes[0];
        assert_eq!(
            (of.held.as_str(), of.reached.as_str(), of.held_until.as_str()),
            ("silver", "", "2026-03-31")
        );
        assert_eq!(of.levels[0].conditions[0].missing, "50");
        // A rule of the level, and why it gives nothing without it.
        let mut pricing = PricingServiceClient::new(running.channel().await);
        let cart = |seconds| v1::PriceCartRequest {
            contract: CONTRACT.to_owned(),
            pricing_at: at(seconds),
            lines: vec![v1::CartLine {
                id: "1".to_owned(),
                sku_ref: Some(v1::cart_line::SkuRef::Sku("INS-000001".to_owned())),
                quantity_micros: 10_000_000,
                ..Default::default()
            }],
            ..Default::default()
        };
        let explained = |seconds| v1::ExplainRequest { cart: Some(cart(seconds)) };
        let silver = pricing.explain(explained(AT)).await.unwrap().into_inner().cart.unwrap();
        let none = pricing.explain(explained(AT + 60 * 86_400)).await.unwrap().into_inner().cart.unwrap();
        assert!(silver.lines[0].rule_losers.is_empty());
        let loser = &none.lines[0].rule_losers[0];
        assert_eq!(loser.reason(), v1::RuleLossReason::Level);
        assert_eq!(loser.explanation, "is for the level silver, gold, which is not held");
        // 10 % of the net total, rounded down to a hundredth; half of the total could be paid, six points are there.
        let points = &silver.points[0];
        let total = silver.lines[0].amount_micros;
        assert_eq!((points.programme.as_str(), points.earns_micros), ("bonus", total / 10 / 10_000 * 10_000));
        assert_eq!(
            (points.spendable.as_str(), points.payable_micros, points.payable_amount_micros),
            ("6", 6_000_000, 6_000_000)
        );
        // The way that tonic answers says the same.
        let carts = v1::PriceCartsRequest { carts: vec![cart(AT)] };
        let answers = pricing.price_carts(carts).await.unwrap().into_inner();
        let Some(v1::cart_result::Result::Cart(whole)) = &answers.results[0].result else { panic!() };
        let quick = pricing.price_cart(cart(AT)).await.unwrap().into_inner();
        assert_eq!((&whole.points, &whole.lines), (&quick.points, &quick.lines));
        assert_eq!(quick.points, silver.points);
        let unknown = v1::GetLevelsRequest { contract: "NONE".to_owned(), ..request };
        assert_eq!(client.get_levels(unknown).await.unwrap_err().code(), Code::NotFound);
    });
}

#[test]
fn points_are_held_spent_and_given_back_once() {
    let running = Running::start();
    publish(&running.engine);
    block_on(async {
        let mut ledger = LedgerServiceClient::new(running.channel().await);
        ledger.post_documents(shipment("S1", 100_000_000)).await.unwrap();
        let mut client = LoyaltyServiceClient::new(running.channel().await);
        // 100 reach gold: a tenth, twice.
        let first = client.hold_points(hold("H1", 15)).await.unwrap().into_inner();
        let again = client.hold_points(hold("H1", 15)).await.unwrap().into_inner();
        assert_eq!(first, again);
        let reused = client.hold_points(hold("H1", 14)).await.unwrap_err();
        assert_eq!(reused.code(), Code::AlreadyExists);
        let beyond = client.hold_points(hold("H2", 6)).await.unwrap_err();
        assert_eq!(
            (beyond.code(), beyond.message()),
            (Code::FailedPrecondition, "6 points are more than the 5 that can be held")
        );
        assert_eq!(beyond.get_error_details().error_info().unwrap().reason, "TOO_MANY_POINTS");
        let none = v1::ReleasePointsRequest { hold: "H2".to_owned() };
        assert_eq!(client.release_points(none).await.unwrap_err().code(), Code::NotFound);
        let spend = v1::SpendPointsRequest { hold: "H1".to_owned(), document: "INV-1".to_owned() };
        let spent = client.spend_points(spend.clone()).await.unwrap().into_inner();
        assert_eq!(client.spend_points(spend).await.unwrap().into_inner(), spent);
        let release = v1::ReleasePointsRequest { hold: "H1".to_owned() };
        assert_eq!(client.release_points(release).await.unwrap_err().code(), Code::FailedPrecondition);
        let restore = |points: i64| v1::RestorePointsRequest {
            id: "R1".to_owned(),
            hold: "H1".to_owned(),
            points_micros: points * 1_000_000,
            day: "2026-02-12".to_owned(),
        };
        assert_eq!(client.restore_points(restore(16)).await.unwrap_err().code(), Code::FailedPrecondition);
        client.restore_points(restore(4)).await.unwrap();
        let request = v1::GetPointsRequest {
            contract: CONTRACT.to_owned(),
            at: at(AT),
            page_size: 2,
            ..Default::default()
        };
        let answer = client.get_points(request.clone()).await.unwrap().into_inner();
        let of = &answer.balances[0];
        let told = [&of.current, &of.spendable, &of.held, &of.spent, &of.owed, &of.expired, &of.earned];
        assert_eq!(told, ["9", "9", "0", "11", "0", "0", "20"]);
        assert_eq!((of.expiring[0].day.as_str(), of.expiring[0].points.as_str()), ("2026-08-03", "9"));
        assert_eq!(
            (of.name.as_str(), of.worth_micros, answer.currency.as_str()),
            ("Bonus", 1_000_000, "EUR")
        );
        let moved = |of: &v1::PointsMovement| format!("{} {} {}", of.day, of.id, of.points);
        assert_eq!(
            answer.movements.iter().map(moved).collect::<Vec<_>>(),
            ["2026-02-12 R1 4", "2026-02-10 H1 -15"]
        );
        let next = v1::GetPointsRequest { page_token: answer.next_page_token, ..request };
        let answer = client.get_points(next).await.unwrap().into_inner();
        assert_eq!(answer.movements.iter().map(moved).collect::<Vec<_>>(), ["2026-02-03 S1 20"]);
        assert_eq!(answer.next_page_token, "");
        let bad = v1::HoldPointsRequest { day: "10.02.2026".to_owned(), ..hold("H3", 1) };
        assert_eq!(client.hold_points(bad).await.unwrap_err().code(), Code::InvalidArgument);
        let zero = client.hold_points(hold("H3", 0)).await.unwrap_err();
        assert_eq!(zero.code(), Code::InvalidArgument);
        let mut priced = tonic::Request::new(hold("H3", 1));
        priced.metadata_mut().insert("quoin-roles", "price".parse().unwrap());
        assert_eq!(client.hold_points(priced).await.unwrap_err().code(), Code::PermissionDenied);
    });
}

#[test]
fn levels_and_points_are_told_and_moved_at_a_terminal() {
    let told = |data: &std::path::Path, server: &[&str]| {
        let run = |arguments: &[&str]| on(data, &[&["--json", "ledger"], arguments, server].concat());
        let (contract, at) = (["--contract", "C-00001"], ["--at", "2026-02-25T10:00:00Z"]);
        let levels = json(&run(&[&["levels"][..], &contract, &at].concat()));
        assert_eq!(levels["programmes"][0]["held"], "gold");
        let hold =
            [&["hold", "H1", "--programme", "bonus", "--points", "15", "--day", "2026-02-10"][..], &contract]
                .concat();
        let first = json(&run(&hold));
        assert_eq!((first["done"].clone(), json(&run(&hold))), ("held".into(), first));
        assert_eq!(json(&run(&["spend", "H1", "--document", "INV-1"]))["done"], "spent");
        let refused = run(&["release", "H1"]);
        assert!(!refused.status.success(), "{refused:?}");
        let restored = json(&run(&["restore", "R1", "--hold", "H1", "--points", "4", "--day", "2026-02-12"]));
        assert_eq!(restored["done"], "given back");
        let points = json(&run(&[&["points"][..], &contract, &at].concat()));
        assert_eq!(points["balances"][0]["current"], "9");
        assert_eq!(points["movements"][0]["kind"], "restored");
        assert_eq!(ended(&run(&["release", "NONE"])).0, 3);
        let text = on(data, &[&["ledger", "levels"], &contract[..], &at[..], server].concat());
        let text = String::from_utf8(text.stdout).unwrap();
        assert!(text.starts_with("Status, 2026-02-01 through 2026-02-25: Gold\n"), "{text}");
        let text = on(data, &[&["ledger", "points"], &contract[..], &at[..], server].concat());
        let text = String::from_utf8(text.stdout).unwrap();
        assert!(text.contains("9 on 2026-08-03") && text.contains("given back"), "{text}");
        Value::Null
    };
    let ready = |engine: &Engine| {
        publish(engine);
        let documents = quoin::api::document::drafts_of(shipment("S1", 100_000_000).documents).unwrap();
        let asked = quoin::engine::ledger::PostDocuments { documents, ..Default::default() };
        assert!(!engine.post_documents(&Caller::operator(), asked).unwrap().refused());
    };
    let (own, engine) = super::server::demo_engine();
    ready(&engine);
    drop(engine);
    told(&own.path().join("data"), &[]);
    let running = Running::start();
    ready(&running.engine);
    let folder = tempfile::tempdir().unwrap();
    told(folder.path(), &["--server", &running.address()]);
}
