//! Who may buy what?

use super::{At, ContractCriterion, Selection, SkuCriterion, Text};

/// All that limits what a contract may buy. A contract that no assortment is for may buy everything that is not excluded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Eligibility {
    /// What contracts may buy.
    pub assortments: Vec<Assortment>,
    /// What they may buy in spite of assortments and exclusions.
    pub inclusions: Vec<Inclusion>,
    /// What they may not.
    pub exclusions: Vec<Exclusion>,
    /// What only those may buy who are entitled to.
    pub licences: Vec<Licence>,
}

/// What contracts may buy: the assortments of one contract add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assortment {
    /// Its id.
    pub id: String,
    /// For which contracts.
    pub contracts: Selection<ContractCriterion>,
    /// The goods.
    pub goods: Selection<SkuCriterion>,
    /// What the buyer reads where goods are outside.
    pub reason: Text,
    /// Where it stands.
    pub at: At,
}

/// What contracts may buy in spite of assortments and exclusions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    /// Its id.
    pub id: String,
    /// For which contracts.
    pub contracts: Selection<ContractCriterion>,
    /// The goods.
    pub goods: Selection<SkuCriterion>,
    /// Where it stands.
    pub at: At,
}

/// What contracts may not buy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// Its id.
    pub id: String,
    /// For which contracts.
    pub contracts: Selection<ContractCriterion>,
    /// The goods.
    pub goods: Selection<SkuCriterion>,
    /// What the buyer reads.
    pub reason: Text,
    /// Where it stands.
    pub at: At,
}

/// Goods that only those may buy whose contract carries an attribute. An inclusion does not help here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence {
    /// Its id.
    pub id: String,
    /// The goods.
    pub goods: Selection<SkuCriterion>,
    /// The attribute that the contract must carry. Where its value is a date, the licence holds through that day.
    pub attribute: String,
    /// What the buyer reads.
    pub reason: Text,
    /// Where it stands.
    pub at: At,
}
