//! What do a row, a look-up and a cart cost in process, of structured and of random data?

use std::path::Path;

use quoin::engine::Engine;
use quoin::exchange::generate::Generator;
use quoin::store::Family;

use super::asked::Asked;
use super::caches::{Caches, warm};
use super::carts::{Cart, Sheet, sheets};
use super::figures::{Figures, median};
use super::lookups::{Dense, From, Rows};
use super::opened::open;
use super::pages::{drop_pages, files_in};
use super::plan::Plan;
use super::prices::Pricing;

/// Contracts that are looked at, evenly spread over all.
const CONTRACTS: usize = 1_000;
/// Contracts for carts of 5,000 lines.
const CONTRACTS_LARGE: usize = 400;
/// Contracts whose rows are read from disk.
const CONTRACTS_DISK: usize = 240;
const SMALL: usize = 100;
const LARGE: usize = 5_000;
/// Structured data, of so many price points.
pub fn structured(plan: &Plan, data: &Path, points: u64, figures: &mut Figures) {
    let generator = Generator::new(plan.structured.clone()).unwrap();
    let engine = open(data);
    let view = engine.view();
    assert_eq!(view.points(), points, "price points stored and generated");
    figures.integer("cells", points);
    figures.integer("skus", wide(view.catalogue.skus.len()));
    figures.integer("contracts", wide(view.catalogue.contracts.len()));
    figures.integer("price_lists", wide(view.catalogue.lists.len()));
    figures.text("disk_mb", &super::megabytes(super::folder_bytes(data)));
    bits(&engine, &generator, "structured", figures);
    let rows = Rows::new(&engine, &view);
    rows.warm_cache();
    let caches = Caches::new();
    let (mut small, mut large) = (Vec::new(), Vec::new());
    let (mut asked_small, mut asked_large) = (Vec::new(), Vec::new());
    sheets(&generator, CONTRACTS, |sheet| {
        for (count, most, carts, asked) in [
            (SMALL, CONTRACTS, &mut small, &mut asked_small),
            (LARGE, CONTRACTS_LARGE, &mut large, &mut asked_large),
        ] {
            if let Some(skus) = sheet.draw(count).filter(|_| carts.len() < most) {
                asked.push(Asked::structured(&generator, &engine, sheet.contract, &skus));
                carts.push(Cart::of(&[&sheet], skus));
            }
        }
    });
    let look_ups = |carts| rows.look_ups(carts, From::Cache);
    let pricing = |asked| Pricing::new(&engine, &view, &rows, asked, From::Cache);
    put(figures, "lookup_100_cold_structured_us", caches.cold(&mut look_ups(&small)));
    put(figures, "lookup_5000_cold_structured_us", caches.cold(&mut look_ups(&large)));
    put(figures, "lookup_100_warm_structured_us", warm(&mut look_ups(&small)));
    put(figures, "price_100_cold_structured_us", caches.cold(&mut pricing(&asked_small)));
    put(figures, "price_5000_cold_structured_us", caches.cold(&mut pricing(&asked_large)));
    put(figures, "price_100_warm_structured_us", warm(&mut pricing(&asked_small)));
}

/// Random data, beside dense arrays of the same prices.
pub fn random(plan: &Plan, data: &Path, figures: &mut Figures) {
    let generator = Generator::new(plan.random.clone()).unwrap();
    let mut dense: Vec<Sheet> = Vec::new();
    sheets(&generator, CONTRACTS, |sheet| dense.push(sheet));
    let caches = Caches::new();
    let small = OneList::draw(&generator, &dense, SMALL, CONTRACTS);
    let large = OneList::draw(&generator, &dense, LARGE, CONTRACTS_LARGE);
    let three = three_lists(&dense);
    {
        let engine = open(data);
        let view = engine.view();
        bits(&engine, &generator, "random", figures);
        let rows = Rows::new(&engine, &view);
        rows.warm_cache();
        let look_ups = |carts| rows.look_ups(carts, From::Cache);
        let pricing = |asked| Pricing::new(&engine, &view, &rows, asked, From::Cache);
        put(figures, "lookup_100_cold_us", caches.cold(&mut look_ups(&small.carts)));
        put(figures, "lookup_100_dense_us", caches.cold(&mut Dense::new(&dense, &small.carts)));
        put(figures, "lookup_5000_cold_us", caches.cold(&mut look_ups(&large.carts)));
        put(figures, "lookup_5000_dense_us", caches.cold(&mut Dense::new(&dense, &large.carts)));
        put(figures, "lookup_100_three_lists_us", caches.cold(&mut look_ups(&three)));
        put(figures, "lookup_100_three_lists_dense_us", caches.cold(&mut Dense::new(&dense, &three)));
        put(figures, "lookup_100_warm_us", warm(&mut look_ups(&small.carts)));
        put(figures, "price_100_cold_us", caches.cold(&mut pricing(&small.asked)));
        put(figures, "price_5000_cold_us", caches.cold(&mut pricing(&large.asked)));
        put(figures, "price_100_warm_us", warm(&mut pricing(&small.asked)));
    }
    from_disk(data, &caches, &small, figures);
}

