//! Is everything in the data folder what was written? Blocks, rows, pages and counts, each fault named.

use crate::store::StoreError;

use super::Engine;
use super::policy::{PolicyFile, PolicyVersion, records};
use super::rows;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CheckReport {
    /// Publications that are retained.
    pub publications: u64,
    /// Files read.
    pub files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Rows whose checksums and cells were read.
    pub rows: u64,
    /// Price points in them.
    pub points: u64,
    /// Versions of the policy whose files were read.
    pub policies: u64,
    /// What is wrong, in words.
    pub faults: Vec<String>,
}

impl Engine {
    /// Reads every block, every row of the newest publication with its checksum, compares its price points with what the
    /// directory says, and holds the files of every version of the policy against their digests.
    ///
    /// # Errors
    /// Where the store cannot be read at all; damage is in the report.
    pub fn check(&self) -> Result<CheckReport, StoreError> {
        let verified = self.store.verify()?;
        let view = self.view();
        let mut report = CheckReport {
            files: verified.files,
            bytes: verified.bytes,
            faults: verified.faults.iter().map(ToString::to_string).collect(),
            ..CheckReport::default()
        };
        match self.publications() {
            Ok(publications) => report.publications = u64::try_from(publications.len()).unwrap_or(u64::MAX),
            Err(error) => report.faults.push(error.to_string()),
        }
        for (list, row) in view.directory.iter() {
            let mut points = 0_u64;
            let walked = rows::walk(&self.store, &view, list, &mut |_, cells| {
                let tiers: usize = cells.heads().iter().map(|head| cells.tiers(head).len()).sum();
                points += u64::try_from(tiers).unwrap_or(u64::MAX);
            });
            match walked {
                Err(error) => report.faults.push(error.to_string()),
                Ok(()) if points != row.points => report.faults.push(format!(
                    "price list {} of publication {}: {points} price points where the directory says {}",
                    list.0, row.publication.0, row.points
                )),
                Ok(()) => {}
            }
            report.rows += 1;
            report.points += points;
        }
        match records::versions(&self.store) {
            Err(error) => report.faults.push(error.to_string()),
            Ok(versions) => {
                report.policies = u64::try_from(versions.len()).unwrap_or(u64::MAX);
                report.faults.extend(versions.iter().filter_map(|version| self.fault_of(version)));
            }
        }
        Ok(report)
    }

    fn fault_of(&self, version: &PolicyVersion) -> Option<String> {
        match records::files(&self.store, version.version) {
            Err(error) => Some(error.to_string()),
            Ok(files) => {
                let digests: Option<Vec<_>> =
                    files.map(|files| files.iter().map(PolicyFile::digest).collect());
                let sound = digests.as_ref() == Some(&version.files);
                (!sound).then(|| {
                    format!("policy version {}: its files are not what was published", version.version)
                })
            }
        }
    }
}
