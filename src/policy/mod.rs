//! What does the commercial policy say? Its syntax, what is wrong with it, and its compiled form.
//!
//! Knows nothing of storage or of the wire. [`syntax`] is what was written, word for word; docs/POLICY.md says what it means.

pub mod check;
pub mod compiled;
pub mod diff;
pub mod finding;
mod member_lists;
mod nearest;
pub mod read;
pub mod syntax;
pub mod written;

pub use compiled::{CompiledPolicy, GuardNo, HoldNo, ListMembers, PolicyInForce, RuleNo, ServiceNo, ShownNo};
