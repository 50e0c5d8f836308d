//! What does a row of `counterparties` say?

use std::borrow::Cow;

use super::reader::MasterRow;
use super::row::Row;
use super::written::{optional, text};
use crate::exchange::fault::Refusal;
use crate::exchange::kind::Kind;

/// A legal entity that buys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterpartyRow {
    /// External id.
    pub counterparty: String,
    /// What a person reads.
    pub name: String,
    /// The holding it belongs to.
    pub holding: Option<String>,
}

impl MasterRow for CounterpartyRow {
    const KIND: Kind = Kind::Counterparties;

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let counterparty = row.id("counterparty");
        let name = row.free_text("name");
        let holding = row.optional_id("holding");
        Some(Self { counterparty: counterparty?, name, holding })
    }

    fn key(&self) -> Vec<Cow<'_, str>> {
        vec![text(&self.counterparty)]
    }

    fn fields(&self) -> Result<Vec<Cow<'_, str>>, Refusal> {
        Ok(vec![text(&self.counterparty), text(&self.name), optional(self.holding.as_ref())])
    }
}
