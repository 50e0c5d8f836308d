//! What does a request see? One publication, whole, as a struct of shared parts.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::domain::catalogue::Catalogue;
use crate::domain::ids::{PublicationNo, SequenceNo};
use crate::domain::time::Instant;
use crate::matrix::directory::RowDirectory;
use crate::matrix::epoch::CodecEpoch;

/// A publication, complete. Cloning it costs a pointer a page.
#[derive(Debug, Clone)]
pub struct View {
    /// Which publication.
    pub publication: PublicationNo,
    /// The position of the command log that it has seen.
    pub position: SequenceNo,
    /// Command time of the last command.
    pub command_time: Instant,
    /// Everything that is not a price.
    pub catalogue: Catalogue,
    /// Where each list's row is.
    pub directory: RowDirectory,
    /// Codec epochs by number.
    pub epochs: Arc<BTreeMap<u32, Arc<CodecEpoch>>>,
    zones: Arc<BTreeMap<String, TimeZone>>,
}

impl View {
    /// A store in which nothing was ever published.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            publication: PublicationNo(0),
            position: SequenceNo(0),
            command_time: Instant(0),
            catalogue: Catalogue::default(),
            directory: RowDirectory::default(),
            epochs: Arc::default(),
            zones: Arc::default(),
        }
    }

    /// Finds the zones that contracts name; to be called once the catalogue is in place. A name that the time zone
    /// database no longer has is left out, and carts of its contracts are refused.
    pub(super) fn refresh_zones(&mut self) {
        let mut zones = BTreeMap::new();
        for contract in self.catalogue.contracts.iter() {
            if !zones.contains_key(&contract.zone)
                && let Ok(zone) = TimeZone::get(&contract.zone)
            {
                zones.insert(contract.zone.clone(), zone);
            }
        }
        self.zones = Arc::new(zones);
    }

    /// The zone with this name; none where the time zone database no longer has it.
    #[must_use]
    pub fn zone(&self, name: &str) -> Option<&TimeZone> {
        self.zones.get(name)
    }

    /// Price points of all rows.
    #[must_use]
    pub fn points(&self) -> u64 {
        self.directory.iter().map(|(_, row)| row.points).sum()
    }

    /// The newest codec epoch.
    #[must_use]
    pub fn newest_epoch(&self) -> Option<&Arc<CodecEpoch>> {
        self.epochs.last_key_value().map(|(_, epoch)| epoch)
    }
}
