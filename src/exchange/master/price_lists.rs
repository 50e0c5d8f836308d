//! What does a row of `price_lists` say?

use std::borrow::Cow;

use super::reader::MasterRow;
use super::row::Row;
use super::written::{choice, number, optional, text};
use crate::domain::currency::Currency;
use crate::exchange::fault::Refusal;
use crate::exchange::kind::Kind;

const TAX: [(&str, bool); 2] = [("excluded", false), ("included", true)];

/// A price list without its prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceListRow {
    /// External id.
    pub price_list: String,
    /// What a person reads.
    pub name: String,
    /// The currency of all its prices.
    pub currency: Currency,
    /// Whose individual list it is.
    pub contract: Option<String>,
    /// Do its prices include tax?
    pub gross: bool,
}

impl MasterRow for PriceListRow {
    const KIND: Kind = Kind::PriceLists;

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let price_list = row.id("price_list");
        let name = row.free_text("name");
        let currency = row.currency("currency");
        let contract = row.optional_id("contract");
        let gross = row.choice("tax", &TAX);
        Some(Self { price_list: price_list?, name, currency: currency?, contract, gross })
    }

    fn key(&self) -> Vec<Cow<'_, str>> {
        vec![text(&self.price_list)]
    }

    fn fields(&self) -> Result<Vec<Cow<'_, str>>, Refusal> {
        Ok(vec![
            text(&self.price_list),
            text(&self.name),
            number(self.currency),
            optional(self.contract.as_ref()),
            choice(self.gross, &TAX),
        ])
    }
}
