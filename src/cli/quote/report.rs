//! How do quotes read to a person?

use tonic::Status;

use crate::api::quote::cart_told;
use crate::api::v1;
use crate::cli::cart_report;
use crate::cli::report::{digits, instant};
use crate::cli::table::{Side, Table};
use crate::domain::decimal::Micros;

/// The word of a state.
pub(super) fn state(state: v1::QuoteState) -> &'static str {
    match state {
        v1::QuoteState::Unspecified => "",
        v1::QuoteState::Draft => "draft",
        v1::QuoteState::WaitingForApproval => "waiting for approval",
        v1::QuoteState::Issued => "issued",
        v1::QuoteState::Accepted => "accepted",
        v1::QuoteState::Declined => "declined",
        v1::QuoteState::Expired => "expired",
        v1::QuoteState::Withdrawn => "withdrawn",
    }
}

/// The word of a change.
pub(super) fn change(change: v1::QuoteChange) -> &'static str {
    match change {
        v1::QuoteChange::Unspecified => "",
        v1::QuoteChange::Created => "created",
        v1::QuoteChange::Revised => "revised",
        v1::QuoteChange::Issued => "issued",
        v1::QuoteChange::Approved => "approved",
        v1::QuoteChange::Rejected => "rejected",
        v1::QuoteChange::Accepted => "accepted",
        v1::QuoteChange::Declined => "declined",
        v1::QuoteChange::Withdrawn => "withdrawn",
        v1::QuoteChange::Expired => "expired",
    }
}

/// Why it waits for approval; nothing where it does not.
fn waits_for(reasons: impl Iterator<Item = v1::ApprovalReason>) -> String {
    let words: Vec<&str> = reasons
        .map(|reason| match reason {
            v1::ApprovalReason::Unspecified => "",
            v1::ApprovalReason::Guard => "of a guard",
            v1::ApprovalReason::Concession => "of a concession",
        })
        .collect();
    if words.is_empty() { String::new() } else { format!(" ({})", words.join(" and ")) }
}

/// A quote, and what was done with it.
pub(super) fn changed(quote: &v1::Quote, event: &v1::QuoteEvent, dry_run: bool) -> Result<String, Status> {
    let cart = cart_told(&quote.cart)?;
    let digits = digits(&cart.currency);
    let mut text = format!("quote {} {}", event.number, change(event.change()));
    if event.is_late {
        text.push_str(" after its last valid day");
    }
    let why = waits_for(event.approval_reasons());
    text.push_str(&format!(": revision {}, {}{why}\n", event.revision, state(event.state())));
    text.push_str(&parts(&event.parts, digits));
    text.push_str(&body(quote, &cart));
    if dry_run {
        text.push_str("dry run: nothing is written; this would have been\n");
    }
    Ok(text)
}

/// A quote in a line, after an event where one is meant.
pub(in crate::cli) fn told_short(
    quote: Option<&v1::Quote>,
    event: Option<&v1::QuoteEvent>,
) -> Result<String, Status> {
    let (quote, event) = (quote.cloned().unwrap_or_default(), event.cloned());
    let (summary, cart) = (quote.summary.unwrap_or_default(), cart_told(&quote.cart)?);
    let done = event.map_or(String::new(), |event| format!(" {}", change(event.change())));
    let (revision, state) = (quote.revision, state(summary.state()));
    let total = if cart.gross_total.is_empty() { &cart.total } else { &cart.gross_total };
    Ok(format!(
        "quote {}{done}: revision {revision}, {state}, {total} {}, valid through {}\n",
        summary.number, cart.currency, quote.valid_through
    ))
}

/// A quote as it stands, and what it would cost today.
pub(super) fn found(found: &v1::GetQuoteResponse) -> Result<String, Status> {
    let quote = found.quote.clone().unwrap_or_default();
    let summary = quote.summary.clone().unwrap_or_default();
    let cart = cart_told(&quote.cart)?;
    let digits = digits(&cart.currency);
    let mut text = format!("quote {}, revision {}", summary.number, quote.revision);
    if summary.revision != quote.revision {
        text.push_str(&format!(" of {}", summary.revision));
    }
    text.push_str(&format!(": {}{}\n", state(summary.state()), waits_for(summary.approval_reasons())));
    text.push_str(&parts(&summary.accepted, digits));
    text.push_str(&body(&quote, &cart));
    if !found.today.is_empty() {
        let today = cart_told(&found.today)?;
        text.push_str(&format!("today it would be {} {}", today.total, today.currency));
        if !today.gross_total.is_empty() {
            text.push_str(&format!(", with tax {} {}", today.gross_total, today.currency));
        }
        text.push('\n');
    }
    Ok(text)
}

