//! Which rules hold for which lines? Circumstances of the cart are judged once a cart, those of a line line by line.

use std::collections::BTreeMap;

use crate::domain::exact::Exact;
use crate::domain::rounding::RoundingMode;
use crate::policy::RuleNo;
use crate::policy::compiled::{CompiledPart, CompiledRule, Unmet, WhenNo};
use crate::policy::syntax::{BenefitKind, LineTest, RuleLayer};
use crate::pricing::cart::RuleLoss;

use super::cart::{Cart, Line};
use super::trace::Trace;

/// What was judged of a cart so far.
#[derive(Debug, Default)]
pub(in crate::pricing) struct Verdicts {
    /// By circumstances: met or why not, once judged.
    whens: Vec<Option<Option<RuleLoss>>>,
    /// Complete sets of a rule's bundle.
    sets: BTreeMap<RuleNo, Exact>,
}

impl Verdicts {
    pub(in crate::pricing) fn new(cart: &Cart<'_>) -> Self {
        Self { whens: vec![None; cart.policy.whens().len()], sets: BTreeMap::new() }
    }

    /// Why the circumstances of the cart do not do; `None` where they do.
    pub(in crate::pricing) fn of_cart(&mut self, cart: &Cart<'_>, rule: &CompiledRule) -> Option<RuleLoss> {
        if rule.currency.is_some_and(|currency| currency != cart.facts.contract.currency) {
            return Some(RuleLoss::OtherCurrency);
        }
        let WhenNo(number) = rule.when;
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let slot = self.whens.get_mut(place)?;
        *slot.get_or_insert_with(|| {
            let when = cart.policy.whens().get(place)?;
            when.unmet(&cart.facts).map(|unmet| match unmet {
                Unmet::Channel => RuleLoss::Channel,
                Unmet::DeliveryBasis => RuleLoss::DeliveryBasis,
                Unmet::PaymentTerms => RuleLoss::PaymentTerms,
                Unmet::Coupon => RuleLoss::Coupon,
                Unmet::FirstOrder => RuleLoss::FirstOrder,
                Unmet::Dates => RuleLoss::OutsideDates,
            })
        })
    }

    /// Complete sets of a rule's bundle in the cart.
    fn sets(&mut self, cart: &Cart<'_>, lines: &[Line<'_>], number: RuleNo, rule: &CompiledRule) -> Exact {
        let sets = self.sets.entry(number).or_insert_with(|| complete_sets(cart, lines, &rule.together));
        sets.clone()
    }

    /// The share of its benefit that a line takes of a rule for complete sets: min(1, sets x needed / in the cart).
    pub(in crate::pricing) fn share_of_sets(
        &mut self,
        cart: &Cart<'_>,
        lines: &[Line<'_>],
        line: &Line<'_>,
        (number, rule): (RuleNo, &CompiledRule),
    ) -> Option<Exact> {
        let part = rule.together.iter().find(|part| cart.policy.holds(line.class, part.goods))?;
        let taken = self.sets(cart, lines, number, rule).times(&Exact::from(part.quantity));
        let share = taken.over(&in_cart(cart, lines, part)).ok()?;
        let one = Exact::Small { num: 1, den: 1 };
        Some(if share.compare(&one).is_gt() { one } else { share })
    }
}

/// How much of a part is in the cart.
fn in_cart(cart: &Cart<'_>, lines: &[Line<'_>], part: &CompiledPart) -> Exact {
    let of_part = lines.iter().filter(|line| !line.overflowed && cart.policy.holds(line.class, part.goods));
    let quantities = of_part.filter_map(|line| Some(line.quantity.times(&line.units_of(cart, part.unit)?)));
    quantities.fold(Exact::ZERO, |sum, quantity| sum.plus(&quantity))
}

fn complete_sets(cart: &Cart<'_>, lines: &[Line<'_>], parts: &[CompiledPart]) -> Exact {
    let sets = parts.iter().map(|part| {
        let sets = in_cart(cart, lines, part).over(&Exact::from(part.quantity)).unwrap_or(Exact::ZERO);
        let whole = sets.round(crate::domain::decimal::Micros::ONE, RoundingMode::Down);
        whole.map_or(Exact::ZERO, Exact::from)
    });
    sets.reduce(|least, sets| if sets.compare(&least).is_lt() { sets } else { least }).unwrap_or(Exact::ZERO)
}

