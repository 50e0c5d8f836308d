//! How does a cart become a quote? It is priced beside the writer, which sees to it that nothing has moved since.

use std::sync::Arc;

use bytes::Bytes;

use crate::domain::contract::Contract;
use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::domain::time::Instant;
use crate::engine::Engine;
use crate::engine::caller::{Caller, Role};
use crate::engine::error::PriceError;
use crate::engine::quotes::QuoteError;
use crate::engine::view::View;
use crate::pricing::cart::{LineNotice, LineStatus, PricedCart};
use crate::pricing::request::{CartLine, CartRequest, Detail, Particulars, ProgressWanted};
use crate::quotes::asked::AskedQuote;
use crate::quotes::content::{Content, QuotedLine};
use crate::quotes::event::HeldUse;
use crate::quotes::number::QuoteNo;

use super::desk::{Make, QuoteAsk, Seen};
use super::pricing::{circumstances_of, lines_of, particulars_of};
use super::refusal::{QuoteRefusal, Unpriced};
use super::{Quoted, TRIES, Teller, fields, who};

/// Days for which a quote is valid where nothing is said.
const VALID_DAYS: i32 = 14;

/// A quote to be made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CreateQuote {
    /// The caller's id of the request; the same again changes nothing and gets its first answer.
    pub request_id: Option<String>,
    /// What is asked.
    pub asked: AskedQuote,
    /// Only say what would become of it.
    pub dry_run: bool,
}

/// A revision to be made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReviseQuote {
    /// The caller's id of the request; the same again changes nothing and gets its first answer.
    pub request_id: Option<String>,
    /// Which quote.
    pub quote: QuoteNo,
    /// The revision that is meant to be replaced; whichever is the newest where absent.
    pub revision: Option<u32>,
    /// What is asked now: all of it.
    pub asked: AskedQuote,
    /// Only say what would become of it.
    pub dry_run: bool,
}

impl Engine {
    /// Makes a quote of a cart. Returns once it is durable.
    ///
    /// # Errors
    /// Where the caller may not, the cart as a whole or a line of it has no price, a field does not do, or it could not be committed.
    pub fn create_quote(
        &self,
        caller: &Caller,
        asked: &CreateQuote,
        teller: &dyn Teller,
    ) -> Result<Quoted, QuoteError> {
        let CreateQuote { request_id, asked, dry_run } = asked;
        self.make_quote(caller, (request_id, None), (asked, *dry_run), teller)
    }

    /// Makes another revision of an open quote; the ones before stay as they are. Returns once it is durable.
    ///
    /// # Errors
    /// As [`Engine::create_quote`]; where the quote is unknown, or may not be revised.
    pub fn revise_quote(
        &self,
        caller: &Caller,
        asked: &ReviseQuote,
        teller: &dyn Teller,
    ) -> Result<Quoted, QuoteError> {
        let ReviseQuote { request_id, quote, revision, asked, dry_run } = asked;
        caller.require(Role::Quote)?;
        self.head_of(caller, *quote)?;
        self.make_quote(caller, (request_id, Some((*quote, *revision))), (asked, *dry_run), teller)
    }

    fn make_quote(
        &self,
        caller: &Caller,
        (request, revises): (&Option<String>, Option<(QuoteNo, Option<u32>)>),
        (asked, dry_run): (&AskedQuote, bool),
        teller: &dyn Teller,
    ) -> Result<Quoted, QuoteError> {
        caller.require(Role::Quote)?;
        fields::check_request(request.as_deref())?;
        for _ in 0..TRIES {
            // Taken before pricing: what lands in between is noticed by the writer.
            let view = self.view();
            let unknown = || PriceError::UnknownContract { contract: asked.cart.contract.clone() };
            let contract = caller.contract(&view.catalogue, &asked.cart.contract).ok_or_else(unknown)?;
            let hold = revises.map_or(String::new(), |(quote, _)| quote.to_string());
            let content = match self.content(caller, (&view, contract), (asked, &hold), teller) {
                Ok(content) => content,
                // A repeated request gets its first answer whatever has become of the prices since.
                Err(error) => match self.made_before(caller, request.as_deref(), revises, asked)? {
                    Some(quoted) => return Ok(quoted),
                    None => return Err(error),
                },
            };
            let seen = asked.publication.is_none().then(|| Seen::of(&view, contract.id));
            let make = Make {
                request: request.clone(),
                who: who(caller),
                revises,
                contract: contract.id,
                content: Arc::new(content),
                seen,
            };
            if let Some(quoted) = self.ask_desk(caller, QuoteAsk::Make(Box::new(make)), dry_run)? {
                return Ok(quoted);
            }
        }
        Err(QuoteError::Busy)
    }

