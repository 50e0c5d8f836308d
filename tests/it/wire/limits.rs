//! Limits over gRPC, and the same at a terminal: in a folder and into a running server.

use quoin::api::v1;
use quoin::api::v1::ledger_service_client::LedgerServiceClient;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::engine::policy::{PolicyFile, PublishPolicy};
use tonic::Code;
use tonic_types::StatusExt;

use super::server::{CONTRACT, Running, block_on};
use crate::process::{ended, json, on};

const POLICY: &str = "
quoin_policy: 1
currency: EUR
rules:
  - { id: first, name: { en: The first hundred, ru: Первая сотня }, layer: volume, percent: 10, limit: { quantity: 100, overall: true } }
  - { id: fund, layer: order, percent: 50, limit: { amount: 20 } }
  - { id: gift, layer: order, per_cart: 1, limit: { uses: 2 } }
";

const MILLION: i64 = 1_000_000;

fn publish(engine: &Engine) {
    let files = vec![PolicyFile { name: "policy.yaml".to_owned(), text: POLICY.to_owned() }];
    let asked = PublishPolicy { files, ..PublishPolicy::default() };
    let report = engine.publish_policy(&Caller::operator(), asked).unwrap();
    assert!(report.published, "{:#?}", report.findings);
}

fn uses(of: &[(&str, i64)]) -> Vec<v1::LimitUse> {
    let one =
        |(rule, used): &(&str, i64)| v1::LimitUse { rule: (*rule).to_owned(), used_micros: used * MILLION };
    of.iter().map(one).collect()
}

fn shipment(id: &str, quote: &str, of: &[(&str, i64)]) -> v1::PostDocumentsRequest {
    let line = v1::DocumentLine {
        sku: "INS-000001".to_owned(),
        quantity_micros: 2 * MILLION,
        net_amount_micros: 100 * MILLION,
        ..Default::default()
    };
    let document = v1::Document {
        id: id.to_owned(),
        kind: v1::DocumentKind::Shipment.into(),
        contract: CONTRACT.to_owned(),
        day: "2026-02-03".to_owned(),
        quote: quote.to_owned(),
        lines: vec![line],
        uses: uses(of),
        ..Default::default()
    };
    v1::PostDocumentsRequest { documents: vec![document], ..Default::default() }
}

fn hold(id: &str, of: &[(&str, i64)]) -> v1::PlaceLimitHoldRequest {
    v1::PlaceLimitHoldRequest { id: id.to_owned(), contract: CONTRACT.to_owned(), uses: uses(of) }
}

fn cart(hold: &str) -> v1::PriceCartRequest {
    v1::PriceCartRequest {
        contract: CONTRACT.to_owned(),
        pricing_at: Some(prost_types::Timestamp { seconds: 1_772_000_000, nanos: 0 }),
        lines: vec![v1::CartLine {
            id: "1".to_owned(),
            sku_ref: Some(v1::cart_line::SkuRef::Sku("INS-000001".to_owned())),
            quantity_micros: 10 * MILLION,
            ..Default::default()
        }],
        hold: hold.to_owned(),
        ..Default::default()
    }
}

fn used(cart: &v1::PriceCartResponse) -> Vec<(String, i64, i64)> {
    cart.limit_uses.iter().map(|of| (of.rule.clone(), of.used_micros, of.left_micros)).collect()
}

