//! How does a view share a table with the view before it? By pages: a change copies the pages that it touches.

use std::sync::Arc;

/// Records of one page.
pub const PAGE_RECORDS: usize = 1_024;

/// A table in copy-on-write pages; cloning it costs a pointer a page.
#[derive(Debug, Clone)]
pub struct Paged<T> {
    pages: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Paged<T> {
    fn default() -> Self {
        Self { pages: Vec::new(), len: 0 }
    }
}

impl<T: Clone> Paged<T> {
    /// From whole pages, as they were stored; every page but the last is full.
    #[must_use]
    pub fn from_pages(pages: Vec<Vec<T>>) -> Self {
        let len = pages.iter().map(Vec::len).sum();
        Self { pages: pages.into_iter().map(Arc::new).collect(), len }
    }

    /// The record with this number.
    #[must_use]
    #[inline]
    pub fn get(&self, index: usize) -> Option<&T> {
        self.pages.get(index / PAGE_RECORDS)?.get(index % PAGE_RECORDS)
    }

    /// The record with this number, to change: its page is copied if a view shares it.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        Arc::make_mut(self.pages.get_mut(index / PAGE_RECORDS)?).get_mut(index % PAGE_RECORDS)
    }

    /// Adds a record at the end and returns its number.
    pub fn push(&mut self, record: T) -> usize {
        if self.len.is_multiple_of(PAGE_RECORDS) {
            self.pages.push(Arc::new(Vec::with_capacity(PAGE_RECORDS)));
        }
        if let Some(last) = self.pages.last_mut() {
            Arc::make_mut(last).push(record);
            self.len += 1;
        }
        self.len - 1
    }

    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// No record at all?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The records in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pages.iter().flat_map(|page| page.iter())
    }

    /// How many pages there are.
    #[must_use]
    pub fn page_count(&self) -> usize {
        self.pages.len()
    }

    /// The pages that differ from `before`'s, with their numbers.
    pub fn changed_since<'a>(&'a self, before: &'a Self) -> impl Iterator<Item = (usize, &'a [T])> {
        self.pages
            .iter()
            .enumerate()
            .filter(|(number, page)| !before.pages.get(*number).is_some_and(|old| Arc::ptr_eq(old, page)))
            .map(|(number, page)| (number, page.as_slice()))
    }
}
