//! How does a price list cross the wire?

use crate::domain::catalogue::Catalogue;
use crate::domain::price_list::PriceList;

use super::v1;

/// A price list.
#[must_use]
pub fn list_of(list: &PriceList, catalogue: &Catalogue) -> v1::PriceList {
    v1::PriceList {
        price_list: list.code.clone(),
        handle: list.id.0,
        name: list.name.clone(),
        currency: list.currency.code().to_owned(),
        contract: owner(list, catalogue).unwrap_or_default().to_owned(),
        tax_included: list.gross,
    }
}

fn owner<'a>(list: &PriceList, catalogue: &'a Catalogue) -> Option<&'a str> {
    list.owner.and_then(|id| catalogue.contract(id)).map(|contract| contract.code.as_str())
}
