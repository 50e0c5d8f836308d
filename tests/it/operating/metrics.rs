//! Does a scrape tell what happened, and nothing of who it happened to?

use std::collections::{BTreeMap, BTreeSet};

use quoin::api::v1;
use quoin::api::v1::cart_line::SkuRef;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use quoin::server::{ServeOptions, Server};
use tonic::Request;

use crate::sources::{text, with_extension};
use crate::wire::server::{CONTRACT, block_on, demo_engine};

use super::asking::{asked, page};

/// Samples by name and labels as they are written.
pub fn samples(page: &str) -> BTreeMap<String, String> {
    let lines = page.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"))).map(owned).collect()
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// Names of all metrics of a page, as they are declared.
pub fn families(page: &str) -> BTreeSet<String> {
    page.lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next())
        .map(str::to_owned)
        .collect()
}

/// A page of a server that has answered a few calls.
pub fn scraped() -> String {
    let (_folder, engine) = demo_engine();
    let options = ServeOptions {
        workers: 2,
        ops_listen: Some("127.0.0.1:0".parse().unwrap()),
        ..ServeOptions::default()
    };
    let server = Server::start(engine, &options).unwrap();
    let (address, ops) = (server.address(), server.ops_address().unwrap().to_string());
    block_on(async {
        let channel = tonic::transport::Channel::from_shared(format!("http://{address}")).unwrap();
        let mut client = PricingServiceClient::new(channel.connect().await.unwrap());
        let line = |sku: &str| v1::CartLine {
            sku_ref: Some(SkuRef::Sku(sku.to_owned())),
            quantity_micros: 12_000_000,
            ..v1::CartLine::default()
        };
        let cart = |contract: &str| v1::PriceCartRequest {
            contract: contract.to_owned(),
            pricing_at: Some(prost_types::Timestamp { seconds: 1_790_000_000, nanos: 0 }),
            lines: vec![line("INS-000001"), line("NOBODYS")],
            ..v1::PriceCartRequest::default()
        };
        for _ in 0..3 {
            client.price_cart(cart(CONTRACT)).await.unwrap();
        }
        let mut named = Request::new(cart("C-99999"));
        named.metadata_mut().insert("x-request-id", "mine-1".parse().unwrap());
        let refused = client.price_cart(named).await.unwrap_err();
        assert_eq!(refused.metadata().get("x-request-id").unwrap(), "mine-1");
        let refused = client.price_cart(cart("C-99999")).await.unwrap_err();
        assert!(refused.metadata().get("x-request-id").unwrap().to_str().unwrap().starts_with("quoin-"));
        let mut named = Request::new(cart(CONTRACT));
        named.metadata_mut().insert("x-request-id", "mine-2".parse().unwrap());
        let answered = client.price_cart(named).await.unwrap();
        assert_eq!(answered.metadata().get("x-request-id").unwrap(), "mine-2");
        let plain = client.price_cart(cart(CONTRACT)).await.unwrap();
        assert_eq!(plain.metadata().get("x-request-id"), None);
        let asked = v1::ListPricesRequest {
            contract: CONTRACT.to_owned(),
            pricing_at: Some(prost_types::Timestamp { seconds: 1_790_000_000, nanos: 0 }),
            ..v1::ListPricesRequest::default()
        };
        crate::wire::server::listed(&mut client, asked).await.unwrap();
    });
    let (status, page) = page(&ops, "/metrics");
    assert_eq!(status, 200, "{page}");
    server.stop();
    assert_eq!(asked(&ops, "GET /metrics"), None);
    page
}

