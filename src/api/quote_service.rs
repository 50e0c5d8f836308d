//! Quote calls: made, revised, issued, approved, accepted, found and watched.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::watch::Receiver;
use tokio::sync::{Semaphore, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use crate::domain::limits;
use crate::engine::Engine;
use crate::engine::caller::Caller;
use crate::quotes::life::Act;

use super::caller::of_request;
use super::quote_calls::{accept, act, create, get, history, list, revise};
use super::quote_watch::{stops, watch, watched};
use super::status::{Violation, violation_status};
use super::v1;

/// Quotes of one call that are worked on at the same time, so that they become durable together.
const AT_ONCE: usize = 64;

/// Events that wait for a caller who reads slowly.
const EVENTS_AHEAD: usize = 64;

/// The service.
#[derive(Clone)]
pub struct Quotes {
    /// Whom it asks.
    pub engine: Engine,
    /// Turns true when the service stops, for which calls that never end would keep it waiting.
    pub stopped: Receiver<bool>,
}

type Answer<T> = Result<Response<T>, Status>;

/// Does work that waits for the disk off the runtime's thread.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Status> + Send + 'static,
) -> Result<T, Status> {
    super::aside::aside(work).await?
}

fn error_of(status: &Status) -> v1::CartError {
    use tonic_types::StatusExt;
    let reason = status.get_details_error_info().map_or(String::new(), |info| info.reason);
    v1::CartError { code: status.code().into(), reason, message: status.message().to_owned() }
}

/// Does the same with many, several at a time, and keeps their order.
async fn each<Q: Send + 'static, R: Send + 'static>(
    asked: Vec<Q>,
    one: impl Fn(&Q) -> Result<R, Status> + Send + Sync + 'static,
) -> Result<Vec<Result<R, v1::CartError>>, Status> {
    if asked.is_empty() || asked.len() > limits::QUOTES_PER_CALL {
        let most = format!("has {} entries; 1 to {} are taken", asked.len(), limits::QUOTES_PER_CALL);
        return Err(violation_status(Violation::new("quotes", most)));
    }
    let (one, places) = (Arc::new(one), Arc::new(Semaphore::new(AT_ONCE)));
    let started: Vec<_> = asked
        .into_iter()
        .map(|asked| {
            let (one, places) = (Arc::clone(&one), Arc::clone(&places));
            tokio::spawn(async move {
                let _place = places.acquire_owned().await;
                aside(move || one(&asked)).await
            })
        })
        .collect();
    let mut results = Vec::with_capacity(started.len());
    for task in started {
        let ended = task.await.map_err(|error| Status::internal(format!("the call broke off: {error}")))?;
        results.push(ended.map_err(|status| error_of(&status)));
    }
    Ok(results)
}

type Acted = (Option<v1::Quote>, Option<v1::QuoteEvent>);

impl Quotes {
    fn acted(
        &self,
        caller: Arc<Caller>,
        action: Option<v1::QuoteAction>,
        asked: Act,
    ) -> impl Future<Output = Result<Acted, Status>> + Send + use<> {
        let engine = self.engine.clone();
        aside(move || act(&engine, &caller, (action.as_ref(), asked)))
    }
}

#[tonic::async_trait]
impl v1::quote_service_server::QuoteService for Quotes {
    async fn create_quote(
        &self,
        request: Request<v1::CreateQuoteRequest>,
    ) -> Answer<v1::CreateQuoteResponse> {
        let (engine, caller) = (self.engine.clone(), of_request(&request)?);
        Ok(Response::new(aside(move || create(&engine, &caller, request.get_ref())).await?))
    }

    async fn create_quotes(
        &self,
        request: Request<v1::CreateQuotesRequest>,
    ) -> Answer<v1::CreateQuotesResponse> {
        use v1::create_quote_result::Result as Wire;
        let (engine, caller) = (self.engine.clone(), of_request(&request)?);
        let results = each(request.into_inner().quotes, move |asked| create(&engine, &caller, asked)).await?;
        let results = results
            .into_iter()
            .map(|made| v1::CreateQuoteResult { result: Some(made.map_or_else(Wire::Error, Wire::Quote)) });
        Ok(Response::new(v1::CreateQuotesResponse { results: results.collect() }))
    }

    async fn get_quote(&self, request: Request<v1::GetQuoteRequest>) -> Answer<v1::GetQuoteResponse> {
        let (engine, caller) = (self.engine.clone(), of_request(&request)?);
        Ok(Response::new(aside(move || get(&engine, &caller, request.get_ref())).await?))
    }

