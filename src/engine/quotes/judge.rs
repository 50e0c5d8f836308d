//! What comes of a command about a quote? Judged by the newest state, which is the store's and what the group has written.

use crate::domain::ids::{ContractId, SequenceNo};
use crate::domain::time::Instant;
use crate::engine::error::{RecordError, WriteError};
use crate::engine::records::damaged;
use crate::engine::view::View;
use crate::quotes::content::Content;
use crate::quotes::event::{Change, Event, Head, Part};
use crate::quotes::life::{Act, PartAsked, State, Waits, begins};
use crate::quotes::number::QuoteNo;
use crate::quotes::part::{is_whole, parts_of};
use crate::store::{Batch, Store};

use super::authority::{self, within_authority};
use super::desk::{Checked, Do, Make, QuoteAnswer, QuoteDesk, Seen, Taken, Who};
use super::holding::{Holders, held_after};
use super::records::{self, Asked, Known, QuoteChange};
use super::refusal::QuoteRefusal;

/// Quotes that expire in one command.
const EXPIRE_TOGETHER: usize = 1_000;

impl QuoteDesk {
    /// A quote, or another revision of one.
    pub(super) fn make(&self, store: &Store, view: &View, make: Make) -> Taken {
        if let Some(known) = self.known(store, make.request.as_ref())? {
            let same_quote = match make.revises {
                Some((quote, _)) => known.names_quote && known.quote == quote,
                None => !known.names_quote,
            };
            let differs = match &known.asked {
                Asked::Revision if same_quote => {
                    let before = self.content(store, known.quote, known.revision)?;
                    before.asked.differences(&make.content.asked)
                }
                _ => vec!["call".to_owned()],
            };
            return Ok(repeated(known, make.request, differs));
        }
        if make.seen.is_some_and(|seen| seen != Seen::of(view, make.contract)) {
            return Ok(Ok(QuoteAnswer::Moved));
        }
        let Make { request, who, revises, contract, content, .. } = make;
        let now = view.command_time;
        if now >= content.expires_at {
            return Ok(Err(QuoteRefusal::Over { last_day: content.valid_through.to_string(), now }));
        }
        let (number, before) = match revises {
            None => (QuoteNo(self.last + 1), None),
            Some((number, meant)) => match self.revisable(store, (view, contract), number, meant)? {
                Ok(head) => (number, Some(head)),
                Err(refusal) => return Ok(Err(refusal)),
            },
        };
        let (state, waits) = begins(content.asked.is_draft, authority::waits(view, &content, &who));
        let head = Head {
            number,
            contract,
            customer_reference: content.asked.customer_reference.clone(),
            state,
            waits,
            revision: before.as_ref().map_or(0, |head| head.revision) + 1,
            created_at: before.as_ref().map_or(now, |head| head.created_at),
            expires_at: content.expires_at,
            events: before.as_ref().map_or(0, |head| head.events) + 1,
            expired_as: None,
            held: before.as_ref().map(|head| head.held.clone()).unwrap_or_default(),
            accepted: Vec::new(),
        };
        let change = if before.is_some() { Change::Revised } else { Change::Created };
        let event = event(view, &head, (who, content.asked.reason.clone()), change);
        let (revision, names_quote) = (head.revision, revises.is_some());
        let known =
            Known { asked: Asked::Revision, quote: number, revision, event: head.events, names_quote };
        let request = request.map(|id| (id, known));
        Ok(Ok(QuoteAnswer::Done(Box::new(QuoteChange { event, head, content: Some(content), request }))))
    }

    /// The head of a quote that may be revised.
    fn revisable(
        &self,
        store: &Store,
        (view, contract): (&View, ContractId),
        number: QuoteNo,
        meant: Option<u32>,
    ) -> Result<Result<Head, QuoteRefusal>, RecordError> {
        let Some(head) = self.head(store, number)? else {
            return Ok(Err(QuoteRefusal::UnknownQuote { number }));
        };
        if head.contract != contract {
            let code = view.catalogue.contract(head.contract).map_or("", |of| of.code.as_str());
            return Ok(Err(QuoteRefusal::OtherContract { number, contract: code.to_owned() }));
        }
        let state = head.state_at(view.command_time);
        if !state.is_open() {
            return Ok(Err(QuoteRefusal::NotInState { number, verb: "revised", state }));
        }
        if !head.accepted.is_empty() {
            return Ok(Err(QuoteRefusal::PartlyAccepted { number }));
        }
        Ok(is_meant(&head, meant).map(|()| head))
    }

