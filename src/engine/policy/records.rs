//! How is a version of the policy kept, and found again? Two pages a version, the head and the files, written once and
//! never retired: the history outlives the publications that made it.
//!
//! ```text
//! records:   Policies    u8 | version u32 | publication u64   ->  format u8 | postcard of PolicyVersion
//!            PolicyFiles u8 | version u32 | publication u64   ->  format u8 | postcard of its files
//! ```

use crate::domain::ids::PublicationNo;
use crate::engine::error::RecordError;
use crate::engine::publication::Manifest;
use crate::engine::records::{Kind, damaged, key, pack, unpack};
use crate::store::{Batch, Family, Store};

use super::{PolicyFile, PolicyVersion};

fn page_of(version: u64) -> usize {
    usize::try_from(version).unwrap_or(usize::MAX)
}

/// Adds the version that a publication is to its batch.
pub(in crate::engine) fn write_version(batch: &mut Batch, manifest: &Manifest, files: &[PolicyFile]) {
    let Some(version) = PolicyVersion::of(manifest) else { return };
    let page = page_of(version.version);
    batch.put(Family::Records, &key(Some(Kind::Policies), page, manifest.number), &pack(&version));
    batch.put(Family::Records, &key(Some(Kind::PolicyFiles), page, manifest.number), &pack(files));
}

/// Every version, the oldest first.
pub(in crate::engine) fn versions(store: &Store) -> Result<Vec<PolicyVersion>, RecordError> {
    let mut found = Vec::new();
    let mut scan = store.scan_records(&[Kind::Policies as u8])?;
    while let Some((_, bytes)) = scan.step()? {
        found.push(unpack(bytes).ok_or_else(|| damaged("of a policy version"))?);
    }
    Ok(found)
}

/// The version that the view of a publication has.
pub(in crate::engine) fn version_at(
    store: &Store,
    publication: PublicationNo,
) -> Result<Option<PolicyVersion>, RecordError> {
    let seen = |version: &PolicyVersion| version.publication <= publication;
    Ok(versions(store)?.into_iter().rfind(seen))
}

/// The files of a version; `None` where there is no such version.
pub(in crate::engine) fn files(store: &Store, version: u64) -> Result<Option<Vec<PolicyFile>>, RecordError> {
    let mut stem = key(Some(Kind::PolicyFiles), page_of(version), PublicationNo(0));
    stem.truncate(stem.len().saturating_sub(size_of::<u64>()));
    match store.version_before(Family::Records, &stem, u64::MAX)? {
        None => Ok(None),
        Some((_, bytes)) => {
            unpack(&bytes).map(Some).ok_or_else(|| damaged(&format!("of policy version {version}")))
        }
    }
}