#[test]
fn limits_are_used_held_and_told() {
    let running = Running::start();
    publish(&running.engine);
    block_on(async {
        let mut client = LedgerServiceClient::new(running.channel().await);
        let mut pricing = PricingServiceClient::new(running.channel().await);
        let posted = client.post_documents(shipment("S1", "", &[("first", 93), ("gone", 2)])).await.unwrap();
        let report = posted.into_inner().report.unwrap();
        assert_eq!(report.outcomes[0].posted.as_ref().unwrap().rules_without_limit, ["gone"]);
        let found = client.get_document(v1::GetDocumentRequest { id: "S1".to_owned() }).await.unwrap();
        assert_eq!(found.into_inner().document.unwrap().uses, uses(&[("first", 93), ("gone", 2)]));

        // What the cart uses, the quick way and tonic's; a name in the language that was asked for.
        let quick = pricing.price_cart(cart("")).await.unwrap().into_inner();
        assert_eq!(used(&quick)[0], ("first".to_owned(), 7 * MILLION, 7 * MILLION));
        assert_eq!(used(&quick)[1], ("fund".to_owned(), 20 * MILLION, 20 * MILLION));
        assert_eq!(used(&quick)[2], ("gift".to_owned(), MILLION, 2 * MILLION));
        let carts = v1::PriceCartsRequest { carts: vec![cart("")] };
        let answers = pricing.price_carts(carts).await.unwrap().into_inner();
        let Some(v1::cart_result::Result::Cart(whole)) = &answers.results[0].result else { panic!() };
        assert_eq!((&whole.limit_uses, &whole.lines), (&quick.limit_uses, &quick.lines));
        let russian = v1::PriceCartRequest { language: "ru".to_owned(), ..cart("") };
        let russian = pricing.price_cart(russian).await.unwrap().into_inner();
        let of = &russian.limit_uses[0];
        assert_eq!(
            (of.name.as_str(), of.kind(), of.unit.as_str()),
            ("Первая сотня", v1::LimitKind::Quantity, "")
        );

        // Held by a quote, it is there for its cart alone.
        let asked = hold("ORD-1", &[("first", 7), ("fund", 20), ("gift", 1)]);
        let first = client.place_limit_hold(asked.clone()).await.unwrap().into_inner();
        assert_eq!(client.place_limit_hold(asked).await.unwrap().into_inner(), first);
        let other = pricing.price_cart(cart("")).await.unwrap().into_inner();
        assert_eq!(used(&other), [("gift".to_owned(), MILLION, MILLION)]);
        assert_ne!(other.total, quick.total);
        let own = pricing.price_cart(cart("ORD-1")).await.unwrap().into_inner();
        assert_eq!((&own.lines, &own.total), (&quick.lines, &quick.total));
        let bad = pricing.price_cart(cart(" ORD-1")).await.unwrap_err();
        assert_eq!(
            (bad.code(), bad.message()),
            (Code::InvalidArgument, "hold: \" ORD-1\" begins or ends with a blank")
        );

        // A competing hold is told of every rule, and a document takes off the first.
        let refused = client
            .place_limit_hold(hold("ORD-2", &[("first", 1), ("gift", 1), ("gone", 1)]))
            .await
            .unwrap_err();
        assert_eq!(
            (refused.code(), refused.message()),
            (
                Code::FailedPrecondition,
                "1 of rule \"first\": 0 are left; 1 of rule \"gone\": the policy in force has no such rule"
            )
        );
        let details = refused.get_error_details();
        assert_eq!(details.error_info().unwrap().reason, "LIMIT_NOT_LEFT");
        let fields = details.bad_request().unwrap().field_violations.iter().map(|of| of.field.clone());
        assert_eq!(fields.collect::<Vec<_>>(), ["uses[0]", "uses[2]"]);
        let reused = client.place_limit_hold(hold("ORD-1", &[("first", 1)])).await.unwrap_err();
        assert_eq!(reused.code(), Code::AlreadyExists);
        client.post_documents(shipment("S2", "ORD-1", &[("first", 4), ("fund", 10)])).await.unwrap();
        let asked = v1::GetLimitsRequest { contract: CONTRACT.to_owned(), language: String::new() };
        let found = client.get_limits(asked.clone()).await.unwrap().into_inner();
        let told = |of: &v1::LimitStands| {
            (of.rule.clone(), of.overall, of.used.clone(), of.held.clone(), of.left_micros / MILLION)
        };
        let told: Vec<_> = found.limits.iter().map(told).collect();
        let row = |rule: &str, overall, used: &str, held: &str, left| {
            (rule.to_owned(), overall, used.to_owned(), held.to_owned(), left)
        };
        assert_eq!(
            told,
            [
                row("first", true, "97", "3", 0),
                row("fund", false, "10", "10", 0),
                row("gift", false, "0", "1", 1)
            ]
        );
        let first = &found.limits[0];
        assert_eq!((first.name.as_str(), first.most_micros), ("The first hundred", 100 * MILLION));
        assert_eq!((first.own_used.as_str(), first.own_held.as_str()), ("97", "3"));
        assert_eq!((found.limits[1].own_used.as_str(), found.currency.as_str()), ("", "EUR"));

        // Released, once and again.
        let release = |hold: &str| v1::ReleaseLimitHoldRequest { hold: hold.to_owned() };
        let first = client.release_limit_hold(release("ORD-1")).await.unwrap().into_inner();
        assert_eq!(client.release_limit_hold(release("ORD-1")).await.unwrap().into_inner(), first);
        assert_eq!(client.release_limit_hold(release("ORD-2")).await.unwrap_err().code(), Code::NotFound);
        let found = client.get_limits(asked).await.unwrap().into_inner();
        assert_eq!(found.limits.iter().map(|of| of.held.as_str()).collect::<Vec<_>>(), ["0", "0", "0"]);

        // What does not do, and who may not.
        let code = |status: tonic::Status| status.code();
        let none = client.place_limit_hold(hold("ORD-3", &[])).await.unwrap_err();
        assert_eq!(code(none), Code::InvalidArgument);
        let zero = client.place_limit_hold(hold("ORD-3", &[("first", 0), ("", 1)])).await.unwrap_err();
        assert_eq!(zero.get_error_details().bad_request().unwrap().field_violations.len(), 2);
        assert_eq!(code(zero), Code::InvalidArgument);
        let unknown =
            v1::PlaceLimitHoldRequest { contract: "NONE".to_owned(), ..hold("ORD-3", &[("gift", 1)]) };
        assert_eq!(code(client.place_limit_hold(unknown).await.unwrap_err()), Code::NotFound);
        let mut priced = tonic::Request::new(hold("ORD-3", &[("gift", 1)]));
        priced.metadata_mut().insert("quoin-roles", "price".parse().unwrap());
        assert_eq!(code(client.place_limit_hold(priced).await.unwrap_err()), Code::PermissionDenied);
        let mut others =
            tonic::Request::new(v1::GetLimitsRequest { contract: CONTRACT.to_owned(), ..Default::default() });
        others.metadata_mut().insert("quoin-contracts", "C-00002".parse().unwrap());
        assert_eq!(code(client.get_limits(others).await.unwrap_err()), Code::NotFound);
    });
}

