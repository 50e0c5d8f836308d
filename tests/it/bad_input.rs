//! What does whoever sends bad input read, and does it leave everything as it was? End to end: files into the engine or
//! the binary, carts into the binary or over gRPC.
//!
//! What a reader of files says by itself is in the tables of `exchange_files`, `exchange_prices` and `exchange_master`;
//! here it is seen that the same words come out at the end, and that nothing was published.

mod carts;
mod files;
mod folders;
mod lists;
mod prices;
mod publishing;
mod terminal;

use std::path::{Path, PathBuf};

use quoin::domain::contract::Circumstances;
use quoin::domain::decimal::Micros;
use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::engine::import::{ImportJob, ImportReport, Silent, Verdict};
use quoin::engine::{Engine, EngineOptions};
use quoin::exchange::source::Source;
use quoin::pricing::cart::LineStatus;
use quoin::pricing::request::{CartLine, CartRequest, Detail, SkuRef};
use tempfile::TempDir;

/// A small seller, whom every case starts from.
const SELLER: &[(&str, &str)] = &[
    ("units.csv", "unit,decimals\npiece,0\nbox,0\nkg,3\nhour,2\n"),
    (
        "skus.csv",
        "sku,base_unit,category,brand\nBOLT,piece,Metal/Fixings,Acme\nNUT,piece,Metal/Fixings,\nSAND,kg,,\nGLUE,kg,,\n",
    ),
    ("sku_units.csv", "sku,unit,numerator\nBOLT,box,100\n"),
    (
        "price_lists.csv",
        "price_list,currency,contract\nBASE,EUR,\nOWN-A,EUR,C-A\nDOLLARS,USD,\nPOUNDS,GBP,\n",
    ),
    ("counterparties.csv", "counterparty\nALPHA\nBETA\n"),
    (
        "contracts.csv",
        "contract,counterparty,currency,time_zone,valid_from,valid_through\n\
         C-A,ALPHA,EUR,Europe/Berlin,2026-01-01,2026-12-31\nC-B,BETA,EUR,Europe/Berlin,,\n",
    ),
    ("access.csv", "contract,position,price_list\nC-A,1,OWN-A\nC-A,2,BASE\nC-B,1,BASE\nC-B,2,DOLLARS\n"),
    ("exchange_rates.csv", "from,to,valid_from,rate\nUSD,EUR,2026-01-01,0.9\n"),
    ("index_values.csv", "index,valid_from,value\nLME,2026-01-01,100\n"),
    (
        "prices.csv",
        "price_list,sku,price,valid_from,valid_to\nBASE,BOLT,1.00,,\nBASE,NUT,2.00,,\nBASE,SAND,0.125,,\n\
         OWN-A,BOLT,0.90,,\nOWN-A,NUT,1.80,2026-03-01,2026-04-01\n",
    ),
];

/// Writes files into `folder` and gives their paths.
fn write(folder: &Path, files: &[(&str, &[u8])]) -> Vec<PathBuf> {
    let write = |(name, bytes): &(&str, &[u8])| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    files.iter().map(write).collect()
}

fn seller_files() -> Vec<(&'static str, &'static [u8])> {
    SELLER.iter().map(|(name, text)| (*name, text.as_bytes())).collect()
}

/// The seller's data in a store of its own.
struct Seller {
    folder: TempDir,
    engine: Engine,
}

impl Seller {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options =
            EngineOptions { block_cache_bytes: 8 << 20, ..EngineOptions::new(folder.path().join("data")) };
        let seller = Self { engine: Engine::open(&options).unwrap(), folder };
        let report = seller.import(&seller_files(), |_| {}).unwrap();
        assert_eq!(report.verdict, Verdict::Published, "{:#?}", report.refused);
        seller
    }

    /// Imports files as one set; `change` sets what is not as usual.
    fn import(
        &self,
        files: &[(&str, &[u8])],
        change: impl FnOnce(&mut ImportJob),
    ) -> Result<ImportReport, String> {
        let incoming = tempfile::tempdir_in(self.folder.path()).unwrap();
        let paths = write(incoming.path(), files);
        let mut job = ImportJob { sources: Source::of_paths(paths, None).unwrap(), ..ImportJob::default() };
        change(&mut job);
        self.engine.import(&Caller::operator(), &job, &Silent).map_err(|error| error.to_string())
    }

    /// Imports files that are to be refused: what is said of them, sentence by sentence, once it is seen that everything
    /// is as it was.
    fn refused(&self, files: &[(&str, &[u8])]) -> Vec<String> {
        let before = self.state();
        let said = match self.import(files, |_| {}) {
            Err(error) => vec![error],
            Ok(report) => {
                assert_eq!(report.verdict, Verdict::Rejected, "{report:#?}");
                assert_eq!(report.refused_count, u64::try_from(report.refused.len()).unwrap());
                sentences(&report)
            }
        };
        assert_eq!(self.state(), before, "{said:?}");
        said
    }

    /// [`Self::refused`] for one file of text.
    fn refused_text(&self, name: &str, text: &str) -> Vec<String> {
        self.refused(&[(name, text.as_bytes())])
    }

    /// What an import may change: the publications, everything stored, and files left in the staging area.
    fn state(&self) -> String {
        let numbers: Vec<u64> = self.engine.publications().unwrap().iter().map(|one| one.number.0).collect();
        let stored = self.engine.check().unwrap();
        assert_eq!(stored.faults, Vec::<String>::new());
        let staged = self.engine.store().staging_dir().read_dir().unwrap().count();
        let catalogue = &self.engine.view().catalogue;
        let (skus, lists) = (catalogue.skus.len(), catalogue.lists.len());
        format!("{numbers:?}, {} points, {skus} SKUs, {lists} lists, {staged} staged", stored.points)
    }

    /// The price of one of a SKU under a contract, as text; or the status of its line.
    fn price(&self, contract: &str, sku: &str) -> String {
        let line = CartLine { id: "", sku: SkuRef::Code(sku), quantity: Micros::ONE, unit: "" };
        let request = CartRequest {
            particulars: &quoin::pricing::request::NO_PARTICULARS,
            progress: quoin::pricing::request::ProgressWanted::default(),
            contract,
            pricing_at: Some(Instant::parse("2026-06-01T10:00:00Z").unwrap()),
            publication: None,
            circumstances: Circumstances::default(),
            lines: &[line],
            detail: Detail::Basic,
        };
        let priced = self.engine.price_cart(&Caller::operator(), &request).unwrap();
        match &priced.lines[0].status {
            LineStatus::Priced => priced.lines[0].unit_price.to_string(),
            other => format!("{other:?}"),
        }
    }
}

/// What a report says of its refused rows, as a terminal shows it.
fn sentences(report: &ImportReport) -> Vec<String> {
    let sentence = |(file, row, column, value, reason): (&str, u64, &str, &str, &str)| {
        let column = if column.is_empty() { String::new() } else { format!(", {column}") };
        let value = if value.is_empty() { String::new() } else { format!("\"{value}\" ") };
        format!("{file}: row {row}{column}: {value}{reason}")
    };
    let rows = report.refused.iter();
    rows.map(|row| sentence((&row.file, row.row, &row.column, &row.value, &row.reason))).collect()
}
