//! What is the importer told? Counts, the greatest moves, every refused row, and whether it was published.

use serde::{Deserialize, Serialize};

use crate::domain::catalogue::Catalogue;
use crate::domain::ids::PublicationNo;
use crate::engine::publication::{ImportMode, Manifest, PointCounts};
use crate::engine::view::View;
use crate::exchange::fault::{Faults, RowFault};

use super::ImportJob;
use super::diff::{Diff, Move};

/// What became of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// It is the newest publication.
    Published,
    /// It would have been published.
    DryRun,
    /// Rows were refused; nothing was published.
    Rejected,
    /// The guard found it implausible; nothing was published. Confirm it to publish all the same.
    Implausible,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Its rows.
    pub rows: u64,
}

/// The report of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// What became of it.
    pub verdict: Verdict,
    /// The publication that it is, or that was current.
    pub publication: PublicationNo,
    /// Delta or replacement.
    pub mode: ImportMode,
    /// The files.
    pub files: Vec<FileReport>,
    /// Price points by what became of them.
    pub points: PointCounts,
    /// The greatest rise, with the list's and the goods' external ids.
    pub greatest_rise: Option<(String, String, Move)>,
    /// The greatest fall.
    pub greatest_fall: Option<(String, String, Move)>,
    /// Price points that moved by more than the guard's percentage or are gone, of those that were there.
    pub implausible: (u64, u64),
    /// The first refused rows.
    pub refused: Vec<Refused>,
    /// All refused rows.
    pub refused_count: u64,
    /// How many rows were refused for each reason.
    pub refused_by_reason: Vec<(String, u64)>,
    /// The same request id came before; this is the first answer.
    pub repeated: bool,
}

/// A refused row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The file.
    pub file: String,
    /// The row, the header being row 1 of a CSV file.
    pub row: u64,
    /// The column; empty where the row as a whole is meant.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// Why it will not do.
    pub reason: String,
}

impl From<&RowFault> for Refused {
    fn from(fault: &RowFault) -> Self {
        Self {
            file: fault.file.clone(),
            row: fault.row,
            column: fault.column.clone(),
            value: fault.value.clone(),
            reason: fault.reason.clone(),
        }
    }
}

impl ImportReport {
    pub(super) fn new(job: &ImportJob, files: Vec<FileReport>, view: &View) -> Self {
        Self {
            verdict: if job.dry_run { Verdict::DryRun } else { Verdict::Published },
            publication: view.publication,
            mode: job.mode,
            files,
            points: PointCounts::default(),
            greatest_rise: None,
            greatest_fall: None,
            implausible: (0, 0),
            refused: Vec::new(),
            refused_count: 0,
            refused_by_reason: Vec::new(),
            repeated: false,
        }
    }

    pub(super) fn refused(mut self, faults: &Faults) -> Self {
        self.verdict = Verdict::Rejected;
        self.refused = faults.kept().iter().map(Refused::from).collect();
        self.refused_count = faults.count();
        self.refused_by_reason =
            faults.by_reason().iter().map(|(why, count)| (why.clone(), *count)).collect();
        self
    }

    pub(super) fn take(&mut self, diff: &Diff, view: &View, catalogue: &Catalogue) {
        let named = |moved: Move| {
            let list = catalogue.list(moved.list).map_or(String::new(), |list| list.code.clone());
            (list, super::super::names_of::target(catalogue, moved.target), moved)
        };
        self.points = diff.points;
        self.greatest_rise = diff.rise.map(named);
        self.greatest_fall = diff.fall.map(named);
        self.implausible = (diff.implausible, diff.before);
        self.publication = view.publication;
    }

    /// Refuses what is implausible and not confirmed.
    pub(super) fn guard(&mut self, diff: &Diff, job: &ImportJob) {
        let share = u128::from(diff.before) * u128::from(job.guard.share_percent);
        if u128::from(diff.implausible) * 100 > share && !job.confirm {
            self.verdict = Verdict::Implausible;
        }
    }

    pub(super) fn published(mut self, manifest: &Manifest) -> Self {
        self.publication = manifest.number;
        self
    }
}
