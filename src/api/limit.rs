//! How do limited benefits cross the wire: what documents and carts use of them, where they stand, and holds?

use crate::domain::decimal::Micros;
use crate::domain::language::Language;
use crate::engine::Engine;
use crate::engine::caller::Caller;
use crate::engine::error::LedgerError;
use crate::engine::ledger::limited::{HoldLimits, LimitStanding};
use crate::engine::ledger::loyalty::Moved;
use crate::ledger::document::RuleUse;
use crate::policy::CompiledPolicy;
use crate::policy::syntax::{LimitOf, Rule};
use crate::pricing::cart::PricedCart;

use super::decimal::total_text;
use super::moment::timestamp;
use super::telling::Telling;
use super::v1;

/// What is used of a rule's limit, as it was sent.
pub(super) fn use_draft(of: v1::LimitUse) -> RuleUse {
    RuleUse { rule: of.rule, used: Micros(of.used_micros) }
}

/// What is used of a rule's limit.
pub(super) fn use_of(of: &RuleUse) -> v1::LimitUse {
    v1::LimitUse { rule: of.rule.clone(), used_micros: of.used.0 }
}

/// What a limit is of, and in which unit.
fn kind_of(rule: Option<&Rule>) -> (v1::LimitKind, String) {
    match rule.and_then(|rule| rule.limit.as_ref()).map(|limit| &limit.of) {
        None => (v1::LimitKind::Unspecified, String::new()),
        Some(LimitOf::Quantity { unit }) => (v1::LimitKind::Quantity, unit.clone().unwrap_or_default()),
        Some(LimitOf::Amount) => (v1::LimitKind::Amount, String::new()),
        Some(LimitOf::Uses) => (v1::LimitKind::Uses, String::new()),
    }
}

/// What a cart uses of limited benefits.
#[must_use]
pub fn cart_uses_of(cart: &PricedCart, telling: &Telling<'_>) -> Vec<v1::CartUse> {
    let one = |of: &crate::pricing::cart::CartUse| {
        let named = telling.rule(of.rule);
        let (kind, unit) = kind_of(telling.policy.rule(of.rule));
        v1::CartUse {
            rule: named.id.to_owned(),
            name: named.name.to_owned(),
            kind: kind.into(),
            unit,
            used_micros: of.used.0,
            left_micros: of.left.0,
        }
    };
    cart.uses.iter().map(one).collect()
}

fn stands_of(stands: &LimitStanding, policy: &CompiledPolicy, language: Language) -> v1::LimitStands {
    let rule = policy.rule(stands.rule);
    let limit = rule.and_then(|rule| rule.limit.as_ref());
    let (kind, unit) = kind_of(rule);
    let overall = limit.is_some_and(|limit| limit.overall);
    let own = |figure: i128| if overall { total_text(figure, 0) } else { String::new() };
    let (id, name) = rule.map_or(("", ""), |rule| (rule.id.as_str(), rule.name.told(language)));
    v1::LimitStands {
        rule: id.to_owned(),
        name: if name.is_empty() { id.to_owned() } else { name.to_owned() },
        kind: kind.into(),
        unit,
        overall,
        most_micros: limit.map_or(0, |limit| limit.most.0),
        used: total_text(stands.gone.used, 0),
        held: total_text(stands.gone.held, 0),
        left_micros: stands.left.0,
        own_used: own(stands.own.used),
        own_held: own(stands.own.held),
    }
}

/// Where the limited benefits of a contract stand.
///
/// # Errors
/// As [`Engine::limits`].
pub fn limits(
    engine: &Engine,
    caller: &Caller,
    contract: &str,
    language: Language,
) -> Result<v1::GetLimitsResponse, LedgerError> {
    let (standings, view) = engine.limits(caller, contract)?;
    let currency = view.catalogue.contracts.by_code(contract).map(|contract| contract.currency);
    Ok(v1::GetLimitsResponse {
        limits: standings.iter().map(|stands| stands_of(stands, &view.policy.0, language)).collect(),
        currency: currency.map_or(String::new(), |currency| currency.to_string()),
        sequence: view.position.0,
    })
}

/// Holds limits.
///
/// # Errors
/// As [`Engine::hold_limits`].
pub fn hold(
    engine: &Engine,
    caller: &Caller,
    asked: v1::PlaceLimitHoldRequest,
) -> Result<v1::PlaceLimitHoldResponse, LedgerError> {
    let uses: Vec<RuleUse> = asked.uses.into_iter().map(use_draft).collect();
    let asked = HoldLimits { id: &asked.id, contract: &asked.contract, uses: &uses };
    let Moved { position, at } = engine.hold_limits(caller, asked)?;
    Ok(v1::PlaceLimitHoldResponse { sequence: position.0, placed_at: Some(timestamp(at)) })
}

/// Gives a hold up.
///
/// # Errors
/// As [`Engine::release_limits`].
pub fn release(
    engine: &Engine,
    caller: &Caller,
    hold: &str,
) -> Result<v1::ReleaseLimitHoldResponse, LedgerError> {
    let Moved { position, at } = engine.release_limits(caller, hold)?;
    Ok(v1::ReleaseLimitHoldResponse { sequence: position.0, released_at: Some(timestamp(at)) })
}
