//! How do some of the prices become a file? List by list, as whoever writes it chooses or alters them.

use std::path::Path;

use crate::exchange::source::Format;
use crate::exchange::write::{PriceWriter, WriteFault};

use super::lists::ListPlan;
use super::price_rows::PriceRows;
use super::{GeneratedCell, Generator};

/// A file of prices that is being written.
pub struct PriceFile<'g> {
    rows: PriceRows<'g>,
    out: PriceWriter,
}

impl<'g> PriceFile<'g> {
    /// A new file at `path`, in place of what is there.
    ///
    /// # Errors
    /// What the system says.
    pub fn create(generator: &'g Generator, path: &Path, format: Format) -> Result<Self, WriteFault> {
        Ok(Self { rows: PriceRows::new(generator), out: PriceWriter::create(path, format)? })
    }

    /// Writes cells of a list, those of one target side by side; returns how many rows they come to.
    ///
    /// # Errors
    /// What the system says.
    pub fn put(&mut self, list: &ListPlan, cells: &[GeneratedCell]) -> Result<u64, WriteFault> {
        self.rows.put_list(&list.code, cells, &mut self.out)
    }

    /// Ends the file; returns its rows.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(self) -> Result<u64, WriteFault> {
        self.out.finish()
    }
}
