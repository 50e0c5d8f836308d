//! Quotes: made, revised, approved, accepted, and what became of each.

mod authority;
pub(in crate::engine) mod desk;
mod error;
mod fields;
mod find;
pub(in crate::engine) mod holding;
mod judge;
mod make;
mod part;
mod pricing;
pub(in crate::engine) mod records;
mod refusal;
pub(in crate::engine) mod underway;

pub use error::QuoteError;
pub use find::{FindQuotes, FoundQuotes};
pub use make::{CreateQuote, ReviseQuote};
pub use records::QuoteChange;
pub use refusal::{Dearer, QuoteRefusal, Unpriced};

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;

use crate::domain::catalogue::Catalogue;
use crate::domain::time::Instant;
use crate::policy::syntax::AuthorityRole;
use crate::pricing::cart::PricedCart;
use crate::pricing::request::CartRequest;
use crate::quotes::content::Content;
use crate::quotes::event::{Event, Head, Held};
use crate::quotes::life::Act;
use crate::quotes::number::QuoteNo;

use super::Engine;
use super::caller::{Caller, ContractScope, Role};
use super::error::RecordError;
use super::records::damaged;
use desk::{Do, QuoteAnswer, QuoteAsk, Who};
use records::Known;

/// How often a quote is priced, or a part of one checked, anew where what it rests on moves on meanwhile.
const TRIES: usize = 16;

/// Tells a priced cart, so that a quote keeps what was told: waterfall and all.
pub trait Teller {
    /// The cart as it is told to anybody who may see the quote.
    fn tell(&self, cart: &PricedCart, request: &CartRequest<'_>, catalogue: &Catalogue) -> Bytes;
}

/// A quote as it stood after an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// Where it stood.
    pub head: Head,
    /// External id of its contract.
    pub contract: String,
    /// The event.
    pub event: Event,
    /// What its newest revision promised then.
    pub content: Arc<Content>,
    /// Was nothing written: only said?
    pub is_dry_run: bool,
}

/// Something to be done with a quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActOnQuote {
    /// The caller's id of the request; the same again changes nothing and gets its first answer.
    pub request_id: Option<String>,
    /// Which quote.
    pub quote: QuoteNo,
    /// The revision that is meant; whichever is the newest where absent.
    pub revision: Option<u32>,
    /// Why, for the history.
    pub reason: String,
    /// What is to be done.
    pub act: Act,
    /// Only say what would become of it.
    pub dry_run: bool,
}

impl Engine {
    /// Does something with a quote: issues, approves, rejects, accepts, declines or withdraws it. Returns once it is durable.
    ///
    /// # Errors
    /// Where the caller may not, nothing of that kind may be done, or it could not be committed.
    pub fn act_on_quote(&self, caller: &Caller, asked: &ActOnQuote) -> Result<Quoted, QuoteError> {
        let role = match asked.act {
            Act::Approve | Act::Reject => Role::Approve,
            _ => Role::Quote,
        };
        caller.require(role)?;
        fields::check_request(asked.request_id.as_deref())?;
        fields::check_reason(&asked.reason)?;
        self.head_of(caller, asked.quote)?;
        for _ in 0..TRIES {
            let checked = match &asked.act {
                Act::Accept { lines, .. } => self.check_part(caller, asked.quote, lines)?,
                _ => None,
            };
            let ask = Do {
                request: asked.request_id.clone(),
                who: who(caller),
                quote: asked.quote,
                revision: asked.revision,
                reason: asked.reason.clone(),
                act: asked.act.clone(),
                checked,
            };
            if let Some(quoted) = self.ask_desk(caller, QuoteAsk::Do(Box::new(ask)), asked.dry_run)? {
                return Ok(quoted);
            }
        }
        Err(QuoteError::Busy)
    }

    /// A quote as it stands now; what has expired is told so whether or not that was written yet.
    ///
    /// # Errors
    /// Where the caller may not, or the quote or revision is unknown.
    pub fn quote(
        &self,
        caller: &Caller,
        number: QuoteNo,
        revision: Option<u32>,
    ) -> Result<Quoted, QuoteError> {
        caller.require(Role::Quote)?;
        let (mut head, contract) = self.head_of(caller, number)?;
        let event =
            records::event(&self.store, number, head.events)?.ok_or_else(|| damaged("of a quote's event"))?;
        let revision = revision.unwrap_or(head.revision);
        let newest = head.revision;
        let unknown = QuoteRefusal::UnknownRevision { number, revision, newest };
        let content = Arc::new(records::content(&self.store, number, revision)?.ok_or(unknown)?);
        head.state = head.state_at(self.clock.now().max(self.views.borrow().command_time));
        Ok(Quoted { head, contract, event, content, is_dry_run: false })
    }

    /// Everything that happened to a quote, in order, with its contract's external id.
    ///
    /// # Errors
    /// Where the caller may not, or the quote is unknown.
    pub fn quote_history(
        &self,
        caller: &Caller,
        number: QuoteNo,
    ) -> Result<(Vec<Event>, String), QuoteError> {
        caller.require(Role::Quote)?;
        let (_, contract) = self.head_of(caller, number)?;
        Ok((records::events(&self.store, number)?, contract))
    }

