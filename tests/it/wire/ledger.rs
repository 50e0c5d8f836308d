//! Ledger calls over gRPC, and the same at a terminal: in a folder and into a running server.

use quoin::api::v1;
use quoin::api::v1::ledger_service_client::LedgerServiceClient;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use quoin::engine::caller::Caller;
use quoin::engine::policy::{PolicyFile, PublishPolicy};
use serde_json::Value;
use tonic::transport::Channel;
use tonic_types::StatusExt;

use super::server::{CONTRACT, Running, block_on};
use crate::process::{ended, json, on};

/// The counterparty of the demo's contract, and another.
const OWN: &str = "CP-00001";
const OTHER: &str = "CP-00002";

/// Turnover of the quarter and others, asked for by rules that never give.
const POLICY: &str = "
quoin_policy: 1
currency: EUR
measures:
  turnover: { name: turnover, what: amount, over: quarter }
  breadth:  { name: breadth, what: skus, over: year }
  received: { name: received, what: amount, over: year, of_whom: ship_to }
rules:
  - { id: a, layer: volume, measure: turnover, mode: volume, tiers: [{ from: 9000000000, percent: 1 }] }
  - { id: b, layer: volume, measure: breadth, mode: volume, tiers: [{ from: 9000000000, percent: 1 }] }
  - { id: c, layer: volume, measure: received, mode: volume, tiers: [{ from: 9000000000, percent: 1 }] }
agreements:
  - { id: q, name: { en: Quarter, ru: Квартал }, period: quarter, supplier_percent: 40, conditions: [{ months: 1 }],
      tiers: [{ from: 50, percent: 10 }, { from: 10000, percent: 20 }] }
";

pub fn publish(running: &Running) {
    let files = vec![PolicyFile { name: "policy.yaml".to_owned(), text: POLICY.to_owned() }];
    let asked = PublishPolicy { files, ..PublishPolicy::default() };
    let report = running.engine.publish_policy(&Caller::operator(), asked).unwrap();
    assert!(report.published, "{:#?}", report.findings);
}

pub fn document(id: &str, kind: v1::DocumentKind, reference: &str, net_micros: i64) -> v1::Document {
    let line = v1::DocumentLine {
        sku: "INS-000001".to_owned(),
        quantity_micros: 2_000_000,
        net_amount_micros: net_micros,
        tax_amount_micros: 1_000_000,
        cost_micros: Some(5_000_000),
        ..Default::default()
    };
    v1::Document {
        id: id.to_owned(),
        kind: kind.into(),
        contract: CONTRACT.to_owned(),
        day: "2026-02-03".to_owned(),
        reference: reference.to_owned(),
        channel: "portal".to_owned(),
        lines: vec![line],
        ..Default::default()
    }
}

pub fn asked(documents: Vec<v1::Document>) -> v1::PostDocumentsRequest {
    v1::PostDocumentsRequest { documents, ..Default::default() }
}

pub async fn client(running: &Running) -> LedgerServiceClient<Channel> {
    LedgerServiceClient::new(running.channel().await)
}

fn verdicts(report: &v1::PostReport) -> Vec<v1::DocumentVerdict> {
    report.outcomes.iter().map(v1::DocumentOutcome::verdict).collect()
}

