//! `quoin ledger limits`: where limited benefits stand, and holds of them, in a folder or a running server.

pub mod arguments;
mod report;

use tonic::transport::Channel;

use crate::api::limit;
use crate::api::v1;
use crate::api::v1::ledger_service_client::LedgerServiceClient;
use crate::cli::arguments::Common;
use crate::cli::failure::{Failure, USAGE};
use crate::cli::{Outcome, ask, output};
use crate::domain::decimal::Micros;
use crate::domain::language::Language;

use super::loyalty_report;

use arguments::{HoldLimit, Limits, LimitsCommand, ReleaseLimit, ShowLimits};

pub(in crate::cli) use report::figure;

fn client(channel: Channel) -> LedgerServiceClient<Channel> {
    LedgerServiceClient::new(channel)
}

/// Runs it.
pub(super) fn run(common: &Common, asked: &Limits) -> Outcome {
    match &asked.command {
        LimitsCommand::Show(asked) => show(common, asked),
        LimitsCommand::Hold(asked) => hold(common, asked),
        LimitsCommand::Release(asked) => release(common, asked),
    }
}

fn show(common: &Common, asked: &ShowLimits) -> Outcome {
    let found = match &asked.server {
        Some(address) => {
            let message = v1::GetLimitsRequest { contract: asked.contract.clone(), language: String::new() };
            let request = ask::request(common, message)?;
            ask::server(common, address, |channel| async {
                Ok(client(channel).get_limits(request).await?.into_inner())
            })?
        }
        None => {
            let (caller, engine) = (ask::caller(common)?, ask::folder(common, false)?);
            limit::limits(&engine, &caller, &asked.contract, Language::default())?
        }
    };
    if common.json { output::json(&report::json(&found)) } else { output::text(&report::text(&found)) }
}

fn use_of(text: &str) -> Result<v1::LimitUse, Failure> {
    let wrong = |why: String| Failure::new(USAGE, format!("--use: \"{text}\": {why}"));
    let like = || wrong("write RULE=VALUE, as in first-100-t=40".to_owned());
    let (rule, value) = text.rsplit_once('=').filter(|(rule, _)| !rule.is_empty()).ok_or_else(like)?;
    let used = Micros::parse(value).map_err(|why| wrong(format!("\"{value}\" {why}")))?;
    Ok(v1::LimitUse { rule: rule.to_owned(), used_micros: used.0 })
}

fn hold(common: &Common, asked: &HoldLimit) -> Outcome {
    let uses = asked.uses.iter().map(|text| use_of(text)).collect::<Result<_, _>>()?;
    let message = v1::PlaceLimitHoldRequest { id: asked.id.clone(), contract: asked.contract.clone(), uses };
    let held = match &asked.server {
        Some(address) => {
            let request = ask::request(common, message)?;
            ask::server(common, address, |channel| async {
                Ok(client(channel).place_limit_hold(request).await?.into_inner())
            })?
        }
        None => {
            let (caller, engine) = (ask::caller(common)?, ask::folder(common, false)?);
            limit::hold(&engine, &caller, message)?
        }
    };
    tell(common, "held", (held.sequence, held.placed_at))
}

fn release(common: &Common, asked: &ReleaseLimit) -> Outcome {
    let released = match &asked.server {
        Some(address) => {
            let message = v1::ReleaseLimitHoldRequest { hold: asked.hold.clone() };
            let request = ask::request(common, message)?;
            ask::server(common, address, |channel| async {
                Ok(client(channel).release_limit_hold(request).await?.into_inner())
            })?
        }
        None => {
            let (caller, engine) = (ask::caller(common)?, ask::folder(common, false)?);
            limit::release(&engine, &caller, &asked.hold)?
        }
    };
    tell(common, "released", (released.sequence, released.released_at))
}

fn tell(common: &Common, done: &str, (sequence, at): (u64, Option<prost_types::Timestamp>)) -> Outcome {
    let moved = (sequence, at.as_ref());
    match common.json {
        true => output::json(&loyalty_report::moved_json(done, moved)),
        false => output::text(&loyalty_report::moved(done, moved)),
    }
}
