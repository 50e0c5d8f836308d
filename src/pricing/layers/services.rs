//! What do the services that lines ask for cost? Rules of the surcharge layer lower their prices, then they are added.

use crate::domain::decimal::Micros;
use crate::domain::exact::{Exact, NumberError};
use crate::policy::RuleNo;
use crate::policy::compiled::{CompiledBenefit, CompiledPer, CompiledRule};
use crate::policy::syntax::{BenefitKind, Presentation};
use crate::pricing::losers::RuleLoss;
use crate::pricing::request::LineDetails;
use crate::pricing::waterfall::{Cause, Layer, Step};

use super::cart::{Asked, Cart, Line, Lowered, Miss};
use super::ladder::Held;
use super::running::Running;
use super::trace::Trace;

/// The services that a line asks for; none where one of them is not sold with its goods, in the contract's currency.
pub(in crate::pricing) fn asked<'a>(
    cart: &Cart<'a>,
    line: &Line<'_>,
    details: &LineDetails<'_>,
) -> Option<Vec<Asked<'a>>> {
    let one = |(id, asked): &(&str, Micros)| {
        let (number, service, compiled) = cart.policy.service_by_id(id)?;
        let count = match compiled.per {
            CompiledPer::Each => Exact::from(*asked),
            CompiledPer::Unit(unit) => line.quantity.times(&line.units_of(cart, unit)?),
            CompiledPer::Line => Exact::ONE,
        };
        let sold = asked.0 > 0
            && cart.policy.holds(line.class, compiled.goods)
            && compiled.currency.is_none_or(|currency| currency == cart.facts.contract.currency);
        sold.then(|| Asked { number, service, count, lowered: Vec::new(), amount: Micros::ZERO })
    };
    details.services.iter().map(one).collect()
}

/// Is it a benefit on a service?
pub(in crate::pricing) fn is_of_service(rule: &CompiledRule) -> bool {
    matches!(rule.kind, BenefitKind::ServicePrice | BenefitKind::ServicePercent)
}

/// Lowers the prices of a line's services as a rule says; an error where it lowers none.
pub(in crate::pricing) fn lower(
    line: &mut Line<'_>,
    (number, rule): (RuleNo, &CompiledRule),
    held: &Held,
) -> Result<(), Miss> {
    let Held::Whole(tier) = held else { return Err(Miss::Lost(RuleLoss::Nothing)) };
    let Some(tier) = rule.tiers.get(*tier) else { return Err(Miss::Lost(RuleLoss::Nothing)) };
    let mut lost = RuleLoss::Nothing;
    let mut lowered = false;
    let services = line.extra.get_mut().map_or(&mut [] as &mut [Asked<'_>], |extra| &mut extra.services);
    for asked in services.iter_mut().filter(|asked| Some(asked.number) == rule.service) {
        let before = asked.price();
        let after = match &tier.benefit {
            CompiledBenefit::ServicePrice(price) => Exact::from(*price),
            CompiledBenefit::ServicePercent(share) => before.minus(&before.times(share)),
            _ => continue,
        };
        if after.compare(&before).is_lt() {
            asked.lowered.push(Lowered { rule: number, price: after, rate: tier.rate });
            lowered = true;
        } else {
            lost = RuleLoss::NotLower;
        }
    }
    if lowered { Ok(()) } else { Err(Miss::Lost(lost)) }
}

/// Adds a line's services, each rounded by itself.
pub(in crate::pricing) fn serve<T: Trace>(
    cart: &Cart<'_>,
    line: &mut Line<'_>,
    trace: &mut T,
) -> Result<(), NumberError> {
    if line.extra.services().is_empty() {
        return Ok(());
    }
    let coins = cart.coins;
    let overflow = || NumberError::Overflow;
    let discounted = line.before_surcharges();
    let before = coins.amount(&line.amount())?;
    line.running = Running::Amount(line.rounded_amount(coins)?);
    // What making an amount of the unit price changes belongs to the first service's step.
    let mut change = coins.amount(&line.amount())?.0.checked_sub(before.0).ok_or_else(overflow)?;
    let mut base = before.0;
    let extra = line.extra.make();
    extra.discounted = Some(discounted);
    for asked in &mut extra.services {
        let full = (Cause::Service(asked.number), Exact::from(asked.service.price), asked.service.price);
        let lowered = asked.lowered.iter().map(|by| (Cause::Rule(by.rule), by.price.clone(), by.rate));
        let mut so_far = Micros::ZERO;
        for (cause, price, rate) in std::iter::once(full).chain(lowered) {
            let amount = coins.amount(&price.times(&asked.count))?;
            let by =
                amount.0.checked_sub(so_far.0).and_then(|by| by.checked_add(change)).ok_or_else(overflow)?;
            if T::LISTENS {
                let shown_as = match cause {
                    Cause::Rule(rule) => {
                        cart.policy.compiled(rule).map_or(Presentation::Discount, |rule| rule.present)
                    }
                    _ => Presentation::Price,
                };
                let step = Step {
                    layer: Layer::Surcharge,
                    cause,
                    base: Micros(base),
                    amount: Micros(by),
                    taken_of: Micros::ZERO,
                    rate,
                    shown_as,
                };
                trace.step(line.position, step);
            }
            base = base.checked_add(by).ok_or_else(overflow)?;
            so_far = amount;
            change = 0;
        }
        asked.amount = so_far;
        extra.served.0 = extra.served.0.checked_add(so_far.0).ok_or_else(overflow)?;
    }
    Ok(())
}
