//! What does it cost a call to be encrypted and to show a token? The same server with TLS and a token, and without either.
//!
//! Both are child processes over folders of the same data, asked by the same client in alternating rounds.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use quoin::api::v1;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use quoin::engine::caller::Caller;
use quoin::engine::import::{ImportJob, Silent};
use quoin::engine::{Engine, EngineOptions};
use quoin::exchange::source::Source;
use tonic::Request;
use tonic::metadata::AsciiMetadataValue;
use tonic::transport::{Certificate, Channel, ClientTlsConfig};

use super::credentials;
use super::figures::{Figures, median};
use super::load::{Served, cpu, free_port};
use super::plan::fresh_folder;

const ROUNDS: usize = 5;
const CALLS: u32 = 5_000;

/// A server, and how it is asked.
struct Asked {
    server: Served,
    endpoint: tonic::transport::Endpoint,
    bearer: Option<AsciiMetadataValue>,
    cpu_ns: Vec<u64>,
    p50_ns: Vec<u64>,
}

/// Puts `auth_overhead_us`, processor time a call, and what a call takes longer.
pub fn measure(figures: &mut Figures) {
    let folder = fresh_folder("authenticated");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut plain = plain(&folder);
    let mut shown = shown(&folder);
    for _ in 0..ROUNDS {
        for asked in [&mut plain, &mut shown] {
            runtime.block_on(round(asked));
        }
    }
    let [of_plain, of_shown] = [&plain, &shown].map(|asked| median(asked.cpu_ns.iter().copied()));
    figures.micros("auth_plain_cpu_us", of_plain);
    figures.micros("auth_tls_token_cpu_us", of_shown);
    figures.micros("auth_overhead_us", of_shown.saturating_sub(of_plain));
    let [of_plain, of_shown] = [&plain, &shown].map(|asked| median(asked.p50_ns.iter().copied()));
    figures.micros("auth_overhead_p50_us", of_shown.saturating_sub(of_plain));
    drop((plain, shown));
    std::fs::remove_dir_all(&folder).unwrap();
}

fn data(folder: &Path) {
    let engine =
        Engine::open(&EngineOptions { block_cache_bytes: 8 << 20, ..EngineOptions::new(folder) }).unwrap();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo");
    let job = ImportJob { sources: Source::of_paths([demo], None).unwrap(), ..ImportJob::default() };
    engine.import(&Caller::operator(), &job, &Silent).unwrap();
}

fn served(data: &Path, more: &[&str]) -> Served {
    let address = free_port();
    let mut command = Command::new(env!("CARGO_BIN_EXE_quoin"));
    command.arg("serve").arg("--data").arg(data).args(["--listen", &address.to_string(), "--workers", "1"]);
    command.args(more);
    Served::start(command, address, None)
}

fn plain(folder: &Path) -> Asked {
    let at = folder.join("plain");
    data(&at);
    let server = served(&at, &[]);
    let endpoint = Channel::from_shared(format!("http://{}", server.address)).unwrap();
    Asked { server, endpoint, bearer: None, cpu_ns: Vec::new(), p50_ns: Vec::new() }
}

fn shown(folder: &Path) -> Asked {
    let at = folder.join("shown");
    data(&at);
    let credentials = credentials::make(folder, &["C-00001"]);
    let arguments: Vec<&str> = credentials.arguments.iter().map(String::as_str).collect();
    let server = served(&at, &arguments);
    let tls = ClientTlsConfig::new()
        .ca_certificate(Certificate::from_pem(&credentials.certificate))
        .domain_name(credentials::NAME);
    let endpoint = Channel::from_shared(format!("https://{}", server.address)).unwrap();
    let (endpoint, bearer) = (endpoint.tls_config(tls).unwrap(), credentials.authorization.parse().ok());
    Asked { server, endpoint, bearer, cpu_ns: Vec::new(), p50_ns: Vec::new() }
}

/// So many carts of one line, one after another over one connection.
async fn round(asked: &mut Asked) {
    let mut client = PricingServiceClient::new(asked.endpoint.connect().await.unwrap());
    let line = v1::CartLine {
        sku_ref: Some(v1::cart_line::SkuRef::Sku("INS-000001".to_owned())),
        quantity_micros: 1_000_000,
        ..v1::CartLine::default()
    };
    let cart = v1::PriceCartRequest {
        contract: "C-00001".to_owned(),
        lines: vec![line],
        ..v1::PriceCartRequest::default()
    };
    let mut times = Vec::new();
    let before: Duration = cpu(asked.server.process());
    for _ in 0..CALLS {
        let mut request = Request::new(cart.clone());
        if let Some(bearer) = &asked.bearer {
            request.metadata_mut().insert("authorization", bearer.clone());
        }
        let begun = Instant::now();
        client.price_cart(request).await.unwrap();
        times.push(u64::try_from(begun.elapsed().as_nanos()).unwrap());
    }
    let taken = cpu(asked.server.process()) - before;
    asked.cpu_ns.push(u64::try_from(taken.as_nanos()).unwrap() / u64::from(CALLS));
    asked.p50_ns.push(median(times));
}
