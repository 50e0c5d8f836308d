//! What happens to quotes, as it happens? Told from any position of the log on, until the caller hangs up.

use std::sync::Arc;

use tokio::sync::mpsc;
use tonic::Status;

use crate::domain::ids::SequenceNo;
use crate::domain::language::Language;
use crate::engine::Engine;
use crate::engine::caller::Caller;

use super::quote::event_of;
use super::quote_calls::refused;
use super::quote_service::aside;
use super::v1;

/// Where events go.
type Told = mpsc::Sender<Result<v1::WatchQuotesResponse, Status>>;

/// Tells what happens to quotes until the caller hangs up.
pub(super) async fn watch(
    engine: Engine,
    caller: Arc<Caller>,
    (contract, mut after): (Option<String>, SequenceNo),
    sender: Told,
) {
    let mut positions = engine.positions();
    loop {
        let newest = *positions.borrow_and_update();
        while after < newest {
            let (engine, caller, contract) = (engine.clone(), Arc::clone(&caller), contract.clone());
            let read = aside(move || {
                let read = engine.quote_events(&caller, after, contract.as_deref());
                read.map_err(|error| refused(&engine, &error, Language::default()))
            });
            let told = match read.await {
                Ok((events, upto)) => {
                    after = upto;
                    events.iter().map(|(event, of)| Ok(event_of(event, of))).collect()
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
        }
    }
}
