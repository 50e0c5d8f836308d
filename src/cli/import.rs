//! `quoin import`: files into a folder or a running server.

use crate::api::import::report_of;
use crate::api::v1;
use crate::engine::import::ImportJob;
use crate::engine::publication::ImportMode as EngineMode;
use crate::exchange::kind::Kind;
use crate::exchange::source::{Source, SourceError};

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
    Source::of_paths(&asked.paths, kind).map_err(refused)
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
