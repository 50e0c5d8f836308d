//! How do staged rows become packed rows? List by list, some lists at a time on every core, in bounded memory.

use crate::domain::catalogue::Catalogue;
use crate::domain::ids::{ListId, PublicationNo};
use crate::engine::Engine;
use crate::engine::change::{PreparedRows, RowChange};
use crate::engine::error::ImportError;
use crate::engine::view::View;
use crate::exchange::fault::Faults;
use crate::exchange::source::Source;
use crate::matrix::RowError;
use crate::matrix::build::BuiltRow;
use crate::matrix::directory::RowRef;
use crate::matrix::epoch::CodecEpoch;
use crate::store::{RowIngest, RowKey};

use super::cells_of::Rows;
use super::diff::Diff;
use super::list_job::{self, ListJob, ListOutcome, Terms};
use super::staged::{Stage, place_of};
use super::{ImportJob, ImportProgress};

/// Rows that are packed at a time.
const ROWS_AT_A_TIME: usize = 400_000;
/// Row bytes that still go into the batch itself rather than into files.
const INLINE_BYTES: usize = 1 << 20;

/// What a pass comes to.
pub(super) struct Packed {
    pub(super) diff: Diff,
    pub(super) changes: Vec<RowChange>,
    pub(super) rows: PreparedRows,
    pub(super) digest: u128,
}

/// One pass over the staged rows.
pub(super) struct Pass<'a> {
    pub(super) engine: &'a Engine,
    pub(super) view: &'a View,
    pub(super) catalogue: &'a Catalogue,
    pub(super) job: &'a ImportJob,
    pub(super) progress: &'a dyn ImportProgress,
    /// Were all rows taken so far? Where some were refused, this pass only looks for what else is wrong.
    pub(super) complete: bool,
}

