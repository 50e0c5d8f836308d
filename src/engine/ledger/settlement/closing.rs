//! Which number does a statement get, and has another come in between? Asked on the writer's thread.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::domain::ids::{ContractId, SequenceNo};
use crate::engine::error::RecordError;
use crate::engine::ledger::log::SettledStatement;
use crate::engine::log::LogEntry;
use crate::engine::records::pack;
use crate::engine::view::View;
use crate::ledger::statement::{EntryDocument, Statement};
use crate::store::{Batch, Store};

use super::records;

/// A statement that has been worked out and has no number yet.
pub(in crate::engine) struct WorkedOut {
    pub(super) statement: Statement,
    pub(super) documents: Vec<EntryDocument>,
    /// Of what was asked.
    pub(super) digest: u128,
    /// The contract's last statement when it was worked out.
    pub(super) after: u64,
}

/// What became of a statement.
pub(in crate::engine) enum Taken {
    /// It has a number.
    Settled(Box<SettledStatement>),
    /// The request had come before, and has this statement.
    Repeated(u64),
    /// The request's id stands for another.
    Reused,
    /// Another statement for the contract has come in between: to be worked out again.
    Overtaken,
}

/// What the writer keeps of statements.
pub(in crate::engine) struct Closing {
    last: u64,
    /// What the commands of one group wrote, which the store does not have yet.
    requests: HashMap<String, (u128, u64), FixedState>,
    of_contract: HashMap<ContractId, u64, FixedState>,
}

impl Closing {
    /// What a store holds.
    pub(in crate::engine) fn new(store: &Store) -> Result<Self, RecordError> {
        let last = records::last_number(store)?;
        Ok(Self { last, requests: HashMap::default(), of_contract: HashMap::default() })
    }

    /// The group was committed: the store has it all.
    pub(in crate::engine) fn committed(&mut self) {
        self.requests.clear();
        self.of_contract.clear();
    }

    /// The group was not committed.
    pub(in crate::engine) fn abandoned(&mut self, store: &Store) {
        if let Ok(anew) = Self::new(store) {
            *self = anew;
        }
    }

    /// Gives a statement its number and place, unless its request is known or it is overtaken. Where it fails, nothing was
    /// written.
    pub(in crate::engine) fn take(
        &mut self,
        store: &Store,
        view: &mut View,
        worked_out: WorkedOut,
        batch: &mut Batch,
    ) -> Result<Taken, RecordError> {
        let WorkedOut { mut statement, documents, digest, after } = worked_out;
        let known = match self.requests.get(&statement.id) {
            Some(known) => Some(*known),
            None => records::of_request(store, &statement.id)?,
        };
        match known {
            Some((first, number)) if first == digest => return Ok(Taken::Repeated(number)),
            Some(_) => return Ok(Taken::Reused),
            None => {}
        }
        let last = match self.of_contract.get(&statement.contract) {
            Some(last) => *last,
            None => records::last_of(store, statement.contract)?,
        };
        if last != after {
            return Ok(Taken::Overtaken);
        }
        view.position = SequenceNo(view.position.0 + 1);
        (statement.number, statement.at) = (self.last + 1, view.command_time);
        let settled = Box::new(SettledStatement { statement, documents, digest });
        let entry = LogEntry::Settled(settled);
        batch.put_log(view.position.0, &pack(&entry));
        let LogEntry::Settled(settled) = entry else { return Ok(Taken::Overtaken) };
        self.apply(&settled, batch);
        Ok(Taken::Settled(settled))
    }

    /// Puts a statement where the log says.
    pub(in crate::engine) fn apply(&mut self, settled: &SettledStatement, batch: &mut Batch) {
        let SettledStatement { statement, documents, digest } = settled;
        records::write(batch, statement, (documents, *digest));
        self.last = statement.number;
        self.requests.insert(statement.id.clone(), (*digest, statement.number));
        self.of_contract.insert(statement.contract, statement.number);
    }
}
