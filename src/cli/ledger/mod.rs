//! `quoin ledger`: post shipments and returns, and tell what was bought, in a folder or a running server.

mod arguments;
mod json;
mod limits;
mod loyalty;
mod loyalty_report;
mod progress_json;
mod progress_report;
mod remote;
mod report;
mod statement;

pub use arguments::Ledger;
pub(super) use limits::figure as limit_figure;

use crate::api::contract_progress;
use crate::api::document::{fault_of, known_of, report_of, sent};
use crate::api::ledger_service::accruals;
use crate::api::purchases::{days, measure_of, purchases_of};
use crate::api::v1;
use crate::domain::language::Language;
use crate::domain::time::Instant;
use crate::engine::ledger::FiledDocuments;
use crate::engine::ledger::purchases::AskPurchases;
use crate::exchange::fault::Faults;
use crate::exchange::kind::Kind;
use crate::exchange::source::Source;
use crate::policy::syntax::PeriodOf;

use super::arguments::Common;
use super::failure::{Failure, NOT_FOUND, REFUSED, USAGE};
use super::{Outcome, ask, output};

use arguments::{LedgerCommand, Measures, Of, Parked, Post, Purchases, Show};

/// Runs it.
pub fn run(common: &Common, asked: &Ledger) -> Outcome {
    match &asked.command {
        LedgerCommand::Post(asked) => post(common, asked),
        LedgerCommand::Show(asked) => show(common, asked),
        LedgerCommand::Parked(asked) => parked(common, asked),
        LedgerCommand::Purchases(asked) => purchases(common, asked),
        LedgerCommand::Measures(asked) => measures(common, asked),
        LedgerCommand::Balance(asked) => balance(common, asked),
        LedgerCommand::Plan(asked) => plan(common, asked),
        LedgerCommand::Progress(asked) => progress(common, asked),
        LedgerCommand::Settle(asked) => statement::settle(common, asked),
        LedgerCommand::Statement(asked) => statement::show(common, asked),
        LedgerCommand::Statements(asked) => statement::list(common, asked),
        LedgerCommand::Levels(asked) => loyalty::tell_levels(common, asked),
        LedgerCommand::Points(asked) => loyalty::tell_points(common, asked),
        LedgerCommand::Hold(asked) => loyalty::hold(common, asked),
        LedgerCommand::Release(asked) => loyalty::release(common, asked),
        LedgerCommand::Spend(asked) => loyalty::spend(common, asked),
        LedgerCommand::Restore(asked) => loyalty::restore(common, asked),
        LedgerCommand::Limits(asked) => limits::run(common, asked),
    }
}

fn sources(asked: &Post) -> Result<Vec<Source>, Failure> {
    let source = |path| Source::of_kind(path, Kind::Documents);
    let made = asked.files.iter().map(|path| source(path)).collect::<Result<Vec<_>, _>>();
    let made = made.map_err(|error| Failure::new(USAGE, error))?;
    match made.iter().find(|source| !source.path.exists()) {
        Some(lacking) => {
            Err(Failure::new(NOT_FOUND, format!("{}: there is no such file", lacking.path.display())))
        }
        None => Ok(made),
    }
}

fn post(common: &Common, asked: &Post) -> Outcome {
    let sources = sources(asked)?;
    let (answer, faults): (v1::PostReport, Faults) = match &asked.server {
        None => {
            let caller = ask::caller(common)?;
            let engine = ask::folder(common, false)?;
            let posted = engine.post_files(&caller, &sources, (asked.park_unknown, asked.dry_run))?;
            (report_of(&posted.report), posted.faults)
        }
        Some(address) => {
            let filed = FiledDocuments::read(&sources)?;
            match filed.faults.count() {
                0 => remote::post(common, address, asked, filed)?,
                _ => (v1::PostReport::default(), filed.faults),
            }
        }
    };
    if common.json {
        output::json(&json::posted(&answer, &faults, asked.dry_run))?;
    } else {
        output::text(&report::posted(&answer, &faults, asked.dry_run))?;
    }
    if faults.count() == 0 { Ok(()) } else { Err(Failure::told(REFUSED)) }
}

