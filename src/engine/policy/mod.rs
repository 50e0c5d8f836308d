//! How does a policy come into force? Checked whole, published as one numbered version at once or refused, kept for good.

mod check;
mod history;
pub(super) mod records;
mod report;

pub use check::check_alone;
pub use history::{PolicyDiff, PolicyVersion};
pub use report::{PolicyFinding, PolicyReport};

use std::sync::PoisonError;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use crate::domain::limits;
use crate::policy::finding::Source;
use crate::store::Family;

use super::Engine;
use super::caller::{Caller, ContractScope, Role};
use super::change::{Change, PolicyChange, Prepared};
use super::error::PolicyError;
use super::publication::{FileDigest, Manifest, PolicyMark};
use super::records::{pack, unpack};

use check::Checked;

/// A file of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyFile {
    /// Its name, for findings.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl PolicyFile {
    /// A file from its bytes.
    ///
    /// # Errors
    /// [`PolicyError::NotText`].
    pub fn of_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, PolicyError> {
        let text = String::from_utf8(bytes).map_err(|error| {
            let sound = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let line = sound.iter().filter(|byte| **byte == b'\n').count() + 1;
            PolicyError::NotText { name: name.to_owned(), line }
        })?;
        Ok(Self { name: name.to_owned(), text })
    }

    pub(super) fn digest(&self) -> FileDigest {
        FileDigest {
            name: self.name.clone(),
            bytes: u64::try_from(self.text.len()).unwrap_or(u64::MAX),
            digest: xxh3_128(self.text.as_bytes()),
        }
    }
}

/// Files as `policy` reads them.
pub(super) fn sources(files: &[PolicyFile]) -> Vec<Source<'_>> {
    files.iter().map(|file| Source { name: &file.name, text: &file.text }).collect()
}

/// A policy that is to be published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublishPolicy {
    /// Its files, which make one policy together.
    pub files: Vec<PolicyFile>,
    /// What is to be said of it in the history.
    pub note: String,
    /// The caller's id: the same again changes nothing and is given the first answer.
    pub request_id: Option<String>,
    /// Stop at the report.
    pub dry_run: bool,
}

impl Engine {
    /// What is wrong with a policy, held against the newest catalogue. Nothing is published.
    ///
    /// # Errors
    /// Where the caller may not, or the files are no policy's at all.
    pub fn check_policy(
        &self,
        caller: &Caller,
        files: &[PolicyFile],
    ) -> Result<Vec<PolicyFinding>, PolicyError> {
        history::require_sight(caller)?;
        Ok(check::check(&self.store, &self.view(), files)?.findings)
    }

    /// Publishes a policy as the next version, or tells everything that is wrong with it and changes nothing.
    ///
    /// # Errors
    /// Where the caller may not, the files are no policy's at all, or the publication could not be made.
    pub fn publish_policy(&self, caller: &Caller, asked: PublishPolicy) -> Result<PolicyReport, PolicyError> {
        require_publish(caller)?;
        self.publish_files(caller, asked, None)
    }

    /// Publishes the files of an older version as the next one. They are checked as any others.
    ///
    /// # Errors
    /// As [`Engine::publish_policy`], and where there is no such version.
    pub fn rollback_policy(
        &self,
        caller: &Caller,
        to_version: u64,
        note: &str,
        request_id: Option<&str>,
    ) -> Result<PolicyReport, PolicyError> {
        require_publish(caller)?;
        let (_, files) = self.policy_text(caller, Some(to_version))?;
        let request_id = request_id.map(str::to_owned);
        let asked = PublishPolicy { files, note: note.to_owned(), request_id, dry_run: false };
        self.publish_files(caller, asked, Some(to_version))
    }

    fn publish_files(
        &self,
        caller: &Caller,
        asked: PublishPolicy,
        restores: Option<u64>,
    ) -> Result<PolicyReport, PolicyError> {
        if asked.note.len() > limits::TEXT_BYTES {
            let what = format!("has {} bytes; a note has at most {}", asked.note.len(), limits::TEXT_BYTES);
            return Err(PolicyError::TooLarge { field: "note".to_owned(), what });
        }
        let _one_at_a_time = self.policies.lock().unwrap_or_else(PoisonError::into_inner);
        let content = content_digest(&asked, restores);
        if let Some(id) = &asked.request_id
            && let Some(known) = self.store.get(Family::Requests, &request_key(id))?
        {
            return first_answer(id, content, &known);
        }
        let (began, view) = (Instant::now(), self.view());
        let Checked { policy, findings } = check::check(&self.store, &view, &asked.files)?;
        let mut report = PolicyReport {
            published: false,
            dry_run: asked.dry_run,
            version: view.policy.0.version,
            publication: view.publication,
            restores,
            findings,
            repeated: false,
        };
        let Some(policy) = policy.filter(|_| !report.refused()) else { return Ok(report) };
        report.version = report.version.saturating_add(1);
        if asked.dry_run {
            return Ok(report);
        }
        let mark =
            PolicyMark { version: report.version, by: caller.name.clone(), note: asked.note, restores };
        let files = asked.files.iter().map(PolicyFile::digest).collect();
        let request = asked.request_id.map(|id| {
            let draft = report.clone();
            let answer = move |manifest: &Manifest| pack(&(content, draft.clone().landed(manifest)));
            (request_key(&id), Box::new(answer) as Box<dyn Fn(&Manifest) -> Vec<u8> + Send>)
        });
        let change = Change::Policy(PolicyChange { policy, files: asked.files });
        let manifest = Manifest { files, policy: Some(mark), ..Manifest::draft() };
        let manifest = self.land(Prepared::new(change, &view, manifest, request))?;
        self.counts.policies.record(began.elapsed());
        Ok(report.landed(&manifest))
    }
}

fn require_publish(caller: &Caller) -> Result<(), PolicyError> {
    if !caller.roles.contains(&Role::Publish) {
        return Err(PolicyError::NotAllowed { what: "needs the role \"publish\"".to_owned() });
    }
    // A policy is of all contracts.
    if caller.contracts != ContractScope::All {
        return Err(PolicyError::NotAllowed { what: "needs the right to see all contracts".to_owned() });
    }
    Ok(())
}

fn request_key(id: &str) -> Vec<u8> {
    [b"policy/", id.as_bytes()].concat()
}

/// What the same request id must come with again.
fn content_digest(asked: &PublishPolicy, restores: Option<u64>) -> u128 {
    let mut hash = Xxh3::new();
    let texts = asked.files.iter().flat_map(|file| [&file.name, &file.text]).chain([&asked.note]);
    for text in texts {
        hash.update(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
        hash.update(text.as_bytes());
    }
    hash.update(&[u8::from(asked.dry_run), u8::from(restores.is_some())]);
    hash.update(&restores.unwrap_or(0).to_le_bytes());
    hash.digest128()
}

fn first_answer(id: &str, content: u128, known: &[u8]) -> Result<PolicyReport, PolicyError> {
    match unpack::<(u128, PolicyReport)>(known) {
        Some((before, report)) if before == content => Ok(PolicyReport { repeated: true, ..report }),
        _ => Err(PolicyError::RequestReused { request_id: id.to_owned() }),
    }
}
