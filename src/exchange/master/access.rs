//! What does a row of `access` say?

use std::borrow::Cow;

use super::reader::MasterRow;
use super::row::Row;
use super::written::{number, optional, text};
use crate::domain::contract::Conditions;
use crate::exchange::fault::Refusal;
use crate::exchange::kind::Kind;

/// An entry of a contract's access sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRow {
    /// The contract.
    pub contract: String,
    /// Entries are asked in ascending order of it.
    pub position: u32,
    /// The list asked.
    pub price_list: String,
    /// When it is asked.
    pub conditions: Conditions,
}

impl MasterRow for AccessRow {
    const KIND: Kind = Kind::Access;

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let contract = row.id("contract");
        let position = row.required_whole("position", 0..=u64::from(u32::MAX));
        let price_list = row.id("price_list");
        let conditions = Conditions {
            warehouse: row.optional_id("warehouse"),
            delivery_basis: row.optional_id("delivery_basis"),
            channel: row.optional_id("channel"),
            fulfilment: row.optional_id("fulfilment"),
        };
        let position = u32::try_from(position?).ok()?;
        Some(Self { contract: contract?, position, price_list: price_list?, conditions })
    }

    fn key(&self) -> Vec<Cow<'_, str>> {
        vec![text(&self.contract), number(self.position)]
    }

    fn fields(&self) -> Result<Vec<Cow<'_, str>>, Refusal> {
        Ok(vec![
            text(&self.contract),
            number(self.position),
            text(&self.price_list),
            optional(self.conditions.warehouse.as_ref()),
            optional(self.conditions.delivery_basis.as_ref()),
            optional(self.conditions.channel.as_ref()),
            optional(self.conditions.fulfilment.as_ref()),
        ])
    }
}
