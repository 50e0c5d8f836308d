//! Ledger calls: post documents, and tell what was bought.

use std::pin::Pin;

use tokio_stream::{Stream, StreamExt};
use tonic::{Request, Response, Status, Streaming};

use crate::domain::language::Language;
use crate::domain::time::Instant;
use crate::engine::Engine;
use crate::engine::caller::{Caller, Role};
use crate::engine::error::LedgerError;
use crate::engine::ledger::PostDocuments;
use crate::engine::ledger::purchases::AskPurchases;

use super::caller::{of_request, require};
use super::contract_progress::progress;
use super::document::{drafts_of, fault_of, known_of, report_of, sent};
use super::limit;
use super::moment::instant_of;
use super::page::Page;
use super::purchases::{days, measure_of, purchases_of, whose};
use super::retro::accrual_of;
use super::statement;
use super::status::{Violation, ledger_status, violation_status, violations_status};
use super::v1;

/// The service.
#[derive(Clone)]
pub struct Ledgers {
    /// Whom it asks.
    pub engine: Engine,
}

type Answer<T> = Result<Response<T>, Status>;

/// A language as it is asked for; English where nothing is said.
pub(super) fn language_of(text: &str) -> Result<Language, Status> {
    Language::parse(text).ok_or_else(|| {
        violation_status(Violation::new("language", format!("\"{text}\" is neither en nor ru")))
    })
}

/// Does work that may read the disk or wait for it off the runtime's thread.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LedgerError> + Send + 'static,
) -> Result<T, Status> {
    super::aside::aside(work).await?.map_err(|error| ledger_status(&error))
}

pub(super) fn at_of(at: Option<prost_types::Timestamp>) -> Result<Option<Instant>, Status> {
    let read = at.map(|at| instant_of(at.seconds, at.nanos)).transpose();
    read.map_err(|why| violation_status(Violation::new("at", why)))
}

/// What a contract is entitled to.
///
/// # Errors
/// As [`Engine::accruals`].
pub fn accruals(
    engine: &Engine,
    caller: &Caller,
    contract: &str,
    (at, language): (Option<Instant>, Language),
) -> Result<v1::GetAccrualsResponse, LedgerError> {
    let (accruals, view) = engine.accruals(caller, contract, at)?;
    let Some(of) = view.catalogue.contracts.by_code(contract) else {
        return Ok(v1::GetAccrualsResponse::default());
    };
    let told = (language, caller.sees_costs);
    Ok(v1::GetAccrualsResponse {
        accruals: accruals.iter().map(|accrual| accrual_of(accrual, &view.policy.0, of, told)).collect(),
        currency: of.currency.to_string(),
        sequence: view.position.0,
    })
}

async fn post(
    engine: Engine,
    caller: impl AsRef<Caller> + Send + 'static,
    asked: v1::PostDocumentsRequest,
) -> Result<v1::PostReport, Status> {
    let documents = drafts_of(asked.documents).map_err(violations_status)?;
    let asked = PostDocuments { documents, park_unknown: asked.park_unknown, dry_run: asked.dry_run };
    let report = aside(move || engine.post_documents(caller.as_ref(), asked)).await?;
    Ok(report_of(&report))
}

#[tonic::async_trait]
impl v1::ledger_service_server::LedgerService for Ledgers {
    async fn post_documents(
        &self,
        request: Request<v1::PostDocumentsRequest>,
    ) -> Answer<v1::PostDocumentsResponse> {
        let caller = of_request(&request)?;
        require(&caller, Role::Post)?;
        let report = post(self.engine.clone(), caller, request.into_inner()).await?;
        Ok(Response::new(v1::PostDocumentsResponse { report: Some(report) }))
    }

    type StreamDocumentsStream =
        Pin<Box<dyn Stream<Item = Result<v1::StreamDocumentsResponse, Status>> + Send>>;

    async fn stream_documents(
        &self,
        request: Request<Streaming<v1::StreamDocumentsRequest>>,
    ) -> Answer<Self::StreamDocumentsStream> {
        let caller = of_request(&request)?;
        require(&caller, Role::Post)?;
        let engine = self.engine.clone();
        let answers = request.into_inner().then(move |asked| {
            let (engine, caller) = (engine.clone(), std::sync::Arc::clone(&caller));
            async move {
                let report = post(engine, caller, asked?.post.unwrap_or_default()).await?;
                Ok(v1::StreamDocumentsResponse { report: Some(report) })
            }
        });
        Ok(Response::new(Box::pin(answers)))
    }

    async fn get_document(
        &self,
        request: Request<v1::GetDocumentRequest>,
    ) -> Answer<v1::GetDocumentResponse> {
        let caller = of_request(&request)?;
        require(&caller, Role::Price)?;
        let (engine, id) = (self.engine.clone(), request.into_inner().id);
        let answer = aside(move || {
            let known = engine.document(&caller, &id)?;
            Ok(known_of(&known, &engine.view().catalogue, caller.sees_costs))
        });
        Ok(Response::new(answer.await?))
    }

    async fn list_parked_documents(
        &self,
        request: Request<v1::ListParkedDocumentsRequest>,
    ) -> Answer<v1::ListParkedDocumentsResponse> {
        let caller = of_request(&request)?;
        let page = Page::of(request.get_ref().page_size, &request.get_ref().page_token)?;
        let engine = self.engine.clone();
        let answer = aside(move || {
            let parked = engine.parked_documents(&caller)?;
            let (documents, next_page_token) =
                page.cut(parked.iter(), |(draft, unknown)| v1::ParkedDocument {
                    document: Some(sent(draft, caller.sees_costs)),
                    unknown: unknown.iter().map(fault_of).collect(),
                });
            Ok(v1::ListParkedDocumentsResponse { documents, next_page_token })
        });
        Ok(Response::new(answer.await?))
    }