/// Carts in the cart's own list alone.
struct OneList {
    carts: Vec<Cart>,
    asked: Vec<Asked>,
}

impl OneList {
    fn draw(generator: &Generator, sheets: &[Sheet], lines: usize, most: usize) -> Self {
        let (mut carts, mut asked) = (Vec::new(), Vec::new());
        for sheet in sheets {
            if let Some(skus) = sheet.draw(lines).filter(|_| carts.len() < most) {
                asked.push(Asked::random(generator, sheet, &skus));
                carts.push(Cart::of(&[sheet], skus));
            }
        }
        Self { carts, asked }
    }
}

/// Carts of which a third comes from each of three lists; every line is looked up in all three.
fn three_lists(sheets: &[Sheet]) -> Vec<Cart> {
    let of = |three: &[Sheet]| {
        let [one, two, other] = three else { return None };
        let mut skus = one.draw(34)?;
        for sheet in [two, other] {
            // Drawn in surplus, as what another list gave already is left out.
            let more = sheet.draw(66)?.into_iter().filter(|sku| !skus.contains(sku));
            let more: Vec<u32> = more.take(33).collect();
            skus.extend(more);
        }
        assert_eq!(skus.len(), SMALL);
        Some(Cart::of(&[one, two, other], skus))
    };
    sheets.chunks(3).filter_map(of).collect()
}

/// Rows that neither the block cache nor the page cache holds.
fn from_disk(data: &Path, caches: &Caches, carts: &OneList, figures: &mut Figures) {
    let count = carts.carts.len().min(CONTRACTS_DISK);
    let files = files_in(&data.join("db"));
    let bytes: u64 = files.iter().map(|file| file.metadata().unwrap().len()).sum();
    let engine = open(data);
    let left = drop_pages(&files).map_or("an unknown part".to_owned(), super::megabytes);
    let how = format!("posix_fadvise through dd; {left} of {} MB stayed", super::megabytes(bytes));
    figures.text("disk_cold_by", &how);
    let view = engine.view();
    let rows = Rows::new(&engine, &view);
    let mut look_ups = rows.look_ups(&carts.carts[..count], From::Disk);
    put(figures, "lookup_100_disk_cold_us", caches.cold(&mut look_ups));
    drop(engine);
    let engine = open(data);
    drop_pages(&files);
    let view = engine.view();
    let rows = Rows::new(&engine, &view);
    let mut pricing = Pricing::new(&engine, &view, &rows, &carts.asked[..count], From::Disk);
    put(figures, "price_100_disk_cold_us", caches.cold(&mut pricing));
}

/// Bytes of the rows' table files for each price point, and what the generator computes as the least.
fn bits(engine: &Engine, generator: &Generator, mode: &str, figures: &mut Figures) {
    let size = engine.store().size().unwrap();
    let rows = size.families.iter().find(|family| family.family == Family::Rows).unwrap();
    assert!(rows.keys_estimated > 0 && rows.file_bytes > 0, "no row is in a table file: {rows:?}");
    figures.text(&format!("rows_{mode}_mb"), &super::megabytes(rows.file_bytes));
    figures.decimal(&format!("bits_per_cell_{mode}"), rows.file_bytes * 8_000 / engine.view().points(), 3);
    let every = generator.options().contracts.div_ceil(u32::try_from(CONTRACTS).unwrap());
    figures.text(&format!("entropy_{mode}"), &format!("{:.3}", generator.entropy(every).per_point()));
}

fn put(figures: &mut Figures, key: &str, times: Vec<u64>) {
    figures.micros(key, median(times));
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap()
}
