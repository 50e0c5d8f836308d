//! Who asks over the wire? The server finds the caller of a request; its metadata make it less, and never more.

use std::collections::BTreeSet;
use std::sync::Arc;

use tonic::codegen::http::HeaderMap;
use tonic::{Code, Request, Status};

use crate::engine::caller::{Caller, Role};

use super::status::{Entry, Subject};

/// Roles, by name, joined by commas.
pub const ROLES: &str = "quoin-roles";
/// External ids of contracts, joined by commas.
pub const CONTRACTS: &str = "quoin-contracts";
/// `true` or `false`.
pub const SEES_COSTS: &str = "quoin-sees-costs";

/// A refusal that names no field.
#[must_use]
#[cold]
pub fn refused(code: Code, reason: &'static str, message: &str) -> Status {
    Entry { code, reason, subject: Subject::None }.status(message)
}

/// The caller as its metadata have it: with those of its roles and contracts that they name.
///
/// # Errors
/// INVALID_ARGUMENT for metadata that say nothing known.
pub fn narrowed(caller: Arc<Caller>, headers: &HeaderMap) -> Result<Arc<Caller>, Status> {
    let text = |name: &'static str| match headers.get(name).map(|value| value.to_str()) {
        None => Ok(None),
        Some(Ok(text)) => Ok(Some(text)),
        Some(Err(_)) => Err(refused(Code::InvalidArgument, "BAD_METADATA", &format!("{name} is not ASCII"))),
    };
    let (roles, contracts, costs) = (text(ROLES)?, text(CONTRACTS)?, text(SEES_COSTS)?);
    if roles.is_none() && contracts.is_none() && costs.is_none() {
        return Ok(caller);
    }
    narrow(&caller, roles, contracts, costs)
        .map(Arc::new)
        .map_err(|why| refused(Code::InvalidArgument, "BAD_METADATA", &why))
}

/// What texts leave of a caller: all roles, contracts and costs where a text is not there.
///
/// # Errors
/// What is wrong with a text.
pub fn narrow(
    caller: &Caller,
    roles: Option<&str>,
    contracts: Option<&str>,
    costs: Option<&str>,
) -> Result<Caller, String> {
    let parts = |text: &'_ str| -> BTreeSet<String> {
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let mut narrower = caller.clone();
    if let Some(roles) = roles {
        let named = parts(roles).iter().map(|name| role(name)).collect::<Result<BTreeSet<_>, _>>()?;
        narrower.roles.retain(|role| named.contains(role));
    }
    if let Some(contracts) = contracts {
        narrower.contracts = caller.contracts.narrowed(parts(contracts));
    }
    match costs {
        None | Some("true") => {}
        Some("false") => narrower.sees_costs = false,
        Some(other) => return Err(format!("{SEES_COSTS}: \"{other}\" is neither true nor false")),
    }
    Ok(narrower)
}

/// The role with this name.
///
/// # Errors
/// The names that there are.
pub fn role(name: &str) -> Result<Role, String> {
    Role::parse(name).ok_or_else(|| {
        let known = Role::ALL.map(Role::name).join(", ");
        format!("\"{name}\" is no role: {known}")
    })
}

/// The caller that the server found for a request.
///
/// # Errors
/// UNAUTHENTICATED where it found none.
pub fn of_request<T>(request: &Request<T>) -> Result<Arc<Caller>, Status> {
    request
        .extensions()
        .get::<Arc<Caller>>()
        .cloned()
        .ok_or_else(|| refused(Code::Unauthenticated, "NO_CALLER", "nobody said who asks"))
}

/// Refuses callers without a role.
///
/// # Errors
/// PERMISSION_DENIED.
pub fn require(caller: &Caller, role: Role) -> Result<(), Status> {
    if caller.roles.contains(&role) {
        return Ok(());
    }
    Err(refused(
        Code::PermissionDenied,
        "NOT_ALLOWED",
        &format!("not allowed: needs the role \"{}\"", role.name()),
    ))
}