fn show(common: &Common, asked: &Show) -> Outcome {
    let found = match &asked.server {
        Some(address) => remote::show(common, address, &asked.id)?,
        None => {
            let caller = ask::caller(common)?;
            let engine = ask::folder(common, false)?;
            let known = engine.document(&caller, &asked.id)?;
            known_of(&known, &engine.view().catalogue, caller.sees_costs)
        }
    };
    if common.json { output::json(&json::document(&found)) } else { output::text(&report::document(&found)) }
}

fn parked(common: &Common, asked: &Parked) -> Outcome {
    let found = match &asked.server {
        Some(address) => remote::parked(common, address)?,
        None => {
            let caller = ask::caller(common)?;
            let parked = ask::folder(common, false)?.parked_documents(&caller)?;
            let one = |(draft, unknown): &(_, Vec<_>)| v1::ParkedDocument {
                document: Some(sent(draft, caller.sees_costs)),
                unknown: unknown.iter().map(fault_of).collect(),
            };
            parked.iter().map(one).collect()
        }
    };
    if common.json { output::json(&json::parked(&found)) } else { output::text(&report::parked(&found)) }
}

fn purchases(common: &Common, asked: &Purchases) -> Outcome {
    let found = match &asked.server {
        Some(address) => remote::purchases(common, address, asked)?,
        None => {
            let caller = ask::caller(common)?;
            let of = match asked.of {
                Of::Contract => PeriodOf::Contract,
                Of::Counterparty => PeriodOf::Counterparty,
                Of::Holding => PeriodOf::Holding,
                Of::Payer => PeriodOf::Payer,
                Of::ShipTo => PeriodOf::ShipTo,
            };
            let days = days(&asked.from, &asked.through).map_err(|wrong| {
                let told = wrong.iter().map(|wrong| format!("{}: {}", wrong.field, wrong.description));
                Failure::new(USAGE, told.collect::<Vec<_>>().join("; "))
            })?;
            let question = AskPurchases { contract: &asked.contract, of, days };
            let found = ask::folder(common, false)?.purchases(&caller, &question)?;
            purchases_of(&found.by_currency)
        }
    };
    if common.json {
        output::json(&json::purchases(&found))
    } else {
        output::text(&report::purchases(&found))
    }
}

fn at_of(asked: &Measures) -> Result<Option<Instant>, Failure> {
    let read = asked.at.as_ref().map(|text| {
        Instant::parse(text).map_err(|why| Failure::new(USAGE, format!("--at: \"{text}\" {why}")))
    });
    read.transpose()
}

fn balance(common: &Common, asked: &Measures) -> Outcome {
    let at = at_of(asked)?;
    let found = match &asked.server {
        Some(address) => remote::accruals(common, address, &asked.contract, at)?,
        None => {
            let caller = ask::caller(common)?;
            let engine = ask::folder(common, false)?;
            accruals(&engine, &caller, &asked.contract, (at, Language::default()))?
        }
    };
    if common.json { output::json(&json::accruals(&found)) } else { output::text(&report::accruals(&found)) }
}

fn progress_of(common: &Common, asked: &Measures) -> Result<v1::GetProgressResponse, Failure> {
    let at = at_of(asked)?;
    match &asked.server {
        Some(address) => remote::progress(common, address, &asked.contract, at),
        None => {
            let caller = ask::caller(common)?;
            let engine = ask::folder(common, false)?;
            let found =
                contract_progress::progress(&engine, &caller, &asked.contract, (at, Language::default()));
            Ok(found?)
        }
    }
}

fn plan(common: &Common, asked: &Measures) -> Outcome {
    let found = progress_of(common, asked)?;
    if common.json {
        output::json(&progress_json::plans(&found))
    } else {
        output::text(&progress_report::plans(&found.plans))
    }
}

fn progress(common: &Common, asked: &Measures) -> Outcome {
    let found = progress_of(common, asked)?;
    if common.json {
        output::json(&progress_json::progress(&found))
    } else {
        output::text(&progress_report::progress(&found))
    }
}

fn measures(common: &Common, asked: &Measures) -> Outcome {
    let at = at_of(asked)?;
    let found = match &asked.server {
        Some(address) => remote::measures(common, address, &asked.contract, at)?,
        None => {
            let caller = ask::caller(common)?;
            let (measures, _) = ask::folder(common, false)?.measures(&caller, &asked.contract, at)?;
            measures.iter().map(measure_of).collect()
        }
    };
    if common.json { output::json(&json::measures(&found)) } else { output::text(&report::measures(&found)) }
}
