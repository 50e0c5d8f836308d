//! How fast are documents posted, how much disk and memory do they take, and what does a rule over a period cost with all of
//! them behind it? In a process of its own.

use std::path::Path;
use std::time::Instant as Clock;

use quoin::domain::contract::Circumstances;
use quoin::domain::day::CivilDay;
use quoin::domain::decimal::Micros;
use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::engine::ledger::PostDocuments;
use quoin::engine::policy::{PolicyFile, PublishPolicy};
use quoin::engine::{Engine, EngineOptions};
use quoin::exchange::generate::prng::Prng;
use quoin::exchange::source::Source;
use quoin::ledger::document::DocumentKind;
use quoin::ledger::draft::{DocumentDraft, LineDraft};
use quoin::pricing::request::{CartLine, CartRequest, Detail, NO_PARTICULARS, ProgressWanted, SkuRef};

use super::children;
use super::figures::{Figures, median};
use super::plan::fresh_folder;

/// The argument that makes this binary measure the ledger: `--ledger LINES`.
pub const ARGUMENT: &str = "--ledger";
pub const SKUS: u32 = 10_000;
pub const CONTRACTS: u32 = 10_000;
const LINES_A_DOCUMENT: u32 = 10;
/// Documents of one batch, and who posts batches at once.
const BATCH: u32 = 500;
const SENDERS: u32 = 2;
/// Of a hundred documents one is of the contract that is priced.
const PRICED_EVERY: u32 = 100;
/// Documents that are posted one at a time.
const ALONE: u32 = 1_000;
/// Carts of a round, and rounds.
const CARTS: u32 = 400;
const ROUNDS: u32 = 5;
const CART_LINES: u32 = 100;
const FIRST_DAY: &str = "2025-01-01";
const DAYS: u32 = 365;
const PRICED_AT: &str = "2025-12-31T12:00:00Z";
/// Keeps what is drawn here apart from other streams of chance.
const STREAM: u64 = 1_005;

/// Measures in a process of its own.
pub fn measure(lines: u64, figures: &mut Figures) {
    let lines = lines.to_string();
    figures.take(children::run(&[ARGUMENT.as_ref(), lines.as_ref()], None));
}

/// Measures, and prints what was found.
pub fn child(lines: u32) {
    let folder = fresh_folder("ledger");
    let engine = shop(&folder);
    let mut figures = Figures::default();
    figures.integer("ledger_lines", lines.into());
    let empty = super::folder_bytes(&folder.join("data"));
    let documents = lines / LINES_A_DOCUMENT;
    let begun = Clock::now();
    std::thread::scope(|scope| {
        for sender in 0..SENDERS {
            let engine = &engine;
            scope.spawn(move || post(engine, sender, documents));
        }
    });
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap();
    figures.integer("ledger_lines_per_s", u64::from(lines) * 1_000_000 / micros);
    one_by_one(&engine, documents, &mut figures);
    let million = |bytes: u64| bytes * 1_000_000 / u64::from(lines);
    let disk = super::folder_bytes(&folder.join("data")).saturating_sub(empty);
    figures.text("ledger_disk_mb_per_million", &super::megabytes(million(disk)));
    periods(&engine, &mut figures);
    let caller = Caller::operator();
    let at = Some(Instant::parse(PRICED_AT).unwrap());
    for contract in 0..CONTRACTS {
        engine.measures(&caller, &format!("C{contract}"), at).unwrap();
    }
    let accounts = u64::try_from(engine.accounts_bytes()).unwrap();
    figures.text("ledger_accounts_mb", &super::megabytes(accounts));
    figures.text("ledger_memory_mb_per_million", &super::megabytes(million(accounts)));
    drop(engine);
    std::fs::remove_dir_all(&folder).unwrap();
    println!("{}", figures.json());
}

/// A store with goods, contracts and prices.
pub fn shop(folder: &Path) -> Engine {
    let write = |name: &str, header: &str, rows: &mut dyn Iterator<Item = String>| {
        let path = folder.join(name);
        let text: String = std::iter::once(header.to_owned()).chain(rows).map(|row| row + "\n").collect();
        std::fs::write(&path, text).unwrap();
        path
    };
    let mut skus = (0..SKUS).map(|sku| format!("S{sku},piece,G{}/K{}", sku % 20, sku % 200));
    let mut parties = (0..CONTRACTS).map(|of| format!("P{of}"));
    let mut contracts = (0..CONTRACTS).map(|of| format!("C{of},P{of},EUR,Europe/Berlin"));
    let mut access = (0..CONTRACTS).map(|of| format!("C{of},1,L"));
    let mut prices = (0..SKUS).map(|sku| format!("L,S{sku},{}.{:02}", 1 + sku % 97, sku % 100));
    let files = [
        write("units.csv", "unit,decimals", &mut ["piece,0".to_owned()].into_iter()),
        write("skus.csv", "sku,base_unit,category", &mut skus),
        write("counterparties.csv", "counterparty", &mut parties),
        write("contracts.csv", "contract,counterparty,currency,time_zone", &mut contracts),
        write("price_lists.csv", "price_list,currency", &mut ["L,EUR".to_owned()].into_iter()),
        write("access.csv", "contract,position,price_list", &mut access),
        write("prices.csv", "price_list,sku,price", &mut prices),
    ];
    let engine = Engine::open(&EngineOptions::new(folder.join("data"))).unwrap();
    let job = ImportJob { sources: Source::of_paths(files, None).unwrap(), ..ImportJob::default() };
    let report = engine.import(&Caller::operator(), &job, &Silent).unwrap();
    assert_eq!(report.verdict, Verdict::Published);
    engine
}

