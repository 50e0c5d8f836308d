//! What is wrong with the files of a policy? First what the files say themselves, then what the catalogue says to it.

use std::collections::BTreeSet;

use roaring::RoaringBitmap;

use crate::domain::catalogue::Catalogue;
use crate::domain::ids::ListId;
use crate::domain::limits;
use crate::engine::error::PolicyError;
use crate::engine::list_skus::ListSkus;
use crate::engine::view::View;
use crate::policy::ListMembers;
use crate::policy::check::check as lint;
use crate::policy::read::read;
use crate::policy::syntax::Policy;
use crate::store::Store;

use super::{PolicyFile, PolicyFinding, sources};

/// A policy that was read, unless it could not be, and its findings.
pub(super) struct Checked {
    pub(super) policy: Option<Policy>,
    pub(super) findings: Vec<PolicyFinding>,
}

/// Reads files and holds what they say against a view.
pub(super) fn check(store: &Store, view: &View, files: &[PolicyFile]) -> Result<Checked, PolicyError> {
    accept(files)?;
    let policy = match read(&sources(files)) {
        Ok(policy) => policy,
        Err(found) => return Ok(Checked { policy: None, findings: PolicyFinding::all(found, files) }),
    };
    let lists = ListSkus::new(store, view, &[]);
    let found = lint(&policy, &view.catalogue, &lists);
    lists.sound()?;
    Ok(Checked { policy: Some(policy), findings: PolicyFinding::all(found, files) })
}

/// Lints that ask no catalogue: what they tell of a policy is so whatever it is held against.
const OF_THE_TEXT: [&str; 7] = [
    "cap-cancels",
    "falling-tier",
    "gives-nothing",
    "idle-tier",
    "overflow",
    "unused-group",
    "unused-measure",
];

/// What is wrong with a policy where there is no catalogue: what goods, contracts and lists it names is not looked up.
///
/// # Errors
/// Where the files are no policy's at all.
pub fn check_alone(files: &[PolicyFile]) -> Result<Vec<PolicyFinding>, PolicyError> {
    accept(files)?;
    let found = match read(&sources(files)) {
        Err(found) => found,
        Ok(policy) => {
            let mut found = lint(&policy, &Catalogue::default(), &NoLists);
            found.retain(|finding| OF_THE_TEXT.contains(&finding.code));
            found
        }
    };
    Ok(PolicyFinding::all(found, files))
}

/// Where nothing is priced yet.
struct NoLists;

impl ListMembers for NoLists {
    fn skus_of(&self, _: ListId) -> RoaringBitmap {
        RoaringBitmap::new()
    }
}

/// Refuses what is no policy at all, before it is read.
fn accept(files: &[PolicyFile]) -> Result<(), PolicyError> {
    let too_large = |field: &str, what: String| PolicyError::TooLarge { field: field.to_owned(), what };
    if files.is_empty() {
        return Err(PolicyError::NoFile);
    }
    if files.len() > limits::POLICY_FILES {
        let what = format!("{} files; a policy has at most {}", files.len(), limits::POLICY_FILES);
        return Err(too_large("files", what));
    }
    let mut names = BTreeSet::new();
    for file in files {
        let field = || format!("files[{}]", file.name);
        if file.name.is_empty()
            || file.name.len() > limits::TEXT_BYTES
            || file.name.contains(char::is_control)
        {
            let what = format!("a file's name has 1 to {} bytes on one line", limits::TEXT_BYTES);
            return Err(too_large("files.name", what));
        }
        if !names.insert(&file.name) {
            return Err(PolicyError::SameName { name: file.name.clone() });
        }
        if file.text.len() > limits::POLICY_FILE_BYTES {
            let (found, most) = (file.text.len(), limits::POLICY_FILE_BYTES);
            let what = format!("{}: {found} bytes; a policy's file has at most {most}", file.name);
            return Err(too_large(&field(), what));
        }
    }
    let all: usize = files.iter().map(|file| file.text.len()).sum();
    if all > limits::POLICY_BYTES {
        let what = format!("{all} bytes in all files; a policy has at most {}", limits::POLICY_BYTES);
        return Err(too_large("files", what));
    }
    Ok(())
}
