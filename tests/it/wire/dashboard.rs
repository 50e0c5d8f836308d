//! Payments, plans, overdue holds and a contract's progress over gRPC and at a terminal.

use quoin::api::v1;
use quoin::api::v1::ledger_service_client::LedgerServiceClient;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use quoin::engine::caller::Caller;
use quoin::engine::policy::{PolicyFile, PublishPolicy};
use serde_json::{Value, json};

use super::server::{CONTRACT, Running, block_on, demo_engine};
use crate::process::{ended, json, on};

const POLICY: &str = "
quoin_policy: 1
currency: EUR
measures:
  turnover: { name: { en: Turnover, ru: Оборот }, what: amount, over: year }
rules:
  - { id: r, name: { en: Year, ru: Год }, layer: order, measure: turnover, mode: volume, tiers: [{ from: 50, percent: 1 }, { from: 5000, percent: 2 }] }
holds:
  - { id: late, name: { en: Overdue, ru: Просрочено }, overdue_days: 3 }
  - { id: told, action: notice }
";

/// 25 February 2026, 06:13 UTC.
const AT: i64 = 1_772_000_000;

fn documents() -> Vec<v1::Document> {
    let of = |id: &str, kind: v1::DocumentKind, day: &str| v1::Document {
        id: id.to_owned(),
        kind: kind.into(),
        contract: CONTRACT.to_owned(),
        day: day.to_owned(),
        ..Default::default()
    };
    let line = v1::DocumentLine {
        sku: "INS-000001".to_owned(),
        quantity_micros: 2_000_000,
        net_amount_micros: 90_000_000,
        tax_amount_micros: 10_000_000,
        ..Default::default()
    };
    let pays =
        |document: &str, amount_micros| v1::Allocation { document: document.to_owned(), amount_micros };
    let plan = v1::Plan {
        measure: "turnover".to_owned(),
        last_day: "2026-12-31".to_owned(),
        target_micros: 1_000_000_000,
    };
    vec![
        v1::Document {
            due_day: "2026-02-21".to_owned(),
            lines: vec![line],
            ..of("S1", v1::DocumentKind::Shipment, "2026-02-03")
        },
        v1::Document {
            allocations: vec![pays("S1", 40_000_000), pays("", 5_000_000)],
            ..of("P1", v1::DocumentKind::Payment, "2026-02-05")
        },
        v1::Document { plan: Some(plan), ..of("L1", v1::DocumentKind::Plan, "2026-01-01") },
    ]
}

