//! How do policies cross the wire? Versions, findings, reports and differences.

use crate::domain::limits;
use crate::engine::policy::{PolicyFile, PolicyFinding, PolicyReport, PolicyVersion};
use crate::policy::diff::{Difference, Fate, KeyChange};
use crate::policy::written::Section;

use super::moment::timestamp;
use super::v1;
use super::v1::policy_part::Part;

/// Bytes of a chunk on its way out.
pub const CHUNK_BYTES: usize = 256 << 10;

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// A version.
#[must_use]
pub fn version_of(version: &PolicyVersion) -> v1::PolicyVersion {
    v1::PolicyVersion {
        version: version.version,
        publication: version.publication.0,
        published_at: Some(timestamp(version.published_at)),
        published_by: version.by.clone(),
        note: version.note.clone(),
        restores: version.restores.unwrap_or(0),
        files: version
            .files
            .iter()
            .map(|file| v1::PolicyFile { name: file.name.clone(), bytes: file.bytes })
            .collect(),
    }
}

/// Findings: the first ones, and errors rather than warnings where there are too many.
#[must_use]
pub fn findings_of(findings: &[PolicyFinding]) -> v1::PolicyFindings {
    let errors = findings.iter().filter(|finding| finding.error).count();
    let mut told: Vec<&PolicyFinding> = findings.iter().collect();
    if told.len() > limits::POLICY_FINDINGS {
        told.sort_by_key(|finding| !finding.error);
        told.truncate(limits::POLICY_FINDINGS);
    }
    v1::PolicyFindings {
        findings: told.into_iter().map(finding_of).collect(),
        errors: count(errors),
        warnings: count(findings.len() - errors),
    }
}

fn finding_of(finding: &PolicyFinding) -> v1::PolicyFinding {
    let severity = if finding.error { v1::PolicySeverity::Error } else { v1::PolicySeverity::Warning };
    v1::PolicyFinding {
        file: finding.file.clone(),
        line: finding.line,
        column: finding.column,
        severity: severity.into(),
        code: finding.code.clone(),
        message: finding.message.clone(),
        hint: finding.hint.clone(),
    }
}

/// A report.
#[must_use]
pub fn report_of(report: &PolicyReport) -> v1::PolicyReport {
    v1::PolicyReport {
        published: report.published,
        dry_run: report.dry_run,
        version: report.version,
        publication: report.publication.0,
        restores: report.restores.unwrap_or(0),
        findings: Some(findings_of(&report.findings)),
        repeated_request: report.repeated,
    }
}

/// A difference.
#[must_use]
pub fn difference_of(difference: &Difference) -> v1::PolicyDifference {
    let change = match difference.fate {
        Fate::Added => v1::PolicyChange::Added,
        Fate::Removed => v1::PolicyChange::Removed,
        Fate::Changed => v1::PolicyChange::Changed,
    };
    v1::PolicyDifference {
        section: section_of(difference.section).into(),
        id: difference.id.clone(),
        change: change.into(),
        keys: difference.keys.iter().map(key_of).collect(),
    }
}

fn key_of(change: &KeyChange) -> v1::PolicyKeyChange {
    match change.clone() {
        KeyChange::Value { key, before, after } => {
            v1::PolicyKeyChange { key, before, after, ..Default::default() }
        }
        KeyChange::Members { key, added, removed } => {
            v1::PolicyKeyChange { key, added, removed, ..Default::default() }
        }
    }
}

fn section_of(section: Section) -> v1::PolicySection {
    use v1::PolicySection as Wire;
    match section {
        Section::Policy => Wire::Policy,
        Section::SkuGroup => Wire::SkuGroup,
        Section::ContractGroup => Wire::ContractGroup,
        Section::Measure => Wire::Measure,
        Section::Assortment => Wire::Assortment,
        Section::Inclusion => Wire::Inclusion,
        Section::Exclusion => Wire::Exclusion,
        Section::Licence => Wire::Licence,
        Section::Rule => Wire::Rule,
        Section::Service => Wire::Service,
        Section::Guard => Wire::Guard,
        Section::Tax => Wire::Tax,
        Section::ShownPrice => Wire::ShownPrice,
        Section::Agreement => Wire::Agreement,
        Section::Hold => Wire::Hold,
        Section::BonusCap => Wire::BonusCap,
        Section::Levels => Wire::Levels,
        Section::Points => Wire::Points,
        Section::Authority => Wire::Authority,
    }
}

/// Files as they cross the wire, either way.
pub fn parts_of(files: Vec<PolicyFile>) -> impl Iterator<Item = v1::PolicyPart> {
    let end = v1::PolicyEnd { files: u32::try_from(files.len()).unwrap_or(u32::MAX) };
    let of_file = |file: PolicyFile| {
        let opening = v1::PolicyFile { name: file.name, bytes: count(file.text.len()) };
        let chunks = file.text.as_bytes().chunks(CHUNK_BYTES).map(|chunk| Part::Chunk(chunk.to_vec()));
        let chunks: Vec<Part> = chunks.collect();
        std::iter::once(Part::File(opening)).chain(chunks)
    };
    let parts = files.into_iter().flat_map(of_file).chain([Part::End(end)]);
    parts.map(|part| v1::PolicyPart { part: Some(part) })
}
