//! Publication calls: what was published, and imports that come as a stream of files.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tonic::{Code, Request, Response, Status, Streaming};

use crate::domain::ids::PublicationNo;
use crate::engine::Engine;
use crate::engine::caller::{Caller, Role};
use crate::engine::import::{ImportJob, ImportProgress};
use crate::exchange::kind::Kind;
use crate::exchange::source::{Format, Source};

use super::aside::long;
use super::caller::{of_request, require};
use super::import::{mode_of, report_of};
use super::page::Page;
use super::publication::publication_of;
use super::status::{Entry, Subject, Violation, import_status, not_found, price_status, violation_status};
use super::upload::Upload;
use super::v1;
use super::v1::import_request::Part;

/// The service.
#[derive(Clone)]
pub struct Publications {
    engine: Engine,
    spool: PathBuf,
    uploads: Arc<AtomicU64>,
}

impl Publications {
    /// Uploads are spooled below `spool`, which the store empties when it opens.
    #[must_use]
    pub fn new(engine: Engine, spool: PathBuf) -> Self {
        Self { engine, spool, uploads: Arc::default() }
    }
}

type Answer<T> = Result<Response<T>, Status>;

/// Hears whether the caller has gone.
struct Gone(Arc<AtomicBool>);

impl ImportProgress for Gone {
    fn begin(&self, stage: &str, total: u64) {
        tracing::debug!(stage, total, "import");
    }

    fn advance(&self, _: u64) {}

    fn cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Says so when the call is dropped, which is what becomes of it when the caller goes.
struct SayGone(Arc<AtomicBool>);

impl Drop for SayGone {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[tonic::async_trait]
impl v1::publication_service_server::PublicationService for Publications {
    async fn list_publications(
        &self,
        request: Request<v1::ListPublicationsRequest>,
    ) -> Answer<v1::ListPublicationsResponse> {
        let caller = of_request(&request)?;
        let retained = self.engine.known_publications(&caller).map_err(|error| price_status(&error))?;
        let page = Page::of(request.get_ref().page_size, &request.get_ref().page_token)?;
        let (publications, next_page_token) = page.cut(retained.iter().rev(), publication_of);
        Ok(Response::new(v1::ListPublicationsResponse { publications, next_page_token }))
    }

    async fn get_publication(
        &self,
        request: Request<v1::GetPublicationRequest>,
    ) -> Answer<v1::GetPublicationResponse> {
        let caller = of_request(&request)?;
        let number = request.get_ref().number;
        let retained = self.engine.known_publications(&caller).map_err(|error| price_status(&error))?;
        let found = match number {
            0 => retained.last(),
            number => retained.iter().find(|manifest| manifest.number == PublicationNo(number)),
        };
        let missing = || not_found("quoin.v1.Publication", &number.to_string());
        let publication = Some(publication_of(found.ok_or_else(missing)?));
        Ok(Response::new(v1::GetPublicationResponse { publication }))
    }

