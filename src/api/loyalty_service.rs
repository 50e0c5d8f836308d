//! Loyalty calls: levels and points are told, and points are held, released, spent and given back.

use tonic::{Request, Response, Status};

use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::domain::language::Language;
use crate::domain::time::Instant;
use crate::engine::Engine;
use crate::engine::caller::{Caller, Role};
use crate::engine::error::LedgerError;
use crate::engine::ledger::loyalty::{HoldPoints, RestorePoints};

use super::caller::{of_request, require};
use super::ledger_service::{aside, at_of, language_of};
use super::loyalty::{balance_of, moved_of, movement_of, standing_of};
use super::page::Page;
use super::status::{Violation, violation_status};
use super::v1;

/// The service.
#[derive(Clone)]
pub struct Loyalty {
    /// Whom it asks.
    pub engine: Engine,
}

type Answer<T> = Result<Response<T>, Status>;

/// Where a contract stands in its programmes of levels.
///
/// # Errors
/// As [`Engine::levels`].
pub fn levels(
    engine: &Engine,
    caller: &Caller,
    contract: &str,
    (at, language): (Option<Instant>, Language),
) -> Result<v1::GetLevelsResponse, LedgerError> {
    let (standings, view) = engine.levels(caller, contract, at)?;
    Ok(v1::GetLevelsResponse {
        programmes: standings.iter().map(|of| standing_of(of, &view.policy.0, language)).collect(),
        sequence: view.position.0,
    })
}

/// How a contract's points stand, with a page of what moved them.
///
/// # Errors
/// As [`Engine::points`].
pub fn points(
    engine: &Engine,
    caller: &Caller,
    contract: &str,
    (at, language): (Option<Instant>, Language),
    page: Page,
) -> Result<v1::GetPointsResponse, LedgerError> {
    let (standings, view) = engine.points(caller, contract, at)?;
    let policy = &view.policy.0;
    let currency = view.catalogue.contracts.by_code(contract).map(|contract| contract.currency);
    let all = standings.iter().flat_map(|of| {
        let programme = policy.points_written(of.programme).map_or("", |written| written.id.as_str());
        of.movements.iter().map(move |movement| (movement, programme))
    });
    let (movements, next_page_token) = page.cut(all, |(movement, id)| movement_of(movement, id));
    Ok(v1::GetPointsResponse {
        balances: standings.iter().map(|of| balance_of(of, policy, language)).collect(),
        movements,
        next_page_token,
        currency: currency.map_or(String::new(), |currency| currency.to_string()),
        sequence: view.position.0,
    })
}

/// A day as it is sent; none where nothing is.
///
/// # Errors
/// Where the text is no day.
pub fn day_of(text: &str) -> Result<Option<CivilDay>, Violation> {
    match text {
        "" => Ok(None),
        text => match CivilDay::parse(text) {
            Ok(day) => Ok(Some(day)),
            Err(error) => Err(Violation::new("day", format!("\"{text}\" {error}"))),
        },
    }
}

#[tonic::async_trait]
impl v1::loyalty_service_server::LoyaltyService for Loyalty {
    async fn get_levels(&self, request: Request<v1::GetLevelsRequest>) -> Answer<v1::GetLevelsResponse> {
        let caller = of_request(&request)?;
        require(&caller, Role::Price)?;
        let asked = request.into_inner();
        let as_of = (at_of(asked.at)?, language_of(&asked.language)?);
        let engine = self.engine.clone();
        let answer = aside(move || levels(&engine, &caller, &asked.contract, as_of));
        Ok(Response::new(answer.await?))
    }

    async fn get_points(&self, request: Request<v1::GetPointsRequest>) -> Answer<v1::GetPointsResponse> {
        let caller = of_request(&request)?;
        require(&caller, Role::Price)?;
        let asked = request.into_inner();
        let as_of = (at_of(asked.at)?, language_of(&asked.language)?);
        let page = Page::of(asked.page_size, &asked.page_token)?;
        let engine = self.engine.clone();
        let answer = aside(move || points(&engine, &caller, &asked.contract, as_of, page));
        Ok(Response::new(answer.await?))
    }

    async fn hold_points(&self, request: Request<v1::HoldPointsRequest>) -> Answer<v1::HoldPointsResponse> {
        let caller = of_request(&request)?;
        require(&caller, Role::Post)?;
        let asked = request.into_inner();
        let day = day_of(&asked.day).map_err(violation_status)?;
        let engine = self.engine.clone();
        let answer = aside(move || {
            let v1::HoldPointsRequest { id, contract, programme, points_micros, .. } = &asked;
            let points = Micros(*points_micros);
            engine.hold_points(&caller, HoldPoints { id, contract, programme, points, day })
        });
        Ok(Response::new(v1::HoldPointsResponse { moved: Some(moved_of(answer.await?)) }))
    }

    async fn release_points(
        &self,
        request: Request<v1::ReleasePointsRequest>,
    ) -> Answer<v1::ReleasePointsResponse> {
        let caller = of_request(&request)?;
        require(&caller, Role::Post)?;
        let (engine, asked) = (self.engine.clone(), request.into_inner());
        let answer = aside(move || engine.release_points(&caller, &asked.hold));
        Ok(Response::new(v1::ReleasePointsResponse { moved: Some(moved_of(answer.await?)) }))
    }

    async fn spend_points(
        &self,
        request: Request<v1::SpendPointsRequest>,
    ) -> Answer<v1::SpendPointsResponse> {
        let caller = of_request(&request)?;
        require(&caller, Role::Post)?;
        let (engine, asked) = (self.engine.clone(), request.into_inner());
        let answer = aside(move || {
            let document = (!asked.document.is_empty()).then_some(asked.document.as_str());
            engine.spend_points(&caller, &asked.hold, document)
        });
        Ok(Response::new(v1::SpendPointsResponse { moved: Some(moved_of(answer.await?)) }))
    }

    async fn restore_points(
        &self,
        request: Request<v1::RestorePointsRequest>,
    ) -> Answer<v1::RestorePointsResponse> {
        let caller = of_request(&request)?;
        require(&caller, Role::Post)?;
        let asked = request.into_inner();
        let day = day_of(&asked.day).map_err(violation_status)?;
        let engine = self.engine.clone();
        let answer = aside(move || {
            let v1::RestorePointsRequest { id, hold, points_micros, .. } = &asked;
            engine.restore_points(&caller, RestorePoints { id, hold, points: Micros(*points_micros), day })
        });
        Ok(Response::new(v1::RestorePointsResponse { moved: Some(moved_of(answer.await?)) }))
    }
}
