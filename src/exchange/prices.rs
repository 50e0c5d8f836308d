//! How do prices come in? Row by row into a sink, without an allocation a row: the hot path of every import.

use super::cells::Cells;
use super::fault::{Faults, FileFault, Refusal};
use super::price_checks::read_line;
use super::price_line::PriceLine;
use super::rows::{RowFaults, Visitor, visit};
use super::source::Source;
use super::window_memo::WindowMemo;

pub use super::rows::ReadCounts;

struct PriceVisitor<S> {
    windows: WindowMemo,
    sink: S,
}

impl<S: FnMut(&PriceLine<'_>) -> Result<(), Refusal>> Visitor for PriceVisitor<S> {
    #[inline]
    fn row<C: Cells>(&mut self, row: u64, cells: &C, _: &mut RowFaults<'_>) -> Result<(), Refusal> {
        let line = read_line(cells, row, &mut self.windows)?;
        (self.sink)(&line)
    }
}

/// Reads a prices file. Each row that is sound by itself goes to `sink`, whose refusal (an unknown name, say) is
/// recorded as that row's fault; reading goes on either way. A row's first fault is the one reported. `progress` hears,
/// every some thousand rows, how many bytes of the file are done.
///
/// # Errors
/// What keeps the file from being read to its end; what the sink was given before does not count then.
pub fn read_prices(
    source: &Source,
    faults: &mut Faults,
    progress: &mut dyn FnMut(u64),
    sink: impl FnMut(&PriceLine<'_>) -> Result<(), Refusal>,
) -> Result<ReadCounts, FileFault> {
    visit(source, faults, progress, &mut PriceVisitor { windows: WindowMemo::default(), sink })
}
