//! Which quotes are there? Found by contract, state, customer's reference and time, the newest first.

use std::collections::BTreeSet;

use crate::domain::ids::{ContractId, SequenceNo, check_external_id};
use crate::domain::time::Instant;
use crate::engine::Engine;
use crate::engine::caller::{Caller, Role};
use crate::engine::error::{PriceError, RecordError};
use crate::engine::quotes::QuoteError;
use crate::engine::view::View;
use crate::quotes::event::{Event, Head};
use crate::quotes::life::State;
use crate::quotes::number::QuoteNo;

use super::records::{self, Index};

/// Quotes that are looked at for one page: where few of many are meant, a page may be short, and has a next one.
const LOOKED_AT: usize = 10_000;

/// Events that are looked at together.
const EVENTS_AT_ONCE: usize = 1_000;

/// Which quotes are looked for: those of which all that is stated holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FindQuotes {
    /// External id of the contract.
    pub contract: Option<String>,
    /// The state.
    pub state: Option<State>,
    /// The customer's own reference.
    pub customer_reference: Option<String>,
    /// Made at this instant, or later.
    pub made_from: Option<Instant>,
    /// Made before this instant.
    pub made_before: Option<Instant>,
    /// Only quotes below this number: where a page goes on.
    pub below: Option<QuoteNo>,
    /// At most so many.
    pub most: usize,
}

/// A page of quotes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoundQuotes {
    /// Where each stands, with its contract's external id; the newest first.
    pub quotes: Vec<(Head, String)>,
    /// The number below which the next page goes on; none after the last.
    pub next: Option<QuoteNo>,
}

impl Engine {
    /// Quotes that the caller may know of, a page of them.
    ///
    /// # Errors
    /// Where the caller may not, or the contract is unknown.
    pub fn find_quotes(&self, caller: &Caller, asked: &FindQuotes) -> Result<FoundQuotes, QuoteError> {
        caller.require(Role::Quote)?;
        let view = self.view();
        let contract = match &asked.contract {
            None => None,
            Some(code) => Some(known_contract(&view, caller, code)?),
        };
        // Quotes of others are not even looked at: a page does not tell that they are there.
        let own = match (&contract, view.own_contracts(caller)) {
            (Some(contract), Some(_)) => Some(vec![*contract]),
            (_, own) => own,
        };
        let now = self.clock.now().max(view.command_time);
        let code_of = |id: ContractId| view.catalogue.contract(id).map(|contract| contract.code.as_str());
        let is_meant = |head: &Head| {
            contract.is_none_or(|contract| head.contract == contract)
                && asked.state.is_none_or(|state| head.state_at(now) == state)
                && asked.customer_reference.as_ref().is_none_or(|of| head.customer_reference == *of)
                && asked.made_before.is_none_or(|before| head.created_at < before)
        };
        let mut found = FoundQuotes::default();
        let mut looked_at = 0;
        let look = |number: QuoteNo| -> Result<bool, RecordError> {
            let head = records::head(&self.store, number)?;
            let head = head.ok_or_else(|| crate::engine::records::damaged("of a quote"))?;
            // Numbers ascend with time.
            if asked.made_from.is_some_and(|from| head.created_at < from) {
                return Ok(false);
            }
            looked_at += 1;
            if found.quotes.len() >= asked.most || looked_at > LOOKED_AT {
                found.next = Some(QuoteNo(number.0 + 1));
                return Ok(false);
            }
            if is_meant(&head) {
                let code = code_of(head.contract).unwrap_or_default().to_owned();
                let state = head.state_at(now);
                found.quotes.push((Head { state, ..head }, code));
            }
            Ok(true)
        };
        match own {
            Some(own) => self.each_of(&own, asked.below, look)?,
            None => self.each_candidate((asked, contract, now), look)?,
        }
        Ok(found)
    }