    /// Writes down which quotes have expired by now. Returns how many; answers tell so with or without it.
    ///
    /// # Errors
    /// Where it could not be committed.
    pub fn expire_quotes(&self) -> Result<usize, QuoteError> {
        let mut all = 0;
        loop {
            let command_time = self.views.borrow().command_time;
            let through = Instant(self.expired_through.load(Ordering::Relaxed));
            if !desk::is_due(&self.store, through, self.clock.now().max(command_time))? {
                // No later quote is over before the command that makes it.
                self.expired_through.fetch_max(command_time.0, Ordering::Relaxed);
                return Ok(all);
            }
            match self.writer.quote(QuoteAsk::Expire(through), false)?? {
                QuoteAnswer::Expired(some) if some > 0 => all += some,
                _ => return Ok(all),
            }
        }
    }

    /// Asks the writer. None where what was asked rests on what has moved on.
    fn ask_desk(
        &self,
        caller: &Caller,
        asked: QuoteAsk,
        is_dry_run: bool,
    ) -> Result<Option<Quoted>, QuoteError> {
        match self.writer.quote(asked, is_dry_run)? {
            Err(QuoteRefusal::Reused { id, .. }) if !self.may_see_request(caller, &id)? => {
                Err(QuoteRefusal::Reused { id, differs: Vec::new() }.into())
            }
            Err(refusal) => Err(refusal.into()),
            Ok(QuoteAnswer::Moved | QuoteAnswer::Expired(_)) => Ok(None),
            Ok(QuoteAnswer::Repeated(known)) => self.as_answered(caller, &known).map(Some),
            Ok(QuoteAnswer::Done(change)) => {
                let QuoteChange { event, head, content, .. } = *change;
                let contract = self.contract_code(&head)?;
                let content = match content {
                    Some(content) => content,
                    None => self.content_of(head.number, head.revision)?,
                };
                Ok(Some(Quoted { head, contract, event, content, is_dry_run }))
            }
        }
    }

    /// The first answer to a request: the quote as it stood after the event that came of it.
    fn as_answered(&self, caller: &Caller, known: &Known) -> Result<Quoted, QuoteError> {
        let (now, contract) = self.head_of(caller, known.quote)?;
        let begun = Head { accepted: Vec::new(), expired_as: None, held: Held::default(), ..now };
        let mut head = begun;
        let mut last = None;
        for event in records::events(&self.store, known.quote)? {
            if event.number > known.event {
                break;
            }
            head = head.after(&event);
            last = Some(event);
        }
        let event = last.ok_or_else(|| damaged("of a quote's event"))?;
        let content = self.content_of(known.quote, event.revision)?;
        head.expires_at = content.expires_at;
        head.customer_reference.clone_from(&content.asked.customer_reference);
        Ok(Quoted { head, contract, event, content, is_dry_run: false })
    }

    fn content_of(&self, number: QuoteNo, revision: u32) -> Result<Arc<Content>, QuoteError> {
        let found = records::content(&self.store, number, revision)?;
        Ok(Arc::new(found.ok_or_else(|| damaged("of a quote's revision"))?))
    }

    fn contract_code(&self, head: &Head) -> Result<String, RecordError> {
        let view = self.views.borrow();
        let contract = view.catalogue.contract(head.contract).map(|contract| contract.code.clone());
        contract.ok_or_else(|| damaged("of a quote's contract"))
    }

    /// Where a quote stands that the caller may know of, with its contract's external id.
    fn head_of(&self, caller: &Caller, number: QuoteNo) -> Result<(Head, String), QuoteError> {
        let unknown = || QuoteRefusal::UnknownQuote { number };
        let head = records::head(&self.store, number)?.ok_or_else(unknown)?;
        let view = self.views.borrow();
        let contract = view.catalogue.contract(head.contract);
        let contract = contract.ok_or_else(|| damaged("of a quote's contract"))?;
        match caller.may_see(contract, &view.catalogue) {
            true => Ok((head, contract.code.clone())),
            false => Err(unknown().into()),
        }
    }

    /// May the caller know what a request was about?
    fn may_see_request(&self, caller: &Caller, id: &str) -> Result<bool, QuoteError> {
        let Some(known) = records::request(&self.store, id)? else { return Ok(false) };
        match self.head_of(caller, known.quote) {
            Ok(_) => Ok(true),
            Err(QuoteError::Refused(QuoteRefusal::UnknownQuote { .. })) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn who(caller: &Caller) -> Who {
    let may_approve = caller.roles.contains(&Role::Approve);
    let mut concedes_as = Vec::new();
    // Who is confined to contracts may be the buyer, who only proposes.
    if caller.roles.contains(&Role::Quote) && caller.contracts == ContractScope::All {
        concedes_as.push(AuthorityRole::Quote);
    }
    if may_approve {
        concedes_as.push(AuthorityRole::Approve);
    }
    Who { name: caller.name.clone(), may_approve, concedes_as, sees_costs: caller.sees_costs }
}
