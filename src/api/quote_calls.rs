//! What is asked about quotes, and how is it answered? The same at a server and in a folder.

use bytes::Bytes;
use tonic::Status;

use crate::domain::decimal::Micros;
use crate::domain::language::Language;
use crate::engine::Engine;
use crate::engine::caller::Caller;
use crate::engine::quotes::QuoteError;
use crate::engine::quotes::{ActOnQuote, CreateQuote, FindQuotes, Quoted, ReviseQuote};
use crate::quotes::asked::AskedQuote;
use crate::quotes::life::{Act, PartAsked};
use crate::quotes::number::QuoteNo;

use super::ledger_service::at_of;
use super::page::Page;
use super::quote::{Told, event_of, quote_of, quote_status, state_asked, summary_of};
use super::quote_content::asked_of;
use super::status::{Violation, violation_status, violations_status};
use super::v1;

/// A quote's number as it is sent.
///
/// # Errors
/// Where the text is none.
pub fn number_of(field: &str, text: &str) -> Result<QuoteNo, Status> {
    QuoteNo::parse(text)
        .map_err(|error| violation_status(Violation::new(field, format!("\"{text}\" {error}"))))
}

/// What is stated; none where nothing is.
pub(super) fn stated(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn stated_revision(revision: u32) -> Option<u32> {
    (revision != 0).then_some(revision)
}

/// The status of an error about quotes.
pub(super) fn refused(engine: &Engine, error: &QuoteError, language: Language) -> Status {
    quote_status(error, &engine.view().catalogue, language)
}

fn language_of(asked: &AskedQuote) -> Result<Language, Status> {
    let text = asked.language.as_str();
    Language::parse(text).ok_or_else(|| {
        let why = format!("\"{text}\" is not spoken here: write en or ru");
        violation_status(Violation::new("content.cart.language", why))
    })
}

/// What a message asks for; `revised` is the quote that is revised.
fn content_of(
    engine: &Engine,
    caller: &Caller,
    (content, reason): (Option<&v1::QuoteContent>, &str),
    revised: Option<QuoteNo>,
) -> Result<(AskedQuote, Language), Status> {
    let nothing = v1::QuoteContent::default();
    let content = content.unwrap_or(&nothing);
    let from = match (content.from_quote.as_str(), revised) {
        ("", revised) => revised.map(|number| (number, None)),
        (_, Some(_)) => {
            let why = "is for new quotes: leave the cart out to price that of the revised one anew";
            return Err(violation_status(Violation::new("content.from_quote", why)));
        }
        (text, None) => {
            Some((number_of("content.from_quote", text)?, stated_revision(content.from_revision)))
        }
    };
    let known = match from {
        Some((number, revision)) if content.cart.is_none() => {
            let known = engine.quote(caller, number, revision);
            Some(known.map_err(|error| refused(engine, &error, Language::default()))?.content.asked.clone())
        }
        Some(_) if revised.is_none() => {
            let why = "stands beside a cart: leave one of them out";
            return Err(violation_status(Violation::new("content.from_quote", why)));
        }
        _ => None,
    };
    let view = engine.view();
    let asked = asked_of(content, reason, (&view.catalogue, known.as_ref())).map_err(violations_status)?;
    let language = language_of(&asked)?;
    Ok((asked, language))
}

fn told_of(quoted: &Quoted, caller: &Caller) -> (Option<v1::Quote>, Option<v1::QuoteEvent>) {
    let quote = quote_of(quoted, quoted.event.revision, caller.sees_costs);
    (Some(quote), Some(event_of(&quoted.event, &quoted.contract)))
}

/// Makes a quote.
///
/// # Errors
/// As [`Engine::create_quote`].
pub fn create(
    engine: &Engine,
    caller: &Caller,
    request: &v1::CreateQuoteRequest,
) -> Result<v1::CreateQuoteResponse, Status> {
    let (asked, language) = content_of(engine, caller, (request.content.as_ref(), &request.reason), None)?;
    let (request_id, dry_run) = (stated(&request.request_id), request.validate_only);
    let asked = CreateQuote { request_id, asked, dry_run };
    let quoted = engine.create_quote(caller, &asked, &Told(language));
    let (quote, event) = told_of(&quoted.map_err(|error| refused(engine, &error, language))?, caller);
    Ok(v1::CreateQuoteResponse { quote, event })
}

/// Makes another revision of a quote.
///
/// # Errors
/// As [`Engine::revise_quote`].
pub fn revise(
    engine: &Engine,
    caller: &Caller,
    request: &v1::ReviseQuoteRequest,
) -> Result<v1::ReviseQuoteResponse, Status> {
    let quote = number_of("number", &request.number)?;
    let (asked, language) =
        content_of(engine, caller, (request.content.as_ref(), &request.reason), Some(quote))?;
    let (request_id, dry_run) = (stated(&request.request_id), request.validate_only);
    let revision = stated_revision(request.revision);
    let asked = ReviseQuote { request_id, quote, revision, asked, dry_run };
    let quoted = engine.revise_quote(caller, &asked, &Told(language));
    let (quote, event) = told_of(&quoted.map_err(|error| refused(engine, &error, language))?, caller);
    Ok(v1::ReviseQuoteResponse { quote, event })
}

/// Does something with a quote. Returns the quote and what happened to it.
///
/// # Errors
/// As [`Engine::act_on_quote`].
pub fn act(
    engine: &Engine,
    caller: &Caller,
    (action, act): (Option<&v1::QuoteAction>, Act),
) -> Result<(Option<v1::Quote>, Option<v1::QuoteEvent>), Status> {
    let missing = || violation_status(Violation::new("action", "is missing: name the quote"));
    let v1::QuoteAction { request_id, number, revision, reason, validate_only } =
        action.ok_or_else(missing)?;
    let asked = ActOnQuote {
        request_id: stated(request_id),
        quote: number_of("action.number", number)?,
        revision: stated_revision(*revision),
        reason: reason.clone(),
        act,
        dry_run: *validate_only,
    };
    let quoted = engine.act_on_quote(caller, &asked);
    Ok(told_of(&quoted.map_err(|error| refused(engine, &error, Language::default()))?, caller))
}

/// What is to be accepted.
///
/// # Errors
/// As [`Engine::act_on_quote`].
pub fn accept(
    engine: &Engine,
    caller: &Caller,
    request: &v1::AcceptQuoteRequest,
) -> Result<v1::AcceptQuoteResponse, Status> {
    let lines = request.lines.iter().map(|line| {
        let quantity = (line.quantity_micros != 0).then_some(Micros(line.quantity_micros));
        PartAsked { line: line.line_id.clone(), quantity }
    });
    let asked = Act::Accept { lines: lines.collect(), allow_late: request.allow_late };
    let (quote, event) = act(engine, caller, (request.action.as_ref(), asked))?;
    Ok(v1::AcceptQuoteResponse { quote, event })
}

/// A quote, and what it would cost today where that is asked for.
///
/// # Errors
/// As [`Engine::quote`].
pub fn get(
    engine: &Engine,
    caller: &Caller,
    request: &v1::GetQuoteRequest,
) -> Result<v1::GetQuoteResponse, Status> {
    let number = number_of("number", &request.number)?;
    let position = engine.view().position.0;
    let quoted = engine.quote(caller, number, stated_revision(request.revision));
    let quoted = quoted.map_err(|error| refused(engine, &error, Language::default()))?;
    let today = if request.with_today {
        let language = language_of(&quoted.content.asked)?;
        let priced = engine.price_quoted(caller, &quoted, &Told(language));
        priced.map_err(|error| refused(engine, &error, language))?
    } else {
        Bytes::new()
    };
    let revision = stated_revision(request.revision).unwrap_or(quoted.head.revision);
    let quote = Some(quote_of(&quoted, revision, caller.sees_costs));
    Ok(v1::GetQuoteResponse { quote, today, position })
}

/// Quotes, a page of them.
///
/// # Errors
/// As [`Engine::find_quotes`].
pub fn list(
    engine: &Engine,
    caller: &Caller,
    request: v1::ListQuotesRequest,
) -> Result<v1::ListQuotesResponse, Status> {
    let below = match request.page_token.as_str() {
        "" => None,
        token => Some(number_of("page_token", token)?),
    };
    let asked = FindQuotes {
        contract: stated(&request.contract),
        state: state_asked(request.state).map_err(violation_status)?,
        customer_reference: stated(&request.customer_reference),
        made_from: at_of(request.made_from)?,
        made_before: at_of(request.made_before)?,
        below,
        most: Page::of(request.page_size, "")?.size,
    };
    let found = engine.find_quotes(caller, &asked);
    let found = found.map_err(|error| refused(engine, &error, Language::default()))?;
    Ok(v1::ListQuotesResponse {
        quotes: found.quotes.iter().map(|(head, contract)| summary_of(head, contract)).collect(),
        next_page_token: found.next.map_or(String::new(), |next| next.to_string()),
    })
}

/// Everything that happened to a quote.
///
/// # Errors
/// As [`Engine::quote_history`].
pub fn history(
    engine: &Engine,
    caller: &Caller,
    request: &v1::GetQuoteHistoryRequest,
) -> Result<v1::GetQuoteHistoryResponse, Status> {
    let number = number_of("number", &request.number)?;
    let told = engine.quote_history(caller, number);
    let (events, contract) = told.map_err(|error| refused(engine, &error, Language::default()))?;
    let events = events.iter().map(|event| event_of(event, &contract)).collect();
    Ok(v1::GetQuoteHistoryResponse { events })
}