/// Gives every line its rules of a layer, in their order. Rules that give service benefits are left to the services.
pub(in crate::pricing) fn hold<T: Trace>(
    cart: &Cart<'_>,
    lines: &mut [Line<'_>],
    layer: RuleLayer,
    verdicts: &mut Verdicts,
    trace: &mut T,
) {
    let mut rules: Vec<Vec<RuleNo>> = lines.iter_mut().map(|line| std::mem::take(&mut line.rules)).collect();
    for (line, rules) in lines.iter().zip(&mut rules) {
        rules.clear();
        let Some(candidates) = line.candidates.filter(|_| !line.overflowed) else { continue };
        for number in of_layer(cart, &candidates.rules, layer) {
            let Some(rule) = cart.policy.compiled(*number) else { continue };
            if matches!(rule.kind, BenefitKind::ServicePrice | BenefitKind::ServicePercent) {
                continue;
            }
            match unmet(cart, lines, line, (*number, rule), verdicts) {
                None => rules.push(*number),
                Some(reason) => line.lose(*number, reason, trace),
            }
        }
    }
    for (line, rules) in lines.iter_mut().zip(rules) {
        line.rules = rules;
        line.next = 0;
        line.stopped = None;
        line.entering = line.running.clone();
    }
}

/// The rules of a layer among rules in their order.
pub(in crate::pricing) fn of_layer<'r>(
    cart: &Cart<'_>,
    rules: &'r [RuleNo],
    layer: RuleLayer,
) -> &'r [RuleNo] {
    let layer_of = |number: &RuleNo| cart.policy.compiled(*number).map(|rule| rule.layer);
    let from = rules.partition_point(|number| layer_of(number) < Some(layer));
    let to = rules.partition_point(|number| layer_of(number) <= Some(layer));
    rules.get(from..to).unwrap_or_default()
}

/// Why a rule does not hold for a line; `None` where it does.
pub(in crate::pricing) fn unmet(
    cart: &Cart<'_>,
    lines: &[Line<'_>],
    line: &Line<'_>,
    (number, rule): (RuleNo, &CompiledRule),
    verdicts: &mut Verdicts,
) -> Option<RuleLoss> {
    if let Some(reason) = verdicts.of_cart(cart, rule) {
        return Some(reason);
    }
    if line.no_discount && rule.layer != RuleLayer::Surcharge {
        return Some(RuleLoss::NoDiscount);
    }
    if let Some(reason) = of_line(cart, line, rule) {
        return Some(reason);
    }
    if !rule.together.is_empty() {
        let sets = verdicts.sets(cart, lines, number, rule);
        if sets.compare(&Exact::ZERO).is_le() {
            return Some(RuleLoss::NotTogether);
        }
        if rule.sets && !rule.together.iter().any(|part| cart.policy.holds(line.class, part.goods)) {
            return Some(RuleLoss::NotTogether);
        }
    }
    None
}

/// Why what the line says of itself does not do.
pub(in crate::pricing) fn of_line(cart: &Cart<'_>, line: &Line<'_>, rule: &CompiledRule) -> Option<RuleLoss> {
    let met = |asked: &[String], stated: &str| asked.is_empty() || asked.iter().any(|asked| asked == stated);
    if !met(&rule.warehouse, line.warehouse) {
        return Some(RuleLoss::Warehouse);
    }
    if !met(&rule.fulfilment, line.fulfilment) {
        return Some(RuleLoss::Fulfilment);
    }
    let met = rule.line.iter().all(|condition| match &condition.test {
        LineTest::OneOf(values) => line
            .characteristic(cart, &condition.attribute)
            .is_some_and(|stated| values.iter().any(|value| value == stated)),
        LineTest::Between { from, to } => line
            .number(cart, &condition.attribute)
            .is_some_and(|number| from.is_none_or(|from| from <= number) && to.is_none_or(|to| number <= to)),
    });
    (!met).then_some(RuleLoss::Characteristic)
}
