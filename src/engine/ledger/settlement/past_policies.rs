//! How does an older version of the policy read against the data of today? Compiled when a closed period asks for it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::domain::ids::PublicationNo;
use crate::engine::error::PriceError;
use crate::engine::policy_of_view::of_version;
use crate::engine::view::View;
use crate::policy::PolicyInForce;
use crate::store::Store;

/// Versions that are kept at hand: the contracts of one period's end mostly ask for the same.
const AT_HAND: usize = 4;

/// Older versions that were asked for, each with the data that it was compiled for.
#[derive(Debug, Default)]
pub(in crate::engine) struct PastPolicies(Mutex<BTreeMap<u64, (PublicationNo, PolicyInForce)>>);

impl PastPolicies {
    /// A version for a view, compiled where it is not at hand.
    pub(super) fn of(&self, store: &Store, view: &View, version: u64) -> Result<PolicyInForce, PriceError> {
        if version == view.policy.0.version {
            return Ok(view.policy.clone());
        }
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((data_at, policy)) = known().get(&version)
            && *data_at == view.data_at
        {
            return Ok(policy.clone());
        }
        let policy = of_version(store, view, version)?;
        let mut known = known();
        if known.len() >= AT_HAND {
            known.pop_first();
        }
        known.insert(version, (view.data_at, policy.clone()));
        Ok(policy)
    }
}
