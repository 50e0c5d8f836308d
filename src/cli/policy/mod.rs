//! `quoin policy`: check, publish, show, compare and restore the commercial policy, in a folder or a running server.

mod arguments;
mod json;
mod remote;
mod report;

pub use arguments::Policy;

use std::path::Path;

use crate::api::policy::{difference_of, findings_of, report_of, version_of};
use crate::api::v1;
use crate::engine::policy::{PolicyFile, PublishPolicy, check_alone};

use super::arguments::Common;
use super::failure::{Failure, NOT_FOUND, REFUSED};
use super::{Outcome, ask, output};

use arguments::{Check, Diff, History, PolicyCommand, Publish, Rollback, Show};

/// Runs it.
pub fn run(common: &Common, asked: &Policy) -> Outcome {
    match &asked.command {
        PolicyCommand::Check(asked) => check(common, asked),
        PolicyCommand::Publish(asked) => publish(common, asked),
        PolicyCommand::Show(asked) => show(common, asked),
        PolicyCommand::Diff(asked) => diff(common, asked),
        PolicyCommand::History(asked) => history(common, asked),
        PolicyCommand::Rollback(asked) => rollback(common, asked),
    }
}

/// A file as a policy has it: by its own name, without the folders above it.
fn file(path: &Path) -> Result<PolicyFile, Failure> {
    let shown = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| Failure::new(NOT_FOUND, format!("{shown}: {error}")))?;
    let name = path.file_name().map_or(shown, |name| name.to_string_lossy().into_owned());
    Ok(PolicyFile::of_bytes(&name, bytes)?)
}

fn files(paths: &[impl AsRef<Path>]) -> Result<Vec<PolicyFile>, Failure> {
    paths.iter().map(|path| file(path.as_ref())).collect()
}

fn check(common: &Common, asked: &Check) -> Outcome {
    let files = files(&asked.files)?;
    let caller = ask::caller(common)?;
    let (findings, alone) = match &asked.server {
        Some(address) => (remote::check(common, address, files)?, false),
        None if common.data.exists() => {
            let engine = ask::folder(common, false)?;
            (findings_of(&engine.check_policy(&caller, &files)?), false)
        }
        None => (findings_of(&check_alone(&files)?), true),
    };
    if common.json {
        output::json(&json::check(&findings, alone))?;
    } else {
        let without = alone.then(|| common.data.display().to_string());
        output::text(&report::check(&findings, without.as_deref()))?;
    }
    if findings.errors == 0 { Ok(()) } else { Err(Failure::told(REFUSED)) }
}

fn publish(common: &Common, asked: &Publish) -> Outcome {
    let files = files(&asked.files)?;
    let caller = ask::caller(common)?;
    let report = match &asked.server {
        Some(address) => remote::publish(common, address, asked, files)?,
        None => {
            let (note, request_id) = (asked.note.clone(), asked.request_id.clone());
            let policy = PublishPolicy { files, note, request_id, dry_run: asked.dry_run };
            report_of(&ask::folder(common, true)?.publish_policy(&caller, policy)?)
        }
    };
    tell(common, &report)
}

fn rollback(common: &Common, asked: &Rollback) -> Outcome {
    let caller = ask::caller(common)?;
    let report = match &asked.server {
        Some(address) => remote::rollback(common, address, asked)?,
        None => {
            let engine = ask::folder(common, false)?;
            let id = asked.request_id.as_deref();
            report_of(&engine.rollback_policy(&caller, asked.version, &asked.note, id)?)
        }
    };
    tell(common, &report)
}

/// What became of a policy, and whether that is what was asked for.
fn tell(common: &Common, answer: &v1::PolicyReport) -> Outcome {
    if common.json {
        output::json(&json::report(answer))?;
    } else {
        output::text(&report::report(answer))?;
    }
    let errors = answer.findings.as_ref().map_or(0, |findings| findings.errors);
    if errors == 0 { Ok(()) } else { Err(Failure::told(REFUSED)) }
}

fn show(common: &Common, asked: &Show) -> Outcome {
    let (version, files) = match &asked.server {
        Some(address) => remote::show(common, address, asked.version.unwrap_or(0))?,
        None => {
            let caller = ask::caller(common)?;
            let (version, files) = ask::folder(common, false)?.policy_text(&caller, asked.version)?;
            (version_of(&version), files)
        }
    };
    if common.json {
        output::json(&json::show(&version, &files))
    } else {
        output::text(&report::show(&version, &files))
    }
}

fn history(common: &Common, asked: &History) -> Outcome {
    let versions: Vec<v1::PolicyVersion> = match &asked.server {
        Some(address) => remote::history(common, address)?,
        None => {
            let caller = ask::caller(common)?;
            ask::folder(common, false)?.policy_versions(&caller)?.iter().map(version_of).collect()
        }
    };
    if common.json {
        output::json(&json::history(&versions))
    } else {
        output::text(&report::history(&versions))
    }
}

fn diff(common: &Common, asked: &Diff) -> Outcome {
    let found = match &asked.server {
        Some(address) => remote::diff(common, address, asked)?,
        None => {
            let caller = ask::caller(common)?;
            let diff = ask::folder(common, false)?.diff_policies(&caller, asked.from, asked.to)?;
            v1::DiffPoliciesResponse {
                from_version: diff.from,
                to_version: diff.to,
                differences: diff.differences.iter().map(difference_of).collect(),
                next_page_token: String::new(),
            }
        }
    };
    if common.json { output::json(&json::diff(&found)) } else { output::text(&report::diff(&found)) }
}
