//! Which rules hold for which lines? Circumstances of the cart are judged once a cart, those of a line line by line.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::domain::exact::Exact;
use crate::domain::rounding::RoundingMode;
use crate::policy::RuleNo;
use crate::policy::compiled::{ClassNo, CompiledPart, CompiledRule, Unmet};
use crate::policy::syntax::{LineTest, RuleLayer};
use crate::pricing::losers::RuleLoss;

use super::cart::{Cart, Line};
use super::trace::Trace;

/// What was judged of a cart so far.
#[derive(Debug, Default)]
pub(in crate::pricing) struct Verdicts {
    /// Complete sets of a rule's bundle.
    sets: BTreeMap<RuleNo, Exact>,
    /// By class of SKUs: the rules that can touch it.
    candidates: BTreeMap<ClassNo, Rc<[RuleNo]>>,
}

/// Why the circumstances of the cart do not do; `None` where they do.
fn of_cart(cart: &Cart<'_>, rule: &CompiledRule) -> Option<RuleLoss> {
    if rule.currency.is_some_and(|currency| currency != cart.facts.contract.currency) {
        return Some(RuleLoss::OtherCurrency);
    }
    let when = usize::try_from(rule.when.0).ok().and_then(|number| cart.policy.whens().get(number))?;
    when.unmet(&cart.facts).map(|unmet| match unmet {
        Unmet::Channel => RuleLoss::Channel,
        Unmet::DeliveryBasis => RuleLoss::DeliveryBasis,
        Unmet::PaymentTerms => RuleLoss::PaymentTerms,
        Unmet::Coupon => RuleLoss::Coupon,
        Unmet::Level => RuleLoss::Level,
        Unmet::Held => RuleLoss::Held,
        Unmet::NotHeld => RuleLoss::NotHeld,
        Unmet::FirstOrder => RuleLoss::FirstOrder,
        Unmet::Dates => RuleLoss::OutsideDates,
    })
}

impl Verdicts {
    /// The rules that can touch a class, whether or not they stand.
    fn candidates(&mut self, cart: &Cart<'_>, class: ClassNo) -> Rc<[RuleNo]> {
        let known = self.candidates.entry(class);
        Rc::clone(known.or_insert_with(|| cart.policy.candidates(cart.program, class).rules.into()))
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
        let part = rule.together.iter().find(|part| is_of(cart, line, part))?;
        let taken = self.sets(cart, lines, number, rule).times(&Exact::from(part.quantity));
        let share = taken.over(&in_cart(cart, lines, part)).ok()?;
        let one = Exact::ONE;
        Some(if share.compare(&one).is_gt() { one } else { share })
    }
}

/// Does a line count in a part: is it among its goods, and measured in its unit?
fn is_of(cart: &Cart<'_>, line: &Line<'_>, part: &CompiledPart) -> bool {
    cart.policy.holds(line.class, part.goods) && line.units_of(cart, part.unit).is_some()
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

/// Gives every line its rules of a layer, in the order of their turns.
pub(in crate::pricing) fn hold<T: Trace>(
    cart: &Cart<'_>,
    lines: &mut [Line<'_>],
    layer: RuleLayer,
    verdicts: &mut Verdicts,
    trace: &mut T,
) {
    for at in 0..lines.len() {
        let Some(line) = lines.get(at) else { continue };
        let standing = line.applicable.filter(|_| !line.overflowed).map(|of| of.layer(layer));
        let rules = match standing {
            None => Cow::Borrowed(&[] as &[RuleNo]),
            Some(standing) => {
                let barred = line.no_discount && layer != RuleLayer::Surcharge;
                if !standing.conditional && !barred && !T::LISTENS {
                    Cow::Borrowed(&*standing.rules)
                } else {
                    tell_dismissed(cart, line, layer, verdicts, trace);
                    let rules = standing.rules.iter().copied();
                    let met = rules.filter(|number| match unmet(cart, lines, line, *number, verdicts) {
                        None => true,
                        Some(reason) => {
                            line.lose(*number, reason, trace);
                            false
                        }
                    });
                    Cow::Owned(met.collect())
                }
            }
        };
        let Some(line) = lines.get_mut(at) else { continue };
        // Rules of the cart find their lines: a line that has no others is not taken through them.
        line.next = if standing.is_some_and(|standing| standing.has_of_line) { 0 } else { rules.len() };
        line.rules = rules;
        line.stopped = None;
        line.entering = line.running.clone();
        if layer == RuleLayer::Surcharge && !line.rules.is_empty() {
            let discounted = Some(line.amount());
            line.extra.make().discounted = discounted;
        }
    }
}

/// Tells of the rules of a layer whose circumstances are not met.
pub(in crate::pricing) fn tell_dismissed<T: Trace>(
    cart: &Cart<'_>,
    line: &Line<'_>,
    layer: RuleLayer,
    verdicts: &mut Verdicts,
    trace: &mut T,
) {
    if !T::LISTENS {
        return;
    }
    for number in verdicts.candidates(cart, line.class).iter() {
        let Some(rule) = cart.policy.compiled(*number).filter(|rule| rule.layer == layer) else { continue };
        if let Some(reason) = of_cart(cart, rule) {
            line.lose(*number, reason, trace);
        }
    }
}

/// Why a rule whose circumstances are met does not hold for a line; `None` where it does.
pub(in crate::pricing) fn unmet(
    cart: &Cart<'_>,
    lines: &[Line<'_>],
    line: &Line<'_>,
    number: RuleNo,
    verdicts: &mut Verdicts,
) -> Option<RuleLoss> {
    let rule = cart.policy.compiled(number)?;
    if line.no_discount && rule.layer != RuleLayer::Surcharge {
        return Some(RuleLoss::NoDiscount);
    }
    if let Some(reason) = of_line(cart, line, rule) {
        return Some(reason);
    }
    if !rule.together.is_empty() {
        let sets = verdicts.sets(cart, lines, number, rule);
        if !sets.is_positive() {
            return Some(RuleLoss::NotTogether);
        }
        if rule.sets && !rule.together.iter().any(|part| is_of(cart, line, part)) {
            return Some(RuleLoss::NotTogether);
        }
    }
    None
}

/// Why what the line says of itself does not do.
pub(in crate::pricing) fn of_line(cart: &Cart<'_>, line: &Line<'_>, rule: &CompiledRule) -> Option<RuleLoss> {
    let met = |asked: &[String], stated: &str| asked.is_empty() || asked.iter().any(|asked| asked == stated);
    if !met(&rule.warehouse, line.warehouse(cart)) {
        return Some(RuleLoss::Warehouse);
    }
    if !met(&rule.fulfilment, line.fulfilment(cart)) {
        return Some(RuleLoss::Fulfilment);
    }
    let met = rule.line.iter().all(|condition| match &condition.test {
        LineTest::OneOf(values) => {
            line.characteristic(cart, &condition.attribute).is_some_and(|stated| values.contains(&stated))
        }
        LineTest::Between { from, to } => line
            .number(cart, &condition.attribute)
            .is_some_and(|number| from.is_none_or(|from| from <= number) && to.is_none_or(|to| number <= to)),
    });
    (!met).then_some(RuleLoss::Characteristic)
}
