//! May points be moved? Asked on the writer's thread of the newest state, so that two holds never take the same points.

use std::collections::BTreeMap;

use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::domain::ids::{ContractId, SequenceNo};
use crate::engine::error::{LedgerError, WriteError};
use crate::engine::ledger::positions::Purchased;
use crate::engine::ledger::records::stored;
use crate::engine::log::LogEntry;
use crate::engine::records::pack;
use crate::engine::rows::Reach;
use crate::engine::view::View;
use crate::policy::compiled::PointsNo;
use crate::store::{Batch, Family, Store, StoreError};

use super::book::{
    Book, Hold, HoldState, KnownId, Moved, PointsAct, PointsMove, id_key, move_key, read_book,
};
use super::refusal::PointsRefusal;

/// Documents of every day count where holds of later days are to stay covered.
const EVER: CivilDay = CivilDay(i32::MAX);

/// What is to be done with points.
pub(in crate::engine) struct PointsAsk {
    pub(in crate::engine) contract: ContractId,
    pub(in crate::engine) hold: String,
    pub(in crate::engine) act: Act,
}

/// What is to be done. A day that the caller did not state is no part of what it said.
pub(in crate::engine) enum Act {
    Hold { programme: String, points: Micros, day: CivilDay, day_stated: bool },
    Release,
    Spend { document: Option<String> },
    Restore { id: String, points: Micros, day: CivilDay, day_stated: bool },
}

/// What the commands of one group wrote, which the store does not have yet.
#[derive(Default, Clone)]
pub(in crate::engine) struct PointsDesk {
    ids: BTreeMap<String, KnownId>,
}

/// What becomes of a command: something is done, or it had been before.
enum Verdict {
    Do(PointsAct),
    Done(Moved),
}

impl PointsDesk {
    /// The group was committed, or it was not: either way the store says what there is.
    pub(in crate::engine) fn ended(&mut self) {
        self.ids.clear();
    }

    /// Moves points, or says why not. An error means that the group's batch is not whole.
    pub(in crate::engine) fn take(
        &mut self,
        store: &Store,
        view: &mut View,
        asked: PointsAsk,
        batch: &mut Batch,
    ) -> Result<Result<Moved, PointsRefusal>, WriteError> {
        let PointsAsk { contract, hold, act } = asked;
        let act = match self.judge(store, view, (contract, &hold), act)? {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(Verdict::Done(moved)) => return Ok(Ok(moved)),
            Ok(Verdict::Do(act)) => act,
        };
        view.position = SequenceNo(view.position.0 + 1);
        let moved = Moved { position: view.position, at: view.command_time };
        self.apply(view, PointsMove { contract, hold, act, moved }, batch);
        Ok(Ok(moved))
    }

    /// Puts a move where the log says.
    pub(in crate::engine) fn apply(&mut self, view: &mut View, made: PointsMove, batch: &mut Batch) {
        let PointsMove { contract, hold, act, moved } = &made;
        let own_id = match act {
            PointsAct::Held { .. } => Some(hold),
            PointsAct::Restored { id, .. } => Some(id),
            PointsAct::Released | PointsAct::Spent { .. } => None,
        };
        if let Some(id) = own_id {
            let known = KnownId { contract: *contract, hold: hold.clone() };
            batch.put(Family::Documents, &id_key(id), &pack(&known));
            self.ids.insert(id.clone(), known);
        }
        batch.put(Family::Documents, &move_key(*contract, moved.position), &pack(&made));
        let mut accounts = std::mem::take(&mut view.accounts);
        accounts.note(view.position, &made);
        view.accounts = accounts;
        batch.put_log(moved.position.0, &pack(&LogEntry::Points(made)));
    }

    fn judge(
        &self,
        store: &Store,
        view: &View,
        (contract, hold): (ContractId, &str),
        act: Act,
    ) -> Result<Result<Verdict, PointsRefusal>, WriteError> {
        let own_id = match &act {
            Act::Hold { .. } => Some(hold),
            Act::Restore { id, .. } => Some(id.as_str()),
            Act::Release | Act::Spend { .. } => None,
        };
        let book = book(store, view, contract)?;
        if let Some(id) = own_id
            && let Some(known) = self.known(store, id)?
        {
            let same = known.contract == contract && known.hold == hold;
            let before = book.0.get(hold).filter(|_| same).and_then(|hold| repeated(hold, id, &act));
            let reused = || PointsRefusal::Reused { id: id.to_owned() };
            return Ok(before.map(Verdict::Done).ok_or_else(reused));
        }
        if let Act::Hold { programme, points, day, .. } = act {
            return held(store, view, contract, (programme, points, day));
        }
        Ok(match book.0.get(hold) {
            Some(known) => moved_on(known, hold, act),
            None => Err(PointsRefusal::UnknownHold { id: hold.to_owned() }),
        })
    }

