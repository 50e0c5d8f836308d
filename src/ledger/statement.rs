//! What does a statement of settlement say? What a contract is owed for its periods, less what was said before, down to
//! the documents.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::currency::Currency;
use crate::domain::day::{CivilDay, Days};
use crate::domain::decimal::Micros;
use crate::domain::ids::{ContractId, SequenceNo};
use crate::domain::time::Instant;
use crate::policy::syntax::{PeriodOf, Settle};

use super::document::DocumentKind;

/// Does a statement close periods, or tell where they stand?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum StatementKind {
    /// Periods go on after it.
    Interim,
    /// The periods that end on its day are closed.
    #[default]
    Final,
}

/// What an entry of a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EntryKind {
    /// Where a period that is open stands.
    Interim,
    /// It closes the period.
    Final,
    /// What a period that was closed comes to now.
    Correction,
}

/// A condition of an agreement as it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionStood {
    /// What it looks at, by the word of the policy.
    pub of: String,
    /// Where it stood, in millionths, rounded down.
    pub stands: i128,
    /// The least that it must be, or the most that it may be.
    pub bound: Micros,
    /// Is its bound the most?
    pub at_most: bool,
    /// Was it met?
    pub met: bool,
}

/// What a statement says of one agreement in one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementEntry {
    /// The agreement's id.
    pub agreement: String,
    /// What a person reads.
    pub name: String,
    /// The same in Russian, where there is such a name.
    pub name_ru: Option<String>,
    /// The whole period.
    pub period: Days,
    /// The last day whose documents count.
    pub through: CivilDay,
    /// What it is.
    pub kind: EntryKind,
    /// The version of the policy by which it was worked out.
    pub version: u64,
    /// Whose documents count, by one thing or another that it measures.
    pub of: BTreeSet<PeriodOf>,
    /// Where the ladder's measure stood, in millionths, rounded down.
    pub measure: i128,
    /// The amount that percentages are taken of, less the bonuses that come first, in millionths, rounded down.
    pub basis: i128,
    /// The tier reached, by its place.
    pub tier: Option<u32>,
    /// Its conditions.
    pub conditions: Vec<ConditionStood>,
    /// What the contract is entitled to for the period, rounded.
    pub entitlement: Micros,
    /// What a cap over several agreements took of it, rounded, and that cap's id.
    pub capped: Option<(String, Micros)>,
    /// What earlier statements of the period came to.
    pub earlier: Micros,
    /// The difference: below zero it is taken back.
    pub to_pay: Micros,
    /// As what it is settled.
    pub settle: Settle,
    /// What a supplier bears of the entitlement, rounded.
    pub supplier: Micros,
    /// What of that no earlier statement of the period said.
    pub supplier_to_pay: Micros,
    /// Of a correction: the statement that closed the period.
    pub corrects: Option<u64>,
    /// How many documents stand below it.
    pub documents: u32,
}

/// A document below an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryDocument {
    /// The entry, by its place.
    pub entry: u32,
    /// The sender's id.
    pub id: String,
    /// Under which contract.
    pub contract: ContractId,
    /// What it does.
    pub kind: DocumentKind,
    /// The day on it.
    pub day: CivilDay,
    /// The day on which it counted.
    pub counts_on: CivilDay,
    /// Its place in the log.
    pub position: SequenceNo,
    /// What it adds to the measure, in millionths, rounded down; none where distinct things are counted. Below a correction, what
    /// it adds since the statement before.
    pub to_measure: Option<i128>,
    /// What it adds to the basis, likewise.
    pub to_basis: i128,
    /// It came, or came to count there, after an earlier statement that would have counted it.
    pub late: bool,
}

/// A statement; the documents stand beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// From one, without gaps; zero where it is only tried.
    pub number: u64,
    /// The sender's id of the request.
    pub id: String,
    /// Whose.
    pub contract: ContractId,
    /// Interim or final.
    pub kind: StatementKind,
    /// Through which day.
    pub through: CivilDay,
    /// The statement whose periods it worked out anew by the policy then in force.
    pub reopens: Option<u64>,
    /// Command time.
    pub at: Instant,
    /// The position of the log whose documents it has seen.
    pub position: SequenceNo,
    /// The version of the policy that was in force.
    pub version: u64,
    /// The currency of its amounts.
    pub currency: Currency,
    /// What it says.
    pub entries: Vec<StatementEntry>,
    /// What is to be paid in all, in millionths: below zero it is taken back.
    pub total: i128,
}
