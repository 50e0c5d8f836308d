//! What is known of a publication once it is made? Its manifest, which is also what the command log says of it.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{PublicationNo, SequenceNo};
use crate::domain::time::Instant;

/// How prices of an import meet the prices that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ImportMode {
    /// Touches only the cells that are named.
    #[default]
    Delta,
    /// Every price list that is named is replaced whole.
    Replace,
}

/// A file that went into a publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDigest {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// xxh3-128 of its bytes.
    pub digest: u128,
}

/// Price points by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PointCounts {
    /// In cells that were not there before.
    pub added: u64,
    /// In cells that were there with other content.
    pub changed: u64,
    /// In cells that are gone.
    pub removed: u64,
    /// In cells that were named and are as before.
    pub unchanged: u64,
}

/// What a publication did. Together with its pages and rows it is the whole outcome: applying it computes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Its number.
    pub number: PublicationNo,
    /// Its place in the command log.
    pub position: SequenceNo,
    /// What it was made from.
    pub base: PublicationNo,
    /// Command time: never before that of an earlier command.
    pub committed_at: Instant,
    /// Delta or replacement.
    pub mode: ImportMode,
    /// The files.
    pub files: Vec<FileDigest>,
    /// Price points.
    pub points: PointCounts,
    /// Lists whose rows were written or removed.
    pub lists: u64,
    /// Digest of the rows written; zero where they went into the batch itself or there were none.
    pub rows_digest: u128,
    /// Price points of the whole publication.
    pub total_points: u64,
    /// Where it published a version of the policy and nothing else; the files are then the policy's.
    pub policy: Option<PolicyMark>,
}

/// Which version of the policy a publication is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyMark {
    /// The version, from one.
    pub version: u64,
    /// Who published it.
    pub by: String,
    /// What they said of it.
    pub note: String,
    /// The older version whose files it has.
    pub restores: Option<u64>,
}

impl Manifest {
    /// A publication that changes nothing yet; number, base, position, time and total are the writer's.
    #[must_use]
    pub fn draft() -> Self {
        Self {
            number: PublicationNo(0),
            position: SequenceNo(0),
            base: PublicationNo(0),
            committed_at: Instant(0),
            mode: ImportMode::Delta,
            files: Vec::new(),
            points: PointCounts::default(),
            lists: 0,
            rows_digest: 0,
            total_points: 0,
            policy: None,
        }
    }
}
