//! What is the policy in the form that pricing works with?

use std::sync::Arc;

use roaring::RoaringBitmap;

use crate::domain::catalogue::Catalogue;
use crate::domain::ids::ListId;

use super::syntax::{Guard, Policy, Rule, Service};

/// A rule, by its place in the order in which rules take their turn: layer, priority, id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleNo(pub u32);

/// A service, by its place in the order of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceNo(pub u32);

/// A guard, by its place in the order of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GuardNo(pub u32);

/// Which SKUs have a cell of their own in a list?
pub trait ListMembers {
    /// The numbers of those SKUs; empty for a list without prices.
    fn skus_of(&self, list: ListId) -> RoaringBitmap;
}

/// A policy, compiled. Everything in it is immutable; what a contract needs of it is worked out when it first asks.
#[derive(Debug)]
pub struct CompiledPolicy {
    /// Its version, from one; zero where none was ever published.
    pub version: u64,
    policy: Policy,
}

impl CompiledPolicy {
    /// Where nothing was ever published.
    #[must_use]
    pub fn none() -> Self {
        Self { version: 0, policy: Policy::default() }
    }

    /// Compiles a policy that was checked. What it names and the catalogue lacks is passed over until it is there.
    #[must_use]
    pub fn new(version: u64, mut policy: Policy, _catalogue: &Catalogue, _lists: &dyn ListMembers) -> Self {
        policy.rules.sort_by(|a, b| {
            (a.layer, std::cmp::Reverse(a.priority), &a.id).cmp(&(
                b.layer,
                std::cmp::Reverse(b.priority),
                &b.id,
            ))
        });
        policy.services.sort_by(|a, b| a.id.cmp(&b.id));
        policy.guards.sort_by(|a, b| a.id.cmp(&b.id));
        policy.taxes.sort_by(|a, b| a.id.cmp(&b.id));
        Self { version, policy }
    }

    /// What was written, its rules, services, guards and taxes in the order of their numbers.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The rule with this number.
    #[must_use]
    pub fn rule(&self, number: RuleNo) -> Option<&Rule> {
        self.policy.rules.get(usize::try_from(number.0).ok()?)
    }

    /// The service with this number.
    #[must_use]
    pub fn service(&self, number: ServiceNo) -> Option<&Service> {
        self.policy.services.get(usize::try_from(number.0).ok()?)
    }

    /// The guard with this number.
    #[must_use]
    pub fn guard(&self, number: GuardNo) -> Option<&Guard> {
        self.policy.guards.get(usize::try_from(number.0).ok()?)
    }
}

/// The policy that an answer rests on, shared with the view. Two are equal that have the same version.
#[derive(Debug, Clone)]
pub struct PolicyInForce(pub Arc<CompiledPolicy>);

impl Default for PolicyInForce {
    fn default() -> Self {
        Self(Arc::new(CompiledPolicy::none()))
    }
}

impl PartialEq for PolicyInForce {
    fn eq(&self, other: &Self) -> bool {
        self.0.version == other.0.version
    }
}

impl Eq for PolicyInForce {}
