//! Does an answer stem from one publication, whole, while others land?
//!
//! The story: every price of every list, and the notice of every contract, says the round in which it was written. Readers
//! price carts over several lists all the while; a figure of another round in one answer is a mix, and the test's end. Old
//! publications are retired under the readers' hands.

mod rounds;
mod warm;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant as Clock};

use quoin::domain::contract::Circumstances;
use quoin::domain::decimal::Micros;
use quoin::domain::ids::{PublicationNo, SkuId};
use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::engine::error::PriceError;
use quoin::engine::import::Verdict;
use quoin::engine::publication::ImportMode;
use quoin::engine::retention::Retention;
use quoin::engine::{Engine, EngineOptions};
use quoin::pricing::cart::PricedCart;
use quoin::pricing::request::{CartLine, CartRequest, Detail, SkuRef};

use rounds::{ASKED, SKUS, is_large, round_of_fillers, round_of_goods, round_set};

const READERS: usize = 4;
/// Publications that stay; readers ask for some more than that.
const RETAINED: usize = 8;
const ASKED_BACK: usize = 12;

/// What readers and writer tell each other.
#[derive(Default)]
struct Board {
    /// Publications that have landed, and their rounds.
    landed: Mutex<BTreeMap<PublicationNo, i64>>,
    answers: AtomicU64,
    over: AtomicBool,
    /// A reader has found a mix: nothing more need be written.
    failed: AtomicBool,
}

/// Tells the board where a reader ends by a panic.
struct Watch<'b>(&'b Board);

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.failed.store(true, Ordering::Relaxed);
        }
    }
}

/// What a reader has to show at the end.
#[derive(Default)]
struct Seen {
    rounds: BTreeMap<PublicationNo, i64>,
    older: u64,
}

fn request<'a>(
    contract: &'a str,
    lines: &'a [CartLine<'a>],
    publication: Option<PublicationNo>,
) -> CartRequest<'a> {
    CartRequest {
        particulars: &quoin::pricing::request::NO_PARTICULARS,
        progress: quoin::pricing::request::ProgressWanted::default(),
        contract,
        pricing_at: Some(Instant(1_780_000_000)),
        publication,
        circumstances: Circumstances::default(),
        lines,
        detail: Detail::Basic,
    }
}

