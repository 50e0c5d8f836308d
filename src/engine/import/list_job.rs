//! What becomes of one price list? Its staged rows meet the row that is there; the difference is counted, the new row
//! is packed.

use crate::domain::cell::{Cell, Target};
use crate::domain::decimal::Micros;
use crate::domain::ids::ListId;
use crate::engine::publication::ImportMode;
use crate::engine::rows;
use crate::engine::view::View;
use crate::exchange::fault::Refusal;
use crate::matrix::RowError;
use crate::matrix::build::{BuiltRow, RowBuilder};
use crate::matrix::epoch::CodecEpoch;
use crate::store::Store;

use super::cells_of::{CellChanges, Refused, Rows, cells_of};
use super::diff::Diff;
use super::staged::{Staged, target_key, target_of};

/// One list's share of an import.
pub(super) struct ListJob {
    pub(super) list: ListId,
    /// In the order of targets and rows; none where the list is only packed anew.
    pub(super) rows: Vec<Staged>,
}

/// What became of it.
pub(super) struct ListOutcome {
    pub(super) list: ListId,
    pub(super) refused: Vec<Refused>,
    pub(super) diff: Diff,
    /// The new row; `None` where the list has no cell left, absent where nothing changed.
    pub(super) row: Option<Option<BuiltRow>>,
}

/// What holds for all lists of an import.
#[derive(Clone, Copy)]
pub(super) struct Terms<'a> {
    /// Where the rows of lists stand.
    pub(super) store: &'a Store,
    /// What was published before.
    pub(super) view: &'a View,
    pub(super) mode: ImportMode,
    pub(super) epoch: &'a CodecEpoch,
    /// The greatest plausible move, in basis points.
    pub(super) guard: i64,
    pub(super) rows: Rows<'a>,
}

/// Does the job.
pub(super) fn run(job: &ListJob, terms: Terms<'_>) -> Result<ListOutcome, (ListId, RowError)> {
    let list = job.list;
    let mut outcome = ListOutcome { list, refused: Vec::new(), diff: Diff::default(), row: None };
    let built = match terms.view.directory.get(list) {
        None => fresh(list, &job.rows, terms, &mut outcome),
        Some(_) => changed(list, &job.rows, terms, &mut outcome),
    };
    if outcome.refused.is_empty() {
        outcome.row = built.map_err(|error| (list, error))?;
    }
    Ok(outcome)
}

/// A list without a row: nothing to compare with.
fn fresh(
    list: ListId,
    rows: &[Staged],
    terms: Terms<'_>,
    outcome: &mut ListOutcome,
) -> Result<Option<Option<BuiltRow>>, RowError> {
    let mut builder = RowBuilder::new(terms.epoch);
    for rows in rows.chunk_by(|a, b| a.target == b.target) {
        let Some(target) = rows.first().map(|row| target_of(row.target)) else { continue };
        if let (Target::Sku(sku), [row]) = (target, rows)
            && row.rich.is_none()
        {
            builder.plain(sku, Micros(row.price));
            outcome.diff.points.added += 1;
            continue;
        }
        let changes = cells_of(rows, terms.rows, &mut outcome.refused);
        refuse_empty_removals(&changes, &[], rows, outcome);
        let cells: Vec<Cell> = changes.into_values().flatten().collect();
        for cell in &cells {
            outcome.diff.cell((list, target), None, Some(cell), 0);
        }
        builder.cells(target, cells);
    }
    if outcome.refused.is_empty() { builder.finish().map(Some) } else { Ok(None) }
}

/// A list that has a row: what is not named goes from the row that is there straight into the new one.
fn changed(
    list: ListId,
    rows: &[Staged],
    terms: Terms<'_>,
    outcome: &mut ListOutcome,
) -> Result<Option<Option<BuiltRow>>, RowError> {
    let Terms { store, view, mode, guard, .. } = terms;
    let replaced = mode == ImportMode::Replace && !rows.is_empty();
    let named: Vec<&[Staged]> = rows.chunk_by(|a, b| a.target == b.target).collect();
    let mut before = vec![Vec::new(); named.len()];
    let mut builder = RowBuilder::new(terms.epoch);
    let mut points = 0;
    rows::walk_row(store, view, list, &mut |target, held| {
        points += held.points();
        let key = target_key(target);
        let place = named.binary_search_by_key(&Some(key), |rows| rows.first().map(|row| row.target));
        match place.ok().and_then(|place| before.get_mut(place)) {
            Some(before) => *before = held.to_cells()?,
            None if !replaced => builder.keep(target, held)?,
            None => {
                for cell in held.to_cells()? {
                    outcome.diff.cell((list, target), Some(&cell), None, guard);
                }
            }
        }
        Ok(())
    })?;
    outcome.diff.before = u64::try_from(points).unwrap_or(u64::MAX);
    for (rows, before) in named.into_iter().zip(before) {
        let Some(target) = rows.first().map(|row| target_of(row.target)) else { continue };
        let changes = cells_of(rows, terms.rows, &mut outcome.refused);
        refuse_empty_removals(&changes, &before, rows, outcome);
        builder.cells(target, met((list, target), before, changes, terms, outcome));
    }
    let counts = outcome.diff.points;
    let same = counts.added + counts.changed + counts.removed == 0;
    if !rows.is_empty() && same || !outcome.refused.is_empty() {
        return Ok(None);
    }
    builder.finish().map(Some)
}

/// What the cells of a target become.
fn met(
    at: (ListId, Target),
    mut cells: Vec<Cell>,
    changes: CellChanges,
    terms: Terms<'_>,
    outcome: &mut ListOutcome,
) -> Vec<Cell> {
    let Terms { mode, guard, .. } = terms;
    if mode == ImportMode::Replace {
        cells.retain(|cell| {
            let stays = changes.contains_key(&(cell.unit, cell.window));
            if !stays {
                outcome.diff.cell(at, Some(cell), None, guard);
            }
            stays
        });
    }
    for (key, change) in changes {
        let place = cells.iter().position(|cell| (cell.unit, cell.window) == key);
        let was = place.map(|place| cells.swap_remove(place));
        outcome.diff.cell(at, was.as_ref(), change.as_ref(), guard);
        cells.extend(change);
    }
    cells
}

/// A removal of a cell that is not there is a mistake in the file.
fn refuse_empty_removals(changes: &CellChanges, before: &[Cell], rows: &[Staged], outcome: &mut ListOutcome) {
    for (key, change) in changes {
        if change.is_some() || before.iter().any(|cell| (cell.unit, cell.window) == *key) {
            continue;
        }
        let row = rows.iter().find(|row| {
            row.rich.as_ref().is_some_and(|rich| (rich.unit, rich.window) == *key && rich.value.is_none())
        });
        let source = row.map_or(0, |row| row.source);
        let reason = "there is no such cell to remove: check list, goods, unit and window";
        outcome.refused.push((source, Refusal::new("op", "remove", reason)));
    }
}
