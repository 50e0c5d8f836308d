//! Does a year of real invoices come out at the prices that they were written at?
//!
//! The file has what a wholesaler charged, not what its price lists were. So each customer becomes a contract with an
//! individual price list, in which a price holds from the instant at which it was first charged until the next other
//! price for this customer and article. The files are imported by the binary, served by the binary, and every invoice
//! is asked for over gRPC at its own date.
//!
//! Codes that are no article (`POST`, `C2` for carriage, `DOT`, `BANK CHARGES`, `M` for manual, `D` for discount, `CRUK`)
//! are imported like articles: a charge has a price that holds at an instant as goods have, and nothing keeps it from
//! being priced exactly. No line is left out for its code alone; those that are left out are left out for a reason that
//! would keep goods out as well.

mod carts;
mod files;
mod history;
pub mod lines;

use std::path::Path;
use std::time::Instant;

use history::{Fate, History};
use lines::Invoices;

use crate::process::{Serving, ended, json, on};

/// What the file holds, and what becomes of it: measured, and not to change unless the file does.
const LINES: usize = 541_909;
const FATES: [(Fate, usize); 5] = [
    (Fate::Priced, 397_825),
    (Fate::NegativePrice, 2),
    (Fate::NoCustomer, 135_078),
    (Fate::Return, 8_905),
    (Fate::SecondPriceAtOnce, 99),
];
const CUSTOMERS: usize = 4_372;
const SKUS: usize = 4_070;
const CELLS: usize = 275_979;
/// One invoice has nothing but a second price, and so makes no cart.
const CARTS: usize = 18_565;
const SPLIT_INVOICES: usize = 30;
const INSTANTS_WITH_SEVERAL_PRICES: usize = 93;
const INSTANTS_WITH_SEVERAL_PRICES_ABOVE_ZERO: usize = 87;

#[test]
fn every_invoice_comes_out_at_the_prices_written_on_it() {
    let Some(real) = std::env::var_os("QUOIN_REAL_DATA") else {
        println!("skipped: QUOIN_REAL_DATA is not set");
        return;
    };
    let begun = Instant::now();
    let invoices = Invoices::read(&Path::new(&real).join("online-retail/lines.parquet"));
    let history = History::of(&invoices);
    let folder = tempfile::tempdir().unwrap();
    let (files, data) = (folder.path().join("files"), folder.path().join("data"));
    files::write(&files, &invoices, &history);
    let written = begun.elapsed();
    let imported = on(&data, &["--json", "import", files.to_str().unwrap()]);
    assert_eq!(ended(&imported).0, 0, "{imported:?}");
    let report = json(&imported);
    let of_import = begun.elapsed();
    let serving = Serving::start(&data, &[]);
    let outcome = carts::replay(&serving.address, &invoices, &history);
    let (status, log) = serving.stop();
    let replayed = begun.elapsed();

    println!("{:>9}  lines of the file", invoices.lines.len());
    for fate in Fate::ALL {
        println!("{:>9}  {}", history.count(fate), fate.words());
    }
    println!("{:>9}  of the priced lines have a code without a digit in front", charges(&invoices, &history));
    for (count, what) in [
        (invoices.customers.len(), "customers, each with a contract and a price list"),
        (invoices.skus.len(), "SKUs"),
        (history.cells().count(), "price cells"),
        (outcome.carts, "carts"),
        (outcome.split_invoices, "invoices at several instants"),
        (history.instants_with_several, "times several prices for customer and article in one instant"),
        (history.instants_with_several_above_zero, "of them with several prices above zero"),
        (outcome.equal, "lines priced and equal"),
        (outcome.different, "lines that differ"),
    ] {
        println!("{count:>9}  {what}");
    }
    println!("files {written:.1?}, import {:.1?}, replay {:.1?}", of_import - written, replayed - of_import);

    assert_eq!(outcome.told, Vec::<String>::new(), "{} lines differ", outcome.different);
    assert_eq!((outcome.equal, outcome.different), (history.count(Fate::Priced), 0));
    assert_eq!(Fate::ALL.map(|fate| (fate, history.count(fate))), FATES);
    assert_eq!(FATES.iter().map(|(_, count)| count).sum::<usize>(), LINES);
    assert_eq!(invoices.lines.len(), LINES);
    assert_eq!((invoices.customers.len(), invoices.skus.len()), (CUSTOMERS, SKUS));
    assert_eq!((outcome.carts, outcome.split_invoices), (CARTS, SPLIT_INVOICES));
    let several = (history.instants_with_several, history.instants_with_several_above_zero);
    assert_eq!(several, (INSTANTS_WITH_SEVERAL_PRICES, INSTANTS_WITH_SEVERAL_PRICES_ABOVE_ZERO));
    assert_eq!(history.cells().count(), CELLS);
    let counts = ["added", "changed", "removed", "rejected"].map(|name| report[name].as_u64().unwrap());
    assert_eq!(counts, [u64::try_from(CELLS).unwrap(), 0, 0, 0]);
    assert!(status.success(), "{log:#?}");
}

/// Priced lines whose code does not begin with a digit, as every article number of this wholesaler does (but `PADS`).
fn charges(invoices: &Invoices, history: &History) -> usize {
    let no_article = |sku| !invoices.skus.name(sku).starts_with(|first: char| first.is_ascii_digit());
    let lines = invoices.lines.iter().zip(&history.fates);
    lines.filter(|(line, fate)| **fate == Fate::Priced && no_article(line.sku)).count()
}
