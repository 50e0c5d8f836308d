//! How do findings, versions and differences of policies read to a script?

use serde_json::{Value, json};

use crate::api::v1;
use crate::cli::json::{object, word};
use crate::cli::report::instant;
use crate::engine::policy::PolicyFile;

fn number(value: u64) -> Value {
    if value == 0 { Value::Null } else { json!(value) }
}

fn findings(found: &v1::PolicyFindings) -> Vec<(&'static str, Value)> {
    let one = |finding: &v1::PolicyFinding| {
        object([
            ("file", json!(finding.file)),
            ("line", json!(finding.line)),
            ("column", json!(finding.column)),
            ("severity", word(finding.severity().as_str_name(), "POLICY_SEVERITY_")),
            ("code", json!(finding.code)),
            ("message", json!(finding.message)),
            ("hint", json!(finding.hint)),
        ])
    };
    vec![
        ("errors", json!(found.errors)),
        ("warnings", json!(found.warnings)),
        ("findings", Value::Array(found.findings.iter().map(one).collect())),
    ]
}

/// What a check found, and whether there was a catalogue to hold the policy against.
#[must_use]
pub fn check(found: &v1::PolicyFindings, alone: bool) -> Value {
    object([("catalogue", json!(!alone))].into_iter().chain(findings(found)))
}

/// What became of a policy.
#[must_use]
pub fn report(report: &v1::PolicyReport) -> Value {
    let head = [
        ("published", json!(report.published)),
        ("dry_run", json!(report.dry_run)),
        ("version", json!(report.version)),
        ("publication", json!(report.publication)),
        ("restores", number(report.restores)),
        ("repeated_request", json!(report.repeated_request)),
    ];
    object(head.into_iter().chain(findings(&report.findings.clone().unwrap_or_default())))
}

fn head(version: &v1::PolicyVersion) -> Vec<(&'static str, Value)> {
    vec![
        ("version", json!(version.version)),
        ("publication", json!(version.publication)),
        ("published_at", json!(instant(version.published_at.as_ref()))),
        ("published_by", json!(version.published_by)),
        ("note", json!(version.note)),
        ("restores", number(version.restores)),
    ]
}

/// A version with its files.
#[must_use]
pub fn show(version: &v1::PolicyVersion, files: &[PolicyFile]) -> Value {
    let files = files.iter().map(|file| json!({"name": file.name, "text": file.text})).collect();
    object(head(version).into_iter().chain([("files", Value::Array(files))]))
}

/// Versions, the newest first.
#[must_use]
pub fn history(versions: &[v1::PolicyVersion]) -> Value {
    let one = |version: &v1::PolicyVersion| {
        let files = version.files.iter().map(|file| json!({"name": file.name, "bytes": file.bytes}));
        object(head(version).into_iter().chain([("files", Value::Array(files.collect()))]))
    };
    json!({ "versions": versions.iter().map(one).collect::<Vec<_>>() })
}

/// What differs.
#[must_use]
pub fn diff(found: &v1::DiffPoliciesResponse) -> Value {
    let key = |key: &v1::PolicyKeyChange| {
        object([
            ("key", json!(key.key)),
            ("before", json!(key.before)),
            ("after", json!(key.after)),
            ("added", json!(key.added)),
            ("removed", json!(key.removed)),
        ])
    };
    let one = |one: &v1::PolicyDifference| {
        object([
            ("section", word(one.section().as_str_name(), "POLICY_SECTION_")),
            ("id", json!(one.id)),
            ("change", word(one.change().as_str_name(), "POLICY_CHANGE_")),
            ("keys", Value::Array(one.keys.iter().map(key).collect())),
        ])
    };
    json!({
        "from_version": found.from_version,
        "to_version": found.to_version,
        "differences": found.differences.iter().map(one).collect::<Vec<_>>(),
    })
}
