//! Does a name, a description or a whole selection match nothing now? It is accepted: goods and contracts may come
//! later. Unknown categories, price lists and groups are errors elsewhere and not told again.

use crate::policy::syntax::{AllOf, ContractCriterion, Selection, SkuCriterion};

use super::super::criterion::Criterion;
use super::super::ground::Ground;
use super::super::places::{Owner, Place};
use super::super::report::{Report, several, show};
use super::super::sets::{Index, SetNo, Sets};

/// Known names among which the one that was meant may be.
type Near<'a> = Box<dyn Iterator<Item = &'a str> + 'a>;

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    let known = |criterion: &SkuCriterion, value: &str| match criterion {
        SkuCriterion::Category(_) => ground.catalogue.categories.number(value).is_some(),
        SkuCriterion::List(_) => ground.catalogue.lists.number(value).is_some(),
        _ => true,
    };
    each(&ground.goods, &ground.goods_places, report, &known, &|asked| near_goods(ground, asked));
    each(&ground.contracts, &ground.contract_places, report, &|_, _| true, &|asked| {
        near_contracts(ground, asked)
    });
    for tax in &ground.policy.taxes {
        let of_goods = ground.goods.index.tax_classes().any(|(class, _)| class == tax.class);
        let of_service = ground.policy.services.iter().any(|one| one.tax_class.as_ref() == Some(&tax.class));
        if !of_goods && !of_service {
            let known = ground.goods.index.tax_classes().map(|(class, _)| class);
            let hint = report.suggest(&tax.class, known, "mend the class, or import it with SKUs");
            let message = format!("tax {}: nothing is of class {}", show(&tax.id), show(&tax.class));
            report.warn(tax.at, "matches-nothing", message, hint);
        }
    }
}

fn near_goods<'g>(ground: &'g Ground<'_>, criterion: &SkuCriterion) -> Near<'g> {
    match criterion {
        SkuCriterion::Brand(_) => Box::new(ground.catalogue.brands.iter().map(|brand| brand.code.as_str())),
        SkuCriterion::Attribute { name, .. } => Box::new(ground.goods.index.attribute_values(name)),
        SkuCriterion::TaxClass(_) => Box::new(ground.goods.index.tax_classes().map(|(class, _)| class)),
        _ => Box::new(std::iter::empty()),
    }
}

fn near_contracts<'g>(ground: &'g Ground<'_>, criterion: &ContractCriterion) -> Near<'g> {
    match criterion {
        ContractCriterion::Attribute { name, .. } => Box::new(ground.contracts.index.attribute_values(name)),
        _ => Box::new(std::iter::empty()),
    }
}

fn each<'a, I: Index>(
    sets: &Sets<'_, I>,
    places: &[Place<'_, I::Criterion>],
    report: &mut Report,
    known: &dyn Fn(&I::Criterion, &str) -> bool,
    near: &dyn Fn(&I::Criterion) -> Near<'a>,
) {
    for (owner, selection) in places {
        let mut told = false;
        for description in selection.any.iter().chain(&selection.except) {
            for criterion in description.criteria.iter().filter(|criterion| !criterion.is_group()) {
                told |= names(sets, report, (*owner, description, criterion), known, near);
            }
        }
        if told || selection.any.iter().any(|one| has_empty_group(sets, one)) {
            continue;
        }
        whole(sets, report, *owner, selection);
    }
}

/// Tells the values of a criterion that nothing has; true where some were, here or by an error elsewhere.
fn names<'a, I: Index>(
    sets: &Sets<'_, I>,
    report: &mut Report,
    (owner, description, criterion): (Owner<'_>, &AllOf<I::Criterion>, &I::Criterion),
    known: &dyn Fn(&I::Criterion, &str) -> bool,
    near: &dyn Fn(&I::Criterion) -> Near<'a>,
) -> bool {
    let mut scratch = roaring::RoaringBitmap::new();
    let (things, kind) = (I::Criterion::THINGS, criterion.kind());
    if criterion.values().is_empty() {
        if sets.index.add(criterion, None, &mut scratch) {
            return false;
        }
        let message = format!("{owner}: no {things} have the {kind}");
        report.warn(description.at, "matches-nothing", message, "mend the name, or import the attribute");
        return true;
    }
    let unmatched = criterion.values().iter().map(String::as_str);
    let unmatched: Vec<&str> =
        unmatched.filter(|value| !sets.index.add(criterion, Some(value), &mut scratch)).collect();
    let new: Vec<&str> = unmatched.iter().copied().filter(|value| known(criterion, value)).collect();
    if let Some(first) = new.first() {
        let count = u64::try_from(new.len()).unwrap_or(u64::MAX);
        let hint = match count {
            1 => report.suggest(first, near(criterion), "mend the name, or import what has it"),
            _ => "mend the names, or import what has them".to_owned(),
        };
        let message = format!("{owner}: {kind} {} matches no {things}", several(new.iter().copied(), count));
        report.warn(description.at, "matches-nothing", message, hint);
    }
    !unmatched.is_empty()
}

/// Tells descriptions of which each criterion matches something, and all together nothing.
fn whole<I: Index>(
    sets: &Sets<'_, I>,
    report: &mut Report,
    owner: Owner<'_>,
    selection: &Selection<I::Criterion>,
) {
    let things = I::Criterion::THINGS;
    let everything = !sets.get(SetNo::EVERYTHING).is_empty();
    let mut left = selection.any.is_empty() && everything;
    for description in &selection.any {
        // One criterion alone matches something: its names were looked at.
        let is_empty = description.criteria.len() > 1 && sets.of_description(description).is_empty();
        left |= !is_empty;
        if is_empty {
            let message = format!("{owner}: no {things} meet all of this description at once");
            let hint = "write two descriptions where one of them should do";
            report.warn(description.at, "matches-nothing", message, hint);
        }
    }
    if left && !selection.except.is_empty() && sets.matched(selection).is_empty() {
        let message = format!("{owner}: all {things} that it describes are excepted again");
        report.warn(selection.at, "matches-nothing", message, "mend `any` or `except`");
    }
}

/// A group that came to nothing is told where it stands.
fn has_empty_group<I: Index>(sets: &Sets<'_, I>, description: &AllOf<I::Criterion>) -> bool {
    let mut groups = description.criteria.iter().filter(|criterion| criterion.is_group());
    groups.any(|criterion| sets.of_criterion(criterion).is_empty())
}
