//! How do the reports of imports cross the wire?

use crate::engine::import::{ImportReport, Move, Verdict};
use crate::engine::publication::ImportMode;

use super::v1;

/// A report.
#[must_use]
pub fn report_of(report: &ImportReport) -> v1::ImportReport {
    v1::ImportReport {
        verdict: match report.verdict {
            Verdict::Published => v1::ImportVerdict::Published,
            Verdict::DryRun => v1::ImportVerdict::DryRun,
            Verdict::Rejected => v1::ImportVerdict::Rejected,
            Verdict::Implausible => v1::ImportVerdict::Implausible,
        }
        .into(),
        publication: report.publication.0,
        mode: match report.mode {
            ImportMode::Delta => v1::ImportMode::Delta,
            ImportMode::Replace => v1::ImportMode::Replace,
        }
        .into(),
        files: report
            .files
            .iter()
            .map(|file| v1::FileReport { name: file.name.clone(), kind: file.kind.clone(), rows: file.rows })
            .collect(),
        added: report.points.added,
        changed: report.points.changed,
        removed: report.points.removed,
        unchanged: report.points.unchanged,
        greatest_rise: report.greatest_rise.as_ref().map(price_move),
        greatest_fall: report.greatest_fall.as_ref().map(price_move),
        implausible: report.implausible.0,
        implausible_of: report.implausible.1,
        rejected: report.refused_count,
        rejected_rows: report
            .refused
            .iter()
            .map(|row| v1::RejectedRow {
                file: row.file.clone(),
                row: row.row,
                column: row.column.clone(),
                value: row.value.clone(),
                reason: row.reason.clone(),
            })
            .collect(),
        rejected_by_reason: report.refused_by_reason.iter().cloned().collect(),
        repeated_request: report.repeated,
    }
}

fn price_move((price_list, target, moved): &(String, String, Move)) -> v1::PriceMove {
    v1::PriceMove {
        price_list: price_list.clone(),
        target: target.clone(),
        before_micros: moved.before.0,
        after_micros: moved.after.0,
        basis_points: moved.basis_points,
    }
}

/// The mode that a header states.
#[must_use]
pub fn mode_of(mode: v1::ImportMode) -> ImportMode {
    match mode {
        v1::ImportMode::Unspecified | v1::ImportMode::Delta => ImportMode::Delta,
        v1::ImportMode::Replace => ImportMode::Replace,
    }
}
