//! What is wrong with a policy that can be read, held against the catalogue? Errors refuse it, warnings tell what was
//! likely not meant.
//!
//! Everything is held against the catalogue as it is now: a policy that was accepted stays in force when goods go.
//! What the text alone shows is the reader's.

mod contracts;
mod criterion;
mod goods;
mod ground;
mod implied;
mod lint;
mod near;
mod places;
mod report;
mod sets;
mod stronger;
mod wider;

use crate::domain::catalogue::Catalogue;

use super::ListMembers;
use super::finding::Finding;
use super::syntax::Policy;

/// All that is wrong with `policy` under this catalogue, by place.
#[must_use]
pub fn check(policy: &Policy, catalogue: &Catalogue, lists: &dyn ListMembers) -> Vec<Finding> {
    let ground = ground::Ground::new(policy, catalogue, lists);
    let mut report = report::Report::default();
    for lint in lint::LINTS {
        lint(&ground, &mut report);
    }
    report.by_place()
}
