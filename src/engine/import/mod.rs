//! How does an import become a publication? Staged, validated whole, compared, and published at once or refused.

mod assigned;
mod bases;
mod cells_of;
mod diff;
mod list_job;
mod master;
mod names;
mod pass;
mod rebuild;
mod report;
mod runs;
mod staged;

pub use diff::Move;
pub use report::{FileReport, ImportReport, Verdict};

use std::fs::File;
use std::io::Read;
use std::sync::Arc;
use std::time::Instant;

use xxhash_rust::xxh3::Xxh3;

use crate::exchange::fault::Faults;
use crate::exchange::kind::Kind;
use crate::exchange::prices::read_prices;
use crate::exchange::source::Source;
use crate::store::Family;

use super::Engine;
use super::caller::{Caller, Role};
use super::change::{Change, DataChange, Prepared};
use super::error::ImportError;
use super::publication::{FileDigest, ImportMode, Manifest, PointCounts};
use super::records::{pack, unpack};

use bases::Bases;
use master::Master;
use names::Names;
use pass::Pass;
use staged::Stage;

/// Number of the first codec epoch.
const FIRST_EPOCH: u32 = 1;

/// The guard against an implausible publication: at most `share` of a touched list's points may move by more than
/// `change`, or go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    /// Percent of the price points that were there before in the lists touched.
    pub share_percent: u8,
    /// Percent of the price before.
    pub change_percent: u32,
}

impl Default for Guard {
    fn default() -> Self {
        Self { share_percent: 20, change_percent: 50 }
    }
}

/// An import set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportJob {
    /// The files; they are taken in the order of their kinds.
    pub sources: Vec<Source>,
    /// Delta or replacement of the price lists that are named.
    pub mode: ImportMode,
    /// Stop at the report.
    pub dry_run: bool,
    /// Publish though the guard finds it implausible.
    pub confirm: bool,
    /// The guard.
    pub guard: Guard,
    /// The caller's id of this import: the same again changes nothing and is given the first answer.
    pub request_id: Option<String>,
}

/// Hears how far an import is.
pub trait ImportProgress {
    /// A stage begins: a file that is read, or `prices` that are packed. `total` is in bytes or rows.
    fn begin(&self, stage: &str, total: u64);
    /// So much of the stage is done.
    fn advance(&self, done: u64);
    /// Shall the import stop?
    fn cancelled(&self) -> bool {
        false
    }
}

/// Hears nothing.
pub struct Silent;

impl ImportProgress for Silent {
    fn begin(&self, _: &str, _: u64) {}
    fn advance(&self, _: u64) {}
}

impl Engine {
    /// Imports files as one publication. Rows that are refused are in the report, and nothing is published then.
    ///
    /// # Errors
    /// What kept the files from being read, or the publication from being made.
    pub fn import(
        &self,
        caller: &Caller,
        job: &ImportJob,
        progress: &dyn ImportProgress,
    ) -> Result<ImportReport, ImportError> {
        caller
            .require_over_all(Role::Publish)
            .map_err(|error| ImportError::NotAllowed { what: error.to_string() })?;
        if job.sources.is_empty() {
            return Err(ImportError::NothingToImport);
        }
        let _one_at_a_time = self.imports.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let digests = job.sources.iter().map(digest).collect::<Result<Vec<_>, _>>()?;
        let request = job.request_id.as_deref().map(|id| (request_key(id), content_digest(&digests, job)));
        if let Some((key, content)) = &request
            && let Some(known) = self.store.get(Family::Requests, key)?
        {
            let (before, report): (u128, ImportReport) = unpack(&known).ok_or_else(|| {
                ImportError::RequestReused { request_id: job.request_id.clone().unwrap_or_default() }
            })?;
            if before != *content {
                let request_id = job.request_id.clone().unwrap_or_default();
                return Err(ImportError::RequestReused { request_id });
            }
            return Ok(ImportReport { repeated: true, ..report });
        }
        self.run_import(job, digests, request, progress)
    }

