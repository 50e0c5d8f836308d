//! Who asks over the wire? Until tokens come: whoever sits at the machine itself, as its metadata say.

use std::collections::BTreeSet;
use std::sync::Arc;

use tonic::codegen::http::HeaderMap;
use tonic::{Code, Request, Status};

use crate::engine::caller::{Caller, ContractScope, Role};

use super::status::{Entry, Subject};

/// Roles, by name, joined by commas.
pub const ROLES: &str = "quoin-roles";
/// External ids of contracts, joined by commas.
pub const CONTRACTS: &str = "quoin-contracts";
/// `true` or `false`.
pub const SEES_COSTS: &str = "quoin-sees-costs";

/// What is made of a peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// Callers without metadata.
    operator: Arc<Caller>,
    /// Are peers trusted that are not on this machine?
    any_peer: bool,
}

fn refused(code: Code, reason: &'static str, message: &str) -> Status {
    Entry { code, reason, subject: Subject::None }.status(message)
}

impl Gate {
    /// A gate that lets in this machine's peers, or any.
    #[must_use]
    pub fn new(any_peer: bool) -> Self {
        Self { operator: Arc::new(Caller::operator()), any_peer }
    }

    /// The caller that metadata name.
    ///
    /// # Errors
    /// UNAUTHENTICATED for peers that are not on this machine, INVALID_ARGUMENT for metadata that say nothing known.
    pub fn caller(&self, loopback: bool, headers: &HeaderMap) -> Result<Arc<Caller>, Status> {
        if !loopback && !self.any_peer {
            return Err(refused(
                Code::Unauthenticated,
                "NO_TOKEN",
                "only callers on the server's own machine are served: tokens are not yet supported",
            ));
        }
        let text = |name: &'static str| match headers.get(name).map(|value| value.to_str()) {
            None => Ok(None),
            Some(Ok(text)) => Ok(Some(text)),
            Some(Err(_)) => {
                Err(refused(Code::InvalidArgument, "BAD_METADATA", &format!("{name} is not ASCII")))
            }
        };
        let (roles, contracts, costs) = (text(ROLES)?, text(CONTRACTS)?, text(SEES_COSTS)?);
        if roles.is_none() && contracts.is_none() && costs.is_none() {
            return Ok(Arc::clone(&self.operator));
        }
        named(roles, contracts, costs)
            .map(Arc::new)
            .map_err(|why| refused(Code::InvalidArgument, "BAD_METADATA", &why))
    }
}

/// The caller that texts name: all roles, contracts and costs where a text is not there.
///
/// # Errors
/// What is wrong with a text.
pub fn named(roles: Option<&str>, contracts: Option<&str>, costs: Option<&str>) -> Result<Caller, String> {
    let parts = |text: &'_ str| -> Vec<String> {
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let mut caller = Caller::operator();
    if let Some(roles) = roles {
        roles.clone_into(&mut caller.name);
        caller.roles = parts(roles)
            .iter()
            .map(|name| {
                Role::parse(name).ok_or_else(|| {
                    let known = Role::ALL.map(Role::name).join(", ");
                    format!("\"{name}\" is no role: {known}")
                })
            })
            .collect::<Result<BTreeSet<_>, _>>()?;
    }
    if let Some(contracts) = contracts {
        caller.contracts = ContractScope::of(parts(contracts));
    }
    caller.sees_costs = match costs {
        None | Some("true") => true,
        Some("false") => false,
        Some(other) => return Err(format!("{SEES_COSTS}: \"{other}\" is neither true nor false")),
    };
    Ok(caller)
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
