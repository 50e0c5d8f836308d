//! Which rows may a cart read? Segments that the engine fetched and pinned, borrowed for one request.

use crate::domain::ids::ListId;
use crate::matrix::RowError;
use crate::matrix::epoch::CodecEpoch;
use crate::matrix::segment::{Found, Segment};

/// One price list's row, as far as a request needs it.
#[derive(Debug, Clone)]
pub struct FetchedRow<'a> {
    list: ListId,
    epoch: &'a CodecEpoch,
    later_segments: &'a [u32],
    segments: Vec<Option<Segment<'a>>>,
}

impl<'a> FetchedRow<'a> {
    /// A row whose segments begin at position 0 and at `later_segments`; one that no line needs is `None`, but the
    /// first is always there.
    ///
    /// # Errors
    /// Bytes that are no segment of this epoch.
    pub fn new(
        list: ListId,
        epoch: &'a CodecEpoch,
        later_segments: &'a [u32],
        segments: impl Iterator<Item = Option<&'a [u8]>>,
    ) -> Result<Self, RowError> {
        let segments = segments
            .map(|bytes| bytes.map(|bytes| Segment::parse(bytes, epoch)).transpose())
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self { list, epoch, later_segments, segments })
    }

    /// What the row says of a SKU.
    #[inline]
    pub(super) fn find(&self, sku: u32) -> Result<Option<Found<'a>>, RowError> {
        let position = self.epoch.position(sku);
        let number = if self.later_segments.is_empty() {
            0
        } else {
            self.later_segments.partition_point(|first| *first <= position)
        };
        match self.segments.get(number) {
            Some(Some(segment)) => segment.find(position),
            _ => Err(RowError::Torn),
        }
    }

    /// The segment with the cells of categories and brands, where the row has any.
    #[inline]
    pub(super) fn targets(&self) -> Option<&Segment<'a>> {
        self.segments.first()?.as_ref().filter(|segment| segment.has_targets())
    }
}

/// The rows of a request.
#[derive(Debug, Clone, Default)]
pub struct RowSet<'a> {
    rows: Vec<FetchedRow<'a>>,
}

impl<'a> RowSet<'a> {
    /// Adds a row; a list without cells has none.
    pub fn push(&mut self, row: FetchedRow<'a>) {
        self.rows.push(row);
    }

    /// The row of a list.
    #[inline]
    pub(super) fn get(&self, list: ListId) -> Option<&FetchedRow<'a>> {
        self.rows.iter().find(|row| row.list == list)
    }
}
