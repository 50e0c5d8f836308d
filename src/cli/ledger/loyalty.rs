//! How are levels and points asked for at a terminal, and points held and spent? In a folder, or in a running server.

use tonic::transport::Channel;

use crate::api::loyalty::moved_of;
use crate::api::loyalty_service::{day_of, levels, points};
use crate::api::moment::timestamp;
use crate::api::page::Page;
use crate::api::v1;
use crate::api::v1::loyalty_service_client::LoyaltyServiceClient;
use crate::cli::arguments::Common;
use crate::cli::failure::{Failure, USAGE};
use crate::cli::{Outcome, ask, output};
use crate::domain::decimal::Micros;
use crate::domain::language::Language;
use crate::engine::ledger::loyalty::Moved;
use crate::engine::ledger::loyalty::{HoldPoints, RestorePoints};

use super::arguments::{Hold, HoldName, Measures, PointsHistory, Restore, Spend};
use super::{at_of, loyalty_report};

/// Movements that are shown where nothing else is asked for.
pub(super) const MOVEMENTS: u32 = 20;

fn client(channel: Channel) -> LoyaltyServiceClient<Channel> {
    LoyaltyServiceClient::new(channel)
}

/// `quoin ledger levels`.
pub(super) fn tell_levels(common: &Common, asked: &Measures) -> Outcome {
    let at = at_of(asked)?;
    let found = match &asked.server {
        Some(address) => {
            let (contract, at) = (asked.contract.clone(), at.map(timestamp));
            let message = v1::GetLevelsRequest { contract, at, language: String::new() };
            let request = ask::request(common, message)?;
            ask::server(common, address, |channel| async {
                Ok(client(channel).get_levels(request).await?.into_inner())
            })?
        }
        None => {
            let (caller, engine) = (ask::caller(common)?, ask::folder(common, false)?);
            levels(&engine, &caller, &asked.contract, (at, Language::default()))?
        }
    };
    match common.json {
        true => output::json(&loyalty_report::levels_json(&found)),
        false => output::text(&loyalty_report::levels(&found)),
    }
}

/// `quoin ledger points`.
pub(super) fn tell_points(common: &Common, asked: &PointsHistory) -> Outcome {
    let of = &asked.of;
    let at = at_of(of)?;
    let found = match &of.server {
        Some(address) => {
            let (contract, at, page_size) = (of.contract.clone(), at.map(timestamp), asked.movements);
            let (language, page_token) = (String::new(), String::new());
            let message = v1::GetPointsRequest { contract, at, language, page_size, page_token };
            let request = ask::request(common, message)?;
            ask::server(common, address, |channel| async {
                Ok(client(channel).get_points(request).await?.into_inner())
            })?
        }
        None => {
            let (caller, engine) = (ask::caller(common)?, ask::folder(common, false)?);
            let size = usize::try_from(asked.movements).unwrap_or(usize::MAX);
            let page = Page { from: 0, size };
            points(&engine, &caller, &of.contract, (at, Language::default()), page)?
        }
    };
    match common.json {
        true => output::json(&loyalty_report::points_json(&found)),
        false => output::text(&loyalty_report::points(&found)),
    }
}

fn tell(common: &Common, done: &str, moved: Option<v1::PointsMoved>) -> Outcome {
    let moved = moved.unwrap_or_default();
    let moved = (moved.sequence, moved.moved_at.as_ref());
    match common.json {
        true => output::json(&loyalty_report::moved_json(done, moved)),
        false => output::text(&loyalty_report::moved(done, moved)),
    }
}

fn in_folder(
    common: &Common,
    act: impl FnOnce(
        &crate::engine::Engine,
        &crate::engine::caller::Caller,
    ) -> Result<Moved, crate::engine::error::LedgerError>,
) -> Result<Option<v1::PointsMoved>, Failure> {
    let (caller, engine) = (ask::caller(common)?, ask::folder(common, false)?);
    Ok(Some(moved_of(act(&engine, &caller)?)))
}

fn number(text: &str) -> Result<Micros, Failure> {
    Micros::parse(text).map_err(|why| Failure::new(USAGE, format!("--points: \"{text}\" {why}")))
}

/// `quoin ledger hold`.
pub(super) fn hold(common: &Common, asked: &Hold) -> Outcome {
    let points = number(&asked.points)?;
    let Hold { id, contract, programme, day, .. } = asked;
    let moved = match &asked.server {
        Some(address) => {
            let message = v1::HoldPointsRequest {
                id: id.clone(),
                contract: contract.clone(),
                programme: programme.clone(),
                points_micros: points.0,
                day: day.clone(),
            };
            let request = ask::request(common, message)?;
            ask::server(common, address, |channel| async {
                Ok(client(channel).hold_points(request).await?.into_inner().moved)
            })?
        }
        None => {
            let day = stated(day)?;
            let asked = HoldPoints { id, contract, programme, points, day };
            in_folder(common, |engine, caller| engine.hold_points(caller, asked))?
        }
    };
    tell(common, "held", moved)
}

fn stated(day: &str) -> Result<Option<crate::domain::day::CivilDay>, Failure> {
    day_of(day).map_err(|wrong| Failure::new(USAGE, format!("--day: {}", wrong.description)))
}

/// `quoin ledger release`.
pub(super) fn release(common: &Common, asked: &HoldName) -> Outcome {
    let hold = &asked.hold;
    let moved = match &asked.server {
        Some(address) => {
            let request = ask::request(common, v1::ReleasePointsRequest { hold: hold.clone() })?;
            ask::server(common, address, |channel| async {
                Ok(client(channel).release_points(request).await?.into_inner().moved)
            })?
        }
        None => in_folder(common, |engine, caller| engine.release_points(caller, hold))?,
    };
    tell(common, "released", moved)
}

/// `quoin ledger spend`.
pub(super) fn spend(common: &Common, asked: &Spend) -> Outcome {
    let Spend { hold, document, .. } = asked;
    let moved = match &asked.server {
        Some(address) => {
            let document = document.clone().unwrap_or_default();
            let request = ask::request(common, v1::SpendPointsRequest { hold: hold.clone(), document })?;
            ask::server(common, address, |channel| async {
                Ok(client(channel).spend_points(request).await?.into_inner().moved)
            })?
        }
        None => in_folder(common, |engine, caller| engine.spend_points(caller, hold, document.as_deref()))?,
    };
    tell(common, "spent", moved)
}

/// `quoin ledger restore`.
pub(super) fn restore(common: &Common, asked: &Restore) -> Outcome {
    let points = number(&asked.points)?;
    let Restore { id, hold, day, .. } = asked;
    let moved = match &asked.server {
        Some(address) => {
            let message = v1::RestorePointsRequest {
                id: id.clone(),
                hold: hold.clone(),
                points_micros: points.0,
                day: day.clone(),
            };
            let request = ask::request(common, message)?;
            ask::server(common, address, |channel| async {
                Ok(client(channel).restore_points(request).await?.into_inner().moved)
            })?
        }
        None => {
            let day = stated(day)?;
            let asked = RestorePoints { id, hold, points, day };
            in_folder(common, |engine, caller| engine.restore_points(caller, asked))?
        }
    };
    tell(common, "given back", moved)
}
