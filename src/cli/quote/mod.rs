//! `quoin quote`: quotes made, revised, approved, accepted and found, in a folder or a running server.

mod arguments;
mod json;
mod report;
mod watch;

pub use arguments::Quote;
pub(super) use report::told_short;

use std::future::Future;

use tonic::transport::Channel;
use tonic::{Request, Response, Status};

use crate::api::moment::timestamp;
use crate::api::quote::state_of;
use crate::api::quote_calls::{accept, act, create, get, history, list, revise};
use crate::api::v1;
use crate::api::v1::quote_service_client::QuoteServiceClient;
use crate::domain::decimal::Micros;
use crate::engine::Engine;
use crate::engine::caller::Caller;
use crate::quotes::life;

use super::arguments::Common;
use super::cart_request::{instant, request};
use super::failure::{Failure, USAGE};
use super::{Outcome, ask, cart_file, cart_line, output};
use arguments::{Accept, Act, Again, Asked, Create, History, List, QuoteCommand, Revise, Show, Terms};

type Client = QuoteServiceClient<Channel>;

/// Runs a command.
pub fn run(common: &Common, quote: &Quote) -> Outcome {
    match &quote.command {
        QuoteCommand::Create(asked) => make(common, asked),
        QuoteCommand::Again(asked) => again(common, asked),
        QuoteCommand::Revise(asked) => another(common, asked),
        QuoteCommand::Show(asked) => show(common, asked),
        QuoteCommand::List(asked) => tell_list(common, asked),
        QuoteCommand::History(asked) => tell_history(common, asked),
        QuoteCommand::Watch(asked) => watch::run(common, asked),
        QuoteCommand::Accept(asked) => take(common, asked),
        QuoteCommand::Issue(asked) => done(common, asked, life::Act::Issue),
        QuoteCommand::Approve(asked) => done(common, asked, life::Act::Approve),
        QuoteCommand::Reject(asked) => done(common, asked, life::Act::Reject),
        QuoteCommand::Decline(asked) => done(common, asked, life::Act::Decline),
        QuoteCommand::Withdraw(asked) => done(common, asked, life::Act::Withdraw),
    }
}

/// Asks a server, or a folder.
fn answer<Q, R, F>(
    common: &Common,
    (server, message): (&Option<String>, Q),
    in_folder: impl FnOnce(&Engine, &Caller, Q) -> Result<R, Status>,
    remote: impl FnOnce(Client, Request<Q>) -> F,
) -> Result<R, Failure>
where
    F: Future<Output = Result<Response<R>, Status>>,
{
    match server {
        Some(address) => {
            let request = ask::request(common, message)?;
            ask::server(common, address, |channel| async {
                Ok(remote(QuoteServiceClient::new(channel), request).await?.into_inner())
            })
        }
        None => {
            let (caller, engine) = (ask::caller(common)?, ask::folder(common, false)?);
            Ok(in_folder(&engine, &caller, message)?)
        }
    }
}

fn content(cart: Option<v1::PriceCartRequest>, terms: &Terms) -> Result<v1::QuoteContent, Failure> {
    Ok(v1::QuoteContent {
        cart,
        customer_reference: terms.reference.clone(),
        text: terms.text.clone(),
        terms: terms.terms.clone(),
        valid_through: terms.valid_through.clone(),
        is_draft: terms.draft,
        divisible_lines: terms.divisible.clone(),
        negotiated_lines: terms.prices.iter().map(|text| proposed(text)).collect::<Result<_, _>>()?,
        negotiated_total: terms.total.clone(),
        ..v1::QuoteContent::default()
    })
}

/// A price that is proposed for a line.
fn proposed(text: &str) -> Result<v1::NegotiatedLine, Failure> {
    let wrong = |why: &str| Failure::new(USAGE, format!("--price: \"{text}\" {why}"));
    let (line, price) = text.split_once('=').ok_or_else(|| wrong("is not LINE=PRICE, as in 1=90"))?;
    let price = Micros::parse(price).map_err(|why| wrong(&why.to_string()))?;
    let price = Some(v1::negotiated_line::Price::UnitPriceMicros(price.0));
    Ok(v1::NegotiatedLine { line_id: line.to_owned(), price })
}

