//! How does a statement read to a person at a terminal?

use crate::api::v1;
use crate::cli::report::{digits, instant};
use crate::cli::table::{Side, Table};
use crate::domain::decimal::Micros;

fn word(name: &str, prefix: &str) -> String {
    name.strip_prefix(prefix).unwrap_or(name).to_lowercase()
}

fn kind(entry: &v1::StatementEntry) -> String {
    let kind = word(entry.kind().as_str_name(), "ENTRY_KIND_");
    if entry.corrects == 0 { kind } else { format!("{kind} of {}", entry.corrects) }
}

fn tier(tier: u32) -> String {
    if tier == 0 { "none".to_owned() } else { tier.to_string() }
}

/// A statement and its documents.
#[must_use]
pub fn statement(of: &v1::Statement, documents: &[v1::StatementDocument]) -> String {
    let named = match of.number {
        0 => "a statement that was not made".to_owned(),
        number => format!("statement {number}"),
    };
    let at = instant(of.settled_at.as_ref());
    let mut text =
        format!("{named} for {} through {}, {at}, as of {}\n", of.contract, of.through, of.sequence);
    if of.reopens > 0 {
        text.push_str(&format!("reopens statement {}\n", of.reopens));
    }
    let least = digits(&of.currency);
    let money = |micros: i64| Micros(micros).to_text(least);
    let mut table = Table::new(&[
        ("agreement", Side::Left),
        ("entry", Side::Left),
        ("from", Side::Left),
        ("through", Side::Left),
        ("measure", Side::Right),
        ("tier", Side::Right),
        ("basis", Side::Right),
        ("entitled to", Side::Right),
        ("earlier", Side::Right),
        ("to pay", Side::Right),
    ]);
    for entry in &of.entries {
        table.row([
            entry.name.clone(),
            kind(entry),
            entry.first_day.clone(),
            entry.through.clone(),
            entry.measure.clone(),
            tier(entry.tier),
            entry.basis.clone(),
            money(entry.entitlement_micros),
            money(entry.earlier_micros),
            money(entry.to_pay_micros),
        ]);
    }
    text.push_str(&table.text());
    text.push_str(&format!("to pay in all: {} {}\n", of.total, of.currency));
    text.push_str(&below(of, documents));
    text
}

fn below(of: &v1::Statement, documents: &[v1::StatementDocument]) -> String {
    if documents.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&[
        ("agreement", Side::Left),
        ("document", Side::Left),
        ("kind", Side::Left),
        ("contract", Side::Left),
        ("day", Side::Left),
        ("counts on", Side::Left),
        ("to measure", Side::Right),
        ("to basis", Side::Right),
        ("", Side::Left),
    ]);
    for document in documents {
        let entry = usize::try_from(document.entry).ok().and_then(|place| of.entries.get(place));
        table.row([
            entry.map_or(String::new(), |entry| entry.agreement.clone()),
            document.id.clone(),
            word(document.kind().as_str_name(), "DOCUMENT_KIND_"),
            document.contract.clone(),
            document.day.clone(),
            document.counts_on.clone(),
            document.to_measure.clone(),
            document.to_basis.clone(),
            if document.late { "late".to_owned() } else { String::new() },
        ]);
    }
    table.text()
}

/// What became of a request.
#[must_use]
pub fn settled(answer: &v1::SettleResponse) -> String {
    let of = answer.statement.clone().unwrap_or_default();
    let before = if answer.repeated_request { "this request had come before\n" } else { "" };
    format!("{before}{}", statement(&of, &answer.documents))
}

/// A contract's statements.
#[must_use]
pub fn statements(all: &[v1::Statement]) -> String {
    if all.is_empty() {
        return "no statement was made for this contract\n".to_owned();
    }
    let mut table = Table::new(&[
        ("statement", Side::Right),
        ("kind", Side::Left),
        ("through", Side::Left),
        ("made", Side::Left),
        ("entries", Side::Right),
        ("to pay", Side::Right),
        ("currency", Side::Left),
    ]);
    for of in all {
        table.row([
            of.number.to_string(),
            word(of.kind().as_str_name(), "STATEMENT_KIND_"),
            of.through.clone(),
            instant(of.settled_at.as_ref()),
            of.entries.len().to_string(),
            of.total.clone(),
            of.currency.clone(),
        ]);
    }
    table.text()
}