    /// Something is done with a quote.
    pub(super) fn act(&self, store: &Store, view: &View, asked: Do) -> Taken {
        let Do { request, who, quote: number, revision: meant, reason, act, checked } = asked;
        let as_asked = Asked::Act(act.clone(), meant, reason.clone());
        if let Some(known) = self.known(store, request.as_ref())? {
            let differs = [("call", known.asked != as_asked), ("quote", known.quote != number)];
            let differs = differs.iter().filter(|(_, differs)| *differs).map(|(name, _)| (*name).to_owned());
            return Ok(repeated(known, request, differs.collect()));
        }
        let Some(head) = self.head(store, number)? else {
            return Ok(Err(QuoteRefusal::UnknownQuote { number }));
        };
        let state = head.state_at(view.command_time);
        let late = matches!(act, Act::Accept { allow_late: true, .. }) && who.may_approve;
        let is_late = late && head.was_issued(view.command_time);
        if !is_late && !act.allowed_in().contains(&state) {
            return Ok(Err(QuoteRefusal::NotInState { number, verb: act.verb(), state }));
        }
        if let Err(refusal) = is_meant(&head, meant) {
            return Ok(Err(refusal));
        }
        let mut waits = Waits::default();
        let (change, state) = match act {
            Act::Issue => {
                let content = self.content(store, number, head.revision)?;
                let state;
                (state, waits) = begins(false, authority::waits(view, &content, &who));
                (Change::Issued, state)
            }
            Act::Approve => {
                let content = self.content(store, number, head.revision)?;
                if let Err(beyond) = within_authority(view, &content, &who) {
                    return Ok(Err(beyond.refusal(number, &who)));
                }
                (Change::Approved, State::Issued)
            }
            Act::Reject => (Change::Rejected, State::Draft),
            Act::Decline => (Change::Declined, State::Declined),
            Act::Withdraw => (Change::Withdrawn, State::Withdrawn),
            Act::Accept { lines, .. } => {
                let content = self.content(store, number, head.revision)?;
                match accepted(&content, &head, (&lines, checked), is_late) {
                    Ok(Some((parts, state))) => (Change::Accepted { parts, is_late }, state),
                    Ok(None) => return Ok(Ok(QuoteAnswer::Moved)),
                    Err(refusal) => return Ok(Err(refusal)),
                }
            }
        };
        let moved = Head { state, waits, events: head.events + 1, ..head.clone() };
        let event = event(view, &moved, (who, reason), change);
        let head = head.after(&event);
        let (revision, place) = (event.revision, event.number);
        let known = Known { asked: as_asked, quote: number, revision, event: place, names_quote: true };
        let request = request.map(|id| (id, known));
        Ok(Ok(QuoteAnswer::Done(Box::new(QuoteChange { event, head, content: None, request }))))
    }

    /// Lets expire what is over, as far as it goes in one command.
    pub(super) fn expire(
        &mut self,
        store: &Store,
        view: &mut View,
        through: Instant,
        (holders, batch): (&mut Holders<'_>, &mut Batch),
    ) -> Result<usize, WriteError> {
        let mut expired = 0;
        for (at, number) in records::expiring(store, through, EXPIRE_TOGETHER)? {
            if at > view.command_time {
                break;
            }
            let head = self.head(store, number)?.ok_or_else(|| damaged("of a quote"))?;
            // The group may have done something with it that the index does not show yet.
            if head.state_at(view.command_time) != State::Expired || !head.state.is_open() {
                continue;
            }
            let (events, waits) = (head.events + 1, Waits::default());
            let moved = Head { state: State::Expired, waits, events, ..head.clone() };
            let nobody = Who::default();
            let mut event = event(view, &moved, (nobody, String::new()), Change::Expired);
            event.held = held_after(&event, Some(&head), None);
            let (gives_up, kept) = (event.held.is_some(), head.held.clone());
            let head = head.after(&event);
            let change = Box::new(QuoteChange { event, head, content: None, request: None });
            let change = self.write(store, (view, holders.underway), change, batch)?;
            if gives_up && let Err(refusal) = holders.keep((store, view, batch), &change, &kept)? {
                return Err(damaged(&format!("of what quote {number} keeps: {refusal}")).into());
            }
            expired += 1;
        }
        Ok(expired)
    }
}

/// What comes of an acceptance: the parts, and the state. None where a part has to be checked anew.
fn accepted(
    content: &Content,
    head: &Head,
    (lines, checked): (&[PartAsked], Option<Checked>),
    is_late: bool,
) -> Result<Option<(Vec<Part>, State)>, QuoteRefusal> {
    let parts = parts_of(content, &head.accepted, lines).map_err(|faults| QuoteRefusal::Parts { faults })?;
    if is_whole(content, &head.accepted, &parts) {
        return Ok(Some((parts, State::Accepted)));
    }
    let stands = Checked { revision: head.revision, accepted: head.accepted.len() };
    let is_checked = checked == Some(stands);
    // What is left of a quote that is over stays so.
    let rest = if is_late { State::Expired } else { State::Issued };
    Ok(is_checked.then_some((parts, rest)))
}

fn is_meant(head: &Head, meant: Option<u32>) -> Result<(), QuoteRefusal> {
    match meant {
        Some(meant) if meant != head.revision => {
            Err(QuoteRefusal::Superseded { number: head.number, meant, newest: head.revision })
        }
        _ => Ok(()),
    }
}

/// The next event, after which a quote stands as `head` says.
fn event(view: &View, head: &Head, (who, reason): (Who, String), change: Change) -> Event {
    Event {
        quote: head.number,
        number: head.events,
        position: SequenceNo(view.position.0 + 1),
        at: view.command_time,
        by: who.name,
        reason,
        change,
        revision: head.revision,
        state: head.state,
        held: None,
        waits: head.waits,
    }
}

/// The first answer to a request that came before; a refusal where it asked for something else.
fn repeated(
    known: Known,
    request: Option<String>,
    differs: Vec<String>,
) -> Result<QuoteAnswer, QuoteRefusal> {
    if differs.is_empty() {
        return Ok(QuoteAnswer::Repeated(known));
    }
    Err(QuoteRefusal::Reused { id: request.unwrap_or_default(), differs })
}
