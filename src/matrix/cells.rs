//! Where do the decoded cells of one target go? Into a buffer that is used again for every line.

use std::ops::Range;

use crate::domain::cell::{Cell, CellFlags, Value};
use crate::domain::ids::UnitId;
use crate::domain::ladder::{Ladder, LadderError, Over, Tier, TierMode};
use crate::domain::time::Window;

/// A cell without its tiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellHead {
    /// As in [`Cell`].
    pub unit: UnitId,
    /// As in [`Cell`].
    pub per: u32,
    /// As in [`Cell`].
    pub window: Window,
    /// As in [`Cell`].
    pub flags: CellFlags,
    /// As in [`Ladder`].
    pub mode: TierMode,
    /// As in [`Ladder`].
    pub over: Over,
    /// Its tiers in the buffer.
    tiers: Range<usize>,
}

/// The cells of one target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CellBuffer {
    heads: Vec<CellHead>,
    tiers: Vec<Tier<Value>>,
}

impl CellBuffer {
    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.heads.clear();
        self.tiers.clear();
    }

    /// The cells.
    #[must_use]
    pub fn heads(&self) -> &[CellHead] {
        &self.heads
    }

    /// The tiers of one of its cells, ascending.
    #[must_use]
    pub fn tiers(&self, head: &CellHead) -> &[Tier<Value>] {
        self.tiers.get(head.tiers.clone()).unwrap_or_default()
    }

    /// Adds a cell with the tiers pushed by `fill`.
    pub(super) fn push_with<E>(
        &mut self,
        mut head: CellHead,
        fill: impl FnOnce(&mut Vec<Tier<Value>>) -> Result<(), E>,
    ) -> Result<(), E> {
        let start = self.tiers.len();
        fill(&mut self.tiers)?;
        head.tiers = start..self.tiers.len();
        self.heads.push(head);
        Ok(())
    }

    /// Adds a cell.
    pub fn push(&mut self, cell: &Cell) {
        let start = self.tiers.len();
        self.tiers.extend_from_slice(cell.ladder.tiers());
        let mut head = CellHead::new(cell.unit, cell.per, cell.window, cell.flags);
        (head.mode, head.over) = (cell.ladder.mode(), cell.ladder.over());
        head.tiers = start..self.tiers.len();
        self.heads.push(head);
    }

    /// How many price points they are.
    #[must_use]
    pub fn points(&self) -> usize {
        self.tiers.len()
    }

    /// The cells as values of their own.
    ///
    /// # Errors
    /// Where tiers make no ladder, which is where a row's bytes are not what was written.
    pub fn to_cells(&self) -> Result<Vec<Cell>, LadderError> {
        self.heads
            .iter()
            .map(|head| {
                let ladder = Ladder::new(head.mode, head.over, self.tiers(head).to_vec())?;
                Ok(Cell { unit: head.unit, per: head.per, window: head.window, flags: head.flags, ladder })
            })
            .collect()
    }
}

impl CellHead {
    pub(super) fn new(unit: UnitId, per: u32, window: Window, flags: CellFlags) -> Self {
        Self { unit, per, window, flags, mode: TierMode::Volume, over: Over::Line, tiers: 0..0 }
    }
}
