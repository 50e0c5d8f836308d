//! How does a statement of settlement cross the wire?

use crate::domain::catalogue::Catalogue;
use crate::domain::day::CivilDay;
use crate::domain::language::Language;
use crate::engine::Engine;
use crate::engine::caller::Caller;
use crate::engine::error::LedgerError;
use crate::engine::ledger::settlement::Settle;
use crate::ledger::statement::{
    ConditionStood, EntryDocument, EntryKind, Statement, StatementEntry, StatementKind,
};
use crate::policy::syntax::Settle as SettleAs;

use super::decimal::total_text;
use super::document::kind_of;
use super::moment::timestamp;
use super::page::Page;
use super::retro::stands_of;
use super::status::Violation;
use super::v1;

/// What is asked for.
///
/// # Errors
/// Everything that is no day and no kind.
pub fn asked(request: v1::SettleRequest) -> Result<Settle, Vec<Violation>> {
    let mut violations = Vec::new();
    let through = CivilDay::parse(&request.through);
    if let Err(error) = &through {
        violations.push(Violation::new("through", format!("\"{}\" {error}", request.through)));
    }
    let kind = match v1::StatementKind::try_from(request.kind) {
        Ok(v1::StatementKind::Interim) => StatementKind::Interim,
        Ok(v1::StatementKind::Unspecified | v1::StatementKind::Final) => StatementKind::Final,
        Err(_) => {
            violations.push(Violation::new("kind", format!("{} is no kind of statement", request.kind)));
            StatementKind::Final
        }
    };
    match through {
        Ok(through) if violations.is_empty() => Ok(Settle {
            id: request.id,
            contract: request.contract,
            through,
            kind,
            agreements: request.agreements,
            reopens: (request.reopens > 0).then_some(request.reopens),
            dry_run: request.dry_run,
        }),
        _ => Err(violations),
    }
}

/// Settles.
///
/// # Errors
/// As [`Engine::settle`].
pub fn settle(
    engine: &Engine,
    caller: &Caller,
    (asked, language): (&Settle, Language),
) -> Result<v1::SettleResponse, LedgerError> {
    let settled = engine.settle(caller, asked)?;
    let view = engine.view();
    let told = (&view.catalogue, language, caller.sees_costs);
    Ok(v1::SettleResponse {
        statement: Some(statement_of(&settled.statement, told)),
        repeated_request: settled.repeated,
        documents: settled.first().iter().map(|document| document_of(document, told)).collect(),
    })
}

/// A statement, with a page of its documents.
///
/// # Errors
/// As [`Engine::statement`].
pub fn found(
    engine: &Engine,
    caller: &Caller,
    (number, page, language): (u64, Page, Language),
) -> Result<v1::GetStatementResponse, LedgerError> {
    let (statement, documents) = engine.statement(caller, number, (page.from, page.size))?;
    let view = engine.view();
    let told = (&view.catalogue, language, caller.sees_costs);
    let all: u64 = statement.entries.iter().map(|entry| u64::from(entry.documents)).sum();
    let next = page.from.saturating_add(page.size);
    let more = u64::try_from(next).is_ok_and(|next| next < all);
    Ok(v1::GetStatementResponse {
        statement: Some(statement_of(&statement, told)),
        documents: documents.iter().map(|document| document_of(document, told)).collect(),
        next_page_token: if more { next.to_string() } else { String::new() },
    })
}

/// A contract's statements, a page of them.
///
/// # Errors
/// As [`Engine::statements`].
pub fn listed(
    engine: &Engine,
    caller: &Caller,
    (contract, page, language): (&str, Page, Language),
) -> Result<v1::ListStatementsResponse, LedgerError> {
    let (statements, more) = engine.statements(caller, contract, (page.from, page.size))?;
    let view = engine.view();
    let told = (&view.catalogue, language, caller.sees_costs);
    Ok(v1::ListStatementsResponse {
        statements: statements.iter().map(|statement| statement_of(statement, told)).collect(),
        next_page_token: if more { page.from.saturating_add(page.size).to_string() } else { String::new() },
    })
}

/// By which names, in which language, and whether with costs.
type Told<'a> = (&'a Catalogue, Language, bool);

fn statement_of(statement: &Statement, told: Told<'_>) -> v1::Statement {
    let digits = statement.currency.digits();
    let kind = match statement.kind {
        StatementKind::Interim => v1::StatementKind::Interim,
        StatementKind::Final => v1::StatementKind::Final,
    };
    v1::Statement {
        number: statement.number,
        id: statement.id.clone(),
        contract: told.0.contract(statement.contract).map_or(String::new(), |of| of.code.clone()),
        kind: kind.into(),
        through: statement.through.to_string(),
        reopens: statement.reopens.unwrap_or(0),
        settled_at: Some(timestamp(statement.at)),
        sequence: statement.position.0,
        policy_version: statement.version,
        currency: statement.currency.to_string(),
        entries: statement.entries.iter().map(|entry| entry_of(entry, digits, told)).collect(),
        total: total_text(statement.total, digits),
    }
}

fn entry_of(entry: &StatementEntry, digits: u32, (_, language, sees_costs): Told<'_>) -> v1::StatementEntry {
    let kind = match entry.kind {
        EntryKind::Interim => v1::EntryKind::Interim,
        EntryKind::Final => v1::EntryKind::Final,
        EntryKind::Correction => v1::EntryKind::Correction,
    };
    let settled_as = match entry.settle {
        SettleAs::Premium => v1::SettledAs::Premium,
        SettleAs::PriceCorrection => v1::SettledAs::PriceCorrection,
    };
    let name = match (language, &entry.name_ru) {
        (Language::Russian, Some(name)) => name,
        _ => &entry.name,
    };
    v1::StatementEntry {
        agreement: entry.agreement.clone(),
        name: name.clone(),
        first_day: entry.period.first.to_string(),
        last_day: entry.period.last.to_string(),
        through: entry.through.to_string(),
        kind: kind.into(),
        corrects: entry.corrects.unwrap_or(0),
        policy_version: entry.version,
        measure: total_text(entry.measure, 0),
        basis: total_text(entry.basis, digits),
        tier: entry.tier.map_or(0, |tier| tier.saturating_add(1)),
        conditions: entry.conditions.iter().map(condition_of).collect(),
        entitlement_micros: entry.entitlement.0,
        earlier_micros: entry.earlier.0,
        to_pay_micros: entry.to_pay.0,
        settled_as: settled_as.into(),
        supplier_to_pay_micros: if sees_costs { entry.supplier_to_pay.0 } else { 0 },
        documents: entry.documents,
        capped_micros: entry.capped.as_ref().map_or(0, |(_, taken)| taken.0),
        cap: entry.capped.as_ref().map_or(String::new(), |(cap, _)| cap.clone()),
    }
}

fn condition_of(stood: &ConditionStood) -> v1::ConditionStands {
    stands_of(stood.of.clone(), stood.stands, (stood.bound, stood.at_most), stood.met)
}

fn document_of(document: &EntryDocument, (catalogue, _, _): Told<'_>) -> v1::StatementDocument {
    v1::StatementDocument {
        entry: document.entry,
        id: document.id.clone(),
        contract: catalogue.contract(document.contract).map_or(String::new(), |of| of.code.clone()),
        kind: kind_of(document.kind).into(),
        day: document.day.to_string(),
        counts_on: document.counts_on.to_string(),
        sequence: document.position.0,
        to_measure: document.to_measure.map_or(String::new(), |added| total_text(added, 0)),
        to_basis: total_text(document.to_basis, 0),
        late: document.late,
    }
}