    async fn import(&self, request: Request<Streaming<v1::ImportRequest>>) -> Answer<v1::ImportResponse> {
        let caller = of_request(&request)?;
        require(&caller, Role::Publish)?;
        let folder = self.spool.join(format!("upload-{}", self.uploads.fetch_add(1, Ordering::Relaxed)));
        let mut upload = Upload::new(folder).await?;
        let header = receive(request.into_inner(), &mut upload).await?;
        let job = job_of(&header, upload.finish().await?)?;
        let gone = Arc::new(AtomicBool::new(false));
        let _said_on_drop = SayGone(Arc::clone(&gone));
        let report = self.run(caller, job, upload, gone).await?;
        Ok(Response::new(v1::ImportResponse { report: Some(report) }))
    }
}

impl Publications {
    /// Runs the import off the runtime's thread; the spooled files go when it has ended.
    async fn run(
        &self,
        caller: Arc<Caller>,
        job: ImportJob,
        upload: Upload,
        gone: Arc<AtomicBool>,
    ) -> Result<v1::ImportReport, Status> {
        let engine = self.engine.clone();
        let ended = long(move || {
            let outcome = engine.import(&caller, &job, &Gone(gone));
            drop(upload);
            outcome
        });
        let report = ended.await?.map_err(|error| import_status(&error))?;
        tracing::info!(
            publication = report.publication.0,
            verdict = ?report.verdict,
            added = report.points.added,
            changed = report.points.changed,
            removed = report.points.removed,
            rejected = report.refused_count,
            "import"
        );
        Ok(report_of(&report))
    }
}

fn wrong(field: &str, description: impl Into<String>) -> Status {
    violation_status(Violation::new(field, description))
}

/// Takes the stream to its end. Tonic shows a stream that the caller cancelled as one that ended, so that the end is a
/// message of its own.
async fn receive(
    mut parts: Streaming<v1::ImportRequest>,
    upload: &mut Upload,
) -> Result<v1::ImportHeader, Status> {
    let mut header = None;
    while let Some(message) = parts.message().await? {
        match (message.part, &header) {
            (Some(Part::Header(first)), None) => header = Some(first),
            (Some(Part::Header(_)), Some(_)) => return Err(wrong("header", "comes twice")),
            (_, None) => return Err(wrong("header", "must come first")),
            (Some(Part::File(file)), Some(_)) => upload.open(file).await?,
            (Some(Part::Chunk(chunk)), Some(_)) => upload.write(&chunk).await?,
            (Some(Part::End(end)), Some(header)) => {
                let sent = upload.count();
                if usize::try_from(end.files) != Ok(sent) {
                    return Err(wrong("end.files", format!("is {}, but {sent} files came", end.files)));
                }
                return Ok(header.clone());
            }
            (None, Some(_)) => return Err(wrong("part", "is missing")),
        }
    }
    Err(broken_off())
}

fn broken_off() -> Status {
    Entry { code: Code::Aborted, reason: "BROKEN_OFF", subject: Subject::None }
        .status("the stream ended without its end message: nothing is imported")
}

fn job_of(header: &v1::ImportHeader, files: Vec<(v1::ImportFile, PathBuf)>) -> Result<ImportJob, Status> {
    let unknown = |_| wrong("header.mode", "is no mode");
    let mode = mode_of(v1::ImportMode::try_from(header.mode).map_err(unknown)?);
    let sources = files.iter().enumerate().map(|(number, (file, path))| source_of(number, file, path));
    Ok(ImportJob {
        sources: sources.collect::<Result<Vec<_>, _>>()?,
        mode,
        dry_run: header.dry_run,
        confirm: header.confirm,
        request_id: (!header.request_id.is_empty()).then(|| header.request_id.clone()),
        ..ImportJob::default()
    })
}

/// What a file's opening says of it, or else its name.
fn source_of(number: usize, file: &v1::ImportFile, path: &Path) -> Result<Source, Status> {
    let at = |field: &str| format!("files[{number}].{field}");
    let kind = match file.kind.as_str() {
        "" => Kind::of_file_name(&file.name)
            .ok_or_else(|| wrong(&at("kind"), "is not stated, and the name begins with no kind"))?,
        kind => {
            Kind::parse(kind).ok_or_else(|| wrong(&at("kind"), format!("\"{kind}\" is no kind of file")))?
        }
    };
    let stated = v1::FileFormat::try_from(file.format).map_err(|_| wrong(&at("format"), "is no format"))?;
    let format = match stated {
        v1::FileFormat::Csv => Format::Csv,
        v1::FileFormat::Parquet => Format::Parquet,
        v1::FileFormat::Unspecified => Format::of_path(Path::new(&file.name)).ok_or_else(|| {
            wrong(&at("format"), "is not stated, and the name ends in neither .csv nor .parquet")
        })?,
    };
    Ok(Source { name: file.name.clone(), kind, format, path: path.to_owned() })
}