#[test]
fn documents_are_posted_and_what_they_come_to_is_told() {
    let running = Running::start();
    publish(&running);
    block_on(async {
        let mut client = client(&running).await;
        let paid_by = |document| v1::Document { payer: OTHER.to_owned(), ..document };
        let documents = vec![
            paid_by(document("S1", v1::DocumentKind::Shipment, "", 90_000_000)),
            document("R1", v1::DocumentKind::Return, "S1", 30_000_000),
        ];
        let report =
            client.post_documents(asked(documents.clone())).await.unwrap().into_inner().report.unwrap();
        assert_eq!(verdicts(&report), [v1::DocumentVerdict::Posted; 2]);
        let again = client.post_documents(asked(documents)).await.unwrap().into_inner().report.unwrap();
        assert_eq!(verdicts(&again), [v1::DocumentVerdict::Repeated; 2]);
        assert_eq!(again.outcomes[0].posted, report.outcomes[0].posted);

        let request = v1::GetDocumentRequest { id: "R1".to_owned() };
        let found = client.get_document(request).await.unwrap().into_inner();
        let known = found.document.unwrap();
        assert_eq!(
            (known.kind(), known.contract.as_str(), known.reference.as_str()),
            (v1::DocumentKind::Return, CONTRACT, "S1")
        );
        assert_eq!(
            (found.counts_on.as_str(), known.currency.as_str(), known.channel.as_str()),
            ("2026-02-03", "EUR", "portal")
        );
        assert_eq!(known.lines[0].contract_amount_micros, Some(30_000_000));
        // Its shipment's payer and, as nobody says, its contract's ship-to.
        assert_eq!((found.payer.as_str(), found.ship_to.as_str()), (OTHER, OWN));
        assert_eq!((known.payer.as_str(), known.ship_to.as_str()), ("", ""));

        let request = v1::GetPurchasesRequest { contract: CONTRACT.to_owned(), ..Default::default() };
        let answer = client.get_purchases(request).await.unwrap().into_inner();
        let total = answer.purchases[0].total.clone().unwrap();
        assert_eq!(
            (total.net_amount.as_str(), total.shipments, total.other_documents, total.skus),
            ("60.00", 1, 1, 0)
        );
        assert_eq!(answer.purchases[0].months[0].month, "2026-02");
        assert_eq!(answer.sequence, report.outcomes[1].posted.as_ref().unwrap().sequence);
        // The other's contract has what that one pays for; the goods are whose the contracts say: C-00004's ship-to is the first's.
        for (contract, of, net) in [
            (CONTRACT, v1::PurchasesOf::Payer, None),
            ("C-00002", v1::PurchasesOf::Payer, Some("60.00")),
            ("C-00002", v1::PurchasesOf::ShipTo, None),
            ("C-00004", v1::PurchasesOf::ShipTo, Some("60.00")),
        ] {
            let request = v1::GetPurchasesRequest {
                contract: contract.to_owned(),
                of: of.into(),
                ..Default::default()
            };
            let purchases = client.get_purchases(request).await.unwrap().into_inner().purchases;
            let found = purchases.first().and_then(|of| of.total.as_ref()).map(|of| of.net_amount.as_str());
            assert_eq!(found, net, "{contract} {of:?}");
        }

        let at = Some(prost_types::Timestamp { seconds: 1_772_000_000, nanos: 0 });
        let request = v1::GetMeasuresRequest { contract: CONTRACT.to_owned(), at };
        let answer = client.get_measures(request).await.unwrap().into_inner();
        let told: Vec<(&str, &str, &str, &str)> = answer
            .measures
            .iter()
            .map(|of| (of.measure.as_str(), of.first_day.as_str(), of.last_day.as_str(), of.value.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("breadth", "2026-01-01", "2026-02-25", "0"),
                ("received", "2026-01-01", "2026-02-25", "60.00"),
                ("turnover", "2026-01-01", "2026-02-25", "60.00")
            ]
        );
        assert_eq!(answer.measures[1].of(), v1::PurchasesOf::ShipTo);
    });
}

#[test]
fn accruals_and_expected_bonuses_are_told() {
    let running = Running::start();
    publish(&running);
    block_on(async {
        let mut client = client(&running).await;
        let documents = vec![document("S1", v1::DocumentKind::Shipment, "", 60_000_000)];
        client.post_documents(asked(documents)).await.unwrap();
        let at = Some(prost_types::Timestamp { seconds: 1_772_000_000, nanos: 0 });
        let request = v1::GetAccrualsRequest { contract: CONTRACT.to_owned(), at, language: "ru".to_owned() };
        let answer = client.get_accruals(request.clone()).await.unwrap().into_inner();
        let accrual = &answer.accruals[0];
        assert_eq!((accrual.agreement.as_str(), accrual.name.as_str()), ("q", "Квартал"));
        assert_eq!((accrual.first_day.as_str(), accrual.last_day.as_str()), ("2026-01-01", "2026-03-31"));
        assert_eq!((accrual.measure.as_str(), accrual.tier, accrual.next_tier.as_str()), ("60", 1, "10000"));
        // At a fifth, 60 would earn 12.
        assert_eq!((accrual.distance.as_str(), accrual.worth_micros), ("9940", 6_000_000));
        assert_eq!((accrual.basis.as_str(), accrual.entitlement_micros), ("60.00", 6_000_000));
        // 56 of 90 days.
        assert_eq!(
            (accrual.forecast_measure.as_str(), accrual.forecast_entitlement_micros),
            ("96.428571", 9_640_000)
        );
        let condition = &accrual.conditions[0];
        assert_eq!((condition.of.as_str(), condition.stands.as_str(), condition.met), ("months", "1", true));
        assert_eq!((accrual.supplier_share_micros, answer.currency.as_str()), (2_400_000, "EUR"));
        let mut blind = tonic::Request::new(request);
        blind.metadata_mut().insert("quoin-sees-costs", "false".parse().unwrap());
        let answer = client.get_accruals(blind).await.unwrap().into_inner();
        assert_eq!(answer.accruals[0].supplier_share_micros, 0);

        let mut pricing = PricingServiceClient::new(running.channel().await);
        let line = |id: &str, sku: &str| v1::CartLine {
            id: id.to_owned(),
            sku_ref: Some(v1::cart_line::SkuRef::Sku(sku.to_owned())),
            quantity_micros: 10_000_000,
            ..Default::default()
        };
        let cart = v1::PriceCartRequest {
            contract: CONTRACT.to_owned(),
            pricing_at: at,
            lines: vec![line("1", "INS-000001"), line("2", "NONE")],
            ..Default::default()
        };
        let priced = pricing.price_cart(cart.clone()).await.unwrap().into_inner();
        let amount = priced.lines[0].amount_micros;
        let bonus = &priced.retro_bonuses[0];
        assert_eq!((bonus.line, bonus.line_id.as_str()), (0, "1"));
        assert_eq!(priced.retro_bonus_micros, Some(bonus.bonus_micros));
        // A tenth, in whole cents.
        assert_eq!(bonus.bonus_micros, (amount / 10 + 5_000) / 10_000 * 10_000);
        assert_eq!(bonus.pocket_amount_micros, amount - bonus.bonus_micros);
        assert_eq!(bonus.pocket_price_micros, bonus.pocket_amount_micros / 10);
        // The way that tonic answers says the same.
        let carts = v1::PriceCartsRequest { carts: vec![cart] };
        let answers = pricing.price_carts(carts).await.unwrap().into_inner();
        let Some(v1::cart_result::Result::Cart(whole)) = &answers.results[0].result else { panic!() };
        assert_eq!(whole.retro_bonuses, priced.retro_bonuses);
    });
}