/// A quote's lines have ids: those without one get their number.
pub(super) fn name_lines(cart: &mut v1::PriceCartRequest) {
    for (number, line) in (1_u32..).zip(&mut cart.lines) {
        if line.id.is_empty() {
            line.id = number.to_string();
        }
    }
}

fn tell(common: &Common, quote: Option<v1::Quote>, event: Option<v1::QuoteEvent>, asked: &Asked) -> Outcome {
    let (quote, event) = (quote.unwrap_or_default(), event.unwrap_or_default());
    match common.json {
        true => output::json(&json::changed(&quote, &event)?),
        false => output::text(&report::changed(&quote, &event, asked.dry_run)?),
    }
}

fn made(common: &Common, server: &Option<String>, content: v1::QuoteContent, asked: &Asked) -> Outcome {
    let message = v1::CreateQuoteRequest {
        request_id: asked.request_id.clone(),
        content: Some(content),
        reason: asked.reason.clone(),
        validate_only: asked.dry_run,
    };
    let found = answer(
        common,
        (server, message),
        |engine, caller, message| create(engine, caller, &message),
        |mut client, request| async move { client.create_quote(request).await },
    )?;
    tell(common, found.quote, found.event, asked)
}

/// `quoin quote create`.
fn make(common: &Common, asked: &Create) -> Outcome {
    let mut cart = request(&asked.cart)?;
    name_lines(&mut cart);
    made(common, &asked.cart.server, content(Some(cart), &asked.terms)?, &asked.asked)
}

/// `quoin quote again`.
fn again(common: &Common, asked: &Again) -> Outcome {
    let content = v1::QuoteContent {
        from_quote: asked.number.clone(),
        from_revision: asked.revision,
        ..content(None, &asked.terms)?
    };
    made(common, &asked.server, content, &asked.asked)
}

fn found(
    common: &Common,
    server: &Option<String>,
    message: v1::GetQuoteRequest,
) -> Result<v1::GetQuoteResponse, Failure> {
    answer(
        common,
        (server, message),
        |engine, caller, message| get(engine, caller, &message),
        |mut client, request| async move { client.get_quote(request).await },
    )
}

/// `quoin quote revise`.
fn another(common: &Common, asked: &Revise) -> Outcome {
    let mut lines = match &asked.cart {
        Some(path) => cart_file::of_file(path)?.0,
        None => Vec::new(),
    };
    for text in &asked.lines {
        lines.push(cart_line::of_argument(text)?);
    }
    let cart = if lines.is_empty() {
        None
    } else {
        let message = v1::GetQuoteRequest { number: asked.number.clone(), ..v1::GetQuoteRequest::default() };
        let now = found(common, &asked.server, message)?.quote.and_then(|quote| quote.asked);
        let mut cart = v1::PriceCartRequest { lines, ..now.unwrap_or_default() };
        (cart.pricing_at, cart.publication) = (None, 0);
        name_lines(&mut cart);
        Some(cart)
    };
    let message = v1::ReviseQuoteRequest {
        request_id: asked.asked.request_id.clone(),
        number: asked.number.clone(),
        revision: asked.revision,
        content: Some(content(cart, &asked.terms)?),
        reason: asked.asked.reason.clone(),
        validate_only: asked.asked.dry_run,
    };
    let found = answer(
        common,
        (&asked.server, message),
        |engine, caller, message| revise(engine, caller, &message),
        |mut client, request| async move { client.revise_quote(request).await },
    )?;
    tell(common, found.quote, found.event, &asked.asked)
}

/// `quoin quote show`.
fn show(common: &Common, asked: &Show) -> Outcome {
    let Show { number, revision, today, server } = asked;
    let message = v1::GetQuoteRequest { number: number.clone(), revision: *revision, with_today: *today };
    let found = found(common, server, message)?;
    match common.json {
        true => output::json(&json::found(&found)?),
        false => output::text(&report::found(&found)?),
    }
}

