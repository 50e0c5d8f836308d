//! `quoin ledger settle`, `statement` and `statements`: what is paid for periods, in a folder or a running server.

pub(super) mod arguments;
mod csv;
mod json;
mod page;
mod report;

use tonic::transport::Channel;

use crate::api::page::Page;
use crate::api::statement;
use crate::api::v1;
use crate::api::v1::ledger_service_client::LedgerServiceClient;
use crate::cli::arguments::Common;
use crate::cli::failure::{Failure, USAGE};
use crate::cli::{Outcome, ask, output};
use crate::domain::language::Language;

use arguments::{Settle, Statement, Statements, Words};

/// Records of one page.
const PAGE: u32 = 1_000;
/// Statements may have many entries.
const ANSWER_BYTES: usize = 256 << 20;

impl Words {
    fn language(self) -> Language {
        match self {
            Self::En => Language::English,
            Self::Ru => Language::Russian,
        }
    }
}

fn client(channel: Channel) -> LedgerServiceClient<Channel> {
    LedgerServiceClient::new(channel).max_decoding_message_size(ANSWER_BYTES)
}

/// A page of so many records from a place on.
fn page_of(token: &str) -> Result<Page, Failure> {
    Ok(Page::of(PAGE, token)?)
}

/// Settles.
pub(super) fn settle(common: &Common, asked: &Settle) -> Outcome {
    let language = asked.language.language();
    let kind = if asked.interim { v1::StatementKind::Interim } else { v1::StatementKind::Final };
    let request = v1::SettleRequest {
        id: asked.id.clone(),
        contract: asked.contract.clone(),
        through: asked.through.clone(),
        kind: kind.into(),
        agreements: asked.agreements.clone(),
        reopens: asked.reopen,
        dry_run: asked.dry_run,
        language: language.code().to_owned(),
    };
    let answer = match &asked.server {
        Some(address) => {
            let request = ask::request(common, request)?;
            ask::server(common, address, |channel| async {
                Ok(client(channel).settle(request).await?.into_inner())
            })?
        }
        None => {
            let caller = ask::caller(common)?;
            let settle = statement::asked(request).map_err(|wrong| {
                let told = wrong.iter().map(|wrong| format!("{}: {}", wrong.field, wrong.description));
                Failure::new(USAGE, told.collect::<Vec<_>>().join("; "))
            })?;
            statement::settle(&ask::folder(common, false)?, &caller, (&settle, language))?
        }
    };
    if common.json { output::json(&json::settled(&answer)) } else { output::text(&report::settled(&answer)) }
}

/// Shows a statement.
pub(super) fn show(common: &Common, asked: &Statement) -> Outcome {
    let (found, documents) = whole(common, asked)?;
    if asked.page {
        return output::text(&page::page(&found, &documents, asked.language.language()));
    }
    if asked.csv {
        return output::text(&csv::rows(&found, &documents));
    }
    if common.json {
        output::json(&json::statement(&found, &documents))
    } else {
        output::text(&report::statement(&found, &documents))
    }
}

/// A statement with all of its documents.
fn whole(common: &Common, asked: &Statement) -> Result<(v1::Statement, Vec<v1::StatementDocument>), Failure> {
    let language = asked.language.language();
    let folder = match asked.server {
        Some(_) => None,
        None => Some((ask::caller(common)?, ask::folder(common, false)?)),
    };
    let (mut documents, mut page_token) = (Vec::new(), String::new());
    loop {
        let answer = match (&folder, &asked.server) {
            (Some((caller, engine)), _) => {
                statement::found(engine, caller, (asked.number, page_of(&page_token)?, language))?
            }
            (None, address) => {
                let message = v1::GetStatementRequest {
                    number: asked.number,
                    page_size: PAGE,
                    page_token,
                    language: language.code().to_owned(),
                };
                let request = ask::request(common, message)?;
                ask::server(common, address.as_deref().unwrap_or_default(), |channel| async {
                    Ok(client(channel).get_statement(request).await?.into_inner())
                })?
            }
        };
        documents.extend(answer.documents);
        page_token = answer.next_page_token;
        if page_token.is_empty() {
            return Ok((answer.statement.unwrap_or_default(), documents));
        }
    }
}

/// Lists a contract's statements.
pub(super) fn list(common: &Common, asked: &Statements) -> Outcome {
    let folder = match asked.server {
        Some(_) => None,
        None => Some((ask::caller(common)?, ask::folder(common, false)?)),
    };
    let (mut statements, mut page_token) = (Vec::new(), String::new());
    loop {
        let answer = match (&folder, &asked.server) {
            (Some((caller, engine)), _) => {
                let language = Language::default();
                statement::listed(engine, caller, (&asked.contract, page_of(&page_token)?, language))?
            }
            (None, address) => {
                let (contract, language) = (asked.contract.clone(), String::new());
                let message = v1::ListStatementsRequest { contract, page_size: PAGE, page_token, language };
                let request = ask::request(common, message)?;
                ask::server(common, address.as_deref().unwrap_or_default(), |channel| async {
                    Ok(client(channel).list_statements(request).await?.into_inner())
                })?
            }
        };
        statements.extend(answer.statements);
        page_token = answer.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    if common.json {
        output::json(&json::statements(&statements))
    } else {
        output::text(&report::statements(&statements))
    }
}
