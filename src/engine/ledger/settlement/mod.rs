//! How is a period of retro-bonuses closed? Into a numbered statement that never changes: worked out beside the writer
//! against one position of the log, and given its number by it.

pub(in crate::engine) mod closing;
mod entries;
mod listing;
pub(in crate::engine) mod past_policies;
mod plan;
mod records;
mod refusal;
mod standing;
mod walked;

pub(in crate::engine) use records::is_sound;
pub use refusal::SettleRefusal;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_128;

use crate::domain::contract::Contract;
use crate::domain::day::CivilDay;
use crate::domain::ids::{ContractId, check_external_id};
use crate::domain::time::Instant;
use crate::engine::Engine;
use crate::engine::caller::{Caller, Role};
use crate::engine::error::{LedgerError, PriceError, RecordError};
use crate::engine::records::{damaged, pack};
use crate::engine::view::View;
use crate::ledger::statement::{EntryDocument, Statement, StatementEntry, StatementKind};

use closing::{Taken, WorkedOut};
use plan::{Asked, Planned};
use records::SaidOf;
use standing::Ground;
use walked::Walked;

/// A request for a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Settle {
    /// The sender's id: the same request again gets the same statement.
    pub id: String,
    /// External id of the contract.
    pub contract: String,
    /// Through which day.
    pub through: CivilDay,
    /// Does it close the periods that end on that day, or tell where those stand that hold it?
    pub kind: StatementKind,
    /// Ids of agreements; all of the contract's where empty.
    pub agreements: Vec<String>,
    /// A statement whose closed periods are worked out anew by the policy in force.
    pub reopens: Option<u64>,
    /// Stop at the statement.
    #[serde(skip)]
    pub dry_run: bool,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The statement; its number is zero where it is only tried.
    pub statement: Statement,
    /// Its documents, as far as the caller may know of them: the first of them where the request had come before.
    pub documents: Vec<EntryDocument>,
    /// Had the request come before? Nothing was changed then.
    pub repeated: bool,
}

/// Documents that come with the answer to a request; the others are asked for in pages.
const ANSWERED_DOCUMENTS: usize = records::CHUNK;

impl Settled {
    /// The documents that are answered at once.
    #[must_use]
    pub fn first(&self) -> &[EntryDocument] {
        self.documents.get(..ANSWERED_DOCUMENTS).unwrap_or(&self.documents)
    }
}

impl Settle {
    fn digest(&self) -> u128 {
        let mut agreements = self.agreements.clone();
        agreements.sort();
        agreements.dedup();
        xxh3_128(&pack(&Self { agreements, ..self.clone() }))
    }
}

/// A contract that the caller may ask about.
fn visible<'v>(view: &'v View, caller: &Caller, code: &str) -> Result<&'v Contract, PriceError> {
    let known = caller.contract(&view.catalogue, code);
    known.ok_or_else(|| PriceError::UnknownContract { contract: code.to_owned() })
}

/// Refuses a day that is not over on the contract's wall clock.
fn over(view: &View, contract: &Contract, through: CivilDay, now: Instant) -> Result<(), LedgerError> {
    let zone = view.zone(&contract.zone);
    let zone = zone.ok_or_else(|| PriceError::UnknownZone { zone: contract.zone.clone() })?;
    let today = CivilDay::of(now.civil_in(zone).map_err(|_| PriceError::InstantOutOfRange)?);
    match through < today {
        true => Ok(()),
        false => Err(SettleRefusal::NotOver { through, today, contract: contract.code.clone() }.into()),
    }
}

impl Engine {
    /// Settles periods of a contract into a statement. Returns once it is durable; the same request again gets the same
    /// statement and changes nothing.
    ///
    /// # Errors
    /// Where the caller may not, the contract is unknown, there is nothing to settle, or it could not be committed.
    pub fn settle(&self, caller: &Caller, asked: &Settle) -> Result<Settled, LedgerError> {
        if !caller.roles.contains(&Role::Post) {
            return Err(LedgerError::NotAllowed { what: "needs the role \"post\"".to_owned() });
        }
        let contract = visible(&self.view(), caller, &asked.contract)?.id;
        check_external_id(&asked.id)
            .map_err(|error| SettleRefusal::BadId { id: asked.id.clone(), reason: error.to_string() })?;
        let digest = asked.digest();
        match records::of_request(&self.store, &asked.id)? {
            Some((first, number)) if first == digest => return self.repeated(caller, number),
            Some(_) => return Err(SettleRefusal::IdReused { id: asked.id.clone() }.into()),
            None => {}
        }
        loop {
            let worked_out = self.work_out(asked, contract, digest)?;
            if asked.dry_run {
                let WorkedOut { statement, documents, .. } = worked_out;
                return Ok(self.shown(caller, statement, documents, false));
            }
            match self.writer.settle(worked_out)? {
                Taken::Settled(settled) => {
                    return Ok(self.shown(caller, settled.statement, settled.documents, false));
                }
                Taken::Repeated(number) => return self.repeated(caller, number),
                Taken::Reused => return Err(SettleRefusal::IdReused { id: asked.id.clone() }.into()),
                Taken::Overtaken => {}
            }
        }
    }