#[test]
fn a_stream_answers_each_request_in_its_turn() {
    let running = Running::start();
    block_on(async {
        let mut client = client(&running).await;
        let mut wrong = document("S2", v1::DocumentKind::Shipment, "", 1);
        wrong.lines[0].sku = "COG".to_owned();
        let mut unknown = wrong.clone();
        unknown.id = "S3".to_owned();
        let requests = [
            asked(vec![document("S1", v1::DocumentKind::Shipment, "", 1)]),
            asked(vec![document("S9", v1::DocumentKind::Shipment, "", 1), wrong]),
            v1::PostDocumentsRequest { documents: vec![unknown], park_unknown: true, dry_run: false },
            asked(vec![document("S1", v1::DocumentKind::Shipment, "", 1)]),
        ];
        let requests = requests.map(|post| v1::StreamDocumentsRequest { post: Some(post) });
        let mut answers = client.stream_documents(tokio_stream::iter(requests)).await.unwrap().into_inner();
        let mut reports = Vec::new();
        while let Some(answer) = answers.message().await.unwrap() {
            reports.push(answer.report.unwrap());
        }
        assert_eq!(verdicts(&reports[0]), [v1::DocumentVerdict::Posted]);
        assert!(reports[1].outcomes.is_empty());
        let fault = &reports[1].faults[0];
        assert_eq!(
            (fault.place, fault.line, fault.field.as_str(), fault.value.as_str(), fault.unknown),
            (1, Some(0), "sku", "COG", true)
        );
        assert_eq!(verdicts(&reports[2]), [v1::DocumentVerdict::Parked]);
        assert_eq!(verdicts(&reports[3]), [v1::DocumentVerdict::Repeated]);
        let parked = client
            .list_parked_documents(v1::ListParkedDocumentsRequest::default())
            .await
            .unwrap()
            .into_inner();
        assert_eq!(parked.documents.len(), 1);
        assert_eq!(parked.documents[0].document.as_ref().unwrap().id, "S3");
        assert_eq!(parked.documents[0].unknown[0].value, "COG");
    });
}

