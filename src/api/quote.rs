//! How do quotes cross the wire? Where one stands, what it promises, and what happened to it.

use bytes::Bytes;
use prost::Message;
use tonic::Status;

use crate::domain::catalogue::Catalogue;
use crate::domain::decimal::MILLION;
use crate::domain::exact::Exact;
use crate::domain::language::Language;
use crate::domain::negotiated::Concession;
use crate::engine::error::PriceError;
use crate::engine::quotes::QuoteError;
use crate::engine::quotes::{QuoteRefusal, Quoted, Teller};
use crate::pricing::cart::PricedCart;
use crate::pricing::request::CartRequest;
use crate::quotes::content::Content;
use crate::quotes::event::{Change, Event, Head, HeldPoints, HeldUse, Part};
use crate::quotes::life::{State, Waits};

use super::decimal::total_text;
use super::moment::timestamp;
use super::priced_cart::write_response;
use super::problem::problem_of;
use super::quote_content::{message_of, negotiated_of};
use super::quote_status::of_quote;
use super::status::{Violation, violations_status};
use super::telling::{Audience, Telling};
use super::v1;

/// Tells a priced cart as a quote keeps it: a message of what anybody may see, in a language.
#[derive(Debug, Clone, Copy)]
pub struct Told(pub Language);

impl Teller for Told {
    fn tell(&self, cart: &PricedCart, request: &CartRequest<'_>, catalogue: &Catalogue) -> Bytes {
        let telling = Telling::of(cart, catalogue, Audience { language: self.0, sees_costs: false });
        let mut told = Vec::new();
        write_response(&mut told, cart, request, &telling);
        Bytes::from(told)
    }
}

/// The priced cart of a quote, which its message holds as it lies on the wire; nothing where the bytes are none.
///
/// # Errors
/// Where the bytes are not what was written.
pub fn cart_told(told: &[u8]) -> Result<v1::PriceCartResponse, Status> {
    v1::PriceCartResponse::decode(told)
        .map_err(|error| Status::data_loss(format!("a quote's cart can't be read: {error}")))
}

/// A state on the wire.
#[must_use]
pub fn state_of(state: State) -> v1::QuoteState {
    match state {
        State::Draft => v1::QuoteState::Draft,
        State::WaitingForApproval => v1::QuoteState::WaitingForApproval,
        State::Issued => v1::QuoteState::Issued,
        State::Accepted => v1::QuoteState::Accepted,
        State::Declined => v1::QuoteState::Declined,
        State::Expired => v1::QuoteState::Expired,
        State::Withdrawn => v1::QuoteState::Withdrawn,
    }
}

/// A state that is asked for; none where nothing is said.
///
/// # Errors
/// Where there is no such state.
pub fn state_asked(state: i32) -> Result<Option<State>, Violation> {
    use v1::QuoteState as Wire;
    match Wire::try_from(state) {
        Ok(Wire::Unspecified) => Ok(None),
        Ok(Wire::Draft) => Ok(Some(State::Draft)),
        Ok(Wire::WaitingForApproval) => Ok(Some(State::WaitingForApproval)),
        Ok(Wire::Issued) => Ok(Some(State::Issued)),
        Ok(Wire::Accepted) => Ok(Some(State::Accepted)),
        Ok(Wire::Declined) => Ok(Some(State::Declined)),
        Ok(Wire::Expired) => Ok(Some(State::Expired)),
        Ok(Wire::Withdrawn) => Ok(Some(State::Withdrawn)),
        Err(_) => Err(Violation::new("state", format!("{state} is no state of a quote"))),
    }
}

fn change_of(change: &Change) -> v1::QuoteChange {
    match change {
        Change::Created => v1::QuoteChange::Created,
        Change::Revised => v1::QuoteChange::Revised,
        Change::Issued => v1::QuoteChange::Issued,
        Change::Approved => v1::QuoteChange::Approved,
        Change::Rejected => v1::QuoteChange::Rejected,
        Change::Accepted { .. } => v1::QuoteChange::Accepted,
        Change::Declined => v1::QuoteChange::Declined,
        Change::Withdrawn => v1::QuoteChange::Withdrawn,
        Change::Expired => v1::QuoteChange::Expired,
    }
}

/// Why a quote waits.
fn reasons_of(waits: Waits) -> Vec<i32> {
    let reasons = [
        (waits.for_guard, v1::ApprovalReason::Guard),
        (waits.for_concession, v1::ApprovalReason::Concession),
    ];
    reasons.into_iter().filter(|(waits, _)| *waits).map(|(_, reason)| reason.into()).collect()
}

fn part_of(part: &Part) -> v1::QuotePart {
    v1::QuotePart {
        line: part.line,
        line_id: part.id.clone(),
        quantity_micros: part.quantity.0,
        amount_micros: part.amount.0,
        tax_micros: part.tax.0,
    }
}

fn points_of(held: &HeldPoints) -> v1::QuotePoints {
    v1::QuotePoints {
        hold: held.hold.clone(),
        programme: held.programme.clone(),
        points_micros: held.points.0,
    }
}

