//! How do master data come in and go out? One typed row a kind, read and written by one reader and one writer.
//!
//! Ids are still names here: whether they are known is the engine's to say.

mod access;
mod contracts;
mod counterparties;
mod market;
mod price_lists;
mod reader;
mod row;
mod skus;
mod units;
mod written;

pub use access::AccessRow;
pub use contracts::ContractRow;
pub use counterparties::CounterpartyRow;
pub use market::{ExchangeRateRow, IndexValueRow};
pub use price_lists::PriceListRow;
pub use reader::{MasterRow, Numbered, read_rows};
pub use row::Row;
pub use skus::{SkuRow, SkuUnitRow};
pub use units::UnitRow;
