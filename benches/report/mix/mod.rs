//! What goes on beside the carts that are priced? Quotes and documents that are written, imports, backups.

mod paced;
mod prices_anew;

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use quoin::api::v1;
use quoin::api::v1::ledger_service_client::LedgerServiceClient;
use quoin::api::v1::quote_service_client::QuoteServiceClient;
use tonic::transport::Endpoint;

use super::load::{Served, free_port};

pub use paced::Paced;
pub use prices_anew::write as write_prices;

const LINES: usize = 10;
const EURO: i64 = 1_000_000;

/// A server with everything that it has by default, audit log included, which keeps backups in this folder.
pub fn serve(data: &Path, backups: &Path, more: &[&str]) -> Served {
    let address = free_port();
    let mut command = Command::new(env!("CARGO_BIN_EXE_quoin"));
    command.arg("serve").arg("--data").arg(data).args(["--listen", &address.to_string(), "--workers", "1"]);
    command.arg("--backups").arg(backups).args(more);
    Served::start(command, address, None)
}

fn channel(address: SocketAddr) -> tonic::transport::Channel {
    Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy()
}

/// Makes quotes of the first ten lines of these carts, so many a second. `run` keeps their ids apart from another run's.
pub fn quotes(
    address: SocketAddr,
    carts: Arc<Vec<v1::PriceCartRequest>>,
    run: &str,
    per_second: u64,
) -> Paced {
    let run = run.to_owned();
    let client_made_once = std::sync::OnceLock::new();
    Paced::start(per_second, move |number| {
        // The connection is of the runtime in which the first call is made.
        let client = client_made_once.get_or_init(|| QuoteServiceClient::new(channel(address)));
        let mut client: QuoteServiceClient<_> = client.clone();
        let mut cart = carts[usize::try_from(number).unwrap() % carts.len()].clone();
        cart.lines.truncate(LINES);
        (cart.pricing_at, cart.view) = (None, 0);
        let content = v1::QuoteContent { cart: Some(cart), ..v1::QuoteContent::default() };
        let request_id = format!("{run}-{number}");
        let request = v1::CreateQuoteRequest {
            request_id,
            content: Some(content),
            ..v1::CreateQuoteRequest::default()
        };
        async move { client.create_quote(request).await.map(drop) }
    })
}

/// Posts shipments of these carts, so many a second.
pub fn shipments(
    address: SocketAddr,
    carts: Arc<Vec<v1::PriceCartRequest>>,
    day: String,
    per_second: u64,
) -> Paced {
    let client_made_once = std::sync::OnceLock::new();
    Paced::start(per_second, move |number| {
        let client = client_made_once.get_or_init(|| LedgerServiceClient::new(channel(address)));
        let mut client: LedgerServiceClient<_> = client.clone();
        let cart = &carts[usize::try_from(number).unwrap() % carts.len()];
        let request =
            v1::PostDocumentsRequest { documents: vec![shipment(cart, number, &day)], ..Default::default() };
        async move {
            let report = client.post_documents(request).await?.into_inner().report.unwrap_or_default();
            match report.faults.is_empty() {
                true => Ok(()),
                false => Err(tonic::Status::failed_precondition(format!("{report:?}"))),
            }
        }
    })
}

fn shipment(cart: &v1::PriceCartRequest, number: u64, day: &str) -> v1::Document {
    let line = |line: &v1::CartLine| v1::DocumentLine {
        sku: match &line.sku_ref {
            Some(v1::cart_line::SkuRef::Sku(sku)) => sku.clone(),
            _ => String::new(),
        },
        quantity_micros: line.quantity_micros,
        net_amount_micros: 100 * EURO,
        tax_amount_micros: 19 * EURO,
        ..v1::DocumentLine::default()
    };
    v1::Document {
        id: format!("D-{number}"),
        kind: v1::DocumentKind::Shipment.into(),
        contract: cart.contract.clone(),
        day: day.to_owned(),
        lines: cart.lines.iter().take(LINES).map(line).collect(),
        ..v1::Document::default()
    }
}

/// `quoin` with these arguments, beside everything else.
pub fn aside(arguments: &[&std::ffi::OsStr]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quoin"));
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().unwrap()
}

/// An import of prices into a running server.
pub fn import(server: &Served, prices: &Path) -> Child {
    let address = server.address.to_string();
    let words = ["--json", "import", "--confirm", "--server", &address];
    let mut arguments: Vec<&std::ffi::OsStr> = words.iter().map(AsRef::as_ref).collect();
    arguments.push(prices.as_os_str());
    aside(&arguments)
}