    fn work_out(&self, asked: &Settle, contract: ContractId, digest: u128) -> Result<WorkedOut, LedgerError> {
        // What was said is read before the view is taken: so no statement has seen more than this one. Where another comes in
        // between, the writer hands it back.
        let after = records::last_of(&self.store, contract)?;
        let said = records::said(&self.store, contract)?;
        self.reopened(asked, (contract, &said))?;
        let view = self.view();
        let contract = view.catalogue.contract(contract).ok_or_else(|| damaged("of a contract"))?;
        over(&view, contract, asked.through, self.clock.now())?;
        let ground = Ground { store: &self.store, view: &view, contract };
        let walked = Walked::new(ground, view.policy.clone())?;
        let of = Asked { settle: asked, ground, walked: &walked, said: &said };
        let mut planned = of.open()?;
        planned.extend(of.closed()?);
        let nothing = of.closed_by();
        let by_version = self.by_version((ground, walked), &planned)?;
        let mut told = entries::entries(contract, planned, &by_version)?;
        if told.is_empty() {
            return Err(nothing.into());
        }
        let documents = listing::documents(ground, &told, &by_version)?;
        for document in &documents {
            let entry = usize::try_from(document.entry).ok().and_then(|place| told.get_mut(place));
            if let Some((_, entry)) = entry {
                entry.documents += 1;
            }
        }
        let statement =
            drawn_up((asked, self.clock.now()), ground, told.into_iter().map(|(_, entry)| entry).collect());
        Ok(WorkedOut { statement, documents, digest, after })
    }

    /// What the contract's documents come to by each version of the policy that is asked for.
    fn by_version<'a>(
        &self,
        (ground, in_force): (Ground<'a>, Walked<'a>),
        planned: &[Planned],
    ) -> Result<BTreeMap<u64, Walked<'a>>, LedgerError> {
        let mut by_version = BTreeMap::from([(in_force.policy().version, in_force)]);
        for planned in planned {
            if let Entry::Vacant(place) = by_version.entry(planned.version) {
                let policy = self.past_policies.of(&self.store, ground.view, planned.version)?;
                place.insert(Walked::new(ground, policy)?);
            }
        }
        Ok(by_version)
    }

    /// Refuses to reopen what is not there, is another contract's, or closed nothing.
    fn reopened(&self, asked: &Settle, (contract, said): (ContractId, &[SaidOf])) -> Result<(), LedgerError> {
        let Some(number) = asked.reopens else { return Ok(()) };
        let own = records::statement(&self.store, number)?.filter(|of| of.contract == contract);
        if own.is_none() {
            return Err(SettleRefusal::UnknownStatement { number }.into());
        }
        match said.iter().any(|(_, _, said)| said.closed_by == Some(number)) {
            true => Ok(()),
            false => Err(SettleRefusal::ClosedNothing { number }.into()),
        }
    }

    fn repeated(&self, caller: &Caller, number: u64) -> Result<Settled, LedgerError> {
        let (statement, documents) = self.statement_of(caller, number, (0, ANSWERED_DOCUMENTS))?;
        Ok(Settled { statement, documents, repeated: true })
    }

    fn shown(
        &self,
        caller: &Caller,
        statement: Statement,
        documents: Vec<EntryDocument>,
        repeated: bool,
    ) -> Settled {
        let documents = known_to(&self.view(), caller, documents);
        Settled { statement, documents, repeated }
    }

    /// A statement by its number, with so many of its documents from a place on, as far as the caller may know of them:
    /// documents of a holding's other contracts may be another's.
    ///
    /// # Errors
    /// Where there is none that the caller may know of, or records cannot be read.
    pub fn statement(
        &self,
        caller: &Caller,
        number: u64,
        page: (usize, usize),
    ) -> Result<(Statement, Vec<EntryDocument>), LedgerError> {
        caller.require(Role::Price)?;
        self.statement_of(caller, number, page)
    }

    fn statement_of(
        &self,
        caller: &Caller,
        number: u64,
        page: (usize, usize),
    ) -> Result<(Statement, Vec<EntryDocument>), LedgerError> {
        let unknown = || SettleRefusal::UnknownStatement { number };
        let statement = records::statement(&self.store, number)?.ok_or_else(unknown)?;
        let view = self.view();
        let contract = view.catalogue.contract(statement.contract).ok_or_else(unknown)?;
        if !caller.may_see(contract, &view.catalogue) {
            return Err(unknown().into());
        }
        let documents = records::documents(&self.store, number, page)?;
        Ok((statement, known_to(&view, caller, documents)))
    }

    /// A contract's statements: so many from a place on, the oldest first, and whether there are more.
    ///
    /// # Errors
    /// Where the caller may not know, the contract is unknown, or records cannot be read.
    pub fn statements(
        &self,
        caller: &Caller,
        contract: &str,
        (from, size): (usize, usize),
    ) -> Result<(Vec<Statement>, bool), LedgerError> {
        caller.require(Role::Price)?;
        let contract = visible(&self.view(), caller, contract)?.id;
        let numbers = records::numbers_of(&self.store, contract)?;
        let page =
            numbers.iter().skip(from).take(size).map(|number| {
                records::statement(&self.store, *number)?.ok_or_else(|| damaged("of a statement"))
            });
        let page = page.collect::<Result<Vec<_>, RecordError>>()?;
        Ok((page, numbers.len() > from.saturating_add(size)))
    }
}

fn drawn_up((asked, now): (&Settle, Instant), ground: Ground<'_>, entries: Vec<StatementEntry>) -> Statement {
    Statement {
        number: 0,
        id: asked.id.clone(),
        contract: ground.contract.id,
        kind: asked.kind,
        through: asked.through,
        reopens: asked.reopens,
        at: now,
        position: ground.upto(),
        version: ground.view.policy.0.version,
        currency: ground.contract.currency,
        total: entries.iter().map(|entry| i128::from(entry.to_pay.0)).sum(),
        entries,
    }
}

/// Documents of contracts that the caller may ask about.
fn known_to(view: &View, caller: &Caller, mut documents: Vec<EntryDocument>) -> Vec<EntryDocument> {
    let seen = |document: &EntryDocument| {
        view.catalogue.contract(document.contract).is_some_and(|of| caller.may_see(of, &view.catalogue))
    };
    documents.retain(seen);
    documents
}
