//! `quoin demo`: from nothing to a priced cart and its waterfall, over the very calls that a portal makes.

use std::path::{Path, PathBuf};

use crate::api::import::report_of;
use crate::api::v1;
use crate::api::v1::cart_line::SkuRef;
use crate::api::v1::pricing_service_client::PricingServiceClient;
use crate::engine::Engine;
use crate::engine::caller::Caller;
use crate::engine::import::{ImportJob, Silent, Verdict};
use crate::engine::policy::{PolicyFile, PublishPolicy};
use crate::engine::{EngineOptions, publication::ImportMode};
use crate::exchange::source::Source;
use crate::server::{ServeOptions, Server};

use super::arguments::{Common, Demo};
use super::failure::{Failure, REFUSED, UNAVAILABLE};
use super::quote::name_lines;
use super::{
    Outcome, ask, cart_file, cart_report, demo_files, demo_quote, json_cart, output, picture, report,
};

/// A folder that goes with the demo.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn disk(error: std::io::Error) -> Failure {
    Failure::new(UNAVAILABLE, format!("the demo's folder: {error}"))
}

/// Runs it. The demo makes a data folder of its own and leaves `--data` alone.
pub fn run(common: &Common, asked: &Demo) -> Outcome {
    let scratch = Scratch(std::env::temp_dir().join(format!("quoin-demo-{}", std::process::id())));
    let (files, data) = (scratch.0.join("files"), scratch.0.join("data"));
    demo_files::write(&files).map_err(disk)?;
    let engine = Engine::open(&EngineOptions { block_cache_bytes: 32 << 20, ..EngineOptions::new(&data) })?;
    let imported = demo_files::FOLDERS.map(|folder| import(&engine, &files.join(folder)));
    let imported = imported.into_iter().collect::<Result<Vec<_>, _>>()?;
    let version = publish(&engine)?;
    let server =
        Server::start(engine, &ServeOptions::default()).map_err(|error| Failure::new(UNAVAILABLE, error))?;
    let address = server.address().to_string();
    let cart = explained(common, &address)?;
    if common.json {
        output::json(&json_cart::cart(&cart))?;
    } else {
        let quote = demo_quote::quoted(common, to_quote(&cart)?, &address)?;
        output::text(&told((&imported, version), (&cart, &quote), &address, asked.keep))?;
    }
    if asked.keep {
        wait_for_ctrl_c()?;
    }
    server.stop();
    Ok(())
}

fn import(engine: &Engine, files: &Path) -> Result<v1::ImportReport, Failure> {
    let sources = Source::of_paths([files], None).map_err(|error| Failure::new(REFUSED, error))?;
    let job = ImportJob { sources, mode: ImportMode::Delta, ..ImportJob::default() };
    let answered = engine.import(&Caller::operator(), &job, &Silent)?;
    let told = report_of(&answered);
    if answered.verdict == Verdict::Published {
        return Ok(told);
    }
    Err(Failure::new(REFUSED, format!("the demo's own files are refused:\n{}", report::import(&told))))
}

/// Puts the seller's policy in force; returns its version.
fn publish(engine: &Engine) -> Result<u64, Failure> {
    let file = PolicyFile { name: "policy.yaml".to_owned(), text: demo_files::POLICY.to_owned() };
    let asked = PublishPolicy { files: vec![file], ..PublishPolicy::default() };
    let report = engine.publish_policy(&Caller::operator(), asked)?;
    if report.published {
        return Ok(report.version);
    }
    let told: Vec<String> = report.findings.iter().map(|finding| finding.message.clone()).collect();
    Err(Failure::new(REFUSED, format!("the demo's own policy is refused: {}", told.join("; "))))
}

/// A buyer on the portal.
fn of_portal() -> Result<v1::PriceCartRequest, Failure> {
    Ok(v1::PriceCartRequest {
        contract: demo_files::CONTRACT.to_owned(),
        lines: cart_file::of_bytes("cart.csv", demo_files::CART)?.into_iter().map(cut).collect(),
        circumstances: Some(v1::Circumstances {
            channel: "portal".to_owned(),
            ..v1::Circumstances::default()
        }),
        ..v1::PriceCartRequest::default()
    })
}