#[test]
fn limits_are_told_and_held_at_a_terminal() {
    let told = |data: &std::path::Path, server: &[&str]| {
        let run = |arguments: &[&str]| on(data, &[&["--json", "ledger"], arguments, server].concat());
        let text =
            |arguments: &[&str]| String::from_utf8(on(data, &[arguments, server].concat()).stdout).unwrap();
        let contract = ["--contract", CONTRACT];
        let hold =
            [&["limits", "hold", "ORD-1", "--use", "first=5", "--use", "fund=10.5"][..], &contract].concat();
        let first = json(&run(&hold));
        assert_eq!((first["done"].clone(), json(&run(&hold))), ("held".into(), first));
        let shown = json(&run(&[&["limits", "show"][..], &contract].concat()));
        let row = &shown["limits"][0];
        assert_eq!((&row["used"], &row["held"], &row["left"]), (&"90".into(), &"5".into(), &"5".into()));
        assert_eq!(
            (&shown["limits"][1]["held"], &shown["limits"][1]["kind"]),
            (&"10.5".into(), &"amount".into())
        );
        let table = text(&[&["ledger", "limits", "show"], &contract[..]].concat());
        assert!(table.contains("The first hundred  all contracts"), "{table}");
        assert!(table.contains("20.00 EUR") && table.contains("2 uses"), "{table}");
        let refused = run(&[&["limits", "hold", "ORD-2", "--use", "first=6"][..], &contract].concat());
        assert_eq!(ended(&refused), (1, "quoin: 6 of rule \"first\": 5 are left\n".to_owned()));
        let wrong = run(&[&["limits", "hold", "ORD-2", "--use", "first"][..], &contract].concat());
        assert_eq!(
            ended(&wrong),
            (2, "quoin: --use: \"first\": write RULE=VALUE, as in first-100-t=40\n".to_owned())
        );
        let price = |hold: &[&str]| {
            text(
                &[&["price", "--at", "2026-02-25T10:00:00Z"], &contract[..], hold, &["INS-000001=8"]]
                    .concat(),
            )
        };
        assert!(price(&[]).contains("limited: The first hundred: 5 used of 5 left\n"), "{}", price(&[]));
        let own = price(&["--hold", "ORD-1"]);
        assert!(own.contains("limited: The first hundred: 8 used of 10 left\n"), "{own}");
        assert!(own.contains("limited: gift: 1 used of 2 left\n"), "{own}");
        let of = json(&on(data, &[&["--json", "price"], &contract[..], &["INS-000001=8"], server].concat()));
        assert_eq!(
            (&of["limit_uses"][0]["rule"], &of["limit_uses"][0]["used"]),
            (&"first".into(), &"5".into())
        );
        let document = text(&["ledger", "show", "S1"]);
        assert!(document.contains("90 of the limit of first\n"), "{document}");
        assert!(document.contains("rules that the policy had no limit of: gone\n"), "{document}");
        let released = json(&run(&["limits", "release", "ORD-1"]));
        assert_eq!(
            (&released["done"], json(&run(&["limits", "release", "ORD-1"]))),
            (&"released".into(), released.clone())
        );
        assert_eq!(ended(&run(&["limits", "release", "NONE"])).0, 3);
        let file = data.join("documents.csv");
        let rows = format!(
            "document,contract,day,sku,quantity,net_amount,rule,used\n\
             S9,{CONTRACT},2026-02-04,INS-000001,1,50,,\nS9,{CONTRACT},2026-02-04,,,,first,1\nS9,{CONTRACT},2026-02-04,,,,old,1\n"
        );
        std::fs::create_dir_all(data).unwrap();
        std::fs::write(&file, rows).unwrap();
        let posted = text(&["ledger", "post", file.to_str().unwrap()]);
        assert!(
            posted.contains("uses of rules that the policy has no limit of, counted all the same: 1\n"),
            "{posted}"
        );
    };
    let ready = |engine: &Engine| {
        publish(engine);
        let asked = shipment("S1", "", &[("first", 90), ("gone", 2)]);
        let documents = quoin::api::document::drafts_of(asked.documents).unwrap();
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
