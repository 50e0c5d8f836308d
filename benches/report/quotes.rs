//! How fast are quotes made, durably and over gRPC, beside what a sync of the same disk takes; and does it cost more to let some
//! expire where many are kept? In a process of its own.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Instant as Clock;

use bytes::Bytes;
use jiff::tz::TimeZone;
use quoin::api::quote::cart_told;
use quoin::api::v1;
use quoin::api::v1::quote_service_client::QuoteServiceClient;
use quoin::domain::catalogue::Catalogue;
use quoin::domain::day::CivilDay;
use quoin::domain::decimal::Micros;
use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::engine::policy::{PolicyFile, PublishPolicy};
use quoin::engine::quotes::{CreateQuote, Teller};
use quoin::engine::{Engine, EngineOptions, clock};
use quoin::exchange::generate::prng::Prng;
use quoin::pricing::cart::PricedCart;
use quoin::pricing::request::CartRequest;
use quoin::quotes::asked::{AskedCart, AskedLine, AskedQuote};
use quoin::server::{ServeOptions, Server};

use super::children;
use super::figures::{Figures, median};
use super::ledger::{CONTRACTS, SKUS, shop};
use super::plan::fresh_folder;

/// The argument that makes this binary measure quotes: `--quotes KEPT`.
pub const ARGUMENT: &str = "--quotes";
/// Quotes of 100 lines, one after another.
const ALONE: u32 = 400;
/// Quotes of ten lines by so many callers at once.
const TOGETHER: [(u32, u32); 3] = [(1, 1_000), (16, 10_000), (64, 20_000)];
const LINES: u32 = 10;
/// Bytes of a write whose sync is timed, about a quote's; and how many of them.
const SYNC_BYTES: usize = 8 * 1_024;
const SYNCS: u32 = 400;
/// Quotes that expire, where few are kept and where many are; and how often.
const EXPIRING: u32 = 1_000;
const FEW: u32 = 10_000;
const TURNS: u32 = 5;
const WRITERS: u32 = 64;
/// Keeps what is drawn here apart from other streams of chance.
const STREAM: u64 = 1_006;

const POLICY: &str = "
quoin_policy: 1
currency: EUR
rules:
  - { id: line, layer: volume, measure: { what: quantity, over: line }, mode: volume, tiers: [{ from: 10, percent: 2 }, { from: 40, percent: 4 }] }
  - { id: cart, layer: order, measure: { what: amount, over: cart }, mode: volume, tiers: [{ from: 1000, percent: 3 }] }
taxes:
  - { id: vat, class: standard, rates: [{ percent: 19 }] }
";

/// Measures in a process of its own.
pub fn measure(kept: u64, figures: &mut Figures) {
    let kept = kept.to_string();
    figures.take(children::run(&[ARGUMENT.as_ref(), kept.as_ref()], None));
}

/// Measures, and prints what was found.
pub fn child(kept: u32) {
    let mut figures = Figures::default();
    over_grpc(&mut figures);
    expiry(kept, &mut figures);
    println!("{}", figures.json());
}

fn publish(engine: &Engine) {
    let files = vec![PolicyFile { name: "policy.yaml".to_owned(), text: POLICY.to_owned() }];
    let asked = PublishPolicy { files, ..PublishPolicy::default() };
    assert!(engine.publish_policy(&Caller::operator(), asked).unwrap().published);
}

fn request(number: u32, lines: u32) -> v1::CreateQuoteRequest {
    let mut chance = Prng::new(1, STREAM, (u64::from(lines) << 32) | u64::from(number));
    let contract = format!("C{}", chance.below(CONTRACTS));
    let first = chance.below(SKUS);
    let line = |line: u32| v1::CartLine {
        id: line.to_string(),
        sku_ref: Some(v1::cart_line::SkuRef::Sku(format!("S{}", (first + line * 7) % SKUS))),
        quantity_micros: i64::from(1 + (first + line) % 50) * 1_000_000,
        ..v1::CartLine::default()
    };
    let cart = v1::PriceCartRequest {
        contract,
        lines: (0..lines).map(line).collect(),
        ..v1::PriceCartRequest::default()
    };
    let content = v1::QuoteContent { cart: Some(cart), ..v1::QuoteContent::default() };
    let request_id = format!("{lines}-{number}");
    v1::CreateQuoteRequest { request_id, content: Some(content), ..v1::CreateQuoteRequest::default() }
}

