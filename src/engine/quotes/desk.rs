//! May this be done with a quote? Asked on the writer's thread of the newest state, so that two callers never both win.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::ids::{ContractId, PublicationNo, SequenceNo};
use crate::domain::time::Instant;
use crate::engine::error::{RecordError, WriteError};
use crate::engine::log::LogEntry;
use crate::engine::records::{damaged, pack};
use crate::engine::view::View;
use crate::policy::syntax::{AuthorityRole, PeriodOf};
use crate::quotes::content::Content;
use crate::quotes::event::{Change, Head};
use crate::quotes::life::Act;
use crate::quotes::number::QuoteNo;
use crate::store::{Batch, Store};

use super::holding::{Holders, held_after, may_begin};
use super::records::{self, Known, QuoteChange};
use super::refusal::QuoteRefusal;
use super::underway::UnderwayDesk;

/// Who asks.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct Who {
    pub(in crate::engine) name: String,
    pub(in crate::engine) may_approve: bool,
    /// The roles by which it may concede.
    pub(in crate::engine) concedes_as: Vec<AuthorityRole>,
    pub(in crate::engine) sees_costs: bool,
}

/// What pricing had seen, which must still be the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) struct Seen {
    pub(in crate::engine) publication: PublicationNo,
    /// The newest position of the accounts that count with the contract's.
    pub(in crate::engine) accounts: SequenceNo,
}

impl Seen {
    /// What a view shows of a contract.
    pub(in crate::engine) fn of(view: &View, contract: ContractId) -> Self {
        let every = [PeriodOf::Holding, PeriodOf::Payer, PeriodOf::ShipTo];
        let accounts = view.catalogue.contract(contract).map_or(SequenceNo::default(), |contract| {
            let counted = every.iter().flat_map(|of| view.counted(contract, *of).iter().collect::<Vec<_>>());
            let accounts = counted.filter_map(|(of, _)| view.accounts.of(of));
            accounts.map(|account| account.position()).max().unwrap_or_default()
        });
        Self { publication: view.publication, accounts }
    }
}

/// A quote, or another revision of one, priced.
pub(in crate::engine) struct Make {
    pub(in crate::engine) request: Option<String>,
    pub(in crate::engine) who: Who,
    /// The quote that it revises, and the revision that was meant.
    pub(in crate::engine) revises: Option<(QuoteNo, Option<u32>)>,
    pub(in crate::engine) contract: ContractId,
    pub(in crate::engine) content: Arc<Content>,
    /// None where an older publication was asked for.
    pub(in crate::engine) seen: Option<Seen>,
}

/// Something to be done with a quote.
pub(in crate::engine) struct Do {
    pub(in crate::engine) request: Option<String>,
    pub(in crate::engine) who: Who,
    pub(in crate::engine) quote: QuoteNo,
    pub(in crate::engine) revision: Option<u32>,
    pub(in crate::engine) reason: String,
    pub(in crate::engine) act: Act,
    /// Of an acceptance in part: what it was seen of that it breaks no threshold.
    pub(in crate::engine) checked: Option<Checked>,
}

/// Where a quote stood when a part of it was seen to break no threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) struct Checked {
    pub(in crate::engine) revision: u32,
    /// How many parts had been accepted.
    pub(in crate::engine) accepted: usize,
}

/// What is asked of the desk.
pub(in crate::engine) enum QuoteAsk {
    Make(Box<Make>),
    Do(Box<Do>),
    /// What is over expires; up to this instant everything has.
    Expire(Instant),
}

/// What became of it.
pub(in crate::engine) enum QuoteAnswer {
    Done(Box<QuoteChange>),
    /// The same request had its answer before.
    Repeated(Known),
    /// What it was priced or checked against has moved on: to be done anew.
    Moved,
    /// So many expired.
    Expired(usize),
}

/// What became of it, or why nothing did. An error means that the group's batch is not whole.
pub(super) type Taken = Result<Result<QuoteAnswer, QuoteRefusal>, WriteError>;

/// What the commands of one group wrote, which the store does not have yet.
#[derive(Clone)]
pub(in crate::engine) struct QuoteDesk {
    pub(super) last: u64,
    heads: BTreeMap<QuoteNo, Head>,
    contents: BTreeMap<(QuoteNo, u32), Arc<Content>>,
    requests: BTreeMap<String, Known>,
}

impl QuoteDesk {
    pub(in crate::engine) fn new(store: &Store) -> Result<Self, RecordError> {
        let last = records::last_number(store)?;
        Ok(Self { last, heads: BTreeMap::new(), contents: BTreeMap::new(), requests: BTreeMap::new() })
    }

    /// The group was committed: the store has it.
    pub(in crate::engine) fn committed(&mut self) {
        self.heads.clear();
        self.contents.clear();
        self.requests.clear();
    }

    /// The group was not committed.
    pub(in crate::engine) fn abandoned(&mut self, store: &Store) {
        self.committed();
        // A store that can't be read takes no commit either.
        self.last = records::last_number(store).unwrap_or(self.last);
    }

