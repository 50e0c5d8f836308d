//! `quoin check`: is everything that is stored what was written?

use super::arguments::Common;
use super::failure::{CORRUPT, Failure, UNAVAILABLE};
use super::table::grouped;
use super::{Outcome, ask, json, output};

/// Runs it.
pub fn run(common: &Common) -> Outcome {
    let engine = ask::folder(common, false)?;
    let report = engine.check().map_err(|error| Failure::new(UNAVAILABLE, error))?;
    if common.json {
        output::json(&json::check(&report))?;
    } else {
        let mut text = format!(
            "{} publications, {} rows, {} price points; read {} files, {} bytes\n",
            grouped(report.publications),
            grouped(report.rows),
            grouped(report.points),
            grouped(report.files),
            grouped(report.bytes)
        );
        if report.policies > 0 {
            text.push_str(&format!("{} versions of the policy\n", grouped(report.policies)));
        }
        for fault in &report.faults {
            text.push_str(&format!("DAMAGED: {fault}\n"));
        }
        text.push_str(if report.faults.is_empty() { "sound\n" } else { "restore from a backup\n" });
        output::text(&text)?;
    }
    if report.faults.is_empty() { Ok(()) } else { Err(Failure::told(CORRUPT)) }
}
