//! `quoin check`: is everything that is stored what was written?

use crate::engine::check::{CheckReport, check_folder};

use super::arguments::Common;
use super::failure::{CORRUPT, Failure};
use super::table::grouped;
use super::{Outcome, json, output};

/// Runs it.
pub fn run(common: &Common) -> Outcome {
    let report = check_folder(&common.data)?;
    match common.json {
        true => output::json(&json::check(&report))?,
        false => output::text(&told(&report))?,
    }
    if report.faults.is_empty() { Ok(()) } else { Err(Failure::told(CORRUPT)) }
}

fn told(report: &CheckReport) -> String {
    let mut text = format!(
        "{} publications, {} rows, {} price points, {} records; read {} files, {} bytes\n",
        grouped(report.publications),
        grouped(report.rows),
        grouped(report.points),
        grouped(report.records),
        grouped(report.files),
        grouped(report.bytes)
    );
    if report.policies > 0 {
        text.push_str(&format!("{} versions of the policy\n", grouped(report.policies)));
    }
    for note in &report.notes {
        text.push_str(&format!("note: {note}\n"));
    }
    for fault in &report.faults {
        text.push_str(&format!("DAMAGED: {fault}\n"));
    }
    text.push_str(if report.faults.is_empty() { "sound\n" } else { "restore from a backup\n" });
    text
}