    /// Events behind a position of the log that the caller may know of, in order, each with its contract's external id; and the
    /// position up to which there is nothing more. Looks at so many at most: where that is not the newest position, ask again.
    ///
    /// # Errors
    /// Where the caller may not, or the contract is unknown.
    pub fn quote_events(
        &self,
        caller: &Caller,
        after: SequenceNo,
        contract: Option<&str>,
    ) -> Result<(Vec<(Event, String)>, SequenceNo), QuoteError> {
        caller.require(Role::Quote)?;
        // Taken first: what comes meanwhile is told the next time.
        let view = self.view();
        if let Some(code) = contract {
            known_contract(&view, caller, code)?;
        }
        let events = records::events_after(&self.store, after, EVENTS_AT_ONCE)?;
        let whole = events.len() < EVENTS_AT_ONCE;
        let last = events.last().map_or(after, |event| event.position);
        let upto = if whole { last.max(view.position) } else { last };
        let mut told = Vec::new();
        for event in events {
            let head = records::head(&self.store, event.quote)?;
            let of = head.and_then(|head| view.catalogue.contract(head.contract));
            let meant = of.filter(|of| {
                contract.is_none_or(|meant| meant == of.code) && caller.may_see(of, &view.catalogue)
            });
            told.extend(meant.map(|of| (event, of.code.clone())));
        }
        Ok((told, upto))
    }

    /// Tells the newest position of the log whenever it moves.
    #[must_use]
    pub fn positions(&self) -> tokio::sync::watch::Receiver<SequenceNo> {
        self.views.positions()
    }

    /// Hands `each` the numbers of quotes among which those that are meant are, the newest first.
    fn each_candidate(
        &self,
        (asked, contract, now): (&FindQuotes, Option<ContractId>, Instant),
        mut each: impl FnMut(QuoteNo) -> Result<bool, RecordError>,
    ) -> Result<(), QuoteError> {
        let reference = asked.customer_reference.as_deref().filter(|of| check_external_id(of).is_ok());
        let index = match (reference, contract, asked.state) {
            (Some(reference), _, _) => Index::of_reference(reference),
            (None, Some(contract), _) => Index::of_contract(contract),
            (None, None, Some(state)) => Index::of_state(state),
            (None, None, None) => Index::all(),
        };
        // What has expired, and nobody has written so yet, stands among the open ones still.
        let unwritten: BTreeSet<QuoteNo> = match index == Index::of_state(State::Expired) {
            true => self.expired_unwritten(now, asked.below)?,
            false => BTreeSet::new(),
        };
        let mut unwritten = unwritten.into_iter().rev().peekable();
        let mut goes_on = true;
        index.each_down(&self.store, asked.below, |number| {
            while goes_on && let Some(first) = unwritten.next_if(|first| *first > number) {
                goes_on = each(first)?;
            }
            goes_on = goes_on && each(number)?;
            Ok(goes_on)
        })?;
        for number in unwritten {
            if !goes_on {
                break;
            }
            goes_on = each(number)?;
        }
        Ok(())
    }

    /// Hands `each` the numbers of the quotes of these contracts, the newest first.
    fn each_of(
        &self,
        contracts: &[ContractId],
        mut below: Option<QuoteNo>,
        mut each: impl FnMut(QuoteNo) -> Result<bool, RecordError>,
    ) -> Result<(), RecordError> {
        loop {
            let mut numbers: BTreeSet<QuoteNo> = BTreeSet::new();
            // Below this number there may be more of a contract than were read.
            let mut read_down_to = None;
            for contract in contracts {
                let mut count = 0;
                Index::of_contract(*contract).each_down(&self.store, below, |number| {
                    numbers.insert(number);
                    count += 1;
                    if count >= LOOKED_AT {
                        read_down_to = read_down_to.max(Some(number));
                    }
                    Ok(count < LOOKED_AT)
                })?;
            }
            for number in numbers.into_iter().rev() {
                if read_down_to.is_some_and(|last| number < last) {
                    break;
                }
                if !each(number)? {
                    return Ok(());
                }
            }
            if read_down_to.is_none() {
                return Ok(());
            }
            below = read_down_to;
        }
    }

    fn expired_unwritten(
        &self,
        now: Instant,
        below: Option<QuoteNo>,
    ) -> Result<BTreeSet<QuoteNo>, RecordError> {
        let due = records::expiring(&self.store, Instant(i64::MIN), LOOKED_AT)?.into_iter();
        let due = due.take_while(|(at, _)| *at <= now).map(|(_, number)| number);
        Ok(due.filter(|number| below.is_none_or(|below| *number < below)).collect())
    }
}

/// A contract that the caller may know of.
fn known_contract(view: &View, caller: &Caller, code: &str) -> Result<ContractId, PriceError> {
    let unknown = || PriceError::UnknownContract { contract: code.to_owned() };
    Ok(caller.contract(&view.catalogue, code).ok_or_else(unknown)?.id)
}
