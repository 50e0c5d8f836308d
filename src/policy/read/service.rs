//! Which services are sold with goods, and at what price?

use crate::policy::syntax::{Service, ServicePer};

use super::fields::Fields;
use super::reading::{Noun, Reading};
use super::rule::{id, name};
use super::selection::selection;
use super::tree::Child;
use super::values;

const KEYS: &[&str] = &["id", "name", "goods", "price", "per", "unit", "currency", "tax_class"];

pub(super) fn service(child: &Child, r: &mut Reading<'_>) -> Option<Service> {
    let fields = Fields::of(child, "service", KEYS, r)?;
    let id = id(&fields, Noun::Service, r);
    let name = name(&fields, id.as_ref(), r);
    let price = fields.needed("price", r, values::amount);
    let per = per(&fields, r);
    Some(Service {
        id: id.unwrap_or_default(),
        name,
        goods: fields.optional("goods", r, selection).unwrap_or_default(),
        price: price.unwrap_or_default(),
        per,
        currency: fields.optional("currency", r, values::currency),
        tax_class: fields.optional("tax_class", r, values::id),
        at: child.at,
    })
}

fn per(fields: &Fields<'_>, r: &mut Reading<'_>) -> ServicePer {
    let unit = fields.optional("unit", r, values::id);
    let words = [("each", ServicePer::Each), ("line", ServicePer::Line), ("unit", ServicePer::Unit(None))];
    let words = words.each_ref().map(|(word, per)| (*word, per));
    let per = match fields.get("per") {
        Some(child) => values::word("per", child, &words, r),
        None => Some(&ServicePer::Each),
    };
    match per {
        Some(ServicePer::Unit(_)) => ServicePer::Unit(unit),
        Some(other) => {
            fields.misplaced(&["unit"], "is for per: unit alone", r);
            other.clone()
        }
        None => ServicePer::Each,
    }
}
