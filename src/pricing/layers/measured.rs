//! What do measures come to where a layer begins? (Rules M1 to M5.) Each is summed once a layer, when a rule asks.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::domain::exact::Exact;
use crate::domain::ids::{CategoryId, SkuId};
use crate::policy::compiled::{CompiledMeasure, CompiledWhat, MeasureNo, UnitRef};
use crate::policy::syntax::{AmountOf, Scope};

use super::cart::{Cart, Line};

/// Where a measure stands: T before the cart, and what the cart adds.
#[derive(Debug, Clone)]
pub(in crate::pricing) struct Stand {
    pub(in crate::pricing) before: Exact,
    pub(in crate::pricing) added: Exact,
}

impl Stand {
    pub(in crate::pricing) fn after(&self) -> Exact {
        self.before.plus(&self.added)
    }
}

/// The measures of a layer.
#[derive(Debug, Default)]
pub(in crate::pricing) struct Measures {
    /// What the lines of the cart add to sums over more than one: all of them, once one is asked for.
    sums: Option<HashMap<MeasureNo, Exact, FixedState>>,
    of_cart: BTreeMap<MeasureNo, Stand>,
    of_sku: BTreeMap<(MeasureNo, SkuId), Stand>,
}

impl Measures {
    /// Where a measure stands for a line; `None` where the line is among its goods and cannot be measured.
    pub(in crate::pricing) fn stand(
        &mut self,
        cart: &Cart<'_>,
        lines: &[Line<'_>],
        line: &Line<'_>,
        number: MeasureNo,
    ) -> Option<Stand> {
        let measure = cart.policy.measure(number)?;
        match measure.scope {
            Scope::Line | Scope::Sku if !counts(cart, line, measure) => {
                Some(Stand { before: Exact::ZERO, added: Exact::ZERO })
            }
            Scope::Line => Some(Stand { before: Exact::ZERO, added: of_line(cart, line, measure)? }),
            Scope::Sku => {
                of_line(cart, line, measure)?;
                let sku = line.order.sku;
                let stand = self.of_sku.entry((number, sku)).or_insert_with(|| {
                    let same = lines.iter().filter(|other| other.order.sku == sku && !other.overflowed);
                    Stand { before: Exact::ZERO, added: sum(cart, same, (number, measure)) }
                });
                Some(stand.clone())
            }
            Scope::Group | Scope::Cart | Scope::Period(_) => {
                if !self.is_measurable(cart, line, number) {
                    return None;
                }
                Some(self.of_cart(cart, lines, number, measure))
            }
        }
    }

    /// Can a line be measured, where it is among the goods of a measure over more than lines?
    pub(in crate::pricing) fn is_measurable(
        &self,
        cart: &Cart<'_>,
        line: &Line<'_>,
        number: MeasureNo,
    ) -> bool {
        let Some(measure) = cart.policy.measure(number) else { return false };
        matches!(measure.what, CompiledWhat::Amount(_) | CompiledWhat::Skus)
            || !counts(cart, line, measure)
            || of_line(cart, line, measure).is_some()
    }

    /// Where a measure over more than lines stands.
    pub(in crate::pricing) fn of_cart(
        &mut self,
        cart: &Cart<'_>,
        lines: &[Line<'_>],
        number: MeasureNo,
        measure: &CompiledMeasure,
    ) -> Stand {
        let stand = self.of_cart.entry(number).or_insert_with(|| {
            let before = if matches!(measure.scope, Scope::Period(_)) {
                cart.before.position(number)
            } else {
                Exact::ZERO
            };
            if !measure.counts_cart() {
                return Stand { before, added: Exact::ZERO };
            }
            if measure.is_sum() {
                let sums = self.sums.get_or_insert_with(|| sums(cart, lines));
                return Stand { before, added: sums.get(&number).cloned().unwrap_or(Exact::ZERO) };
            }
            let counted = lines.iter().filter(|line| counts(cart, line, measure));
            Stand { before, added: sum(cart, counted, (number, measure)) }
        });
        stand.clone()
    }
}

/// Is a line among the measure's goods?
pub(in crate::pricing) fn counts(cart: &Cart<'_>, line: &Line<'_>, measure: &CompiledMeasure) -> bool {
    !line.overflowed && cart.policy.holds(line.class, measure.counted())
}

/// What all lines add to the sums that they count in.
fn sums(cart: &Cart<'_>, lines: &[Line<'_>]) -> HashMap<MeasureNo, Exact, FixedState> {
    let mut sums: HashMap<MeasureNo, Exact, FixedState> = HashMap::default();
    for line in lines.iter().filter(|line| !line.overflowed) {
        let Some(applicable) = line.applicable else { continue };
        for number in applicable.measures.iter() {
            let measure = cart.policy.measure(*number);
            if let Some(by) = measure.and_then(|measure| of_line(cart, line, measure)) {
                sums.entry(*number).and_modify(|sum| *sum = sum.plus(&by)).or_insert(by);
            }
        }
    }
    sums
}

fn sum<'l>(
    cart: &Cart<'_>,
    lines: impl Iterator<Item = &'l Line<'l>>,
    (number, measure): (MeasureNo, &CompiledMeasure),
) -> Exact {
    let catalogue = cart.terms.catalogue;
    match &measure.what {
        CompiledWhat::Skus => {
            let skus: BTreeSet<SkuId> = lines.map(|line| line.order.sku).collect();
            let new = skus.into_iter().filter(|sku| !cart.before.has_sku(number, *sku, catalogue));
            whole(new.count())
        }
        CompiledWhat::Categories(level) => {
            let deepest: BTreeSet<CategoryId> =
                lines.filter_map(|line| line.order.facts.category()).collect();
            let paths: BTreeSet<&str> = deepest
                .into_iter()
                .filter_map(|category| catalogue.categories.get(category.0))
                .map(|category| upto(&category.path, *level))
                .collect();
            let new = paths.into_iter().filter(|path| !cart.before.has_category(number, path, catalogue));
            whole(new.count())
        }
        _ => lines
            .filter_map(|line| of_line(cart, line, measure))
            .fold(Exact::ZERO, |sum, measure| sum.plus(&measure)),
    }
}

