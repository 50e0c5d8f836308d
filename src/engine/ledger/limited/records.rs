//! How are uses of limits and holds of them kept? Sums by contract and rule, holds by id, and what documents took off each id.
//!
//! ```text
//! documents:  30 | contract u32 | rule id   ->  format u8 | postcard of what its documents used: i128
//!             31 | hold id                  ->  format u8 | postcard of LimitHold
//!             32 | contract u32 | quote id  ->  format u8 | postcard of what documents that follow it took, by rule
//!             33 | contract u32 | hold id   ->  format u8 | postcard of what it still keeps, by rule; none where nothing
//! ```
//! Numbers are big-endian, ids of rules, quotes and holds are texts. A hold and the quote that it is placed for have one id.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::ids::ContractId;
use crate::engine::error::RecordError;
use crate::engine::ledger::loyalty::Moved;
use crate::engine::records::{damaged, pack, unpack};
use crate::ledger::document::RuleUse;
use crate::store::{Batch, Family, Store};

use super::uses::Uses;

/// What was done with a hold of limits, as the command log says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitMove {
    /// Whose hold it is.
    pub contract: ContractId,
    /// Its id.
    pub hold: String,
    /// What was done with it.
    pub act: LimitAct,
    /// What was answered.
    pub moved: Moved,
}

/// What is done with a hold of limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LimitAct {
    /// It is placed: how much of which rules, in the order of their ids.
    Held(Vec<RuleUse>),
    /// It is given up.
    Released,
}

/// A hold of limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct LimitHold {
    pub(in crate::engine) contract: ContractId,
    /// In the order of rules' ids.
    pub(in crate::engine) uses: Vec<RuleUse>,
    /// What was answered when it was placed.
    pub(in crate::engine) placed: Moved,
    /// What was answered when it was given up, where it was.
    pub(in crate::engine) released: Option<Moved>,
}

/// What documents that follow a quote took, by rule; none of it zero.
pub(in crate::engine) type TakenOff = BTreeMap<String, i128>;

impl LimitHold {
    /// What it still keeps once documents took so much off it.
    pub(in crate::engine) fn open(&self, taken: &TakenOff) -> Vec<(String, i128)> {
        if self.released.is_some() {
            return Vec::new();
        }
        let left = self.uses.iter().map(|of| (of.rule.clone(), open(of, taken)));
        left.filter(|(_, left)| *left > 0).collect()
    }
}

/// What is left of what is held of a rule: never more than that.
pub(in crate::engine) fn open(of: &RuleUse, taken: &TakenOff) -> i128 {
    let taken = taken.get(&of.rule).copied().unwrap_or(0).max(0);
    (i128::from(of.used.0) - taken).max(0)
}

fn of_contract(kind: u8, contract: ContractId, id: &str) -> Vec<u8> {
    [&[kind], &contract.0.to_be_bytes()[..], id.as_bytes()].concat()
}

/// The key of a hold.
pub(in crate::engine) fn hold_key(hold: &str) -> Vec<u8> {
    [&[31], hold.as_bytes()].concat()
}

/// The key of what documents took off an id.
pub(in crate::engine) fn taken_key(contract: ContractId, quote: &str) -> Vec<u8> {
    of_contract(32, contract, quote)
}

/// Notes what a contract's documents used of a rule.
pub(super) fn put_used(batch: &mut Batch, contract: ContractId, rule: &str, used: i128) {
    let key = of_contract(30, contract, rule);
    match used {
        0 => batch.delete(Family::Documents, &key),
        used => batch.put(Family::Documents, &key, &pack(&used)),
    }
}

/// Notes what a hold still keeps.
pub(super) fn put_open(batch: &mut Batch, contract: ContractId, hold: &str, left: &[(String, i128)]) {
    let key = of_contract(33, contract, hold);
    match left {
        [] => batch.delete(Family::Documents, &key),
        left => batch.put(Family::Documents, &key, &pack(left)),
    }
}

/// What a store holds of all that.
pub(in crate::engine) fn load(store: &Store) -> Result<Uses, RecordError> {
    let mut uses = Uses::default();
    let mut scan = store.scan(Family::Documents, &[30])?;
    while let Some((key, bytes)) = scan.step()? {
        let (contract, rule) = parts(key).ok_or_else(|| damaged("of uses"))?;
        let used: i128 = unpack(bytes).ok_or_else(|| damaged("of uses"))?;
        uses.use_of(contract, rule, used);
    }
    let mut scan = store.scan(Family::Documents, &[33])?;
    while let Some((key, bytes)) = scan.step()? {
        let (contract, hold) = parts(key).ok_or_else(|| damaged("of a hold of limits"))?;
        let left: Vec<(String, i128)> = unpack(bytes).ok_or_else(|| damaged("of a hold of limits"))?;
        uses.keep(contract, hold, &left);
    }
    Ok(uses)
}

fn parts(key: &[u8]) -> Option<(ContractId, &str)> {
    let (contract, id) = key.get(1..)?.split_first_chunk::<4>()?;
    Some((ContractId(u32::from_be_bytes(*contract)), std::str::from_utf8(id).ok()?))
}