/// His cart as it is to be quoted: lines that have a price, each with an id; what he bought before is the ledger's word.
fn to_quote(priced: &v1::PriceCartResponse) -> Result<v1::PriceCartRequest, Failure> {
    let mut cart = of_portal()?;
    let mut told = priced.lines.iter();
    cart.lines.retain(|_| told.next().is_some_and(|line| line.status() == v1::LineStatus::Priced));
    name_lines(&mut cart);
    Ok(cart)
}

/// The buyer's cart explained, with what he bought before.
fn explained(common: &Common, address: &str) -> Result<v1::PriceCartResponse, Failure> {
    let metrics = v1::Metrics { positions: demo_files::BOUGHT.map(bought).into(), ..v1::Metrics::default() };
    let cart = v1::PriceCartRequest { metrics: Some(metrics), ..of_portal()? };
    let request = ask::request(common, v1::ExplainRequest { cart: Some(cart) })?;
    let answer = ask::server(common, address, |channel| async {
        Ok(PricingServiceClient::new(channel).explain(request).await?.into_inner())
    })?;
    Ok(answer.cart.unwrap_or_default())
}

/// A line as it is ordered: one is to be cut.
fn cut(mut line: v1::CartLine) -> v1::CartLine {
    let (sku, service, cuts) = demo_files::CUT;
    if line.sku_ref == Some(SkuRef::Sku(sku.to_owned())) {
        let order = v1::ServiceOrder { service: service.to_owned(), quantity_micros: cuts.0 };
        line.details = Some(v1::LineDetails { services: vec![order], ..v1::LineDetails::default() });
    }
    line
}

fn bought((measure, value): (&str, &str)) -> v1::MeasurePosition {
    let (measure, value) = (measure.to_owned(), value.to_owned());
    v1::MeasurePosition { measure, value, members: Vec::new() }
}

/// The line whose waterfall says most: the most steps, then the most losers.
fn telling(cart: &v1::PriceCartResponse) -> Option<&v1::PricedLine> {
    let moves = |line: &v1::PricedLine| line.steps.iter().filter(|step| step.amount_micros != 0).count();
    cart.lines.iter().max_by_key(|line| (moves(line), line.losers.len()))
}

fn told(
    (imported, version): (&[v1::ImportReport], u64),
    (cart, quote): (&v1::PriceCartResponse, &str),
    address: &str,
    keep: bool,
) -> String {
    let files = imported.iter().flat_map(|report| &report.files);
    let rows: u64 = files.clone().map(|file| file.rows).sum();
    let points: u64 = imported.iter().map(|report| report.added).sum();
    let mut text = format!(
        "imported {} files, {rows} rows, {points} price points in {} publications\n\
         published the seller's policy (data/policy.yaml) as version {version}\n\
         serving gRPC on {address}\n\n",
        files.count(),
        imported.len(),
    );
    text.push_str(&cart_report::cart(cart));
    if let Some(line) = telling(cart) {
        text.push_str("\nwhy one of them costs what it costs:\n\n");
        text.push_str(&picture::line(line, &cart.currency));
    }
    text.push_str("\na quote of it, from what the ledger knows:\n\n");
    text.push_str(quote);
    text.push_str(&next(address, keep));
    text
}

fn next(address: &str, keep: bool) -> String {
    if keep {
        return format!(
            "\nthe server goes on until Ctrl-C. In another terminal:\n  \
             quoin price --server {address} --contract {} FAS-000068=100 INS-000001=12\n  \
             quoin publications --server {address}\n",
            demo_files::CONTRACT
        );
    }
    "\nwhere to go next:\n  \
     quoin import data/demo                                   the same files into ./quoin-data, then\n  \
     quoin import data/resale                                 prices of resale, and floors\n  \
     quoin policy publish data/policy.yaml                    the seller's policy\n  \
     quoin explain --contract C-00001 --cart data/cart.csv   every line's waterfall, with what lost\n  \
     quoin serve                                              the same over gRPC, on 127.0.0.1:7480\n  \
     quoin generate --out files --skus 10000 --contracts 100  data of any size\n"
        .to_owned()
}

fn wait_for_ctrl_c() -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(disk)?;
    runtime.block_on(tokio::signal::ctrl_c()).map_err(disk)
}
