//! How does a publication cross the wire?

use crate::engine::PublicationInfo;

use super::moment::timestamp;
use super::v1;

/// A publication.
#[must_use]
pub fn publication_of(info: &PublicationInfo) -> v1::Publication {
    v1::Publication {
        number: info.number.0,
        sequence: info.sequence.0,
        committed_at: Some(timestamp(info.committed_at)),
        points: info.cells,
        added: info.added,
        changed: info.changed,
        removed: info.removed,
        price_lists: info.lists,
    }
}
