//! Does a rule hold, for this contract, this cart, this line?

use quoin::domain::time::DAY_SECONDS;
use quoin::policy::syntax::{BenefitKind, LimitOf, LineTest, Part, Rule, What, When};

use super::interpret::Model;
use super::line::Running;
use super::{measures, meeting};
use crate::ratio::{Ratio, Rounding};

impl Model<'_> {
    /// Is the rule for this contract, and for its currency?
    pub fn is_for_contract(&self, rule: &Rule) -> bool {
        let fits = |stated| self.currency_or_policys(stated) == Some(self.contract.currency);
        let threshold = measures::of_rule(self.policy, rule).map(|(_, measure, _)| measure);
        let threshold = threshold.filter(|measure| matches!(measure.what, What::Amount { .. }));
        meeting::contracts(self.policy, &rule.contracts, &self.cart.contract, self.contract)
            && (!has_amounts(rule) || fits(rule.currency))
            && threshold.is_none_or(|measure| fits(measure.currency))
    }

    /// Do the cart's circumstances meet the rule?
    pub fn cart_meets(&self, when: &When, lines: &[Running<'_>]) -> bool {
        let cart = self.cart;
        let terms = match cart.payment_terms.as_str() {
            "" => self.contract.payment_terms.as_deref().unwrap_or_default(),
            stated => stated,
        };
        let day = cart.at.0.div_euclid(DAY_SECONDS);
        // The first day of 1970 was a Thursday.
        let weekday = u8::try_from((day + 3).rem_euclid(7) + 1).unwrap();
        one_of(&when.channel, &cart.channel)
            && one_of(&when.delivery_basis, &cart.delivery_basis)
            && one_of(&when.payment_terms, terms)
            && (when.coupon.is_empty() || cart.coupons.iter().any(|coupon| when.coupon.contains(coupon)))
            && when.first_order.is_none_or(|first| first == cart.first_order)
            && when.window.covers(cart.at)
            && (when.weekdays.is_empty() || when.weekdays.contains(&weekday))
            && when.together.iter().all(|part| self.in_cart(part, lines) >= part.quantity.into())
    }

    /// Does the line meet what the rule asks of lines?
    pub fn line_meets(&self, when: &When, line: &Running<'_>) -> bool {
        let or_carts =
            |own: &'_ str, carts: &'_ str| if own.is_empty() { carts.to_owned() } else { own.to_owned() };
        one_of(&when.warehouse, &or_carts(&line.line.warehouse, &self.cart.warehouse))
            && one_of(&when.fulfilment, &or_carts(&line.line.fulfilment, &self.cart.fulfilment))
            && when.line.iter().all(|asked| match &asked.test {
                LineTest::OneOf(values) => {
                    line.characteristic(&asked.attribute).is_some_and(|own| values.contains(&own))
                }
                LineTest::Between { from, to } => line.number(&asked.attribute).is_some_and(|own| {
                    from.is_none_or(|from| own >= from.into()) && to.is_none_or(|to| own <= to.into())
                }),
            })
    }

    /// How much of a part the cart has.
    fn in_cart(&self, part: &Part, lines: &[Running<'_>]) -> Ratio {
        lines.iter().filter_map(|line| self.of_part(part, line)).sum()
    }

    /// How much of a part a line is; none where it is not of it.
    fn of_part(&self, part: &Part, line: &Running<'_>) -> Option<Ratio> {
        let among = meeting::goods(self.shop, self.policy, &part.goods, &line.line.sku);
        among.then(|| line.quantity_in(part.unit.as_deref())).flatten()
    }

    /// The share of a line that is of complete sets; all of it where the rule is not by the set. Of several parts that a
    /// line is of, the first counts.
    pub fn share_of_sets(&self, when: &When, line: &Running<'_>, lines: &[Running<'_>]) -> Ratio {
        if !when.sets {
            return Ratio::whole(1);
        }
        let sets = |part: &Part| {
            (self.in_cart(part, lines) / Ratio::from(part.quantity)).round(&Ratio::whole(1), Rounding::Down)
        };
        let complete = when.together.iter().map(sets).min().unwrap();
        match when.together.iter().find(|part| self.of_part(part, line).is_some()) {
            None => Ratio::zero(),
            Some(part) => {
                let needed = complete * Ratio::from(part.quantity);
                (needed / self.in_cart(part, lines)).min(Ratio::whole(1))
            }
        }
    }
}

/// Nothing is asked, or this is among it.
fn one_of(asked: &[String], stated: &str) -> bool {
    asked.is_empty() || asked.iter().any(|one| one == stated)
}

/// Has the rule amounts of money, so that it has a currency?
fn has_amounts(rule: &Rule) -> bool {
    let of_benefit = match rule.tiers[0].benefit.kind() {
        BenefitKind::PerUnit
        | BenefitKind::PerLine
        | BenefitKind::PerCart
        | BenefitKind::Price
        | BenefitKind::Formula
        | BenefitKind::ServicePrice => true,
        BenefitKind::Percent | BenefitKind::PriceOf | BenefitKind::Free | BenefitKind::ServicePercent => {
            false
        }
    };
    let of_limit = rule.limit.as_ref().is_some_and(|limit| limit.of == LimitOf::Amount);
    of_benefit || of_limit || rule.cap.line.is_some() || rule.cap.cart.is_some()
}
