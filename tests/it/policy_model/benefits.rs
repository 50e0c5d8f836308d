//! What does a rule give on one line, at the tiers that its measure reaches?

use quoin::domain::decimal::Micros;
use quoin::domain::ladder::TierMode;
use quoin::policy::syntax::{
    Base, Benefit, BenefitKind, FreeGoods, FreeMode, FreePer, Rule, RuleLayer, Stack, TermOf,
};

use super::interpret::Model;
use super::line::Running;
use super::measures::{Reached, of_rule};
use crate::ratio::{Ratio, Rounding};

/// Goods that are added: which, in which unit, how many.
pub type Added = (String, String, Micros);

/// What a rule gives on a line, exactly.
#[derive(Debug, Clone)]
pub struct Worked {
    /// Taken off, or in the surcharge layer added.
    pub benefit: Ratio,
    /// What runs there: with a step that makes an amount, the unit price was rounded and multiplied before.
    pub running: Ratio,
    /// Does it make an amount of what was a unit price?
    pub makes_amount: bool,
    /// What its percentages are taken of.
    pub base: Ratio,
    pub added: Option<Added>,
}

/// A price for one ordered unit, which is so many of the units that it was stated in.
struct UnitPrice {
    price: Ratio,
    price_units: Ratio,
}

/// Is the rule's benefit worked out over the cart, rounded once and spread?
pub fn is_of_cart(rule: &Rule, scope_is_line: bool) -> bool {
    let kind = rule.tiers[0].benefit.kind();
    kind == BenefitKind::PerCart
        || (rule.layer == RuleLayer::Order && kind == BenefitKind::Percent)
        || (is_graduated(rule) && !scope_is_line)
        || rule.cap.cart.is_some()
        || rule.limit.is_some()
        || rule.when.sets
}

pub fn is_graduated(rule: &Rule) -> bool {
    rule.measure.is_some() && rule.mode == TierMode::Graduated
}

