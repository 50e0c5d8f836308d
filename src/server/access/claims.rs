//! What does a verified token grant? Its claims, each of its kind or the token is refused; what none grants is not granted.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::domain::time::Instant;
use crate::engine::caller::{Caller, ContractScope, Own, Role};

use super::options::TokenOptions;
use super::token::TokenFault;

/// Ids of one claim.
const IDS_MOST: usize = 10_000;
/// Bytes of a caller's name.
const NAME_BYTES: usize = 128;

/// In `contracts`: all of them.
const ALL: &str = "*";

/// The caller that claims name. Their times are held against `now`, in seconds.
pub fn caller(claims: &Map<String, Value>, options: &TokenOptions, now: i64) -> Result<Caller, TokenFault> {
    let leeway = i64::try_from(options.leeway.as_secs()).unwrap_or(i64::MAX);
    let exp = time(claims, "exp")?.ok_or(TokenFault::NoExpiry)?;
    let until = exp.saturating_add(leeway);
    if now >= until {
        return Err(TokenFault::Expired);
    }
    if time(claims, "nbf")?.is_some_and(|from| now < from.saturating_sub(leeway)) {
        return Err(TokenFault::NotYet);
    }
    if claims.get("iss").and_then(Value::as_str) != Some(&options.issuer) {
        return Err(TokenFault::Issuer);
    }
    let audience = texts(claims, "aud")?.unwrap_or_default();
    if !options.audiences.iter().any(|ours| audience.contains(ours)) {
        return Err(TokenFault::Audience);
    }
    let ours = match &options.claims {
        None => claims,
        Some(name) => match claims.get(name) {
            Some(Value::Object(ours)) => ours,
            _ => return Err(TokenFault::Claim("the claim in which ours stand")),
        },
    };
    let ids = |name| Ok::<_, TokenFault>(texts(ours, name)?.unwrap_or_default());
    let (contracts, counterparties, holdings) = (ids("contracts")?, ids("counterparties")?, ids("holdings")?);
    let contracts = match contracts.contains(ALL) {
        true => ContractScope::All,
        false => ContractScope::Only(Own { contracts, counterparties, holdings, within: None }),
    };
    let sees_costs = match ours.get("sees_costs") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(sees)) => *sees,
        Some(_) => return Err(TokenFault::Claim("sees_costs")),
    };
    // An issuer's other roles are none of ours.
    let roles: BTreeSet<Role> = ids("roles")?.iter().filter_map(|name| Role::parse(name)).collect();
    let name = match claims.get("sub") {
        Some(Value::String(name)) if name.len() <= NAME_BYTES => name.clone(),
        None => "token".to_owned(),
        Some(_) => return Err(TokenFault::Claim("sub")),
    };
    Ok(Caller { name, roles, sees_costs, contracts, until: Some(Instant(until)) })
}

/// A time in whole seconds; a fraction is cut off.
fn time(claims: &Map<String, Value>, name: &'static str) -> Result<Option<i64>, TokenFault> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::Number(number)) => {
            let whole = number.to_string();
            let whole = whole.split('.').next().unwrap_or_default().parse();
            whole.map(Some).map_err(|_| TokenFault::Claim(name))
        }
        Some(_) => Err(TokenFault::Claim(name)),
    }
}

/// A text, or a list of texts.
fn texts(claims: &Map<String, Value>, name: &'static str) -> Result<Option<BTreeSet<String>>, TokenFault> {
    match claims.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(one)) => Ok(Some(BTreeSet::from([one.clone()]))),
        Some(Value::Array(all)) if all.len() <= IDS_MOST => {
            let all = all.iter().map(|one| one.as_str().map(str::to_owned));
            all.collect::<Option<_>>().map(Some).ok_or(TokenFault::Claim(name))
        }
        Some(_) => Err(TokenFault::Claim(name)),
    }
}