    /// What is asked, priced.
    fn content(
        &self,
        caller: &Caller,
        (view, contract): (&View, &Contract),
        (asked, hold): (&AskedQuote, &str),
        teller: &dyn Teller,
    ) -> Result<Content, QuoteError> {
        let unknown = || PriceError::UnknownZone { zone: contract.zone.clone() };
        let zone = view.zone(&contract.zone).ok_or_else(unknown)?;
        let now = self.clock.now().max(view.command_time);
        let today = CivilDay::of(now.civil_in(zone).map_err(|_| PriceError::InstantOutOfRange)?);
        fields::check_asked(asked, today)?;
        let valid_through = asked.valid_through.unwrap_or_else(|| today.plus(VALID_DAYS));
        let over = Instant::begin_of(valid_through.plus(1), zone);
        let expires_at = over.map_err(|_| PriceError::InstantOutOfRange)?;
        let (lines, particulars) = (lines_of(&asked.cart), particulars_of(&asked.cart, hold));
        let request = request_of(asked, &lines, &particulars);
        let priced = self.price_cart_to_quote(caller, &request)?;
        unpriced(&priced, asked)?;
        Ok(Content {
            asked: asked.clone(),
            publication: priced.publication,
            policy_version: priced.policy.0.version,
            position: priced.position,
            pricing_at: priced.pricing_at,
            currency: priced.currency,
            amount_step: contract.rounding.amount_step(contract.currency),
            amount_mode: contract.rounding.amount_mode,
            lines: priced
                .lines
                .iter()
                .map(|line| QuotedLine { amount: line.amount, tax: line.tax })
                .collect(),
            total: priced.total,
            tax_total: priced.tax_total,
            needs_approval: needs_approval(&priced),
            concession: priced.concession,
            cost: cost_of(view, contract, &priced),
            points: points_taken(&priced),
            uses: uses_of(&priced),
            valid_through,
            expires_at,
            told: teller.tell(&priced, &request, &view.catalogue),
        })
    }

    /// What the cart of a quote would cost today, without any promise or negotiated price, as it is told. What the quote holds is
    /// there for it.
    ///
    /// # Errors
    /// Where the caller may not, or the cart as a whole has no price.
    pub fn price_quoted(
        &self,
        caller: &Caller,
        quoted: &Quoted,
        teller: &dyn Teller,
    ) -> Result<Bytes, QuoteError> {
        caller.require(Role::Quote)?;
        let (asked, hold) = (&quoted.content.asked, quoted.head.number.to_string());
        let asked = AskedQuote { cart: asked.cart.without_negotiation(), ..asked.clone() };
        let (lines, particulars) = (lines_of(&asked.cart), particulars_of(&asked.cart, &hold));
        let request = request_of(&asked, &lines, &particulars);
        let request = CartRequest { pricing_at: None, publication: None, ..request };
        let priced = self.price_cart_to_quote(caller, &request)?;
        Ok(teller.tell(&priced, &request, &self.view().catalogue))
    }

