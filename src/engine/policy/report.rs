//! What is told of a policy? Its findings, each with its place, and what became of it.

use serde::{Deserialize, Serialize};

use crate::domain::ids::PublicationNo;
use crate::engine::publication::Manifest;
use crate::policy::finding::{Finding, Severity};

use super::PolicyFile;

/// One thing that is wrong with a policy, with the name of the file that it stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyFinding {
    /// The file.
    pub file: String,
    /// The line, from one.
    pub line: u32,
    /// The column, from one, in characters.
    pub column: u32,
    /// Is the policy refused for it?
    pub error: bool,
    /// What kind of thing, for programs.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it; empty where the message says it.
    pub hint: String,
}

impl PolicyFinding {
    fn of(finding: Finding, files: &[PolicyFile]) -> Self {
        let file = files.get(usize::from(finding.at.file));
        Self {
            file: file.map_or(String::new(), |file| file.name.clone()),
            line: finding.at.line,
            column: finding.at.column,
            error: finding.severity == Severity::Error,
            code: finding.code.to_owned(),
            message: finding.message,
            hint: finding.hint,
        }
    }

    /// Findings of files, in the order of their places.
    pub(super) fn all(mut findings: Vec<Finding>, files: &[PolicyFile]) -> Vec<Self> {
        findings.sort();
        findings.into_iter().map(|finding| Self::of(finding, files)).collect()
    }
}

/// What became of a policy that was to be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyReport {
    /// Is it in force?
    pub published: bool,
    /// Was it only to be tried?
    pub dry_run: bool,
    /// The version that it is, or would be; of a refused policy, the version that stays in force.
    pub version: u64,
    /// The publication that it is, or that is current.
    pub publication: PublicationNo,
    /// The older version that it restores.
    pub restores: Option<u64>,
    /// Everything that is wrong, in the order of files, lines and columns.
    pub findings: Vec<PolicyFinding>,
    /// The same request id came before; this is the first answer.
    pub repeated: bool,
}

impl PolicyReport {
    /// Was it refused?
    #[must_use]
    pub fn refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.error)
    }

    pub(super) fn landed(mut self, manifest: &Manifest) -> Self {
        self.published = true;
        self.publication = manifest.number;
        self.version = manifest.policy.as_ref().map_or(self.version, |mark| mark.version);
        self
    }
}