fn ask(
    engine: &Engine,
    contract: &str,
    lines: &[CartLine<'_>],
    publication: Option<PublicationNo>,
) -> Result<PricedCart, PriceError> {
    let request = request(contract, lines, publication);
    let caller = Caller::operator();
    // The cache alone where it has all rows, as the server asks first.
    match engine.price_cart_cached(&caller, &request)? {
        Some(priced) => Ok(priced),
        None => engine.price_cart(&caller, &request),
    }
}

fn read(engine: &Engine, board: &Board, number: usize) -> Seen {
    let _watch = Watch(board);
    let codes: Vec<String> = (0..SKUS).map(|sku| format!("sku-{sku}")).collect();
    let line = |sku: usize| {
        let named = SkuRef::Code(&codes[sku]);
        let by_handle = SkuRef::Handle(SkuId(u32::try_from(sku).unwrap()));
        CartLine {
            id: "",
            sku: if sku % 2 == 0 { named } else { by_handle },
            quantity: Micros(7_000_000),
            unit: "",
        }
    };
    let goods: Vec<CartLine<'_>> = (0..SKUS).map(line).collect();
    let fillers: Vec<CartLine<'_>> = (0..ASKED.len()).map(line).collect();
    let (mut seen, mut last, mut turn) = (Seen::default(), PublicationNo(0), number);
    while !board.over.load(Ordering::Relaxed) {
        for (contract, lines) in [("goods", &goods), ("fillers", &fillers)] {
            let round_of = if contract == "goods" { round_of_goods } else { round_of_fillers };
            let priced = ask(engine, contract, lines, None).unwrap();
            let round = round_of(&priced).unwrap_or_else(|mix| panic!("{mix}"));
            assert!(priced.publication >= last, "{:?} after {last:?}", priced.publication);
            last = priced.publication;
            assert_eq!(*seen.rounds.entry(last).or_insert(round), round, "{last:?} changed");
            turn += 1;
            let older =
                board.landed.lock().unwrap().iter().rev().nth(turn % ASKED_BACK).map(|(no, at)| (*no, *at));
            let Some((publication, round)) = older else { continue };
            match ask(engine, contract, lines, Some(publication)) {
                Ok(priced) => {
                    assert_eq!(priced.publication, publication);
                    assert_eq!(round_of(&priced), Ok(round), "asked for {publication:?}");
                    seen.older += u64::from(publication < last);
                }
                Err(PriceError::UnknownPublication { .. }) => wait_until_retired(engine, publication),
                Err(other) => panic!("{other}"),
            }
        }
        board.answers.fetch_add(1, Ordering::Relaxed);
    }
    seen
}

/// A publication that is refused has been retired, and is soon listed no more.
fn wait_until_retired(engine: &Engine, publication: PublicationNo) {
    let patience = Clock::now();
    while engine.publications().unwrap().iter().any(|manifest| manifest.number == publication) {
        assert!(patience.elapsed() < Duration::from_secs(20), "{publication:?} is listed and refused");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Publishes round after round; between them, waits until readers have priced anew.
fn write(engine: &Engine, board: &Board, rounds: i64) {
    for round in (2..=rounds).take_while(|_| !board.failed.load(Ordering::Relaxed)) {
        let mode = if round % 3 == 0 { ImportMode::Replace } else { ImportMode::Delta };
        // `half` is not named after the first round, and so stays; the lists that are named are named whole.
        let report = round_set(round).import(engine, mode, false);
        assert_eq!(report.verdict, Verdict::Published, "{:#?}", report.refused);
        check_where_rows_are(engine, report.publication, round);
        board.landed.lock().unwrap().insert(report.publication, round);
        let (from, patience) = (board.answers.load(Ordering::Relaxed), Clock::now());
        let wanted = from + 2 * u64::try_from(READERS).unwrap();
        while board.answers.load(Ordering::Relaxed) < wanted
            && !board.failed.load(Ordering::Relaxed)
            && patience.elapsed() < Duration::from_secs(10)
        {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Rows of a large round go through files, those of others with the batch.
fn check_where_rows_are(engine: &Engine, publication: PublicationNo, round: i64) {
    let manifests = engine.publications().unwrap();
    let manifest = manifests.iter().find(|manifest| manifest.number == publication).unwrap();
    assert_eq!(manifest.rows_digest != 0, is_large(round), "round {round}");
}

#[test]
fn readers_see_whole_publications_while_others_land() {
    let rounds = i64::from(crate::effort::count(200));
    let folder = tempfile::tempdir().unwrap();
    let options = EngineOptions {
        block_cache_bytes: 8 << 20,
        shared_rows_bytes: 1 << 20,
        retention: Some(Retention { publications: RETAINED, days: 0 }),
        ..EngineOptions::new(folder.path().join("data"))
    };
    let engine = Engine::open(&options).unwrap();
    let board = Board::default();
    let first = round_set(1).import(&engine, ImportMode::Delta, false);
    assert_eq!(first.verdict, Verdict::Published, "{:#?}", first.refused);
    check_where_rows_are(&engine, first.publication, 1);
    board.landed.lock().unwrap().insert(first.publication, 1);
    let seen: Vec<Seen> = std::thread::scope(|scope| {
        let (engine, board) = (&engine, &board);
        let readers: Vec<_> =
            (0..READERS).map(|number| scope.spawn(move || read(engine, board, number))).collect();
        // Readers go on until the writer is done, or has failed.
        let written = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| write(engine, board, rounds)));
        board.over.store(true, Ordering::Relaxed);
        let seen = readers.into_iter().map(|reader| reader.join().unwrap()).collect();
        if let Err(panic) = written {
            std::panic::resume_unwind(panic);
        }
        seen
    });
    let landed = board.landed.into_inner().unwrap();
    let mut met = BTreeSet::new();
    for reader in &seen {
        assert!(reader.older > 0, "a reader asked for no older publication");
        for (publication, round) in &reader.rounds {
            assert_eq!(landed[publication], *round, "{publication:?}");
            met.insert(*publication);
        }
    }
    assert!(met.len() * 2 > landed.len(), "of {} publications only {} were read", landed.len(), met.len());
    assert!(engine.publications().unwrap().len() < landed.len(), "nothing was retired");
}
