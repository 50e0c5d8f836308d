//! `quoin import`: files into a folder or a running server.

use std::path::{Path, PathBuf};

use crate::api::import::report_of;
use crate::api::v1;
use crate::engine::import::ImportJob;
use crate::engine::publication::ImportMode as EngineMode;
use crate::exchange::kind::Kind;
use crate::exchange::source::{Format, Source, SourceError};

use super::arguments::{Common, Import, ImportMode};
use super::failure::{Failure, NOT_FOUND, REFUSED, USAGE};
use super::progress::Shown;
use super::{Outcome, ask, import_upload, json, output, report};

/// Runs it.
pub fn run(common: &Common, asked: &Import) -> Outcome {
    let sources = sources(asked)?;
    let answer = match &asked.server {
        None => {
            let caller = ask::caller(common)?;
            let engine = ask::folder(common, true)?;
            let progress = Shown::new(common.json);
            let answered = engine.import(&caller, &job(asked, sources), &progress)?;
            progress.end();
            report_of(&answered)
        }
        Some(address) => import_upload::run(common, address, asked, sources)?,
    };
    if common.json {
        output::json(&json::import(&answer))?;
    } else {
        output::text(&report::import(&answer))?;
    }
    match answer.verdict() {
        v1::ImportVerdict::Published | v1::ImportVerdict::DryRun => Ok(()),
        v1::ImportVerdict::Rejected | v1::ImportVerdict::Implausible | v1::ImportVerdict::Unspecified => {
            Err(Failure::told(REFUSED))
        }
    }
}

fn job(asked: &Import, sources: Vec<Source>) -> ImportJob {
    ImportJob {
        sources,
        mode: match asked.mode {
            ImportMode::Delta => EngineMode::Delta,
            ImportMode::Replace => EngineMode::Replace,
        },
        dry_run: asked.dry_run,
        confirm: asked.confirm,
        request_id: asked.request_id.clone(),
        ..ImportJob::default()
    }
}

fn sources(asked: &Import) -> Result<Vec<Source>, Failure> {
    let kind = match &asked.kind {
        None => None,
        Some(name) => Some(Kind::parse(name).ok_or_else(|| {
            Failure::new(USAGE, format!("--kind: \"{name}\" is no kind of file, see docs/FORMATS.md"))
        })?),
    };
    let mut paths = Vec::new();
    for path in &asked.paths {
        paths.extend(inside(path)?);
    }
    Source::of_paths(paths, kind).map_err(refused)
}

fn refused(error: SourceError) -> Failure {
    let code = match &error {
        SourceError::Io { .. } => NOT_FOUND,
        SourceError::UnknownKind { .. }
        | SourceError::UnknownFormat { .. }
        | SourceError::NothingThere { .. } => REFUSED,
    };
    Failure::new(code, error)
}

/// The files of a folder that are to be imported: a cart that lies beside the data is none of them.
fn inside(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let gone = |error: std::io::Error| Failure::new(NOT_FOUND, format!("{}: {error}", path.display()));
    if !path.metadata().map_err(gone)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in path.read_dir().map_err(gone)? {
        let file = entry.map_err(gone)?.path();
        let is_cart =
            file.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("cart"));
        if file.is_file() && Format::of_path(&file).is_some() && !is_cart {
            files.push(file);
        }
    }
    if files.is_empty() {
        return Err(refused(SourceError::NothingThere { path: path.display().to_string() }));
    }
    Ok(files)
}
