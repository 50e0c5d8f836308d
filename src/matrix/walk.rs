//! What does a whole segment hold? For those who read all of a list: publications, exports, checks.

use crate::domain::cell::{Cell, Target};
use crate::domain::decimal::Micros;
use crate::domain::ids::SkuId;

use super::RowError;
use super::bits::{u16_at, u32_at};
use super::cells::CellBuffer;
use super::frame::Frame;
use super::segment::{Found, Segment, index, target_of};

/// What a row holds for a target.
#[derive(Debug, Clone, Copy)]
pub enum Held<'a> {
    /// One price for one base unit, whatever the date and quantity.
    Plain(Micros),
    /// Its cells.
    Cells(&'a CellBuffer),
}

impl Held<'_> {
    /// How many price points it is.
    #[must_use]
    pub fn points(&self) -> usize {
        match self {
            Self::Plain(_) => 1,
            Self::Cells(cells) => cells.points(),
        }
    }

    /// The cells as values of their own.
    ///
    /// # Errors
    /// Where tiers make no ladder: the bytes are not what was written.
    pub fn to_cells(&self) -> Result<Vec<Cell>, RowError> {
        match self {
            Self::Plain(price) => Ok(vec![Cell::plain(*price)]),
            Self::Cells(cells) => cells.to_cells().map_err(|_| RowError::Torn),
        }
    }
}

impl Segment<'_> {
    /// Hands what is said of each SKU to `each`, in the order of positions; an error of `each` ends it.
    ///
    /// # Errors
    /// Torn bytes, and those of `each`.
    pub fn each_found<'s>(
        &'s self,
        each: &mut impl FnMut(SkuId, Found<'s>) -> Result<(), RowError>,
    ) -> Result<(), RowError> {
        for [a, b, c, d, at @ ..] in self.directory {
            let first = u32::from_le_bytes([*a, *b, *c, *d]);
            let at = index(u32::from_le_bytes(*at));
            let frame = Frame::parse(self.bytes, at)?;
            for (rank, relative) in frame.presence.positions()?.into_iter().enumerate() {
                let position = first.checked_add(relative).ok_or(RowError::Torn)?;
                let found = self.at_rank(&frame, at, (rank, position))?;
                each(SkuId(self.epoch.sku(position)), found)?;
            }
        }
        Ok(())
    }

    /// Hands every cell to `each`: first those of SKUs in the order of positions, then categories', then brands'.
    ///
    /// # Errors
    /// Torn bytes.
    pub fn each(&self, each: &mut impl FnMut(Target, &CellBuffer)) -> Result<(), RowError> {
        let mut one = CellBuffer::default();
        self.walk(&mut |target, held| {
            match held {
                Held::Cells(cells) => each(target, cells),
                Held::Plain(price) => {
                    one.clear();
                    one.push(&Cell::plain(price));
                    each(target, &one);
                }
            }
            Ok(())
        })
    }

    /// The same, plain prices as what they are; an error of `each` ends it.
    ///
    /// # Errors
    /// Torn bytes, and those of `each`.
    pub fn walk(
        &self,
        each: &mut impl FnMut(Target, Held<'_>) -> Result<(), RowError>,
    ) -> Result<(), RowError> {
        let mut cells = CellBuffer::default();
        self.each_found(&mut |sku, found| match found {
            Found::Plain(price) => each(Target::Sku(sku), Held::Plain(price)),
            Found::Cells(stored) => {
                stored.decode(&mut cells)?;
                each(Target::Sku(sku), Held::Cells(&cells))
            }
        })?;
        if self.targets == 0 {
            return Ok(());
        }
        for number in 0..usize::from(u16_at(self.bytes, self.targets)?) {
            cells.clear();
            self.read_target(number, &mut cells)?;
            let target = target_of(u32_at(self.bytes, self.targets + 2 + number * 8)?);
            each(target, Held::Cells(&cells))?;
        }
        Ok(())
    }
}
