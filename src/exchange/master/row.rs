//! What stands in a column of a row of master data? Read by name; what is wrong is gathered, not thrown.

use std::collections::BTreeMap;
use std::fmt;

use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;
use crate::domain::ids::check_external_id;
use crate::domain::limits;
use crate::domain::time::{CivilSecond, Window};
use crate::exchange::cells::Cells;
use crate::exchange::columns::ABSENT;
use crate::exchange::fault::Refusal;
use crate::exchange::kind::Kind;
use crate::exchange::window_memo::WindowMemo;

/// A row that is being read.
pub struct Row<'a> {
    cells: &'a dyn Cells,
    kind: Kind,
    refusals: Vec<Refusal>,
}

/// Where a column stands in the kind's table.
fn index(kind: Kind, name: &str) -> usize {
    kind.columns().iter().position(|column| column.name == name).unwrap_or(ABSENT)
}

/// Why a text is no free text of ours.
fn text_fault(text: &str) -> Option<String> {
    if text.len() > limits::TEXT_BYTES {
        Some(format!("is longer than {} bytes", limits::TEXT_BYTES))
    } else if text.chars().any(char::is_control) {
        Some("contains a control character".to_owned())
    } else {
        None
    }
}

impl<'a> Row<'a> {
    pub(in crate::exchange) fn new(cells: &'a dyn Cells, kind: Kind) -> Self {
        Self { cells, kind, refusals: Vec::new() }
    }

    pub(in crate::exchange) fn into_refusals(self) -> Vec<Refusal> {
        self.refusals
    }