    async fn get_purchases(
        &self,
        request: Request<v1::GetPurchasesRequest>,
    ) -> Answer<v1::GetPurchasesResponse> {
        let caller = of_request(&request)?;
        let asked = request.into_inner();
        let of = whose(asked.of).map_err(violation_status)?;
        let days = days(&asked.first_day, &asked.last_day).map_err(violations_status)?;
        let engine = self.engine.clone();
        let answer = aside(move || {
            let found = engine.purchases(&caller, &AskPurchases { contract: &asked.contract, of, days })?;
            let purchases = purchases_of(&found.by_currency);
            Ok(v1::GetPurchasesResponse { purchases, sequence: found.position.0 })
        });
        Ok(Response::new(answer.await?))
    }

    async fn get_accruals(
        &self,
        request: Request<v1::GetAccrualsRequest>,
    ) -> Answer<v1::GetAccrualsResponse> {
        let caller = of_request(&request)?;
        let asked = request.into_inner();
        let (at, language) = (at_of(asked.at)?, language_of(&asked.language)?);
        let engine = self.engine.clone();
        let answer = aside(move || accruals(&engine, &caller, &asked.contract, (at, language)));
        Ok(Response::new(answer.await?))
    }

    async fn get_progress(
        &self,
        request: Request<v1::GetProgressRequest>,
    ) -> Answer<v1::GetProgressResponse> {
        let caller = of_request(&request)?;
        let asked = request.into_inner();
        let (at, language) = (at_of(asked.at)?, language_of(&asked.language)?);
        let engine = self.engine.clone();
        let answer = aside(move || progress(&engine, &caller, &asked.contract, (at, language)));
        Ok(Response::new(answer.await?))
    }

    async fn settle(&self, request: Request<v1::SettleRequest>) -> Answer<v1::SettleResponse> {
        let caller = of_request(&request)?;
        require(&caller, Role::Post)?;
        let language = language_of(&request.get_ref().language)?;
        let asked = statement::asked(request.into_inner()).map_err(violations_status)?;
        let engine = self.engine.clone();
        let answer = aside(move || statement::settle(&engine, &caller, (&asked, language)));
        Ok(Response::new(answer.await?))
    }

    async fn get_statement(
        &self,
        request: Request<v1::GetStatementRequest>,
    ) -> Answer<v1::GetStatementResponse> {
        let caller = of_request(&request)?;
        require(&caller, Role::Price)?;
        let asked = request.into_inner();
        let page = Page::of(asked.page_size, &asked.page_token)?;
        let language = language_of(&asked.language)?;
        let engine = self.engine.clone();
        let answer = aside(move || statement::found(&engine, &caller, (asked.number, page, language)));
        Ok(Response::new(answer.await?))
    }

    async fn list_statements(
        &self,
        request: Request<v1::ListStatementsRequest>,
    ) -> Answer<v1::ListStatementsResponse> {
        let caller = of_request(&request)?;
        require(&caller, Role::Price)?;
        let asked = request.into_inner();
        let page = Page::of(asked.page_size, &asked.page_token)?;
        let language = language_of(&asked.language)?;
        let engine = self.engine.clone();
        let answer = aside(move || statement::listed(&engine, &caller, (&asked.contract, page, language)));
        Ok(Response::new(answer.await?))
    }

    async fn get_limits(&self, request: Request<v1::GetLimitsRequest>) -> Answer<v1::GetLimitsResponse> {
        let caller = of_request(&request)?;
        require(&caller, Role::Price)?;
        let asked = request.into_inner();
        let language = language_of(&asked.language)?;
        let engine = self.engine.clone();
        let answer = aside(move || limit::limits(&engine, &caller, &asked.contract, language));
        Ok(Response::new(answer.await?))
    }

    async fn place_limit_hold(
        &self,
        request: Request<v1::PlaceLimitHoldRequest>,
    ) -> Answer<v1::PlaceLimitHoldResponse> {
        let caller = of_request(&request)?;
        require(&caller, Role::Post)?;
        let (engine, asked) = (self.engine.clone(), request.into_inner());
        let answer = aside(move || limit::hold(&engine, &caller, asked));
        Ok(Response::new(answer.await?))
    }

    async fn release_limit_hold(
        &self,
        request: Request<v1::ReleaseLimitHoldRequest>,
    ) -> Answer<v1::ReleaseLimitHoldResponse> {
        let caller = of_request(&request)?;
        require(&caller, Role::Post)?;
        let (engine, asked) = (self.engine.clone(), request.into_inner());
        let answer = aside(move || limit::release(&engine, &caller, &asked.hold));
        Ok(Response::new(answer.await?))
    }

    async fn get_measures(
        &self,
        request: Request<v1::GetMeasuresRequest>,
    ) -> Answer<v1::GetMeasuresResponse> {
        let caller = of_request(&request)?;
        let asked = request.into_inner();
        let at = at_of(asked.at)?;
        let engine = self.engine.clone();
        let answer = aside(move || {
            let (measures, position) = engine.measures(&caller, &asked.contract, at)?;
            let measures = measures.iter().map(measure_of).collect();
            Ok(v1::GetMeasuresResponse { measures, sequence: position.0 })
        });
        Ok(Response::new(answer.await?))
    }
}
