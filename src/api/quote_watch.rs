//! What happens to quotes, as it happens? Told from any position of the log on, until the caller hangs up, what it showed of itself
//! is over, or the service stops.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::sync::watch::Receiver;
use tonic::{Code, Status};

use crate::domain::ids::SequenceNo;
use crate::domain::language::Language;
use crate::engine::Engine;
use crate::engine::caller::{Caller, Role};

use super::caller::require;
use super::quote::event_of;
use super::quote_calls::{refused, stated};
use super::quote_service::aside;
use super::status::{Violation, violation_status};
use super::stopping::stopping;
use super::v1;

/// The clock of the machine may be set meanwhile.
const LOOKS_AGAIN: Duration = Duration::from_secs(60);

/// Where events go.
pub(super) type Told = mpsc::Sender<Result<v1::WatchQuotesResponse, Status>>;

/// Which contract's quotes are watched, of all where none; and behind which position of the log.
pub(super) type Watched = (Option<String>, SequenceNo);

/// What is asked to be watched; refused where nothing would ever be told of it.
pub(super) fn watched(
    engine: &Engine,
    caller: &Caller,
    asked: &v1::WatchQuotesRequest,
) -> Result<Watched, Status> {
    require(caller, Role::Quote)?;
    let newest = engine.view().position;
    let after = asked.after_position.map_or(newest, SequenceNo);
    if after > newest {
        let beyond = format!("{} is beyond the newest position of the log, which is {}", after.0, newest.0);
        return Err(violation_status(Violation::new("after_position", beyond)));
    }
    let contract = stated(&asked.contract);
    // Behind the newest there is nothing to read: only whether the caller may know of the contract.
    read(engine, caller, (contract.as_deref(), newest))?;
    Ok((contract, after))
}

/// Events that are kept, some of them at once, and the position behind which the next ones are.
///
/// # Errors
/// Where the caller may not, the contract is unknown, or there is no such position yet.
pub fn kept(
    engine: &Engine,
    caller: &Caller,
    asked: &v1::WatchQuotesRequest,
) -> Result<(Vec<v1::QuoteEvent>, SequenceNo), Status> {
    let (contract, after) = watched(engine, caller, asked)?;
    read(engine, caller, (contract.as_deref(), after))
}

fn read(
    engine: &Engine,
    caller: &Caller,
    (contract, after): (Option<&str>, SequenceNo),
) -> Result<(Vec<v1::QuoteEvent>, SequenceNo), Status> {
    let read = engine.quote_events(caller, after, contract);
    let (events, upto) = read.map_err(|error| refused(engine, &error, Language::default()))?;
    Ok((events.iter().map(|(event, of)| event_of(event, of)).collect(), upto))
}

/// Waits until the service stops; then that is told, so that it need not wait for callers who hang up when they like.
pub(super) async fn stops(stopped: &mut Receiver<bool>) -> Status {
    drop(stopped.wait_for(|stopped| *stopped).await);
    stopping("the service stops: go on behind the position of what was told last")
}

/// Tells what happens to quotes until the caller hangs up.
pub(super) async fn watch(engine: Engine, caller: Arc<Caller>, (contract, mut after): Watched, sender: Told) {
    let mut positions = engine.positions();
    loop {
        let newest = *positions.borrow_and_update();
        while after < newest {
            let (engine, caller, contract) = (engine.clone(), Arc::clone(&caller), contract.clone());
            let told = match aside(move || read(&engine, &caller, (contract.as_deref(), after))).await {
                Ok((events, upto)) => {
                    after = upto;
                    events.into_iter().map(Ok).collect()
                }
                Err(status) => vec![Err(status)],
            };
            for event in told {
                let failed = event.is_err();
                let answer = event.map(|event| v1::WatchQuotesResponse { event: Some(event) });
                if sender.send(answer).await.is_err() || failed {
                    return;
                }
            }
        }
        tokio::select! {
            moved = positions.changed() => if moved.is_err() { return },
            () = sender.closed() => return,
            () = over(&engine, &caller) => {
                let ended = "what was shown for this call is over: call again with a new token";
                let status = super::caller::refused(Code::Unauthenticated, "TOKEN_EXPIRED", ended);
                drop(sender.send(Err(status)).await);
                return;
            }
        }
    }
}

/// Returns once what the caller showed of itself is over.
async fn over(engine: &Engine, caller: &Caller) {
    let Some(until) = caller.until else { return std::future::pending().await };
    loop {
        let left = until.0.saturating_sub(engine.clock().now().0);
        let Ok(left @ 1..) = u64::try_from(left) else { return };
        tokio::time::sleep(Duration::from_secs(left).min(LOOKS_AGAIN)).await;
    }
}
