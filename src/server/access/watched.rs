//! Has a file changed? Seen by its stamp, which is asked for and never awaited.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What tells one content of a file from another.
type Stamp = Option<(u64, u64, SystemTime)>;

/// Files that are looked at together.
#[derive(Debug)]
pub struct Watched {
    files: Vec<(PathBuf, Stamp)>,
}

fn stamp(path: &Path) -> Stamp {
    let found = std::fs::metadata(path).ok()?;
    Some((found.ino(), found.len(), found.modified().ok()?))
}

impl Watched {
    /// As they are now: to be called before they are read, so that a change while they are is seen.
    pub fn new<'p>(files: impl IntoIterator<Item = &'p Path>) -> Self {
        Self { files: files.into_iter().map(|path| (path.to_owned(), stamp(path))).collect() }
    }

    /// Has any of them changed since it was last asked?
    pub fn changed(&mut self) -> bool {
        let mut any = false;
        for (path, seen) in &mut self.files {
            let now = stamp(path);
            any |= now != *seen;
            *seen = now;
        }
        any
    }
}
