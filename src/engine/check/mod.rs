//! Is everything in the data folder what was written? Files, blocks, every record, rows and counts, each fault named with its place.

mod contents;
mod rows;
mod words;

use std::path::Path;

use crate::domain::catalogue::Catalogue;
use crate::store::{FAULTS_MOST, Fault, Inspected, Store, StoreError};

use super::Engine;
use super::error::OpenError;
use super::policy::{PolicyFile, PolicyVersion, records as policies};
use super::records;

use contents::Contents;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CheckReport {
    /// Publications that are retained.
    pub publications: u64,
    /// Files read.
    pub files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Records of every kind whose bytes were read and understood.
    pub records: u64,
    /// Rows of all retained publications whose checksums and cells were read.
    pub rows: u64,
    /// Price points in them.
    pub points: u64,
    /// Versions of the policy whose files were read.
    pub policies: u64,
    /// What belongs to nothing, and what was cut off: no damage.
    pub notes: Vec<String>,
    /// What is wrong, in words, each once; the greatest number of them is bounded.
    pub faults: Vec<String>,
}

impl Engine {
    /// Checks the folder of this engine as it is on disk now.
    ///
    /// # Errors
    /// Where the store cannot be read at all; damage is in the report.
    pub fn check(&self) -> Result<CheckReport, StoreError> {
        Ok(check(self.store.inspect()?))
    }
}

/// Checks a data folder that no process has open, and changes nothing in it. After damage it goes on.
///
/// # Errors
/// Where the folder is in use, newer, none of ours, or can't be read at all; damage is in the report.
pub fn check_folder(data: &Path) -> Result<CheckReport, OpenError> {
    Ok(check(Store::inspect_folder(data)?))
}

/// What is wrong with a store that nobody writes to: what a backup asks before it is taken.
pub(super) fn faults_of(inspected: Inspected<'_>) -> Vec<String> {
    check(inspected).faults
}

fn check(mut inspected: Inspected<'_>) -> CheckReport {
    let mut report = CheckReport {
        files: inspected.logs,
        bytes: inspected.log_bytes,
        notes: std::mem::take(&mut inspected.notes),
        ..CheckReport::default()
    };
    let mut damage = std::mem::take(&mut inspected.faults);
    let mut catalogue = Catalogue::default();
    let mut faults = Vec::new();
    if let Some(store) = &inspected.store {
        let mut contents = Contents::default();
        let read = store.read_all(|family, key, value| contents.take(family, key, value));
        report.files = report.files.saturating_add(read.files);
        report.bytes = report.bytes.saturating_add(read.bytes);
        report.records = read.entries;
        damage.extend(read.faults);
        faults = contents.end(damage.is_empty());
        check_policies(store, &mut report, &mut faults);
        rows::check(store, &contents.rows, &mut report, &mut faults, &mut catalogue);
    }
    report.faults = damage.iter().map(|fault| told(fault, &catalogue)).collect();
    for fault in faults {
        if !report.faults.contains(&fault) {
            report.faults.push(fault);
        }
    }
    let beyond = report.faults.len().saturating_sub(FAULTS_MOST);
    if beyond > 0 {
        report.faults.truncate(FAULTS_MOST);
        report.faults.push(format!("and {beyond} more"));
    }
    report
}

/// A fault with what lies beside it.
fn told(fault: &Fault, catalogue: &Catalogue) -> String {
    let mut text = match &fault.file {
        Some(file) => format!("db/{file}"),
        None => "db".to_owned(),
    };
    if let Some(family) = fault.family {
        text.push_str(&format!(" of {}", family.name()));
        let beside = |key: &Vec<u8>| words::of(family, key, catalogue);
        match (fault.after.as_ref().map(beside), fault.before.as_ref().map(beside)) {
            (Some(after), Some(before)) => text.push_str(&format!(", between {after} and {before}")),
            (Some(after), None) => text.push_str(&format!(", after {after}")),
            (None, Some(before)) => text.push_str(&format!(", before {before}")),
            (None, None) => {}
        }
    }
    format!("{text}: {}", fault.what)
}

/// Holds the files of every version of the policy against their digests.
fn check_policies(store: &Store, report: &mut CheckReport, faults: &mut Vec<String>) {
    // A version whose head can't be read was told with the other records.
    let Ok(versions) = policies::versions(store) else { return };
    report.policies = u64::try_from(versions.len()).unwrap_or(u64::MAX);
    faults.extend(versions.iter().filter_map(|version| fault_of(store, version)));
}

fn fault_of(store: &Store, version: &PolicyVersion) -> Option<String> {
    // Files that can't be read were told, too.
    let files = policies::files(store, version.version).ok()?;
    let digests: Option<Vec<_>> = files.map(|files| files.iter().map(PolicyFile::digest).collect());
    let sound = digests.as_ref() == Some(&version.files);
    (!sound).then(|| format!("policy version {}: its files are not what was published", version.version))
}

/// The newest publication and the position of a store, for a backup of it.
pub(super) fn position_of(store: &Store) -> Result<(u64, u64), OpenError> {
    let newest = records::publications(store)?.last().map_or(0, |manifest| manifest.number.0);
    Ok((newest, store.last_log_sequence()?.unwrap_or(0)))
}
