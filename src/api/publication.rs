//! How does a publication cross the wire?

use crate::engine::publication::Manifest;

use super::moment::timestamp;
use super::v1;

/// A publication.
#[must_use]
pub fn publication_of(manifest: &Manifest) -> v1::Publication {
    v1::Publication {
        number: manifest.number.0,
        sequence: manifest.position.0,
        committed_at: Some(timestamp(manifest.committed_at)),
        points: manifest.total_points,
        added: manifest.points.added,
        changed: manifest.points.changed,
        removed: manifest.points.removed,
        price_lists: manifest.lists,
        policy_version: manifest.policy.as_ref().map_or(0, |mark| mark.version),
    }
}
