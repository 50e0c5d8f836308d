//! What does the command log say of each command? Its outcome: applying it computes nothing and reads no clock.

use serde::{Deserialize, Serialize};

use crate::domain::ids::SequenceNo;
use crate::domain::time::Instant;
use crate::store::Store;

use super::error::RecordError;
use super::ledger::limited::LimitMove;
use super::ledger::log::{ParkedDocument, PostedDocument, SettledStatement};
use super::ledger::loyalty::book::PointsMove;
use super::publication::Manifest;
use super::quotes::QuoteChange;
use super::records::{damaged, unpack};

/// An entry of the command log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogEntry {
    /// A publication landed.
    Published(Manifest),
    /// A document was posted.
    Posted(PostedDocument),
    /// A document that names what is not known yet was put aside.
    Parked(ParkedDocument),
    /// Periods were settled.
    Settled(Box<SettledStatement>),
    /// Points of loyalty were held, released, spent or given back.
    Points(PointsMove),
    /// Something happened to a quote.
    Quote(Box<QuoteChange>),
    /// Limits of benefits were held or released.
    Limit(LimitMove),
}

impl LogEntry {
    /// Command time.
    #[must_use]
    pub fn at(&self) -> Instant {
        match self {
            Self::Published(manifest) => manifest.committed_at,
            Self::Posted(posted) => posted.answer.at,
            Self::Parked(parked) => parked.at,
            Self::Settled(settled) => settled.statement.at,
            Self::Points(made) => made.moved.at,
            Self::Quote(change) => change.event.at,
            Self::Limit(made) => made.moved.at,
        }
    }
}

/// The end of the log: its position and command time; `None` where nothing was ever written.
pub(super) fn end(store: &Store) -> Result<Option<(SequenceNo, Instant)>, RecordError> {
    let Some(last) = store.last_log_sequence()? else { return Ok(None) };
    let mut scan = store.scan_log(last)?;
    let entry: Option<LogEntry> = scan.step()?.and_then(|(_, entry)| unpack(entry));
    let entry = entry.ok_or_else(|| damaged("at the end of the log"))?;
    Ok(Some((SequenceNo(last), entry.at())))
}
