//! Where does a rule's measure stand for a line, and which tiers does it reach? (Rules T1 to T5 and M1 to M5.)

use std::collections::BTreeSet;

use quoin::domain::ladder::TierMode;
use quoin::policy::syntax::{
    AmountOf, Measure, PeriodWindow, Policy, Rule, RuleLayer, RuleMeasure, RuleTier, Scope, What,
};

use super::interpret::Model;
use super::line::Running;
use super::meeting;
use crate::ratio::Ratio;

/// What was bought before, and what the cart adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    pub before: Ratio,
    pub adds: Ratio,
}

/// The tiers that a position reaches, each with its share of what the cart adds.
pub struct Reached<'r> {
    pub tiers: Vec<(Ratio, &'r RuleTier)>,
    /// Do they cover all of it?
    pub all: bool,
}

/// A rule's measure with the name under which its position is told, and whether it is a named one.
pub fn of_rule<'p>(policy: &'p Policy, rule: &'p Rule) -> Option<(&'p str, &'p Measure, bool)> {
    match rule.measure.as_ref()? {
        RuleMeasure::Own(measure) => Some((&rule.id, measure, false)),
        RuleMeasure::Named(name, _) => Some((name, &policy.measures[name].measure, true)),
    }
}

/// A rule's ladder at a position; none where the rule has no measure.
pub fn reached<'r>(rule: &'r Rule, position: Option<&Position>) -> Reached<'r> {
    let one = || Ratio::whole(1);
    let Some(Position { before, adds }) = position else {
        return Reached { tiers: vec![(one(), &rule.tiers[0])], all: true };
    };
    let lower = |tier: &RuleTier| Ratio::from(tier.lower);
    if rule.mode == TierMode::Volume {
        let at = before + adds;
        let tier = rule.tiers.iter().rfind(|tier| lower(tier) <= at);
        let tier = tier.filter(|tier| tier.upper.is_none_or(|end| at <= end.into()));
        return Reached { all: tier.is_some(), tiers: tier.map(|tier| (one(), tier)).into_iter().collect() };
    }
    let end = |number: usize| {
        rule.tiers[number]
            .upper
            .or_else(|| rule.tiers.get(number + 1).map(|next| next.lower))
            .map(Ratio::from)
    };
    if adds.is_zero() {
        let below = |(number, tier): &(usize, &RuleTier)| {
            lower(tier) < *before && end(*number).is_none_or(|end| *before <= end)
        };
        let tier = rule.tiers.iter().enumerate().find(below);
        let tiers: Vec<_> = tier.map(|(_, tier)| (one(), tier)).into_iter().collect();
        return Reached { all: !tiers.is_empty(), tiers };
    }
    let mut tiers = Vec::new();
    let mut covered = Ratio::zero();
    for (number, tier) in rule.tiers.iter().enumerate() {
        let top = end(number).map_or(before + adds, |end| end.min(before + adds));
        let portion = top - lower(tier).max(before.clone());
        if portion.is_positive() {
            covered = covered + &portion;
            tiers.push((portion / adds, tier));
        }
    }
    Reached { all: covered == *adds, tiers }
}

impl Model<'_> {
    /// Where the rule's measure stands for a line: `Some(None)` where the rule has none, `None` where the line is among
    /// the measure's goods and cannot be measured. `lines` are all that count.
    pub fn position(&self, rule: &Rule, me: &Running<'_>, lines: &[Running<'_>]) -> Option<Option<Position>> {
        let Some((key, measure, named)) = of_rule(self.policy, rule) else { return Some(None) };
        let counts = |line: &Running<'_>| {
            let goods = match &measure.goods {
                _ if measure.over == Scope::Cart => None,
                Some(goods) => Some(goods),
                None if named => None,
                None => Some(&rule.goods),
            };
            goods.is_none_or(|goods| meeting::goods(self.shop, self.policy, goods, &line.line.sku))
        };
        if counts(me) && measured(measure, rule.layer, me).is_none() {
            return None;
        }
        let mut scope: Vec<&Running<'_>> = lines
            .iter()
            .filter(|line| counts(line))
            .filter(|line| match measure.over {
                Scope::Line => line.line.id == me.line.id,
                Scope::Sku => line.line.sku == me.line.sku,
                Scope::Group | Scope::Cart | Scope::Period(_) => true,
            })
            .collect();
        let nothing = (0, BTreeSet::new());
        let (value, members) = match measure.over {
            Scope::Period(period) => {
                if period.window == PeriodWindow::Previous {
                    scope.clear();
                }
                self.cart.positions.get(key).unwrap_or(&nothing)
            }
            Scope::Line | Scope::Sku | Scope::Group | Scope::Cart => &nothing,
        };
        let value = Ratio::new(*value, 1_000_000);
        let all = scope.iter().filter_map(|line| measured(measure, rule.layer, line));
        Some(Some(if matches!(measure.what, What::Skus | What::Categories { .. }) {
            let new: BTreeSet<String> = all
                .filter_map(|one| match one {
                    Measured::Name(name) => Some(name),
                    Measured::Size(_) => None,
                })
                .filter(|name| !members.contains(name))
                .collect();
            Position { before: value.max(Ratio::whole(members.len())), adds: Ratio::whole(new.len()) }
        } else {
            let sizes = all.filter_map(|one| match one {
                Measured::Size(size) => Some(size),
                Measured::Name(_) => None,
            });
            Position { before: value, adds: sizes.sum() }
        }))
    }
}

/// What a line counts: so much, or as one of its name.
enum Measured {
    Size(Ratio),
    Name(String),
}

/// What a line counts in a measure; none where it cannot be measured.
fn measured(measure: &Measure, layer: RuleLayer, line: &Running<'_>) -> Option<Measured> {
    let size = match &measure.what {
        What::Quantity { unit } => line.quantity_in(unit.as_deref()),
        What::Weight { unit } => match &line.line.weight {
            Some((weight, stated)) if stated == unit => Some(Ratio::from(*weight)),
            Some((weight, stated)) => {
                Some(Ratio::from(*weight) * line.sku.factor(Some(stated))? / line.sku.factor(Some(unit))?)
            }
            None => line.quantity_in(Some(unit)),
        },
        What::Volume { unit } => line.quantity_in(Some(unit)),
        // Nothing but the list was priced where the contract layer begins.
        What::Amount { of: AmountOf::List } if layer == RuleLayer::Contract => line.list.clone(),
        What::Amount { .. } if layer == RuleLayer::Contract => None,
        // Without a list price, the contract amount is the list amount (rule L2).
        What::Amount { of: AmountOf::List } => Some(line.list.clone().unwrap_or(line.contract.clone())),
        What::Amount { of: AmountOf::Contract } => Some(line.contract.clone()),
        What::Amount { of: AmountOf::Net } => Some(line.entered.clone()),
        // Of documents alone.
        What::Amount { of: AmountOf::Gross } => None,
        What::Skus => return Some(Measured::Name(line.line.sku.clone())),
        What::Categories { level } => {
            let levels = level.map_or(usize::MAX, usize::from);
            let path: Vec<&str> = line.sku.category.as_ref()?.split('/').take(levels).collect();
            return Some(Measured::Name(path.join("/")));
        }
        What::Attribute { name } => line.number(name),
    };
    size.map(Measured::Size)
}