    async fn list_quotes(&self, request: Request<v1::ListQuotesRequest>) -> Answer<v1::ListQuotesResponse> {
        let (engine, caller) = (self.engine.clone(), of_request(&request)?);
        Ok(Response::new(aside(move || list(&engine, &caller, request.into_inner())).await?))
    }

    async fn get_quote_history(
        &self,
        request: Request<v1::GetQuoteHistoryRequest>,
    ) -> Answer<v1::GetQuoteHistoryResponse> {
        let (engine, caller) = (self.engine.clone(), of_request(&request)?);
        Ok(Response::new(aside(move || history(&engine, &caller, request.get_ref())).await?))
    }

    async fn revise_quote(
        &self,
        request: Request<v1::ReviseQuoteRequest>,
    ) -> Answer<v1::ReviseQuoteResponse> {
        let (engine, caller) = (self.engine.clone(), of_request(&request)?);
        Ok(Response::new(aside(move || revise(&engine, &caller, request.get_ref())).await?))
    }

    async fn issue_quote(&self, request: Request<v1::IssueQuoteRequest>) -> Answer<v1::IssueQuoteResponse> {
        let caller = of_request(&request)?;
        let (quote, event) = self.acted(caller, request.into_inner().action, Act::Issue).await?;
        Ok(Response::new(v1::IssueQuoteResponse { quote, event }))
    }

    async fn approve_quote(
        &self,
        request: Request<v1::ApproveQuoteRequest>,
    ) -> Answer<v1::ApproveQuoteResponse> {
        let caller = of_request(&request)?;
        let (quote, event) = self.acted(caller, request.into_inner().action, Act::Approve).await?;
        Ok(Response::new(v1::ApproveQuoteResponse { quote, event }))
    }

    async fn reject_quote(
        &self,
        request: Request<v1::RejectQuoteRequest>,
    ) -> Answer<v1::RejectQuoteResponse> {
        let caller = of_request(&request)?;
        let (quote, event) = self.acted(caller, request.into_inner().action, Act::Reject).await?;
        Ok(Response::new(v1::RejectQuoteResponse { quote, event }))
    }

    async fn accept_quote(
        &self,
        request: Request<v1::AcceptQuoteRequest>,
    ) -> Answer<v1::AcceptQuoteResponse> {
        let (engine, caller) = (self.engine.clone(), of_request(&request)?);
        Ok(Response::new(aside(move || accept(&engine, &caller, request.get_ref())).await?))
    }

    async fn accept_quotes(
        &self,
        request: Request<v1::AcceptQuotesRequest>,
    ) -> Answer<v1::AcceptQuotesResponse> {
        use v1::accept_quote_result::Result as Wire;
        let (engine, caller) = (self.engine.clone(), of_request(&request)?);
        let results = each(request.into_inner().quotes, move |asked| accept(&engine, &caller, asked)).await?;
        let results = results
            .into_iter()
            .map(|taken| v1::AcceptQuoteResult { result: Some(taken.map_or_else(Wire::Error, Wire::Quote)) });
        Ok(Response::new(v1::AcceptQuotesResponse { results: results.collect() }))
    }

    async fn decline_quote(
        &self,
        request: Request<v1::DeclineQuoteRequest>,
    ) -> Answer<v1::DeclineQuoteResponse> {
        let caller = of_request(&request)?;
        let (quote, event) = self.acted(caller, request.into_inner().action, Act::Decline).await?;
        Ok(Response::new(v1::DeclineQuoteResponse { quote, event }))
    }

    type WatchQuotesStream = ReceiverStream<Result<v1::WatchQuotesResponse, Status>>;

    async fn watch_quotes(
        &self,
        request: Request<v1::WatchQuotesRequest>,
    ) -> Answer<Self::WatchQuotesStream> {
        let (engine, caller) = (self.engine.clone(), of_request(&request)?);
        let of = (engine.clone(), Arc::clone(&caller));
        let from = aside(move || watched(&of.0, &of.1, request.get_ref())).await?;
        let (sender, receiver) = mpsc::channel(EVENTS_AHEAD);
        let mut stopped = self.stopped.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = watch(engine, caller, from, sender.clone()) => {}
                why = stops(&mut stopped) => drop(sender.send(Err(why)).await),
            }
        });
        Ok(Response::new(ReceiverStream::new(receiver)))
    }

    async fn withdraw_quote(
        &self,
        request: Request<v1::WithdrawQuoteRequest>,
    ) -> Answer<v1::WithdrawQuoteResponse> {
        let caller = of_request(&request)?;
        let (quote, event) = self.acted(caller, request.into_inner().action, Act::Withdraw).await?;
        Ok(Response::new(v1::WithdrawQuoteResponse { quote, event }))
    }
}
