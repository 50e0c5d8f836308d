//! What is asked for? Contracts and SKUs of the server's catalogue, or of files, and carts that are drawn from them.

use std::path::Path;

use bytes::Bytes;
use prost::Message;
use tonic::Request;
use tonic::metadata::MetadataMap;

use crate::api::v1;
use crate::api::v1::cart_line::SkuRef;
use crate::api::v1::catalogue_service_client::CatalogueServiceClient;
use crate::cli::arguments::Common;
use crate::cli::ask;
use crate::cli::failure::{Failure, NOT_FOUND, REFUSED};
use crate::domain::decimal::Micros;

use super::arguments::Contracts;
use super::chance::{Chance, Zipf};

/// Records of one page.
const PAGE: u32 = 1_000;
/// SKUs and contracts of which carts are drawn; a catalogue's first where it has more.
const MOST: usize = 1_000_000;
/// Most whole units ordered of a SKU.
const QUANTITY_MOST: u32 = 40;
const MICROS: i64 = 1_000_000;

/// What carts are drawn from.
#[derive(Debug, Clone)]
pub struct Goods {
    contracts: Vec<String>,
    skus: Vec<Sku>,
    zipf: Option<Zipf>,
}

/// A SKU, of which multiples of a quantity may be ordered, and no less than another.
#[derive(Debug, Clone)]
struct Sku {
    code: String,
    multiple_micros: i64,
    minimum_micros: i64,
}

impl Sku {
    /// Some of it, as may be ordered.
    fn quantity(&self, chance: &mut Chance) -> i64 {
        let multiple = if self.multiple_micros > 0 { self.multiple_micros } else { MICROS };
        let asked =
            i64::from(1 + chance.below(QUANTITY_MOST)).saturating_mul(MICROS).max(self.minimum_micros);
        let times = asked / multiple + i64::from(asked % multiple > 0);
        times.saturating_mul(multiple)
    }
}

impl Goods {
    /// Asks a server.
    ///
    /// # Errors
    /// Where it does not answer, or has no contract or SKU.
    pub fn of_server(common: &Common, server: &str, chosen: Contracts) -> Result<Self, Failure> {
        let metadata = ask::request(common, ())?.metadata().clone();
        let (contracts, skus) = ask::server(common, server, |channel| async move {
            let mut client = CatalogueServiceClient::new(channel);
            let (mut contracts, mut page_token) = (Vec::new(), String::new());
            loop {
                let page = v1::ListContractsRequest { page_size: PAGE, page_token, ..Default::default() };
                let page = client.list_contracts(asked(page, &metadata)).await?.into_inner();
                contracts.extend(page.contracts.into_iter().map(|contract| contract.contract));
                page_token = page.next_page_token;
                if page_token.is_empty() || contracts.len() >= MOST {
                    break;
                }
            }
            let (mut skus, mut page_token) = (Vec::new(), String::new());
            loop {
                let page = v1::ListSkusRequest { page_size: PAGE, page_token };
                let page = client.list_skus(asked(page, &metadata)).await?.into_inner();
                skus.extend(page.skus.into_iter().map(|sku| Sku {
                    code: sku.sku,
                    multiple_micros: sku.multiple_micros,
                    minimum_micros: sku.minimum_micros,
                }));
                page_token = page.next_page_token;
                if page_token.is_empty() || skus.len() >= MOST {
                    break;
                }
            }
            Ok((contracts, skus))
        })?;
        Self::of(contracts, skus, chosen, "the server")
    }

    /// Reads `contracts.csv` and `skus.csv`.
    ///
    /// # Errors
    /// Where a file is not there or has no such columns.
    pub fn of_files(folder: &Path, chosen: Contracts) -> Result<Self, Failure> {
        let contracts = rows(&folder.join("contracts.csv"), "contract", |code, _| code);
        let skus = rows(&folder.join("skus.csv"), "sku", |code, cell| {
            let micros = |column: &str| Micros::parse(&cell(column)).map_or(0, |micros| micros.0);
            Sku { code, multiple_micros: micros("multiple"), minimum_micros: micros("minimum") }
        });
        match (contracts, skus) {
            (Ok(contracts), Ok(skus)) => Self::of(contracts, skus, chosen, &folder.display().to_string()),
            (contracts, skus) => {
                let wrong: Vec<String> = [contracts.err(), skus.err()].into_iter().flatten().collect();
                Err(Failure::new(NOT_FOUND, wrong.join("\nquoin: ")))
            }
        }
    }

    fn of(contracts: Vec<String>, skus: Vec<Sku>, chosen: Contracts, source: &str) -> Result<Self, Failure> {
        for (missing, what) in [(contracts.is_empty(), "contract"), (skus.is_empty(), "SKU")] {
            if missing {
                return Err(Failure::new(REFUSED, format!("{source} has no {what} to draw carts of")));
            }
        }
        let zipf = (chosen == Contracts::Zipf).then(|| Zipf::new(contracts.len()));
        Ok(Self { contracts, skus, zipf })
    }

    /// How many contracts and SKUs there are.
    pub fn counts(&self) -> (usize, usize) {
        (self.contracts.len(), self.skus.len())
    }

    /// A cart of so many lines, encoded.
    pub fn cart(&self, chance: &mut Chance, lines: u32) -> Bytes {
        let contract = match &self.zipf {
            Some(zipf) => self.contracts.get(zipf.draw(chance)),
            None => drawn(&self.contracts, chance),
        };
        let line = |number: u32, chance: &mut Chance| {
            let sku = drawn(&self.skus, chance)?;
            Some(v1::CartLine {
                id: number.to_string(),
                sku_ref: Some(SkuRef::Sku(sku.code.clone())),
                quantity_micros: sku.quantity(chance),
                ..v1::CartLine::default()
            })
        };
        let cart = v1::PriceCartRequest {
            contract: contract.cloned().unwrap_or_default(),
            lines: (1..=lines).filter_map(|number| line(number, chance)).collect(),
            view: v1::CartView::Basic.into(),
            ..v1::PriceCartRequest::default()
        };
        cart.encode_to_vec().into()
    }
}

fn asked<T>(message: T, metadata: &MetadataMap) -> Request<T> {
    let mut request = Request::new(message);
    *request.metadata_mut() = metadata.clone();
    request
}

/// What is made of every row of a file that has something in a column, and of its other cells by column.
fn rows<T>(
    path: &Path,
    column: &str,
    make: impl Fn(String, &dyn Fn(&str) -> String) -> T,
) -> Result<Vec<T>, String> {
    let wrong = |why: String| format!("{}: {why}", path.display());
    let mut reader = csv::Reader::from_path(path).map_err(|error| wrong(error.to_string()))?;
    let columns = reader.headers().map_err(|error| wrong(error.to_string()))?.clone();
    let place = |column: &str| columns.iter().position(|found| found == column);
    let code = place(column).ok_or_else(|| wrong(format!("has no column \"{column}\"")))?;
    let mut made = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| wrong(error.to_string()))?;
        let cell = |column: &str| place(column).and_then(|at| record.get(at)).unwrap_or_default().to_owned();
        if let Some(code) = record.get(code).filter(|code| !code.is_empty()) {
            made.push(make(code.to_owned(), &cell));
        }
    }
    Ok(made)
}

fn drawn<'i, T>(items: &'i [T], chance: &mut Chance) -> Option<&'i T> {
    let bound = u32::try_from(items.len()).unwrap_or(u32::MAX);
    items.get(usize::try_from(chance.below(bound)).ok()?)
}
