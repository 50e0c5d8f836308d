//! Which prices are shown beside the buyer's own?

use crate::policy::syntax::ShownPrice;

use super::fields::Fields;
use super::reading::{Noun, Reading};
use super::rule::{id, name};
use super::selection::selection;
use super::tree::Child;
use super::values;

const KEYS: &[&str] = &["id", "name", "list", "contracts"];

pub(super) fn shown_price(child: &Child, r: &mut Reading<'_>) -> Option<ShownPrice> {
    let fields = Fields::of(child, "shown price", KEYS, r)?;
    let id = id(&fields, Noun::ShownPrice, r);
    let name = name(&fields, id.as_ref(), r);
    let list = fields.needed("list", r, values::id);
    let contracts = fields.optional("contracts", r, selection).unwrap_or_default();
    Some(ShownPrice { id: id.unwrap_or_default(), name, list: list?, contracts, at: child.at })
}