    fn cell(&self, column: &str) -> &'a str {
        self.cells.text(index(self.kind, column))
    }

    /// Notes that the cell will not do.
    pub(in crate::exchange) fn refuse(&mut self, column: &'static str, reason: impl fmt::Display) {
        let shown = self.cells.shown(index(self.kind, column));
        self.refusals.push(Refusal::new(column, &shown, reason));
    }

    fn kept<T>(&mut self, read: Result<T, Refusal>) -> Option<T> {
        read.map_err(|refusal| self.refusals.push(refusal)).ok()
    }

    /// An id that must be there.
    pub(in crate::exchange) fn id(&mut self, column: &'static str) -> Option<String> {
        let text = self.cell(column);
        match check_external_id(text) {
            Ok(()) => Some(text.to_owned()),
            Err(error) => {
                self.refuse(column, error);
                None
            }
        }
    }

    /// An id or nothing.
    pub(in crate::exchange) fn optional_id(&mut self, column: &'static str) -> Option<String> {
        if self.cell(column).is_empty() { None } else { self.id(column) }
    }

    /// Free text; empty where there is none.
    pub(in crate::exchange) fn free_text(&mut self, column: &'static str) -> String {
        let text = self.cell(column);
        if let Some(fault) = text_fault(text) {
            self.refuse(column, fault);
        }
        text.to_owned()
    }

    /// Free text or nothing.
    pub(in crate::exchange) fn optional_text(&mut self, column: &'static str) -> Option<String> {
        Some(self.free_text(column)).filter(|text| !text.is_empty())
    }

    /// A text that `check` accepts, or nothing.
    pub(in crate::exchange) fn checked<E: fmt::Display>(
        &mut self,
        column: &'static str,
        check: impl FnOnce(&str) -> Result<(), E>,
    ) -> Option<String> {
        let text = self.cell(column);
        if text.is_empty() {
            return None;
        }
        match check(text) {
            Ok(()) => Some(text.to_owned()),
            Err(error) => {
                self.refuse(column, error);
                None
            }
        }
    }

    /// A decimal or nothing; below `least` it is refused for `reason`.
    pub(in crate::exchange) fn decimal(
        &mut self,
        column: &'static str,
        least: Micros,
        reason: &'static str,
    ) -> Option<Micros> {
        let read = self.cells.decimal(index(self.kind, column));
        let value = self.kept(read)??;
        if value < least {
            self.refuse(column, reason);
            return None;
        }
        Some(value)
    }

    /// A decimal that must be there.
    pub(in crate::exchange) fn required_decimal(
        &mut self,
        column: &'static str,
        least: Micros,
        reason: &'static str,
    ) -> Option<Micros> {
        self.must_be_there(column)?;
        self.decimal(column, least, reason)
    }

    /// Does nothing stand there?
    pub(in crate::exchange) fn is_empty(&self, column: &'static str) -> bool {
        self.cells.shown(index(self.kind, column)).is_empty()
    }

    fn must_be_there(&mut self, column: &'static str) -> Option<()> {
        if self.is_empty(column) {
            self.refuse(column, "is empty");
            return None;
        }
        Some(())
    }

    /// A whole number, `default` where there is none.
    pub(in crate::exchange) fn whole(
        &mut self,
        column: &'static str,
        default: u64,
        range: std::ops::RangeInclusive<u64>,
    ) -> Option<u64> {
        let read = self.cells.whole(index(self.kind, column));
        let value = self.kept(read)?.unwrap_or(default);
        if !range.contains(&value) {
            self.refuse(column, format!("is not from {} to {}", range.start(), range.end()));
            return None;
        }
        Some(value)
    }

    /// A whole number that must be there.
    pub(in crate::exchange) fn required_whole(
        &mut self,
        column: &'static str,
        range: std::ops::RangeInclusive<u64>,
    ) -> Option<u64> {
        self.must_be_there(column)?;
        self.whole(column, 0, range)
    }

    /// A date-time that must be there.
    pub(in crate::exchange) fn moment(&mut self, column: &'static str) -> Option<CivilSecond> {
        self.must_be_there(column)?;
        let read = self.cells.stamp(index(self.kind, column));
        let stamp = self.kept(read)?;
        match CivilSecond::parse(&stamp.text()) {
            Ok(at) => Some(at),
            Err(error) => {
                self.refuse(column, error);
                None
            }
        }
    }

    /// `valid_from`, `valid_to` and `valid_through` together.
    pub(in crate::exchange) fn window(&mut self) -> Option<Window> {
        let columns = ["valid_from", "valid_to", "valid_through"].map(|name| index(self.kind, name));
        let read = WindowMemo::default().window(self.cells, columns);
        self.kept(read)
    }

    /// A currency that must be there.
    pub(in crate::exchange) fn currency(&mut self, column: &'static str) -> Option<Currency> {
        self.must_be_there(column)?;
        self.optional_currency(column)
    }

    /// A currency or nothing.
    pub(in crate::exchange) fn optional_currency(&mut self, column: &'static str) -> Option<Currency> {
        let text = self.cell(column);
        if text.is_empty() {
            return None;
        }
        let read = Currency::parse(text);
        read.map_err(|error| self.refuse(column, error)).ok()
    }

    /// One of some words; the default where nothing is written.
    pub(in crate::exchange) fn choice<T: Copy + Default>(
        &mut self,
        column: &'static str,
        words: &[(&'static str, T)],
    ) -> T {
        let text = self.cell(column);
        if text.is_empty() {
            return T::default();
        }
        if let Some((_, meant)) = words.iter().find(|(word, _)| *word == text) {
            return *meant;
        }
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        self.refuse(column, format!("is unknown here: write one of {}", known.join(", ")));
        T::default()
    }

    /// `key=value;key=value`.
    pub(in crate::exchange) fn attributes(&mut self, column: &'static str) -> BTreeMap<String, String> {
        let mut attributes = BTreeMap::new();
        for pair in self.cell(column).split(';').filter(|pair| !pair.is_empty()) {
            let Some((key, value)) = pair.split_once('=') else {
                self.refuse(column, format!("has no = in \"{pair}\": write key=value;key=value"));
                continue;
            };
            if let Err(error) = check_external_id(key) {
                self.refuse(column, format!("has a key that {error}"));
            }
            if let Some(fault) = text_fault(value) {
                self.refuse(column, format!("has a value of {key} that {fault}"));
            }
            if attributes.insert(key.to_owned(), value.to_owned()).is_some() {
                self.refuse(column, format!("has the key {key} twice"));
            }
        }
        if attributes.len() > limits::ATTRIBUTES {
            self.refuse(column, format!("has more than {} pairs", limits::ATTRIBUTES));
        }
        attributes
    }
}
