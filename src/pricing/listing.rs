//! What does a contract pay for a SKU that nobody has ordered yet? The price at the least quantity, and every tier.

use crate::domain::decimal::Micros;
use crate::domain::ids::SkuId;
use crate::domain::unit::Factor;
use crate::matrix::cells::CellBuffer;

use super::asking::{Terms, Trouble};
use super::cart::ListedPrice;
use super::order::Order;
use super::settle::{self, Coins};
use super::sums::SkuSums;
use super::{PricingError, PricingInput, contract_layer};

/// The price of a SKU; `None` where no list prices it. A price that does not fit is none.
///
/// # Errors
/// Only where a row cannot be had or is damaged.
pub fn list_sku(
    input: &PricingInput<'_>,
    sku: SkuId,
    cells: &mut CellBuffer,
) -> Result<Option<ListedPrice>, PricingError> {
    let Some(facts) = input.catalogue.facts(sku) else { return Ok(None) };
    let least = facts.minimum.max(facts.multiple);
    let quantity = if least > Micros::ZERO { least } else { Micros::ONE };
    let order = Order { sku, facts: *facts, unit: facts.base_unit, factor: Factor::ONE, quantity };
    let orders = [Ok(order)];
    let sums = SkuSums::new(&orders);
    let program = super::program_of(input);
    let coins = Coins::of(input.contract);
    let terms = Terms {
        catalogue: input.catalogue,
        contract: input.contract,
        at: input.at,
        rows: input.rows,
        sums: &sums,
        coins: &coins,
        program: program.as_deref(),
        policy: input.policy,
        sources: true,
        percentages: true,
    };
    match list(input, &terms, &order, cells) {
        Ok(listed) => Ok(listed),
        Err(Trouble::Number) => Ok(None),
        Err(Trouble::Rows(error)) => Err(error),
    }
}

fn list(
    input: &PricingInput<'_>,
    terms: &Terms<'_>,
    order: &Order,
    cells: &mut CellBuffer,
) -> Result<Option<ListedPrice>, Trouble> {
    let decided = contract_layer::decide(terms, order, &input.circumstances, cells, None)?;
    let Ok((quote, origin)) = decided else { return Ok(None) };
    let Some(source) = origin.source else { return Ok(None) };
    let settled = settle::settle(terms.coins, order, &quote)?;
    let tiers = terms.ladder(source.list, order, cells)?.unwrap_or_default();
    Ok(Some(ListedPrice {
        sku: order.sku,
        unit_price: settled.unit_price,
        quantity: order.quantity,
        source: *source,
        tiers,
    }))
}
