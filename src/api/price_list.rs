//! How does a price list cross the wire, and who may know of it?

use crate::domain::catalogue::Catalogue;
use crate::domain::price_list::PriceList;
use crate::engine::caller::Caller;

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

/// Nobody's own, or of a contract that the caller may see?
#[must_use]
pub fn may_see(list: &PriceList, catalogue: &Catalogue, caller: &Caller) -> bool {
    owner(list, catalogue).is_none_or(|contract| caller.may_see(contract))
}
