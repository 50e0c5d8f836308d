//! Which tax is on what, since when?

use crate::policy::syntax::{Tax, TaxRate};

use super::fields::Fields;
use super::reading::{Noun, Reading};
use super::rule::id;
use super::selection::selection;
use super::tree::Child;
use super::values;

const KEYS: &[&str] = &["id", "class", "contracts", "priority", "rates"];

pub(super) fn tax(child: &Child, r: &mut Reading<'_>) -> Option<Tax> {
    let fields = Fields::of(child, "tax", KEYS, r)?;
    let id = id(&fields, Noun::Tax, r);
    let class = fields.needed("class", r, values::id);
    let contracts = fields.optional("contracts", r, selection).unwrap_or_default();
    let priority = fields.optional("priority", r, values::priority).unwrap_or_default();
    let rates = fields.need("rates", r).map(|child| rates(child, r)).unwrap_or_default();
    Some(Tax { id: id.unwrap_or_default(), class: class?, contracts, priority, rates, at: child.at })
}

fn rates(child: &Child, r: &mut Reading<'_>) -> Vec<TaxRate> {
    let mut rates: Vec<TaxRate> = Vec::new();
    for item in values::some_items("rates", child, r) {
        let Some(fields) = Fields::read(item, "rate", &["from", "percent"], r) else { continue };
        let from = fields.optional("from", r, values::date).map(|(at, _)| at);
        let percent = fields.needed("percent", r, values::amount);
        let from_is_read = from.is_some() || !fields.has("from");
        let (Some(percent), true) = (percent, from_is_read) else { continue };
        // a rate without a begin always held, so that it comes before all others
        if rates.last().is_some_and(|before| before.from >= from) {
            let message = "rate: it does not begin after the rate before it";
            r.error(fields.place("from"), "rates-out-of-order", message);
        }
        rates.push(TaxRate { from, percent });
    }
    rates
}