fn document(number: u32) -> DocumentDraft {
    let mut chance = Prng::new(1, STREAM, number.into());
    let contract = if number.is_multiple_of(PRICED_EVERY) { 0 } else { chance.below(CONTRACTS) };
    let days = i32::try_from(chance.below(DAYS)).unwrap();
    let line = |_| {
        let (sku, quantity) = (chance.below(SKUS), 1 + chance.below(50));
        let cents = i64::from(quantity) * i64::from(100 + chance.below(9_000));
        LineDraft {
            sku: format!("S{sku}"),
            quantity: Micros::whole(quantity.into()).unwrap(),
            contract_amount: Some(Micros(cents * 11_000)),
            net_amount: Micros(cents * 10_000),
            tax_amount: Micros(cents * 2_000),
            ..LineDraft::default()
        }
    };
    DocumentDraft {
        id: format!("D{number}"),
        kind: DocumentKind::Shipment,
        contract: format!("C{contract}"),
        day: CivilDay::parse(FIRST_DAY).unwrap().plus(days),
        currency: String::new(),
        reference: String::new(),
        payer: String::new(),
        ship_to: String::new(),
        quote: String::new(),
        channel: "portal".to_owned(),
        due: None,
        lines: (0..LINES_A_DOCUMENT).map(line).collect(),
        allocations: Vec::new(),
        plan: None,
        uses: Vec::new(),
    }
}

fn post_batch(engine: &Engine, documents: Vec<DocumentDraft>) {
    let asked = PostDocuments { documents, ..PostDocuments::default() };
    let report = engine.post_documents(&Caller::operator(), asked).unwrap();
    assert!(!report.refused(), "{:?}", report.faults);
}

/// Posts a sender's share, batch after batch, each durable before the next.
fn post(engine: &Engine, sender: u32, documents: u32) {
    for batch in (sender..documents.div_ceil(BATCH)).step_by(usize::try_from(SENDERS).unwrap()) {
        let numbers = batch * BATCH..documents.min((batch + 1) * BATCH);
        post_batch(engine, numbers.map(document).collect());
    }
}

fn one_by_one(engine: &Engine, documents: u32, figures: &mut Figures) {
    let mut micros: Vec<u64> = (documents..documents + ALONE)
        .map(|number| {
            let document = document(number);
            let begun = Clock::now();
            post_batch(engine, vec![document]);
            u64::try_from(begun.elapsed().as_micros()).unwrap()
        })
        .collect();
    micros.sort_unstable();
    figures.decimal("ledger_post_p50_ms", micros[micros.len() / 2], 3);
    figures.decimal("ledger_post_p99_ms", micros[micros.len() * 99 / 100], 3);
}

fn publish(engine: &Engine, over: &str, percent: u32) {
    let text = format!(
        "quoin_policy: 1\ncurrency: EUR\nrules:\n  - {{ id: r, layer: volume, measure: {{ what: amount, over: {over} }}, \
         mode: volume, tiers: [{{ from: 10, percent: {percent} }}, {{ from: 100000000000, percent: 50 }}] }}\n"
    );
    let files = vec![PolicyFile { name: "policy.yaml".to_owned(), text }];
    let asked = PublishPolicy { files, ..PublishPolicy::default() };
    assert!(engine.publish_policy(&Caller::operator(), asked).unwrap().published);
}

/// Nanoseconds of a cart.
fn cart(engine: &Engine) -> u64 {
    let skus: Vec<String> = (0..CART_LINES).map(|line| format!("S{}", line * 97 % SKUS)).collect();
    let quantity = Micros::whole(3).unwrap();
    let lines: Vec<CartLine<'_>> =
        skus.iter().map(|sku| CartLine { id: sku, sku: SkuRef::Code(sku), quantity, unit: "" }).collect();
    let request = CartRequest {
        contract: "C0",
        pricing_at: Some(Instant::parse(PRICED_AT).unwrap()),
        publication: None,
        circumstances: Circumstances::default(),
        lines: &lines,
        particulars: &NO_PARTICULARS,
        progress: ProgressWanted::Nothing,
        detail: Detail::Basic,
    };
    let begun = Clock::now();
    let priced = engine.price_cart(&Caller::operator(), &request).unwrap();
    let nanos = u64::try_from(begun.elapsed().as_nanos()).unwrap();
    assert!(priced.total > 0 && priced.total < priced.list_total);
    nanos
}

/// The same rule over the cart and over a quarter, in alternating rounds.
fn periods(engine: &Engine, figures: &mut Figures) {
    // The first cart ever, under a policy that measures a period already.
    publish(engine, "year", 5);
    figures.micros("ledger_cart_walk_us", cart(engine));
    let (mut of_cart, mut of_quarter, mut firsts) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        publish(engine, "cart", 5 + round);
        cart(engine);
        of_cart.push(median((0..CARTS).map(|_| cart(engine))));
        publish(engine, "quarter", 5 + round);
        firsts.push(cart(engine));
        of_quarter.push(median((0..CARTS).map(|_| cart(engine))));
    }
    // Each follows one that measured no period: what it measures was found before it came into force.
    figures.micros("ledger_cart_next_policy_us", median(firsts));
    let (of_cart, of_quarter) = (median(of_cart), median(of_quarter));
    figures.micros("ledger_cart_without_period_us", of_cart);
    figures.micros("ledger_cart_with_period_us", of_quarter);
    figures.integer("ledger_period_percent", of_quarter * 100 / of_cart);
}
