//! How do retro-bonuses cross the wire: what a cart is expected to earn, and what a contract is entitled to?

use crate::domain::contract::Contract;
use crate::domain::decimal::{MILLION, Micros};
use crate::domain::exact::Exact;
use crate::domain::language::Language;
use crate::domain::rounding::RoundingMode;
use crate::engine::ledger::accruals::Accrual;
use crate::policy::CompiledPolicy;
use crate::policy::syntax::{Agreement, Condition};
use crate::pricing::cart::PricedCart;
use crate::pricing::request::CartLine;

use super::decimal::total_text;
use super::v1;

/// Percent of a whole, in millionths.
const HUNDRED: i128 = 100 * MILLION as i128;

/// What the lines of a cart are expected to earn. `lines` are the request's.
#[must_use]
pub fn bonuses_of(cart: &PricedCart, lines: &[CartLine<'_>]) -> Vec<v1::LineRetroBonus> {
    let Some(retro) = &cart.retro else { return Vec::new() };
    let one = |(position, bonus): &(u32, Micros)| {
        let index = usize::try_from(*position).unwrap_or(usize::MAX);
        let (line, asked) = (cart.lines.get(index)?, lines.get(index));
        let pocket = Micros(line.amount.0.checked_sub(bonus.0)?);
        let price = Exact::from(pocket).over(&Exact::from(line.quantity)).ok()?;
        Some(v1::LineRetroBonus {
            line: *position,
            line_id: asked.map_or(String::new(), |asked| asked.id.to_owned()),
            bonus_micros: bonus.0,
            pocket_amount_micros: pocket.0,
            pocket_price_micros: price.round(Micros(1), RoundingMode::HalfUp).ok()?.0,
        })
    };
    retro.lines.iter().filter_map(one).collect()
}

/// What a contract is entitled to by an agreement.
#[must_use]
pub fn accrual_of(
    accrual: &Accrual,
    policy: &CompiledPolicy,
    contract: &Contract,
    (language, sees_costs): (Language, bool),
) -> v1::Accrual {
    let written = policy.agreement_written(accrual.agreement);
    let digits = contract.currency.digits();
    let measured = |micros: i128| total_text(micros, 0);
    let next = accrual.next.and_then(|(tier, _, _)| written?.tiers.get(tier));
    let supplier = written.map_or(0, |written| written.supplier_percent.0);
    let share = i128::from(accrual.entitlement.0) * i128::from(supplier) / HUNDRED;
    v1::Accrual {
        agreement: written.map_or(String::new(), |written| written.id.clone()),
        name: written.map_or(String::new(), |written| written.name.told(language).to_owned()),
        first_day: accrual.period.first.to_string(),
        last_day: accrual.period.last.to_string(),
        measure: measured(accrual.measure),
        tier: accrual.tier.and_then(|tier| u32::try_from(tier + 1).ok()).unwrap_or(0),
        next_tier: next.map_or(String::new(), |tier| tier.lower.to_string()),
        distance: accrual.next.map_or(String::new(), |(_, distance, _)| measured(distance)),
        worth_micros: accrual.next.map_or(0, |(_, _, worth)| worth.0),
        basis: total_text(accrual.basis, digits),
        conditions: written.map_or(Vec::new(), |written| conditions_of(accrual, written)),
        entitlement_micros: accrual.entitlement.0,
        capped_micros: accrual.capped.map_or(0, |(_, taken)| taken.0),
        cap: accrual
            .capped
            .and_then(|(cap, _)| policy.bonus_cap(cap))
            .map_or(String::new(), |(cap, _)| cap.id.clone()),
        forecast_measure: measured(accrual.forecast_measure),
        forecast_entitlement_micros: accrual.forecast.0,
        supplier_share_micros: if sees_costs { i64::try_from(share).unwrap_or(i64::MAX) } else { 0 },
    }
}

fn conditions_of(accrual: &Accrual, written: &Agreement) -> Vec<v1::ConditionStands> {
    accrual.conditions.iter().zip(&written.conditions).map(condition_of).collect()
}

/// A condition, and where it stands.
#[must_use]
pub fn condition_of(((stands, met), condition): (&(i128, bool), &Condition)) -> v1::ConditionStands {
    let of = condition.of.word().to_owned();
    stands_of(of, *stands, (condition.bound, condition.of.is_at_most()), *met)
}

/// Where a condition stands, against a bound that is the least or the most.
pub(super) fn stands_of(
    of: String,
    stands: i128,
    (bound, is_at_most): (Micros, bool),
    met: bool,
) -> v1::ConditionStands {
    let (at_least, at_most) = match is_at_most {
        false => (bound.to_string(), String::new()),
        true => (String::new(), bound.to_string()),
    };
    // Rounded down where it stands, so that what is missing is rounded up.
    let above = i128::from(bound.0).saturating_sub(stands);
    let missing = if is_at_most { above.saturating_neg() } else { above };
    let missing = if met { String::new() } else { total_text(missing, 0) };
    v1::ConditionStands { of, stands: total_text(stands, 0), at_least, at_most, met, missing }
}
