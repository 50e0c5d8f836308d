//! Has every price list the row that its publications name? Each segment with its checksum, each cell, and how many price points there are.

use std::collections::BTreeSet;

use crate::domain::catalogue::Catalogue;
use crate::domain::ids::ListId;
use crate::engine::records;
use crate::engine::rows::{key, walk};
use crate::engine::view::View;
use crate::store::{RowKey, Store};

use super::CheckReport;

/// Reads the rows of all retained publications, each once, the newest first. `there` are the segments that the store holds.
pub(super) fn check(
    store: &Store,
    there: &BTreeSet<RowKey>,
    report: &mut CheckReport,
    faults: &mut Vec<String>,
    catalogue: &mut Catalogue,
) {
    let manifests = match records::publications(store) {
        Ok(manifests) => manifests,
        Err(error) => {
            faults.push(error.to_string());
            return;
        }
    };
    report.publications = u64::try_from(manifests.len()).unwrap_or(u64::MAX);
    let mut named = BTreeSet::new();
    let mut all_named = true;
    for manifest in manifests.iter().rev() {
        match records::load(store, manifest) {
            Ok(view) => {
                check_view(store, &view, &mut named, report, faults);
                if view.catalogue.lists.len() > catalogue.lists.len() {
                    *catalogue = view.catalogue;
                }
            }
            Err(error) => {
                all_named = false;
                faults.push(format!("publication {}: {error}", manifest.number.0));
            }
        }
    }
    let unnamed = there.difference(&named).count();
    if all_named && unnamed > 0 {
        report.notes.push(format!(
            "{unnamed} row segments belong to no publication that is retained; the next opening removes those of work that was cut off"
        ));
    }
}

fn check_view(
    store: &Store,
    view: &View,
    named: &mut BTreeSet<RowKey>,
    report: &mut CheckReport,
    faults: &mut Vec<String>,
) {
    for (list, row) in view.directory.iter() {
        let segments = (0..row.segments()).map(|segment| key(list, row, segment));
        let before = named.len();
        named.extend(segments);
        if named.len() == before && row.segments() > 0 {
            continue;
        }
        let mut points = 0_u64;
        let walked = walk(store, view, list, &mut |_, cells| {
            let tiers: usize = cells.heads().iter().map(|head| cells.tiers(head).len()).sum();
            points = points.saturating_add(u64::try_from(tiers).unwrap_or(u64::MAX));
        });
        match walked {
            Err(error) => faults.push(format!("{}: {error}", code(view, list))),
            Ok(()) if points != row.points => faults.push(format!(
                "{} of publication {}: {points} price points where the directory says {}",
                code(view, list),
                row.publication.0,
                row.points
            )),
            Ok(()) => {}
        }
        report.rows = report.rows.saturating_add(1);
        report.points = report.points.saturating_add(points);
    }
}

fn code(view: &View, list: ListId) -> String {
    view.catalogue
        .list(list)
        .map_or_else(|| format!("price list no. {}", list.0), |list| format!("price list \"{}\"", list.code))
}
