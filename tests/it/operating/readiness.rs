//! Does the service tell apart that it lives, that it is ready, and that it takes changes?

use quoin::server::{Opening, ServeOptions};
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::wire::server::{block_on, demo_engine};

use super::asking::{asked, json, page};

fn ops() -> ServeOptions {
    ServeOptions { ops_listen: Some("127.0.0.1:0".parse().unwrap()), ..ServeOptions::default() }
}

async fn status_of(client: &mut HealthClient<tonic::transport::Channel>, service: &str) -> ServingStatus {
    let asked = HealthCheckRequest { service: service.to_owned() };
    client.check(asked).await.unwrap().into_inner().status()
}

#[test]
fn a_service_that_opens_lives_and_is_not_ready() {
    let opening = Opening::start(&ops()).unwrap();
    let address = opening.ops_address().unwrap().to_string();
    assert_eq!(json(&address, "/livez"), (200, serde_json::json!({ "live": true })));
    let (status, ready) = json(&address, "/readyz");
    assert_eq!(
        (status, ready["ready"].as_bool(), ready["phase"].as_str()),
        (503, Some(false), Some("opening"))
    );
    assert_eq!(ready["reasons"][0]["reason"], "OPENING");
    let (status, metrics) = page(&address, "/metrics");
    assert!(status == 200 && metrics.contains("\nquoin_ready 0\n"), "{metrics}");
    let (_folder, engine) = demo_engine();
    let server = opening.serve(engine).unwrap();
    let (status, ready) = json(&address, "/readyz");
    assert_eq!(
        (status, ready["ready"].as_bool(), ready["phase"].as_str()),
        (200, Some(true), Some("serving"))
    );
    assert_eq!(json(&address, "/readyz/writes").0, 200);
    server.stop();
    assert_eq!(asked(&address, "GET /livez"), None);
}

#[test]
fn after_a_failed_commit_it_is_ready_for_reads_and_not_for_writes() {
    let (_folder, engine) = demo_engine();
    let server = quoin::server::Server::start(engine.clone(), &ops()).unwrap();
    let address = server.ops_address().unwrap().to_string();
    engine.store().fail_next_commit(quoin::store::FailPoint::BeforeWrite, "the disk is full");
    assert!(engine.store().reserve_publication().is_err());
    let (status, ready) = json(&address, "/readyz");
    assert_eq!((status, ready["ready"].as_bool(), ready["writes"].as_bool()), (200, Some(true), Some(false)));
    assert_eq!(ready["reasons"][0]["reason"], "WRITES_REFUSED");
    assert!(ready["reasons"][0]["detail"].as_str().unwrap().contains("the disk is full"), "{ready}");
    let (status, ready) = json(&address, "/readyz/writes");
    assert_eq!((status, ready["ready"].as_bool(), ready["reads"].as_bool()), (503, Some(false), Some(true)));
    let (_, metrics) = page(&address, "/metrics");
    assert!(metrics.contains("\nquoin_ready 1\n") && metrics.contains("\nquoin_writable 0\n"), "{metrics}");
    block_on(async {
        let channel = tonic::transport::Channel::from_shared(format!("http://{}", server.address())).unwrap();
        let mut client = HealthClient::new(channel.connect().await.unwrap());
        let mut waited = 0;
        while status_of(&mut client, "quoin.v1.LedgerService").await == ServingStatus::Serving && waited < 100
        {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            waited += 1;
        }
        let cases = [
            ("", ServingStatus::Serving),
            ("quoin.v1.PricingService", ServingStatus::Serving),
            ("quoin.v1.CatalogueService", ServingStatus::Serving),
            ("quoin.v1.PublicationService", ServingStatus::NotServing),
            ("quoin.v1.PolicyService", ServingStatus::NotServing),
            ("quoin.v1.LedgerService", ServingStatus::NotServing),
            ("quoin.v1.LoyaltyService", ServingStatus::NotServing),
            ("quoin.v1.QuoteService", ServingStatus::NotServing),
        ];
        for (service, expected) in cases {
            assert_eq!(status_of(&mut client, service).await, expected, "{service}");
        }
        let unknown = client.check(HealthCheckRequest { service: "no.Service".to_owned() }).await;
        assert_eq!(unknown.unwrap_err().code(), Code::NotFound);
    });
    server.stop();
}

#[test]
fn the_pages_answer_get_and_nothing_else() {
    let opening = Opening::start(&ops()).unwrap();
    let address = opening.ops_address().unwrap().to_string();
    let cases = [
        ("GET /livez", 200),
        ("HEAD /livez", 200),
        ("POST /livez", 405),
        ("DELETE /metrics", 405),
        ("GET /", 404),
        ("GET /metrics/x", 404),
        ("GET /livez?verbose", 200),
    ];
    for (request, expected) in cases {
        assert_eq!(asked(&address, request).unwrap().0, expected, "{request}");
    }
    let long = format!("GET /{}", "x".repeat(100_000));
    let refused = asked(&address, &long).map(|(status, _)| status);
    assert!(matches!(refused, None | Some(414 | 431)), "{refused:?}");
    assert_eq!(page(&address, "/livez").0, 200);
}
