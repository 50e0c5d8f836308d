//! Which versions of the policy are there, what do they say, and in what do they differ?

use serde::{Deserialize, Serialize};

use crate::domain::ids::PublicationNo;
use crate::domain::time::Instant;
use crate::engine::Engine;
use crate::engine::caller::{Caller, ContractScope, Role};
use crate::engine::error::PolicyError;
use crate::engine::policy_of_view::stored;
use crate::engine::publication::{FileDigest, Manifest};
use crate::policy::diff::{Difference, differences};

use super::{PolicyFile, records};

/// A version of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyVersion {
    /// Its number, from one.
    pub version: u64,
    /// The publication that it is.
    pub publication: PublicationNo,
    /// When it was published.
    pub published_at: Instant,
    /// Who published it.
    pub by: String,
    /// What they said of it.
    pub note: String,
    /// The older version whose files it has.
    pub restores: Option<u64>,
    /// Its files, in the order given.
    pub files: Vec<FileDigest>,
}

impl PolicyVersion {
    /// The version that a publication is; none where it is no policy's.
    #[must_use]
    pub fn of(manifest: &Manifest) -> Option<Self> {
        let mark = manifest.policy.as_ref()?;
        Some(Self {
            version: mark.version,
            publication: manifest.number,
            published_at: manifest.committed_at,
            by: mark.by.clone(),
            note: mark.note.clone(),
            restores: mark.restores,
            files: manifest.files.clone(),
        })
    }
}

/// Refuses who may neither change prices nor see what they rest on: a policy has floors, margins, and the terms of
/// every contract.
pub(super) fn require_sight(caller: &Caller) -> Result<(), PolicyError> {
    let may =
        caller.roles.contains(&Role::Publish) || (caller.roles.contains(&Role::Price) && caller.sees_costs);
    if may && caller.contracts == ContractScope::All {
        return Ok(());
    }
    let what = "needs the right to see all contracts, and the role \"publish\", or \"price\" with the right to see costs";
    Err(PolicyError::NotAllowed { what: what.to_owned() })
}

impl Engine {
    /// Every version that was ever published, the newest first, with what was said of it: what that names may be anybody's.
    ///
    /// # Errors
    /// Where the caller may not, or records can't be read.
    pub fn policy_versions(&self, caller: &Caller) -> Result<Vec<PolicyVersion>, PolicyError> {
        let may = caller.roles.contains(&Role::Publish) || caller.roles.contains(&Role::Price);
        if !may || caller.contracts != ContractScope::All {
            let what = "needs the right to see all contracts, and the role \"price\" or \"publish\"";
            return Err(PolicyError::NotAllowed { what: what.to_owned() });
        }
        let mut versions = records::versions(&self.store)?;
        versions.reverse();
        Ok(versions)
    }

    /// A version and its files; the newest where none is named.
    ///
    /// # Errors
    /// Where the caller may not, there is no such version, or records can't be read.
    pub fn policy_text(
        &self,
        caller: &Caller,
        version: Option<u64>,
    ) -> Result<(PolicyVersion, Vec<PolicyFile>), PolicyError> {
        require_sight(caller)?;
        let found = self.policy_version(version)?;
        let files = records::files(&self.store, found.version)?;
        let damaged = || crate::engine::records::damaged(&format!("of policy version {}", found.version));
        Ok((found.clone(), files.ok_or_else(damaged)?))
    }

    /// In what one version differs from another, part by part; `to` is the newest where none is named.
    ///
    /// # Errors
    /// As [`Engine::policy_text`].
    pub fn diff_policies(
        &self,
        caller: &Caller,
        from: u64,
        to: Option<u64>,
    ) -> Result<PolicyDiff, PolicyError> {
        require_sight(caller)?;
        let (from, to) = (self.policy_version(Some(from))?.version, self.policy_version(to)?.version);
        let (before, after) = (stored(&self.store, from)?, stored(&self.store, to)?);
        Ok(PolicyDiff { from, to, differences: differences(&before, &after) })
    }

    /// The head of a version.
    pub(super) fn policy_version(&self, version: Option<u64>) -> Result<PolicyVersion, PolicyError> {
        let versions = records::versions(&self.store)?;
        let newest = versions.last().map_or(0, |newest| newest.version);
        let wanted = version.unwrap_or(newest);
        let found = versions.into_iter().find(|found| found.version == wanted);
        found.ok_or(PolicyError::UnknownVersion { version: wanted, newest })
    }
}

/// In what two versions differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyDiff {
    /// The one.
    pub from: u64,
    /// The other.
    pub to: u64,
    /// Part by part.
    pub differences: Vec<Difference>,
}
