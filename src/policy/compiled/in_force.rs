//! Which policy does an answer rest on?

use std::sync::Arc;

use super::CompiledPolicy;

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