fn use_of(held: &HeldUse) -> v1::QuoteUse {
    v1::QuoteUse { rule: held.rule.clone(), used_micros: held.used.0 }
}

/// Where a quote stands.
#[must_use]
pub fn summary_of(head: &Head, contract: &str) -> v1::QuoteSummary {
    v1::QuoteSummary {
        number: head.number.to_string(),
        contract: contract.to_owned(),
        customer_reference: head.customer_reference.clone(),
        state: state_of(head.state).into(),
        revision: head.revision,
        created_at: Some(timestamp(head.created_at)),
        expires_at: Some(timestamp(head.expires_at)),
        events: head.events,
        accepted: head.accepted.iter().map(part_of).collect(),
        points: head.held.points.iter().map(points_of).collect(),
        uses: head.held.uses.iter().map(use_of).collect(),
        approval_reasons: reasons_of(head.waits),
    }
}

/// What happened to a quote.
#[must_use]
pub fn event_of(event: &Event, contract: &str) -> v1::QuoteEvent {
    let (parts, is_late) = match &event.change {
        Change::Accepted { parts, is_late } => (parts.as_slice(), *is_late),
        _ => (&[][..], false),
    };
    v1::QuoteEvent {
        number: event.quote.to_string(),
        event: event.number,
        position: event.position.0,
        at: Some(timestamp(event.at)),
        by: event.by.clone(),
        reason: event.reason.clone(),
        change: change_of(&event.change).into(),
        revision: event.revision,
        state: state_of(event.state).into(),
        parts: parts.iter().map(part_of).collect(),
        is_late,
        contract: contract.to_owned(),
        approval_reasons: reasons_of(event.waits),
    }
}

/// A quote; `revision` is the one whose content it is. What was told is sent as it is kept.
#[must_use]
pub fn quote_of(quoted: &Quoted, revision: u32, sees_costs: bool) -> v1::Quote {
    let Quoted { head, contract, content, .. } = quoted;
    let lines = content.asked.cart.lines.iter();
    v1::Quote {
        summary: Some(summary_of(head, contract)),
        revision,
        text: content.asked.text.clone(),
        terms: content.asked.terms.clone(),
        valid_through: content.valid_through.to_string(),
        cart: content.told.clone(),
        needs_approval: content.needs_approval,
        divisible_lines: lines.filter(|line| line.is_divisible).map(|line| line.id.clone()).collect(),
        asked: Some(message_of(&content.asked)),
        negotiated_lines: negotiated_of(&content.asked.cart),
        negotiated_total: content
            .asked
            .cart
            .negotiated_total
            .map_or(String::new(), |total| total.to_string()),
        concession: content.concession.map(|concession| concession_of(&concession, content)),
        margin: if sees_costs { margin_of(content) } else { None },
    }
}

fn concession_of(concession: &Concession, content: &Content) -> v1::QuoteConcession {
    let digits = content.currency.digits();
    v1::QuoteConcession {
        amount: total_text(concession.amount, digits),
        of: total_text(concession.of, digits),
        percent_micros: concession.percent().0,
    }
}

fn margin_of(content: &Content) -> Option<v1::QuoteMargin> {
    let cost = content.cost?;
    let margin = content.total.checked_sub(cost)?;
    let digits = content.currency.digits();
    let percent = Exact::ratio(margin.checked_mul(100)?, content.total).ok();
    let hundredths = percent.and_then(|percent| percent.times(&Exact::whole(100)).floor_millionths());
    let step = i128::from(MILLION);
    let percent = hundredths.map_or(0, |hundredths| hundredths.div_euclid(step) * (step / 100));
    Some(v1::QuoteMargin {
        cost: total_text(cost, digits),
        margin: total_text(margin, digits),
        margin_percent_micros: i64::try_from(percent).unwrap_or(i64::MAX),
    })
}

/// The status of an error about quotes: every line without a price is told with its reason.
#[must_use]
#[cold]
pub fn quote_status(error: &QuoteError, catalogue: &Catalogue, language: Language) -> Status {
    match error {
        QuoteError::Refused(QuoteRefusal::Unpriced { lines, cart }) => {
            let telling = Telling::of(cart, catalogue, Audience { language, sees_costs: false });
            let told = lines.iter().map(|line| {
                let (_, problem) = problem_of(line.status, &telling);
                let field = format!("content.cart.lines[{}]", line.place);
                Violation::new(field, format!("\"{}\": {}", line.line, problem.reason))
            });
            violations_status(told.collect())
        }
        QuoteError::Refused(QuoteRefusal::Fields { faults }) => {
            let told = faults.iter().map(|(field, why)| Violation::new(field.clone(), why.clone()));
            violations_status(told.collect())
        }
        QuoteError::Asked(PriceError::Negotiation { faults }) => {
            let told = faults.iter().map(|fault| {
                let field = match fault.line() {
                    Some(_) => "content.negotiated_lines",
                    None => "content.negotiated_total",
                };
                Violation::new(field, fault.to_string())
            });
            violations_status(told.collect())
        }
        error => of_quote(error).status(error.to_string()),
    }
}