fn body(quote: &v1::Quote, cart: &v1::PriceCartResponse) -> String {
    let summary = quote.summary.clone().unwrap_or_default();
    let mut text = String::new();
    if !summary.customer_reference.is_empty() {
        text.push_str(&format!("customer's reference {}\n", summary.customer_reference));
    }
    text.push_str(&format!("valid through {}\n", quote.valid_through));
    for (name, said) in [("text", &quote.text), ("terms", &quote.terms)] {
        if !said.is_empty() {
            text.push_str(&format!("{name}: {said}\n"));
        }
    }
    if let Some(concession) = &quote.concession {
        let (amount, of) = (&concession.amount, &concession.of);
        let percent = Micros(concession.percent_micros);
        text.push_str(&format!("negotiated: {amount} off {of} ({percent} %)\n"));
    }
    if let Some(margin) = &quote.margin {
        let percent = Micros(margin.margin_percent_micros);
        text.push_str(&format!("cost {}  margin {} ({percent} %)\n", margin.cost, margin.margin));
    }
    text.push_str(&cart_report::cart(cart));
    text
}

fn parts(parts: &[v1::QuotePart], digits: u32) -> String {
    if parts.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&[
        ("accepted", Side::Left),
        ("quantity", Side::Right),
        ("amount", Side::Right),
        ("tax", Side::Right),
    ]);
    for part in parts {
        table.row([
            part.line_id.clone(),
            Micros(part.quantity_micros).to_string(),
            Micros(part.amount_micros).to_text(digits),
            Micros(part.tax_micros).to_text(digits),
        ]);
    }
    table.text()
}

/// Quotes, the newest first.
pub(super) fn list(found: &v1::ListQuotesResponse) -> String {
    if found.quotes.is_empty() && found.next_page_token.is_empty() {
        return "no such quote\n".to_owned();
    }
    let mut table = Table::new(&[
        ("quote", Side::Left),
        ("contract", Side::Left),
        ("reference", Side::Left),
        ("state", Side::Left),
        ("revision", Side::Right),
        ("made", Side::Left),
        ("expires", Side::Left),
    ]);
    for quote in &found.quotes {
        table.row([
            quote.number.clone(),
            quote.contract.clone(),
            quote.customer_reference.clone(),
            state(quote.state()).to_owned(),
            quote.revision.to_string(),
            instant(quote.created_at.as_ref()),
            instant(quote.expires_at.as_ref()),
        ]);
    }
    let mut text = table.text();
    if !found.next_page_token.is_empty() {
        text.push_str(&format!("more: --page {}\n", found.next_page_token));
    }
    text
}

/// Something that happened to a quote, in a line that begins with its position in the command log.
pub(super) fn event(event: &v1::QuoteEvent) -> String {
    let late = if event.is_late { " late" } else { "" };
    let (position, at) = (event.position, instant(event.at.as_ref()));
    let (number, contract, change) = (&event.number, &event.contract, change(event.change()));
    let (revision, state, why) = (event.revision, state(event.state()), waits_for(event.approval_reasons()));
    let mut text =
        format!("{position} {at} {contract} {number} {change}{late}: revision {revision}, {state}{why}");
    for part in &event.parts {
        let (quantity, amount) = (Micros(part.quantity_micros), Micros(part.amount_micros));
        text.push_str(&format!("; {quantity} of line {} at {amount}", part.line_id));
    }
    if !event.by.is_empty() {
        text.push_str(&format!("; by {}", event.by));
    }
    // A reason may have several lines.
    let reason: Vec<&str> = event.reason.split_whitespace().collect();
    if !reason.is_empty() {
        text.push_str(&format!("; {}", reason.join(" ")));
    }
    text.push('\n');
    text
}

/// Everything that happened to a quote.
pub(super) fn history(found: &v1::GetQuoteHistoryResponse) -> String {
    let mut table = Table::new(&[
        ("event", Side::Right),
        ("at", Side::Left),
        ("by", Side::Left),
        ("what", Side::Left),
        ("revision", Side::Right),
        ("state since", Side::Left),
        ("why", Side::Left),
    ]);
    for event in &found.events {
        let late = if event.is_late { " late" } else { "" };
        table.row([
            event.event.to_string(),
            instant(event.at.as_ref()),
            event.by.clone(),
            format!("{}{late}", change(event.change())),
            event.revision.to_string(),
            state(event.state()).to_owned(),
            event.reason.clone(),
        ]);
    }
    table.text()
}
