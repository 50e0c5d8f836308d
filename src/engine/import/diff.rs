//! What does an import change? Price points by what became of them, and how far prices moved.

use serde::{Deserialize, Serialize};

use crate::domain::cell::{Cell, Target, Value};
use crate::domain::decimal::Micros;
use crate::domain::ids::ListId;
use crate::engine::publication::PointCounts;

/// A price that moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The list.
    pub list: ListId,
    /// For what.
    pub target: Target,
    /// Before, millionths.
    pub before: Micros,
    /// After, millionths.
    pub after: Micros,
    /// By how much, in hundredths of a percent of the price before; below zero for a fall.
    pub basis_points: i64,
}

/// What changed, and how much of it is implausible.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Diff {
    pub(super) points: PointCounts,
    pub(super) rise: Option<Move>,
    pub(super) fall: Option<Move>,
    /// Price points that were there before, in the lists touched.
    pub(super) before: u64,
    /// Price points that moved by more than the guard's percentage, or are gone.
    pub(super) implausible: u64,
}

impl Diff {
    /// Adds what became of one cell. `guard` is the greatest plausible move, in basis points.
    pub(super) fn cell(
        &mut self,
        at: (ListId, Target),
        before: Option<&Cell>,
        after: Option<&Cell>,
        guard: i64,
    ) {
        let count = |cell: &Cell| u64::try_from(cell.points()).unwrap_or(u64::MAX);
        match (before, after) {
            (None, None) => {}
            (None, Some(after)) => self.points.added += count(after),
            (Some(before), None) => {
                self.points.removed += count(before);
                self.implausible += count(before);
            }
            (Some(before), Some(after)) if before == after => self.points.unchanged += count(after),
            (Some(before), Some(after)) => {
                self.points.changed += count(after);
                if self.moved(at, before, after).is_some_and(|moved| moved.abs() > guard) {
                    self.implausible += count(after);
                }
            }
        }
    }

    /// How far the first price of a cell moved, in basis points.
    fn moved(&mut self, (list, target): (ListId, Target), before: &Cell, after: &Cell) -> Option<i64> {
        let first = |cell: &Cell| match cell.ladder.tiers().first()?.value {
            Value::Price(price) => Some(price),
            _ => None,
        };
        let (old, new) = (first(before)?, first(after)?);
        if old.0 <= 0 || before.per != after.per {
            return None;
        }
        let points = (i128::from(new.0) - i128::from(old.0)) * 10_000 / i128::from(old.0);
        let basis_points = i64::try_from(points).unwrap_or(i64::MAX);
        let moved = Move { list, target, before: old, after: new, basis_points };
        if basis_points > self.rise.map_or(0, |rise| rise.basis_points) {
            self.rise = Some(moved);
        }
        if basis_points < self.fall.map_or(0, |fall| fall.basis_points) {
            self.fall = Some(moved);
        }
        Some(basis_points)
    }

    /// Adds the changes of another list.
    pub(super) fn add(&mut self, other: &Self) {
        self.points.added += other.points.added;
        self.points.changed += other.points.changed;
        self.points.removed += other.points.removed;
        self.points.unchanged += other.points.unchanged;
        self.before += other.before;
        self.implausible += other.implausible;
        self.rise = self.rise.into_iter().chain(other.rise).max_by_key(|rise| rise.basis_points);
        self.fall = self.fall.into_iter().chain(other.fall).min_by_key(|fall| fall.basis_points);
    }
}
