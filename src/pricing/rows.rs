//! Which rows may a cart read? Those of a source that fetches a row when a line first asks for it, so that a list that no
//! line comes to costs nothing. Pricing is lent what was fetched, and never learns from where.

use crate::domain::ids::ListId;
use crate::matrix::segment::{Found, Segment};

/// A row that can't be read now, or is damaged. The source knows which and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unavailable;

/// The rows of one request.
pub trait RowSource {
    /// These SKUs will be asked of a list: the source may draw near what it will be asked for. Whether it does changes
    /// nothing but time.
    fn approach(&self, list: ListId, skus: &[u32]);

    /// What the row of a list says of a SKU; `None` where the list has no row or says nothing.
    ///
    /// # Errors
    /// Where the row cannot be had.
    fn find(&self, list: ListId, sku: u32) -> Result<Option<Found<'_>>, Unavailable>;

    /// The segment with the list's cells for categories and brands; `None` where there are none.
    ///
    /// # Errors
    /// Where the row cannot be had.
    fn targets(&self, list: ListId) -> Result<Option<&Segment<'_>>, Unavailable>;
}
