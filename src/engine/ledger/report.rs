//! What became of documents that were sent?

use serde::{Deserialize, Serialize};

use crate::domain::day::CivilDay;
use crate::domain::ids::SequenceNo;
use crate::domain::time::Instant;
use crate::ledger::draft::{DocumentDraft, DocumentFault};

/// Documents that are to be posted together, all or none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PostDocuments {
    /// The documents.
    pub documents: Vec<DocumentDraft>,
    /// Put documents aside that name a contract, SKU, unit or counterparty which is not known yet, and post them once it is;
    /// where false they are refused.
    pub park_unknown: bool,
    /// Stop at the report.
    pub dry_run: bool,
}

/// What was answered when a document was posted; the same document gets the same answer whenever it comes again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// Its place in the command log.
    pub position: SequenceNo,
    /// Command time.
    pub at: Instant,
    /// The day on which it counts: its own, or that of the shipment which it names.
    pub counts_on: CivilDay,
    /// It names a shipment that has not come yet: until that comes, it counts on its own day.
    pub waits: bool,
    /// Lines of a return, from zero, after which more had come back than was shipped (rule X6).
    pub beyond: Vec<u32>,
    /// Rules that it used limits of and of which the policy in force had no limit, by id: counted all the same.
    pub unlimited: Vec<String>,
}

/// What became of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became {
    /// It was posted just now. In a dry run, it would be.
    Posted,
    /// It had been posted before.
    Repeated,
    /// It was put aside, because of these.
    Parked(Vec<DocumentFault>),
}

/// A document, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostOutcome {
    /// Its id.
    pub id: String,
    /// What became of it.
    pub became: Became,
    /// What was answered when it was posted; none where it is put aside, or in a dry run.
    pub posted: Option<Posted>,
}

/// What became of documents that were sent together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PostReport {
    /// By document, as they were sent; empty where they were refused.
    pub outcomes: Vec<PostOutcome>,
    /// What is wrong, by document. Where anything is, nothing was posted.
    pub faults: Vec<DocumentFault>,
    /// Further faults that are not told.
    pub untold: u64,
}

impl PostReport {
    /// Was nothing posted, because something is wrong?
    #[must_use]
    pub fn refused(&self) -> bool {
        !self.faults.is_empty()
    }
}
