//! Does every cart come out at the prices on its invoice? Asked over gRPC, several carts in flight.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use prost_types::Timestamp;
use quoin::api::v1;
use quoin::api::v1::cart_line::SkuRef;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use tonic::transport::Channel;

use super::files::{AMOUNT_STEP_MILLS, CURRENCY, ZONE};
use super::history::{Fate, History};
use super::lines::{Invoices, Line, NameId};

/// Connections to the server, and carts in flight on each.
const CONNECTIONS: usize = 2;
const IN_FLIGHT: usize = 16;
/// Differences that are told; the rest are counted.
const TOLD: usize = 20;

/// An invoice at one of its instants.
struct Cart {
    contract: String,
    invoice: String,
    wall_seconds: i64,
    lines: Vec<(String, Line)>,
}

/// What came of all carts.
#[derive(Default)]
pub struct Outcome {
    pub carts: usize,
    /// Invoices that are dated at several instants, each a cart of its own.
    pub split_invoices: usize,
    pub equal: usize,
    pub different: usize,
    /// The first of those that differ, in words.
    pub told: Vec<String>,
}

impl Outcome {
    fn differ(&mut self, lines: usize, words: String) {
        self.different += lines;
        if self.told.len() < TOLD {
            self.told.push(words);
        }
    }
}

/// The carts of the lines that are to be priced, by invoice and instant.
fn carts_of(invoices: &Invoices, history: &History) -> Vec<Cart> {
    let mut carts: BTreeMap<(NameId, i64), Vec<Line>> = BTreeMap::new();
    for (line, fate) in invoices.lines.iter().zip(&history.fates) {
        if *fate == Fate::Priced {
            carts.entry((line.invoice, line.wall_seconds)).or_default().push(*line);
        }
    }
    let named = |line: Line| (invoices.skus.name(line.sku).to_owned(), line);
    let cart = |((invoice, wall_seconds), lines): ((NameId, i64), Vec<Line>)| {
        let customer = lines[0].customer;
        assert!(lines.iter().all(|line| line.customer == customer), "an invoice has one customer");
        Cart {
            contract: invoices.customers.name(customer.unwrap()).to_owned(),
            invoice: invoices.invoices.name(invoice).to_owned(),
            wall_seconds,
            lines: lines.into_iter().map(named).collect(),
        }
    };
    carts.into_iter().map(cart).collect()
}

/// Prices everything and compares.
pub fn replay(address: &str, invoices: &Invoices, history: &History) -> Outcome {
    let carts = Arc::new(carts_of(invoices, history));
    let split = carts.chunk_by(|one, next| one.invoice == next.invoice).filter(|parts| parts.len() > 1);
    let mut whole = Outcome { carts: carts.len(), split_invoices: split.count(), ..Outcome::default() };
    let next = Arc::new(AtomicUsize::new(0));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut streams = tokio::task::JoinSet::new();
        for _ in 0..CONNECTIONS {
            let endpoint = Channel::from_shared(format!("http://{address}")).unwrap();
            let client = PricingServiceClient::new(endpoint.connect().await.unwrap());
            for _ in 0..IN_FLIGHT {
                streams.spawn(price_some(client.clone(), Arc::clone(&carts), Arc::clone(&next)));
            }
        }
        while let Some(part) = streams.join_next().await {
            let part = part.unwrap();
            whole.equal += part.equal;
            whole.different += part.different;
            whole.told.extend(part.told);
        }
    });
    whole.told.truncate(TOLD);
    whole
}

/// Takes carts one after another until none is left.
async fn price_some(
    mut client: PricingServiceClient<Channel>,
    carts: Arc<Vec<Cart>>,
    next: Arc<AtomicUsize>,
) -> Outcome {
    let zone = TimeZone::get(ZONE).unwrap();
    let mut outcome = Outcome::default();
    while let Some(cart) = carts.get(next.fetch_add(1, Ordering::Relaxed)) {
        match client.price_cart(request_of(cart, &zone)).await {
            Ok(answer) => compare(cart, &answer.into_inner(), &mut outcome),
            Err(status) => outcome.differ(cart.lines.len(), format!("invoice {}: {status}", cart.invoice)),
        }
    }
    outcome
}

/// The instant at which London's clocks showed this. No invoice lies in an hour that they showed twice or never.
fn instant_of(wall_seconds: i64, zone: &TimeZone) -> Timestamp {
    let epoch: DateTime = jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0);
    let wall = epoch.checked_add(jiff::SignedDuration::from_secs(wall_seconds)).unwrap();
    let found = zone.to_ambiguous_timestamp(wall);
    assert!(matches!(found.offset(), AmbiguousOffset::Unambiguous { .. }), "{wall} is no one instant");
    Timestamp { seconds: found.unambiguous().unwrap().as_second(), nanos: 0 }
}

fn request_of(cart: &Cart, zone: &TimeZone) -> v1::PriceCartRequest {
    let line = |(number, (sku, line)): (usize, &(String, Line))| v1::CartLine {
        id: number.to_string(),
        sku_ref: Some(SkuRef::Sku(sku.clone())),
        quantity_micros: line.quantity * 1_000_000,
        ..v1::CartLine::default()
    };
    v1::PriceCartRequest {
        contract: cart.contract.clone(),
        pricing_at: Some(instant_of(cart.wall_seconds, zone)),
        lines: cart.lines.iter().enumerate().map(line).collect(),
        ..Default::default()
    }
}

/// Holds every line against its invoice, and the total against the sum of the lines.
fn compare(cart: &Cart, answer: &v1::PriceCartResponse, outcome: &mut Outcome) {
    let mut mills_due = 0;
    for (number, (sku, line)) in cart.lines.iter().enumerate() {
        let amount_mills = rounded(line.price_mills * line.quantity);
        mills_due += amount_mills;
        let due =
            (number.to_string(), v1::LineStatus::Priced, line.price_mills * 1_000, amount_mills * 1_000);
        let found = answer
            .lines
            .get(number)
            .map(|line| (line.id.clone(), line.status(), line.unit_price_micros, line.amount_micros));
        if found.as_ref() == Some(&due) {
            outcome.equal += 1;
        } else {
            let words =
                format!("invoice {}, {sku} for {}: {found:?}, not {due:?}", cart.invoice, cart.contract);
            outcome.differ(1, words);
        }
    }
    let head = (answer.publication, answer.currency.as_str(), mills_of(&answer.total), answer.lines.len());
    if head != (1, CURRENCY, Some(mills_due), cart.lines.len()) {
        outcome.differ(0, format!("invoice {}: {head:?}, not a total of {mills_due} mills", cart.invoice));
    }
}

/// As the contracts round: half up to their step.
fn rounded(mills: i64) -> i64 {
    (mills + AMOUNT_STEP_MILLS / 2) / AMOUNT_STEP_MILLS * AMOUNT_STEP_MILLS
}

/// A decimal as thousandths; none where it is no decimal of at most three places.
fn mills_of(decimal: &str) -> Option<i64> {
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let digits = format!("{whole}{fraction:0<3}");
    (fraction.len() <= 3).then(|| digits.parse().ok()).flatten()
}
