//! Which SKUs, which contracts? Selections: any of several descriptions, less exceptions.

use super::{At, Text};

/// A named selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group<C> {
    /// What a person reads.
    pub name: Text,
    /// What is in it.
    pub selection: Selection<C>,
    /// Where it stands.
    pub at: At,
}

/// Everything that `any` of the descriptions meets and none of `except`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection<C> {
    /// One of these is met; everything is, where there are none.
    pub any: Vec<AllOf<C>>,
    /// None of these is met.
    pub except: Vec<AllOf<C>>,
    /// Where it stands.
    pub at: At,
}

impl<C> Default for Selection<C> {
    fn default() -> Self {
        Self { any: Vec::new(), except: Vec::new(), at: At::default() }
    }
}

impl<C> Selection<C> {
    /// Everything, without exception?
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.any.is_empty() && self.except.is_empty()
    }
}

/// All of these are met; there is at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllOf<C> {
    /// What is asked.
    pub criteria: Vec<C>,
    /// Where it stands.
    pub at: At,
}

/// What is asked of a SKU. Lists are alternatives: one of them does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SkuCriterion {
    /// It stands in one of these categories, by path, or below.
    Category(Vec<String>),
    /// It is of one of these brands.
    Brand(Vec<String>),
    /// Its attribute has one of these values; any value where there are none.
    Attribute {
        /// The attribute.
        name: String,
        /// Its values.
        values: Vec<String>,
    },
    /// It is one of these.
    Sku(Vec<String>),
    /// One of these price lists has a cell of its own for it.
    List(Vec<String>),
    /// It is of one of these tax classes.
    TaxClass(Vec<String>),
    /// It is in one of these groups.
    Group(Vec<String>),
}

/// What is asked of a contract. Lists are alternatives: one of them does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContractCriterion {
    /// It is one of these.
    Contract(Vec<String>),
    /// One of these counterparties buys under it.
    Counterparty(Vec<String>),
    /// Its counterparty belongs to one of these holdings.
    Holding(Vec<String>),
    /// Its attribute has one of these values; any value where there are none. `segment: x` is the attribute `segment`.
    Attribute {
        /// The attribute.
        name: String,
        /// Its values.
        values: Vec<String>,
    },
    /// It is in one of these groups.
    Group(Vec<String>),
}
