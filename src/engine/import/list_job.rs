//! What becomes of one price list? Its staged rows meet the row that is there; the difference is counted, the new row
//! is packed.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::cell::{Cell, Target};
use crate::domain::decimal::Micros;
use crate::domain::ids::ListId;
use crate::engine::publication::ImportMode;
use crate::exchange::fault::Refusal;
use crate::matrix::RowError;
use crate::matrix::build::{BuiltRow, RowBuilder};
use crate::matrix::epoch::CodecEpoch;

use super::cells_of::{CellChanges, CellKey, Refused, Rows, cells_of};
use super::diff::Diff;
use super::staged::{Staged, target_of};

/// The cells of a list, by target.
pub(super) type ListCells = BTreeMap<Target, Vec<Cell>>;

/// One list's share of an import.
pub(super) struct ListJob {
    pub(super) list: ListId,
    /// In the order of targets and rows; none where the list is only packed anew.
    pub(super) rows: Vec<Staged>,
    /// What the list holds now; `None` where it has no row.
    pub(super) before: Option<ListCells>,
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
    pub(super) mode: ImportMode,
    pub(super) epoch: &'a CodecEpoch,
    /// The greatest plausible move, in basis points.
    pub(super) guard: i64,
    pub(super) rows: Rows<'a>,
}

/// Does the job.
pub(super) fn run(job: ListJob, terms: Terms<'_>) -> Result<ListOutcome, (ListId, RowError)> {
    let list = job.list;
    let mut outcome = ListOutcome { list, refused: Vec::new(), diff: Diff::default(), row: None };
    let built = match job.before {
        Some(before) if job.rows.is_empty() => build(before, terms.epoch),
        None => fresh(list, &job.rows, terms, &mut outcome),
        Some(before) => changed(list, &job.rows, before, terms, &mut outcome),
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

fn changed(
    list: ListId,
    rows: &[Staged],
    mut cells: ListCells,
    terms: Terms<'_>,
    outcome: &mut ListOutcome,
) -> Result<Option<Option<BuiltRow>>, RowError> {
    let Terms { mode, guard, .. } = terms;
    let points = cells.values().flatten().map(Cell::points).sum::<usize>();
    outcome.diff.before = u64::try_from(points).unwrap_or(u64::MAX);
    let mut after = if mode == ImportMode::Replace { ListCells::new() } else { cells.clone() };
    for rows in rows.chunk_by(|a, b| a.target == b.target) {
        let Some(target) = rows.first().map(|row| target_of(row.target)) else { continue };
        let before = cells.remove(&target).unwrap_or_default();
        let changes = cells_of(rows, terms.rows, &mut outcome.refused);
        refuse_empty_removals(&changes, &before, rows, outcome);
        let now = after.entry(target).or_default();
        let named: BTreeSet<CellKey> = changes.keys().copied().collect();
        for (key, change) in changes {
            let of_key = |cell: &&Cell| (cell.unit, cell.window) == key;
            outcome.diff.cell((list, target), before.iter().find(of_key), change.as_ref(), guard);
            now.retain(|cell| (cell.unit, cell.window) != key);
            now.extend(change);
        }
        if mode == ImportMode::Replace {
            for cell in before.iter().filter(|cell| !named.contains(&(cell.unit, cell.window))) {
                outcome.diff.cell((list, target), Some(cell), None, guard);
            }
        }
    }
    if mode == ImportMode::Replace {
        for (target, gone) in &cells {
            for cell in gone {
                outcome.diff.cell((list, *target), Some(cell), None, guard);
            }
        }
    }
    let points = outcome.diff.points;
    if points.added + points.changed + points.removed == 0 || !outcome.refused.is_empty() {
        return Ok(None);
    }
    build(after, terms.epoch)
}

fn build(cells: ListCells, epoch: &CodecEpoch) -> Result<Option<Option<BuiltRow>>, RowError> {
    let mut builder = RowBuilder::new(epoch);
    for (target, cells) in cells {
        builder.cells(target, cells);
    }
    builder.finish().map(Some)
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