    /// Does what is asked, or says why not; with `dry_run` only says.
    pub(in crate::engine) fn take(
        &mut self,
        store: &Store,
        (view, dry_run): (&mut View, bool),
        asked: QuoteAsk,
        (holders, batch): (&mut Holders<'_>, &mut Batch),
    ) -> Taken {
        let judged = match asked {
            QuoteAsk::Make(make) => self.make(store, view, *make)?,
            QuoteAsk::Do(asked) => self.act(store, view, *asked)?,
            QuoteAsk::Expire(through) => {
                return Ok(Ok(QuoteAnswer::Expired(self.expire(store, view, through, (holders, batch))?)));
            }
        };
        let Ok(QuoteAnswer::Done(mut change)) = judged else { return Ok(judged) };
        let before = self.head(store, change.head.number)?;
        let loaded = match may_begin(&change, before.as_ref()) {
            true => Some(self.content(store, change.head.number, change.head.revision)?),
            false => None,
        };
        let content = change.content.as_deref().or(loaded.as_deref());
        let held = held_after(&change.event, before.as_ref(), content);
        let kept = before.map(|head| head.held).unwrap_or_default();
        let Some(held) = held else {
            if !dry_run {
                change = self.write(store, (view, holders.underway), change, batch)?;
            }
            return Ok(Ok(QuoteAnswer::Done(change)));
        };
        // Whether all of it can be kept is only known once it is: then all of it stays, or nothing.
        let saved = (self.clone(), view.clone(), batch.clone(), holders.clone_all());
        change.head.held.clone_from(&held);
        change.event.held = Some(held);
        change = self.write(store, (view, holders.underway), change, batch)?;
        let outcome = holders.keep((store, view, batch), &change, &kept)?;
        if outcome.is_err() || dry_run {
            let (desk, was, written, kept) = saved;
            (*self, *view, *batch) = (desk, was, written);
            holders.restore(kept);
        }
        Ok(outcome.map(|()| QuoteAnswer::Done(change)))
    }

    /// Writes a change, and that it was made.
    pub(super) fn write(
        &mut self,
        store: &Store,
        (view, underway): (&mut View, &mut UnderwayDesk),
        change: Box<QuoteChange>,
        batch: &mut Batch,
    ) -> Result<Box<QuoteChange>, RecordError> {
        view.position = change.event.position;
        let entry = LogEntry::Quote(change);
        batch.put_log(view.position.0, &pack(&entry));
        let LogEntry::Quote(change) = entry else { return Err(damaged("of a quote")) };
        self.apply(store, (view, underway), &change, batch)?;
        Ok(change)
    }

    /// Puts a change where the log says.
    pub(in crate::engine) fn apply(
        &mut self,
        store: &Store,
        (view, underway): (&View, &mut UnderwayDesk),
        change: &QuoteChange,
        batch: &mut Batch,
    ) -> Result<(), RecordError> {
        let number = change.head.number;
        let before = self.head(store, number)?;
        if let Change::Accepted { parts, .. } = &change.event.change {
            let content = self.content(store, number, change.event.revision)?;
            let (of, place) = ((store, &view.catalogue), (change.head.contract, number));
            underway.accept(of, place, (&content, parts), batch)?;
        }
        records::write(batch, change, before.as_ref());
        self.last = self.last.max(number.0);
        self.heads.insert(number, change.head.clone());
        if let Some(content) = &change.content {
            self.contents.insert((number, change.event.revision), Arc::clone(content));
        }
        if let Some((id, known)) = &change.request {
            self.requests.insert(id.clone(), known.clone());
        }
        Ok(())
    }

    pub(super) fn head(&self, store: &Store, number: QuoteNo) -> Result<Option<Head>, RecordError> {
        match self.heads.get(&number) {
            Some(head) => Ok(Some(head.clone())),
            None => records::head(store, number),
        }
    }

    pub(super) fn content(
        &self,
        store: &Store,
        number: QuoteNo,
        revision: u32,
    ) -> Result<Arc<Content>, RecordError> {
        let found = match self.contents.get(&(number, revision)) {
            Some(content) => Some(Arc::clone(content)),
            None => records::content(store, number, revision)?.map(Arc::new),
        };
        found.ok_or_else(|| damaged("of a quote's revision"))
    }

    pub(super) fn known(&self, store: &Store, id: Option<&String>) -> Result<Option<Known>, RecordError> {
        let Some(id) = id else { return Ok(None) };
        match self.requests.get(id) {
            Some(known) => Ok(Some(known.clone())),
            None => records::request(store, id),
        }
    }
}

/// Is anything over at an instant, where up to another one everything has expired?
pub(in crate::engine) fn is_due(store: &Store, through: Instant, now: Instant) -> Result<bool, RecordError> {
    Ok(records::expiring(store, through, 1)?.first().is_some_and(|(at, _)| *at <= now))
}
