//! Does a service that is told to stop let nobody down who could have been served?

use std::os::unix::process::ExitStatusExt;
use std::time::{Duration, Instant};

use quoin::api::v1;
use quoin::api::v1::quote_service_client::QuoteServiceClient;
use serde_json::Value;
use tonic::Code;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_types::StatusExt;

use crate::process::Serving;
use crate::wire::server::block_on;

use super::asking::{asked, json};

/// Waits for something that comes about soon.
async fn soon(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < Duration::from_secs(20), "{what} does not come about");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn connected(address: &str) -> Channel {
    Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap()
}

#[test]
fn readiness_goes_first_then_new_calls_and_streams_are_told_where_to_go() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--ops-listen", "127.0.0.1:0", "--drain-pause", "2s"];
    let serving = Serving::start(&folder.path().join("data"), &options);
    let ops = serving.ops.clone().unwrap();
    block_on(async {
        let channel = connected(&serving.address).await;
        let mut health = HealthClient::new(channel.clone());
        let whole = HealthCheckRequest { service: String::new() };
        let mut quotes = QuoteServiceClient::new(channel);
        let mut watched = quotes
            .watch_quotes(v1::WatchQuotesRequest { after_position: Some(0), ..Default::default() })
            .await
            .unwrap()
            .into_inner();
        let status = health.check(whole.clone()).await.unwrap().into_inner().status();
        assert_eq!(status, ServingStatus::Serving);
        assert_eq!(json(&ops, "/readyz").0, 200);

        serving.terminate();
        soon("not ready", async || json(&ops, "/readyz").0 == 503).await;
        let (_, ready) = json(&ops, "/readyz");
        assert_eq!(
            (ready["phase"].as_str(), ready["reasons"][0]["reason"].as_str()),
            (Some("draining"), Some("STOPPING"))
        );
        assert_eq!(json(&ops, "/livez").0, 200);
        // The pause: calls are answered still, on connections that are there and on new ones.
        let status = health.check(whole.clone()).await.unwrap().into_inner().status();
        assert_eq!(status, ServingStatus::NotServing);
        let mut late = HealthClient::new(connected(&serving.address).await);
        assert_eq!(late.check(whole).await.unwrap().into_inner().status(), ServingStatus::NotServing);

        let ended = watched.message().await.unwrap_err();
        assert_eq!(ended.code(), Code::Unavailable, "{ended:?}");
        assert_eq!(ended.get_details_error_info().unwrap().reason, "STOPPING");
        assert!(ended.message().contains("go on behind the position"), "{ended:?}");
    });
    let (status, log) = serving.ended();
    assert_eq!(status.code(), Some(0), "{log:#?}");
    let said: Vec<Value> = log.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let messages: Vec<&str> = said.iter().filter_map(|event| event["message"].as_str()).collect();
    assert_eq!(messages, ["draining", "stopped"]);
    assert_eq!(asked(&ops, "GET /livez"), None);
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--ops-listen", "127.0.0.1:0", "--drain-pause", "10m"];
    let serving = Serving::start(&folder.path().join("data"), &options);
    let ops = serving.ops.clone().unwrap();
    serving.terminate();
    block_on(soon("not ready", async || json(&ops, "/readyz").0 == 503));
    serving.terminate();
    let (status, log) = serving.ended();
    assert_eq!(status.signal(), Some(9), "{log:#?}");
    assert!(log.iter().any(|line| line.contains("a second time")), "{log:#?}");
}
