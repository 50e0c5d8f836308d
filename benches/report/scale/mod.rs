//! How does everything grow from ten million prices to a billion? `make bench-scale SIZE=...`, of structured data.
//!
//! Server, client and import share the machine's processors, and nothing is pinned. Every contract is asked for, all alike or a few
//! much more often than the others; and a hundredth of the prices is published meanwhile, once spread over all lists and once in few.

mod made;
mod table;

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use prost::Message;
use quoin::api::v1;
use quoin::exchange::generate::prng::Prng;
use quoin::store::Family;

use super::figures::Figures;
use super::folders::folder_bytes;
use super::half_load::{HalfLoad, most};
use super::load::{Cart, Measured, Served, ask};
use super::machine::{self, peak_bytes, resident_bytes};
use super::opened::open;
use super::plan::{self, Plan};
use super::{goals, imports, megabytes, mix, openings};
use made::{Delta, Made, Watched};

/// `--scale SIZE`.
pub const ARGUMENT: &str = "--scale";
/// Calls of the load in which few contracts are asked for much more often.
const SKEWED: usize = 200_000;
/// Keeps its stream of chance apart from others.
const STREAM: u64 = 1_004;
/// Of the rows, in the block cache that is too small for them.
const SMALL_CACHE: u64 = 10;

/// Measures one size, and puts it beside the others.
pub fn measure(plan: &Plan) {
    let mut figures = Figures::default();
    machine::put(&mut figures);
    figures.text("load_average", &machine::load_average());
    let folder = plan::fresh_folder("scale");
    let data = folder.join("data");
    eprintln!("== prices, deltas and carts");
    let made = made::make(&plan.structured, &folder);
    figures.integer("generate_ms", made.millis);
    eprintln!("== import and opening");
    imports::measure(&made.files, &data, "parquet", &mut figures);
    std::fs::remove_dir_all(&made.files.folder).unwrap();
    openings::measure(&data, made.files.points, &mut figures);
    let rows = sizes(&data, &mut figures);
    eprintln!("== carts, and publications meanwhile");
    under_load(&data, &folder, &made, &mut figures);
    eprintln!("== carts, with a block cache of a tenth of the rows");
    with_small_cache(&data, &folder, (&made.carts, rows), &mut figures);
    std::fs::remove_dir_all(&folder).unwrap();
    table::rewrite(plan.size, &figures);
    goals::put(&format!("scale-{}", plan.size), figures.all_shown());
}

/// Bytes of the rows, too.
fn sizes(data: &Path, figures: &mut Figures) -> u64 {
    let engine = open(data);
    let view = engine.view();
    let wide = |count: usize| u64::try_from(count).unwrap();
    figures.integer("cells", view.points());
    figures.integer("contracts", wide(view.catalogue.contracts.len()));
    figures.integer("price_lists", wide(view.catalogue.lists.len()));
    let families = engine.store().size().unwrap().families;
    let rows = families.iter().find(|family| family.family == Family::Rows).unwrap().file_bytes;
    figures.text("rows_mb", &megabytes(rows));
    figures.text("disk_mb", &megabytes(folder_bytes(data)));
    figures.decimal("bits_per_cell", rows * 8_000 / view.points(), 3);
    rows
}

fn under_load(data: &Path, folder: &Path, made: &Made, figures: &mut Figures) {
    let server = mix::serve(data, &folder.join("backups"), &[]);
    let begun =
        v1::PriceCartResponse::decode(asked(&server, &made.carts[..1]).remove(0)).unwrap().publication;
    let carts = verified(&server, &made.carts);
    figures.text("rss_mb", &megabytes(resident_bytes(server.process())));
    let most_of = |carts, name: &str, figures: &mut Figures| put(name, &most(&server, carts), figures);
    most_of(Arc::clone(&carts), "uniform", figures);
    most_of(skewed(&carts), "skewed", figures);
    let client = HalfLoad::of(&server, carts, "half", figures);
    client.quiet("before", figures);
    for (name, Delta { folder, rows, lists }) in [("few", &made.few), ("spread", &made.spread)] {
        figures.integer(&format!("{name}_rows"), *rows);
        figures.integer(&format!("{name}_lists"), *lists);
        client.beside(name, mix::import(&server, folder), figures);
        client.quiet(&format!("after_{name}"), figures);
    }
    figures.text("rss_after_mb", &megabytes(resident_bytes(server.process())));
    figures.text("rss_peak_mb", &megabytes(peak_bytes(server.process())));
    for in_few in [true, false] {
        let watched = made.watched.iter().filter(|watched| watched.few == in_few);
        let (rose, meant) = watched
            .map(|watched| watch(&server, begun, watched))
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        // Lists that are asked before a contract's own may hide what that says.
        assert!(meant > 0 && rose * 2 > meant, "of {meant} prices that were published {rose} rose");
    }
}

