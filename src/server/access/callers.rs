//! Who is known by a key or by a certificate? What the file of callers says, looked up in a microsecond.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::engine::caller::Caller;

use super::key::{Digest, same, sha256};
use super::{AccessError, callers_file};

/// By what a caller of the file is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// SHA-256 of its key.
    Key(Digest),
    /// A name that its certificate has, as [`super::Certificate::names`] gives them.
    Certificate(String),
}

/// The callers of a file.
#[derive(Debug, Default)]
pub struct Callers {
    /// By the first half of the digest: what differs there tells nothing of a key.
    keys: BTreeMap<[u8; 16], (Digest, Arc<Caller>)>,
    certificates: BTreeMap<String, Arc<Caller>>,
}

fn half(digest: &Digest) -> [u8; 16] {
    let mut half = [0; 16];
    half.iter_mut().zip(digest).for_each(|(to, from)| *to = *from);
    half
}

impl Callers {
    /// Reads the file of callers.
    ///
    /// # Errors
    /// Everything that is wrong with it, by line.
    pub fn read(path: &Path) -> Result<Self, AccessError> {
        callers_file::read(path)
    }

    /// Lets a caller be known by something; false where another is already.
    pub fn add(&mut self, by: Credential, caller: &Arc<Caller>) -> bool {
        let caller = Arc::clone(caller);
        match by {
            Credential::Key(digest) => self.keys.insert(half(&digest), (digest, caller)).is_none(),
            Credential::Certificate(name) => self.certificates.insert(name, caller).is_none(),
        }
    }

    /// Whose key it is, whether or not that has expired.
    #[must_use]
    pub fn by_key(&self, key: &[u8]) -> Option<&Arc<Caller>> {
        let digest = sha256(key);
        let (known, caller) = self.keys.get(&half(&digest))?;
        same(known, &digest).then_some(caller)
    }

    /// Whose certificate it is, by the first of its names that is known.
    #[must_use]
    pub fn by_certificate(&self, names: &[String]) -> Option<&Arc<Caller>> {
        names.iter().find_map(|name| self.certificates.get(name))
    }

    /// How many keys and certificates there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.keys.len() + self.certificates.len()
    }
}