    fn run_import(
        &self,
        job: &ImportJob,
        digests: Vec<FileDigest>,
        request: Option<(Vec<u8>, u128)>,
        progress: &dyn ImportProgress,
    ) -> Result<ImportReport, ImportError> {
        let (began, view) = (Instant::now(), self.view());
        let mut faults = Faults::default();
        let mut catalogue = view.catalogue.clone();
        let mut files: Vec<FileReport> = Vec::new();
        let mut sources: Vec<&Source> = job.sources.iter().collect();
        sources.sort_by_key(|source| source.kind);
        let mut master = Master::new(&mut catalogue, &mut faults);
        for source in sources.iter().filter(|source| source.kind != Kind::Prices) {
            progress.begin(&source.name, 0);
            let rows = master.apply(source)?;
            files.push(FileReport { name: source.name.clone(), kind: source.kind.name().to_owned(), rows });
        }
        master.finish();
        catalogue.refresh_facts(&view.catalogue);
        let prices: Vec<&Source> = sources.into_iter().filter(|source| source.kind == Kind::Prices).collect();
        let folder = self.store.staging_dir().join(format!("import-{}", self.next_import()));
        let mut stage = Stage::new(folder);
        let mut bases = view.epochs.is_empty().then(|| Bases::new(&catalogue));
        for (number, source) in prices.iter().enumerate() {
            let size = std::fs::metadata(&source.path).map_or(0, |data| data.len());
            progress.begin(&source.name, size);
            let mut names = Names::new(&catalogue);
            let mut io: Option<std::io::Error> = None;
            let counts = read_prices(source, &mut faults, &mut |done| progress.advance(done), |line| {
                let staged = names.resolve(number, line)?;
                if let Some(bases) = &mut bases {
                    bases.note_staged(&staged);
                }
                if let Err(error) = stage.push(staged) {
                    io.get_or_insert(error);
                }
                Ok(())
            })?;
            if let Some(error) = io {
                return Err(ImportError::Staging(error));
            }
            if progress.cancelled() {
                return Err(ImportError::Cancelled);
            }
            let kind = source.kind.name().to_owned();
            files.push(FileReport { name: source.name.clone(), kind, rows: counts.rows });
        }
        let epoch = bases.map(|bases| bases.epoch(FIRST_EPOCH));
        let mut report = ImportReport::new(job, files, &view);
        let complete = faults.is_empty();
        let pass = Pass { engine: self, view: &view, catalogue: &catalogue, job, progress, complete };
        let packed = pass.run(stage, epoch.as_ref(), &prices, &mut faults)?;
        if complete {
            report.take(&packed.diff, &view, &catalogue);
        }
        if !faults.is_empty() {
            return Ok(report.refused(&faults));
        }
        report.guard(&packed.diff, job);
        if report.verdict != Verdict::Published {
            return Ok(report);
        }
        let manifest = manifest(job, digests, &report.points, &packed);
        let request = request.map(|(key, content)| {
            let draft = report.clone();
            let answer = move |manifest: &Manifest| pack(&(content, draft.clone().published(manifest)));
            (key, Box::new(answer) as Box<dyn Fn(&Manifest) -> Vec<u8> + Send>)
        });
        let (changes, rows) = (packed.changes, packed.rows);
        let change = Change::Data(DataChange { catalogue, changes, rows, epoch: epoch.map(Arc::new) });
        let manifest = self.land(Prepared::new(change, &view, manifest, request))?;
        self.counts.imports.record(began.elapsed());
        Ok(report.published(&manifest))
    }
}

fn manifest(
    job: &ImportJob,
    files: Vec<FileDigest>,
    points: &PointCounts,
    packed: &pass::Packed,
) -> Manifest {
    Manifest {
        mode: job.mode,
        files,
        points: *points,
        lists: u64::try_from(packed.changes.len()).unwrap_or(u64::MAX),
        rows_digest: packed.digest,
        ..Manifest::draft()
    }
}

fn request_key(id: &str) -> Vec<u8> {
    [b"import/", id.as_bytes()].concat()
}

/// What the same request id must come with again.
fn content_digest(files: &[FileDigest], job: &ImportJob) -> u128 {
    let mut hash = Xxh3::new();
    for file in files {
        hash.update(file.name.as_bytes());
        hash.update(&file.digest.to_le_bytes());
    }
    hash.update(&[u8::from(job.mode == ImportMode::Replace), u8::from(job.dry_run), u8::from(job.confirm)]);
    hash.digest128()
}

fn digest(source: &Source) -> Result<FileDigest, ImportError> {
    let mut file = File::open(&source.path).map_err(ImportError::Staging)?;
    let mut hash = Xxh3::new();
    let mut buffer = vec![0_u8; 1 << 20];
    let mut bytes = 0_u64;
    loop {
        let count = file.read(&mut buffer).map_err(ImportError::Staging)?;
        if count == 0 {
            break;
        }
        hash.update(buffer.get(..count).unwrap_or_default());
        bytes += u64::try_from(count).unwrap_or(0);
    }
    Ok(FileDigest { name: source.name.clone(), bytes, digest: hash.digest128() })
}