fn with_small_cache(data: &Path, folder: &Path, (carts, rows): (&[Bytes], u64), figures: &mut Figures) {
    let cache = rows / SMALL_CACHE;
    figures.text("small_cache_mb", &megabytes(cache));
    let server = mix::serve(data, &folder.join("backups"), &["--block-cache", &cache.to_string()]);
    let carts = verified(&server, carts);
    put("small_cache_uniform", &most(&server, Arc::clone(&carts)), figures);
    put("small_cache_skewed", &most(&server, skewed(&carts)), figures);
    figures.text("small_cache_rss_mb", &megabytes(resident_bytes(server.process())));
}

fn put(name: &str, measured: &Measured, figures: &mut Figures) {
    let nanos = |time: std::time::Duration| u64::try_from(time.as_nanos()).unwrap();
    figures.integer(&format!("{name}_carts_per_s"), measured.per_second());
    figures.integer(&format!("{name}_refused"), measured.refused);
    figures.micros(&format!("{name}_p50_us"), nanos(measured.p50));
    figures.micros(&format!("{name}_p99_us"), nanos(measured.p99));
}

/// Answers, none refused.
fn asked(server: &Served, requests: &[Bytes]) -> Vec<Bytes> {
    ask(server.address, None, requests)
}

/// Every line of every cart must have a price.
fn verified(server: &Served, requests: &[Bytes]) -> Arc<Vec<Cart>> {
    let cart = |(request, answer): (&Bytes, Bytes)| {
        let answer_bytes = answer.len();
        for line in v1::PriceCartResponse::decode(answer).unwrap().lines {
            assert_eq!(line.status(), v1::LineStatus::Priced, "{line:?}");
        }
        Cart { request: request.clone(), answer_bytes }
    };
    Arc::new(requests.iter().zip(asked(server, requests)).map(cart).collect())
}

/// Of each octave of the carts as many as of any other: the first is asked for as often as the second and third together, and
/// as the 50,000 last of 100,000 (Zipf's law of exponent one, in steps).
fn skewed(carts: &[Cart]) -> Arc<Vec<Cart>> {
    let mut chance = Prng::new(1, STREAM, 0);
    let octaves = usize::BITS - carts.len().leading_zeros();
    let draw = || loop {
        let begin = 1_u32 << chance.below(octaves);
        let number = begin + chance.below(begin);
        if let Some(cart) = carts.get(usize::try_from(number).unwrap() - 1) {
            return cart.clone();
        }
    };
    Arc::new(std::iter::repeat_with(draw).take(SKEWED).collect())
}

/// Has a cart the prices that were published, and are all others as they were? How many rose, and how many were to.
fn watch(server: &Served, begun: u64, watched: &Watched) -> (usize, usize) {
    let as_of = |publication| {
        let request = v1::PriceCartRequest { publication, ..watched.request.clone() };
        let answer = asked(server, &[request.encode_to_vec().into()]).remove(0);
        v1::PriceCartResponse::decode(answer).unwrap().lines
    };
    let (before, after) = (as_of(begun), as_of(0));
    assert_eq!((before.len(), after.len()), (watched.spread.len(), watched.spread.len()));
    let mut count = (0, 0);
    for ((before, after), in_spread) in before.iter().zip(&after).zip(&watched.spread) {
        let meant = *in_spread || watched.few;
        let rose = after.unit_price_micros > before.unit_price_micros;
        let same = after.unit_price_micros == before.unit_price_micros;
        assert!(same || rose && meant, "{before:?} became {after:?}");
        count = (count.0 + usize::from(rose), count.1 + usize::from(meant));
    }
    count
}