    /// Prices for whoever may quote, whether or not they may ask for prices alone.
    pub(super) fn price_cart_to_quote(
        &self,
        caller: &Caller,
        request: &CartRequest<'_>,
    ) -> Result<PricedCart, QuoteError> {
        let mut asker = caller.clone();
        asker.roles.insert(Role::Price);
        Ok(self.price_cart(&asker, request)?)
    }

    /// The first answer to the same request, where there was one.
    fn made_before(
        &self,
        caller: &Caller,
        request: Option<&str>,
        revises: Option<(QuoteNo, Option<u32>)>,
        asked: &AskedQuote,
    ) -> Result<Option<Quoted>, QuoteError> {
        let Some(request) = request else { return Ok(None) };
        let Some(known) = super::records::request(&self.store, request)? else { return Ok(None) };
        let same_quote = match revises {
            Some((quote, _)) => known.names_quote && known.quote == quote,
            None => !known.names_quote,
        };
        if !same_quote || known.asked != super::records::Asked::Revision {
            return Ok(None);
        }
        // Of another's request nothing is told, not even that it was one.
        let quoted = match self.as_answered(caller, &known) {
            Err(QuoteError::Refused(QuoteRefusal::UnknownQuote { .. })) => return Ok(None),
            answered => answered?,
        };
        Ok((quoted.content.asked == *asked).then_some(quoted))
    }
}

fn request_of<'a>(
    asked: &'a AskedQuote,
    lines: &'a [CartLine<'a>],
    particulars: &'a Particulars<'a>,
) -> CartRequest<'a> {
    CartRequest {
        contract: &asked.cart.contract,
        pricing_at: asked.pricing_at,
        publication: asked.publication,
        circumstances: circumstances_of(&asked.cart),
        lines,
        particulars,
        progress: ProgressWanted::Next,
        detail: Detail::Waterfall,
    }
}

/// Refuses a cart of which a line has no price: all of them are named.
fn unpriced(priced: &PricedCart, asked: &AskedQuote) -> Result<(), QuoteRefusal> {
    let lines = (0_u32..).zip(&priced.lines).zip(&asked.cart.lines);
    let lines: Vec<Unpriced> = lines
        .filter(|((_, line), _)| line.status != LineStatus::Priced)
        .map(|((place, line), asked)| Unpriced { place, line: asked.id.clone(), status: line.status })
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    Err(QuoteRefusal::Unpriced { lines, cart: Box::new(priced.clone()) })
}

fn needs_approval(priced: &PricedCart) -> bool {
    priced.notices.iter().any(|(_, notice)| matches!(notice, LineNotice::NeedsApproval { .. }))
}

fn points_taken(priced: &PricedCart) -> Vec<(String, Micros)> {
    let taken = priced.points.iter().filter_map(|of| {
        let points = of.taken.as_ref()?.taken;
        let programme = priced.policy.0.points_written(of.programme)?;
        Some((programme.id.clone(), points))
    });
    taken.filter(|(_, points)| *points > Micros::ZERO).collect()
}

fn uses_of(priced: &PricedCart) -> Vec<HeldUse> {
    let uses = priced.uses.iter().filter_map(|of| {
        let rule = priced.policy.0.rule(of.rule)?;
        Some(HeldUse { rule: rule.id.clone(), used: of.used })
    });
    uses.filter(|of| of.used > Micros::ZERO).collect()
}

/// What the goods cost the seller, in millionths of the contract's currency, rounded down; none where a cost is not known.
fn cost_of(view: &View, contract: &Contract, priced: &PricedCart) -> Option<i128> {
    let mut all = Exact::ZERO;
    for line in &priced.lines {
        let sku = view.catalogue.sku(line.sku?)?;
        let (cost, currency) = sku.unit_cost?;
        let rate = view.catalogue.market.rate(currency, contract.currency, priced.civil)?;
        let base_units = Exact::from(line.quantity).times(&sku.factor(line.unit)?.exact());
        all = all.plus(&Exact::from(cost).times(&base_units).times(&rate.exact().ok()?));
    }
    all.floor_millionths()
}