#[test]
fn a_scrape_tells_what_happened() {
    let page = scraped();
    let samples = samples(&page);
    let expected = [
        ("quoin_requests_total{method=\"PricingService/PriceCart\",code=\"OK\"}", "5"),
        ("quoin_requests_total{method=\"PricingService/PriceCart\",code=\"NOT_FOUND\"}", "2"),
        ("quoin_requests_total{method=\"PricingService/ListPrices\",code=\"OK\"}", "1"),
        ("quoin_request_duration_seconds_count{method=\"PricingService/PriceCart\"}", "7"),
        ("quoin_request_duration_seconds_bucket{method=\"PricingService/PriceCart\",le=\"+Inf\"}", "7"),
        ("quoin_requests_in_flight", "0"),
        ("quoin_cart_lines_total{outcome=\"priced\"}", "5"),
        ("quoin_cart_lines_total{outcome=\"unpriced\"}", "5"),
        ("quoin_carts_total", "5"),
        ("quoin_connections_accepted_total", "1"),
        ("quoin_shed_total{reason=\"OVERLOADED\"}", "0"),
        ("quoin_publication", "1"),
        ("quoin_publications_retained", "1"),
        ("quoin_publication_duration_seconds_count{kind=\"data\"}", "1"),
        ("quoin_publication_duration_seconds_count{kind=\"policy\"}", "0"),
        ("quoin_commit_duration_seconds_count", "1"),
        ("quoin_commands_total", "1"),
        ("quoin_commit_failures_total", "0"),
        ("quoin_log_position", "1"),
        ("quoin_log_position_seen", "1"),
        ("quoin_quotes{state=\"issued\"}", "0"),
        ("quoin_quotes_expiry_lag_seconds", "0"),
        ("quoin_workers", "2"),
        ("quoin_ready", "1"),
        ("quoin_writable", "1"),
        ("quoin_figures_complete", "1"),
        (&format!("quoin_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION")), "1"),
    ];
    for (name, value) in expected {
        assert_eq!(samples.get(name).map(String::as_str), Some(value), "{name}\n{page}");
    }
    for name in [
        "process_resident_memory_bytes",
        "process_open_fds",
        "quoin_disk_free_bytes",
        "quoin_wal_bytes_total",
    ] {
        assert_ne!(samples.get(name).map_or("", String::as_str), "0", "{name}\n{page}");
        assert!(samples.contains_key(name), "{name}\n{page}");
    }
}

#[test]
fn labels_are_few_and_name_no_contract() {
    let page = scraped();
    let labels: BTreeSet<&str> = page
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| Some(line.split_once('{')?.1.rsplit_once('}')?.0))
        .flat_map(|labels| labels.split("\",").filter_map(|label| label.split('=').next()))
        .collect();
    let known = ["code", "family", "kind", "le", "method", "outcome", "reason", "state", "version"];
    assert_eq!(labels, known.into_iter().collect());
    assert!(!page.contains("C-0") && !page.contains("C-9"), "{page}");
    assert!(page.lines().count() < 400, "{} lines", page.lines().count());
}

#[test]
fn every_metric_is_documented_and_every_documented_one_is_there() {
    let page = scraped();
    let there = families(&page);
    let docs = text(std::path::Path::new("docs/OPERATIONS.md"));
    let described: BTreeSet<String> = docs
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .filter(|name| name.starts_with("quoin_") || name.starts_with("process_"))
        .map(str::to_owned)
        .collect();
    assert_eq!(there, described);
}

#[test]
fn dashboards_and_alerts_name_metrics_that_are_there() {
    let page = scraped();
    let there = families(&page);
    let mut seen = 0;
    let files = [with_extension("json"), with_extension("yml"), with_extension("yaml")].concat();
    for path in files.iter().filter(|path| path.starts_with("deploy")) {
        for name in names_in(&text(path)) {
            seen += 1;
            let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end));
            let known = there.contains(&name) || base.is_some_and(|base| there.contains(base));
            assert!(known, "{}: {name} is exported by nobody", path.display());
        }
    }
    assert!(seen > 40, "found {seen} names of metrics");
}

/// Words that look like a metric's name.
fn names_in(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_' && letter != '-');
    words
        .filter(|word| word.starts_with("quoin_") || (word.starts_with("process_") && word.len() > 8))
        .map(str::to_owned)
        .collect()
}
