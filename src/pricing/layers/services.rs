//! What do the services that lines ask for cost?

use crate::domain::decimal::Micros;
use crate::domain::exact::{Exact, NumberError};
use crate::policy::RuleNo;
use crate::policy::ServiceNo;
use crate::policy::compiled::{CompiledBenefit, CompiledPer};
use crate::policy::syntax::{BenefitKind, Presentation, RuleLayer};
use crate::pricing::asking::Trouble;
use crate::pricing::cart::{Cause, Layer, RuleLoss};
use crate::pricing::request::LineDetails;

use super::cart::{Cart, Line, Miss};
use super::conditions::{of_layer, unmet};
use super::ladder::Held;
use super::of_line::Work;
use super::running::Running;
use super::trace::Trace;

/// Are all services that a line asks for sold with its goods, in the contract's currency?
pub(in crate::pricing) fn are_sold(cart: &Cart<'_>, line: &Line<'_>, details: &LineDetails<'_>) -> bool {
    details.services.iter().all(|(id, quantity)| {
        cart.policy.service_by_id(id).is_some_and(|(_, _, service)| {
            let measurable = match service.per {
                CompiledPer::Unit(unit) => line.units_of(cart, unit).is_some(),
                CompiledPer::Each | CompiledPer::Line => true,
            };
            measurable
                && cart.policy.holds(line.class, service.goods)
                && service.currency.is_none_or(|currency| currency == cart.facts.contract.currency)
                && quantity.0 > 0
        })
    })
}

impl Work<'_, '_> {
    /// Adds the services of the line at `at` to what it runs at.
    pub(in crate::pricing) fn serve<T: Trace>(
        &mut self,
        lines: &mut [Line<'_>],
        at: usize,
        trace: &mut T,
    ) -> Result<(), Trouble> {
        let Some(details) = lines.get(at).and_then(|line| line.details) else { return Ok(()) };
        for (id, asked) in &details.services {
            let Some((number, service, compiled)) = self.cart.policy.service_by_id(id) else { continue };
            let Some(line) = lines.get(at) else { return Ok(()) };
            let times = match compiled.per {
                CompiledPer::Each => Some(Exact::from(*asked)),
                CompiledPer::Line => Some(Exact::Small { num: 1, den: 1 }),
                CompiledPer::Unit(unit) => {
                    line.units_of(self.cart, unit).map(|units| line.quantity.times(&units))
                }
            };
            let times = times.unwrap_or(Exact::ZERO);
            let full = Exact::from(service.price).times(&times);
            let given = self.lowered(lines, at, (number, &full, &times), trace)?;
            let Some(line) = lines.get_mut(at) else { return Ok(()) };
            self.add(line, (number, service.tax_class.clone()), &full, &given, trace)?;
        }
        Ok(())
    }

    /// What rules leave of a service's price, rule by rule.
    fn lowered<T: Trace>(
        &mut self,
        lines: &[Line<'_>],
        at: usize,
        (service, full, times): (ServiceNo, &Exact, &Exact),
        trace: &mut T,
    ) -> Result<Vec<(RuleNo, Exact)>, Trouble> {
        let mut given = Vec::new();
        let Some(line) = lines.get(at) else { return Ok(given) };
        let Some(candidates) = line.candidates else { return Ok(given) };
        let mut left = full.clone();
        for number in of_layer(self.cart, &candidates.rules, RuleLayer::Surcharge) {
            let Some(rule) = self.cart.policy.compiled(*number) else { continue };
            let of_service = matches!(rule.kind, BenefitKind::ServicePrice | BenefitKind::ServicePercent);
            if !of_service || rule.service != Some(service) {
                continue;
            }
            if let Some(reason) = unmet(self.cart, lines, line, (*number, rule), &mut self.verdicts) {
                line.lose(*number, reason, trace);
                continue;
            }
            let tier = match self.held(lines, line, (*number, rule)) {
                Ok(Held::Whole(tier)) => rule.tiers.get(tier),
                Ok(Held::Shares(_)) => None,
                Err(Miss::Lost(reason)) => {
                    line.lose(*number, reason, trace);
                    continue;
                }
                Err(Miss::Trouble(trouble)) => return Err(trouble),
            };
            let after = match tier.map(|tier| &tier.benefit) {
                Some(CompiledBenefit::ServicePrice(price)) => Exact::from(*price).times(times),
                Some(CompiledBenefit::ServicePercent(share)) => left.minus(&left.times(share)),
                _ => continue,
            };
            if after.compare(&left).is_lt() {
                given.push((*number, after.clone()));
                left = after;
            } else {
                line.lose(*number, RuleLoss::NotLower, trace);
            }
        }
        Ok(given)
    }

    fn add<T: Trace>(
        &mut self,
        line: &mut Line<'_>,
        (number, tax_class): (ServiceNo, Option<String>),
        full: &Exact,
        given: &[(RuleNo, Exact)],
        trace: &mut T,
    ) -> Result<(), NumberError> {
        let coins = self.cart.coins;
        let goods = line.rounded_amount(coins)?;
        let mut amount = coins.amount(full)?;
        let mut before = line.amount();
        line.running = Running::Amount(goods.plus(&Exact::from(amount)));
        let told = (Layer::Surcharge, Cause::Service(number), Presentation::Price);
        line.tell(coins, told, &before, (None, Micros::ZERO), trace)?;
        for (rule, left) in given {
            amount = coins.amount(left)?;
            before = line.amount();
            line.running = Running::Amount(goods.plus(&Exact::from(amount)));
            let present =
                self.cart.policy.compiled(*rule).map_or(Presentation::Discount, |rule| rule.present);
            let told = (Layer::Surcharge, Cause::Rule(*rule), present);
            line.tell(coins, told, &before, (None, Micros::ZERO), trace)?;
            line.given.push(*rule);
        }
        line.services.push((amount, tax_class));
        Ok(())
    }
}