fn over_grpc(figures: &mut Figures) {
    let folder = fresh_folder("quotes");
    let engine = shop(&folder);
    publish(&engine);
    let options = ServeOptions { workers: 2, ..ServeOptions::default() };
    let server = Server::start(engine.clone(), &options).unwrap();
    let address = format!("http://{}", server.address());
    let before = syncs(&folder);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut alone = runtime.block_on(one_by_one(address.clone(), 100, 0..ALONE));
    alone.sort_unstable();
    let mut taken = Vec::new();
    for (callers, quotes) in TOGETHER {
        let next = Arc::new(AtomicU32::new(callers * 1_000_000));
        let end = callers * 1_000_000 + quotes;
        let (synced, begun) = (engine.store().commits_synced(), Clock::now());
        let work: Vec<_> =
            (0..callers).map(|_| runtime.spawn(until(address.clone(), Arc::clone(&next), end))).collect();
        for one in work {
            runtime.block_on(one).unwrap();
        }
        let micros = u64::try_from(begun.elapsed().as_micros()).unwrap();
        let synced = engine.store().commits_synced() - synced;
        taken.push((callers, u64::from(quotes) * 1_000_000 / micros, u64::from(quotes) * 10 / synced));
    }
    let after = syncs(&folder);
    let sync = median([before, after].concat());
    figures.decimal("sync_ms", sync, 3);
    let at = |percent: usize| alone[(alone.len() - 1) * percent / 100];
    figures.decimal("quote_create_100_p50_ms", at(50), 3);
    figures.decimal("quote_create_100_p99_ms", at(99), 3);
    figures.decimal("quote_create_100_p50_syncs", at(50) * 100 / sync.max(1), 2);
    for (callers, speed, a_sync) in taken {
        figures.integer(&format!("quotes_per_s_{callers}"), speed);
        figures.decimal(&format!("quotes_a_sync_{callers}"), a_sync, 1);
    }
    server.stop();
    drop(engine);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Microseconds of each.
async fn one_by_one(address: String, lines: u32, numbers: std::ops::Range<u32>) -> Vec<u64> {
    let mut client = QuoteServiceClient::connect(address).await.unwrap();
    let mut taken = Vec::new();
    for number in numbers {
        let request = request(number, lines);
        let begun = Clock::now();
        let made = client.create_quote(request).await.unwrap();
        taken.push(u64::try_from(begun.elapsed().as_micros()).unwrap());
        let cart = cart_told(&made.into_inner().quote.unwrap().cart).unwrap();
        assert!(!cart.lines[0].steps.is_empty(), "with its waterfall");
    }
    taken
}

async fn until(address: String, next: Arc<AtomicU32>, end: u32) {
    let mut client = QuoteServiceClient::connect(address).await.unwrap();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= end {
            return;
        }
        client.create_quote(request(number, LINES)).await.unwrap();
    }
}

/// Microseconds of a write and its sync, appended to a file of the same disk.
fn syncs(folder: &Path) -> Vec<u64> {
    let mut file = std::fs::File::create(folder.join("synced")).unwrap();
    let bytes = vec![7; SYNC_BYTES];
    let once = |_| {
        let begun = Clock::now();
        file.write_all(&bytes).unwrap();
        file.sync_data().unwrap();
        u64::try_from(begun.elapsed().as_micros()).unwrap()
    };
    (0..SYNCS).map(once).collect()
}

/// Tells nothing: what is measured is how many quotes are kept, and not how large they are.
struct Silent;

impl Teller for Silent {
    fn tell(&self, _: &PricedCart, _: &CartRequest<'_>, _: &Catalogue) -> Bytes {
        Bytes::new()
    }
}

/// Makes quotes of a line that are valid through a day.
fn make(engine: &Engine, numbers: std::ops::Range<u32>, day: CivilDay) {
    let next = AtomicU32::new(numbers.start);
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= numbers.end {
                        return;
                    }
                    let line = AskedLine {
                        id: "1".to_owned(),
                        sku: format!("S{}", number % SKUS),
                        quantity: Micros::ONE,
                        unit: String::new(),
                        is_divisible: false,
                        negotiated: None,
                        details: None,
                    };
                    let contract = format!("C{}", number % CONTRACTS);
                    let cart = AskedCart { contract, lines: vec![line], ..AskedCart::default() };
                    let asked = AskedQuote { cart, valid_through: Some(day), ..AskedQuote::default() };
                    let asked = CreateQuote { request_id: None, asked, dry_run: false };
                    engine.create_quote(&Caller::operator(), &asked, &Silent).unwrap();
                }
            });
        }
    });
}

/// How long it takes to let so many expire, where few are kept and where many are.
fn expiry(kept: u32, figures: &mut Figures) {
    let folder = fresh_folder("expiry");
    // No clock that is behind the last command counts.
    let begins = shop(&folder).view().command_time;
    let now = Arc::new(AtomicI64::new(begins.0));
    let told = Arc::clone(&now);
    let clock = clock::Clock::new(move || Instant(told.load(Ordering::SeqCst)));
    let engine = Engine::open(&EngineOptions { clock, ..EngineOptions::new(folder.join("data")) }).unwrap();
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let today = CivilDay::of(begins.civil_in(&zone).unwrap());
    let late = today.plus(1_000);
    let mut day = 0;
    let mut number = 0;
    let mut fill = |upto: u32, engine: &Engine| {
        if number < upto {
            make(engine, number..upto, late);
            number = upto;
        }
    };
    let mut expire = |engine: &Engine| {
        let mut taken = Vec::new();
        for _ in 0..TURNS {
            make(engine, 0..EXPIRING, today.plus(day));
            day += 1;
            now.fetch_add(86_400, Ordering::SeqCst);
            let begun = Clock::now();
            assert_eq!(engine.expire_quotes().unwrap(), usize::try_from(EXPIRING).unwrap());
            taken.push(u64::try_from(begun.elapsed().as_micros()).unwrap());
        }
        median(taken)
    };
    fill(FEW, &engine);
    let few = expire(&engine);
    let begun = Clock::now();
    fill(kept, &engine);
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap().max(1);
    let many = expire(&engine);
    figures.integer("quotes_kept", kept.into());
    figures.integer("quotes_made_in_process_per_s", u64::from(kept.saturating_sub(FEW)) * 1_000_000 / micros);
    figures.decimal("quote_expire_1000_of_few_ms", few, 3);
    figures.decimal("quote_expire_1000_of_many_ms", many, 3);
    drop(engine);
    std::fs::remove_dir_all(&folder).unwrap();
}