#[test]
fn payments_plans_and_progress_cross_the_wire() {
    let running = Running::start();
    let files = vec![PolicyFile { name: "policy.yaml".to_owned(), text: POLICY.to_owned() }];
    let published = running
        .engine
        .publish_policy(&Caller::operator(), PublishPolicy { files, ..PublishPolicy::default() })
        .unwrap();
    assert!(published.published, "{:#?}", published.findings);
    block_on(async {
        let mut client = LedgerServiceClient::new(running.channel().await);
        let asked = v1::PostDocumentsRequest { documents: documents(), ..Default::default() };
        let report = client.post_documents(asked).await.unwrap().into_inner().report.unwrap();
        assert!(report.faults.is_empty(), "{:?}", report.faults);
        for sent in documents() {
            let request = v1::GetDocumentRequest { id: sent.id.clone() };
            let found = client.get_document(request).await.unwrap().into_inner().document.unwrap();
            assert_eq!(
                (found.due_day, found.allocations, found.plan),
                (sent.due_day, sent.allocations, sent.plan),
                "{}",
                sent.id
            );
        }
        let at = Some(prost_types::Timestamp { seconds: AT, nanos: 0 });
        let (contract, language) = (CONTRACT.to_owned(), "ru".to_owned());
        let request = v1::GetProgressRequest { contract, at, language };
        let found = client.get_progress(request).await.unwrap().into_inner();
        assert_eq!(
            found.plans,
            [v1::PlanStands {
                measure: "turnover".to_owned(),
                name: "Оборот".to_owned(),
                of: v1::PurchasesOf::Contract.into(),
                first_day: "2026-01-01".to_owned(),
                last_day: "2026-12-31".to_owned(),
                target: "1000.00".to_owned(),
                fact: "90.00".to_owned(),
                percent: "9".to_owned(),
                // 90 in 56 of 365 days.
                forecast: "586.60".to_owned(),
                currency: "EUR".to_owned(),
                with_accepted: "90.00".to_owned(),
            }]
        );
        let ladder = &found.ladders[0];
        assert_eq!(
            (ladder.rule.as_str(), ladder.name.as_str(), ladder.tier, ladder.next_tier.as_str()),
            ("r", "Год", 1, "5000")
        );
        assert_eq!(
            (ladder.distance.as_str(), ladder.stands.clone().unwrap().value),
            ("4910.00", "90.00".to_owned())
        );
        let held = |name: &str, blocks| v1::OverdueHold {
            hold: if blocks { "late" } else { "told" }.to_owned(),
            name: name.to_owned(),
            blocks,
            overdue_amount: "60.00".to_owned(),
            overdue_days: 4,
        };
        assert_eq!(found.overdue_holds, [held("Просрочено", true), held("told", false)]);

        let line = v1::CartLine {
            sku_ref: Some(v1::cart_line::SkuRef::Sku("INS-000001".to_owned())),
            quantity_micros: 1_000_000,
            ..Default::default()
        };
        let cart = v1::PriceCartRequest {
            contract: CONTRACT.to_owned(),
            pricing_at: at,
            lines: vec![line],
            ..Default::default()
        };
        let mut pricing = PricingServiceClient::new(running.channel().await);
        let priced = pricing.price_cart(cart.clone()).await.unwrap().into_inner();
        assert_eq!(
            (priced.is_blocked, priced.overdue_holds),
            (true, vec![held("Overdue", true), held("told", false)])
        );
        let earlier = Some(prost_types::Timestamp { seconds: AT - 2 * 86_400, nanos: 0 });
        let priced = pricing
            .price_cart(v1::PriceCartRequest { pricing_at: earlier, ..cart })
            .await
            .unwrap()
            .into_inner();
        assert_eq!((priced.is_blocked, priced.overdue_holds.len()), (false, 1));

        let wrong = v1::Document { due_day: "soon".to_owned(), ..documents().remove(0) };
        let asked = v1::PostDocumentsRequest { documents: vec![wrong], ..Default::default() };
        let refused = client.post_documents(asked).await.unwrap_err();
        assert!(refused.message().contains("due_day"), "{refused:?}");
    });
}

#[test]
fn plans_and_progress_are_told_at_a_terminal() {
    let (own, engine) = demo_engine();
    let files = vec![PolicyFile { name: "policy.yaml".to_owned(), text: POLICY.to_owned() }];
    let asked = PublishPolicy { files, ..PublishPolicy::default() };
    assert!(engine.publish_policy(&Caller::operator(), asked).unwrap().published);
    drop(engine);
    let data = own.path().join("data");
    let file = own.path().join("documents.csv");
    let rows = "document,kind,contract,day,due,sku,quantity,net_amount,pays,amount,measure,last_day,target\n\
                S1,shipment,C-00001,2026-02-03,2026-02-21,INS-000001,2,90,,,,,\n\
                P1,payment,C-00001,2026-02-05,,,,,S1,40,,,\n\
                L1,plan,C-00001,2026-01-01,,,,,,,turnover,2026-12-31,1000\n";
    std::fs::write(&file, rows).unwrap();
    let posted = on(&data, &["ledger", "post", file.to_str().unwrap()]);
    assert_eq!(ended(&posted), (0, String::new()));
    let of = |command: &str, more: &[&str]| {
        let asked = ["ledger", command, "--contract", "C-00001", "--at", "2026-02-25T06:13:20Z"];
        on(&data, &[more, &asked].concat())
    };
    let plan = json(&of("plan", &["--json"]));
    assert_eq!((&plan["plans"][0]["percent"], &plan["plans"][0]["fact"]), (&json!("9"), &json!("90.00")));
    let progress = json(&of("progress", &["--json"]));
    assert_eq!(progress["ladders"][0]["distance"], "4910.00");
    assert_eq!(progress["overdue_holds"][0]["overdue_amount"], "50.00");
    assert_eq!(progress["accruals"], Value::Null);
    let text = String::from_utf8(of("progress", &[]).stdout).unwrap();
    for expected in
        ["Turnover", "1000.00", "4910.00", "ON HOLD: Overdue: 50.00 overdue, the oldest for 4 days"]
    {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    let shown = String::from_utf8(on(&data, &["ledger", "show", "P1"]).stdout).unwrap();
    assert!(shown.contains("40.00 for S1"), "{shown}");
    let shown = String::from_utf8(on(&data, &["ledger", "show", "L1"]).stdout).unwrap();
    assert!(shown.contains("1000 of turnover through 2026-12-31"), "{shown}");
}
