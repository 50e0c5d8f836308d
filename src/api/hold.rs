//! How does it cross the wire that a contract is held?

use crate::domain::language::Language;
use crate::policy::CompiledPolicy;
use crate::pricing::cart::{HeldBy, PricedCart};

use super::decimal::total_text;
use super::telling::Telling;
use super::v1;

/// May a cart not be ordered?
#[must_use]
pub fn is_blocked(cart: &PricedCart) -> bool {
    let blocks = |held: &HeldBy| cart.policy.0.hold(held.hold).is_some_and(|(hold, _)| hold.blocks);
    cart.hold.is_some() || cart.held_by.iter().any(blocks)
}

/// What holds the contract of a cart because debts are overdue.
#[must_use]
pub fn holds_of(cart: &PricedCart, telling: &Telling<'_>) -> Vec<v1::OverdueHold> {
    let told = (telling.language(), cart.currency.digits());
    cart.held_by.iter().filter_map(|held| hold_of(held, &cart.policy.0, told)).collect()
}

/// A hold of a contract.
#[must_use]
pub fn hold_of(
    held: &HeldBy,
    policy: &CompiledPolicy,
    (language, digits): (Language, u32),
) -> Option<v1::OverdueHold> {
    let (hold, _) = policy.hold(held.hold)?;
    Some(v1::OverdueHold {
        hold: hold.id.clone(),
        name: hold.name.told(language).to_owned(),
        blocks: hold.blocks,
        overdue_amount: total_text(held.overdue_amount, digits),
        overdue_days: held.overdue_days,
    })
}
