//! What does import number n hold, and so what must the publication that it became say? All of it follows from n.
//!
//! Even numbers are bulk: they replace every list, over a mebibyte of packed rows, which go in as sorted files. Odd
//! numbers replace the small list alone, whose row goes into the batch. Every import also renames the small list.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

pub const SKUS: u32 = 10_000;
pub const BULK_LISTS: u32 = 16;
const SMALL_SKUS: u32 = 64;
/// Prices of 60 random bits: nothing predicts them, so that their number decides how many bytes the rows are.
const PRICE_MICROS_MOST: u64 = 1_000_000_000_000_000_000;

/// The list that every import replaces.
pub const SMALL: u32 = BULK_LISTS;

pub fn list_code(list: u32) -> String {
    if list == SMALL { "SMALL".to_owned() } else { format!("BULK-{list:02}") }
}

/// Every list has a contract that asks it alone.
pub fn contract_code(list: u32) -> String {
    format!("K-{}", list_code(list))
}

pub fn sku_code(sku: u32) -> String {
    format!("G-{sku:05}")
}

pub fn is_bulk(import: u32) -> bool {
    import.is_multiple_of(2)
}

pub fn file_name(import: u32) -> String {
    format!("prices-{import}.csv")
}

/// The name of the small list once an import is published.
pub fn small_list_name(import: u32) -> String {
    format!("as of import {import}")
}

fn skus_of(list: u32) -> u32 {
    if list == SMALL { SMALL_SKUS } else { SKUS }
}

/// The import whose prices a list has once import number `import` is published.
fn priced_by(list: u32, import: u32) -> u32 {
    if list == SMALL || is_bulk(import) { import } else { import - 1 }
}

/// The prices of a list, in millionths and in the order of SKUs, once import number `import` is published.
pub fn prices(list: u32, import: u32) -> impl Iterator<Item = i64> {
    let origin = u64::from(priced_by(list, import)) << 32 | u64::from(list) << 16;
    (0..skus_of(list)).map(move |sku| {
        let bits = mixed(origin ^ u64::from(sku).rotate_right(16));
        i64::try_from(bits % PRICE_MICROS_MOST).unwrap() + 1
    })
}

/// Spreads a number over 64 bits (the finaliser of splitmix64).
pub fn mixed(number: u64) -> u64 {
    let bits = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

/// Writes the files of an import into `folder` and gives their paths. The first import brings the master data too.
pub fn write(folder: &Path, import: u32) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut add = |name: String, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        files.push(path);
    };
    if import == 0 {
        let mut skus = String::from("sku,base_unit\n");
        let mut lists = String::from("price_list,currency\n");
        let mut contracts = String::from("contract,counterparty,currency,time_zone\n");
        let mut access = String::from("contract,position,price_list\n");
        for sku in 0..SKUS {
            writeln!(skus, "{},piece", sku_code(sku)).unwrap();
        }
        for list in 0..=SMALL {
            let (code, contract) = (list_code(list), contract_code(list));
            if list != SMALL {
                writeln!(lists, "{code},EUR").unwrap();
            }
            writeln!(contracts, "{contract},BUYER,EUR,Europe/Berlin").unwrap();
            writeln!(access, "{contract},10,{code}").unwrap();
        }
        add("units.csv".to_owned(), "unit,decimals\npiece,0\n");
        add("skus.csv".to_owned(), &skus);
        add("price_lists-bulk.csv".to_owned(), &lists);
        add("counterparties.csv".to_owned(), "counterparty\nBUYER\n");
        add("contracts.csv".to_owned(), &contracts);
        add("access.csv".to_owned(), &access);
    }
    let renamed = format!("price_list,name,currency\nSMALL,{},EUR\n", small_list_name(import));
    add(format!("price_lists-{import}.csv"), &renamed);
    let mut rows = String::from("price_list,sku,price\n");
    let first = if is_bulk(import) { 0 } else { SMALL };
    for list in first..=SMALL {
        let code = list_code(list);
        for (micros, sku) in prices(list, import).zip(0..) {
            let (whole, rest) = (micros / 1_000_000, micros % 1_000_000);
            writeln!(rows, "{code},{},{whole}.{rest:06}", sku_code(sku)).unwrap();
        }
    }
    add(file_name(import), &rows);
    files
}
