//! Is it only by its id that a tax holds, or are there goods of a class without any tax?

use std::collections::BTreeMap;

use roaring::RoaringBitmap;

use crate::policy::syntax::Tax;

use super::super::ground::Ground;
use super::super::report::{Report, several, show};
use super::super::sets::SetNo;

/// A tax and the contracts that it is for.
type Held<'a> = (&'a Tax, SetNo);

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    let taxes = ground.policy.taxes.iter().zip(&ground.tax_contracts);
    let mut alike: BTreeMap<(&str, i32), Vec<Held<'_>>> = BTreeMap::new();
    for (tax, contracts) in taxes {
        alike.entry((&tax.class, tax.priority)).or_default().push((tax, *contracts));
    }
    for taxes in alike.values() {
        ties(ground, report, taxes);
    }
    untaxed(ground, report);
}

fn ties(ground: &Ground<'_>, report: &mut Report, taxes: &[Held<'_>]) {
    let mut seen = RoaringBitmap::new();
    for (position, (tax, contracts)) in taxes.iter().enumerate() {
        let set = ground.contracts.get(*contracts);
        let before = if set.is_disjoint(&seen) { &[] } else { taxes.get(..position).unwrap_or(&[]) };
        seen |= set;
        let other = before.iter().find(|(_, other)| ground.contracts.overlap(*other, *contracts));
        if let Some((other, shared)) = other {
            let common = set & ground.contracts.get(*shared);
            let names = several(ground.contracts.index.codes(&common), common.len());
            let message = format!(
                "taxes {} and {} are both for class {} and contract {names}: the lower id holds",
                show(&other.id),
                show(&tax.id),
                show(&tax.class)
            );
            report.warn(tax.at, "tax-tie", message, "give the one that is meant a higher priority");
        }
    }
}

/// Of a policy that states no tax at all this is meant.
fn untaxed(ground: &Ground<'_>, report: &mut Report) {
    let Some(first) = ground.policy.taxes.first() else { return };
    for (class, goods) in ground.goods.index.tax_classes() {
        if ground.policy.taxes.iter().all(|tax| tax.class != class) {
            let names = several(ground.goods.index.codes(goods), goods.len());
            let message = format!("no tax is for class {}, which SKU {names} has", show(class));
            report.warn(first.at, "untaxed", message, "state its tax, with a rate of 0 where there is none");
        }
    }
}