#[test]
fn what_cannot_be_asked_is_refused_field_by_field() {
    let running = Running::start();
    block_on(async {
        let mut client = client(&running).await;
        let mut wrong = document("S1", v1::DocumentKind::Shipment, "", 1);
        (wrong.kind, wrong.day, wrong.lines[0].weight_micros) = (9, "03.02.2026".to_owned(), Some(1));
        let status = client
            .post_documents(asked(vec![document("S0", v1::DocumentKind::Shipment, "", 1), wrong]))
            .await
            .unwrap_err();
        assert_eq!(status.code(), tonic::Code::InvalidArgument);
        let details = status.get_error_details();
        let fields: Vec<&str> =
            details.bad_request().unwrap().field_violations.iter().map(|of| of.field.as_str()).collect();
        assert_eq!(fields, ["documents[1].kind", "documents[1].day", "documents[1].lines[0].weight_unit"]);
        assert_eq!(
            client.post_documents(asked(Vec::new())).await.unwrap_err().code(),
            tonic::Code::InvalidArgument
        );
        let unknown = client.get_document(v1::GetDocumentRequest { id: "S0".to_owned() }).await.unwrap_err();
        assert_eq!(
            (unknown.code(), unknown.message()),
            (tonic::Code::NotFound, "document \"S0\" is unknown")
        );
        let request = v1::GetPurchasesRequest {
            contract: CONTRACT.to_owned(),
            of: 7,
            first_day: "yesterday".to_owned(),
            ..Default::default()
        };
        assert_eq!(client.get_purchases(request).await.unwrap_err().code(), tonic::Code::InvalidArgument);
        let mut priced = tonic::Request::new(asked(vec![document("S1", v1::DocumentKind::Shipment, "", 1)]));
        priced.metadata_mut().insert("quoin-roles", "price".parse().unwrap());
        assert_eq!(client.post_documents(priced).await.unwrap_err().code(), tonic::Code::PermissionDenied);
        // A caller who may not see costs is told none.
        client.post_documents(asked(vec![document("S1", v1::DocumentKind::Shipment, "", 1)])).await.unwrap();
        let mut blind = tonic::Request::new(v1::GetDocumentRequest { id: "S1".to_owned() });
        blind.metadata_mut().insert("quoin-sees-costs", "false".parse().unwrap());
        let found = client.get_document(blind).await.unwrap().into_inner();
        assert_eq!(found.document.unwrap().lines[0].cost_micros, None);
    });
}

#[test]
fn files_are_posted_at_a_terminal_into_a_folder_and_into_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shipments.csv");
    let text = "document,kind,contract,day,sku,quantity,net_amount,reference\n\
                S1,shipment,C-00001,2026-02-03,INS-000001,10,100.50,\nS1,shipment,C-00001,2026-02-03,INS-000002,2,20,\n\
                R1,return,C-00001,2026-02-05,INS-000001,1,10.05,S1\n";
    std::fs::write(&file, text).unwrap();
    let bad = folder.path().join("bad.csv");
    std::fs::write(&bad, text.replace("INS-000002", "COG")).unwrap();
    let (file, bad) = (file.to_str().unwrap(), bad.to_str().unwrap());
    let told = |data: &std::path::Path, server: &[&str]| {
        let run = |arguments: &[&str]| on(data, &[&["--json", "ledger"], arguments, server].concat());
        let refused = run(&["post", bad]);
        assert_eq!(ended(&refused).0, 1, "{refused:?}");
        let refused = json(&refused);
        assert_eq!(
            (refused["refused"].clone(), refused["rejected_rows"][0]["row"].clone()),
            (Value::Bool(true), 3.into())
        );
        assert_eq!(refused["rejected_rows"][0]["value"], "COG");
        let tried = json(&run(&["post", "--dry-run", file]));
        assert_eq!(tried["documents"][0]["verdict"], "posted");
        let posted = run(&["post", file]);
        assert_eq!(ended(&posted), (0, String::new()));
        assert_eq!(json(&posted)["documents"][1]["posted"]["counts_on"], "2026-02-03");
        assert_eq!(json(&run(&["post", file]))["documents"][0]["verdict"], "repeated");
        let purchases = json(&run(&["purchases", "--contract", "C-00001"]));
        assert_eq!(purchases["purchases"][0]["total"]["net_amount"], "110.45");
        for of in ["payer", "ship_to"] {
            let purchases = json(&run(&["purchases", "--contract", "C-00001", "--of", of]));
            assert_eq!(purchases["purchases"][0]["total"]["net_amount"], "110.45");
            let purchases = json(&run(&["purchases", "--contract", "C-00002", "--of", of]));
            assert_eq!(purchases["purchases"], Value::Array(Vec::new()));
        }
        let shown = json(&run(&["show", "R1"]));
        assert_eq!(shown["document"]["reference"], "S1");
        assert_eq!((&shown["document"]["payer"], &shown["payer"]), (&Value::Null, &OWN.into()));
        assert_eq!(ended(&run(&["show", "NONE"])).0, 3);
        assert_eq!(json(&run(&["parked"]))["parked"], Value::Array(Vec::new()));
        assert_eq!(json(&run(&["measures", "--contract", "C-00001"]))["measures"], Value::Array(Vec::new()));
    };
    let (own, engine) = super::server::demo_engine();
    drop(engine);
    told(&own.path().join("data"), &[]);
    let text = on(&own.path().join("data"), &["ledger", "purchases", "--contract", "C-00001"]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.starts_with("EUR\n") && text.contains("2026-02"), "{text}");
    let running = Running::start();
    told(folder.path(), &["--server", &running.address()]);
}
