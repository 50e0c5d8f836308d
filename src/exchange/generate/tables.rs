//! Which rows do the generated files hold besides prices? Each canonical kind as columns and rows of text.

use super::Generator;
use super::options::Mode;

/// The rows of one canonical kind.
pub struct Table<'a> {
    /// The kind, as docs/FORMATS.md names it.
    pub kind: &'static str,
    /// Its columns, in the order of the rows' texts.
    pub columns: &'static [&'static str],
    /// The rows; an empty text is an absent value.
    pub rows: Box<dyn Iterator<Item = Vec<String>> + 'a>,
}

impl Generator {
    /// Every table that has rows, in the order in which they name one another.
    #[must_use]
    pub fn tables(&self) -> Vec<Table<'_>> {
        let mut tables = vec![self.units(), self.skus()];
        if self.options.mode == Mode::Structured {
            tables.push(self.sku_units());
        }
        tables.extend([self.price_lists(), self.counterparties(), self.contracts(), self.access()]);
        if self.options.mode == Mode::Structured {
            tables.extend([self.exchange_rates(), self.index_values()]);
        }
        tables
    }
}

/// A row of texts.
pub(super) fn row<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}