/// `quoin quote list`.
fn tell_list(common: &Common, asked: &List) -> Outcome {
    let state = match &asked.state {
        None => v1::QuoteState::Unspecified,
        Some(word) => {
            let unknown = || {
                let known = life::State::ALL.map(life::State::word).join(", ");
                Failure::new(USAGE, format!("--state: \"{word}\" is none: {known}"))
            };
            state_of(life::State::parse(word).ok_or_else(unknown)?)
        }
    };
    let message = v1::ListQuotesRequest {
        contract: asked.contract.clone(),
        state: state.into(),
        customer_reference: asked.reference.clone(),
        made_from: instant(asked.from.as_deref())?.map(timestamp),
        made_before: instant(asked.before.as_deref())?.map(timestamp),
        page_size: asked.most,
        page_token: asked.page.clone(),
    };
    let found = answer(common, (&asked.server, message), list, |mut client, request| async move {
        client.list_quotes(request).await
    })?;
    match common.json {
        true => output::json(&json::list(&found)),
        false => output::text(&report::list(&found)),
    }
}

/// `quoin quote history`.
fn tell_history(common: &Common, asked: &History) -> Outcome {
    let message = v1::GetQuoteHistoryRequest { number: asked.number.clone() };
    let found = answer(
        common,
        (&asked.server, message),
        |engine, caller, message| history(engine, caller, &message),
        |mut client, request| async move { client.get_quote_history(request).await },
    )?;
    match common.json {
        true => output::json(&json::history(&found)),
        false => output::text(&report::history(&found)),
    }
}

fn action(of: &Act) -> v1::QuoteAction {
    v1::QuoteAction {
        request_id: of.asked.request_id.clone(),
        number: of.number.clone(),
        revision: of.revision,
        reason: of.asked.reason.clone(),
        validate_only: of.asked.dry_run,
    }
}

/// `quoin quote accept`.
fn take(common: &Common, asked: &Accept) -> Outcome {
    let lines = asked.lines.iter().map(|text| {
        let (line_id, quantity) = text.split_once('=').unwrap_or((text, ""));
        let wrong = |why| Failure::new(USAGE, format!("--line: \"{text}\" {why}"));
        let quantity = match quantity {
            "" => Micros::ZERO,
            quantity => Micros::parse(quantity).map_err(|why| wrong(why.to_string()))?,
        };
        Ok(v1::AcceptLine { line_id: line_id.to_owned(), quantity_micros: quantity.0 })
    });
    let message = v1::AcceptQuoteRequest {
        action: Some(action(&asked.act)),
        lines: lines.collect::<Result<_, Failure>>()?,
        allow_late: asked.late,
    };
    let found = answer(
        common,
        (&asked.act.server, message),
        |engine, caller, message| accept(engine, caller, &message),
        |mut client, request| async move { client.accept_quote(request).await },
    )?;
    tell(common, found.quote, found.event, &asked.act.asked)
}

/// `quoin quote issue`, `approve`, `reject`, `decline` and `withdraw`.
fn done(common: &Common, asked: &Act, what: life::Act) -> Outcome {
    let message = Some(action(asked));
    let in_folder = |engine: &Engine, caller: &Caller| act(engine, caller, (message.as_ref(), what.clone()));
    let (quote, event) = match &asked.server {
        None => {
            let (caller, engine) = (ask::caller(common)?, ask::folder(common, false)?);
            in_folder(&engine, &caller)?
        }
        Some(address) => at_server(common, address, message, &what)?,
    };
    tell(common, quote, event, &asked.asked)
}

type Changed = (Option<v1::Quote>, Option<v1::QuoteEvent>);

fn at_server(
    common: &Common,
    address: &str,
    action: Option<v1::QuoteAction>,
    what: &life::Act,
) -> Result<Changed, Failure> {
    let request = ask::request(common, action)?;
    ask::server(common, address, |channel| async {
        let (metadata, extensions, action) = request.into_parts();
        let mut client = QuoteServiceClient::new(channel);
        macro_rules! changed {
            ($call:ident, $message:ident) => {{
                let request = Request::from_parts(metadata, extensions, v1::$message { action });
                let answer = client.$call(request).await?.into_inner();
                Ok((answer.quote, answer.event))
            }};
        }
        match what {
            life::Act::Issue => changed!(issue_quote, IssueQuoteRequest),
            life::Act::Approve => changed!(approve_quote, ApproveQuoteRequest),
            life::Act::Reject => changed!(reject_quote, RejectQuoteRequest),
            life::Act::Decline => changed!(decline_quote, DeclineQuoteRequest),
            life::Act::Withdraw => changed!(withdraw_quote, WithdrawQuoteRequest),
            life::Act::Accept { .. } => Err(Status::internal("acceptances have lines")),
        }
    })
}
