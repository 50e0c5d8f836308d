//! What does a contract pay for a SKU that nobody has ordered yet? The price at the least quantity, and every tier.

use crate::domain::catalogue::SkuFacts;
use crate::domain::decimal::{MILLION, Micros};
use crate::domain::ids::SkuId;
use crate::domain::unit::Factor;
use crate::matrix::cells::CellBuffer;

use super::asking::{Asked, Terms, Trouble};
use super::cart::{LineStatus, ListedPrice};
use super::layers::before::Before;
use super::order::Order;
use super::request::{CartLine, SkuRef};
use super::settle::{self, Coins};
use super::sums::SkuSums;
use super::{PricingError, PricingInput, contract_layer};

/// Is what was bought and used before of the policy's measures and rules? Asked once, before SKUs are listed.
///
/// # Errors
/// [`PricingError::UnknownMetric`] with the first name that the policy lacks.
pub fn check_metrics(input: &PricingInput<'_>) -> Result<(), PricingError> {
    let before = Before::new(input.policy, &input.particulars.metrics, input.bought);
    before.map(drop).map_err(PricingError::UnknownMetric)
}

/// The price of a SKU; `None` where no list prices it, or the contract may not buy it. A price that does not fit is none.
///
/// # Errors
/// Only where a row cannot be had or is damaged.
pub fn list_sku(
    input: &PricingInput<'_>,
    sku: SkuId,
    cells: &mut CellBuffer,
) -> Result<Option<ListedPrice>, PricingError> {
    let Some(facts) = input.catalogue.facts(sku) else { return Ok(None) };
    let quantity = least_quantity(facts);
    let order = Order { sku, facts: *facts, unit: facts.base_unit, factor: Factor::ONE, quantity };
    let orders = [Ok(order)];
    let sums = SkuSums::new(&orders);
    let program = super::program_of(input);
    let coins = Coins::of(input.contract);
    let (catalogue, contract) = (input.catalogue, input.contract);
    let asked = contract_layer::asked_by(catalogue, contract, &input.circumstances);
    let terms = Terms {
        catalogue,
        contract,
        at: input.at,
        circumstances: input.circumstances,
        asked: &asked,
        reference: contract.reference_list.map(|list| Asked::of(catalogue, contract, list)),
        rows: input.rows,
        sums: &sums,
        coins: &coins,
        program: program.as_deref(),
        policy: input.policy,
        sources: true,
        percentages: true,
    };
    let listed = match list(&terms, &order, cells) {
        Ok(listed) => listed,
        Err(Trouble::Number) => None,
        Err(Trouble::Rows(error)) => return Err(error),
    };
    match (listed, &program) {
        (Some(listed), Some(_)) => under_policy(input, listed),
        (listed, _) => Ok(listed),
    }
}

/// The same under the policy: a cart of the least quantity alone is priced, so that the catalogue shows what it will cost.
fn under_policy(input: &PricingInput<'_>, listed: ListedPrice) -> Result<Option<ListedPrice>, PricingError> {
    let line = CartLine { id: "", sku: SkuRef::Handle(listed.sku), quantity: listed.quantity, unit: "" };
    let priced = super::price(input, &[line])?;
    Ok(match priced.lines.first().map(|alone| (alone.status, alone.unit_price)) {
        None | Some((LineStatus::NotEligible { .. }, _)) => None,
        Some((LineStatus::Priced, net_unit_price)) => Some(ListedPrice { net_unit_price, ..listed }),
        // A least quantity that cannot be ordered has a contract price all the same.
        Some(_) => Some(listed),
    })
}

/// The least that may be ordered, in base units: one where nothing is said.
fn least_quantity(facts: &SkuFacts) -> Micros {
    let least = facts.minimum.max(facts.multiple).0;
    if least <= 0 {
        return Micros::ONE;
    }
    let smallest = MILLION / 10_i64.pow(u32::from(facts.decimals.min(6)));
    // A multiple finer than the unit is met by fewer quantities than it names.
    let step = match facts.multiple.0 {
        multiple @ 1.. => (multiple / num_integer::gcd(multiple, smallest)).saturating_mul(smallest),
        _ => smallest,
    };
    let up = (step - least % step) % step;
    Micros(least.saturating_add(up))
}

fn list(terms: &Terms<'_>, order: &Order, cells: &mut CellBuffer) -> Result<Option<ListedPrice>, Trouble> {
    let decided = contract_layer::decide(terms, order, None, cells, None)?;
    let Ok((quote, origin)) = decided else { return Ok(None) };
    let Some(source) = origin.source else { return Ok(None) };
    let settled = settle::settle(terms.coins, order, &quote)?;
    let tiers = terms.ladder(source.list, order, cells)?.unwrap_or_default();
    Ok(Some(ListedPrice {
        sku: order.sku,
        unit_price: settled.unit_price,
        net_unit_price: settled.unit_price,
        quantity: order.quantity,
        source: *source,
        tiers,
    }))
}
