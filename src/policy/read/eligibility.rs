//! Who may buy what?

use crate::policy::syntax::{Assortment, Eligibility, Exclusion, Inclusion, Licence};

use super::fields::Fields;
use super::reading::{Noun, Reading};
use super::rule::id;
use super::selection::selection;
use super::tree::Child;
use super::values;

/// Adds what one file says to what the others said.
pub(super) fn eligibility(child: &Child, into: &mut Eligibility, r: &mut Reading<'_>) {
    let keys = &["assortments", "inclusions", "exclusions", "licences"];
    let Some(fields) = Fields::read(child, "eligibility", keys, r) else { return };
    let items = |key: &str| fields.get(key).map_or(&[][..], |child| values::items(child));
    into.assortments.extend(items("assortments").iter().filter_map(|item| assortment(item, r)));
    into.inclusions.extend(items("inclusions").iter().filter_map(|item| inclusion(item, r)));
    into.exclusions.extend(items("exclusions").iter().filter_map(|item| exclusion(item, r)));
    into.licences.extend(items("licences").iter().filter_map(|item| licence(item, r)));
}

fn assortment(child: &Child, r: &mut Reading<'_>) -> Option<Assortment> {
    let fields = Fields::of(child, "assortment", &["id", "contracts", "goods", "reason"], r)?;
    let id = id(&fields, Noun::Assortment, r);
    let contracts = fields.optional("contracts", r, selection).unwrap_or_default();
    let goods = fields.optional("goods", r, selection).unwrap_or_default();
    let reason = fields.needed("reason", r, values::label);
    Some(Assortment { id: id?, contracts, goods, reason: reason?, at: child.at })
}

fn inclusion(child: &Child, r: &mut Reading<'_>) -> Option<Inclusion> {
    let fields = Fields::of(child, "inclusion", &["id", "contracts", "goods"], r)?;
    let id = id(&fields, Noun::Inclusion, r);
    let contracts = fields.optional("contracts", r, selection).unwrap_or_default();
    let goods = fields.optional("goods", r, selection).unwrap_or_default();
    Some(Inclusion { id: id?, contracts, goods, at: child.at })
}

fn exclusion(child: &Child, r: &mut Reading<'_>) -> Option<Exclusion> {
    let fields = Fields::of(child, "exclusion", &["id", "contracts", "goods", "reason"], r)?;
    let id = id(&fields, Noun::Exclusion, r);
    let contracts = fields.optional("contracts", r, selection).unwrap_or_default();
    let goods = fields.optional("goods", r, selection).unwrap_or_default();
    let reason = fields.needed("reason", r, values::label);
    Some(Exclusion { id: id?, contracts, goods, reason: reason?, at: child.at })
}

fn licence(child: &Child, r: &mut Reading<'_>) -> Option<Licence> {
    let fields = Fields::of(child, "licence", &["id", "goods", "attribute", "reason"], r)?;
    let id = id(&fields, Noun::Licence, r);
    let goods = fields.optional("goods", r, selection).unwrap_or_default();
    let attribute = fields.needed("attribute", r, values::id);
    let reason = fields.needed("reason", r, values::label);
    Some(Licence { id: id?, goods, attribute: attribute?, reason: reason?, at: child.at })
}
