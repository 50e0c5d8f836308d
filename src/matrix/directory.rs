//! Which rows make up a publication? List to row, in copy-on-write pages.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{ListId, PublicationNo};
use crate::domain::paged::Paged;

/// Where a list's row is: the publication that wrote it, and where its segments begin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowRef {
    /// The publication under which the row is immutable.
    pub publication: PublicationNo,
    /// The codec epoch that its segments are in.
    pub epoch: u32,
    /// Price points of the row.
    pub points: u64,
    /// First position of every segment but the first; empty for most rows.
    pub later_segments: Box<[u32]>,
    /// The lists that percentages of the row are taken off, ascending.
    pub references: Box<[ListId]>,
}

impl RowRef {
    /// How many segments the row has.
    #[must_use]
    pub fn segments(&self) -> usize {
        self.later_segments.len() + 1
    }

    /// The segment that would hold a position.
    #[must_use]
    #[inline]
    pub fn segment_of(&self, position: u32) -> usize {
        if self.later_segments.is_empty() {
            return 0;
        }
        self.later_segments.partition_point(|first| *first <= position)
    }
}

/// The row of every list that has one.
#[derive(Debug, Clone, Default)]
pub struct RowDirectory {
    rows: Paged<Option<RowRef>>,
}

impl RowDirectory {
    /// From stored pages, in order.
    #[must_use]
    pub fn from_pages(pages: Vec<Vec<Option<RowRef>>>) -> Self {
        Self { rows: Paged::from_pages(pages) }
    }

    /// The row of a list.
    #[must_use]
    #[inline]
    pub fn get(&self, list: ListId) -> Option<&RowRef> {
        self.rows.get(list.index())?.as_ref()
    }

    /// Sets or removes the row of a list.
    pub fn set(&mut self, list: ListId, row: Option<RowRef>) {
        while self.rows.len() <= list.index() {
            self.rows.push(None);
        }
        if let Some(slot) = self.rows.get_mut(list.index()) {
            *slot = row;
        }
    }

    /// Lists with their rows, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (ListId, &RowRef)> {
        self.rows.iter().zip(0_u32..).filter_map(|(row, list)| row.as_ref().map(|row| (ListId(list), row)))
    }

    /// The pages that differ from `before`'s, with their numbers.
    pub fn changed_since<'a>(
        &'a self,
        before: &'a Self,
    ) -> impl Iterator<Item = (usize, &'a [Option<RowRef>])> {
        self.rows.changed_since(&before.rows)
    }
}