    fn known(&self, store: &Store, id: &str) -> Result<Option<KnownId>, WriteError> {
        match self.ids.get(id) {
            Some(known) => Ok(Some(known.clone())),
            None => Ok(stored(store, &id_key(id))?),
        }
    }
}

/// The contract's book, which its account keeps from now on.
fn book(store: &Store, view: &View, contract: ContractId) -> Result<std::sync::Arc<Book>, WriteError> {
    let account = view.accounts.of(contract);
    if let Some(known) = account.and_then(|account| account.book()) {
        return Ok(known);
    }
    let upto = account.map_or(view.position, |account| account.position());
    let found = std::sync::Arc::new(read_book(store, contract, upto)?);
    if let Some(account) = account {
        account.keep_book(&found);
    }
    Ok(found)
}

/// The first answer to the same command; `None` where the id stands for other content.
fn repeated(known: &Hold, id: &str, act: &Act) -> Option<Moved> {
    match act {
        Act::Hold { programme, points, day, day_stated } => {
            let same = known.programme == *programme
                && known.points == *points
                && (!day_stated || known.day == *day);
            same.then_some(known.moved)
        }
        Act::Restore { points, day, day_stated, .. } => {
            let before = known.restored.iter().find(|restored| restored.id == id)?;
            let same = before.points == *points && (!day_stated || before.day == *day);
            same.then_some(before.moved)
        }
        Act::Release | Act::Spend { .. } => None,
    }
}

/// What becomes of a hold that is there.
fn moved_on(known: &Hold, hold: &str, act: Act) -> Result<Verdict, PointsRefusal> {
    let id = || hold.to_owned();
    match (act, &known.state) {
        (Act::Release, HoldState::Open) => Ok(Verdict::Do(PointsAct::Released)),
        (Act::Release, HoldState::Released(moved)) => Ok(Verdict::Done(*moved)),
        (Act::Release, HoldState::Spent { .. }) => Err(PointsRefusal::Spent { id: id() }),
        (Act::Spend { document }, HoldState::Open) => Ok(Verdict::Do(PointsAct::Spent { document })),
        (Act::Spend { document }, HoldState::Spent { document: before, moved }) => {
            let same = document == *before;
            if same { Ok(Verdict::Done(*moved)) } else { Err(PointsRefusal::Reused { id: id() }) }
        }
        (Act::Spend { .. }, HoldState::Released(_)) => Err(PointsRefusal::Released { id: id() }),
        (Act::Restore { id: own, points, day, .. }, HoldState::Spent { .. }) => {
            let back: i64 = known.restored.iter().map(|restored| restored.points.0).sum();
            let left = Micros(known.points.0.saturating_sub(back));
            if points > left {
                return Err(PointsRefusal::MoreThanSpent { id: id(), points, left });
            }
            Ok(Verdict::Do(PointsAct::Restored { id: own, points, day }))
        }
        (Act::Restore { .. }, HoldState::Open) => Err(PointsRefusal::NotSpent { id: id() }),
        (Act::Restore { .. }, HoldState::Released(_)) => Err(PointsRefusal::Released { id: id() }),
        (Act::Hold { .. }, _) => Err(PointsRefusal::Reused { id: id() }),
    }
}

/// Points may be held that can be spent, and that no other hold needs.
fn held(
    store: &Store,
    view: &View,
    contract: ContractId,
    (programme, points, day): (String, Micros, CivilDay),
) -> Result<Result<Verdict, PointsRefusal>, WriteError> {
    let policy = &view.policy.0;
    let unknown = |programme: String| Ok(Err(PointsRefusal::UnknownProgramme { programme }));
    let Some(contract) = view.catalogue.contract(contract) else { return unknown(programme) };
    let Some(program) = policy.program_in_force(contract, &view.catalogue) else {
        return unknown(programme);
    };
    let is_named = |number: &&PointsNo| policy.points_written(**number).is_some_and(|of| of.id == programme);
    let Some(number) = program.points.iter().find(is_named) else { return unknown(programme) };
    let (latest, reach) = (view.position, Reach::Disk);
    let purchased = Purchased { store, view, contract, program: &program, latest, reach };
    let free = match purchased.points(*number, EVER) {
        Ok(Some(reckoned)) => reckoned.free(day),
        Ok(None) => 0,
        Err(error) => return Err(unreadable(error.into())),
    };
    if i128::from(points.0) > free {
        let there = Micros(i64::try_from(free).unwrap_or(i64::MAX));
        return Ok(Err(PointsRefusal::TooMany { points, there }));
    }
    Ok(Ok(Verdict::Do(PointsAct::Held { programme, points, day })))
}

fn unreadable(error: LedgerError) -> WriteError {
    match error {
        LedgerError::Records(error) => error.into(),
        error => StoreError::Corrupt { file: None, what: error.to_string() }.into(),
    }
}