fn whole(count: usize) -> Exact {
    Exact::whole(i64::try_from(count).unwrap_or(i64::MAX))
}

/// The path down to a level, the root being 1.
fn upto(path: &str, level: Option<u8>) -> &str {
    let Some(level) = level else { return path };
    let end = path.match_indices('/').nth(usize::from(level).saturating_sub(1));
    end.and_then(|(at, _)| path.get(..at)).unwrap_or(path)
}

/// What one line measures; `None` where it cannot be measured.
pub(in crate::pricing) fn of_line(
    cart: &Cart<'_>,
    line: &Line<'_>,
    measure: &CompiledMeasure,
) -> Option<Exact> {
    let one = || Exact::ONE;
    match &measure.what {
        CompiledWhat::Quantity(unit) => Some(line.quantity.times(&line.units_of(cart, *unit)?)),
        CompiledWhat::Weight(unit) => match line.details.and_then(|details| details.weight) {
            Some((weight, stated)) => {
                let stated = cart.terms.catalogue.unit_id(stated)?;
                if UnitRef::Unit(stated) == *unit {
                    return Some(Exact::from(weight));
                }
                let UnitRef::Unit(unit) = *unit else { return None };
                let sku = cart.terms.catalogue.sku(line.order.sku)?;
                let times = sku.factor(stated)?.in_terms_of(sku.factor(unit)?).ok()?;
                Some(Exact::from(weight).times(&times))
            }
            None => Some(line.quantity.times(&line.units_of(cart, *unit)?)),
        },
        CompiledWhat::Amount(AmountOf::List) => {
            let list = line.list.as_ref().map_or(&line.contract, |(_, list)| list);
            Some(list.amount(&line.quantity))
        }
        CompiledWhat::Amount(AmountOf::Contract) => Some(line.contract.amount(&line.quantity)),
        CompiledWhat::Amount(AmountOf::Net) => Some(line.entering.amount(&line.quantity)),
        CompiledWhat::Skus => Some(one()),
        CompiledWhat::Categories(_) => line.order.facts.category().map(|_| one()),
        CompiledWhat::Attribute(name) => line.number(cart, name).map(Exact::from),
        // Of documents alone: no rule measures them.
        CompiledWhat::Amount(AmountOf::Gross)
        | CompiledWhat::Margin
        | CompiledWhat::Costed
        | CompiledWhat::Planned(_)
        | CompiledWhat::Receivables => None,
    }
}