impl Pass<'_> {
    pub(super) fn run(
        &self,
        stage: Stage,
        epoch: Option<&CodecEpoch>,
        sources: &[&Source],
        faults: &mut Faults,
    ) -> Result<Packed, ImportError> {
        self.progress.begin("prices", stage.rows());
        let nothing = CodecEpoch::default();
        let epoch = epoch.or(self.view.newest_epoch().map(AsRef::as_ref)).unwrap_or(&nothing);
        let mut out = Output::default();
        let mut waiting: Vec<ListJob> = Vec::new();
        let (mut held, mut done) = (0_usize, 0_u64);
        stage.merge(|row| -> Result<(), ImportError> {
            if waiting.last().is_none_or(|job| job.list != row.list) {
                if held >= ROWS_AT_A_TIME {
                    done += u64::try_from(held).unwrap_or(0);
                    held = 0;
                    self.pack(std::mem::take(&mut waiting), epoch, sources, faults, &mut out)?;
                    self.progress.advance(done);
                    if self.progress.cancelled() {
                        return Err(ImportError::Cancelled);
                    }
                }
                waiting.push(ListJob { list: row.list, rows: Vec::new() });
            }
            held += 1;
            if let Some(job) = waiting.last_mut() {
                job.rows.push(row);
            }
            Ok(())
        })?;
        self.pack(waiting, epoch, sources, faults, &mut out)?;
        out.finish()
    }

    /// Packs every list that the view has anew in another epoch.
    pub(super) fn repack(&self, epoch: &CodecEpoch) -> Result<Packed, ImportError> {
        self.progress.begin("prices", self.view.points());
        let (mut out, mut waiting) = (Output::default(), Vec::new());
        let (mut held, mut done) = (0_u64, 0_u64);
        let most = u64::try_from(ROWS_AT_A_TIME).unwrap_or(u64::MAX);
        for (list, row) in self.view.directory.iter() {
            waiting.push(ListJob { list, rows: Vec::new() });
            held += row.points;
            if held >= most {
                self.pack(std::mem::take(&mut waiting), epoch, &[], &mut Faults::default(), &mut out)?;
                done += std::mem::take(&mut held);
                self.progress.advance(done);
                if self.progress.cancelled() {
                    return Err(ImportError::Cancelled);
                }
            }
        }
        self.pack(waiting, epoch, &[], &mut Faults::default(), &mut out)?;
        out.finish()
    }

    fn pack(
        &self,
        jobs: Vec<ListJob>,
        epoch: &CodecEpoch,
        sources: &[&Source],
        faults: &mut Faults,
        out: &mut Output,
    ) -> Result<(), ImportError> {
        let terms = Terms {
            store: &self.engine.store,
            view: self.view,
            mode: self.job.mode,
            epoch,
            guard: i64::from(self.job.guard.change_percent) * 100,
            rows: Rows { files: sources, complete: self.complete },
        };
        let half = jobs.iter().map(|job| job.rows.len()).sum::<usize>() / 2;
        let mut taken = 0;
        let middle = jobs.iter().take_while(|job| {
            taken += job.rows.len();
            taken <= half
        });
        let middle = middle.count();
        let mut first = jobs;
        let second = first.split_off(middle);
        let work = |jobs: Vec<ListJob>| -> Result<Vec<ListOutcome>, (ListId, RowError)> {
            jobs.iter().map(|job| list_job::run(job, terms)).collect()
        };
        let (first, second) = std::thread::scope(|scope| {
            let other = scope.spawn(|| work(second));
            let first = work(first);
            (first, other.join().unwrap_or(Err((ListId(0), RowError::Torn))))
        });
        for outcomes in [first, second] {
            let outcomes = outcomes.map_err(|(list, error)| ImportError::Row {
                list: self.catalogue.list(list).map_or(String::new(), |list| list.code.clone()),
                error,
            })?;
            for outcome in outcomes {
                self.take(outcome, epoch, sources, faults, out)?;
            }
        }
        Ok(())
    }

    fn take(
        &self,
        outcome: ListOutcome,
        epoch: &CodecEpoch,
        sources: &[&Source],
        faults: &mut Faults,
        out: &mut Output,
    ) -> Result<(), ImportError> {
        for (source, refusal) in outcome.refused {
            let (file, row) = place_of(source);
            faults.add(sources.get(file).map_or("", |source| &source.name), row, refusal);
        }
        out.diff.add(&outcome.diff);
        let Some(row) = outcome.row else { return Ok(()) };
        let reference = row.as_ref().map(|row| RowRef {
            publication: PublicationNo(0),
            epoch: epoch.number(),
            points: row.points,
            later_segments: row.segments.iter().skip(1).map(|(first, _)| *first).collect(),
            references: row.references.clone().into(),
        });
        out.changes.push((outcome.list, reference));
        if let Some(row) = row.filter(|_| !self.job.dry_run && faults.is_empty()) {
            out.sink.add(self.engine, outcome.list, row)?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Output {
    sink: Sink,
    diff: Diff,
    changes: Vec<RowChange>,
}

impl Output {
    fn finish(self) -> Result<Packed, ImportError> {
        let (rows, digest) = match self.sink {
            Sink::Memory(rows, _) => (PreparedRows::Inline(rows), 0),
            Sink::Files(publication, ingest) => {
                let staged = ingest.finish()?;
                let digest = staged.digest;
                (PreparedRows::Staged(publication, staged), digest)
            }
        };
        Ok(Packed { diff: self.diff, changes: self.changes, rows, digest })
    }
}

/// Where packed rows go: into memory while they are few, then into files under a reserved publication number.
enum Sink {
    Memory(Vec<(ListId, u16, Vec<u8>)>, usize),
    Files(PublicationNo, RowIngest),
}

impl Default for Sink {
    fn default() -> Self {
        Self::Memory(Vec::new(), 0)
    }
}

impl Sink {
    fn add(&mut self, engine: &Engine, list: ListId, row: BuiltRow) -> Result<(), ImportError> {
        let too_many =
            ImportError::Row { list: String::new(), error: RowError::TooLarge("segments of a list") };
        if row.segments.len() > usize::from(u16::MAX) {
            return Err(too_many);
        }
        for ((_, bytes), segment) in row.segments.into_iter().zip(0_u16..) {
            match self {
                Self::Memory(rows, held) => {
                    *held += bytes.len();
                    rows.push((list, segment, bytes));
                }
                Self::Files(publication, ingest) => {
                    ingest.add(RowKey { publication: publication.0, list: list.0, segment }, &bytes)?;
                }
            }
        }
        if let Self::Memory(rows, held) = self
            && *held > INLINE_BYTES
        {
            let publication = engine.store.reserve_publication()?;
            let mut ingest = engine.store.begin_ingest(publication)?;
            for (list, segment, bytes) in std::mem::take(rows) {
                ingest.add(RowKey { publication, list: list.0, segment }, &bytes)?;
            }
            *self = Self::Files(PublicationNo(publication), ingest);
        }
        Ok(())
    }
}