impl Model<'_> {
    pub fn of_cart(&self, rule: &Rule) -> bool {
        let scope = of_rule(self.policy, rule).map(|(_, measure, _)| measure.over);
        is_of_cart(rule, scope.is_none_or(|scope| scope == quoin::policy::syntax::Scope::Line))
    }

    /// Does the rule make an amount of what was a unit price? Lumps, amounts as caps, spreads, graduated portions, free
    /// goods inside.
    fn makes_amount(&self, rule: &Rule, reached: &Reached<'_>) -> bool {
        let benefit = &rule.tiers[0].benefit;
        let is_inside =
            |benefit: &Benefit| matches!(benefit, Benefit::Free(free) if free.mode == FreeMode::Inside);
        let inside = reached.tiers.iter().any(|(_, tier)| is_inside(&tier.benefit));
        let lump = benefit.kind() == BenefitKind::PerLine || rule.cap.line.is_some();
        lump || inside || is_graduated(rule) || self.of_cart(rule)
    }

    fn is_additive(&self, rule: &Rule) -> bool {
        rule.stack.or_else(|| self.policy.stacks.get(&rule.layer).copied()) == Some(Stack::Additive)
    }

    /// What the rule gives on the line, before limits and caps; none where nothing. An amount for the cart is given whole.
    pub fn works_out(&self, rule: &Rule, line: &Running<'_>, reached: &Reached<'_>) -> Option<Worked> {
        let makes_amount = self.makes_amount(rule, reached);
        let running = if makes_amount { line.as_amount(&self.coins) } else { line.running.clone() };
        let base = match rule.on {
            Base::List => line.list.clone()?,
            Base::Contract => line.contract.clone(),
            Base::Running if self.is_additive(rule) => line.entered.clone(),
            Base::Running => running.clone(),
        };
        let mut worked = Worked { benefit: Ratio::zero(), running, makes_amount, base, added: None };
        worked.benefit = match rule.tiers[0].benefit.kind() {
            BenefitKind::Price | BenefitKind::PriceOf => {
                &worked.running - self.priced_at(rule, line, reached, self.rounds_portions(rule, line))?.0
            }
            BenefitKind::Formula if rule.layer == RuleLayer::Surcharge && self.is_in_portions(rule, line) => {
                self.portions(rule, line, reached, &mut worked)?
            }
            BenefitKind::Formula if rule.layer == RuleLayer::Surcharge => {
                self.priced_at(rule, line, reached, false)?.0
            }
            BenefitKind::Formula => {
                &worked.running - self.priced_at(rule, line, reached, self.rounds_portions(rule, line))?.0
            }
            _ if self.is_in_portions(rule, line) => self.portions(rule, line, reached, &mut worked)?,
            _ => {
                let mut sum = Ratio::zero();
                for (share, tier) in &reached.tiers {
                    sum = sum + share * self.of_tier(rule, &tier.benefit, line, &mut worked)?;
                }
                sum
            }
        };
        if rule.layer != RuleLayer::Surcharge && rule.tiers[0].benefit.kind() != BenefitKind::PerCart {
            worked.benefit = worked.benefit.min(worked.running.clone());
        }
        (worked.benefit.is_positive() || worked.added.is_some()).then_some(worked)
    }

    /// What the portions of a line whose unit price runs are worth, each at its own rounded price.
    fn portions(
        &self,
        rule: &Rule,
        line: &Running<'_>,
        reached: &Reached<'_>,
        worked: &mut Worked,
    ) -> Option<Ratio> {
        let unit_price = &line.running / &line.quantity;
        let taken_of_running = rule.on == Base::Running && !self.is_additive(rule);
        let mut at_unit = worked.clone();
        at_unit.base = if taken_of_running { line.running.clone() } else { worked.base.clone() };
        let (mut cost, mut rest) = (Ratio::zero(), Ratio::whole(1));
        if rule.tiers[0].benefit.kind() == BenefitKind::Formula && !reached.all {
            return None;
        }
        for (share, tier) in &reached.tiers {
            let each = match &tier.benefit {
                formula @ Benefit::Formula { .. } => self.unit_price(rule, formula, line)?.price,
                benefit => self.of_tier(rule, benefit, line, &mut at_unit)? / &line.quantity,
            };
            let price =
                if rule.layer == RuleLayer::Surcharge { &unit_price + each } else { &unit_price - each };
            cost = cost + share * self.coins.unit(&price, &line.price_units);
            rest = rest - share;
        }
        cost = (cost + rest * self.coins.unit(&unit_price, &line.price_units)) * &line.quantity;
        Some(if rule.layer == RuleLayer::Surcharge { cost - &worked.running } else { &worked.running - cost })
    }

    /// What the line costs at the prices of the tiers, each rounded by unit or not; none where they do not cover, or one
    /// is not above zero. And how many of the prices' units one ordered unit is.
    pub fn priced_at(
        &self,
        rule: &Rule,
        line: &Running<'_>,
        reached: &Reached<'_>,
        round_units: bool,
    ) -> Option<(Ratio, Ratio)> {
        let (mut sum, mut units) = (Ratio::zero(), None);
        for (share, tier) in &reached.tiers {
            let UnitPrice { mut price, price_units } = self.unit_price(rule, &tier.benefit, line)?;
            if round_units {
                price = self.coins.unit(&price, &price_units);
            }
            sum = sum + share * price;
            units = Some(price_units);
        }
        Some((sum * &line.quantity, units.filter(|_| reached.all)?))
    }

    /// Is each portion of the line at its own rounded price, less or more what its tier gives?
    fn is_in_portions(&self, rule: &Rule, line: &Running<'_>) -> bool {
        self.rounds_portions(rule, line) && !self.of_cart(rule)
    }

    /// Is each tier's own unit price rounded? Those of graduated portions are, where the unit price still runs.
    fn rounds_portions(&self, rule: &Rule, line: &Running<'_>) -> bool {
        is_graduated(rule) && line.unit_runs
    }

    /// A tier's price for one ordered unit, above zero.
    fn unit_price(&self, rule: &Rule, benefit: &Benefit, line: &Running<'_>) -> Option<UnitPrice> {
        let (stated, in_base) = match benefit {
            Benefit::Price(price) => {
                (Ratio::from(*price) / Ratio::whole(rule.per), self.rule_unit(rule, line)?)
            }
            Benefit::PriceOf(list) => {
                (self.list_price(list, &line.line.sku, line.sku).ok()??.0, Ratio::whole(1))
            }
            Benefit::Formula { constant, terms } => {
                let mut sum = Ratio::from(*constant);
                for term in terms {
                    let value = match &term.of {
                        TermOf::Index(index) => Ratio::from(*self.shop.indices.get(index)?),
                        TermOf::Attribute(name) => line.number(name)?,
                    };
                    sum = sum + value * Ratio::from(term.times);
                }
                (sum / Ratio::whole(rule.per), self.rule_unit(rule, line)?)
            }
            other => panic!("{other:?} is no price"),
        };
        let price_units = &line.factor / in_base;
        stated.is_positive().then(|| UnitPrice { price: stated * &price_units, price_units })
    }

    /// Base units in one of the rule's units.
    fn rule_unit(&self, rule: &Rule, line: &Running<'_>) -> Option<Ratio> {
        line.sku.factor(rule.unit.as_deref())
    }

    fn of_tier(
        &self,
        rule: &Rule,
        benefit: &Benefit,
        line: &Running<'_>,
        worked: &mut Worked,
    ) -> Option<Ratio> {
        Some(match benefit {
            Benefit::Percent(percent) => Ratio::from(*percent).percent() * &worked.base,
            Benefit::PerUnit(amount) => {
                let times = match &rule.times {
                    None => Ratio::whole(1),
                    Some(name) => line.number(name)?,
                };
                Ratio::from(*amount) * times * line.quantity_in(rule.unit.as_deref())?
            }
            Benefit::PerLine(amount) | Benefit::PerCart(amount) => Ratio::from(*amount),
            Benefit::Free(free) => self.free(rule, free, line, worked)?,
            other => panic!("{other:?} is worked out elsewhere"),
        })
    }

    /// Of goods without charge: what those inside are worth. Those on top are added, and are worth nothing here.
    fn free(&self, rule: &Rule, free: &FreeGoods, line: &Running<'_>, worked: &mut Worked) -> Option<Ratio> {
        let one = Ratio::whole(1);
        let ordered = line.quantity_in(rule.unit.as_deref())?;
        let times = &ordered / Ratio::from(free.every);
        let full = times.round(&one, Rounding::Down);
        let give = Ratio::from(free.give);
        let count = match free.per {
            FreePer::Proportional => (times * give).round(&one, free.rounding.into()),
            FreePer::Unit => full * give,
            FreePer::Whole if full == times => full * give,
            FreePer::Whole => Ratio::zero(),
        };
        if free.mode == FreeMode::Inside {
            return Some(&worked.running * count / ordered);
        }
        let own_unit = rule.unit.clone().unwrap_or(line.sku.base.clone());
        let (sku, unit) = match &free.sku {
            Some(other) => (other.clone(), self.shop.skus[other].base.clone()),
            None => (line.line.sku.clone(), own_unit),
        };
        worked.added = count.is_positive().then(|| (sku, unit, count.to_micros().unwrap()));
        Some(Ratio::zero())
    }

    /// A line's benefit within the rule's caps of the line.
    pub fn capped(&self, rule: &Rule, worked: &Worked, benefit: &Ratio) -> Ratio {
        let percent = rule.cap.percent.map(|percent| Ratio::from(percent).percent() * &worked.base);
        let line = rule.cap.line.map(Ratio::from);
        [percent, line].into_iter().flatten().fold(benefit.clone(), Ratio::min)
    }
}
